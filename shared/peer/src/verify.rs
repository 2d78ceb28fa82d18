//! Checks everything and says what is wrong; makes everything derived again.

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
        let document = shelf::document(connection, identity.tenant, *record)?;
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
        let file = Arc::clone(&self.pages);
        let mut report = self.with_ledger(move |ledger| {
            let pages = store::pages::faults(&file, &ledger.connection)?;
            let report = check(&ledger.connection, &ledger.identity, &ledger.register)?;
            Ok(Report { faults: pages.into_iter().chain(report.faults).collect(), ..report })
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

/// What is wrong with the database that `connection` reads.
pub(crate) fn check(connection: &Connection, identity: &Identity, register: &Register) -> Result<Report, PeerError> {
    let mut report = Report::default();
    for line in store::integrity(connection)? {
        report.faults.push(format!("база даних: {line} / database: {line}"));
    }
    if let Err(error) = load_register(connection, identity) {
        report.faults.push(format!("реєстр: {error} / register"));
    }
    let erased = store::erased::told(connection)?;
    let held = |case| chains::end(connection, case).map_or(0, |end| end.seq);
    let ordered = register.erased(|case| if identity.role == Role::Suitcase { u64::MAX } else { held(case) });
    let owed = ordered.beyond(&erased);
    if !owed.is_empty() {
        let count = owed.records.len() + owed.entries.len();
        report.faults.push(format!(
            "розпорядження стерти ще не виконано ({count}): звільніть місце на диску і запустіть знову / an order to erase is not carried out yet ({count}): free some space on the disk and start again"
        ));
    }
    for record in &erased.records {
        if keys::newest_record_key(connection, *record)?.is_some() || rows::get(connection, *record)?.is_some() {
            report.faults.push(format!("запис {record} стерто не до кінця / not wholly erased"));
        }
    }
    let listed = rows::are_current(connection)?;
    let checked = Checked { connection, identity, register, erased };
    for head in chains::all(connection)? {
        follow(&checked, head.chain, head.end, &mut report)?;
    }
    let unexplained = sync::unexplained(connection)?;
    if unexplained > 0 {
        report.faults.push(format!(
            "відкладених записів, про які ніде не сказано чому: {unexplained} / entries that are set aside, and nothing says why: {unexplained}"
        ));
    }
    report.missing.extend(lost_numbers::sentences(connection, identity.chain)?);
    for name in mend::missing(connection)? {
        report.missing.push(format!(
            "{name}: через пошкодження диска тут немає, ще не повернулося з центру / not here since the disk was damaged, has not come back from the centre yet"
        ));
    }
    for record in entries::records(connection)? {
        report.records += 1;
        let fault = compare_row(connection, identity.tenant, identity.chain, register, listed, record)?;
        report.faults.extend(fault);
    }
    Ok(report)
}

/// What is being checked.
struct Checked<'a> {
    connection: &'a Connection,
    identity: &'a Identity,
    register: &'a Register,
    erased: Erased,
}

fn follow(ledger: &Checked<'_>, chain: ids::ChainId, end: Link, report: &mut Report) -> Result<(), PeerError> {
    report.chains += 1;
    let mut before: Option<(u64, Hash)> = None;
    let mut after = 0;
    loop {
        let page = match entries::of_chain(ledger.connection, ledger.identity.tenant, chain, after, PAGE) {
            Ok(page) => page,
            Err(error) => {
                report.faults.push(format!("ланцюг {chain} після № {after} не читається: {error} / chain unreadable"));
                return Ok(());
            }
        };
        let Some(last) = page.last() else { break };
        after = last.entry.place.seq;
        for stored in &page {
            report.entries += 1;
            let (place, entry) = (&stored.entry.place, &stored.entry.entry);
            let mut fault = |what: &str| {
                let seq = place.seq;
                report.faults.push(format!("ланцюг {chain}, запис № {seq}: {what}"));
            };
            if entry.hash(place) != stored.entry.hash {
                fault("хеш не збігається: запис пошкоджено на диску / the hash differs: damaged on the disk");
            } else if ledger.register.author(chain).is_none_or(|author| !entry.is_valid(place, &author)) {
                fault("підпис не збігається / the signature differs");
            } else if entry.body.bytes().is_some() && ledger.erased.covers(place, &entry.header) {
                fault("вміст мав бути стертий за розпорядженням / the body should have been erased by order");
            }
            if before.is_some_and(|(seq, hash)| seq + 1 == place.seq && hash != place.prev) {
                fault("не продовжує попередній / does not follow the one before");
            }
            before = Some((place.seq, stored.entry.hash));
        }
    }
    if end.seq > 0 && entries::hash_at(ledger.connection, chain, end.seq)? != Some(end.hash) {
        report.faults.push(other_end(chain, end.seq));
    }
    Ok(())
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
) -> Result<Option<String>, PeerError> {
    if keys::newest_record_key(connection, record)?.is_none() {
        return Ok(Some(format!("запис {record}: немає ключа / no key")));
    }
    let document = match shelf::document(connection, tenant, record) {
        Ok(document) => document,
        Err(error) => return Ok(Some(format!("запис {record}: {error}"))),
    };
    if !listed {
        return Ok(None);
    }
    let stored = rows::get(connection, record)?;
    let made = shelf::row(register, own, &document).0;
    let own_seq = stored.as_ref().map_or(0, |row| row.own_seq);
    let same = stored == Some(rows::RecordRow { own_seq, ..made });
    Ok((!same).then(|| {
        format!("запис {record}: рядок списку застарів, виконайте rebuild / the list row is stale, run rebuild")
    }))
}

/// One sentence.
pub(crate) fn other_end(chain: ChainId, seq: u64) -> String {
    format!("ланцюг {chain}: кінець № {seq} не збігається / the end differs")
}
