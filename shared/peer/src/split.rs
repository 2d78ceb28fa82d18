//! Single keys instead of an epoch: the key of an epoch makes the keys of all records that were made in it, so it cannot
//! be dropped for the sake of one before those of the others are kept apart.
//!
//! The centre writes them into its case chain, sealed to itself ([`OwnFact::KeptKeys`]): whoever has the centre's keys,
//! a desk made again from the kit as well, opens the other records with them. Such a fact holds keys of several records
//! itself, so it is split in the same way when one of these is erased later.

use crate::PeerError;
use crate::act::Act;
use crate::facts::{KEPT_KEYS, OwnFact};
use crate::records_in_store as shelf;
use crate::rotation::NO_KEY;
use crate::seals;
use crate::store::entries::Stored;
use crate::store::{chains, entries, erased, keys, told_again};
use chain::{Kind, Register, Standing};
use ids::{ChainId, RecordId, TenantId};
use rusqlite::Connection;
use sealing::{EpochKey, RecordKey};
use std::collections::{BTreeMap, BTreeSet};

/// What was split, and what has to wait.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Split {
    /// Entries that hold keys of the records and of others, whose keys are kept now: they may be dropped.
    pub entries: Vec<(ChainId, u64)>,
    /// Up to where the kept keys stand: the case chain and its number. `None` if there was nothing beside.
    pub kept: Option<(ChainId, u64)>,
    /// Epochs that hold such keys and may still go on: more records may come that only they open.
    pub waiting: Vec<(ChainId, u64)>,
}

/// An epoch of a suitcase, from its entry to the one before the next epoch.
struct Span {
    at: (ChainId, u64),
    next: Option<u64>,
    key: EpochKey,
}

impl Act<'_> {
    /// Writes the keys that lie beside those of `records` again, so that the entries that hold them can be named by an
    /// order. Entries that are dropped already, or named by an order, are left out.
    pub fn split(&mut self, records: &BTreeSet<RecordId>) -> Result<Split, PeerError> {
        let register = self.register().clone();
        let named = register.erased(|_| u64::MAX);
        let mut split = Split::default();
        let mut beside = Beside::default();
        let gone = |record: &RecordId| records.contains(record) || named.records.contains(record);
        let (spans, cleared) = holders(self.connection(), self.tenant(), &register, records)?;
        for (record, place) in cleared {
            // When its bodies are gone it cannot be told any more.
            erased::clear_epoch(self.connection(), record, place)?;
        }
        for span in spans {
            if named.entries.contains(&span.at) {
                continue;
            }
            if !is_over(self.connection(), &register, &span)? {
                split.waiting.push(span.at);
                continue;
            }
            for (record, key) in made_in(self.connection(), self.tenant(), &span)? {
                if !gone(&record) {
                    beside.put((record, 1), key);
                }
            }
            split.entries.push(span.at);
            let again = told_with_keys(self.connection(), span.at)?;
            split.entries.extend(again.filter(|place| !named.entries.contains(place)));
        }
        let mut facts = BTreeSet::new();
        for record in records {
            facts.extend(erased::kept_at(self.connection(), *record)?);
        }
        for place in facts.into_iter().filter(|place| !named.entries.contains(place)) {
            for record in erased::kept_beside(self.connection(), place)? {
                if !gone(&record) {
                    let keys = keys::record_keys(self.connection(), record)?.into_iter();
                    keys.for_each(|(generation, key)| beside.put((record, generation), key));
                }
            }
            let again = told_with_keys(self.connection(), place)?;
            split.entries.extend(again.filter(|place| !named.entries.contains(place)));
            split.entries.push(place);
        }
        split.kept = keep(self, beside.all())?;
        Ok(split)
    }
}

/// Where the keys that an entry tells stand in a case chain once more: in an entry of their own. What is told again without
/// keys lies beside other facts, and they are nobody's to erase.
fn told_with_keys(connection: &Connection, (chain, seq): (ChainId, u64)) -> Result<Option<(ChainId, u64)>, PeerError> {
    let holds = match told_again::plain(connection, chain, seq)?.map(|plain| OwnFact::decode(&plain)) {
        Some(Ok(OwnFact::Epoch { key, .. })) => *key.expose() != NO_KEY,
        Some(Ok(OwnFact::KeptKeys(keys))) => !keys.is_empty(),
        _ => false,
    };
    if holds { told_again::told_at(connection, chain, seq) } else { Ok(None) }
}

/// Keys that lie beside those of erased records, each once: two epochs may have made one record.
#[derive(Default)]
struct Beside(BTreeMap<(RecordId, u32), Vec<RecordKey>>);

impl Beside {
    fn put(&mut self, of: (RecordId, u32), key: RecordKey) {
        let known = self.0.entry(of).or_default();
        if known.iter().all(|one| one.expose() != key.expose()) {
            known.push(key);
        }
    }

    fn all(self) -> Vec<(RecordId, u32, RecordKey)> {
        let each = |((record, generation), keys): (_, Vec<RecordKey>)| {
            keys.into_iter().map(move |key| (record, generation, key))
        };
        self.0.into_iter().flat_map(each).collect()
    }
}

/// Writes single keys into the own case chain. Gives back up to where they stand.
pub(crate) fn keep(
    act: &mut Act<'_>,
    mut all: Vec<(RecordId, u32, RecordKey)>,
) -> Result<Option<(ChainId, u64)>, PeerError> {
    let chain = act.own_chain();
    for (record, generation, key) in &all {
        keys::put_record_key(act.connection(), *record, *generation, key)?;
    }
    let mut last = None;
    while !all.is_empty() {
        let page: Vec<_> = all.drain(..all.len().min(KEPT_KEYS)).collect();
        let records: Vec<RecordId> = page.iter().map(|(record, ..)| *record).collect();
        let seq = act.own(&OwnFact::KeptKeys(page))?;
        for record in records {
            erased::put_kept_key(act.connection(), (chain, seq), record)?;
        }
        last = Some((chain, seq));
    }
    Ok(last)
}

/// For an epoch that is told again: keeps the keys of all records that were made in it, opened or not, if nothing more
/// comes under it; `false` if it goes on, or if nobody has looked at it: its chain waits for a person, and every record
/// made in it is still to come. What a revoked suitcase had sent may be under way, for a person to let in.
pub(crate) fn keep_all_of(
    connection: &Connection,
    tenant: TenantId,
    register: &Register,
    (chain, seq): (ChainId, u64),
) -> Result<bool, PeerError> {
    if !keys::is_epoch(connection, (chain, seq))? {
        return Ok(false);
    }
    let Some(span) = span_at(connection, chain, seq + 1)? else { return Ok(true) };
    if span.at != (chain, seq) || !is_followed(connection, register, &span)? {
        return Ok(false);
    }
    for (record, key) in made_in(connection, tenant, &span)? {
        keys::put_record_key(connection, record, 1, &key)?;
    }
    Ok(true)
}

/// A chain's first entry about a record, in an epoch that does not make the record's key.
type Cleared = (RecordId, (ChainId, u64));

/// The epochs that make keys of these records, and the places that were looked at in vain.
fn holders(
    connection: &Connection,
    tenant: TenantId,
    register: &Register,
    records: &BTreeSet<RecordId>,
) -> Result<(Vec<Span>, Vec<Cleared>), PeerError> {
    let mut found: BTreeMap<(ChainId, u64), Span> = BTreeMap::new();
    let mut cleared = Vec::new();
    for record in records {
        let mut seen = BTreeSet::new();
        let mut places = entries::places_of_record(connection, *record)?;
        places.sort_by_key(|(_, seq)| *seq);
        for (chain, seq) in places {
            if register.is_case(chain) || !seen.insert(chain) {
                continue;
            }
            let Some(stored) = entries::at(connection, tenant, chain, seq)? else { continue };
            let Some(span) = span_at(connection, chain, seq)? else { continue };
            if stored.entry.entry.header.kind != Kind::CHANGE {
                continue;
            }
            if may_make(connection, &span, *record, &stored)? {
                found.insert(span.at, span);
            } else {
                cleared.push((*record, (chain, seq)));
            }
        }
    }
    Ok((found.into_values().collect(), cleared))
}

fn span_at(connection: &Connection, chain: ChainId, seq: u64) -> Result<Option<Span>, PeerError> {
    let Some((at, key)) = keys::epoch_before(connection, chain, seq)? else { return Ok(None) };
    Ok(Some(Span { at: (chain, at), next: keys::epoch_after(connection, chain, at)?, key }))
}

/// Whether the epoch makes the key of the record: by the key that is kept, else by what it opens. Of a record that is
/// gone already it is remembered which epochs do not. Of what came later, or to a desk that was made again from the kit, it
/// cannot be told any more, and the epoch is taken for one that does: to split it needlessly costs a fact, to leave it out
/// would leave the key.
fn may_make(connection: &Connection, span: &Span, record: RecordId, first: &Stored) -> Result<bool, PeerError> {
    if erased::is_erased(connection, record)? {
        let place = &first.entry.place;
        return Ok(!erased::is_cleared(connection, record, (place.chain, place.seq))?);
    }
    let made = span.key.record_key(record);
    // A suitcase that began anew may have made the record again, under a key of its new epoch.
    let known = keys::keys_of_generation(connection, record, 1)?;
    Ok(known.iter().any(|known| known.expose() == made.expose()) || opens(&made, record, first))
}

fn opens(key: &RecordKey, record: RecordId, stored: &Stored) -> bool {
    opens_generation(key, 1, record, stored)
}

fn opens_generation(key: &RecordKey, generation: u32, record: RecordId, stored: &Stored) -> bool {
    let Some(body) = stored.entry.entry.body.bytes() else { return false };
    let context = seals::body_context(&stored.entry.place, Kind::CHANGE, Some(record));
    sealing::generation_of(body) == Ok(generation)
        && sealing::open_body(|_| Some(key.duplicate()), &context, body).is_ok()
}

/// Nobody waits for more under the epoch. A revoked suitcase may be gone for good, and an erasure does not wait for it: what
/// it still brings of this epoch opens no more.
fn is_over(connection: &Connection, register: &Register, span: &Span) -> Result<bool, PeerError> {
    let gone = register.revocation(register.living(span.at.0)).is_some();
    Ok(gone || is_followed(connection, register, span)?)
}

/// Nothing more comes under the epoch: the next one is here with everything before it, or all of a continued chain that
/// whoever goes on for it says there is; a person may let that in.
fn is_followed(connection: &Connection, register: &Register, span: &Span) -> Result<bool, PeerError> {
    let chain = span.at.0;
    let end = chains::end(connection, chain)?.seq;
    let ended = match register.standing(chain, 0) {
        Standing::Continued { by } => register.rebirth(by).is_none_or(|rebirth| end >= rebirth.end.seq),
        _ => false,
    };
    Ok(ended || span.next.is_some_and(|next| end >= next))
}

/// The records that were made in an epoch, with their keys.
fn made_in(connection: &Connection, tenant: TenantId, span: &Span) -> Result<Vec<(RecordId, RecordKey)>, PeerError> {
    let (chain, mut after) = span.at;
    let mut made: BTreeMap<RecordId, RecordKey> = BTreeMap::new();
    loop {
        let page = entries::of_chain(connection, tenant, chain, after, 256)?;
        let Some(last) = page.last() else { break };
        after = last.entry.place.seq;
        for stored in &page {
            let header = &stored.entry.entry.header;
            let (Kind::CHANGE, Some(record)) = (header.kind, header.record) else { continue };
            if span.next.is_some_and(|next| stored.entry.place.seq > next) || made.contains_key(&record) {
                continue;
            }
            let key = span.key.record_key(record);
            let known = keys::keys_of_generation(connection, record, 1)?;
            if known.iter().any(|known| known.expose() == key.expose()) || opens(&key, record, stored) {
                made.insert(record, key);
            }
        }
        if span.next.is_some_and(|next| after >= next) {
            break;
        }
    }
    Ok(made.into_iter().collect())
}

/// A case chain's fact of single keys: here they open what their epoch opened.
pub(crate) fn take_keys(
    connection: &Connection,
    place: (ChainId, u64),
    keys: &[(RecordId, u32, RecordKey)],
) -> Result<(), PeerError> {
    for (record, generation, key) in keys {
        if !erased::is_erased(connection, *record)? {
            keys::put_record_key(connection, *record, *generation, key)?;
            erased::put_kept_key(connection, place, *record)?;
        }
    }
    Ok(())
}

impl crate::View<'_> {
    /// For a desk: epochs and facts that still hold keys of erased records, because they were not over when the order
    /// was given.
    pub fn keys_of_erased(&self, register: &Register) -> Result<BTreeSet<(ChainId, u64)>, PeerError> {
        let named = register.erased(|_| u64::MAX);
        let (spans, _) = holders(self.connection, self.tenant, register, &named.records)?;
        Ok(spans.into_iter().map(|span| span.at).filter(|at| !named.entries.contains(at)).collect())
    }

    /// Whether a record can be read here: for those that look whether nothing beside an erased one was lost.
    pub fn opens(&self, record: RecordId) -> bool {
        shelf::document(self.connection, self.tenant, record).is_ok()
    }
}

/// Changes of a chain about a record that a told key is tried on, and keys of a record in one telling: an honest one has few
/// of both, and whoever makes up many makes little work.
const TRIED: usize = 256;
const KEYS_A_RECORD: usize = 16;

/// The keys that a suitcase tells the centre once more, of records that it wrote about. Only what opens a change of its own
/// is taken, so that nobody closes another's record by a wrong key; and only of a generation that there is, so that nobody
/// has the centre write under a key that it made up: it is the centre that draws the next one. Gives back of which records a
/// key is new here, and `false` if such a change, or the centre's word, has not come yet.
pub(crate) fn take_own_keys(
    connection: &Connection,
    (tenant, register): (TenantId, &Register),
    place: (ChainId, u64),
    told: &[(RecordId, u32, RecordKey)],
) -> Result<(Vec<RecordId>, bool), PeerError> {
    let line: Vec<ChainId> = register.line(place.0).collect();
    let mut of_records: BTreeMap<RecordId, Vec<(u32, &RecordKey)>> = BTreeMap::new();
    for (record, generation, key) in told {
        of_records.entry(*record).or_default().push((*generation, key));
    }
    let (mut new, mut all) = (Vec::new(), true);
    for (record, keys_told) in of_records {
        if erased::is_erased(connection, record)? {
            continue;
        }
        let mut own = Vec::new();
        for chain in &line {
            own.extend(entries::first_own_about(connection, tenant, *chain, record, TRIED)?);
        }
        let newest = keys::newest_record_key(connection, record)?.map_or(1, |(newest, _)| newest);
        for (generation, key) in keys_told.into_iter().take(KEYS_A_RECORD) {
            if own.is_empty() || generation > newest {
                all = false;
            } else if own.iter().any(|stored| opens_generation(key, generation, record, stored)) {
                let known = keys::keys_of_generation(connection, record, generation)?;
                if known.iter().all(|one| one.expose() != key.expose()) {
                    new.push(record);
                }
                keys::put_record_key(connection, record, generation, key)?;
                erased::put_kept_key(connection, place, record)?;
            }
        }
    }
    Ok((new, all))
}
