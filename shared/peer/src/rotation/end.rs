//! How far a rotation is, and its end: the old secret is destroyed.

use super::Rotation;
use crate::PeerError;
use crate::ledger::Ledger;
use crate::peer::{Peer, View};
use crate::store::{entries, keys, meta, told_again};
use crate::{Identity, seals};
use chain::{Fact, Register, Standing};
use ids::ChainId;

/// How far a rotation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotationState {
    /// When it was begun, ms since 1970.
    pub begun: i64,
    /// Who began it.
    pub by: String,
    /// Facts that were not looked at yet.
    pub facts_left: u64,
    /// Records whose keys do not stand in the new case chain yet.
    pub keys_left: u64,
    /// Own entries that the hub does not hold yet.
    pub unsent: u64,
    /// Every suitcase that was not revoked.
    pub suitcases: Vec<Knowing>,
}

/// Whether a suitcase knows the new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowing {
    /// Its chain.
    pub chain: ChainId,
    /// Its number.
    pub number: u16,
    /// Its newest entry that says so is sealed to the new key.
    pub knows: bool,
    /// Its certificate holds: the end of the rotation waits for it.
    pub at_work: bool,
}

impl Ledger {
    fn rotation_state(&self, answerer: &str) -> Result<Option<RotationState>, PeerError> {
        let Some(rotation) = Rotation::read(&self.connection)? else { return Ok(None) };
        let (own, now) = (self.identity.chain, self.clock.now().0);
        let mut suitcases = Vec::new();
        for certificate in self.register.suitcases() {
            let (chain, number) = (certificate.chain, certificate.number);
            let standing = self.register.standing(chain, now);
            if matches!(standing, Standing::Revoked { .. } | Standing::Continued { .. }) {
                continue;
            }
            let newest = entries::newest_own(&self.connection, self.identity.tenant, chain)?;
            let opens = |stored: &entries::Stored| {
                let body = stored.entry.entry.body.bytes();
                body.is_some_and(|body| seals::open_own(&self.identity.agreement, &stored.entry.place, body).is_ok())
            };
            let knows = newest.as_ref().is_some_and(opens);
            suitcases.push(Knowing { chain, number, knows, at_work: standing == Standing::Live });
        }
        suitcases.sort_by_key(|one| (one.number, one.chain));
        Ok(Some(RotationState {
            begun: rotation.begun,
            by: rotation.by,
            facts_left: told_again::count_after(&self.connection, own, rotation.looked_at)?,
            keys_left: told_again::count_unkept(&self.connection, own)?,
            unsent: self.unconfirmed(answerer)?,
            suitcases,
        }))
    }

    /// Destroys every agreement secret but the present one. The caller has asked [`Peer::rotation_state`] what lacks.
    fn destroy_old_keys(&mut self) -> Result<(), PeerError> {
        if Rotation::read(&self.connection)?.is_none() {
            return Err(PeerError::Refused("заміни ключів центру не розпочато / no rotation is under way".into()));
        }
        let (own, now) = (self.identity.own_chains(), self.identity.agreement.public());
        let gone = |register: &Register, chain: ChainId| register.is_destroyed(chain) || own.contains(&chain);
        let before: Vec<ChainId> = self.register.desks().map(|(desk, _, _)| desk.register).collect();
        let before: Vec<ChainId> = before.into_iter().filter(|chain| !gone(&self.register, *chain)).collect();
        self.act(move |act| {
            for register in before {
                act.register_fact(&Fact::Destroyed { register })?;
            }
            keys::destroy_receptions(act.connection(), now)?;
            meta::remove(act.connection(), super::ROTATION)
        })?;
        // `secure_delete` overwrites what the pages lose; the log beside the file goes as after an erasure.
        self.log_due = true;
        self.empty_log()?;
        tracing::warn!("the old keys of this desk are destroyed");
        Ok(())
    }
}

impl Peer {
    /// How far the rotation of this desk's keys is, towards one answerer; `None` while none is under way.
    pub fn rotation_state(&self, answerer: &str) -> Result<Option<RotationState>, PeerError> {
        let answerer = answerer.to_owned();
        self.with_ledger(move |ledger| ledger.rotation_state(&answerer))
    }

    /// Destroys the old agreement secrets of this desk.
    pub fn destroy_old_keys(&self) -> Result<(), PeerError> {
        self.with_ledger(Ledger::destroy_old_keys)
    }
}

impl View<'_> {
    /// How many agreement secrets this desk holds beside its own: each opens what was sealed to a desk before.
    pub fn old_secrets(&self) -> Result<usize, PeerError> {
        let bytes = meta::get(self.connection, "identity")?.ok_or(PeerError::Damaged("identity".into()))?;
        let own = Identity::decode(&bytes)?.agreement.public();
        Ok(keys::receptions(self.connection)?.iter().filter(|secret| secret.public() != own).count())
    }
}
