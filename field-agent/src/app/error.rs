//! What can go wrong, in the words of the person in front of it.

use super::findings::Finding;
use chain::InvitationError;
use peer::PeerError;
use peer::carry::StickError;
use peer::sync::{LinkError, SyncError};
use sealing::{LoginError, UnlockError, VaultError, VaultFileError, WeakPassphrase};
use std::fmt::Write;

/// Why something was not done. Nothing is half done: each act is one transaction.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The suitcase's folder.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The passphrase.
    #[error(transparent)]
    Unlock(#[from] UnlockError),
    /// After wrong passphrases the next try has to wait.
    #[error(
        "після помилок із паролем зачекайте ще {seconds} с і спробуйте знову / after wrong passphrases wait {seconds} s more and try again"
    )]
    TooSoon {
        /// How long.
        seconds: u64,
    },
    /// Several officers have slots and none was named.
    #[error(
        "на валізі кілька працівників: укажіть ім’я входу ({logins}) / several officers use this suitcase: name the login ({logins})"
    )]
    WhichOfficer {
        /// By comma.
        logins: String,
    },
    /// The vault was not changed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A passphrase that cannot be set.
    #[error(transparent)]
    Weak(#[from] WeakPassphrase),
    /// A login that cannot be set.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// Not an invitation.
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    /// Its time is over.
    #[error(
        "строк запрошення минув: попросіть у центрі нове / the invitation has expired: ask the centre for a new one"
    )]
    InvitationExpired,
    /// The folder holds a suitcase of another community or invitation.
    #[error(
        "у папці вже є інша валіза: для нового запрошення вкажіть порожню папку / this folder holds another suitcase: name an empty folder for a new invitation"
    )]
    OtherSuitcase,
    /// The exchange.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// A stick.
    #[error(transparent)]
    Stick(#[from] StickError),
    /// TLS cannot be judged by a clock like this.
    #[error(
        "годинник ноутбука показує {shown}, тому захищене з’єднання неможливе: виставте дату й час і повторіть; записи цілі / the laptop's clock says {shown}, so no secure connection is possible: set date and time and try again; your records are safe"
    )]
    WrongClock {
        /// What it says.
        shown: String,
    },
    /// The suitcase that carries was not reached.
    #[error("{0}")]
    NoCarrier(String),
    /// Fields with errors, or warnings without a reason; never empty.
    #[error("{}", in_lines(.0))]
    Findings(Vec<Finding>),
    /// No request of this number here.
    #[error(
        "звернення «{0}» на цій валізі немає: перевірте номер за описом; стертого за розпорядженням центру тут теж більше немає / there is no request “{0}” on this suitcase: compare the number with the paper; what was erased by order of the centre is gone here, too"
    )]
    NoSuchRequest(String),
    /// It was here; the centre has it.
    #[error(
        "звернення {number} передано до центру, на валізі його вже немає з {day}: якщо воно потрібне, центр може доручити його знову / request {number} is at the centre and no longer on this suitcase since {day}: the centre can entrust it again"
    )]
    GivenUp {
        /// On paper.
        number: String,
        /// Since when.
        day: String,
    },
    /// The running program could not be told to lock: keys may still be in memory.
    #[error(
        "не вдалося замкнути: ключі можуть бути в пам’яті, вимкніть ноутбук / the suitcase could not be locked: keys may be in memory, switch the laptop off"
    )]
    NotLocked,
    /// Bad input in words of its own.
    #[error("{0}")]
    Input(String),
    /// A file named by the caller.
    #[error("{path}: {error}; перевірте шлях і права / check the path and its permissions")]
    File {
        /// Which.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
}

/// What a program can do about an error. The command line's exit codes are made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Refused: the input or the request itself has to change.
    Refused,
    /// No connection: to be tried again later.
    NoConnection,
    /// Data on the disk are damaged.
    Damaged,
    /// Somebody else uses the folder.
    Busy,
    /// Wrong passphrase, or too soon after one.
    Locked,
    /// It should be locked and is not.
    NotLocked,
}

impl AppError {
    /// Input that cannot be understood: Ukrainian, then English.
    pub fn input(uk: impl std::fmt::Display, en: impl std::fmt::Display) -> Self {
        Self::Input(format!("{uk} / {en}"))
    }

    /// What can be done about it.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Peer(error)
            | Self::Sync(SyncError::Peer(error))
            | Self::Stick(StickError::Peer(error) | StickError::Sync(SyncError::Peer(error))) => of_peer(error),
            Self::Unlock(UnlockError::Damaged) => ErrorKind::Damaged,
            Self::Unlock(_) | Self::TooSoon { .. } => ErrorKind::Locked,
            Self::NotLocked => ErrorKind::NotLocked,
            Self::Sync(SyncError::Link(LinkError::Address)) => ErrorKind::Refused,
            Self::Sync(_) | Self::WrongClock { .. } | Self::NoCarrier(_) => ErrorKind::NoConnection,
            _ => ErrorKind::Refused,
        }
    }
}

fn of_peer(error: &PeerError) -> ErrorKind {
    match error {
        PeerError::InUse | PeerError::Busy => ErrorKind::Busy,
        PeerError::VaultFile(VaultFileError::Newer(_)) | PeerError::Later => ErrorKind::Refused,
        PeerError::Damaged(_) | PeerError::VaultFile(_) | PeerError::Register(_) | PeerError::Answer(_) => {
            ErrorKind::Damaged
        }
        _ => ErrorKind::Refused,
    }
}

/// One line a finding: the field, what is wrong, what was probably meant.
fn in_lines(findings: &[Finding]) -> String {
    let mut text = String::from("звернення не збережено, виправте / not saved, mend this:");
    for finding in findings {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {}: {} / {}", finding.key, finding.uk, finding.en);
        if let Some(suggestion) = &finding.suggestion {
            let _ = write!(text, " → {suggestion}");
        }
        if finding.severity == super::Severity::Warning {
            text.push_str(" (якщо все правильно, впишіть причину / if it is right, give a reason: accepted)");
        }
    }
    text
}
