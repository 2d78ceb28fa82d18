//! A disk: what is in use, what a crash leaves, and the write at which it fails.

/// What becomes of a write that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No room: this write is refused, and all that follow until there is room again.
    Full,
    /// The process ends before the write is on the disk.
    DiesBefore,
    /// The process ends when the write is on the disk, and nobody hears of it.
    DiesAfter,
}

/// Why something was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The disk has no room: nothing of it is there, the program goes on.
    Full,
    /// The process is gone.
    Died,
}

/// Of an act that may fail at any of its writes.
pub type Done<T> = Result<T, Trouble>;

/// One disk with the process that uses it.
pub struct Disk<T: Clone> {
    /// What the process sees.
    pub live: T,
    saved: T,
    /// How many writes succeed before one fails.
    fuse: Option<(usize, Fault)>,
    /// The planted mistake: of so many writes one is waited for.
    waits_for: u64,
    writes: u64,
}

impl<T: Clone> Disk<T> {
    pub fn new(state: T, waits_for: u64) -> Self {
        Self { live: state.clone(), saved: state, fuse: None, waits_for, writes: 0 }
    }

    /// After this, a crash keeps all that is live now. Refused, nothing of what is live stays.
    pub fn commit(&mut self) -> Done<()> {
        match &mut self.fuse {
            Some((0, Fault::Full)) => {
                self.live = self.saved.clone();
                return Err(Trouble::Full);
            }
            Some((0, Fault::DiesBefore)) => return Err(Trouble::Died),
            Some((0, Fault::DiesAfter)) => {
                self.force();
                return Err(Trouble::Died);
            }
            Some((left, _)) => *left -= 1,
            None => {}
        }
        self.writes += 1;
        if self.writes.is_multiple_of(self.waits_for) {
            self.force();
        }
        Ok(())
    }

    /// As [`Self::commit`], where nothing fails.
    pub fn force(&mut self) {
        self.saved = self.live.clone();
    }

    /// From the write after the next `after` on.
    pub fn fail(&mut self, after: usize, fault: Fault) {
        self.fuse = Some((after, fault));
    }

    /// There is room again.
    pub const fn mend(&mut self) {
        self.fuse = None;
    }

    pub fn crash(&mut self) {
        self.live = self.saved.clone();
    }

    pub const fn saved(&self) -> &T {
        &self.saved
    }
}
