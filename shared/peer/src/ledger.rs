//! The one writer: a thread that owns the writing connection and every secret in memory. Callers hand it closures and
//! wait; reading goes through connections of its own.

use crate::PeerError;
use crate::asleep::Asleep;
use crate::decoder::Decode;
use crate::identity::{Identity, Role};
use crate::store::{self, meta};
use chain::{Erased, Register, Segment};
use clock::Clock;
use ids::ChainId;
use rusqlite::Connection;
use sealing::{Entropy, EpochKey};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Everything the writer has.
pub struct Ledger {
    pub(crate) connection: Connection,
    pub(crate) identity: Identity,
    pub(crate) register: Register,
    /// The same for those who only look and must not wait for the writer.
    pub(crate) shown: Arc<Mutex<Arc<Register>>>,
    /// The chain of this peer's changes, for the same.
    pub(crate) shown_chain: Arc<Mutex<ChainId>>,
    /// What this peer is, for the same.
    pub(crate) shown_role: Arc<Mutex<Role>>,
    pub(crate) epoch: Option<EpochKey>,
    /// What was dropped here by order.
    pub(crate) erased: Erased,
    /// Bytes were dropped, and the log beside the database may still hold them.
    pub(crate) log_due: bool,
    pub(crate) officer: String,
    pub(crate) entropy: Box<dyn Entropy>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) decoder: Box<dyn Decode>,
    /// Changes that wait for others of their record.
    pub(crate) asleep: Asleep,
    /// What keeps the spare beside the database; `None` while that is in the making.
    pub(crate) spare: Option<crate::spare::Keeper>,
}

impl Ledger {
    /// From an open database: who we are and what the register says.
    pub(crate) fn load(
        connection: Connection,
        officer: String,
        entropy: Box<dyn Entropy>,
        clock: Arc<dyn Clock>,
        decoder: Box<dyn Decode>,
    ) -> Result<Self, PeerError> {
        let bytes = meta::get(&connection, "identity")?.ok_or(PeerError::Damaged("identity".into()))?;
        let identity = Identity::decode(&bytes)?;
        let register = load_register(&connection, &identity)?;
        let shown = Arc::new(Mutex::new(Arc::new(register.clone())));
        let shown_chain = Arc::new(Mutex::new(identity.chain));
        let shown_role = Arc::new(Mutex::new(identity.role));
        let erased = store::erased::told(&connection)?;
        // Whoever stopped before the log was emptied left it to the next start.
        let (epoch, log_due) = (None, !erased.is_empty());
        Ok(Self {
            connection,
            identity,
            register,
            shown,
            shown_chain,
            shown_role,
            epoch,
            erased,
            log_due,
            officer,
            entropy,
            clock,
            decoder,
            asleep: Asleep::default(),
            spare: None,
        })
    }

    /// From now on those who look see the register as it is.
    pub(crate) fn show_register(&self) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(self.register.clone());
    }
}

/// Folds the stored register chains, and meets those that go on for a suitcase's chain before.
pub(crate) fn load_register(connection: &Connection, identity: &Identity) -> Result<Register, PeerError> {
    let mut register = Register::new(identity.tenant, identity.root);
    for segment in register_segments(connection, identity)? {
        register.take(segment)?;
    }
    for segment in store::entries::rebirths(connection)? {
        register.meet(&segment);
    }
    Ok(register)
}

/// The whole register as held, to be folded or brought to a hub that has lost it. Desks before their successors.
pub(crate) fn register_segments(connection: &Connection, identity: &Identity) -> Result<Vec<Segment>, PeerError> {
    let mut segments = Vec::new();
    for chain in known_registers(connection, identity)? {
        let mut from = 1;
        while let Some(segment) = store::entries::run(connection, chain, from, chain::limits::BATCH)? {
            from = segment.last() + 1;
            segments.push(segment);
        }
    }
    Ok(segments)
}

/// Register chains, the own one of a desk among them.
pub(crate) fn known_registers(connection: &Connection, identity: &Identity) -> Result<Vec<ChainId>, PeerError> {
    let mut chains = register_chains(connection)?;
    if let Role::Desk { register } = identity.role
        && !chains.contains(&register)
    {
        chains.push(register);
    }
    Ok(chains)
}

/// Names of register chains, 16 bytes each.
pub(crate) fn register_chains(connection: &Connection) -> Result<Vec<ChainId>, PeerError> {
    let bytes = meta::get(connection, "registers")?.unwrap_or_default();
    Ok(bytes.as_chunks::<16>().0.iter().map(|name| ChainId::from_bytes(*name)).collect())
}

/// Remembers which chains are registers.
pub(crate) fn put_register_chain(connection: &Connection, chain: ChainId) -> Result<(), PeerError> {
    let mut chains = register_chains(connection)?;
    if chains.contains(&chain) {
        return Ok(());
    }
    chains.push(chain);
    let bytes: Vec<u8> = chains.iter().flat_map(|c| *c.as_bytes()).collect();
    meta::put(connection, "registers", &bytes)
}

type Job = Box<dyn FnOnce(&mut Ledger) + Send>;

/// A handle to the writer's thread. Dropped, it lets the thread finish what it has and wipes its secrets.
pub struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(ledger: Ledger) -> Result<Self, PeerError> {
        let (jobs, queue) = sync_channel::<Job>(64);
        let work = move || run(ledger, queue);
        let thread = std::thread::Builder::new().name("writer".into()).spawn(work)?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Does `work` in the writer's thread and waits for it. Not to be called from async code directly.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ledger) -> Result<T, PeerError> + Send + 'static,
    ) -> Result<T, PeerError> {
        let (answer, wait) = sync_channel(1);
        let job: Job = Box::new(move |ledger| {
            // Nobody waits any more if the caller is gone; the work is done all the same.
            let _ = answer.send(work(ledger));
        });
        self.jobs.as_ref().ok_or(PeerError::Closed)?.send(job).map_err(|_| PeerError::Closed)?;
        wait.recv().map_err(|_| PeerError::Closed)?
    }
}

fn run(mut ledger: Ledger, queue: Receiver<Job>) {
    while let Ok(job) = queue.recv() {
        // A panic ends one act, whose transaction is rolled back when it is dropped, not the program.
        let work = std::panic::AssertUnwindSafe(|| job(&mut ledger));
        if std::panic::catch_unwind(work).is_err() {
            tracing::error!("an act panicked and was rolled back");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
