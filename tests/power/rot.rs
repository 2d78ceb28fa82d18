//! Damages that no program did, thrown by a seed, and what became of them.

use super::film::{copy, quick_folder};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use valiza_tests::invented::Dice;

const PAGE: usize = 4096;

/// What became of one damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Became {
    /// It was said that something is wrong.
    Noticed,
    /// Everything that can be read is as it was.
    Harmless,
    /// Something was wrong, and nothing was said.
    Silent,
}

/// One damage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Of the file.
    pub name: String,
    /// `bit`, `sector`, `page`, `swap`, `cut`, `longer`.
    pub kind: String,
    pub became: Became,
    /// Where, for a person.
    pub place: String,
}

/// All damages of one program. With a file it goes on where an earlier run stopped: seeds count on, scenes are made anew.
pub struct Tally {
    of: &'static str,
    file: Option<PathBuf>,
    pub all: Vec<Damage>,
}

impl Tally {
    /// Of a run that begins anew.
    pub fn new(of: &'static str) -> Self {
        Self { of, file: None, all: Vec::new() }
    }

    /// Of a long run, kept below the build's folder until it is complete.
    pub fn kept(of: &'static str) -> Self {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("damages-{}", of.replace(' ', "-")));
        let text = fs::read_to_string(&file).unwrap_or_default();
        let all = text.lines().filter_map(Damage::from_line).collect();
        Self { of, file: Some(file), all }
    }

    fn add(&mut self, damage: Damage) {
        if let Some(path) = &self.file {
            let mut file = fs::File::options().create(true).append(true).open(path).expect("the build's folder");
            writeln!(file, "{}", damage.line()).expect("a line is written");
        }
        self.all.push(damage);
    }

    /// The number of the next damage.
    pub fn next(&self) -> usize {
        self.all.len()
    }

    /// Damages with the seeds from the next one to `count`; `read` gives everything that can be read, or says what is wrong.
    pub fn damage_files(
        &mut self,
        folder: &Path,
        count: usize,
        mut read: impl FnMut(&Path) -> Result<Vec<String>, String>,
    ) {
        let dir = quick_folder();
        let whole = dir.path().join("whole");
        copy(folder, &whole);
        let expected = read(&whole).expect("undamaged it is whole");
        let all = files(folder);
        // The largest has most to lose: every second damage hits it.
        let largest = all.iter().max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
        for seed in self.next()..count {
            let path = if seed % 2 == 0 { largest } else { &all[seed / 2 % all.len()] };
            let name = path.strip_prefix(folder).unwrap();
            self.try_one(&dir.path().join("work"), folder, name, seed, |work, changed| match read(work) {
                Err(_) => (Became::Noticed, String::new()),
                Ok(found) if found == expected || !changed => (Became::Harmless, String::new()),
                Ok(found) => {
                    let more = found.iter().find(|line| !expected.contains(line));
                    let other = more.or(expected.iter().find(|line| !found.contains(line)));
                    (Became::Silent, format!(": {other:?}"))
                }
            });
        }
    }

    /// One damage to the file `name` of a copy of `folder`; `look` says what became of it, and whether bytes differ it
    /// is told.
    pub fn try_one(
        &mut self,
        work: &Path,
        folder: &Path,
        name: &Path,
        seed: usize,
        look: impl FnOnce(&Path, bool) -> (Became, String),
    ) {
        copy(folder, work);
        let before = fs::read(folder.join(name)).unwrap();
        let mut bytes = before.clone();
        let (kind, place) = damage(&mut bytes, &mut Dice::new(seed as u64));
        fs::write(work.join(name), &bytes).unwrap();
        let (became, more) = look(work, bytes != before);
        fs::remove_dir_all(work).unwrap();
        let name = name.file_name().unwrap().to_string_lossy().into_owned();
        self.add(Damage { name, kind: kind.to_owned(), became, place: format!("seed {seed}, {place}{more}") });
    }

    /// None is silent, and enough was looked at.
    #[track_caller]
    pub fn none_silent(&self, count: usize) {
        print!("{}", self.table());
        let silent: Vec<String> =
            self.all.iter().filter(|one| one.became == Became::Silent).map(Damage::line).collect();
        let few = &silent[..silent.len().min(12)];
        assert!(few.is_empty(), "{}: {} not noticed:\n{}", self.of, silent.len(), few.join("\n"));
        let noticed = self.all.iter().filter(|one| one.became == Became::Noticed).count();
        assert!(noticed * 3 > count, "{}: only {noticed} of {count} were noticed", self.of);
        assert_eq!(self.all.len(), count, "{}", self.of);
    }

    /// A long run is over; the next one begins anew.
    pub fn forget(&self) {
        if let Some(path) = &self.file {
            fs::rename(path, path.with_extension("done")).expect("the build's folder");
        }
    }

    /// A line for each file: how many damages of which kind, noticed and harmless.
    fn table(&self) -> String {
        let mut rows: BTreeMap<(&str, &str), (u32, u32)> = BTreeMap::new();
        let mut total = (0, 0);
        for one in &self.all {
            let row = rows.entry((&one.name, &one.kind)).or_default();
            match one.became {
                Became::Noticed => (row.0, total.0) = (row.0 + 1, total.0 + 1),
                Became::Harmless | Became::Silent => (row.1, total.1) = (row.1 + 1, total.1 + 1),
            }
        }
        let mut text = format!("{}: {} damages, {} noticed, {} harmless\n", self.of, self.all.len(), total.0, total.1);
        for ((name, kind), (noticed, harmless)) in rows {
            text += &format!("  {name:20} {kind:8} {noticed:4} noticed {harmless:4} harmless\n");
        }
        text
    }
}

impl Damage {
    fn line(&self) -> String {
        format!("{}\t{}\t{:?}\t{}", self.name, self.kind, self.became, self.place.replace(['\t', '\n'], " "))
    }

    fn from_line(line: &str) -> Option<Self> {
        let mut parts = line.splitn(4, '\t').map(str::to_owned);
        let (name, kind) = (parts.next()?, parts.next()?);
        let became = match parts.next()?.as_str() {
            "Noticed" => Became::Noticed,
            "Harmless" => Became::Harmless,
            "Silent" => Became::Silent,
            _ => return None,
        };
        Some(Self { name, kind, became, place: parts.next()? })
    }
}

/// Everything in files of a folder and below, but what is no data: locks, SQLite's index.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else if fs::metadata(&entry).unwrap().len() > 0 && !entry.to_str().unwrap().ends_with("-shm") {
            found.push(entry);
        }
    }
    found.sort();
    found
}

/// One damage; gives back its kind and where it is.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) -> (&'static str, String) {
    let (at, pages) = (dice.below(bytes.len()), bytes.len() / PAGE);
    let zero = |bytes: &mut Vec<u8>, from: usize, size: usize| {
        let end = (from + size).min(bytes.len());
        bytes[from..end].fill(0);
    };
    match dice.below(10) {
        0..=4 => {
            let bit = dice.below(8);
            bytes[at] ^= 1 << bit;
            ("bit", format!("bit {bit} of byte {at}"))
        }
        5 => {
            zero(bytes, at / 512 * 512, 512);
            ("sector", format!("a sector of zeros at {}", at / 512 * 512))
        }
        6 => {
            zero(bytes, at / PAGE * PAGE, PAGE);
            ("page", format!("a page of zeros at {}", at / PAGE * PAGE))
        }
        7 if pages > 1 => {
            let (one, other) = (dice.below(pages) * PAGE, dice.below(pages) * PAGE);
            let kept = bytes[one..one + PAGE].to_vec();
            bytes.copy_within(other..other + PAGE, one);
            bytes[other..other + PAGE].copy_from_slice(&kept);
            ("swap", format!("pages at {one} and {other} in each other's place"))
        }
        8 => {
            bytes.truncate(at);
            ("cut", format!("cut at {at}"))
        }
        _ => {
            bytes.extend((0..1 + at % 700).map(|_| dice.below(256) as u8));
            ("longer", format!("{} bytes longer", 1 + at % 700))
        }
    }
}
