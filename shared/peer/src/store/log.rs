//! Whether the write-ahead log that a killed program has left is whole. SQLite takes a damaged frame for the place where
//! the power went and drops it with all that come after; what was committed after it would be gone without a word.
//!
//! Every commit is synced before the next one begins. So where a frame does not fit and *after* it there is a commit with
//! something behind it, no power cut was at work: the frame had been on the disk and was damaged there. The last commit
//! alone cannot be told from one that the power cut short.

use crate::PeerError;
use crate::folder::keep_file;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const HEADER: usize = 32;
const FRAME: usize = 24;
/// Of the database's pages: SQLCipher's own choice, which nobody changes.
const PAGE: usize = 4096;
/// Numbers in checksums are little-endian; one more: big-endian.
const MAGIC: u32 = 0x377f_0682;

/// Where a damaged log is kept. While it is there, checking tells of it.
pub fn kept_beside(database: &Path) -> PathBuf {
    database.with_extension("db-wal.damaged")
}

/// Looks at the log beside a database that nobody has open. One that was damaged on the disk is copied beside before
/// SQLite shortens it, so that somebody may save from it what can be saved.
pub fn keep_if_damaged(database: &Path) -> Result<(), PeerError> {
    let log = match fs::read(database.with_extension("db-wal")) {
        Ok(log) => log,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let kept = kept_beside(database);
    let damaged = if begins_as_ours(&log) { is_damaged(&log) } else { !is_in(&log, &fs::read(database)?) };
    if damaged && !kept.exists() {
        tracing::error!(kept = %kept.display(), "the log of the database was damaged on the disk; a copy is kept");
        let name = kept.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = kept.parent().unwrap_or(Path::new("."));
        keep_file(folder, &name, &log)?;
    }
    Ok(())
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_be_bytes)
}

/// SQLite's running checksum over pairs of words.
fn add(sum: (u32, u32), bytes: &[u8], big_endian: bool) -> (u32, u32) {
    let number = |four: &[u8; 4]| if big_endian { u32::from_be_bytes(*four) } else { u32::from_le_bytes(*four) };
    bytes.as_chunks::<4>().0.as_chunks::<2>().0.iter().fold(sum, |(one, other), [first, second]| {
        let one = one.wrapping_add(number(first)).wrapping_add(other);
        (one, other.wrapping_add(number(second)).wrapping_add(one))
    })
}

fn begins_as_ours(log: &[u8]) -> bool {
    log.len() < HEADER + FRAME || (word(log, 0) & !1 == MAGIC && word(log, 8) as usize == PAGE)
}

/// Whether everything committed in a log without a beginning stands in the database: a power cut tears the header when
/// the log begins anew, and that happens when all of it was brought over.
fn is_in(log: &[u8], database: &[u8]) -> bool {
    let frames: Vec<&[u8]> = log[HEADER..].chunks_exact(FRAME + PAGE).collect();
    let life = frames.first().map_or(&[][..], |frame| &frame[8..16]);
    let frames: Vec<&[u8]> = frames.iter().copied().take_while(|frame| &frame[8..16] == life).collect();
    let committed = frames.iter().rposition(|frame| word(frame, 4) != 0).map_or(0, |last| last + 1);
    // Of several versions of a page the last one stays.
    let newest: BTreeMap<usize, &[u8]> =
        frames[..committed].iter().map(|frame| (word(frame, 0) as usize, &frame[FRAME..])).collect();
    newest.into_iter().all(|(number, page)| {
        let start = number.saturating_sub(1) * PAGE;
        database.get(start..start + PAGE) == Some(page)
    })
}

fn is_damaged(log: &[u8]) -> bool {
    if log.len() < HEADER {
        return false;
    }
    let big_endian = word(log, 0) & 1 == 1;
    let mut sum = add((0, 0), &log[..24], big_endian);
    let mut fits = sum == (word(log, 24), word(log, 28));
    // A commit after the first frame that does not fit.
    let mut commit_after = false;
    for frame in log[HEADER..].chunks_exact(FRAME + PAGE) {
        if frame[8..16] != log[16..24] {
            // Of an earlier life of the log, and in the database; or damaged, if frames of this life follow.
            fits = false;
            continue;
        }
        if commit_after {
            return true;
        }
        if fits {
            sum = add(add(sum, &frame[..8], big_endian), &frame[FRAME..], big_endian);
            fits = sum == (word(frame, 16), word(frame, 20));
        }
        commit_after = !fits && word(frame, 4) != 0;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;
    use signing::Secret;

    /// A log of several commits, as a killed program leaves it.
    fn log() -> Vec<u8> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("valiza.db");
        let connection = store::create(&path, &Secret::new([1; 32])).unwrap();
        for n in 0..5_u8 {
            store::meta::put(&connection, "test", &[n; 3000]).unwrap();
        }
        fs::read(path.with_extension("db-wal")).unwrap()
    }

    fn frames(log: &[u8]) -> Vec<usize> {
        (HEADER..log.len()).step_by(FRAME + word(log, 8) as usize).collect()
    }

    #[test]
    fn a_log_that_the_power_cut_short_is_not_damaged() {
        let whole = log();
        assert!(!is_damaged(&whole) && !is_damaged(&[]) && !is_damaged(&[1; 100]));
        (0..whole.len()).step_by(97).for_each(|end| assert!(!is_damaged(&whole[..end]), "cut at {end}"));
        let mut torn = whole.clone();
        let last = frames(&whole).pop().unwrap();
        torn[last + 100] ^= 1;
        assert!(!is_damaged(&torn), "the last commit may be torn");
    }

    #[test]
    fn a_log_without_a_beginning_is_damaged_unless_the_database_has_it() {
        let mut log = log();
        let frames = frames(&log);
        let mut database = vec![0; 100 * PAGE];
        for at in &frames {
            let start = (word(&log, *at) as usize - 1) * PAGE;
            database[start..start + PAGE].copy_from_slice(&log[at + FRAME..at + FRAME + PAGE]);
        }
        log[0] ^= 1;
        assert!(!begins_as_ours(&log) && is_in(&log, &database));
        database[(word(&log, frames[0]) as usize - 1) * PAGE] ^= 1;
        assert!(!is_in(&log, &database));
    }

    #[test]
    fn a_frame_with_commits_after_it_that_does_not_fit_is_damage() {
        let whole = log();
        let commits = frames(&whole).into_iter().filter(|at| word(&whole, at + 4) != 0).collect::<Vec<_>>();
        assert!(commits.len() >= 5);
        for at in [commits[0], commits[1] + 8, commits[2] + 1000, commits[commits.len() - 2] + FRAME + 7] {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x10;
            assert!(is_damaged(&damaged), "{at}");
        }
        let mut header = whole.clone();
        header[13] ^= 1;
        assert!(is_damaged(&header));
    }
}
