//! The database's file page by page, beside SQLite: which pages are not what was written. Nothing is decrypted, and no page
//! is passed over because it is empty or because somebody has it in memory.
//!
//! Whoever closes a file in this process takes the locks of SQLite on it away, so a [`PageFile`] stays open as long as
//! any connection does.

use crate::PeerError;
use rusqlite::{Connection, Row};
use sealing::DatabasePages;
use signing::Secret;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::OnceLock;

const BYTES: usize = DatabasePages::BYTES;
const SALT: usize = 16;

/// The open file, and the database's key.
pub struct PageFile {
    file: File,
    key: Secret<32>,
    /// What the first page begins with and all others are told by: as it was when that page was seen whole.
    salt: OnceLock<[u8; SALT]>,
}

/// What a look at some pages found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looked {
    /// Pages that are in the file and were looked at.
    pub pages: u32,
    /// Numbers of those that are not what was written, or do not read.
    pub damaged: BTreeSet<u32>,
    /// Numbers of those that are all zeros: damaged, if anything uses them.
    pub zeros: BTreeSet<u32>,
    /// The first page is damaged, and without it none of these can be told.
    pub blind: bool,
}

impl Looked {
    /// One for each damaged page; one for all if none can be told.
    pub fn sentences(&self) -> Vec<String> {
        if self.blind {
            return vec![salvage::damaged_first_page()];
        }
        self.damaged.iter().copied().map(salvage::damaged_page).collect()
    }
}

impl PageFile {
    /// Opens it to read.
    pub fn open(path: &Path, key: &Secret<32>) -> Result<Self, PeerError> {
        let file = Self { file: File::open(path)?, key: key.duplicate(), salt: OnceLock::new() };
        // While it is whole: later its damage may take the salt away.
        file.first()?;
        Ok(file)
    }

    /// Whole pages that the file has room for.
    pub fn pages(&self) -> Result<u32, PeerError> {
        Ok(u32::try_from(self.file.metadata()?.len() / BYTES as u64).unwrap_or(u32::MAX))
    }

    /// The salt, and whether it is known to be the right one; `None`: it does not read.
    fn first(&self) -> Result<Option<([u8; SALT], bool)>, PeerError> {
        if let Some(salt) = self.salt.get() {
            return Ok(Some((*salt, true)));
        }
        let mut page = [0; BYTES];
        if self.read(0, &mut page).is_err() {
            return Ok(None);
        }
        let mut salt = [0; SALT];
        salt.copy_from_slice(&page[..SALT]);
        let is_whole = DatabasePages::new(&self.key, &salt).is_whole(1, &page);
        Ok(Some((if is_whole { *self.salt.get_or_init(|| salt) } else { salt }, is_whole)))
    }

    /// Looks at `count` pages from `first` on, from 1, as far as there are any.
    pub fn look(&self, first: u32, count: u32) -> Result<Looked, PeerError> {
        let mut looked = Looked::default();
        let end = first.saturating_add(count).min(self.pages()?.saturating_add(1));
        let Some((salt, is_sure)) = self.first()? else {
            // Without it no page can be told.
            looked.damaged.extend(first..end);
            looked.pages = end.saturating_sub(first);
            looked.blind = looked.pages > 0;
            return Ok(looked);
        };
        let pages = DatabasePages::new(&self.key, &salt);
        let (mut page, mut whole) = ([0; BYTES], 0);
        for number in first..end {
            looked.pages += 1;
            match self.read(u64::from(number - 1) * BYTES as u64, &mut page) {
                Ok(()) if number > 1 && page == [0; BYTES] => drop(looked.zeros.insert(number)),
                Ok(()) if pages.is_whole(number, &page) && (number > 1 || page[..SALT] == salt) => whole += 1,
                // The file may have become shorter meanwhile.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Ok(()) | Err(_) => drop(looked.damaged.insert(number)),
            }
        }
        looked.blind = !is_sure && whole == 0 && looked.damaged.len() > 1;
        Ok(looked)
    }

    fn read(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(bytes)
    }
}

/// Brings what was committed into the file. False if somebody reads an older state: then the file may hold less than the
/// log, and what is torn in it counts for nothing.
pub fn bring_over(connection: &Connection) -> Result<bool, PeerError> {
    checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)")
}

fn checkpoint(connection: &Connection, how: &str) -> Result<bool, PeerError> {
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let (busy, log, done): (i64, i64, i64) = connection.query_row(how, [], row)?;
    Ok(busy == 0 && log == done)
}

/// Those of these pages that a table or an index uses; all, where the way to some page is damaged. Reads the whole
/// database: for the rare page of zeros.
pub fn in_use(connection: &Connection, pages: &BTreeSet<u32>) -> Result<BTreeSet<u32>, PeerError> {
    if pages.is_empty() {
        return Ok(BTreeSet::new());
    }
    match used_of(connection, pages) {
        Err(PeerError::Damaged(_)) => Ok(pages.clone()),
        used => used,
    }
}

fn used_of(connection: &Connection, pages: &BTreeSet<u32>) -> Result<BTreeSet<u32>, PeerError> {
    let mut statement = connection.prepare("SELECT pageno FROM dbstat")?;
    let mut rows = statement.query([])?;
    let mut used = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let page = row.get(0)?;
        if pages.contains(&page) {
            used.insert(page);
        }
    }
    Ok(used)
}

/// What is wrong with all pages, one sentence each, of a database that nobody writes to meanwhile.
pub fn faults(file: &PageFile, connection: &Connection) -> Result<Vec<String>, PeerError> {
    // Whoever reads an older state is waited for.
    if !checkpoint(connection, "PRAGMA wal_checkpoint(FULL)")? {
        return Err(PeerError::Busy);
    }
    let mut looked = file.look(1, file.pages()?)?;
    let used = in_use(connection, &looked.zeros)?;
    looked.damaged.extend(used);
    Ok(looked.sentences())
}

/// As [`faults`], of a file that does not open as a database. Whether anything uses a page of zeros is not known then.
pub fn faults_of_file(file: &PageFile) -> Result<Vec<String>, PeerError> {
    Ok(file.look(1, file.pages()?)?.sentences())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;
    use std::fs;

    #[test]
    fn a_page_is_whole_for_us_where_it_is_for_sqlcipher() {
        let dir = tempfile::tempdir().unwrap();
        let (path, key) = (dir.path().join("valiza.db"), Secret::new([7; 32]));
        let connection = store::create(&path, &key).unwrap();
        for n in 0..40_u8 {
            store::meta::put(&connection, &format!("name {n}"), &[n; 3000]).unwrap();
        }
        (0..20_u8).for_each(|n| store::meta::remove(&connection, &format!("name {n}")).unwrap());
        let file = PageFile::open(&path, &key).unwrap();
        assert_eq!(faults(&file, &connection).unwrap(), Vec::<String>::new());
        let count = file.pages().unwrap();
        assert!(count > 40, "{count}");
        drop((file, connection));
        let whole = fs::read(&path).unwrap();
        let asked = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            let theirs = store::open(&path, &key).and_then(|connection| {
                let mut check = connection.prepare("PRAGMA cipher_integrity_check")?;
                let lines = check.query_map([], |row| row.get::<_, String>(0))?;
                Ok(lines.collect::<Result<Vec<_>, _>>()?)
            });
            let ours = PageFile::open(&path, &key).unwrap().look(1, u32::MAX).unwrap();
            (ours.damaged, theirs.map_or(1, |lines| lines.len()))
        };
        assert_eq!(asked(&whole), (BTreeSet::new(), 0));
        for number in 2..=count {
            // A bit in what is sealed, in the nonce, in the tag; and another page's bytes.
            for at in [9, 2000, 4020, 4090] {
                let mut damaged = whole.clone();
                damaged[(number as usize - 1) * BYTES + at] ^= 1;
                assert_eq!(asked(&damaged), (BTreeSet::from([number]), 1), "page {number}, byte {at}");
            }
            let mut moved = whole.clone();
            let other = (number % (count - 1) + 2).min(count) as usize - 1;
            moved.copy_within(other * BYTES..(other + 1) * BYTES, (number as usize - 1) * BYTES);
            if moved != whole {
                assert_eq!(asked(&moved).0, BTreeSet::from([number]), "page {number}");
            }
        }
        let mut salted = whole.clone();
        salted[3] ^= 1;
        assert_eq!(asked(&salted).0.len(), count as usize, "without the salt no page opens");
        let file = PageFile::open(&path, &key).unwrap();
        assert_eq!(faults_of_file(&file).unwrap(), [salvage::damaged_first_page()]);
        // Whoever saw it whole knows what it was, and that nothing else is damaged.
        fs::write(&path, &whole).unwrap();
        let file = PageFile::open(&path, &key).unwrap();
        fs::write(&path, &salted).unwrap();
        assert_eq!(faults_of_file(&file).unwrap(), [salvage::damaged_page(1)]);
        drop(file);
        let mut first = whole;
        first[100] ^= 1;
        assert_eq!(asked(&first).0, BTreeSet::from([1]));
    }
}
