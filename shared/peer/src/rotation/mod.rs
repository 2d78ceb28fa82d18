//! New keys for a desk, and the end of the old ones.
//!
//! The desk succeeds itself: with the kit at hand it takes new keys and new chains, certified by the root as the
//! successor of what it was, in the same folder and with everything it holds. What it was ends there by its own word. The
//! old agreement secret stays as a reception key, so that what is under way still opens, until everything that only it
//! opens stands in the new case chain once more ([`again`]) and all suitcases at work know the new key. Then it is
//! destroyed ([`end`]), and the register says so: a desk made again from the kit does not take it up.
//!
//! Suitcases hear of it with the register and seal to the new key from then on; what they had sealed to the old one and
//! the centre had not opened they tell again ([`anew`]), so one that was away for months loses nothing.

mod again;
mod anew;
mod end;

pub(crate) use again::NO_KEY;
pub(crate) use anew::tell_once_more;
pub use end::{Knowing, RotationState};

use crate::ledger::{self, Ledger};
use crate::peer::{Peer, View};
use crate::store::{chains, keys, meta, rows, sync};
use crate::sync::begin_without_token;
use crate::{Former, Identity, PeerError, Role, backup, seals};
use chain::{Fact, Link};
use ids::ChainId;
use rusqlite::Connection;
use sealing::AgreementSecret;
use signing::canonical::{Reader, Writer};
use signing::{DeskCertificate, HubCertificate, SigningKey, Validity};
use std::sync::PoisonError;

/// The name in `meta` of a rotation under way: version = 1, begun `i64`, by (text), the entry up to which was told again `i64`.
const ROTATION: &str = "rotation";

/// A rotation under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rotation {
    /// ms since 1970.
    pub begun: i64,
    /// Login.
    pub by: String,
    /// Order of arrival of the last entry that was looked at.
    pub looked_at: i64,
}

impl Rotation {
    fn read(connection: &Connection) -> Result<Option<Self>, PeerError> {
        let Some(bytes) = meta::get(connection, ROTATION)? else { return Ok(None) };
        let mut r = Reader::new(&bytes);
        if r.u8()? != 1 {
            return Err(PeerError::Later);
        }
        Ok(Some(Self { begun: r.i64()?, by: r.text(64)?.to_owned(), looked_at: r.i64()? }))
    }

    fn keep(&self, connection: &Connection) -> Result<(), PeerError> {
        let mut w = Writer::new();
        w.u8(1).i64(self.begun).text(&self.by).i64(self.looked_at);
        meta::put(connection, ROTATION, &w.finish())
    }
}

/// What the root says of the desk's next keys.
struct Certified {
    next: Identity,
    facts: Vec<Fact>,
}

impl Ledger {
    /// Takes new keys. All of it is one transaction: there is no state between the old desk and the new one.
    fn rotate(&mut self, root: &SigningKey, validity: Validity, by: &str) -> Result<(), PeerError> {
        let Role::Desk { register: before } = self.identity.role else {
            return Err(PeerError::Refused("нові ключі бере лише центр / only a desk takes new keys".into()));
        };
        if Rotation::read(&self.connection)?.is_some() {
            return Err(PeerError::Refused(
                "заміну ключів центру вже розпочато: завершіть її (rotate-keys status, finish) / a rotation is under way already: finish it first (rotate-keys status, finish)".into(),
            ));
        }
        backup::may_write(&self.connection)?;
        let case = self.identity.chain;
        if self.register.desk_of(case).is_none() || !self.register.is_at_work(case) {
            return Err(PeerError::Replaced);
        }
        let Certified { next, facts } = self.certified(before, root, validity)?;
        let rotation = Rotation { begun: self.clock.now().0, by: by.to_owned(), looked_at: 0 };
        self.act_reborn(&next, |act| {
            meta::put(act.connection(), "identity", &next.encode())?;
            keys::put_reception(act.connection(), &next.agreement, 0)?;
            ledger::put_register_chain(act.connection(), before)?;
            rows::disown(act.connection())?;
            forget_tokens(act.connection())?;
            rotation.keep(act.connection())?;
            facts.iter().try_for_each(|fact| act.register_fact(fact))
        })?;
        tracing::warn!(%before, after = ?next.role, "the desk has new keys");
        *self.shown_chain.lock().unwrap_or_else(PoisonError::into_inner) = next.chain;
        *self.shown_role.lock().unwrap_or_else(PoisonError::into_inner) = next.role;
        self.identity = next;
        self.show_register();
        self.keep_spare();
        Ok(())
    }

    fn certified(&mut self, before: ChainId, root: &SigningKey, validity: Validity) -> Result<Certified, PeerError> {
        let case = self.identity.chain;
        let (end, case_end) = (self.register.head(before), chains::end(&self.connection, case)?);
        let entropy = self.entropy.as_mut();
        let register = ChainId::from_random(entropy.array());
        let (chain, seed) = (ChainId::from_random(entropy.array()), entropy.secret());
        let agreement = AgreementSecret::generate(entropy);
        let sealed = seals::seal_desk_secret(&self.identity.root.agreement, register, &agreement, entropy)?;
        let (tenant, key) = (self.identity.tenant, SigningKey::from_seed(&seed));
        let certificate = DeskCertificate {
            tenant,
            register,
            case: chain,
            signing: key.public(),
            agreement: agreement.public(),
            predecessor: Some(before),
            validity,
        };
        let mut facts = vec![
            Fact::Desk { certificate: certificate.sign(root), sealed },
            Fact::Succession { register: before, end, case_end },
        ];
        let hub = |signing| Fact::Hub(HubCertificate { tenant, signing, validity }.sign(&key));
        facts.extend(self.register.hubs().into_iter().map(hub));
        let mut former = self.unsent_former()?;
        former.extend([(before, end), (case, case_end)].map(|(chain, Link { seq, .. })| Former { chain, end: seq }));
        let Identity { root, ref hub, .. } = self.identity;
        let role = Role::Desk { register };
        let next = Identity { tenant, root, hub: hub.clone(), role, chain, number: 0, seed, agreement, former };
        Ok(Certified { next, facts })
    }

    /// The chains of before that some answerer does not hold whole yet.
    fn unsent_former(&self) -> Result<Vec<Former>, PeerError> {
        let dialogues = sync::dialogues(&self.connection)?;
        let unsent = |former: &&Former| {
            dialogues.is_empty() || dialogues.iter().any(|(_, one)| one.unsent_from(former.chain) <= former.end)
        };
        Ok(self.identity.former.iter().filter(unsent).copied().collect())
    }
}

/// Tokens were given to the name of before. What was read so far stays read: a cursor counts places in the hub's log.
fn forget_tokens(connection: &Connection) -> Result<(), PeerError> {
    let all = sync::dialogues(connection)?;
    all.into_iter().try_for_each(|(answerer, dialogue)| begin_without_token(connection, &answerer, dialogue))
}

impl Peer {
    /// For a desk, with the kit at hand: new keys and chains. `by` is remembered.
    pub fn rotate(&self, root: SigningKey, validity: Validity, by: &str) -> Result<(), PeerError> {
        let by = by.to_owned();
        self.with_ledger(move |ledger| ledger.rotate(&root, validity, &by))
    }
}

impl View<'_> {
    /// Whether this desk has new keys and has not given up the old ones.
    pub fn is_rotating(&self) -> Result<bool, PeerError> {
        Ok(Rotation::read(self.connection)?.is_some())
    }
}
