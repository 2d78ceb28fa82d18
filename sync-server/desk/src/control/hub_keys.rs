//! The keys of hubs, for people and programs.

use super::administration::time;
use crate::app::{Desk, DeskError, HubKey};
use serde_json::{Value, json};
use signing::VerifyingKey;

pub(super) fn told(keys: &[HubKey]) -> Value {
    let row =
        |one: &HubKey| json!({ "key": hex(&one.key), "until": time(one.until), "ended_from": one.ended.map(time) });
    json!({ "hub_keys": keys.iter().map(row).collect::<Vec<_>>() })
}

/// The community, and the keys as they are then. `key` is hexadecimal.
pub(super) fn begin(desk: &Desk, by: &str, words: &str, address: &str, key: &str) -> Result<Value, DeskError> {
    let key = from_hex(key).ok_or_else(|| {
        DeskError::refused("ключ вузла — 64 шістнадцяткові цифри", "a hub's key is 64 hexadecimal digits")
    })?;
    let tenant = desk.begin_hub(by, words, address, key)?;
    let mut answer = told(&desk.hub_keys(by)?);
    answer["tenant"] = tenant.to_string().into();
    Ok(answer)
}

fn hex(key: &VerifyingKey) -> String {
    key.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<VerifyingKey> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(VerifyingKey(bytes))
}
