//! Checks everything and says what is wrong; makes everything derived again.

use crate::error::halves;
use crate::identity::{Identity, Role};
use crate::ledger::{Ledger, load_register};
use crate::peer::Peer;
use crate::store::{self, chains, entries, keys, rows, sync};
use crate::{PeerError, lost_numbers, mend, places, records_in_store as shelf};
use chain::{Erased, Link, Register};
use ids::{ChainId, RecordId, TenantId};
use rusqlite::{Connection, TransactionBehavior};
use signing::Hash;
use std::sync::Arc;

/// What was checked and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Chains that were followed.
    pub chains: usize,
    /// Entries whose hash, link and signature were checked.
    pub entries: usize,
    /// Records that were made again from their changes.
    pub records: usize,
    /// One sentence each, with what to do. Empty: all is well.
    pub faults: Vec<String>,
    /// What a repair found missing and what has not come back, one sentence each.
    pub missing: Vec<String>,
    /// Damaged databases that repairs set aside, one sentence each: no order to erase reaches into them. And spare
    /// files that were damaged and made again since the peer was opened.
    pub aside: Vec<String>,
}

const PAGE: usize = 1_000;

fn rebuild_page(
    connection: &Connection,
    identity: &Identity,
    register: &Register,
    page: &[RecordId],
) -> Result<(), PeerError> {
    let mut words = Vec::with_capacity(page.len());
    for record in page {
        let document = match shelf::document(connection, identity.tenant, *record) {
            // One record that does not open keeps nobody from all others; `verify` names it.
            Err(PeerError::NoKey) => {
                tracing::error!(%record, "a record does not open and is in no list");
                continue;
            }
            document => document?,
        };
        let (row, search, sort) = shelf::row(register, identity.chain, &document);
        words.push((rows::put(connection, &row, &sort)?, search));
        rows::set_own_seq(connection, *record, places::newest_own(connection, identity, *record)?)?;
    }
    words.into_iter().try_for_each(|(id, search)| rows::index(connection, id, &search))
}

impl Peer {
    /// Looks at every page, follows every chain, checks every hash, link and signature, makes every record again and
    /// compares its row.
    pub fn verify(&self) -> Result<Report, PeerError> {
        let log = store::log::kept_beside(&self.folder().database());
        let (file, path, key) = (Arc::clone(&self.pages), self.path.clone(), self.key.duplicate());
        let mut report = self.with_ledger(move |ledger| {
            let pages = store::pages::faults(&file, &ledger.connection)?;
            check(&|| store::open_reader(&path, &key), &ledger.identity, &ledger.register, pages)
        })?;
        report.faults.extend(self.folder().vault_fault().map(str::to_owned));
        let aside = |name| {
            format!(
                "{name}: пошкоджена база даних, яку відклав repair. У ній лишається й те, що відтоді стерто за розпорядженням або забрано з валізи: приберіть її, щойно все звірите / a damaged database that a repair set aside. It still holds what was erased by order or taken back since: remove it as soon as everything is compared"
            )
        };
        report.aside = self.folder().set_aside()?.into_iter().map(aside).collect();
        let healed = |ledger: &mut Ledger| Ok(ledger.spare.as_ref().map_or(Vec::new(), |spare| spare.healed.clone()));
        report.aside.extend(self.with_ledger(healed)?);
        if log.exists() {
            let name = log.file_name().unwrap_or_default().to_string_lossy();
            report.faults.push(format!(
                "журнал бази даних було пошкоджено на диску, останнє записане могло зникнути: звірте останні звернення з паперами і з центром; копія журналу — {name}, приберіть її, коли звірите / the database's log was damaged on the disk, what was recorded last may be gone: compare the last requests with the papers and the centre; a copy of the log is {name}, remove it when you have"
            ));
        }
        if report.faults.is_empty() {
            self.is_clean();
        }
        Ok(report)
    }

    /// Throws away everything derived and makes it again from the chains. Gives back how many records there are.
    pub fn rebuild(&self) -> Result<usize, PeerError> {
        self.with_ledger(|ledger| {
            let transaction = ledger.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            rows::clear(&transaction)?;
            let all = entries::records(&transaction)?;
            for page in all.chunks(PAGE) {
                rebuild_page(&transaction, &ledger.identity, &ledger.register, page)?;
            }
            transaction.commit()?;
            Ok(all.len())
        })
    }

    /// Every row and what it is found by, as text: what a rebuild must make again.
    pub fn rows_as_text(&self) -> Result<Vec<String>, PeerError> {
        self.read(|view| {
            let all = view.list(&rows::Filter::default(), rows::Order::Newest, 0, usize::MAX >> 1)?;
            Ok(all.iter().map(|row| format!("{row:?}")).collect())
        })
    }
}

/// What is wrong with the database that `open` opens; each time anew, because a connection that met a damaged page may go on
/// failing. `pages`: what is known of the pages of its file, a sentence each. What does not read because of a place that
/// is known to be damaged is counted, and not told one by one.
pub(crate) fn check(
    open: &dyn Fn() -> Result<Connection, PeerError>,
    identity: &Identity,
    register: &Register,
    pages: Vec<String>,
) -> Result<Report, PeerError> {
    let report = Report { faults: pages, ..Report::default() };
    let connection = match open() {
        Err(error) if error.is_damage() && report.explains() => return Ok(report),
        opened => opened?,
    };
    let mut checked = Checked { open, connection, identity, register, erased: Erased::default(), report };
    match checked.everything() {
        // It does not even open again.
        Err(error) if error.is_damage() && checked.report.explains() => {
            tracing::warn!(%error, "the rest is not looked at because of what is damaged");
        }
        looked => looked?,
    }
    Ok(checked.report)
}

impl Report {
    /// Whether a place is known because of which other things may not read.
    fn explains(&self) -> bool {
        self.faults.iter().any(|fault| salvage::explains(fault))
    }
}

/// What is being checked, and what was found.
struct Checked<'a> {
    open: &'a dyn Fn() -> Result<Connection, PeerError>,
    connection: Connection,
    identity: &'a Identity,
    register: &'a Register,
    /// Orders to erase that are carried out.
    erased: Erased,
    report: Report,
}

impl Checked<'_> {
    /// `None`: it does not read because of a place that is known to be damaged.
    fn explained<T>(&mut self, read: impl FnOnce(&Connection) -> Result<T, PeerError>) -> Result<Option<T>, PeerError> {
        match read(&self.connection) {
            Err(error) if error.is_damage() && self.report.explains() => {
                tracing::warn!(%error, "passed over because of what is damaged");
                self.connection = (self.open)()?;
                Ok(None)
            }
            read => read.map(Some),
        }
    }

    fn everything(&mut self) -> Result<(), PeerError> {
        // Where it is known which pages are not what was written, what SQLite says of them and of what hangs on them is for
        // the log.
        let is_known = self.report.explains();
        let found = self.explained(store::integrity)?.unwrap_or_default();
        if !is_known {
            self.report.faults.extend(found);
        }
        self.connection = (self.open)()?;
        let identity = self.identity;
        if let Err(error) = self.explained(|connection| load_register(connection, identity)) {
            let said = error.to_string();
            let (uk, en) = halves(&said);
            self.report.faults.push(format!("реєстр: {uk} / register: {en}"));
        }
        self.orders()?;
        for head in self.explained(chains::all)?.unwrap_or_default() {
            self.follow(head.chain, head.end)?;
        }
        let unexplained = self.explained(sync::unexplained)?.unwrap_or_default();
        if unexplained > 0 {
            self.report.faults.push(format!(
                "відкладених записів, про які ніде не сказано чому: {unexplained} / entries that are set aside, and nothing says why: {unexplained}"
            ));
        }
        let lost = self.explained(|connection| lost_numbers::sentences(connection, identity.chain))?;
        self.report.missing.extend(lost.unwrap_or_default());
        for name in self.explained(mend::missing)?.unwrap_or_default() {
            self.report.missing.push(format!(
                "{name}: через пошкодження диска тут немає, ще не повернулося з центру / not here since the disk was damaged, has not come back from the centre yet"
            ));
        }
        self.records()
    }

    /// Whether orders to erase are carried out.
    fn orders(&mut self) -> Result<(), PeerError> {
        let Some(erased) = self.explained(store::erased::told)? else { return Ok(()) };
        let held = |case| chains::end(&self.connection, case).map_or(0, |end| end.seq);
        let is_suitcase = self.identity.role == Role::Suitcase;
        let ordered = self.register.erased(|case| if is_suitcase { u64::MAX } else { held(case) });
        let owed = ordered.beyond(&erased);
        if !owed.is_empty() {
            let count = owed.records.len() + owed.entries.len();
            self.report.faults.push(format!(
                "розпорядження стерти ще не виконано ({count}): звільніть місце на диску і запустіть знову / an order to erase is not carried out yet ({count}): free some space on the disk and start again"
            ));
        }
        for record in &erased.records {
            let is_held = self.explained(|connection| {
                Ok(keys::newest_record_key(connection, *record)?.is_some() || rows::get(connection, *record)?.is_some())
            })?;
            if is_held == Some(true) {
                let fault = format!("запис {record} стерто не до кінця / record {record} is not wholly erased");
                self.report.faults.push(fault);
            }
        }
        self.erased = erased;
        Ok(())
    }

    fn follow(&mut self, chain: ChainId, end: Link) -> Result<(), PeerError> {
        self.report.chains += 1;
        let mut before: Option<(u64, Hash)> = None;
        let mut after = 0;
        loop {
            let tenant = self.identity.tenant;
            let page = match self.explained(|connection| entries::of_chain(connection, tenant, chain, after, PAGE)) {
                Ok(Some(page)) => page,
                Ok(None) => return Ok(()),
                Err(error) => {
                    let said = error.to_string();
                    let (uk, en) = halves(&said);
                    self.report.faults.push(format!(
                        "ланцюг {chain} після № {after} не читається: {uk} / chain {chain} does not read after {after}: {en}"
                    ));
                    return Ok(());
                }
            };
            let Some(last) = page.last() else { break };
            after = last.entry.place.seq;
            for stored in &page {
                self.entry(stored, &mut before);
            }
        }
        let found = self.explained(|connection| entries::hash_at(connection, chain, end.seq))?;
        if end.seq > 0 && found.is_some_and(|found| found != Some(end.hash)) {
            self.report.faults.push(other_end(chain, end.seq));
        }
        Ok(())
    }

    /// `before`: number and hash of the entry before it.
    fn entry(&mut self, stored: &entries::Stored, before: &mut Option<(u64, Hash)>) {
        self.report.entries += 1;
        let (place, entry) = (&stored.entry.place, &stored.entry.entry);
        let (chain, seq) = (place.chain, place.seq);
        let mut fault = |what: &str| {
            self.report.faults.push(format!("ланцюг {chain}, запис № {seq}: {what}"));
        };
        if entry.hash(place) != stored.entry.hash {
            fault("хеш не збігається: запис пошкоджено на диску / the hash differs: damaged on the disk");
        } else if self.register.author(chain).is_none_or(|author| !entry.is_valid(place, &author)) {
            fault("підпис не збігається / the signature differs");
        } else if entry.body.bytes().is_some() && self.erased.covers(place, &entry.header) {
            fault("вміст мав бути стертий за розпорядженням / the body should have been erased by order");
        }
        if before.is_some_and(|(number, hash)| number + 1 == seq && hash != place.prev) {
            fault("не продовжує попередній / does not follow the one before");
        }
        *before = Some((seq, stored.entry.hash));
    }

    /// Makes each record again and compares its row. How many do not read because of a known place is one sentence.
    fn records(&mut self) -> Result<(), PeerError> {
        let listed = self.explained(rows::are_current)?.unwrap_or(false);
        let all = match self.explained(entries::records)? {
            Some(all) => all,
            // The way through all entries is broken; what the lists show is looked for one by one.
            None => self.explained(rows::all)?.unwrap_or_default(),
        };
        let (tenant, own) = (self.identity.tenant, self.identity.chain);
        let mut unread = Vec::new();
        for record in all {
            self.report.records += 1;
            match compare_row(&self.connection, tenant, own, self.register, listed, record)? {
                Compared::Same => {}
                Compared::Differs(fault) => self.report.faults.push(fault),
                Compared::Unread(error) => {
                    unread.push(does_not_read(record, &error));
                    self.connection = (self.open)()?;
                }
            }
        }
        if self.report.explains() && !unread.is_empty() {
            tracing::warn!(?unread, "because of what is damaged");
            let count = unread.len();
            unread = vec![format!(
                "через це пошкодження не прочитати записів справ: {count} / records that do not read because of that damage: {count}"
            )];
        }
        self.report.faults.append(&mut unread);
        Ok(())
    }
}

/// What a look at a record and its row found.
pub(crate) enum Compared {
    Same,
    /// One sentence: this record's own fault.
    Differs(String),
    /// It, or what it is made of, does not read.
    Unread(PeerError),
}

/// What is wrong with a record: whether it opens and is made again of its changes, and whether its row says what it says.
/// `listed`: the lists are made; they are not between a repair and the next opening.
pub(crate) fn compare_row(
    connection: &Connection,
    tenant: TenantId,
    own: ChainId,
    register: &Register,
    listed: bool,
    record: RecordId,
) -> Result<Compared, PeerError> {
    let compare = || {
        if keys::newest_record_key(connection, record)?.is_none() {
            return Ok(Some(format!("запис {record}: немає ключа / record {record}: no key")));
        }
        let document = match shelf::document(connection, tenant, record) {
            Err(error) if !error.is_damage() => return Ok(Some(does_not_read(record, &error))),
            document => document?,
        };
        if !listed {
            return Ok(None);
        }
        let stored = rows::get(connection, record)?;
        let made = shelf::row(register, own, &document).0;
        let own_seq = stored.as_ref().map_or(0, |row| row.own_seq);
        let same = stored == Some(rows::RecordRow { own_seq, ..made });
        Ok((!same).then(|| {
            format!(
                "запис {record}: рядок списку застарів, виконайте rebuild / record {record}: the list row is stale, run rebuild"
            )
        }))
    };
    match compare() {
        Ok(None) => Ok(Compared::Same),
        Ok(Some(fault)) => Ok(Compared::Differs(fault)),
        Err(error) if PeerError::is_damage(&error) => Ok(Compared::Unread(error)),
        Err(error) => Err(error),
    }
}

/// One sentence.
pub(crate) fn does_not_read(record: RecordId, error: &PeerError) -> String {
    let said = error.to_string();
    let (uk, en) = halves(&said);
    format!("запис {record}: {uk} / record {record}: {en}")
}

/// One sentence.
pub(crate) fn other_end(chain: ChainId, seq: u64) -> String {
    format!("ланцюг {chain}: кінець № {seq} не збігається / the end differs")
}
