//! An open suitcase and what it needs from the computer around it.

use super::budget::Underway;
use super::carrier::Carrying;
use super::sync::SyncState;
use super::{AppError, Budget};
use catalogue::{Releases, Settlements, Viewer};
use clock::{Clock, SystemClock, Time};
use ids::ChainId;
use peer::decoder::{ChildProcess, Decode};
use peer::{Means, Peer};
use sealing::{Entropy, SystemEntropy};
use std::path::PathBuf;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::{Notify, watch};

/// How the peer's memory names the one hub.
pub(super) const HUB: &str = "hub";

/// Time, randomness and the decoder, as arguments: the computer's own in programs, seeded ones in tests.
pub struct Surroundings {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Box<dyn Fn() -> Box<dyn Entropy> + Send + Sync>,
    pub(super) decoder: Box<dyn Fn() -> Box<dyn Decode> + Send + Sync>,
    pub(super) program: PathBuf,
    /// Where marks are kept: see [`super::mark`]. `None` where there is no such place.
    pub(super) marks: Option<PathBuf>,
}

impl Surroundings {
    /// The computer's. `program decoder` must serve as [`super::decoder`], `program render-pdf` as
    /// [`super::render_pdf`]. `marks` is a folder outside every suitcase's.
    pub fn of_this_computer(program: PathBuf, marks: Option<PathBuf>) -> Self {
        Self {
            program: program.clone(),
            marks,
            clock: Arc::new(SystemClock::new()),
            entropy: Box::new(|| Box::new(SystemEntropy::new())),
            decoder: Box::new(move || Box::new(ChildProcess::new(program.clone(), vec!["decoder".into()]))),
        }
    }

    pub(super) fn means(&self) -> Means {
        Means { entropy: (self.entropy)(), clock: Arc::clone(&self.clock), decoder: (self.decoder)() }
    }
}

/// An open suitcase. Shared behind an [`Arc`] by the pages and the sync loop; dropped, it wipes its keys.
pub struct Agent {
    pub(super) peer: Arc<Peer>,
    pub(super) releases: RwLock<Arc<Releases>>,
    pub(super) settlements: &'static Settlements,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) program: PathBuf,
    pub(super) marks: Option<PathBuf>,
    pub(super) entropy: Mutex<Box<dyn Entropy>>,
    pub(super) hurry: Notify,
    /// What a person allowed to the next contact.
    pub(super) wanted: Mutex<Option<Budget>>,
    /// A person wants that contact now.
    pub(super) asked: Notify,
    pub(super) underway: Mutex<Option<Underway>>,
    pub(super) sync_state: watch::Sender<SyncState>,
    pub(super) changes: watch::Sender<u64>,
    /// When the hub anchored this suitcase's chain last, ms since 1970; 0 if it never did.
    pub(super) anchored: AtomicI64,
    /// While it carries for others.
    pub(super) carrying: Mutex<Option<Carrying>>,
}

impl Agent {
    /// Around an open peer.
    pub(super) fn new(peer: Peer, surroundings: &Surroundings) -> Self {
        let chain = peer.chain();
        let agent = Self {
            peer: Arc::new(peer),
            releases: RwLock::new(Arc::new(Releases::new(Viewer::Suitcase(chain)))),
            settlements: Settlements::embedded(),
            clock: Arc::clone(&surroundings.clock),
            program: surroundings.program.clone(),
            marks: surroundings.marks.clone(),
            entropy: Mutex::new((surroundings.entropy)()),
            hurry: Notify::new(),
            wanted: Mutex::default(),
            asked: Notify::new(),
            underway: Mutex::default(),
            sync_state: watch::Sender::new(SyncState::default()),
            changes: watch::Sender::new(0),
            anchored: AtomicI64::new(0),
            carrying: Mutex::default(),
        };
        agent.remember_anchor();
        // A register that cannot be read now is read at the next exchange; until then the program's own release serves.
        if let Err(error) = agent.take_releases() {
            tracing::warn!(%error, "the catalogue's releases were not read");
        }
        agent
    }

    /// The codifier of settlements.
    pub fn settlements(&self) -> &'static Settlements {
        self.settlements
    }

    /// What the laptop's clock says.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// The day in Kyiv by the laptop's clock; 1 January 2000 where the clock is beyond any calendar.
    pub fn today(&self) -> jiff::civil::Date {
        self.now().kyiv().map_or(jiff::civil::date(2000, 1, 1), |zoned| zoned.date())
    }

    /// Login of the officer whose slot is open.
    pub fn officer(&self) -> &str {
        self.peer.officer()
    }

    /// «Валіза 7».
    pub fn suitcase_number(&self) -> u16 {
        self.peer.number()
    }

    /// Whether the centre has certified this suitcase.
    pub fn is_certified(&self) -> Result<bool, AppError> {
        Ok(self.peer.register()?.suitcase(self.peer.chain()).is_some())
    }

    /// Counts up whenever records change: pages that show them look again.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Something was recorded: pages are told, and it is sent at once if there is a network.
    pub(super) fn recorded(&self) {
        self.mark();
        self.changes.send_modify(|count| *count += 1);
        self.hurry.notify_one();
    }

    pub(super) fn random<const N: usize>(&self) -> [u8; N] {
        self.entropy.lock().unwrap_or_else(PoisonError::into_inner).array()
    }

    /// Who wrote on a chain, in words and with the suitcase's number, this one's, too: «центр», «валіза 7».
    pub(super) fn author_by_number(&self, register: &chain::Register, chain: ChainId) -> (String, String) {
        if self.is_own(register, chain) {
            let number = self.suitcase_number();
            return (format!("валіза {number}"), format!("suitcase {number}"));
        }
        self.author(register, chain)
    }

    /// Whether this suitcase writes the chain, or wrote it before it began anew.
    fn is_own(&self, register: &chain::Register, chain: ChainId) -> bool {
        let own = self.peer.chain();
        chain == own || register.ancestors(own).any(|before| before == chain)
    }

    /// Who wrote on a chain, in words: «центр», «ця валіза», «валіза 7».
    pub(super) fn author(&self, register: &chain::Register, chain: ChainId) -> (String, String) {
        if register.is_case(chain) {
            return ("центр".into(), "the centre".into());
        }
        if self.is_own(register, chain) {
            return ("ця валіза".into(), "this suitcase".into());
        }
        match register.suitcase(chain) {
            Some(certificate) => (format!("валіза {}", certificate.number), format!("suitcase {}", certificate.number)),
            None => ("невідома валіза".into(), "an unknown suitcase".into()),
        }
    }
}
