//! Copies of a peer that is open, and what a peer does that came back from one.
//!
//! A desk that was restored from a copy may have written more after the copy was made: the hub holds it, suitcases have
//! read it. If it wrote on from the copy's end, one number would have two entries. So it writes nothing until the hub
//! has handed out the whole log from its beginning, the desk's own chains among it, in the lineage that the copy knew:
//! a hub that began a new life since cannot tell what is missing.

use crate::identity::Identity;
use crate::ledger::{Ledger, load_register};
use crate::peer::Peer;
use crate::store::{self, chains, meta, sync};
use crate::sync::begin_without_token;
use crate::verify::{Report, check};
use crate::{PeerError, Role, lost_numbers};
use chain::{ChainHead, Dialogue};
use ids::{LineageId, TenantId};
use rusqlite::{Connection, TransactionBehavior};
use signing::RootPublic;
use std::path::Path;

/// The name in `meta` of the lineage that the copy knew: 16 bytes, or none if it had not met a hub.
const RESTORED: &str = "restored";
/// The name in `meta` of a mark: everything came back, and what people had decided was not looked through yet.
const CAME_BACK: &str = "came back";

/// What a copy holds.
#[derive(Debug, Clone)]
pub struct Copied {
    /// Whose community.
    pub tenant: TenantId,
    /// Its root.
    pub root: RootPublic,
    /// The hub's life that the peer knew.
    pub lineage: Option<LineageId>,
    /// Up to where each chain is held.
    pub heads: Vec<ChainHead>,
    /// What the check of the copy found.
    pub report: Report,
}

/// `None`: this peer was not restored, or is whole again. Else the lineage that its copy knew.
pub(crate) fn restored(connection: &Connection) -> Result<Option<Option<LineageId>>, PeerError> {
    let bytes = meta::get(connection, RESTORED)?;
    Ok(bytes.map(|bytes| bytes.try_into().ok().map(LineageId::from_bytes)))
}

/// An error while entries of this peer may be missing.
pub(crate) fn may_write(connection: &Connection) -> Result<(), PeerError> {
    if restored(connection)?.is_some() { Err(PeerError::CatchingUp) } else { Ok(()) }
}

/// The hub has handed out everything.
pub(crate) fn whole_again(connection: &mut Connection, identity: &Identity) -> Result<(), PeerError> {
    tracing::info!("restored from a copy and whole again: everything the hub holds was read");
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    lost_numbers::pass_over(&transaction, identity)?;
    meta::remove(&transaction, RESTORED)?;
    meta::put(&transaction, CAME_BACK, &[1])?;
    Ok(transaction.commit()?)
}

impl Ledger {
    /// Asks the hub for its log from the beginning, and writes nothing before it came.
    pub(crate) fn begin_from_a_copy(&mut self, answerer: &str) -> Result<(), PeerError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let dialogue = sync::dialogue(&transaction, answerer)?;
        let lineage = dialogue.lineage.map(|lineage| lineage.as_bytes().to_vec());
        meta::put(&transaction, RESTORED, &lineage.unwrap_or_default())?;
        begin_without_token(&transaction, answerer, Dialogue { cursor: None, ..dialogue })?;
        transaction.commit()?;
        Ok(())
    }
}

impl Peer {
    /// Copies the database into a new file, encrypted as it is, and checks the copy: every page, hash, link, signature,
    /// record and list row. Writing goes on meanwhile. The file is complete when this returns.
    pub fn copy_to(&self, path: &Path, answerer: &str) -> Result<Copied, PeerError> {
        let copy = self.with_reader(|connection, key| store::copy(connection, path, key))?;
        let bytes = meta::get(&copy, "identity")?.ok_or(PeerError::Damaged("identity".into()))?;
        let identity = Identity::decode(&bytes)?;
        let register = load_register(&copy, &identity)?;
        let report = check(&|| store::open_reader(path, &self.key), &identity, &register, Vec::new())?;
        let lineage = sync::dialogue(&copy, answerer)?.lineage;
        let heads = chains::heads(&copy)?;
        copy.close().map_err(|(_, error)| error)?;
        Ok(Copied { tenant: identity.tenant, root: identity.root, lineage, heads, report })
    }

    /// This peer's folder came back from a copy: nothing is written until the hub that `answerer` names has handed out
    /// what was written after it. Call it before anything else is done with the peer.
    pub fn begin_from_a_copy(&self, answerer: &str) -> Result<(), PeerError> {
        if !matches!(self.role(), Role::Desk { .. }) {
            return Err(PeerError::Refused("лише центр відновлюється з копії / only a desk is restored so".into()));
        }
        let answerer = answerer.to_owned();
        self.with_ledger(move |ledger| ledger.begin_from_a_copy(&answerer))
    }

    /// True while entries of this peer may be missing: see [`Peer::begin_from_a_copy`].
    pub fn is_catching_up(&self) -> Result<bool, PeerError> {
        self.read(|view| Ok(restored(view.connection())?.is_some()))
    }

    /// True once everything came back, until [`Peer::decisions_hold`]: also if the program ended in between.
    pub fn has_come_back(&self) -> Result<bool, PeerError> {
        self.read(|view| Ok(meta::get(view.connection(), CAME_BACK)?.is_some()))
    }

    /// What people had decided before the disk was lost was looked through, and holds again.
    pub fn decisions_hold(&self) -> Result<(), PeerError> {
        self.with_ledger(|ledger| meta::remove(&ledger.connection, CAME_BACK))
    }

    /// True while own entries are missing that a repair did not find and that may come from the hub yet. What a copy did not
    /// know yet, or what the kit brings back, is not missing so.
    pub fn awaits_own_entries(&self) -> Result<bool, PeerError> {
        self.read(|view| {
            let bytes = meta::get(view.connection(), "identity")?.ok_or(PeerError::Damaged("identity".into()))?;
            Ok(restored(view.connection())?.is_some()
                && lost_numbers::are_awaited(view.connection(), &Identity::decode(&bytes)?)?)
        })
    }
}
