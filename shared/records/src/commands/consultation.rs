//! What people do with a consultation.

use ids::RecordId;

use super::edits::{birth, corrections, given, note, refuse_errors_in, resolution, withdraw_note};
use super::{Act, CommandError};
use crate::document::DocumentError;
use crate::schema::Kind;
use crate::view::{ConsultationOutcome, ConsultationView, IsDesk};
use crate::{ChangeBytes, Document, Edit, EntryId, Value};

/// A consultation as saved. `fields` by key: see the schema.
#[derive(Debug, Clone)]
pub struct NewConsultation<'a> {
    /// `visit`, `desk` or `phone`.
    pub channel: &'a str,
    /// The officer's name.
    pub officer_name: &'a str,
    /// The suitcase's number.
    pub suitcase: Option<i64>,
    /// All other fields.
    pub fields: &'a [Edit],
}

/// What can be done with a consultation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsultationCommand {
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
}

/// Make a consultation. It is about a service or about something in words, and it has an outcome.
pub fn create_consultation(
    id: RecordId,
    act: &Act<'_>,
    new: &NewConsultation<'_>,
) -> Result<(Document, ChangeBytes), CommandError> {
    let mut edits = birth(act, new.officer_name, new.suitcase);
    edits.push(Edit::new("channel", new.channel));
    edits.extend(given(Kind::Consultation, new.fields)?);
    let text = |key: &str| {
        let edit = edits.iter().rev().find(|edit| edit.key == key);
        edit.and_then(|edit| edit.value.as_text()).unwrap_or_default().trim()
    };
    if text("service").is_empty() && text("topic").is_empty() {
        return Err(CommandError::not_now(
            "виберіть послугу або впишіть, про що питали",
            "choose a service or write what was asked",
        ));
    }
    if ConsultationOutcome::from_text(text("outcome")).is_none() {
        return Err(CommandError::not_now("виберіть, чим закінчилася розмова", "choose what came of it"));
    }
    refuse_errors_in(Kind::Consultation, &edits, act)?;
    Ok(Document::create(Kind::Consultation, id, act.actor, act.at, &edits)?)
}

/// Carry out a command. `None` if it changes nothing.
pub fn edit_consultation(
    document: &mut Document,
    is_desk: IsDesk<'_>,
    act: &Act<'_>,
    command: &ConsultationCommand,
) -> Result<Option<ChangeBytes>, CommandError> {
    if document.is_empty() || document.kind() != Kind::Consultation {
        return Err(DocumentError::NoBirth.into());
    }
    let view = ConsultationView::read(document, is_desk);
    let edits = match command {
        ConsultationCommand::Correct { fields, reason } => {
            corrections(Kind::Consultation, &view.registers, act, "", fields, reason)?
        }
        ConsultationCommand::Resolve { key, value, reason } => {
            Some(resolution(Kind::Consultation, &view.registers, act, "", key, value, reason)?)
        }
        ConsultationCommand::Note { text } => Some(vec![note(act, text)?]),
        ConsultationCommand::WithdrawNote { note } => Some(vec![withdraw_note(&view.registers, act, note)?]),
    };
    match edits {
        Some(edits) => Ok(document.edit(act.actor, act.at, &edits)?),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::ChainId;

    fn act(at: i64, byte: u8) -> Act<'static> {
        Act { actor: ChainId::from_bytes([1; 16]), is_desk: false, officer: "olena", at, random: [byte; 16] }
    }

    fn new(fields: &[Edit]) -> Result<(Document, ChangeBytes), CommandError> {
        let new = NewConsultation { channel: "visit", officer_name: "Шевчук О. І.", suitcase: Some(7), fields };
        create_consultation(RecordId::from_bytes([9; 16]), &act(1_795_255_200_000, 1), &new)
    }

    #[test]
    fn it_is_about_something_and_something_came_of_it() {
        let outcome = Edit::new("outcome", "answered");
        assert!(new(&[]).is_err());
        assert!(new(std::slice::from_ref(&outcome)).is_err());
        assert!(new(&[Edit::new("topic", "пенсія")]).is_err());
        assert!(new(&[Edit::new("topic", "пенсія"), Edit::new("outcome", "joy")]).is_err());
        let (document, _) = new(&[Edit::new("topic", "пенсія"), outcome]).unwrap();
        let view = ConsultationView::read(&document, &|_| false);
        assert_eq!((view.about(), view.outcome.text(), view.suitcase), ("пенсія", "answered", Some(7)));
    }

    #[test]
    fn it_is_corrected_as_any_record() {
        let (mut document, _) = new(&[Edit::new("topic", "пенсія"), Edit::new("outcome", "later")]).unwrap();
        let correct = |text: &str| ConsultationCommand::Correct {
            fields: vec![Edit::new("outcome", text)],
            reason: "передзвонили".into(),
        };
        let is_desk = |_| false;
        let again = act(1_795_255_300_000, 2);
        assert!(edit_consultation(&mut document, &is_desk, &again, &correct("answered")).unwrap().is_some());
        let third = act(1_795_255_400_000, 3);
        assert!(edit_consultation(&mut document, &is_desk, &third, &correct("answered")).unwrap().is_none());
        assert_eq!(ConsultationView::read(&document, &is_desk).outcome.text(), "answered");
        let note = ConsultationCommand::Note { text: "просила подзвонити ввечері".into() };
        assert!(edit_consultation(&mut document, &is_desk, &act(1_795_255_500_000, 4), &note).unwrap().is_some());
        assert_eq!(ConsultationView::read(&document, &is_desk).notes.len(), 1);
    }
}
