//! The model of a disk: what is on it for certain, and what it may hold if the power goes now. See `README.md`.

use super::journal::Step;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Component, Path, PathBuf};
use valiza_tests::invented::Dice;

/// What a disk writes as a whole or not at all.
const SECTOR: usize = 512;

/// Which promises a drive keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drive {
    /// What was synced is there.
    Honest,
    /// Syncing files does nothing: the drive lies.
    SyncsNothing,
    /// Syncing the write-ahead log does nothing: as with `synchronous = NORMAL`.
    SyncsNoLog,
    /// Syncing folders does nothing: as a program that forgot it.
    SyncsNoFolder,
}

/// A change of a file's bytes since it was synced.
#[derive(Debug, Clone)]
enum Change {
    Wrote { at: usize, bytes: Vec<u8> },
    Length(usize),
}

/// A change of a folder's names since it was synced.
#[derive(Debug, Clone)]
enum Naming {
    Put(String, usize),
    Move(String, String, usize),
    Take(String),
}

type Names = BTreeMap<String, usize>;

#[derive(Debug, Clone)]
enum Node {
    File { durable: Vec<u8>, pending: Vec<Change> },
    Folder { durable: Names, now: Names, pending: Vec<Naming> },
}

/// A folder on a disk.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    nodes: Vec<Node>,
    open: HashMap<u32, usize>,
    drive: Drive,
}

/// What becomes of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Lost,
    Kept,
    /// In the order of writing up to some place, the last write torn.
    Prefix,
    /// Any of it, sector by sector.
    Any,
}

impl Disk {
    /// Everything that lies in a folder, all of it on the disk.
    pub fn of(root: &Path, drive: Drive) -> Self {
        let mut disk = Self { root: root.to_owned(), nodes: Vec::new(), open: HashMap::new(), drive };
        disk.load(root);
        disk
    }

    /// Whether it keeps its promises.
    pub fn is_honest(&self) -> bool {
        self.drive == Drive::Honest
    }

    fn load(&mut self, path: &Path) -> usize {
        let place = self.nodes.len();
        self.nodes.push(Node::File { durable: Vec::new(), pending: Vec::new() });
        self.nodes[place] = if path.is_dir() {
            let mut names = Names::new();
            for entry in fs::read_dir(path).expect("a folder") {
                let name = entry.expect("an entry").file_name().into_string().expect("a name in UTF-8");
                if !name.ends_with("-shm") {
                    let node = self.load(&path.join(&name));
                    names.insert(name, node);
                }
            }
            Node::Folder { durable: names.clone(), now: names, pending: Vec::new() }
        } else {
            Node::File { durable: fs::read(path).unwrap_or_default(), pending: Vec::new() }
        };
        place
    }

    /// The node that a path names now.
    fn find(&self, path: &Path) -> Option<usize> {
        let mut node = 0;
        for part in path.strip_prefix(&self.root).ok()?.components() {
            let (Component::Normal(name), Node::Folder { now, .. }) = (part, &self.nodes[node]) else { return None };
            node = *now.get(name.to_str()?)?;
        }
        Some(node)
    }

    fn place(&self, path: &Path) -> (usize, String) {
        let folder = path.parent().and_then(|parent| self.find(parent));
        let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        folder.zip(name).unwrap_or_else(|| panic!("{} lies in no folder that the model knows", path.display()))
    }

    fn name(&mut self, folder: usize, naming: Naming) {
        let Node::Folder { now, pending, .. } = &mut self.nodes[folder] else { panic!("not a folder") };
        apply(now, &naming);
        pending.push(naming);
    }

    fn change(&mut self, file: u32, change: Change) {
        let node = self.open[&file];
        if let Node::File { pending, .. } = &mut self.nodes[node] {
            pending.push(change);
        }
    }

    /// Does what a program did.
    pub fn follow(&mut self, step: &Step) {
        match step {
            Step::Began => self.open.clear(),
            Step::Opened { file, path } => {
                let node = self.find(path).unwrap_or_else(|| panic!("{} was not there", path.display()));
                self.open.insert(*file, node);
            }
            Step::Made { file, path } => {
                let node = self.add(Node::File { durable: Vec::new(), pending: Vec::new() });
                let (folder, name) = self.place(path);
                self.name(folder, Naming::Put(name, node));
                self.open.insert(*file, node);
            }
            Step::Wrote { file, at, bytes } => {
                self.change(*file, Change::Wrote { at: *at as usize, bytes: bytes.clone() });
            }
            Step::Length { file, length } => self.change(*file, Change::Length(*length as usize)),
            Step::Synced { file } => self.sync(*file),
            Step::SyncFailed { file } => {
                let node = self.open[file];
                if let Node::File { pending, .. } = &mut self.nodes[node] {
                    pending.clear();
                }
            }
            Step::FolderSynced { path } => self.sync_folder(path),
            Step::Renamed { from, to } => {
                let ((folder, from), (other, to)) = (self.place(from), self.place(to));
                assert_eq!(folder, other, "the model moves within a folder only");
                let Node::Folder { now, .. } = &self.nodes[folder] else { panic!("not a folder") };
                let node = now[&from];
                self.name(folder, Naming::Move(from, to, node));
            }
            Step::Removed { path } | Step::FolderRemoved { path } => {
                let (folder, name) = self.place(path);
                self.name(folder, Naming::Take(name));
            }
            Step::FolderMade { path } => {
                let node = self.add(Node::Folder { durable: Names::new(), now: Names::new(), pending: Vec::new() });
                let (folder, name) = self.place(path);
                self.name(folder, Naming::Put(name, node));
            }
            Step::Said(_) | Step::Sent | Step::Failed | Step::Off => {}
        }
    }

    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn sync(&mut self, file: u32) {
        let node = self.open[&file];
        let lies = match self.drive {
            Drive::Honest | Drive::SyncsNoFolder => false,
            Drive::SyncsNothing => true,
            Drive::SyncsNoLog => self.is_log(node),
        };
        if let Node::File { durable, pending } = &mut self.nodes[node]
            && !lies
        {
            pending.drain(..).for_each(|change| whole(durable, &change));
        }
    }

    fn is_log(&self, node: usize) -> bool {
        let names = self.nodes.iter().filter_map(|folder| match folder {
            Node::Folder { now, .. } => Some(now),
            Node::File { .. } => None,
        });
        names.flatten().any(|(name, found)| *found == node && name.ends_with("-wal"))
    }

    fn sync_folder(&mut self, path: &Path) {
        let node = self.find(path);
        if let Some(Node::Folder { durable, now, pending }) = node.map(|node| &mut self.nodes[node])
            && !matches!(self.drive, Drive::SyncsNothing | Drive::SyncsNoFolder)
        {
            durable.clone_from(now);
            pending.clear();
        }
    }

    /// Writes what the disk may hold if the power goes now into a new folder. Seed 0: all that was not synced is lost;
    /// seed 1: nothing is; of all others each is another chance.
    pub fn cut(&self, seed: u64, place: u64, to: &Path) {
        let mut dice = Dice::new(seed.wrapping_mul(1_000_003) ^ place);
        self.write(0, seed, &mut dice, to);
    }

    fn fate(seed: u64, dice: &mut Dice) -> Fate {
        match seed {
            0 => Fate::Lost,
            1 => Fate::Kept,
            _ => *dice.pick(&[Fate::Lost, Fate::Kept, Fate::Prefix, Fate::Prefix, Fate::Any, Fate::Any, Fate::Any]),
        }
    }

    fn write(&self, node: usize, seed: u64, dice: &mut Dice, to: &Path) {
        let fate = Self::fate(seed, dice);
        match &self.nodes[node] {
            Node::File { durable, pending } => {
                fs::write(to, bytes_left(durable, pending, fate, dice)).expect("a file of the image");
            }
            Node::Folder { durable, pending, .. } => {
                fs::create_dir(to).expect("a folder of the image");
                for (name, node) in names_left(durable, pending, fate, dice) {
                    self.write(node, seed, dice, &to.join(&name));
                    // The log's index is no data: after a cut anything may stand there.
                    if let Some(database) = name.strip_suffix("-wal")
                        && dice.percent(30)
                    {
                        let index: Vec<u8> = (0..32_768).map(|_| dice.below(256) as u8).collect();
                        fs::write(to.join(format!("{database}-shm")), index).expect("a file of the image");
                    }
                }
            }
        }
    }
}

fn apply(names: &mut Names, naming: &Naming) {
    match naming {
        Naming::Put(name, node) => {
            names.insert(name.clone(), *node);
        }
        Naming::Move(from, to, node) => {
            names.remove(from);
            names.insert(to.clone(), *node);
        }
        Naming::Take(name) => {
            names.remove(name);
        }
    }
}

fn whole(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Length(length) => bytes.resize(*length, 0),
        Change::Wrote { at, bytes: written } => put(bytes, *at, written),
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, written: &[u8]) {
    if bytes.len() < at + written.len() {
        bytes.resize(at + written.len(), 0);
    }
    bytes[at..at + written.len()].copy_from_slice(written);
}

/// How many of the pending changes reached the disk for a prefix; of the others each has its chance.
fn names_left(durable: &Names, pending: &[Naming], fate: Fate, dice: &mut Dice) -> Names {
    let mut names = durable.clone();
    let end = match fate {
        Fate::Lost => 0,
        Fate::Prefix => dice.below(pending.len() + 1),
        Fate::Kept | Fate::Any => pending.len(),
    };
    for naming in &pending[..end] {
        if fate != Fate::Any || dice.percent(50) {
            apply(&mut names, naming);
        }
    }
    names
}

fn bytes_left(durable: &[u8], pending: &[Change], fate: Fate, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = durable.to_vec();
    match fate {
        Fate::Lost => {}
        Fate::Kept => pending.iter().for_each(|change| whole(&mut bytes, change)),
        Fate::Prefix => {
            let end = dice.below(pending.len() + 1);
            pending[..end].iter().for_each(|change| whole(&mut bytes, change));
            if let Some(change) = pending.get(end) {
                torn(&mut bytes, change, 50, dice);
            }
        }
        Fate::Any => {
            let chance = *dice.pick(&[20, 50, 80]);
            pending.iter().for_each(|change| torn(&mut bytes, change, chance, dice));
        }
    }
    bytes
}

/// Each sector that a write touches reaches the disk or does not. Now and then one that was being written holds
/// nonsense, but never beside the bytes that were written: drives keep what they do not write.
fn torn(bytes: &mut Vec<u8>, change: &Change, chance: u64, dice: &mut Dice) {
    let Change::Wrote { at, bytes: written } = change else {
        if dice.percent(chance) {
            whole(bytes, change);
        }
        return;
    };
    let (mut from, end) = (*at, at + written.len());
    while from < end {
        let until = ((from / SECTOR + 1) * SECTOR).min(end);
        if dice.percent(chance) {
            put(bytes, from, &written[from - at..until - at]);
        } else if dice.percent(3) {
            let nonsense: Vec<u8> = (from..until).map(|_| dice.below(256) as u8).collect();
            put(bytes, from, &nonsense);
        }
        from = until;
    }
}
