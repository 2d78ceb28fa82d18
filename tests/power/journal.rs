//! What the interposer wrote down, read back.

use std::path::{Path, PathBuf};

/// One thing that a program did, in the order in which it did them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A program began; numbers of files begin anew.
    Began,
    /// A file that was there got a number.
    Opened { file: u32, path: PathBuf },
    /// A file was made.
    Made { file: u32, path: PathBuf },
    /// Bytes were written.
    Wrote { file: u32, at: u64, bytes: Vec<u8> },
    /// A file was cut or lengthened.
    Length { file: u32, length: u64 },
    /// A file was synced.
    Synced { file: u32 },
    /// Syncing a file failed: what was not on the disk is forgotten.
    SyncFailed { file: u32 },
    /// A folder was synced.
    FolderSynced { path: PathBuf },
    /// A name was moved.
    Renamed { from: PathBuf, to: PathBuf },
    /// A file's name was taken away.
    Removed { path: PathBuf },
    /// A folder was made.
    FolderMade { path: PathBuf },
    /// A folder was taken away.
    FolderRemoved { path: PathBuf },
    /// The program said something on standard output.
    Said(String),
    /// The program sent something.
    Sent,
    /// A call was made to fail.
    Failed,
    /// The power went.
    Off,
}

impl Step {
    /// For a person who looks at a loss.
    pub fn in_words(&self) -> String {
        match self {
            Self::Wrote { file, at, bytes } => format!("Wrote {{ file: {file}, at: {at}, {} bytes }}", bytes.len()),
            other => format!("{other:?}"),
        }
    }

    /// Whether the disk differs after it: each of these is a place to cut.
    pub fn changes(&self) -> bool {
        !matches!(self, Self::Began | Self::Opened { .. } | Self::Said(_) | Self::Sent | Self::Failed | Self::Off)
    }
}

/// Reads a journal; panics at what the model does not know, as its results would be worthless.
pub fn read(path: &Path) -> Vec<Step> {
    let bytes = std::fs::read(path).unwrap_or_default();
    let (mut rest, mut steps) = (&bytes[..], Vec::new());
    while let Some((head, more)) = rest.split_first_chunk::<21>() {
        let length = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().expect("four bytes")) as usize;
        let (first, more) = more.split_at(length(13));
        let (second, more) = more.split_at(length(17));
        let number = u64::from_le_bytes(head[5..13].try_into().expect("eight bytes"));
        steps.push(step(head[0], length(1) as u32, number, first, second));
        rest = more;
    }
    assert!(rest.is_empty(), "the journal ends in the middle of a step");
    steps
}

fn step(kind: u8, file: u32, number: u64, first: &[u8], second: &[u8]) -> Step {
    let path = |bytes: &[u8]| PathBuf::from(String::from_utf8(bytes.to_vec()).expect("a path in UTF-8"));
    match kind {
        b'B' => Step::Began,
        b'O' => Step::Opened { file, path: path(first) },
        b'N' => Step::Made { file, path: path(first) },
        b'W' => Step::Wrote { file, at: number, bytes: first.to_vec() },
        b'T' => Step::Length { file, length: number },
        b'S' => Step::Synced { file },
        b'E' => Step::SyncFailed { file },
        b'D' => Step::FolderSynced { path: path(first) },
        b'R' => Step::Renamed { from: path(first), to: path(second) },
        b'U' => Step::Removed { path: path(first) },
        b'K' => Step::FolderMade { path: path(first) },
        b'X' => Step::FolderRemoved { path: path(first) },
        b'A' => Step::Said(String::from_utf8_lossy(first).into_owned()),
        b'P' => Step::Sent,
        b'F' => Step::Failed,
        b'!' => Step::Off,
        _ => panic!("the model knows nothing of this: {:?}", String::from_utf8_lossy(first)),
    }
}
