//! What people do with a visit.

use ids::RecordId;

use super::edits::{
    birth, corrections, event, given, note, refuse_errors_in, required, resolution, step, withdraw_note,
};
use super::{Act, CommandError};
use crate::document::DocumentError;
use crate::schema::Kind;
use crate::state::{VisitCode, VisitState, side};
use crate::view::{IsDesk, VisitView};
use crate::{ChangeBytes, Document, Edit, EntryId, Value};

/// A visit as saved: a call, or a visit that begins on the spot. `fields` by key: see the schema.
#[derive(Debug, Clone)]
pub struct NewVisit<'a> {
    /// Number of the call; may be empty.
    pub number: &'a str,
    /// When the call came, milliseconds since 1970.
    pub received_at: i64,
    /// `phone`, `person`, `starosta`, `social` or `online`.
    pub channel: &'a str,
    /// Whether the officers are there already.
    pub on_site: bool,
    /// The officer's name.
    pub officer_name: &'a str,
    /// The suitcase's number.
    pub suitcase: Option<i64>,
    /// All other fields.
    pub fields: &'a [Edit],
}

/// What can be done with a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitCommand {
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
    /// The visit came to a state.
    Step {
        /// Which.
        to: VisitCode,
        /// Why; required for refusals, cancellations, postponements.
        reason: String,
        /// Fields that change with it (date, arrival).
        fields: Vec<Edit>,
    },
    /// Choose among contested decisions (centre only).
    Settle {
        /// The event that shall stand.
        event: String,
        /// Why.
        reason: String,
    },
}

/// Make a visit.
pub fn create_visit(id: RecordId, act: &Act<'_>, new: &NewVisit<'_>) -> Result<(Document, ChangeBytes), CommandError> {
    let mut edits = birth(act, new.officer_name, new.suitcase);
    edits.extend([Edit::new("received", new.received_at), Edit::new("channel", new.channel)]);
    if !new.number.is_empty() {
        edits.push(Edit::new("number", new.number));
    }
    edits.extend(given(Kind::Visit, new.fields)?);
    let has = |key: &str| edits.iter().any(|edit| edit.key == key && !edit.value.is_empty());
    if !has("a.last") && !has("caller") {
        return Err(CommandError::not_now(
            "впишіть, до кого виїзд або хто телефонував",
            "write whom the visit is for, or who called",
        ));
    }
    refuse_errors_in(Kind::Visit, &edits, act)?;
    let first = if new.on_site { VisitState::OnSite } else { VisitState::Requested };
    edits.push(event(act, "", first.text(), "", "")?);
    Ok(Document::create(Kind::Visit, id, act.actor, act.at, &edits)?)
}

/// Carry out a command. `None` if it changes nothing.
pub fn edit_visit(
    document: &mut Document,
    is_desk: IsDesk<'_>,
    act: &Act<'_>,
    command: &VisitCommand,
) -> Result<Option<ChangeBytes>, CommandError> {
    if document.is_empty() || document.kind() != Kind::Visit {
        return Err(DocumentError::NoBirth.into());
    }
    let view = VisitView::read(document, is_desk);
    let edits = match command {
        VisitCommand::Correct { fields, reason } => {
            corrections(Kind::Visit, &view.registers, act, view.tip(), fields, reason)?
        }
        VisitCommand::Resolve { key, value, reason } => {
            Some(resolution(Kind::Visit, &view.registers, act, view.tip(), key, value, reason)?)
        }
        VisitCommand::Note { text } => Some(vec![note(act, text)?]),
        VisitCommand::WithdrawNote { note } => Some(vec![withdraw_note(&view.registers, act, note)?]),
        VisitCommand::Step { to, reason, fields } => Some(go(&view, act, *to, reason, fields)?),
        VisitCommand::Settle { event, reason } => Some(settle(&view, act, event, reason)?),
    };
    match edits {
        Some(edits) => Ok(document.edit(act.actor, act.at, &edits)?),
        None => Ok(None),
    }
}

fn go(
    view: &VisitView,
    act: &Act<'_>,
    to: VisitCode,
    reason: &str,
    fields: &[Edit],
) -> Result<Vec<Edit>, CommandError> {
    use VisitState as S;
    if matches!(
        to,
        S::Refused
            | S::CancelledByApplicant
            | S::CancelledByCnap
            | S::PostponedSafety
            | S::PostponedRoad
            | S::PartlyDone
            | S::NeedInfo
    ) {
        required(reason, "впишіть причину", "write the reason")?;
    }
    let mut edits = vec![step::<VisitState>(act, &view.log, to, "", reason)?];
    if let Some(corrected) = corrections(Kind::Visit, &view.registers, act, view.tip(), fields, reason)? {
        // The step's own event names the reason; one event an act is enough.
        edits.extend(corrected.into_iter().filter(|edit| !edit.key.starts_with("e/")));
    }
    Ok(edits)
}

fn settle(view: &VisitView, act: &Act<'_>, chosen: &str, reason: &str) -> Result<Vec<Edit>, CommandError> {
    let known = view
        .log
        .contests
        .iter()
        .any(|contest| contest.standing == chosen || contest.others.iter().any(|other| other == chosen));
    if !act.is_desk || !known {
        return Err(CommandError::not_now(
            "такого спірного рішення немає, або обрати має центр",
            "there is no such contested decision, or the centre has to choose",
        ));
    }
    Ok(vec![event(act, view.tip(), side::SETTLED, chosen, reason)?])
}
