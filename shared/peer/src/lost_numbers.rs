//! Numbers of the centre's own chain that a damaged disk lost before anybody else had them.
//!
//! An entry that was lost may have been on a stick or in somebody's hands: another one under its number would be a fork.
//! So a desk passes over these numbers for good and writes on behind them. The hub takes in what stands beyond a hole; its
//! anchor waits before it, so how far it holds the rest is remembered here. New keys end the chain ([`crate::Former`])
//! and with it the waiting.

use crate::PeerError;
use crate::identity::{Identity, Role};
use crate::ledger::register_chains;
use crate::store::{chains, entries, meta};
use chain::{Dialogue, Link, News};
use ids::ChainId;
use rusqlite::Connection;
use signing::Hash;
use signing::canonical::{Reader, Writer};
use std::collections::BTreeMap;

/// The name in `meta` of what was lost: version = 1, count, then chain 16, first `u64`, last `u64`, hash of the last 32 each.
const LOST: &str = "lost numbers";
/// The name in `meta` of the end that the damaged database stated of the own chain: chain 16, number `u64`, hash 32.
const STATED: &str = "stated end";
/// Runs; each needs a damaged page of its own.
const MOST: usize = 10_000;

/// Numbers of one chain, one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    chain: ChainId,
    /// The first.
    pub from: u64,
    /// The last, with the hash that its entry had.
    pub to: Link,
}

fn all(connection: &Connection) -> Result<Vec<Run>, PeerError> {
    let Some(bytes) = meta::get(connection, LOST)? else { return Ok(Vec::new()) };
    let mut r = Reader::new(&bytes);
    if r.u8()? != 1 {
        return Err(PeerError::Later);
    }
    let count = r.count_to(MOST)?;
    let mut run = || {
        let (chain, from) = (ChainId::from_bytes(r.fixed()?), r.u64()?);
        Ok(Run { chain, from, to: Link { seq: r.u64()?, hash: Hash(r.fixed()?) } })
    };
    (0..count).map(|_| run()).collect()
}

/// What was lost of a chain, ascending.
pub(crate) fn runs(connection: &Connection, chain: ChainId) -> Result<Vec<Run>, PeerError> {
    let mut found = all(connection)?;
    found.retain(|run| run.chain == chain);
    found.sort_by_key(|run| run.from);
    Ok(found)
}

/// The first number from `next` on that was not lost.
pub(crate) fn behind(lost: &[Run], next: u64) -> u64 {
    lost.iter().fold(next, |next, run| if (run.from..=run.to.seq).contains(&next) { run.to.seq + 1 } else { next })
}

/// How many numbers between two, both included, were lost.
pub(crate) fn count(lost: &[Run], from: u64, until: u64) -> u64 {
    lost.iter().map(|run| (run.to.seq.min(until) + 1).saturating_sub(run.from.max(from))).sum()
}

/// Remembers, while a damaged desk is mended, how far its own chain went.
pub(crate) fn remember_end(connection: &Connection, chain: ChainId, end: Link) -> Result<(), PeerError> {
    let mut w = Writer::new();
    w.fixed(chain.as_bytes()).u64(end.seq).fixed(&end.hash.0);
    meta::put(connection, STATED, &w.finish())
}

fn remembered(connection: &Connection, chain: ChainId) -> Result<Option<Link>, PeerError> {
    let Some(bytes) = meta::get(connection, STATED)? else { return Ok(None) };
    let mut r = Reader::new(&bytes);
    let of = ChainId::from_bytes(r.fixed()?);
    let end = Link { seq: r.u64()?, hash: Hash(r.fixed()?) };
    Ok(Some(end).filter(|_| of == chain))
}

/// The end of a chain whose unbroken part ends at `end`: behind what was lost, as far as it goes from there.
pub(crate) fn end_behind(connection: &Connection, chain: ChainId, mut end: Link) -> Result<Link, PeerError> {
    let lost = runs(connection, chain)?;
    while let Some(run) = lost.iter().find(|run| run.from <= end.seq + 1 && run.to.seq > end.seq) {
        end = walk(connection, chain, run.to)?;
    }
    Ok(end)
}

fn walk(connection: &Connection, chain: ChainId, mut end: Link) -> Result<Link, PeerError> {
    while let Some(hash) = entries::hash_at(connection, chain, end.seq + 1)? {
        end = Link { seq: end.seq + 1, hash };
    }
    Ok(end)
}

/// True while own entries are missing that a repair did not find and that may come from the hub yet. Where a damaged
/// database did not even say how far the own chain went, its end may be missing.
pub(crate) fn are_awaited(connection: &Connection, identity: &Identity) -> Result<bool, PeerError> {
    if meta::get(connection, STATED)?.is_none() {
        return Ok(false);
    }
    let ends = identity.former.iter().map(|former| (former.chain, former.end));
    let stated = remembered(connection, identity.chain)?.map_or(0, |stated| stated.seq);
    if stated == 0 {
        return Ok(true);
    }
    let registers = register_chains(connection)?;
    for (chain, known) in ends.chain([(identity.chain, stated)]).filter(|(chain, _)| !registers.contains(chain)) {
        let end = chains::end(connection, chain)?.seq;
        if end < known || entries::next_held(connection, chain, end + 1)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Everything that the hub holds has come: what is missing of the own chains by now is lost, and never given again.
pub(crate) fn pass_over(connection: &Connection, identity: &Identity) -> Result<(), PeerError> {
    let Role::Desk { register } = identity.role else { return Ok(()) };
    let registers = register_chains(connection)?;
    let former = identity.former.iter().map(|former| former.chain);
    // A register with a hole says nothing behind it to anybody: it comes back whole from the spare.
    let own = former.chain([identity.chain]).filter(|chain| *chain != register && !registers.contains(chain));
    let mut lost = all(connection)?;
    let before = lost.len();
    for chain in own.collect::<Vec<_>>() {
        let mut end = chains::end(connection, chain)?;
        while let Some(next) = entries::next_held(connection, chain, end.seq + 1)? {
            let hash = entries::prev_at(connection, chain, next)?.unwrap_or(Hash::ZERO);
            let to = Link { seq: next - 1, hash };
            lost.push(Run { chain, from: end.seq + 1, to });
            end = walk(connection, chain, to)?;
        }
        if let Some(stated) = remembered(connection, chain)?.filter(|stated| stated.seq > end.seq) {
            lost.push(Run { chain, from: end.seq + 1, to: stated });
            end = stated;
        }
        chains::set_end(connection, chains::row(connection, chain)?, end)?;
    }
    meta::remove(connection, STATED)?;
    if lost.len() > before {
        tracing::warn!(runs = lost.len(), "own entries are lost that nobody else had: their numbers are passed over");
        let mut w = Writer::new();
        w.u8(1).count(lost.len().min(MOST) as u64);
        for run in lost.iter().take(MOST) {
            w.fixed(run.chain.as_bytes()).u64(run.from).u64(run.to.seq).fixed(&run.to.hash.0);
        }
        meta::put(connection, LOST, &w.finish())?;
    }
    Ok(())
}

/// An answerer's anchor waits before what was lost, and it says that it lacks it. What stands behind, and was brought and
/// not refused (`brought`: up to where), it holds all the same. `true`: it holds more than `before`.
pub(crate) fn held_behind(
    connection: &Connection,
    before: &Dialogue,
    dialogue: &mut Dialogue,
    news: &mut News,
    brought: &BTreeMap<ChainId, u64>,
) -> Result<bool, PeerError> {
    let mut moved = false;
    let mut chains: Vec<ChainId> = all(connection)?.into_iter().map(|run| run.chain).collect();
    chains.dedup();
    for chain in chains {
        let lost = runs(connection, chain)?;
        let anchored = dialogue.unsent_from(chain);
        let Some(run) = lost.iter().find(|run| run.from == anchored) else { continue };
        let same_life = before.lineage == dialogue.lineage;
        let known = before.anchored.get(&chain).copied().filter(|known| same_life && known.seq > run.to.seq);
        let refused = news.refusals.iter().any(|refusal| refusal.chain == chain || refusal.from == 0);
        let told = brought.get(&chain).copied().filter(|_| !refused).unwrap_or(0);
        let told = told.min(chains::end(connection, chain)?.seq);
        let told = entries::hash_at(connection, chain, told)?.map(|hash| Link { seq: told, hash });
        let told = told.filter(|told| told.seq > run.to.seq);
        moved |= told.is_some_and(|told| known.is_none_or(|known| known.seq < told.seq));
        if let Some(held) = known.into_iter().chain(told).max_by_key(|held| held.seq) {
            dialogue.anchored.insert(chain, held);
        }
        if entries::hash_at(connection, chain, run.from)?.is_none() {
            news.needed.retain(|needed| needed.chain != chain || needed.from != run.from);
        }
    }
    Ok(moved)
}

/// What of the present chain was lost, a sentence each.
pub(crate) fn sentences(connection: &Connection, chain: ChainId) -> Result<Vec<String>, PeerError> {
    let sentence = |run: &Run| {
        let (from, to) = (run.from, run.to.seq);
        format!(
            "записи центру № {from}–{to} зникли з диска раніше, ніж їх отримав вузол обміну: їхні номери не видаються знову; центр працює далі, а щоб якорі вузла знову сягали кінця, візьміть з комплектом нові ключі (rotate-keys begin) / entries {from} to {to} of the centre were lost with the disk before the hub had them: their numbers are not given again; the centre works on, and for the hub's anchors to reach the end again take new keys with the kit (rotate-keys begin)"
        )
    };
    Ok(runs(connection, chain)?.iter().map(sentence).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;
    use ids::TenantId;
    use sealing::{AgreementSecret, SeededEntropy};
    use signing::{AgreementPublicKey, Root, RootPublic, Secret};

    fn identity(chain: ChainId) -> Identity {
        Identity {
            tenant: TenantId::from_bytes([9; 16]),
            root: RootPublic {
                signing: Root::from_seed(Secret::new([7; 32])).signing_key().public(),
                agreement: AgreementPublicKey([2; 32]),
            },
            hub: String::new(),
            role: Role::Desk { register: ChainId::from_bytes([3; 16]) },
            chain,
            number: 0,
            seed: Secret::new([1; 32]),
            agreement: AgreementSecret::generate(&mut SeededEntropy::new(1)),
            former: Vec::new(),
        }
    }

    #[test]
    fn only_what_a_repair_did_not_find_is_awaited() {
        let dir = tempfile::tempdir().unwrap();
        let connection = store::create(&dir.path().join("valiza.db"), &Secret::new([2; 32])).unwrap();
        let chain = ChainId::from_bytes([4; 16]);
        let identity = identity(chain);
        let awaited = || are_awaited(&connection, &identity).unwrap();
        assert!(!awaited(), "nothing was mended");
        let link = |seq| Link { seq, hash: Hash([5; 32]) };
        let row = chains::row(&connection, chain).unwrap();
        remember_end(&connection, chain, link(7)).unwrap();
        for (end, lacks) in [(6, true), (7, false)] {
            chains::set_end(&connection, row, link(end)).unwrap();
            assert_eq!(awaited(), lacks, "up to {end} of 7");
        }
        remember_end(&connection, chain, Link::EMPTY).unwrap();
        assert!(awaited(), "how far it went is not known");
    }
}
