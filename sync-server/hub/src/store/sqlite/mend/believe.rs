//! Which of the entries that were found are believed: the register up to the root, of every other chain what its author
//! signed and what fits to what stands before it.

use super::gather::Gathered;
use crate::hub::meet_all;
use crate::store::{StoreError, Tenant};
use chain::{Entry, Kind, Link, Place, Register, Segment};
use ids::ChainId;
use rusqlite::{Row, params};
use signing::Hash;
use signing::canonical::Reader;
use std::collections::{BTreeMap, BTreeSet};

/// The register as far as it was found without a hole.
pub(super) fn register(gathered: &mut Gathered, tenant: &Tenant) -> Result<Register, StoreError> {
    gathered.settle()?;
    gathered.settle_with(&gathered.desks()?)?;
    loop {
        let before = gathered.found()?;
        let register = fold(gathered, tenant)?;
        gathered.settle_with(&named(&register))?;
        if gathered.found()? == before {
            return Ok(register);
        }
    }
}

/// All chains that a register names.
fn named(register: &Register) -> BTreeSet<ChainId> {
    let desks = register.desks().flat_map(|(desk, _, _)| [desk.register, desk.case]);
    let suitcases = register.suitcases().chain(register.late_suitcases()).map(|certificate| certificate.chain);
    let reborn = register.unconfirmed().chain(register.declined()).map(|rebirth| rebirth.chain);
    desks.chain(suitcases).chain(reborn).collect()
}

fn fold(gathered: &Gathered, tenant: &Tenant) -> Result<Register, StoreError> {
    let mut register = Register::new(tenant.id, tenant.root);
    for chain in beginning(gathered, Kind::REGISTER)? {
        let run = run(gathered, chain)?;
        if register.take(run.clone()).is_ok() {
            continue;
        }
        // Up to the first that is not believed.
        let mut end = Link { seq: run.from - 1, hash: run.prev };
        for entry in run.entries {
            let hash = entry.hash(&end.next(tenant.id, chain));
            let one = Segment { chain, from: end.seq + 1, prev: end.hash, entries: vec![entry] };
            if register.take(one).is_err() {
                break;
            }
            end = Link { seq: end.seq + 1, hash };
        }
    }
    let mut rebirths = Vec::new();
    for chain in beginning(gathered, Kind::REBIRTH)? {
        let Segment { chain, from, prev, mut entries } = run(gathered, chain)?;
        entries.truncate(1);
        rebirths.push(Segment { chain, from, prev, entries });
    }
    meet_all(&mut register, rebirths);
    Ok(register)
}

/// Chains whose first entry is of a kind, in the order in which they came.
fn beginning(gathered: &Gathered, kind: Kind) -> Result<Vec<ChainId>, StoreError> {
    let sql = "SELECT DISTINCT chain FROM found WHERE seq = 1 AND kind = ?1 ORDER BY place";
    let mut find = gathered.scratch.prepare_cached(sql)?;
    let chains = find.query_map([kind.code()], |row| Ok(ChainId::from_bytes(row.get(0)?)))?;
    Ok(chains.collect::<Result<_, _>>()?)
}

/// From its first entry as far as each continues the one before.
fn run(gathered: &Gathered, chain: ChainId) -> Result<Segment, StoreError> {
    let mut segment = Segment { chain, from: 1, prev: Hash::ZERO, entries: Vec::new() };
    let mut end = Link::EMPTY;
    each(gathered, chain, |candidate| {
        if candidate.seq == end.seq + 1 && candidate.prev == end.hash {
            end = Link { seq: candidate.seq, hash: candidate.hash };
            segment.entries.push(candidate.entry);
        }
        Ok(())
    })?;
    Ok(segment)
}

struct Candidate {
    id: i64,
    seq: u64,
    prev: Hash,
    hash: Hash,
    entry: Entry,
}

fn each(
    gathered: &Gathered,
    chain: ChainId,
    mut work: impl FnMut(Candidate) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = "SELECT id, seq, prev, hash, entry FROM found WHERE chain = ?1 ORDER BY seq, id";
    let mut find = gathered.scratch.prepare_cached(sql)?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, Hash(row.get(2)?), Hash(row.get(3)?), row.get(4)?));
    let rows = find.query_map([chain.as_bytes()], row)?;
    for row in rows {
        let (id, seq, prev, hash, bytes): (i64, u64, Hash, Hash, Vec<u8>) = row?;
        let entry = Entry::read(&mut Reader::new(&bytes)).map_err(|error| StoreError::Damaged(error.to_string()))?;
        work(Candidate { id, seq, prev, hash, entry })?;
    }
    Ok(())
}

/// What is believed of one chain.
pub(super) struct Believed {
    /// Without a hole.
    pub end: Link,
    /// Numbers that are held, as runs, both included.
    pub runs: Vec<(u64, u64)>,
}

/// Marks everything that is believed, and tells how far each chain goes.
pub(super) fn choose(
    gathered: &Gathered,
    tenant: &Tenant,
    register: &Register,
) -> Result<BTreeMap<ChainId, Believed>, StoreError> {
    let mut find = gathered.scratch.prepare("SELECT DISTINCT chain FROM found")?;
    let chains = find.query_map([], |row| Ok(ChainId::from_bytes(row.get(0)?)))?;
    let chains: Vec<ChainId> = chains.collect::<Result<_, _>>()?;
    let mut believed = BTreeMap::new();
    for chain in chains {
        let Some(author) = register.author(chain) else { continue };
        let (mut kept, mut last) = (Vec::new(), Link::EMPTY);
        let mut one = Believed { end: Link::EMPTY, runs: Vec::new() };
        each(gathered, chain, |Candidate { id, seq, prev, hash, entry }| {
            let fits = seq > last.seq && (seq > last.seq + 1 || prev == last.hash);
            let place = Place { tenant: tenant.id, chain, seq, prev };
            if !fits || !entry.is_valid(&place, &author) {
                return Ok(());
            }
            match one.runs.last_mut().filter(|_| seq == last.seq + 1) {
                Some(run) => run.1 = seq,
                None => one.runs.push((seq, seq)),
            }
            last = Link { seq, hash };
            if seq == one.end.seq + 1 {
                one.end = last;
            }
            kept.push(id);
            Ok(())
        })?;
        let mut keep = gathered.scratch.prepare_cached("UPDATE found SET kept = 1 WHERE id = ?1")?;
        kept.into_iter().try_for_each(|id| keep.execute(params![id]).map(|_| ()))?;
        if !one.runs.is_empty() {
            believed.insert(chain, one);
        }
    }
    Ok(believed)
}
