//! What lies on a stick for us: files are tried with our keys, pieces put together.

use super::piece::{Envelope, Piece, Tried, Way, message_hash};
use super::stick::{Stick, StickError};
use sealing::AgreementSecret;
use std::collections::{BTreeMap, BTreeSet};

/// A message all of whose pieces are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub envelope: Envelope,
    /// Its files, in order.
    pub files: Vec<String>,
}

/// A message some of whose pieces are not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partial {
    /// What it is.
    pub envelope: Envelope,
    /// So many pieces are there.
    pub have: usize,
    /// Of so many.
    pub of: usize,
}

/// What is on a stick, as far as our keys open it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mail {
    /// Can be read.
    pub found: Vec<Found>,
    /// Cannot be read yet.
    pub partial: Vec<Partial>,
    /// Names of files that are cut or damaged.
    pub damaged: Vec<String>,
    /// Files that a later version wrote.
    pub later: usize,
    /// Files that none of our keys opens: for others, or damaged inside.
    pub others: usize,
}

/// Tries `secrets` on every file but those in `own`, which were written here. Holds one file in memory at a time.
pub(super) fn sort(
    stick: &Stick,
    way: Way,
    secrets: &[AgreementSecret],
    own: &BTreeSet<String>,
) -> Result<Mail, StickError> {
    let listing = stick.files()?;
    let mut mail =
        Mail { damaged: listing.cut.into_iter().filter(|name| !own.contains(name)).collect(), ..Mail::default() };
    let mut pieces: BTreeMap<(Envelope, u16), BTreeMap<u16, String>> = BTreeMap::new();
    for name in listing.whole.into_iter().filter(|name| !own.contains(name)) {
        match Piece::open(&stick.read(&name)?, secrets) {
            Tried::Piece(piece) if piece.envelope.way == way => {
                pieces.entry((piece.envelope, piece.of)).or_default().entry(piece.number).or_insert(name);
            }
            Tried::Piece(_) | Tried::NotForUs => mail.others += 1,
            Tried::Damaged => mail.damaged.push(name),
            Tried::Later => mail.later += 1,
        }
    }
    for ((envelope, of), names) in pieces {
        if names.len() == usize::from(of) {
            mail.found.push(Found { envelope, files: names.into_values().collect() });
        } else {
            mail.partial.push(Partial { envelope, have: names.len(), of: usize::from(of) });
        }
    }
    Ok(mail)
}

/// The whole message; `None` if its pieces do not make what they say.
pub(super) fn assemble(
    stick: &Stick,
    secrets: &[AgreementSecret],
    found: &Found,
) -> Result<Option<Vec<u8>>, StickError> {
    let mut message = Vec::new();
    for name in &found.files {
        match Piece::open(&stick.read(name)?, secrets) {
            Tried::Piece(piece) if piece.envelope == found.envelope => message.extend_from_slice(&piece.bytes),
            _ => return Ok(None),
        }
    }
    Ok((message_hash(&message) == found.envelope.message).then_some(message))
}
