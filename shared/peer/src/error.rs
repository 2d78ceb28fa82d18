//! What can go wrong with a peer's folder, in the words of the person in front of it.

use chain::{AnswerError, RegisterError};
use records::document::DocumentError;
use sealing::{OpenError, SealError, VaultError, VaultFileError};
use std::io;

/// Why something could not be done. Nothing is half done: each act is one transaction.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// Another program has this folder open.
    #[error(
        "папку вже відкрито іншою програмою «Валіза»: закрийте її / another Valiza program has this folder open: close it"
    )]
    InUse,
    /// There is nothing to open.
    #[error(
        "у папці немає валізи: спершу під’єднайте її (enrol) або вкажіть іншу папку / no suitcase in this folder: enrol first, or name another folder"
    )]
    NoSuchPeer,
    /// There is something already.
    #[error(
        "у папці вже є валіза: для нової вкажіть порожню папку / this folder holds a suitcase already: name an empty one"
    )]
    Exists,
    /// The disk is full.
    #[error(
        "на диску немає місця: звільніть його і повторіть, уже збережене ціле / the disk is full: free some space and try again, what was saved is whole"
    )]
    DiskFull,
    /// The disk does not do as it is told.
    #[error(
        "диск не читає або не записує: перевірте, чи він цілий і чи є місце, перезапустіть і виконайте verify / the disk does not read or write: check it and the free space, restart and run verify"
    )]
    DiskFails,
    /// The folder cannot be written.
    #[error(
        "у папку не можна писати: перевірте права доступу або перемикач захисту / the folder cannot be written: check its permissions"
    )]
    ReadOnly,
    /// What was to be made has the name of something that is there.
    #[error(
        "{path}: тут уже є {uk}; нічого не записано, те, що є, не змінено: вкажіть інше ім’я або іншу папку / {path}: there is a {en} already; nothing was written, what is there was not touched: give another name or folder"
    )]
    Taken {
        /// Where.
        path: String,
        /// What is there, in Ukrainian.
        uk: &'static str,
        /// What is there, in English.
        en: &'static str,
    },
    /// A file or folder that a person named cannot be made.
    #[error(
        "{path}: не вдалося записати: перевірте, чи є така папка і чи можна в неї писати / {path}: cannot be written: check that the folder is there and may be written to"
    )]
    NotWritten {
        /// Where.
        path: String,
    },
    /// Another connection holds the database for too long.
    #[error(
        "база даних зайнята іншою програмою: зачекайте і повторіть / the database is busy in another program: wait and try again"
    )]
    Busy,
    /// The bytes on the disk are not what was written.
    #[error("{}", damaged(.0))]
    Damaged(String),
    /// The database was written by a later version.
    #[error(
        "базу даних створено новішою версією програми: оновіть програму / the database is of a later version: update this program"
    )]
    Later,
    /// Another desk follows this one.
    #[error(
        "це робоче місце центру замінено іншим: воно нічого не записує. Відкрийте нове, або відновіть центр із новішої копії чи з комплекту / another desk follows this one, which writes nothing any more: open the new one, or restore the centre from a newer copy or from the kit"
    )]
    Replaced,
    /// The folder came back from a copy, and what was written after the copy has not come back yet.
    #[error(
        "центр відновлено з копії: поки вузол обміну не поверне записане після неї, нічого нового не записується / restored from a copy: until the hub has given back what was written after it, nothing new is written"
    )]
    CatchingUp,
    /// The suitcase is not certified yet.
    #[error(
        "центр ще не підтвердив цю валізу: дочекайтеся підтвердження / the centre has not confirmed this suitcase yet"
    )]
    NotCertified,
    /// The disk was put back so often that the centre has to look first.
    #[error(
        "валізу надто часто починали з копії, а центр цього не підтвердив: записуйте далі і попросіть адміністратора підтвердити її на сторінці «Валізи» / this suitcase was put back from a copy too often and the centre has not confirmed it: go on recording, and ask an administrator to confirm it on the page «Suitcases»"
    )]
    TooManyLives,
    /// No such record here.
    #[error("такого запису тут немає / no such record here")]
    NoSuchRecord,
    /// The centre has ordered that the record be erased.
    #[error(
        "дані цього запису стерто за розпорядженням центру: їх немає ні тут, ні в центрі / this record was erased by order of the centre: nothing of it is left here or there"
    )]
    Erased,
    /// No key for a record.
    #[error("ключа до цього запису на цьому пристрої немає / this device has no key to the record")]
    NoKey,
    /// A suitcase named a key of its own that fits no secret.
    #[error(
        "валіза назвала ключ, для якого нічого не запечатати, тож їй нічого не можна доручити: відкличте її й під’єднайте ноутбук заново / the suitcase named a key to which nothing can be sealed, so nothing can be granted to it: revoke it and enrol the laptop anew"
    )]
    NoReception,
    /// A number like this was printed as often as a day allows.
    #[error("на сьогодні номери описів вичерпано (999) / today's receipt numbers are used up (999)")]
    NoMoreNumbers,
    /// A body would be larger than an entry may be.
    #[error("запис завеликий: скоротіть текст / the record is too large: shorten its text")]
    TooLarge,
    /// A field or command was refused.
    #[error("{0}")]
    Refused(String),
    /// The register is forged or broken.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The centre's answer contradicts this peer.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The vault file.
    #[error(transparent)]
    VaultFile(#[from] VaultFileError),
    /// The vault's content.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The program's own end of the line.
    #[error("програма завершує роботу / the program is shutting down")]
    Closed,
    /// Anything else of the file system.
    #[error("файлова система: {0} / file system: {0}")]
    Io(io::Error),
    /// Anything else of the database.
    #[error("база даних: {0} / database: {0}")]
    Sql(rusqlite::Error),
}

/// What is damaged is often said in both languages itself: each half of a sentence takes its own.
pub(crate) fn halves(what: &str) -> (&str, &str) {
    what.split_once(" / ").unwrap_or((what, what))
}

impl PeerError {
    /// Bytes on the disk do not read as what was written there.
    pub(crate) fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::DiskFails)
    }
}

fn damaged(what: &str) -> String {
    let (uk, en) = halves(what);
    format!(
        "дані на диску пошкоджено ({uk}): закрийте програму й виконайте команду repair, вона збереже вціліле й назве втрачене, а що має центр, повернеться / data on the disk are damaged ({en}): close the program and run the command repair, it keeps what is whole and names what is lost, and what the centre has comes back"
    )
}

impl From<io::Error> for PeerError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Io(error),
        }
    }
}

fn extended(error: &rusqlite::Error) -> i32 {
    error.sqlite_error().map_or(0, |error| error.extended_code)
}

impl From<rusqlite::Error> for PeerError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            // The index of the log is a file, too; SQLite names its failed growth after the file, not after the disk.
            Some(ErrorCode::SystemIoFailure) if extended(&error) == rusqlite::ffi::SQLITE_IOERR_SHMSIZE => {
                Self::DiskFull
            }
            Some(ErrorCode::SystemIoFailure) => Self::DiskFails,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged("база даних / database".into()),
            _ => Self::Sql(error),
        }
    }
}

impl From<DocumentError> for PeerError {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Damaged => Self::Damaged("запис / record".into()),
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<records::commands::CommandError> for PeerError {
    fn from(error: records::commands::CommandError) -> Self {
        match error {
            records::commands::CommandError::Document(error) => error.into(),
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<SealError> for PeerError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::TooLong(_) => Self::TooLarge,
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<OpenError> for PeerError {
    fn from(error: OpenError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<signing::canonical::DecodeError> for PeerError {
    fn from(error: signing::canonical::DecodeError) -> Self {
        Self::Damaged(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_two_halves_whatever_it_names() {
        for named in ["identity", "база даних / database"] {
            let sentence = PeerError::Damaged(named.into()).to_string();
            let halves: Vec<&str> = sentence.split(" / ").collect();
            assert_eq!(halves.len(), 2, "{sentence}");
            assert!(halves.iter().all(|half| half.contains("repair")), "{sentence}");
        }
    }
}
