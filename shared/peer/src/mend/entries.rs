//! Which of the entries that were read are what their authors wrote.

use crate::PeerError;
use crate::identity::Identity;
use crate::ledger::load_register;
use crate::records_in_store as shelf;
use crate::spare::Spare;
use crate::store::entries::{self, State};
use crate::store::mend::{self, Row};
use crate::store::{chains, forgotten, keys};
use chain::{Link, Register};
use ids::ChainId;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: usize = 500;

/// What was read of the entries.
pub(super) struct Sound {
    /// Proven: hash, and signature where the author is known.
    pub kept: u64,
    /// Read, and not what anybody signed.
    pub refused: u64,
    /// Named by an index and not read, by chain.
    pub unread: BTreeMap<ChainId, BTreeSet<u64>>,
    /// Ends of chains as their rows state them.
    pub stated: BTreeMap<ChainId, u64>,
    /// The end of the own chain as its row states it.
    pub own_end: Link,
}

/// Looks at every entry in the new database and takes away what is none.
pub(super) fn keep_sound(
    connection: &Connection,
    identity: &Identity,
    named: &BTreeSet<(i64, u64)>,
    spare: Option<Spare>,
) -> Result<Sound, PeerError> {
    let stated = mend::chains(connection)?.into_values().collect();
    let own_end = chains::end(connection, identity.chain)?;
    name_chains(connection, identity)?;
    let chains = mend::chains(connection)?;
    let mut sound = Sound { kept: 0, refused: 0, unread: BTreeMap::new(), stated, own_end };
    // Hashes first: what the register says is believed only if its entries are whole.
    walk(connection, &mut sound, |row| {
        let chain = chains.get(&row.chain)?.0;
        mend::at_place(row, identity.tenant, chain).map(|_| ())
    })?;
    mend::set_ends(connection)?;
    if let Some(spare) = spare {
        spare.fill(connection)?;
    }
    let register = load_register(connection, identity).unwrap_or_else(|error| {
        tracing::warn!(%error, "the register is not whole: signatures are checked when it has come again");
        Register::new(identity.tenant, identity.root)
    });
    sound.kept = 0;
    let chains = mend::chains(connection)?;
    let signed = |row: &Row| {
        let chain = chains.get(&row.chain)?.0;
        let entry = mend::at_place(row, identity.tenant, chain)?;
        let valid = register.author(chain).is_none_or(|author| entry.entry.is_valid(&entry.place, &author));
        valid.then_some(())
    };
    let read = walk(connection, &mut sound, signed)?;
    for (row, seq) in named.iter().filter(|place| !read.contains(place)) {
        if let Some((chain, _)) = chains.get(row) {
            sound.unread.entry(*chain).or_default().insert(*seq);
        }
    }
    Ok(sound)
}

/// Looks at each row and takes away those that are not good. Gives the places of those that stay.
fn walk(
    connection: &Connection,
    sound: &mut Sound,
    is_good: impl Fn(&Row) -> Option<()>,
) -> Result<BTreeSet<(i64, u64)>, PeerError> {
    let (mut after, mut places) = (i64::MIN, BTreeSet::new());
    loop {
        let page = mend::rows(connection, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(places) };
        after = last.id;
        for row in &page {
            if is_good(row).is_some() {
                sound.kept += 1;
                places.insert((row.chain, row.seq));
            } else {
                tracing::warn!(id = row.id, seq = row.seq, "what was read is no entry of its author");
                sound.refused += 1;
                mend::remove(connection, row.id)?;
            }
        }
    }
}

/// Entries whose chain's row is lost say by their hashes which chain they stand in.
fn name_chains(connection: &Connection, identity: &Identity) -> Result<(), PeerError> {
    let known = mend::chains(connection)?;
    let mut candidates = mend::candidates(connection)?;
    candidates.extend(identity.own_chains());
    candidates.extend(identity.former.iter().map(|former| former.chain));
    candidates.extend(crate::ledger::register_chains(connection)?);
    // What the register certifies, as far as it can be folded by now.
    mend::set_ends(connection)?;
    if let Ok(register) = load_register(connection, identity) {
        candidates.extend(register.suitcases().map(|certificate| certificate.chain));
        candidates.extend(register.desks().flat_map(|(desk, _, _)| [desk.register, desk.case]));
    }
    let named: BTreeSet<ChainId> = known.values().map(|(chain, _)| *chain).collect();
    let mut found: BTreeMap<i64, ChainId> = BTreeMap::new();
    let mut after = i64::MIN;
    loop {
        let page = mend::rows(connection, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in page.iter().filter(|row| !known.contains_key(&row.chain)) {
            if found.contains_key(&row.chain) {
                continue;
            }
            let fits = |chain: &&ChainId| mend::at_place(row, identity.tenant, **chain).is_some();
            if let Some(chain) = candidates.difference(&named).find(fits) {
                found.insert(row.chain, *chain);
            }
        }
    }
    found.into_iter().try_for_each(|(row, chain)| mend::put_chain(connection, row, chain))
}

/// Records that cannot be made of what is here wait for what is missing, their key or a change before others.
pub(super) fn wait_where_broken(connection: &Connection, identity: &Identity) -> Result<(), PeerError> {
    for record in entries::records(connection)? {
        let whole = keys::newest_record_key(connection, record)?.is_some()
            && shelf::document(connection, identity.tenant, record).is_ok();
        if !whole {
            forgotten::set_states(connection, record, State::Taken, State::Waiting)?;
        }
    }
    Ok(())
}
