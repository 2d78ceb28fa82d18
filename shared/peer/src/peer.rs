//! A peer: a folder with keys, chains and records, open in this process.

use crate::absorb::Absorbed;
use crate::act::Act;
use crate::decoder::Decode;
use crate::folder::Folder;
use crate::identity::{Identity, Role};
use crate::ledger::{Ledger, Writer, register_segments};
use crate::scrub;
use crate::spare::Keeper;
use crate::store::pages::PageFile;
use crate::store::{self, chains, drafts, entries, keys, meta, row_alike, row_lists, row_people, rows, sync};
use crate::{PeerError, records_in_store as shelf};
use chain::{Anchor, Exception, Register, Segment};
use clock::Clock;
use ids::{ChainId, RecordId};
use records::{Document, Kind};
use rusqlite::Connection;
use sealing::{Entropy, VaultKey};
use signing::Secret;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// What a peer needs from the program around it.
pub struct Means {
    /// Random bytes.
    pub entropy: Box<dyn Entropy>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Where foreign changes are decoded.
    pub decoder: Box<dyn Decode>,
}

/// An open peer. Cheap to share behind an [`Arc`]. Dropped, it closes the database and wipes its keys.
pub struct Peer {
    // Dropped in this order: the writer finishes, the readers close, the folder's lock goes last.
    writer: Writer,
    register: Arc<Mutex<Arc<Register>>>,
    readers: Mutex<Vec<Connection>>,
    /// The database's file, open longer than any connection.
    pub(crate) pages: Arc<PageFile>,
    /// How far the scrub has come.
    pub(crate) scrub: Mutex<scrub::State>,
    pub(crate) path: PathBuf,
    pub(crate) key: Secret<32>,
    tenant: ids::TenantId,
    hub: String,
    /// Another one after a rebirth.
    chain: Arc<Mutex<ChainId>>,
    /// Another register after new keys.
    role: Arc<Mutex<Role>>,
    number: u16,
    officer: String,
    folder: Folder,
}

impl Peer {
    /// Makes the database of a new peer in a held folder, whose vault was just made with `key`.
    pub fn create(
        folder: Folder,
        key: &VaultKey,
        identity: Identity,
        officer: &str,
        means: Means,
    ) -> Result<Self, PeerError> {
        let database_key = key.database_key();
        let connection = store::create(&folder.database(), &database_key)?;
        meta::put(&connection, "identity", &identity.encode())?;
        keys::put_reception(&connection, &identity.agreement, 0)?;
        drop(connection);
        Self::open(folder, key, officer, means)
    }

    /// Opens a peer with its vault's key. `officer` is whose slot opened it.
    pub fn open(folder: Folder, vault_key: &VaultKey, officer: &str, means: Means) -> Result<Self, PeerError> {
        let (path, key) = (folder.database(), vault_key.database_key());
        crate::mend::finish(&folder)?;
        // No order to erase reaches into it. Recording never waits for that.
        if let Err(error) = crate::mend::discard(&folder) {
            tracing::error!(%error, "what a killed repair left could not be removed");
        }
        if !path.exists() {
            return Err(PeerError::Damaged("valiza.db".into()));
        }
        store::log::keep_if_damaged(&path)?;
        let connection = store::open(&path, &key)?;
        store::letters::prepare(&connection)?;
        store::erased::prepare(&connection)?;
        keys::prepare(&connection)?;
        store::forgotten::prepare(&connection)?;
        store::taken_in::prepare(&connection)?;
        store::told::prepare(&connection)?;
        store::told_again::prepare(&connection)?;
        let mut ledger = Ledger::load(connection, officer.to_owned(), means.entropy, means.clock, means.decoder)?;
        let mut spare = Keeper::new(&folder, vault_key);
        match folder.keep_spare_vault() {
            Ok(true) => spare.was_damaged("vault.spare"),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the vault's spare could not be kept"),
        }
        ledger.spare = Some(spare);
        ledger.keep_spare();
        let Identity { tenant, role, number, .. } = ledger.identity;
        let chain = Arc::clone(&ledger.shown_chain);
        let is_desk = matches!(role, Role::Desk { .. });
        let role = Arc::clone(&ledger.shown_role);
        if is_desk {
            store::keep_many_pages(&ledger.connection)?;
        }
        let hub = ledger.identity.hub.clone();
        let register = Arc::clone(&ledger.shown);
        let writer = Writer::start(ledger)?;
        let officer = officer.to_owned();
        let readers = Mutex::default();
        let pages = Arc::new(PageFile::open(&path, &key)?);
        let scrub = Mutex::new(scrub::State::read(folder.path()));
        let peer = Self {
            writer,
            register,
            readers,
            pages,
            scrub,
            path,
            key,
            tenant,
            hub,
            chain,
            role,
            number,
            officer,
            folder,
        };
        if !peer.read(|view| rows::are_current(view.connection))? {
            peer.rebuild()?;
        }
        // Recording never waits for it: what could not be dropped now is tried again at the next news.
        if let Err(error) = peer.obey() {
            tracing::error!(%error, "an order to erase could not be carried out yet");
        }
        // What was stored when the program was killed has not been looked at: no verdict may call it unreadable.
        if let Err(error) = peer.absorb() {
            tracing::error!(%error, "what had arrived could not be looked at yet");
        }
        Ok(peer)
    }

    /// The folder, for its vault.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The chain of its changes.
    pub fn chain(&self) -> ChainId {
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose community.
    pub fn tenant(&self) -> ids::TenantId {
        self.tenant
    }

    /// The hub's address, `https://host:port`.
    pub fn hub(&self) -> &str {
        &self.hub
    }

    /// Suitcase or desk.
    pub fn role(&self) -> Role {
        *self.role.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A suitcase's short number.
    pub fn number(&self) -> u16 {
        self.number
    }

    /// Whose slot is open.
    pub fn officer(&self) -> &str {
        &self.officer
    }

    /// Does one act: all of it is on the disk when this returns, or none of it.
    pub fn act<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Act<'_>) -> Result<T, PeerError> + Send + 'static,
    ) -> Result<T, PeerError> {
        self.writer.call(move |ledger| ledger.act(work))
    }

    /// As [`Peer::act`], in the name of somebody signed in on the pages.
    pub fn act_as<T: Send + 'static>(
        &self,
        officer: &str,
        work: impl FnOnce(&mut Act<'_>) -> Result<T, PeerError> + Send + 'static,
    ) -> Result<T, PeerError> {
        let officer = officer.to_owned();
        self.writer.call(move |ledger| ledger.act_as(&officer, work))
    }

    /// Reads, beside whatever is being written.
    pub fn read<T>(&self, work: impl FnOnce(&View<'_>) -> Result<T, PeerError>) -> Result<T, PeerError> {
        let spare = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match spare {
            Some(connection) => connection,
            None => self.reader()?,
        };
        let view = View { connection: &connection, tenant: self.tenant, chain: self.chain() };
        let value = work(&view);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < 4 {
            readers.push(connection);
        }
        value
    }

    /// What the register says now.
    pub fn register(&self) -> Result<Arc<Register>, PeerError> {
        Ok(Arc::clone(&self.register.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// The whole register, to be brought to who lacks it.
    pub fn register_segments(&self) -> Result<Vec<Segment>, PeerError> {
        self.writer.call(|ledger| register_segments(&ledger.connection, &ledger.identity))
    }

    /// Stores register segments that came with an enrolment.
    pub fn take_register(&self, segments: Vec<Segment>) -> Result<(), PeerError> {
        self.writer.call(|ledger| ledger.store_segments(segments).map(|_| ()))
    }

    /// Looks at what arrived and waits.
    pub fn absorb(&self) -> Result<Absorbed, PeerError> {
        self.writer.call(Ledger::absorb)
    }

    /// For a desk: tells suitcases what became of their entries. Gives back how many verdicts were written.
    pub fn write_verdicts(&self) -> Result<usize, PeerError> {
        self.writer.call(Ledger::write_verdicts)
    }

    /// For a desk: a person lets an entry in that was set aside.
    pub fn accept_exception(&self, chain: ChainId, seq: u64) -> Result<Absorbed, PeerError> {
        self.accept_exceptions(chain, &[seq])
    }

    /// As [`Peer::accept_exception`], of entries of one chain: all of them are let in, or none, and what waits is looked at
    /// once.
    pub fn accept_exceptions(&self, chain: ChainId, seqs: &[u64]) -> Result<Absorbed, PeerError> {
        let seqs = seqs.to_vec();
        self.writer.call(move |ledger| ledger.accept_exceptions(chain, &seqs))
    }

    /// For a restored desk: a predecessor's secret opens what was sealed to it.
    pub fn add_secret(&self, secret: sealing::AgreementSecret) -> Result<(), PeerError> {
        self.writer.call(move |ledger| keys::put_reception(&ledger.connection, &secret, 0))
    }

    /// Looks again at what did not open before [`Peer::add_secret`].
    pub fn look_again(&self) -> Result<Absorbed, PeerError> {
        self.writer.call(Ledger::look_again)
    }

    /// A new connection to read.
    pub(crate) fn reader(&self) -> Result<Connection, PeerError> {
        store::open_reader(&self.path, &self.key)
    }

    /// Reads with a connection of its own, which sees one state of everything; `work` gets the database's key, too.
    pub(crate) fn with_reader<T>(
        &self,
        work: impl FnOnce(&Connection, &Secret<32>) -> Result<T, PeerError>,
    ) -> Result<T, PeerError> {
        let connection = self.reader()?;
        work(&connection, &self.key)
    }

    /// Runs `work` in the writer's thread with everything it has.
    pub(crate) fn with_ledger<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ledger) -> Result<T, PeerError> + Send + 'static,
    ) -> Result<T, PeerError> {
        self.writer.call(work)
    }
}

/// What can be read.
pub struct View<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) tenant: ids::TenantId,
    pub(crate) chain: ChainId,
}

/// An entry about a record, with what proves when.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// Who wrote it.
    pub chain: ChainId,
    /// Its number.
    pub seq: u64,
    /// Whose slot was open, as the writer states it.
    pub officer: String,
    /// Device time, ms since 1970.
    pub at: i64,
    /// Not before this time, if its author had seen an anchor; known on the device that wrote it.
    pub not_before: Option<i64>,
    /// Not after this time, if an anchor covers it.
    pub not_after: Option<i64>,
    /// Its hash.
    pub hash: signing::Hash,
}

impl View<'_> {
    /// The connection, for stores of the program above.
    pub fn connection(&self) -> &Connection {
        self.connection
    }

    /// A record.
    pub fn document(&self, record: RecordId) -> Result<Document, PeerError> {
        shelf::document(self.connection, self.tenant, record)
    }

    /// A record's row.
    pub fn row(&self, record: RecordId) -> Result<Option<rows::RecordRow>, PeerError> {
        rows::get(self.connection, record)
    }

    /// The record with this number on paper or in the journal.
    pub fn by_number(&self, number: &str) -> Result<Option<rows::RecordRow>, PeerError> {
        rows::by_number(self.connection, number)
    }

    /// A page of rows.
    pub fn list(
        &self,
        filter: &rows::Filter,
        order: rows::Order,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<rows::RecordRow>, PeerError> {
        row_lists::list(self.connection, filter, order, offset, limit)
    }

    /// Logins of all officers who recorded records of a kind.
    pub fn officers(&self, kind: Kind) -> Result<Vec<String>, PeerError> {
        row_lists::officers(self.connection, kind)
    }

    /// Undecided requests that look the same as this one and were not told apart from it.
    pub fn look_alikes(&self, record: RecordId) -> Result<Vec<rows::RecordRow>, PeerError> {
        row_alike::look_alikes(self.connection, record)
    }

    /// Pairs of residents that may be one person, at most so many; true if there may be more.
    pub fn alike_people(&self, most: usize) -> Result<(Vec<(rows::RecordRow, rows::RecordRow)>, bool), PeerError> {
        row_people::alike_people(self.connection, most)
    }

    /// How many rows.
    pub fn count(&self, filter: &rows::Filter) -> Result<u64, PeerError> {
        row_lists::count(self.connection, filter)
    }

    /// When a new word of the centre came: something that it signed, not merely an answer of the hub. Device time, ms since
    /// 1970. A hub that keeps news back makes them old.
    pub fn news_at(&self) -> Result<Option<i64>, PeerError> {
        let bytes = self.value(crate::absorb::LAST_NEWS)?;
        Ok(bytes.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes))
    }

    /// The highest entry of the register that a verdict named: who knows fewer is not told everything.
    pub fn register_told(&self) -> Result<u64, PeerError> {
        sync::register_told(self.connection)
    }

    /// The newest anchor of a chain.
    pub fn newest_anchor(&self, chain: ChainId) -> Result<Option<Anchor>, PeerError> {
        sync::newest_anchor(self.connection, chain)
    }

    /// Entries that are kept and not among the records; of one chain or of all.
    pub fn exceptions(&self, chain: Option<ChainId>) -> Result<Vec<(ChainId, Exception)>, PeerError> {
        sync::exceptions(self.connection, chain, false)
    }

    /// Which record an entry is about.
    pub fn record_of(&self, chain: ChainId, seq: u64) -> Result<Option<RecordId>, PeerError> {
        let stored = entries::at(self.connection, self.tenant, chain, seq)?;
        Ok(stored.and_then(|stored| stored.entry.entry.header.record))
    }

    /// The entry that made a record: the first one of who made it, whatever the clocks say.
    pub fn birth(&self, record: RecordId) -> Result<Option<Provenance>, PeerError> {
        let Some(creator) = self.row(record)?.map(|row| row.creator) else { return Ok(None) };
        let own = self.provenance(record)?.into_iter().filter(|entry| entry.chain == creator);
        Ok(own.min_by_key(|entry| entry.seq))
    }

    /// The entries of a record's changes, in order of arrival, with what proves when.
    pub fn provenance(&self, record: RecordId) -> Result<Vec<Provenance>, PeerError> {
        let mut found = Vec::new();
        for stored in entries::of_record(self.connection, self.tenant, record)? {
            let body = shelf::open_change(self.connection, &stored)?;
            let place = stored.entry.place;
            let not_before = sync::anchor_before(self.connection, place.chain, place.seq)?.map(|anchor| anchor.time);
            let not_after = sync::anchor_over(self.connection, place.chain, place.seq)?.map(|anchor| anchor.time);
            let hash = stored.entry.hash;
            found.push(Provenance {
                chain: place.chain,
                seq: place.seq,
                officer: body.officer,
                at: body.at,
                not_before,
                not_after,
                hash,
            });
        }
        Ok(found)
    }

    /// A run of a chain from a number on, to be carried elsewhere; about `budget` bytes, at least one entry.
    pub fn segment(&self, chain: ChainId, from: u64, budget: usize) -> Result<Option<Segment>, PeerError> {
        entries::run(self.connection, chain, from, budget)
    }

    /// Where a chain's unbroken part ends.
    pub fn end(&self, chain: ChainId) -> Result<chain::Link, PeerError> {
        chains::end(self.connection, chain)
    }

    /// Entries of a chain before the last one that is held, which are not held.
    pub fn missing(&self, chain: ChainId) -> Result<u64, PeerError> {
        let (end, last) = (self.end(chain)?.seq, self.last_held(chain)?);
        let (held, _) = entries::between(self.connection, chain, end, last)?;
        Ok(last.saturating_sub(end).saturating_sub(held))
    }

    /// The last number of a chain that is held, beyond any hole; 0 for none.
    pub fn last_held(&self, chain: ChainId) -> Result<u64, PeerError> {
        chains::last(self.connection, chain)
    }

    /// How many entries are held, own and foreign.
    pub(crate) fn count_entries(&self) -> Result<u64, PeerError> {
        entries::count(self.connection)
    }

    /// Up to where the centre has opened a chain.
    pub fn verdict_end(&self, chain: ChainId) -> Result<u64, PeerError> {
        sync::verdict_end(self.connection, chain)
    }

    /// Who may write a record besides the centre.
    pub fn writers(&self, record: RecordId) -> Result<Vec<ChainId>, PeerError> {
        keys::writers(self.connection, record)
    }

    /// Records that a chain may write: what it made or was granted and was not taken back.
    pub fn written_by(&self, chain: ChainId) -> Result<Vec<RecordId>, PeerError> {
        keys::written_by(self.connection, chain)
    }

    /// All records that a chain made or was granted, and so can read.
    pub fn records_of(&self, chain: ChainId) -> Result<Vec<RecordId>, PeerError> {
        keys::records_of(self.connection, chain)
    }

    /// For a desk: the code that opens a suitcase's vault once, from [`crate::OwnFact::Recovery`]; `None` if it was
    /// sealed to another desk.
    pub fn recovery_code(&self, vault: &[u8; 16], sealed: &[u8]) -> Result<Option<sealing::RecoveryCode>, PeerError> {
        let secrets = keys::receptions(self.connection)?;
        Ok(secrets.iter().find_map(|secret| sealing::RecoveryCode::open(secret, vault, sealed).ok()))
    }

    /// Drafts, the newest first.
    pub fn drafts(&self) -> Result<Vec<drafts::Draft>, PeerError> {
        drafts::all(self.connection)
    }

    /// One draft.
    pub fn draft(&self, id: [u8; 16]) -> Result<Option<drafts::Draft>, PeerError> {
        drafts::get(self.connection, id)
    }

    /// A named value of the program above.
    pub fn value(&self, name: &str) -> Result<Option<Vec<u8>>, PeerError> {
        meta::get(self.connection, name)
    }
}

/// Drafts and named values of the program above.
impl Act<'_> {
    /// Keeps a draft.
    pub fn put_draft(&self, draft: &drafts::Draft) -> Result<(), PeerError> {
        drafts::put(self.connection(), draft)
    }

    /// One draft, as of this act.
    pub fn draft(&self, id: [u8; 16]) -> Result<Option<drafts::Draft>, PeerError> {
        drafts::get(self.connection(), id)
    }

    /// Takes a draft away, in the act that makes an entry of it.
    pub fn remove_draft(&self, id: [u8; 16]) -> Result<(), PeerError> {
        drafts::remove(self.connection(), id)
    }

    /// A named value, as of this act.
    pub fn value(&self, name: &str) -> Result<Option<Vec<u8>>, PeerError> {
        meta::get(self.connection(), name)
    }

    /// True if some record has this number on paper or in the journal, or had it before it was given up, as of this act.
    pub fn is_number_taken(&self, number: &str) -> Result<bool, PeerError> {
        let given_up = store::forgotten::by_number(self.connection(), number)?.is_some();
        Ok(given_up || rows::by_number(self.connection(), number)?.is_some())
    }

    /// Keeps a named value.
    pub fn put_value(&self, name: &str, value: &[u8]) -> Result<(), PeerError> {
        meta::put(self.connection(), name, value)
    }
}
