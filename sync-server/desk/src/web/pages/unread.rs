//! What a list could not read, named above it.

use crate::app::Unread;
use ::pages::{Notice, Texts, Tone};

/// So many are named; a disk that lost more is mended before anybody looks them up one by one.
const NAMED: usize = 50;

/// The notice that names them, in the words of `key`; none if everything was read.
pub(crate) fn notice(t: Texts, key: &str, unread: &[Unread]) -> Option<Notice> {
    let kind = |one: &Unread| t.text(&format!("erasure-kind-{}", one.kind.name()));
    let mut named: Vec<String> = unread.iter().take(NAMED).map(|one| format!("{} {}", kind(one), one.name())).collect();
    if unread.len() > NAMED {
        named.push("…".to_owned());
    }
    let said = [("n", (unread.len() as u64).into()), ("records", named.join(", ").into())];
    (!unread.is_empty()).then(|| Notice::new(Tone::Stop, t.say(key, &said)))
}
