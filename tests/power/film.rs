//! A film of what programs did to a folder: at each step that changed the disk, pictures of what a power cut there
//! might leave.

use super::disk::{Disk, Drive};
use super::interposer;
use super::journal::Step;
use std::ops::Range;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What programs did to a folder, one after the other.
pub struct Film {
    before: Disk,
    /// What each program did.
    pub programs: Vec<Vec<Step>>,
}

/// Where in a film the power goes.
#[derive(Debug)]
pub struct Moment<'a> {
    /// How many steps before this one changed the disk: the N of the cut.
    pub step: u64,
    /// Which program runs.
    pub program: usize,
    /// What each program has said by now.
    pub said: &'a [String],
    /// What the program that runs has sent by now, in times.
    pub sent: usize,
}

/// How far a program that still runs has come: taken when somebody else was told something by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    steps: u64,
    sent: usize,
}

impl Mark {
    /// Now, by the journal. The program must be at rest.
    pub fn now(journal: &Path) -> Self {
        let steps = interposer::steps(journal);
        let count = |is: fn(&Step) -> bool| steps.iter().filter(|step| is(step)).count();
        Self { steps: count(Step::changes) as u64, sent: count(|step| *step == Step::Sent) }
    }
}

impl Moment<'_> {
    /// Whether all that the program had sent at a mark is sent: who was told something by then, was.
    pub fn has_sent(&self, mark: &Mark) -> bool {
        self.sent >= mark.sent
    }

    /// Whether the program is past a mark. For a film of one program.
    pub fn is_past(&self, mark: &Mark) -> bool {
        self.step >= mark.steps
    }
}

/// What was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pictures.
    pub cuts: u64,
    /// Of them such that lost something.
    pub losses: u64,
}

/// A folder in memory if the machine has one: pictures are many and live for a moment.
pub fn quick_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { tempfile::tempdir() }.expect("a temporary folder")
}

impl Film {
    /// Begins with everything that lies in `folder` safe on a disk.
    pub fn of(folder: &Path, drive: Drive) -> Self {
        Self { before: Disk::of(folder, drive), programs: Vec::new() }
    }

    /// Adds what a program did.
    pub fn add(&mut self, journal: &Path) {
        self.programs.push(interposer::steps(journal));
        std::fs::remove_file(journal).expect("the journal is there");
    }

    /// What stands on the disk after all of it, if the power goes then.
    pub fn end(&self, seed: u64, to: &Path) {
        let mut disk = self.before.clone();
        self.programs.iter().flatten().for_each(|step| disk.follow(step));
        disk.cut(seed, u64::MAX, to);
    }

    /// What stands there when the programs are killed as soon as the last of them has said something.
    pub fn when_said(&self, words: &str, to: &Path) {
        let mut disk = self.before.clone();
        for step in self.programs.iter().flatten() {
            disk.follow(step);
            if matches!(step, Step::Said(said) if said.contains(words)) {
                break;
            }
        }
        disk.cut(1, 0, to);
    }

    /// The picture of one cut.
    pub fn picture(&self, seed: u64, step: u64, to: &Path) {
        let (mut disk, mut at) = (self.before.clone(), 0);
        for one in self.programs.iter().flatten() {
            if at == step {
                break;
            }
            disk.follow(one);
            at += u64::from(one.changes());
        }
        disk.cut(seed, step, to);
    }

    /// Looks at pictures of every `stride`th step for each seed; what `look` finds wrong is a loss. The first losses
    /// are told with all that is needed to see them again.
    pub fn look(
        &self,
        (seeds, stride): (Range<u64>, u64),
        mut look: impl FnMut(&Path, &Moment<'_>) -> Result<(), String>,
    ) -> (Tally, Vec<String>) {
        let dir = quick_folder();
        let (mut tally, mut losses) = (Tally::default(), Vec::new());
        let mut disk = self.before.clone();
        let mut said: Vec<String> = self.programs.iter().map(|_| String::new()).collect();
        let mut step = 0;
        for (program, steps) in self.programs.iter().enumerate() {
            let mut sent = 0;
            for one in steps {
                disk.follow(one);
                match one {
                    Step::Said(words) => said[program].push_str(words),
                    Step::Sent => sent += 1,
                    _ => {}
                }
                // After the change: it may be torn, and everything said until the next one was promised.
                step += u64::from(one.changes());
                let spoken = matches!(one, Step::Said(_) | Step::Sent);
                if !(one.changes() && step % stride == 0 || spoken && stride == 1) {
                    continue;
                }
                for seed in seeds.clone() {
                    let picture = dir.path().join("picture");
                    disk.cut(seed, step, &picture);
                    tally.cuts += 1;
                    let moment = Moment { step, program, said: &said, sent };
                    if let Err(what) = look(&picture, &moment) {
                        tally.losses += 1;
                        let kept = self.keep_first(&losses, seed, step);
                        losses.push(format!("seed {seed}, step {step} (program {program}): {what}{kept}"));
                    }
                    std::fs::remove_dir_all(&picture).expect("the picture is ours");
                }
            }
        }
        losses.truncate(10);
        (tally, losses)
    }
}

impl Film {
    /// The picture of the first loss stays, with the steps before it, as the same seed in another run writes other bytes.
    fn keep_first(&self, losses: &[String], seed: u64, step: u64) -> String {
        // What a broken drive loses is expected.
        if !losses.is_empty() || !self.before.is_honest() {
            return String::new();
        }
        let kept = tempfile::tempdir().expect("a temporary folder").keep();
        self.picture(seed, step, &kept.join("picture"));
        let steps: Vec<&Step> = self.programs.iter().flatten().collect();
        let before = steps.iter().scan(0, |at, one| {
            *at += u64::from(one.changes());
            (*at <= step).then(|| one.in_words())
        });
        let text: String = before.map(|words| format!("{words}\n")).collect();
        std::fs::write(kept.join("steps"), text).expect("a file");
        format!("\n  kept in {}", kept.display())
    }
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a new folder");
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            copy(&from, &to);
        } else if kind.is_file() {
            std::fs::copy(&from, &to).expect("a copy");
        }
    }
}

/// Puts a picture where a folder was.
pub fn put_back(picture: &Path, folder: &Path) {
    let _ = std::fs::remove_dir_all(folder);
    copy(picture, folder);
}

/// The journal beside a folder.
pub fn journal_of(folder: &Path) -> PathBuf {
    folder.with_extension("journal")
}
