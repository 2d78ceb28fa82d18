//! The sealed bytes of what a suitcase gave up. Keys go when a record is given up; the bytes stay until the centre's
//! verdict covers them, a copy of the desk holds them too, and [`COVERED_DAYS`] have passed since it was made. Until
//! then a centre that lost everything gets them back from here; after that its copy gives them back, and whoever finds
//! the suitcase does not even learn how much was written about whom.
//!
//! The entry itself stays, without its body, so that the chain still verifies. To a hub that lost its memory it is not
//! offered: the desk brings the body. A grant brings it back here.

use crate::PeerError;
use crate::identity::Role;
use crate::ledger::Ledger;
use crate::peer::Peer;
use crate::store::{chains, forgotten, meta, sync};
use chain::Anchor;
use ids::ChainId;
use rusqlite::{Connection, TransactionBehavior};
use signing::canonical::{Reader, Writer};

/// For so many days after a copy of the desk was made the suitcase keeps what that copy holds.
pub const COVERED_DAYS: i64 = 30;

const DAY: i64 = 24 * 3_600_000;

/// What was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Entries that have no body any more.
    pub entries: u64,
    /// How long the bodies were.
    pub bytes: u64,
}

/// The name in `meta` of the last own entry that tells the centre what was given up: its chain and number.
const TOLD: &str = "given up";

/// Entry `seq` of an own chain tells the centre what was given up.
pub(crate) fn told(connection: &Connection, chain: ChainId, seq: u64) -> Result<(), PeerError> {
    let mut w = Writer::new();
    w.fixed(chain.as_bytes()).u64(seq);
    meta::put(connection, TOLD, &w.finish())
}

/// Whether the centre has read all that was given up. Before that it may grant a record that it believes to be here,
/// and nobody would send the bodies again.
fn is_known(connection: &Connection) -> Result<bool, PeerError> {
    let Some(bytes) = meta::get(connection, TOLD)? else { return Ok(false) };
    let mut r = Reader::new(&bytes);
    let (chain, seq) = (ChainId::from_bytes(r.fixed()?), r.u64()?);
    Ok(sync::verdict_end(connection, chain)? >= seq)
}

impl Ledger {
    /// By when a copy must have been made. By the hub's word for the time, as well: a laptop whose clock is a year ahead
    /// drops nothing early.
    fn copied_by(&self) -> Result<Option<i64>, PeerError> {
        let newest = meta::get(&self.connection, &sync::last_anchor(self.identity.chain))?;
        let proven = newest.and_then(|bytes| Anchor::decode(&bytes).ok()).map(|anchor| anchor.time);
        Ok(proven.map(|proven| proven.min(self.clock.now().0).saturating_sub(COVERED_DAYS * DAY)))
    }

    fn drop_covered(&mut self) -> Result<Dropped, PeerError> {
        let mut dropped = Dropped::default();
        let Role::Suitcase = self.identity.role else { return Ok(dropped) };
        let Some(by) = self.copied_by()? else { return Ok(dropped) };
        // A grant that waits to be looked at wants these bytes.
        self.absorb()?;
        if !is_known(&self.connection)? {
            return Ok(dropped);
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for head in chains::all(&transaction)? {
            let judged =
                if self.identity.is_ours(head.chain) { sync::verdict_end(&transaction, head.chain)? } else { u64::MAX };
            let until = self.register.covered(head.chain, by).min(judged);
            if until == 0 {
                continue;
            }
            let (entries, bytes) = forgotten::drop_bodies(&transaction, head.chain, until)?;
            dropped = Dropped { entries: dropped.entries + entries, bytes: dropped.bytes + bytes };
        }
        transaction.commit()?;
        if dropped.entries > 0 {
            self.log_due = true;
            self.empty_log()?;
        }
        Ok(dropped)
    }
}

impl Peer {
    /// Drops the sealed bytes of what was given up, as far as the centre has them twice for long. Nothing on a desk.
    pub fn drop_covered(&self) -> Result<Dropped, PeerError> {
        self.with_ledger(Ledger::drop_covered)
    }

    /// Entries of what was given up whose sealed bytes are still here, and whose are not.
    pub fn sealed_of_forgotten(&self) -> Result<(u64, u64), PeerError> {
        self.read(|view| forgotten::sealed(view.connection()))
    }
}
