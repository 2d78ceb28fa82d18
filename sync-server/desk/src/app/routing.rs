//! The routing sheet of a request: its five marks with everything that was corrected, and as the paper says them.

use super::accounts::Rank;
use super::traces::How;
use super::{Desk, DeskError};
use clock::Time;
use records::view::StampEntry;
use records::{Stamp, StampKind};
use std::collections::BTreeMap;

/// One mark as it was put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkLine {
    /// What it says; its day is filled in from the step where nobody wrote it.
    pub stamp: Stamp,
    /// When it was written, ms since 1970.
    pub at: i64,
    /// Who wrote it, by name or else login.
    pub by: String,
    /// A step said it and nobody has put the mark itself.
    pub from_step: bool,
    /// A later mark stands in its place.
    pub replaced: bool,
}

/// All marks of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    /// Number on the опис; the record's id if there is none.
    pub number: String,
    /// Number in the journal; may be empty.
    pub official: String,
    /// The centre's name.
    pub centre: String,
    /// Who asks.
    pub applicant: String,
    /// The service's name, Ukrainian and English.
    pub service: (String, String),
    /// Who gives it.
    pub provider: String,
    /// Control date, put off if it was, `YYYY-MM-DD`; may be empty.
    pub due: String,
    /// Every mark, by kind and then by time.
    pub lines: Vec<MarkLine>,
}

impl Marks {
    /// The mark of a kind that stands.
    pub fn standing(&self, kind: StampKind) -> Option<&MarkLine> {
        self.lines.iter().rev().find(|line| line.stamp.kind == kind && !line.replaced)
    }
}

impl Desk {
    /// The marks of the request with this number.
    pub fn marks(&self, by: &str, number: &str) -> Result<Marks, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let record = self.request_of(number)?;
        self.note_look(by, How::Sheet, &[record], "")?;
        let view = self.view_of(record)?;
        let names = self.names()?;
        let handed_over = view.stamp(StampKind::HandOver).map(|entry| entry.stamp.text).filter(|text| !text.is_empty());
        Ok(Marks {
            number: if view.number.is_empty() { record.to_string() } else { view.number.clone() },
            official: view.official.text().to_owned(),
            centre: self.profile()?.name,
            applicant: view.applicant.full_name(),
            service: self.service_name(view.service.text(), view.service_name.text()),
            provider: handed_over.unwrap_or_else(|| self.provider_of(&view)),
            due: view.prolonged_to().unwrap_or(view.due.text()).to_owned(),
            lines: view.stamps().into_iter().map(|entry| mark_line(entry, &names)).collect(),
        })
    }

    /// Names of the people of the centre, by login.
    pub(crate) fn names(&self) -> Result<BTreeMap<String, String>, DeskError> {
        Ok(self.book()?.accounts.values().map(|a| (a.login.to_string(), a.name.clone())).collect())
    }
}

/// The name of a login, or the login.
pub(crate) fn name_of(names: &BTreeMap<String, String>, login: &str) -> String {
    names.get(login).filter(|name| !name.is_empty()).map_or(login, String::as_str).to_owned()
}

/// Day of a moment in Kyiv, `YYYY-MM-DD`.
pub(crate) fn day_of(at: i64) -> String {
    Time(at).kyiv().map(|time| time.date().to_string()).unwrap_or_default()
}

pub(crate) fn mark_line(entry: StampEntry, names: &BTreeMap<String, String>) -> MarkLine {
    let StampEntry { mut stamp, at, by, from_step, replaced, .. } = entry;
    let by = name_of(names, &by);
    if from_step {
        stamp.day = day_of(at);
        // Who registers and who takes the package in is who writes it down; the others are strangers to the program.
        if matches!(stamp.kind, StampKind::Registration | StampKind::Return) {
            stamp.person = by.clone();
        }
    }
    MarkLine { stamp, at, by, from_step, replaced }
}
