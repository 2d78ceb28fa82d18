//! What stands in a backup: the file `manifest`, lines of text that a person can read without a program.
//!
//! ```text
//! valiza-backup 1
//! made 1795255200000 2026-11-21T10:00:00.000Z      ms since 1970, and the same for people
//! program 0.1.0
//! tenant <id> <root's Ed25519 key>                 missing if a sealed desk was copied alone
//! half hub 1                                       1: its contents were opened and checked, 0: bytes only
//! lineage <id>                                     the hub's life, as this half knew it
//! position 1207                                    of the hub's log
//! chain <id> <seq> <hash>                          up to where each chain is held
//! file hub/hub.db 4096 <hash>                      size, SHA-256 with the label valiza/1/backup
//! half desk 1
//! …
//! sum <hash>                                       of all lines before it
//! ```

use super::super::{DeskError, ErrorKind};
use chain::{ChainHead, Link};
use clock::Time;
use ids::{LineageId, TenantId};
use signing::{Hash, Label, VerifyingKey};
use std::fmt::Write as _;
use std::str::{FromStr, SplitWhitespace};

/// The manifest's name in its folder.
pub const NAME: &str = "manifest";
/// The version that this program writes, and the only one there was.
const VERSION: u32 = 1;
/// No backup has a longer one.
pub const LONGEST: u64 = 16 << 20;

/// Which half of a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Half {
    /// The hub's folder.
    Hub,
    /// The desk's folder.
    Desk,
}

impl Half {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Hub, Self::Desk];

    /// Its name, which is its folder's name, too.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Desk => "desk",
        }
    }

    /// From its name.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|half| half.text() == text)
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    /// Below the half's folder; one name without folders.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Of its bytes.
    pub hash: Hash,
}

/// Up to what a half holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// False where a sealed desk was copied: its bytes are whole, what they say nobody could read.
    pub opened: bool,
    /// The hub's life, as this half knew it.
    pub lineage: Option<LineageId>,
    /// Of the hub's log.
    pub position: Option<u64>,
    /// Up to where each chain is held.
    pub heads: Vec<ChainHead>,
}

/// One half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub half: Half,
    /// Up to what.
    pub contents: Contents,
    /// Its files.
    pub files: Vec<FileLine>,
}

/// Everything a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// When it was made.
    pub made: Time,
    /// The program's version.
    pub program: String,
    /// Whose community, with its root's key; `None` if a sealed desk was copied alone.
    pub tenant: Option<(TenantId, VerifyingKey)>,
    /// The halves in it, each once.
    pub parts: Vec<Part>,
}

impl Manifest {
    /// The half, if it is in the backup.
    pub fn part(&self, half: Half) -> Option<&Part> {
        self.parts.iter().find(|part| part.half == half)
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.parts.iter().flat_map(|part| &part.files).map(|file| file.size).sum()
    }

    /// As it is written.
    pub fn to_text(&self) -> String {
        let mut text =
            format!("valiza-backup {VERSION}\nmade {} {}\nprogram {}\n", self.made.0, self.made, self.program);
        let mut line = |words: std::fmt::Arguments<'_>| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{words}");
        };
        if let Some((tenant, root)) = &self.tenant {
            line(format_args!("tenant {tenant} {}", Hash(root.0)));
        }
        for part in &self.parts {
            line(format_args!("half {} {}", part.half.text(), u8::from(part.contents.opened)));
            if let Some(lineage) = part.contents.lineage {
                line(format_args!("lineage {lineage}"));
            }
            if let Some(position) = part.contents.position {
                line(format_args!("position {position}"));
            }
            for ChainHead { chain, end } in &part.contents.heads {
                line(format_args!("chain {chain} {} {}", end.seq, end.hash));
            }
            for file in &part.files {
                line(format_args!("file {}/{} {} {}", part.half.text(), file.name, file.size, file.hash));
            }
        }
        let sum = Hash::of(Label::Backup, text.as_bytes());
        text + &format!("sum {sum}\n")
    }

    /// Reads it; refuses what is damaged, not ours, or of another version, each in its own words.
    pub fn from_text(text: &str) -> Result<Self, DeskError> {
        let first = text.lines().next().unwrap_or_default();
        match first.strip_prefix("valiza-backup ").map(str::parse::<u32>) {
            Some(Ok(VERSION)) => {}
            Some(Ok(other)) => return Err(version(other)),
            _ => return Err(not_ours()),
        }
        let (before, sum) = text.rsplit_once("sum ").ok_or_else(|| damaged("sum"))?;
        if sum != format!("{}\n", Hash::of(Label::Backup, before.as_bytes())) {
            return Err(damaged("sum"));
        }
        let mut manifest = Self { made: Time(0), program: String::new(), tenant: None, parts: Vec::new() };
        for line in before.lines().skip(1) {
            manifest.read(line).ok_or_else(|| damaged(&line.chars().take(60).collect::<String>()))?;
        }
        if manifest.program.is_empty() {
            return Err(damaged("program"));
        }
        Ok(manifest)
    }

    fn read(&mut self, line: &str) -> Option<()> {
        let mut words = line.split_whitespace();
        match words.next()? {
            "made" => {
                self.made = Time(next(&mut words)?);
                // What people read is what the number says; a time that no calendar knows has two words.
                (words.next()? == self.made.to_string()).then_some(())?;
            }
            "program" => self.program = words.next()?.to_owned(),
            "tenant" => self.tenant = Some((next(&mut words)?, VerifyingKey(hash(&mut words)?.0))),
            "half" => {
                let half = Half::from_text(words.next()?)?;
                let opened = match words.next()? {
                    "0" => false,
                    "1" => true,
                    _ => return None,
                };
                if self.part(half).is_some() {
                    return None;
                }
                self.parts.push(Part { half, contents: Contents { opened, ..Contents::default() }, files: Vec::new() });
            }
            "lineage" => self.parts.last_mut()?.contents.lineage = Some(next(&mut words)?),
            "position" => self.parts.last_mut()?.contents.position = Some(next(&mut words)?),
            "chain" => {
                let (chain, seq, hash) = (next(&mut words)?, next(&mut words)?, hash(&mut words)?);
                self.parts.last_mut()?.contents.heads.push(ChainHead { chain, end: Link { seq, hash } });
            }
            "file" => {
                let part = self.parts.last_mut()?;
                let name = words.next()?.strip_prefix(part.half.text())?.strip_prefix('/')?;
                let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || b".-".contains(&byte));
                if !plain || name.is_empty() || name.starts_with('.') {
                    return None;
                }
                let name = name.to_owned();
                part.files.push(FileLine { name, size: next(&mut words)?, hash: hash(&mut words)? });
            }
            _ => return None,
        }
        words.next().is_none().then_some(())
    }
}

fn next<T: FromStr>(words: &mut SplitWhitespace<'_>) -> Option<T> {
    words.next()?.parse().ok()
}

fn hash(words: &mut SplitWhitespace<'_>) -> Option<Hash> {
    let text = words.next()?;
    let mut hash = Hash::ZERO;
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in hash.0.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(hash)
}

fn version(found: u32) -> DeskError {
    if found > VERSION {
        return DeskError::refused(
            format!("копію зробила новіша програма (формат {found}, тут {VERSION}): оновіть програму"),
            format!("a later program made this backup (format {found}, here {VERSION}): update this program"),
        );
    }
    DeskError::refused(
        format!("копія старого формату {found}, тут {VERSION}: відновіть її програмою, що її зробила"),
        format!("the backup's format {found} is older than {VERSION}: restore it with the program that made it"),
    )
}

/// The folder holds something else.
pub(super) fn not_ours() -> DeskError {
    DeskError::refused(
        "це не резервна копія «Валізи»: вкажіть папку, в якій лежить файл manifest",
        "this is no backup of Valiza: name the folder that holds the file manifest",
    )
}

fn damaged(what: &str) -> DeskError {
    DeskError::new(
        ErrorKind::Damaged,
        format!("перелік файлів копії пошкоджено ({what}): візьміть іншу копію"),
        format!("the backup's list of files is damaged ({what}): take another backup"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::ChainId;

    fn sample() -> Manifest {
        let head = ChainHead { chain: ChainId::from_bytes([5; 16]), end: Link { seq: 12, hash: Hash([6; 32]) } };
        let file = |name: &str, size| FileLine { name: name.to_owned(), size, hash: Hash([7; 32]) };
        let hub = Contents {
            opened: true,
            lineage: Some(LineageId::from_bytes([4; 16])),
            position: Some(1207),
            heads: vec![head],
        };
        Manifest {
            made: Time(1_795_255_200_000),
            program: "0.1.0".into(),
            tenant: Some((TenantId::from_bytes([3; 16]), VerifyingKey([2; 32]))),
            parts: vec![
                Part { half: Half::Hub, contents: hub, files: vec![file("hub.db", 4096), file("hub.key", 32)] },
                Part { half: Half::Desk, contents: Contents::default(), files: vec![file("valiza.db-wal", 0)] },
            ],
        }
    }

    #[test]
    fn it_is_written_so_and_read_back() {
        let text = sample().to_text();
        assert_eq!(Manifest::from_text(&text).unwrap(), sample());
        let golden = "valiza-backup 1\nmade 1795255200000 2026-11-21T10:00:00.000Z\nprogram 0.1.0\n\
            tenant 03030303-0303-0303-0303-030303030303 0202020202020202020202020202020202020202020202020202020202020202\n\
            half hub 1\nlineage 04040404-0404-0404-0404-040404040404\nposition 1207\n\
            chain 05050505-0505-0505-0505-050505050505 12 0606060606060606060606060606060606060606060606060606060606060606\n\
            file hub/hub.db 4096 0707070707070707070707070707070707070707070707070707070707070707\n\
            file hub/hub.key 32 0707070707070707070707070707070707070707070707070707070707070707\n\
            half desk 0\nfile desk/valiza.db-wal 0 0707070707070707070707070707070707070707070707070707070707070707\nsum ";
        assert!(text.starts_with(golden), "{text}");
        assert_eq!((sample().bytes(), text.lines().count()), (4128, 13));
    }

    #[test]
    fn any_other_character_is_noticed() {
        let text = sample().to_text();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let changed = String::from_utf8(bytes).unwrap();
            assert!(Manifest::from_text(&changed).is_err(), "at {at}");
            assert!(Manifest::from_text(&text[..at]).is_err(), "cut at {at}");
        }
        assert!(Manifest::from_text(&format!("{text} ")).is_err());
    }

    #[test]
    fn a_list_that_names_no_program_is_damaged() {
        let text = sample().to_text().replacen("program 0.1.0\n", "", 1);
        let before = text.rsplit_once("sum ").unwrap().0;
        let resummed = format!("{before}sum {}\n", Hash::of(Label::Backup, before.as_bytes()));
        assert_eq!(Manifest::from_text(&resummed).unwrap_err().kind, ErrorKind::Damaged);
    }

    #[test]
    fn a_time_that_people_read_otherwise_or_no_calendar_knows_is_damage() {
        let text = sample().to_text();
        let made = text.lines().nth(1).unwrap().to_owned();
        for other in ["made 17954000000000210 17954000000000210", "made 1795255200000 2026-11-20T10:00:00.000Z"] {
            let text = text.replacen(&made, other, 1);
            let before = text.rsplit_once("sum ").unwrap().0;
            let resummed = format!("{before}sum {}\n", Hash::of(Label::Backup, before.as_bytes()));
            assert_eq!(Manifest::from_text(&resummed).unwrap_err().kind, ErrorKind::Damaged, "{other}");
        }
    }

    #[test]
    fn other_versions_are_told_apart_from_foreign_files() {
        let error = |text: &str| Manifest::from_text(text).unwrap_err();
        assert!(error("valiza-backup 2\n").sentence.en.contains("later program"));
        assert!(error("valiza-backup 0\n").sentence.en.contains("older"));
        assert!(error("PK\x03\x04").sentence.en.contains("no backup"));
        assert_eq!(error("valiza-backup 1\nmade").kind, ErrorKind::Damaged);
    }

    #[test]
    fn no_file_lies_outside_its_half() {
        let resummed = |text: &str| {
            let before = text.rsplit_once("sum ").unwrap().0;
            format!("{before}sum {}\n", Hash::of(Label::Backup, before.as_bytes()))
        };
        let text = sample().to_text();
        for name in ["hub/../x", "desk/hub.db", "hub/", "/etc/passwd", "hub/.x", "hub/a/b"] {
            let changed = resummed(&text.replacen("hub/hub.db", name, 1));
            assert!(Manifest::from_text(&changed).is_err(), "{name}");
        }
        assert!(Manifest::from_text(&resummed(&text.replacen("half desk", "half hub", 1))).is_err());
    }
}
