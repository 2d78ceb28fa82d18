//! A suitcase whose disk was put back from a copy, or doubled, goes on under a new chain, so that no number of the old
//! one is ever written twice.
//!
//! It is noticed by a mark outside the database at the start, or by what an answerer or the centre holds. Entries that
//! all hold alike stay where they are. Own entries behind the place where the two lives part are written again in the
//! new chain ([`adopt`]); the originals stay beside it as they were signed. Recording never waits for any of it.

mod adopt;
mod confirm;

pub(crate) use adopt::as_far_as_allowed;

use crate::ledger::Ledger;
use crate::peer::{Peer, View};
use crate::store::{chains, keys, meta, rows, strays, sync};
use crate::sync::begin_without_token;
use crate::{Former, Identity, PeerError, Role, places, rotation};
use chain::{Dialogue, Link, Reason, Rebirth, limits};
use ids::ChainId;
use rusqlite::Connection;
use sealing::AgreementSecret;
use signing::canonical::{Reader, Writer};
use std::sync::PoisonError;

/// The name in `meta` of the sign that another life of this disk is known elsewhere: the reason's code `u8`, and the first
/// number that the centre knows otherwise, `u64`, 0 if it named none.
const DOUBT: &str = "doubt";

/// Remembers that the chain has to be compared with what the answerer holds. `parted`: from here on the centre knows
/// another life's entries, whatever the answerer holds now.
pub(crate) fn doubt(connection: &Connection, reason: Reason, parted: Option<u64>) -> Result<(), PeerError> {
    let known = in_doubt(connection)?.and_then(|(_, known)| known);
    let parted = known.into_iter().chain(parted).min().unwrap_or(0);
    let mut w = Writer::new();
    w.u8(reason.code()).u64(parted);
    meta::put(connection, DOUBT, &w.finish())
}

/// The chain is compared no more until something contradicts it again.
pub(crate) fn believe(connection: &Connection) -> Result<(), PeerError> {
    meta::remove(connection, DOUBT)
}

/// Why the chain has to be compared, and from which number on the centre knows it otherwise.
pub(crate) fn in_doubt(connection: &Connection) -> Result<Option<(Reason, Option<u64>)>, PeerError> {
    let Some(bytes) = meta::get(connection, DOUBT)? else { return Ok(None) };
    let mut r = Reader::new(&bytes);
    let reason = Reason::from_code(r.u8()?);
    Ok(Some((reason, r.u64().ok().filter(|parted| *parted > 0))))
}

/// How a suitcase stands that goes on under a new chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reborn {
    /// The chain it continues.
    pub before: ChainId,
    /// When, device time, ms since 1970.
    pub at: i64,
    /// How it was noticed.
    pub reason: Reason,
    /// Entries that were written again.
    pub written_again: u64,
}

impl Ledger {
    /// Goes on under a new chain. `parted`: the first number of the old chain that is this laptop's alone; `None`: what
    /// is held is held alike elsewhere, or lies before it.
    pub(crate) fn rebirth(&mut self, reason: Reason, parted: Option<u64>) -> Result<(), PeerError> {
        if self.identity.role != Role::Suitcase {
            return Err(PeerError::Refused("лише валіза починає новий ланцюг / only a suitcase begins anew".into()));
        }
        self.may_begin_anew()?;
        let (old, old_key, now) = (self.identity.chain, self.identity.signing_key(), self.clock.now().0);
        let from = parted.unwrap_or(chains::end(&self.connection, old)?.seq + 1);
        let next = self.next_identity(Former { chain: old, end: from.saturating_sub(1) });
        let register = self.register.clone();
        self.act_reborn(&next, |act| {
            let until = if reason == Reason::Damaged { limits::SEQ } else { chains::end(act.connection(), old)?.seq };
            let branch = adopt::branch(act.connection(), next.tenant, old, (from, until))?;
            let end = strays::part(act.connection(), old, from)?;
            meta::put(act.connection(), "identity", &next.encode())?;
            believe(act.connection())?;
            meta::remove(act.connection(), &sync::unnamed_anchor(old))?;
            keys::put_reception(act.connection(), &next.agreement, 0)?;
            // A repair passes over what it counted itself.
            let today = act.now().kyiv().filter(|_| reason != Reason::Damaged);
            if let Some(today) = today {
                rows::pass_over(act.connection(), (today.year(), today.month(), today.day()))?;
            }
            forget_dialogues(act.connection(), old, from.saturating_sub(1))?;
            let rebirth = said(&next, old, end, reason, now);
            act.begin_chain(rebirth.sign(&old_key))?;
            // Without the centre's key nothing could be sealed to it; such a suitcase was never certified.
            if register.centre_agreement().is_some() {
                act.begin_epoch()?;
            }
            rotation::tell_once_more(act.connection(), old, from)?;
            let about = adopt::records(&branch);
            adopt::write_again(act, old, branch)?;
            // Not all that parted could be written again, and what is gone from the old chain is under way no more.
            for record in about {
                let seq = places::newest_own(act.connection(), &next, record)?;
                rows::set_own_seq(act.connection(), record, seq)?;
            }
            Ok(())
        })?;
        tracing::warn!(%old, new = %next.chain, ?reason, ?parted, "goes on under a new chain");
        *self.shown_chain.lock().unwrap_or_else(PoisonError::into_inner) = next.chain;
        self.identity = next;
        // What parted left its place in the store to others.
        self.asleep.forget();
        self.keep_spare();
        self.meet_itself()
    }

    /// An answerer that lies, or a disk that is put back every morning, makes no endless line of chains that no person
    /// has looked at.
    fn may_begin_anew(&self) -> Result<(), PeerError> {
        let waiting = self.register.unconfirmed_line(self.identity.chain);
        if waiting >= limits::REBIRTHS || self.identity.former.len() >= limits::ANCESTORS {
            return Err(PeerError::TooManyLives);
        }
        Ok(())
    }

    /// The new chain has an author for everybody who asks this register.
    fn meet_itself(&mut self) -> Result<(), PeerError> {
        for segment in crate::store::entries::rebirths(&self.connection)? {
            self.register.meet(&segment);
        }
        self.show_register();
        Ok(())
    }

    fn next_identity(&mut self, now_former: Former) -> Identity {
        let mut former = self.identity.former.clone();
        former.push(now_former);
        Identity {
            tenant: self.identity.tenant,
            root: self.identity.root,
            hub: self.identity.hub.clone(),
            role: Role::Suitcase,
            chain: ChainId::from_random(self.entropy.array()),
            number: self.identity.number,
            seed: self.entropy.secret(),
            agreement: AgreementSecret::generate(self.entropy.as_mut()),
            former,
        }
    }
}

fn said(next: &Identity, old: ChainId, end: Link, reason: Reason, at: i64) -> Rebirth {
    Rebirth {
        tenant: next.tenant,
        chain: next.chain,
        signing: next.signing_key().public(),
        agreement: next.agreement.public(),
        predecessor: old,
        end,
        reason,
        at,
    }
}

/// A new name begins every dialogue anew. What is anchored of the shared part stays so.
fn forget_dialogues(connection: &Connection, old: ChainId, end: u64) -> Result<(), PeerError> {
    for (answerer, before) in sync::dialogues(connection)? {
        let mut dialogue = Dialogue { lineage: before.lineage, anchored: before.anchored, ..Dialogue::default() };
        if dialogue.anchored.get(&old).is_some_and(|anchored| anchored.seq > end) {
            dialogue.anchored.remove(&old);
        }
        begin_without_token(connection, &answerer, dialogue)?;
    }
    Ok(())
}

impl View<'_> {
    /// How this suitcase began its present chain; `None` for one that was never put back.
    pub fn reborn(&self) -> Result<Option<Reborn>, PeerError> {
        let found = crate::store::entries::rebirths(self.connection)?;
        let Some(segment) = found.into_iter().find(|segment| segment.chain == self.chain) else { return Ok(None) };
        let body = segment.entries.first().and_then(|first| first.body.bytes()).unwrap_or_default();
        let said = Rebirth::decode(body)?;
        let written_again = strays::count(self.connection, said.predecessor)?;
        Ok(Some(Reborn { before: said.predecessor, at: said.at, reason: said.reason, written_again }))
    }

    /// The chains that this suitcase wrote before the present one, the oldest first.
    pub fn former(&self) -> Result<Vec<Former>, PeerError> {
        let bytes = meta::get(self.connection, "identity")?.ok_or(PeerError::Damaged("identity".into()))?;
        Ok(Identity::decode(&bytes)?.former)
    }
}

impl Peer {
    /// A mark outside the database knew of a later entry of the own chain than the database holds: this suitcase goes
    /// on under a new chain. Call it before anything is written. Where it began anew too often it stays as it is and is
    /// compared at the next contact: an officer at a kitchen table is not kept from recording.
    pub fn begin_anew(&self) -> Result<(), PeerError> {
        self.with_ledger(|ledger| match ledger.rebirth(Reason::Marker, None) {
            Err(PeerError::TooManyLives) => doubt(&ledger.connection, Reason::Marker, None),
            done => done,
        })
    }
}
