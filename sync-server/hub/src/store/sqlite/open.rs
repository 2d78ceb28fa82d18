//! Opening: settings, version, errors.

use crate::store::StoreError;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// The tables' version that this program writes.
const VERSION: i64 = 4;

/// Version 1 counted no bytes and did not tell invitations apart.
const FROM_1_TO_2: &str = "
    ALTER TABLE chains ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE enrolments ADD COLUMN invitation BLOB NOT NULL DEFAULT x'';
    UPDATE meta SET version = 2;";

/// Version 2 gave a position 40 bits, which time does not fit into. By way of negative places, so that no two meet.
const FROM_2_TO_3: &str = "
    UPDATE entries SET place = -((place >> 40 << 50) | (place & 0xffffffffff));
    UPDATE entries SET place = -place;
    UPDATE inbox SET place = (place >> 40 << 50) | (place & 0xffffffffff);
    UPDATE meta SET version = 3;";

/// Version 3 knew no erasure.
const FROM_3_TO_4: &str = "
    ALTER TABLE records ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE erased_entries (
        chain INTEGER NOT NULL REFERENCES chains,
        seq   INTEGER NOT NULL,
        PRIMARY KEY (chain, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entries_about ON entries (substr(entry, 2, 16))
        WHERE record IS NULL AND substr(hex(substr(entry, 1, 1)), 1, 1) IN ('1', '3', '5', '7');
    UPDATE meta SET version = 4;";

/// How long a connection waits for another one.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// 3.51.3: the first release without the WAL-reset race that corrupts a database with two connections.
const OLDEST_SQLITE: i32 = 3_051_003;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Denied,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                tracing::warn!(%error, "SQLite finds the hub's database damaged");
                Self::Damaged("файл не читається / the file does not read".to_owned())
            }
            _ => Self::Engine(error.to_string()),
        }
    }
}

/// The file is there and nobody but its owner reads it, before SQLite opens it: what SQLite puts beside takes its mode.
#[cfg(unix)]
fn make_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let made = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    let done = made.and_then(|file| file.set_permissions(std::fs::Permissions::from_mode(0o600)));
    done.map_err(|error| match error.kind() {
        std::io::ErrorKind::StorageFull => StoreError::Full,
        _ => StoreError::Denied,
    })
}

/// Elsewhere the user's profile folder is private already.
#[cfg(not(unix))]
fn make_private(_: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// The connection that writes; makes the tables in a new file.
pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(StoreError::OldSqlite(rusqlite::version()));
    }
    make_private(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    settings(&connection)?;
    tables(&connection)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    settings(&connection)?;
    Ok(connection)
}

/// Refuses tables of another version than this program writes.
pub(super) fn known_version(connection: &Connection) -> Result<(), StoreError> {
    let found: i64 = connection.query_row("SELECT version FROM meta", [], |row| row.get(0))?;
    if found == VERSION { Ok(()) } else { Err(StoreError::LaterVersion { found }) }
}

fn settings(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn tables(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let result = make_or_check(connection);
    connection.execute_batch(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    result
}

fn make_or_check(connection: &Connection) -> Result<(), StoreError> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        connection.execute_batch(include_str!("schema.sql"))?;
    }
    let found: i64 = connection.query_row("SELECT version FROM meta", [], |row| row.get(0))?;
    let steps: &[&str] = match found {
        1 => &[FROM_1_TO_2, FROM_2_TO_3, FROM_3_TO_4],
        2 => &[FROM_2_TO_3, FROM_3_TO_4],
        3 => &[FROM_3_TO_4],
        VERSION => &[],
        found => return Err(StoreError::LaterVersion { found }),
    };
    steps.iter().try_for_each(|step| Ok(connection.execute_batch(step)?))
}
