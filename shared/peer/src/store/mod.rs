//! The encrypted database: SQLCipher, write-ahead log, every commit on the disk before it returns. The only SQL of
//! the peer. Functions take a connection, so that one act is one transaction of the caller's.

pub mod chains;
pub mod drafts;
pub mod entries;
pub mod erased;
pub mod forgotten;
pub mod keys;
pub mod letters;
pub mod log;
pub mod mend;
pub mod meta;
pub mod pages;
pub mod row_alike;
pub mod row_lists;
pub mod row_numbers;
pub mod row_pending;
pub mod row_people;
pub mod rows;
pub mod scrub;
pub mod strays;
pub mod sync;
pub mod taken_in;
pub mod told;
pub mod told_again;

use crate::PeerError;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use signing::Secret;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;
use zeroize::Zeroizing;

const VERSION: i64 = 2;

/// Version 1 knew no rebirth.
const FROM_1_TO_2: &str = "
    CREATE TABLE IF NOT EXISTS stray (
        chain BLOB NOT NULL,
        seq   INTEGER NOT NULL,
        hash  BLOB NOT NULL,
        prev  BLOB NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (chain, seq, hash)
    ) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 2;";

/// How long a connection waits for another one.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// SQLite before it could damage a database with two connections at a checkpoint (fixed in 3.51.3).
const OLDEST_SQLITE: i32 = 3_051_003;

/// Makes the database of a new peer.
pub fn create(path: &Path, key: &Secret<32>) -> Result<Connection, PeerError> {
    if path.exists() {
        return Err(PeerError::Exists);
    }
    let mut connection = Connection::open(path)?;
    prepare(&connection, key)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(include_str!("schema.sql"))?;
    rows::clear(&transaction)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(connection)
}

/// Opens the database to write.
///
/// SQLCipher takes the salt from the file's first bytes even where the log holds a newer first page. If the power went
/// while that page was brought from the log to the file, they may be nonsense; closing brings the page over again, as
/// the log is whole, so the second try succeeds.
pub fn open(path: &Path, key: &Secret<32>) -> Result<Connection, PeerError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let log = path.with_extension("db-wal").exists();
    match open_with(path, key, flags) {
        Err(PeerError::Damaged(_)) if log => open_with(path, key, flags),
        done => done,
    }
}

/// Opens it to read, beside the writer.
pub fn open_reader(path: &Path, key: &Secret<32>) -> Result<Connection, PeerError> {
    let connection = open(path, key)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn open_with(path: &Path, key: &Secret<32>, flags: OpenFlags) -> Result<Connection, PeerError> {
    let mut connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection, key)?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        VERSION => Ok(connection),
        1 => {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(FROM_1_TO_2)?;
            transaction.commit()?;
            Ok(connection)
        }
        newer if newer > VERSION => Err(PeerError::Later),
        other => Err(PeerError::Damaged(format!("версія / version {other}"))),
    }
}

fn prepare(connection: &Connection, key: &Secret<32>) -> Result<(), PeerError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(PeerError::Refused(format!("SQLite {} застара / is too old", rusqlite::version())));
    }
    let mut pragma = Zeroizing::new(String::with_capacity(100));
    pragma.push_str("PRAGMA key = \"x'");
    for byte in key.expose() {
        // Writing to a String cannot fail.
        let _ = write!(pragma, "{byte:02x}");
    }
    pragma.push_str("'\";");
    connection.execute_batch(&pragma)?;
    // What is wrong is told by errors; the library's own lines on standard error help nobody.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    // FULL: a commit that returned survives a power cut. Nothing spills into a file in clear.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;
         PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8000;",
    )?;
    Ok(())
}

/// Lets a connection keep many pages, 64 MB of them: rows that come in under random names touch a page of each index,
/// and a page that is not kept is read, checked and decrypted again. For machines that take in what many write.
pub fn keep_many_pages(connection: &Connection) -> Result<(), PeerError> {
    Ok(connection.pragma_update(None, "cache_size", -64_000)?)
}

/// Copies the database that `from` reads, as of now, into a new file under the same key. Who writes meanwhile does not
/// wait: the copy is made in one step over one view. The copy stays open.
pub fn copy(from: &Connection, path: &Path, key: &Secret<32>) -> Result<Connection, PeerError> {
    if path.exists() {
        return Err(PeerError::Exists);
    }
    let mut to = Connection::open(path)?;
    prepare(&to, key)?;
    let backup = Backup::new(from, &mut to)?;
    let mut tries = 0;
    loop {
        match backup.step(-1)? {
            StepResult::Done => break,
            StepResult::More => {}
            _ if tries > 100 => return Err(PeerError::Busy),
            _ => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }
    drop(backup);
    Ok(to)
}

/// Asks SQLite itself whether the file is whole: a sentence for each damaged place.
pub fn integrity(connection: &Connection) -> Result<Vec<String>, PeerError> {
    Ok(in_our_words(&salvage::asked(connection, "PRAGMA integrity_check(20)")?, None))
}

/// What SQLite says of damage, a sentence a place; its own words are for the log.
pub(crate) fn in_our_words(lines: &[String], table: Option<&str>) -> Vec<String> {
    let told = salvage::told(lines, table);
    if !told.is_empty() {
        tracing::warn!(?lines, table, "SQLite finds the database damaged");
    }
    told
}

/// Inside a transaction: what `work` wrote is taken back if it fails, and nothing else is.
pub fn alone<T>(connection: &Connection, work: impl FnOnce() -> Result<T, PeerError>) -> Result<T, PeerError> {
    connection.prepare_cached("SAVEPOINT alone")?.execute([])?;
    let done = work();
    if done.is_err() {
        connection.prepare_cached("ROLLBACK TO alone")?.execute([])?;
    }
    connection.prepare_cached("RELEASE alone")?.execute([])?;
    done
}

/// As [`alone`], for work that needs more than the connection: what follows is taken back by [`end_alone`].
pub fn begin_alone(connection: &Connection) -> Result<(), PeerError> {
    connection.prepare_cached("SAVEPOINT again")?.execute([])?;
    Ok(())
}

/// Ends it; `keep`: what was written since stays.
pub fn end_alone(connection: &Connection, keep: bool) -> Result<(), PeerError> {
    if !keep {
        connection.prepare_cached("ROLLBACK TO again")?.execute([])?;
    }
    connection.prepare_cached("RELEASE again")?.execute([])?;
    Ok(())
}

/// A column of 16 or 32 bytes.
pub(crate) fn bytes<const N: usize>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<[u8; N]> {
    row.get::<_, [u8; N]>(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_opens_with_its_key_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("valiza.db");
        drop(create(&path, &Secret::new([1; 32])).unwrap());
        open(&path, &Secret::new([1; 32])).unwrap();
        assert!(matches!(open(&path, &Secret::new([2; 32])), Err(PeerError::Damaged(_))));
        assert!(matches!(create(&path, &Secret::new([1; 32])), Err(PeerError::Exists)));
    }

    #[test]
    fn a_first_page_that_a_power_cut_tore_comes_back_from_the_log() {
        let dir = tempfile::tempdir().unwrap();
        let [path, left] = ["valiza.db", "left.db"].map(|name| dir.path().join(name));
        let connection = create(&path, &Secret::new([1; 32])).unwrap();
        for (from, to) in [(&path, &left), (&path.with_extension("db-wal"), &left.with_extension("db-wal"))] {
            std::fs::copy(from, to).unwrap();
        }
        drop(connection);
        let mut bytes = std::fs::read(&left).unwrap();
        bytes[..512].fill(0x5a);
        std::fs::write(&left, bytes).unwrap();
        let opened = open(&left, &Secret::new([1; 32])).unwrap();
        assert!(integrity(&opened).unwrap().is_empty());
    }

    #[test]
    fn a_database_of_a_later_version_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("valiza.db");
        let connection = create(&path, &Secret::new([1; 32])).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        drop(connection);
        assert!(matches!(open(&path, &Secret::new([1; 32])), Err(PeerError::Later)));
    }

    #[test]
    fn the_reader_cannot_write() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("valiza.db");
        drop(create(&path, &Secret::new([1; 32])).unwrap());
        let reader = open_reader(&path, &Secret::new([1; 32])).unwrap();
        assert!(reader.execute("DELETE FROM meta", []).is_err());
        assert!(integrity(&reader).unwrap().is_empty());
    }
}
