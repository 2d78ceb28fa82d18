//! An engine in memory, for tests and simulations.

use super::ledger::{self, ChainRow, GrantRow, Ledger, RecordRow};
use super::reading::{Collector, Row, join};
use super::{
    ENROLMENT_LIFE, ENROLMENTS, ENROLMENTS_OF_INVITATION, EVERYBODY, Holding, Offer, Point, Reader, Reading, Store,
    StoreError, Taken, Tenant,
};
use chain::{Erased, Held, Kind, Link, Refusal, Segment, Verified};
use ids::{ChainId, LineageId, RecordId, TenantId};
use signing::{Hash, RootPublic};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Everything in maps; gone with the process.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Clone, Default)]
struct State {
    lineage: Option<LineageId>,
    tenants: BTreeMap<TenantId, Rows>,
}

/// One tenant's rows. Chains and records are numbered from 1.
#[derive(Clone)]
struct Rows {
    root: RootPublic,
    position: u64,
    numbers: BTreeMap<ChainId, u64>,
    chains: BTreeMap<u64, ChainRow>,
    records: BTreeMap<RecordId, RecordRow>,
    shared: BTreeSet<u64>,
    erased: BTreeSet<RecordId>,
    erased_entries: BTreeSet<(u64, u64)>,
    log: BTreeMap<u64, Verified>,
    places: BTreeMap<(u64, u64), u64>,
    changes: BTreeMap<(u64, u64), u64>,
    grants: BTreeMap<(u64, u64), GrantRow>,
    inbox: BTreeMap<(u64, Point), u64>,
    enrolments: BTreeMap<ChainId, Waiting>,
}

/// One request to be enrolled.
#[derive(Clone)]
struct Waiting {
    time: i64,
    invitation: [u8; 16],
    bytes: Vec<u8>,
}

impl MemoryStore {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a copy of the database file would be: put in the place of this store later, it is a restored backup.
    pub fn copy(&self) -> Self {
        Self { state: Mutex::new(self.state().clone()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, tenant: TenantId, work: impl FnOnce(&mut Rows) -> T) -> Result<T, StoreError> {
        self.state().tenants.get_mut(&tenant).map(work).ok_or(StoreError::UnknownTenant)
    }
}

impl Rows {
    fn new(root: RootPublic) -> Self {
        Self {
            root,
            position: 0,
            numbers: BTreeMap::new(),
            chains: BTreeMap::new(),
            records: BTreeMap::new(),
            shared: BTreeSet::new(),
            erased: BTreeSet::new(),
            erased_entries: BTreeSet::new(),
            log: BTreeMap::new(),
            places: BTreeMap::new(),
            changes: BTreeMap::new(),
            grants: BTreeMap::new(),
            inbox: BTreeMap::new(),
            enrolments: BTreeMap::new(),
        }
    }

    fn drop_bodies(&mut self, covered: impl Fn(&Verified) -> bool) -> u64 {
        self.log.values_mut().filter(|stored| covered(stored)).map(drop_body).sum()
    }

    fn row(&self, point: Point, position: u64) -> Option<Row> {
        let Verified { place, entry, hash } = self.log.get(&position)?.clone();
        Some(Row { point, chain: place.chain, seq: place.seq, prev: place.prev, hash, entry })
    }

    /// Inbox of `chain` after `from`.
    fn inbox(&self, chain: ChainId, from: Point) -> impl Iterator<Item = (Point, u64)> {
        let number = self.numbers.get(&chain).copied().unwrap_or(u64::MAX);
        let range = (Excluded((number, from)), Unbounded);
        self.inbox.range(range).take_while(move |((peer, _), _)| *peer == number).map(|((_, p), at)| (*p, *at))
    }

    /// Forgets the oldest of the requests that `among` picks, so that `count` of them stay.
    fn keep_newest(&mut self, count: usize, among: impl Fn(&Waiting) -> bool) {
        let picked = self.enrolments.iter().filter(|(_, waiting)| among(waiting));
        let mut picked: Vec<(i64, ChainId)> = picked.map(|(chain, waiting)| (waiting.time, *chain)).collect();
        picked.sort_unstable();
        for (_, chain) in picked.iter().take(picked.len().saturating_sub(count)) {
            self.enrolments.remove(chain);
        }
    }

    fn read_inbox(&self, reader: ChainId, from: Point, budget: usize, allowed: bool) -> Reading {
        let mut own = self.inbox(reader, from).peekable();
        let ceiling = if allowed { None } else { own.peek().map(|(point, _)| *point) };
        let mut news: Vec<(Point, u64)> = self.inbox(EVERYBODY, from).collect();
        if allowed {
            news.extend(own);
        }
        news.sort_unstable();
        let mut collector = Collector::new(from, budget, ceiling);
        let mut rows = news.into_iter().filter_map(|(point, at)| self.row(point, at));
        while rows.next().is_some_and(|row| collector.add(row)) {}
        collector.finish()
    }

    fn read_log(&self, own: [ChainId; 2], from: Option<Point>, budget: usize) -> Reading {
        let own_until = from.map_or(self.position, |from| from.index);
        let from = from.map_or(0, |from| from.position);
        let mut collector = Collector::new(Point { position: from, index: 0 }, budget, None);
        for position in self.log.range((Excluded(from), Unbounded)).map(|(position, _)| *position) {
            let Some(row) = self.row(Point { position, index: 0 }, position) else { continue };
            if position > own_until && own.contains(&row.chain) {
                continue;
            }
            if !collector.add(row) {
                break;
            }
        }
        collector.finish_log(self.position, own_until)
    }
}

/// 1 if there was one.
fn drop_body(stored: &mut Verified) -> u64 {
    let was_there = stored.entry.body.bytes().is_some();
    stored.entry = stored.entry.without_body();
    was_there.into()
}

impl Ledger for Rows {
    fn position(&mut self) -> Result<u64, StoreError> {
        Ok(self.position)
    }

    fn keep_position(&mut self, position: u64) -> Result<(), StoreError> {
        self.position = position;
        Ok(())
    }

    fn chain(&mut self, chain: ChainId) -> Result<ChainRow, StoreError> {
        let next = self.numbers.len() as u64 + 1;
        let number = *self.numbers.entry(chain).or_insert(next);
        let new = ChainRow { number, end: Link::EMPTY, last: 0, hour: 0, taken: 0, bytes: 0, register: false };
        Ok(*self.chains.entry(number).or_insert(new))
    }

    fn keep_chain(&mut self, row: &ChainRow) -> Result<(), StoreError> {
        self.chains.insert(row.number, *row);
        Ok(())
    }

    fn held(&mut self, chain: u64, seq: u64) -> Result<Option<Held>, StoreError> {
        let stored = self.places.get(&(chain, seq)).and_then(|position| self.log.get(position));
        Ok(stored.map(|stored| Held { hash: stored.hash, prev: stored.place.prev }))
    }

    fn record(&mut self, record: RecordId, creator: Option<u64>) -> Result<RecordRow, StoreError> {
        let next = self.records.len() as u64 + 1;
        let row =
            self.records.entry(record).or_insert(RecordRow { number: next, creator, shared: false, erased: false });
        row.creator = row.creator.or(creator);
        row.shared = self.shared.contains(&row.number);
        row.erased = self.erased.contains(&record);
        Ok(*row)
    }

    fn insert(&mut self, position: u64, chain: u64, record: Option<u64>, entry: &Verified) -> Result<(), StoreError> {
        self.places.insert((chain, entry.place.seq), position);
        if let Some(record) = record.filter(|_| entry.entry.header.kind == Kind::CHANGE) {
            self.changes.insert((record, position), chain);
        }
        self.log.insert(position, entry.clone());
        Ok(())
    }

    fn grant(&mut self, record: u64, peer: u64) -> Result<Option<GrantRow>, StoreError> {
        Ok(self.grants.get(&(record, peer)).copied())
    }

    fn keep_grant(&mut self, record: u64, peer: u64, grant: GrantRow) -> Result<(), StoreError> {
        self.grants.insert((record, peer), grant);
        if grant.open {
            self.shared.insert(record);
        }
        Ok(())
    }

    fn readers(&mut self, record: u64) -> Result<Vec<u64>, StoreError> {
        let open = |((_, peer), grant): (&(u64, u64), &GrantRow)| grant.open.then_some(*peer);
        Ok(self.grants.range((record, 0)..(record + 1, 0)).filter_map(open).collect())
    }

    fn changes(&mut self, record: u64, except: Option<u64>) -> Result<Vec<u64>, StoreError> {
        let of_record = self.changes.range((record, 0)..(record + 1, 0));
        Ok(of_record.filter(|(_, chain)| Some(**chain) != except).map(|((_, position), _)| *position).collect())
    }

    fn is_erased(&mut self, record: RecordId) -> Result<bool, StoreError> {
        Ok(self.erased.contains(&record))
    }

    fn erase_record(&mut self, _: &RecordRow, id: RecordId) -> Result<u64, StoreError> {
        self.erased.insert(id);
        let one = Erased { records: BTreeSet::from([id]), ..Erased::default() };
        Ok(self.drop_bodies(|stored| one.covers(&stored.place, &stored.entry.header)))
    }

    fn erase_entry(&mut self, chain: u64, seq: u64) -> Result<u64, StoreError> {
        self.erased_entries.insert((chain, seq));
        let place = self.places.get(&(chain, seq)).copied();
        let own = |stored: &Verified| stored.entry.header.kind == Kind::OWN;
        let Some(stored) = place.and_then(|position| self.log.get_mut(&position)).filter(|stored| own(stored)) else {
            return Ok(0);
        };
        Ok(drop_body(stored))
    }

    fn is_erased_entry(&mut self, chain: u64, seq: u64) -> Result<bool, StoreError> {
        Ok(self.erased_entries.contains(&(chain, seq)))
    }

    fn deliver(&mut self, peer: u64, cause: u64, index: u64, position: u64) -> Result<(), StoreError> {
        self.inbox.insert((peer, Point { position: cause, index }), position);
        Ok(())
    }
}

impl Store for MemoryStore {
    fn create_tenant(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let mut state = self.state();
        let rows = state.tenants.entry(tenant.id).or_insert_with(|| Rows::new(tenant.root));
        if rows.root == tenant.root { Ok(()) } else { Err(StoreError::OtherRoot) }
    }

    fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        Ok(self.state().tenants.iter().map(|(id, rows)| Tenant { id: *id, root: rows.root }).collect())
    }

    fn lineage(&self) -> Result<Option<LineageId>, StoreError> {
        Ok(self.state().lineage)
    }

    fn renew_lineage(&self, before: Option<LineageId>, next: LineageId) -> Result<LineageId, StoreError> {
        let mut state = self.state();
        if state.lineage == before {
            state.lineage = Some(next);
        }
        Ok(state.lineage.unwrap_or(next))
    }

    fn position(&self, tenant: TenantId) -> Result<u64, StoreError> {
        self.with(tenant, |rows| rows.position)
    }

    fn register(&self, tenant: TenantId) -> Result<Vec<Segment>, StoreError> {
        self.with(tenant, |rows| {
            let registers: Vec<ChainRow> = rows.chains.values().filter(|row| row.register).copied().collect();
            let entries = registers.iter().flat_map(|row| {
                let whole = rows.places.range((row.number, 1)..=(row.number, row.end.seq));
                whole.filter_map(|(_, position)| rows.row(Point::default(), *position))
            });
            join(entries)
        })
    }

    fn rebirths(&self, tenant: TenantId) -> Result<Vec<Segment>, StoreError> {
        self.with(tenant, |rows| {
            let firsts = rows.chains.keys().filter_map(|number| rows.places.get(&(*number, 1)));
            let firsts = firsts.filter_map(|position| rows.row(Point::default(), *position));
            join(firsts.filter(|row| row.entry.header.kind == Kind::REBIRTH))
        })
    }

    fn holdings(&self, tenant: TenantId, asked: &[(ChainId, u64)]) -> Result<Vec<Holding>, StoreError> {
        self.with(tenant, |rows| {
            let holding = |(chain, seq): &(ChainId, u64)| {
                let number = rows.numbers.get(chain).copied().unwrap_or(0);
                let hash_at = |position| rows.log.get(position).map(|stored: &Verified| stored.hash);
                let asked: Option<Hash> = rows.places.get(&(number, *seq)).and_then(hash_at);
                let row = rows.chains.get(&number);
                Holding { end: row.map_or(Link::EMPTY, |row| row.end), last: row.map_or(0, |row| row.last), asked }
            };
            asked.iter().map(holding).collect()
        })
    }

    fn accept(
        &self,
        tenant: TenantId,
        now: i64,
        offers: Vec<Offer>,
    ) -> Result<Vec<Result<Taken, Refusal>>, StoreError> {
        self.with(tenant, |rows| ledger::accept(rows, tenant, now, offers))?
    }

    fn erase(&self, tenant: TenantId, erased: &Erased) -> Result<u64, StoreError> {
        self.with(tenant, |rows| ledger::erase(rows, erased))?
    }

    fn erased(&self, tenant: TenantId) -> Result<Erased, StoreError> {
        self.with(tenant, |rows| {
            let by_number: BTreeMap<u64, ChainId> =
                rows.numbers.iter().map(|(chain, number)| (*number, *chain)).collect();
            let place = |(number, seq): &(u64, u64)| by_number.get(number).map(|chain| (*chain, *seq));
            Erased { records: rows.erased.clone(), entries: rows.erased_entries.iter().filter_map(place).collect() }
        })
    }

    fn read(
        &self,
        tenant: TenantId,
        reader: Reader,
        from: Option<Point>,
        budget: usize,
    ) -> Result<Reading, StoreError> {
        self.with(tenant, |rows| {
            let from = from.filter(|from| from.position <= rows.position);
            let start = from.unwrap_or_default();
            match reader {
                Reader::Suitcase(chain) => rows.read_inbox(chain, start, budget, true),
                Reader::RegisterOnly(chain) => rows.read_inbox(chain, start, budget, false),
                Reader::Desk { register, case } => rows.read_log([register, case], from, budget),
            }
        })
    }

    fn put_enrolment(
        &self,
        tenant: TenantId,
        chain: ChainId,
        invitation: [u8; 16],
        bytes: &[u8],
        now: i64,
    ) -> Result<(), StoreError> {
        self.with(tenant, |rows| {
            rows.enrolments.retain(|_, waiting| waiting.time >= now.saturating_sub(ENROLMENT_LIFE));
            rows.enrolments.remove(&chain);
            rows.keep_newest(ENROLMENTS_OF_INVITATION - 1, |waiting| waiting.invitation == invitation);
            rows.keep_newest(ENROLMENTS - 1, |_| true);
            rows.enrolments.insert(chain, Waiting { time: now, invitation, bytes: bytes.to_vec() });
        })
    }

    fn enrolments(&self, tenant: TenantId, now: i64) -> Result<Vec<(ChainId, Vec<u8>)>, StoreError> {
        self.with(tenant, |rows| {
            let oldest = now.saturating_sub(ENROLMENT_LIFE);
            let mut alive: Vec<_> = rows.enrolments.iter().filter(|(_, waiting)| waiting.time >= oldest).collect();
            alive.sort_by_key(|(chain, waiting)| (waiting.time, **chain));
            alive.into_iter().map(|(chain, waiting)| (*chain, waiting.bytes.clone())).collect()
        })
    }

    fn drop_enrolments(&self, tenant: TenantId, chains: &[ChainId]) -> Result<(), StoreError> {
        self.with(tenant, |rows| rows.enrolments.retain(|chain, _| !chains.contains(chain)))
    }
}
