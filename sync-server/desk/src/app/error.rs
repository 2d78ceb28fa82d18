//! Why the desk does not do what it was asked.

use peer::PeerError;
use records::Sentence;
use records::commands::CommandError;
use std::borrow::Cow;

/// What a caller makes of an error: a page's status, a program's exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// What was asked for cannot be done so; the sentence says what to change.
    Refused,
    /// A colleague has the request: it can be done all the same, by who says so.
    Held,
    /// There is no such thing.
    NotFound,
    /// Login and passphrase do not belong together, or nobody is signed in.
    NotAllowed,
    /// The hub cannot be reached.
    NoConnection,
    /// Stored data are damaged.
    Damaged,
    /// Another program has the folder, or the database is busy.
    Busy,
    /// The desk has not been unsealed yet.
    Sealed,
}

impl ErrorKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Refused,
        Self::Held,
        Self::NotFound,
        Self::NotAllowed,
        Self::NoConnection,
        Self::Damaged,
        Self::Busy,
        Self::Sealed,
    ];

    /// Its name in JSON.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Held => "held",
            Self::NotFound => "not_found",
            Self::NotAllowed => "not_allowed",
            Self::NoConnection => "no_connection",
            Self::Damaged => "damaged",
            Self::Busy => "busy",
            Self::Sealed => "sealed",
        }
    }

    /// From its name.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.text() == text)
    }
}

/// What is wrong and what to do, Ukrainian first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct DeskError {
    /// What it means.
    pub kind: ErrorKind,
    /// For the person in front of it.
    pub sentence: Sentence,
}

impl DeskError {
    /// Of any kind.
    pub fn new(kind: ErrorKind, uk: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, sentence: Sentence::new(uk, en) }
    }

    /// What was asked for cannot be done so.
    pub fn refused(uk: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Refused, uk, en)
    }

    /// There is no such thing.
    pub fn not_found(uk: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::NotFound, uk, en)
    }

    /// From one text in which « / » parts Ukrainian from English.
    pub fn from_text(kind: ErrorKind, text: &str) -> Self {
        let (uk, en) = text.split_once(" / ").unwrap_or((text, text));
        Self::new(kind, uk.to_owned(), en.to_owned())
    }

    pub(crate) fn sealed() -> Self {
        Self::new(
            ErrorKind::Sealed,
            "центр опечатано після запуску: адміністратор має ввести пароль на сторінці входу",
            "the desk is sealed after its start: an administrator has to enter the passphrase on the sign-in page",
        )
    }
}

impl From<PeerError> for DeskError {
    fn from(error: PeerError) -> Self {
        let kind = match &error {
            PeerError::InUse | PeerError::Busy => ErrorKind::Busy,
            // A page that the disk does not give back is as damaged as one that it gives back wrong.
            PeerError::Damaged(_) | PeerError::DiskFails | PeerError::VaultFile(_) | PeerError::Register(_) => {
                ErrorKind::Damaged
            }
            PeerError::NoSuchRecord | PeerError::NoSuchPeer => ErrorKind::NotFound,
            _ => ErrorKind::Refused,
        };
        match error {
            PeerError::NoSuchPeer => Self::not_found(
                "у папці немає центру: спершу створіть його (init) або відновіть (restore)",
                "no centre in this folder: make one (init) or restore it (restore)",
            ),
            PeerError::Exists => Self::refused(
                "у папці вже є центр: для нового вкажіть порожню папку",
                "this folder holds a centre already: name an empty one",
            ),
            other => Self::from_text(kind, &other.to_string()),
        }
    }
}

impl From<CommandError> for DeskError {
    fn from(error: CommandError) -> Self {
        Self { kind: ErrorKind::Refused, sentence: error.sentence() }
    }
}

impl From<std::io::Error> for DeskError {
    fn from(error: std::io::Error) -> Self {
        PeerError::from(error).into()
    }
}

impl From<peer::sync::SyncError> for DeskError {
    fn from(error: peer::sync::SyncError) -> Self {
        match error {
            peer::sync::SyncError::Peer(error) => error.into(),
            other => Self::from_text(ErrorKind::NoConnection, &other.to_string()),
        }
    }
}

impl From<peer::sync::LinkError> for DeskError {
    fn from(error: peer::sync::LinkError) -> Self {
        Self::from_text(ErrorKind::NoConnection, &error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_are_told_apart() {
        let error = DeskError::from(PeerError::InUse);
        assert_eq!(error.kind, ErrorKind::Busy);
        assert!(error.sentence.uk.starts_with("папку вже відкрито") && error.sentence.en.starts_with("another Valiza"));
        for kind in ErrorKind::ALL {
            assert_eq!(ErrorKind::from_text(kind.text()), Some(kind));
        }
    }

    /// The hub runs on beside a desk that is damaged, and does not beside one that was asked for what cannot be done.
    #[test]
    fn a_disk_that_does_not_read_is_damage_and_keeps_its_sentence() {
        let read = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_READ), None);
        let error = DeskError::from(PeerError::from(read));
        assert_eq!(error.kind, ErrorKind::Damaged);
        assert!(
            error.sentence.uk.starts_with("диск не читає") && error.sentence.en.starts_with("the disk does not read")
        );
    }
}
