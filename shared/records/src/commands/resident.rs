//! What people do with a resident's record.

use ids::RecordId;

use super::edits::{birth, corrections, given, note, refuse_errors_in, required, resolution, withdraw_note};
use super::{Act, CommandError};
use crate::document::DocumentError;
use crate::event::escape;
use crate::schema::Kind;
use crate::view::{IsDesk, ResidentView};
use crate::{ChangeBytes, Document, Edit, EntryId, Value};

/// A resident as saved. `fields` by key: see the schema.
#[derive(Debug, Clone)]
pub struct NewResident<'a> {
    /// The officer's name.
    pub officer_name: &'a str,
    /// The suitcase's number.
    pub suitcase: Option<i64>,
    /// All other fields.
    pub fields: &'a [Edit],
}

/// What can be done with a resident's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResidentCommand {
    /// Correct fields.
    Correct {
        /// New values by key.
        fields: Vec<Edit>,
        /// Why.
        reason: String,
    },
    /// Choose among differing values.
    Resolve {
        /// The field.
        key: String,
        /// The value that shall stand.
        value: Value,
        /// Why.
        reason: String,
    },
    /// A note.
    Note {
        /// Its text.
        text: String,
    },
    /// Strike a note out.
    WithdrawNote {
        /// Which.
        note: EntryId,
    },
    /// The same person as another record; to be written on both.
    SameAs {
        /// The other record.
        other: RecordId,
        /// Why.
        reason: String,
    },
    /// Not the same person, after all or from the first; to be written on both.
    NotSameAs {
        /// The other record.
        other: RecordId,
        /// Why.
        reason: String,
    },
}

/// The reason of a joining, in bytes: the whole event has 512.
const MAX_JOIN_REASON: usize = 300;

/// Make a resident's record.
pub fn create_resident(
    id: RecordId,
    act: &Act<'_>,
    new: &NewResident<'_>,
) -> Result<(Document, ChangeBytes), CommandError> {
    let mut edits = birth(act, new.officer_name, new.suitcase);
    edits.extend(given(Kind::Resident, new.fields)?);
    let has = |key: &str| edits.iter().any(|edit| edit.key == key && !edit.value.is_empty());
    if !has("a.last") || !has("a.first") {
        return Err(CommandError::not_now("впишіть прізвище й ім’я", "write the surname and name"));
    }
    refuse_errors_in(Kind::Resident, &edits, act)?;
    Ok(Document::create(Kind::Resident, id, act.actor, act.at, &edits)?)
}

/// Carry out a command. `None` if it changes nothing.
pub fn edit_resident(
    document: &mut Document,
    is_desk: IsDesk<'_>,
    act: &Act<'_>,
    command: &ResidentCommand,
) -> Result<Option<ChangeBytes>, CommandError> {
    if document.is_empty() || document.kind() != Kind::Resident {
        return Err(DocumentError::NoBirth.into());
    }
    let view = ResidentView::read(document, is_desk);
    let edits = match command {
        ResidentCommand::Correct { fields, reason } => {
            corrections(Kind::Resident, &view.registers, act, "", fields, reason)?
        }
        ResidentCommand::Resolve { key, value, reason } => {
            Some(resolution(Kind::Resident, &view.registers, act, "", key, value, reason)?)
        }
        ResidentCommand::Note { text } => Some(vec![note(act, text)?]),
        ResidentCommand::WithdrawNote { note } => Some(vec![withdraw_note(&view.registers, act, note)?]),
        ResidentCommand::SameAs { other, reason } => Some(vec![join(&view, act, *other, reason, true)?]),
        ResidentCommand::NotSameAs { other, reason } => Some(vec![join(&view, act, *other, reason, false)?]),
    };
    match edits {
        Some(edits) => Ok(document.edit(act.actor, act.at, &edits)?),
        None => Ok(None),
    }
}

fn join(view: &ResidentView, act: &Act<'_>, other: RecordId, reason: &str, joined: bool) -> Result<Edit, CommandError> {
    required(reason, "впишіть, за чим це встановлено", "write how this was established")?;
    if reason.trim().len() > MAX_JOIN_REASON {
        return Err(CommandError::not_now(
            "пояснення задовге: скоротіть його до 150 знаків",
            "the reason is too long: shorten it to 150 characters",
        ));
    }
    if other == view.id {
        return Err(CommandError::not_now(
            "запис не можна поєднати із самим собою",
            "a record cannot be joined with itself",
        ));
    }
    // That two records were never one person may be said, too: then nobody is asked about them again.
    let undecided = !joined && view.same_as.iter().all(|event| event.other != other);
    if !undecided && view.joined_with().contains(&other) == joined {
        return Err(CommandError::not_now(
            "це вже записано: оновіть сторінку",
            "this is written already: reload the page",
        ));
    }
    let what = if joined { "joined" } else { "undone" };
    Ok(Edit::new(
        format!("s/{}", act.entry(3)),
        format!("{}|{what}|{}|{other}|{}", act.at, escape(act.officer), escape(reason.trim())),
    ))
}
