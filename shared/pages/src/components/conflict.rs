//! «Розбіжність»: two or more people wrote different values; a person chooses.

use crate::Texts;
use askama::Template;
use askama::filters::HtmlSafe;

/// A field with more than one value. Posts `take` = a side's id or `other`, `value` (the other value) and `reason`.
#[derive(Clone, Template)]
#[template(path = "pages/conflict.html")]
pub struct Conflict {
    /// Words.
    pub t: Texts,
    /// The field's name in words.
    pub field: String,
    /// Where the choice posts to.
    pub to: String,
    /// The values side by side.
    pub sides: Vec<ConflictSide>,
    /// May a third value be written?
    pub other_allowed: bool,
    /// The third value as typed.
    pub other: String,
    /// The reason as typed.
    pub reason: String,
    /// What is wrong with the choice; empty for nothing.
    pub error: String,
}

/// One value of the field.
#[derive(Debug, Clone, Default)]
pub struct ConflictSide {
    /// What `take` says when this one is taken.
    pub id: String,
    /// The value in words.
    pub value: String,
    /// Who wrote it.
    pub who: String,
    /// When, with date and time.
    pub when: String,
    /// Where: «валіза 7», «центр».
    pub place: String,
}

impl HtmlSafe for Conflict {}
