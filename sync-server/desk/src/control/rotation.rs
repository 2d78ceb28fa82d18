//! How it stands with the desk's keys, for people and programs.

use super::administration::time;
use crate::app::Rotation;
use serde_json::{Value, json};

pub(super) fn told(rotation: &Rotation) -> Value {
    let state = rotation.under_way.as_ref();
    let destroyed = rotation.destroyed.as_ref();
    json!({
        "rotating": state.is_some(),
        "begun_at": state.map(|state| time(state.begun)),
        "begun_by": state.map(|state| &state.by),
        "facts_left": state.map(|state| state.facts_left),
        "keys_left": state.map(|state| state.keys_left),
        "unsent": state.map(|state| state.unsent),
        "waits_for": rotation.waits_for(),
        "expired": rotation.expired(),
        "old_in_backups": rotation.backups,
        "destroyed_at": destroyed.map(|(_, at)| time(*at)),
        "destroyed_by": destroyed.map(|(by, _)| by),
    })
}
