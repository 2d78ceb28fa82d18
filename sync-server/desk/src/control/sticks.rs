//! What became of a stick, as JSON.

use crate::app::Carried;
use serde_json::{Value, json};

/// For people and programs.
pub(super) fn carried(carried: &Carried) -> Value {
    json!({
        "stick": carried.folder.display().to_string(),
        "letters": carried.letters,
        "answers": carried.answers,
        "files": carried.files,
        "for_suitcases": carried.suitcases,
        "more_waits_for": carried.more,
        "remarks": carried.remarks.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "may_be_taken_out": "записано, перевірено — флешку можна виймати / written, read back: the stick may be taken out",
    })
}
