//! Rows of a database file as they lie in its pages, without SQLite: which page belongs to what is asked of nobody, so a
//! damaged page costs what stands on it and nothing else, not even where it was the root of a table or the head of the
//! file. Whoever reads this way believes nothing that does not prove itself.
//!
//! [File format](https://www.sqlite.org/fileformat2.html), sections 1.6 (pages), 2.1 (records), 4.1 (log).

use crate::store::StoreError;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// A row is never longer: an entry's body has a limit far below.
const LONGEST_ROW: usize = 4 * 1024 * 1024;
/// Pages that this program writes.
const PAGE: usize = 4096;
const LOG_HEAD: u64 = 32;
const FRAME_HEAD: usize = 24;

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Int(i64),
    Blob(Vec<u8>),
    /// Text and floating point, of which our tables have none.
    Other,
}

impl Value {
    pub fn int(&self) -> Option<i64> {
        if let Self::Int(value) = self { Some(*value) } else { None }
    }

    pub fn number(&self) -> Option<u64> {
        self.int().and_then(|value| u64::try_from(value).ok())
    }

    pub fn blob(&self) -> Option<&[u8]> {
        if let Self::Blob(bytes) = self { Some(bytes) } else { None }
    }

    pub fn bytes<const N: usize>(&self) -> Option<[u8; N]> {
        self.blob()?.try_into().ok()
    }
}

/// A database file with or without the log beside it.
pub(super) struct Pages {
    file: File,
    count: u32,
    size: usize,
    log: Option<File>,
    /// Where in the log the newest copy of a page stands.
    newer: BTreeMap<u32, u64>,
}

fn failed(error: &std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::PermissionDenied => StoreError::Denied,
        _ => StoreError::Engine(error.to_string()),
    }
}

impl Pages {
    /// Opens the file; with its log, what stands there goes before what stands in the file.
    pub fn open(path: &Path, log: Option<&Path>) -> Result<Self, StoreError> {
        let mut file = File::open(path).map_err(|error| failed(&error))?;
        let mut head = [0; 100];
        let whole_head = file.read_exact(&mut head).is_ok();
        let told = usize::from(u16::from_be_bytes([head[16], head[17]]));
        // A damaged head tells nonsense: then it is what this program writes.
        let size = if whole_head && head.starts_with(b"SQLite format 3\0") && told == PAGE { told } else { PAGE };
        let length = file.metadata().map_err(|error| failed(&error))?.len();
        let count = u32::try_from(length.div_ceil(size as u64)).unwrap_or(u32::MAX);
        let mut pages = Self { file, count, size, log: None, newer: BTreeMap::new() };
        if let Some(log) = log {
            pages.read_log(log)?;
        }
        Ok(pages)
    }

    /// Whether a frame was committed is not asked: what stands in it proves itself, or is not believed.
    fn read_log(&mut self, path: &Path) -> Result<(), StoreError> {
        let mut log = match File::open(path) {
            Ok(log) => log,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(&error)),
        };
        let length = log.metadata().map_err(|error| failed(&error))?.len();
        let frame = (FRAME_HEAD + self.size) as u64;
        for at in (0..length.saturating_sub(LOG_HEAD) / frame).map(|nth| LOG_HEAD + nth * frame) {
            let mut number = [0; 4];
            let read = log.seek(SeekFrom::Start(at)).and_then(|_| log.read_exact(&mut number));
            if read.is_ok() {
                self.newer.insert(u32::from_be_bytes(number), at + FRAME_HEAD as u64);
            }
        }
        self.log = Some(log);
        Ok(())
    }

    /// True if there is anything in the log.
    pub fn has_log(&self) -> bool {
        !self.newer.is_empty()
    }

    /// All page numbers.
    pub fn numbers(&self) -> Vec<u32> {
        let mut all: Vec<u32> = (1..=self.count).chain(self.newer.keys().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The bytes of a page; zeros where the disk does not give them back.
    fn page(&mut self, number: u32) -> Vec<u8> {
        let mut bytes = vec![0; self.size];
        let (file, at) = match (self.newer.get(&number), &mut self.log) {
            (Some(at), Some(log)) => (log, *at),
            _ => (&mut self.file, u64::from(number.saturating_sub(1)) * self.size as u64),
        };
        if file.seek(SeekFrom::Start(at)).is_err() {
            return bytes;
        }
        let mut read = 0;
        while read < bytes.len() {
            match file.read(&mut bytes[read..]) {
                Ok(0) | Err(_) => break,
                Ok(more) => read += more,
            }
        }
        bytes
    }

    /// All rows that can be made out on a page: with their number on a leaf of a table, without one on an index's page.
    pub fn rows(&mut self, number: u32) -> Vec<(Option<i64>, Vec<Value>)> {
        let page = self.page(number);
        let head = if number == 1 { 100 } else { 0 };
        // Leaf of a table; leaf and inner page of an index. Inner pages of tables have no rows.
        let (cells, before, numbered) = match page[head] {
            13 => (head + 8, 0, true),
            10 => (head + 8, 0, false),
            2 => (head + 12, 4, false),
            _ => return Vec::new(),
        };
        let count = usize::from(u16::from_be_bytes([page[head + 3], page[head + 4]]));
        let pointers = page[cells..].chunks_exact(2).take(count);
        let places: Vec<usize> = pointers.map(|at| usize::from(u16::from_be_bytes([at[0], at[1]]))).collect();
        places.into_iter().filter_map(|at| self.row(&page, at + before, numbered)).collect()
    }

    fn row(&mut self, page: &[u8], at: usize, numbered: bool) -> Option<(Option<i64>, Vec<Value>)> {
        let (length, at) = varint(page, at)?;
        let length = usize::try_from(length).ok().filter(|length| (1..=LONGEST_ROW).contains(length))?;
        let (number, at) = match numbered {
            true => varint(page, at).map(|(number, at)| (Some(number.cast_signed()), at))?,
            false => (None, at),
        };
        let local = self.local(length, numbered);
        let mut payload = page.get(at..at + local)?.to_vec();
        if local < length {
            let next = page.get(at + local..at + local + 4)?.first_chunk()?;
            self.overflow(u32::from_be_bytes(*next), length, &mut payload)?;
        }
        Some((number, values(&payload)?))
    }

    /// How many bytes of a row stand on its own page.
    fn local(&self, length: usize, numbered: bool) -> usize {
        let usable = self.size;
        let most = if numbered { usable - 35 } else { (usable - 12) * 64 / 255 - 23 };
        if length <= most {
            return length;
        }
        let least = (usable - 12) * 32 / 255 - 23;
        let fitting = least + (length - least) % (usable - 4);
        if fitting <= most { fitting } else { least }
    }

    fn overflow(&mut self, mut next: u32, length: usize, payload: &mut Vec<u8>) -> Option<()> {
        while payload.len() < length {
            if next == 0 || (next > self.count && !self.newer.contains_key(&next)) {
                return None;
            }
            let page = self.page(next);
            next = u32::from_be_bytes(*page.first_chunk()?);
            let wanted = (length - payload.len()).min(self.size - 4);
            payload.extend_from_slice(page.get(4..4 + wanted)?);
        }
        Some(())
    }
}

/// A number of one to nine bytes, and where what follows stands.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value: u64 = 0;
    for nth in 0..8 {
        let byte = *bytes.get(at + nth)?;
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + nth + 1));
        }
    }
    Some((value << 8 | u64::from(*bytes.get(at + 8)?), at + 9))
}

fn values(payload: &[u8]) -> Option<Vec<Value>> {
    let (head, mut at) = varint(payload, 0)?;
    let head = usize::try_from(head).ok().filter(|head| *head <= payload.len())?;
    let (mut body, mut found) = (head, Vec::new());
    while at < head {
        let (kind, next) = varint(payload, at)?;
        at = next;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind as usize,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            _ => usize::try_from((kind - 12) / 2).ok()?,
        };
        let bytes = payload.get(body..body.checked_add(size)?)?;
        body += size;
        found.push(match kind {
            0 => Value::Null,
            8 => Value::Int(0),
            9 => Value::Int(1),
            1..=6 => Value::Int(signed(bytes)),
            7 => Value::Other,
            _ if kind % 2 == 0 => Value::Blob(bytes.to_vec()),
            _ => Value::Other,
        });
    }
    Some(found)
}

/// Two's complement, of up to eight bytes.
fn signed(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    bytes.iter().fold(if negative { -1 } else { 0 }, |value: i64, byte| value << 8 | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    fn all(pages: &mut Pages) -> Vec<(Option<i64>, Vec<Value>)> {
        pages.numbers().into_iter().flat_map(|number| pages.rows(number)).collect()
    }

    #[test]
    fn rows_are_read_as_sqlite_wrote_them_also_long_ones_and_those_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let (path, log) = (folder.path().join("a.db"), folder.path().join("a.db-wal"));
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, a INTEGER, b BLOB) STRICT").unwrap();
        let numbers = [0, 1, -1, 127, -128, 40_000, -40_000, 1 << 30, 1 << 45, i64::MAX, i64::MIN];
        for (nth, number) in numbers.iter().enumerate() {
            let long = vec![nth as u8; nth * 1_700];
            connection.execute("INSERT INTO t (a, b) VALUES (?1, ?2)", rusqlite::params![number, long]).unwrap();
        }
        let expected: Vec<_> = numbers.iter().enumerate().collect();
        let found = |pages: &mut Pages| {
            let rows = all(pages);
            expected.iter().all(|(nth, number)| {
                let values = vec![Value::Null, Value::Int(**number), Value::Blob(vec![*nth as u8; nth * 1_700])];
                rows.contains(&(Some(*nth as i64 + 1), values))
            })
        };
        let mut pages = Pages::open(&path, Some(&log)).unwrap();
        assert!(pages.has_log() && found(&mut pages));
        assert!(!found(&mut Pages::open(&path, None).unwrap()), "they stand in the log alone");
        drop(connection);
        assert!(found(&mut Pages::open(&path, None).unwrap()), "the last connection brought the log over");
    }

    #[test]
    fn no_bytes_make_it_panic_or_run_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut state = 7_u64;
        for kind in [2, 10, 13].into_iter().cycle().take(60) {
            let mut bytes: Vec<u8> = Vec::new();
            while bytes.len() < 3 * PAGE {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                bytes.extend_from_slice(&state.to_be_bytes());
            }
            bytes[PAGE] = kind;
            // A page of overflow that names itself.
            bytes[2 * PAGE..2 * PAGE + 4].copy_from_slice(&3_u32.to_be_bytes());
            std::fs::write(&path, &bytes).unwrap();
            all(&mut Pages::open(&path, Some(&path)).unwrap());
        }
        std::fs::write(&path, b"").unwrap();
        assert_eq!(all(&mut Pages::open(&path, None).unwrap()), []);
    }
}
