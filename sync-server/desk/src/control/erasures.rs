//! Questions about erasing people's data.

use super::administration::{Administration, time, unread};
use crate::app::{Desk, DeskError, ErasureRow, Match, PersonalRecord};
use ids::{ErasureId, RecordId};
use serde_json::{Value, json};

/// Does what is asked.
pub(super) fn execute(desk: &Desk, by: &str, ask: Administration) -> Result<Value, DeskError> {
    match ask {
        Administration::ErasurePlan { about } => {
            let plan = desk.erasure_plan(by, &about)?;
            Ok(json!({ "name": plan.name, "going": plan.records.iter().map(record).collect::<Vec<_>>(),
                       "unread": plan.unread.iter().map(unread).collect::<Vec<_>>() }))
        }
        Administration::ErasurePropose { about, records, reason, open, passphrase } => {
            desk.prove(by, &passphrase)?;
            let chosen = records.iter().map(|id| record_of(id)).collect::<Result<Vec<_>, _>>()?;
            let id = desk.propose_erasure(by, &about, &chosen, &reason, &open)?;
            Ok(json!({ "proposed": id.to_string() }))
        }
        Administration::ErasureConfirm { id, passphrase } => {
            let due = desk.confirm_erasure_with(by, &passphrase, id_of(&id)?)?;
            Ok(json!({ "takes_effect": time(due) }))
        }
        Administration::ErasureDecline { id, reason } => {
            desk.decline_erasure(by, id_of(&id)?, &reason)?;
            Ok(json!({ "erasure_declined": id }))
        }
        _ => Ok(json!({ "erasures": desk.erasures(by)?.iter().map(row).collect::<Vec<_>>() })),
    }
}

fn row(row: &ErasureRow) -> Value {
    let proposal = &row.proposal;
    let due = proposal.due().map(time);
    let waits: Vec<String> = row.waits_for.iter().map(ToString::to_string).collect();
    json!({ "erasure": row.id.to_string(), "state": row.state.text(), "records": proposal.records.len(),
            "reason": proposal.reason, "open_reason": proposal.open, "by": proposal.proposed.0,
            "at": time(proposal.proposed.1), "confirmed_by": proposal.confirmed.as_ref().map(|(by, ..)| by),
            "takes_effect": due, "declined_because": proposal.declined.as_ref().map(|(why, ..)| why),
            "waits_for": waits.join(", ") })
}

fn record(one: &PersonalRecord) -> Value {
    let sure = match one.sure {
        Match::Sure => "sure",
        Match::Perhaps => "perhaps",
        Match::Named => "named",
    };
    json!({ "going": one.row.record.to_string(), "kind": one.row.kind.name(), "number": one.row.number,
            "name": one.marks.name, "born": one.marks.born, "settlement": one.marks.settlement,
            "state": one.row.state, "open": one.is_open(), "sure": sure })
}

fn id_of(text: &str) -> Result<ErasureId, DeskError> {
    text.parse().map_err(|_| {
        DeskError::refused(
            "пропозиція має вигляд 00000000-0000-4000-8000-000000000000: перегляньте erasures",
            "a proposal looks like 00000000-0000-4000-8000-000000000000: look at erasures",
        )
    })
}

fn record_of(text: &str) -> Result<RecordId, DeskError> {
    text.parse().map_err(|_| {
        DeskError::refused(
            "запис має вигляд 00000000-0000-4000-8000-000000000000: перегляньте erasures plan",
            "a record looks like 00000000-0000-4000-8000-000000000000: look at erasures plan",
        )
    })
}
