//! Who takes part: one community with its root, desk, hub and suitcases, certified in a register.

use crate::dice::Dice;
use crate::world::hub::keys;
use crate::world::sealed::{Key, agreement};
use chain::{Draft, Fact, Header, Kind, Link, Reason, Rebirth};
use ids::{ChainId, TenantId};
use signing::{
    AgreementPublicKey, DeskCertificate, HubCertificate, Role, Roles, Root, RootPublic, Secret, SigningKey,
    SuitcaseCertificate, Validity,
};
use std::rc::Rc;

const ALWAYS: Validity = Validity { not_before: 0, not_after: i64::MAX };
/// Of whoever is no centre: nothing here is sealed to it.
const AGREEMENT: AgreementPublicKey = AgreementPublicKey([0x25; 32]);

/// How long a suitcase's certificate is good, ms: 180 days.
pub const GOOD_FOR: i64 = 180 * DAY;
pub const DAY: i64 = 24 * 3_600_000;

/// Keys and ids that do not change in a run.
pub struct Community {
    pub tenant: TenantId,
    pub root: RootPublic,
    pub hub_seed: [u8; 32],
    /// The desk with which it began.
    pub desk_key: Rc<SigningKey>,
    pub register: ChainId,
    pub case: ChainId,
    /// Makes the keys of the records that everybody had before the run began.
    pub shared: Key,
    /// What facts are sealed to at first.
    pub centre: Key,
    /// The kit.
    kit: Root,
}

pub fn a_key(dice: &mut Dice) -> Rc<SigningKey> {
    Rc::new(SigningKey::from_seed(&Secret::new(dice.bytes())))
}

pub fn a_chain(dice: &mut Dice) -> ChainId {
    ChainId::from_random(dice.bytes())
}

/// A public fact as an entry of the register.
pub fn public(fact: &Fact) -> Draft {
    Draft { header: Header { kind: Kind::REGISTER, record: None, peer: None, after: None }, body: fact.encode() }
}

impl Community {
    /// Communities of one hub have its seed in common.
    pub fn new(hub_seed: [u8; 32], dice: &mut Dice) -> Self {
        let tenant = TenantId::from_bytes(dice.bytes());
        let root = Root::from_seed(Secret::new(dice.bytes()));
        let desk_key = a_key(dice);
        let (register, case) = (a_chain(dice), a_chain(dice));
        let public = RootPublic { signing: root.signing_key().public(), agreement: AGREEMENT };
        let (shared, centre) = (Key(dice.number()), Key(dice.number()));
        Self { tenant, root: public, hub_seed, desk_key, register, case, shared, centre, kit: root }
    }

    /// The first entries of a desk's register: the desk, its hub.
    pub fn first_facts(
        &self,
        (register, case, key): (ChainId, ChainId, &SigningKey),
        (centre, predecessor): (Key, Option<ChainId>),
    ) -> [Fact; 2] {
        let desk = DeskCertificate {
            tenant: self.tenant,
            register,
            case,
            signing: key.public(),
            agreement: agreement(centre),
            predecessor,
            validity: ALWAYS,
        };
        let hub = HubCertificate { tenant: self.tenant, signing: keys(self.hub_seed).public(), validity: ALWAYS };
        let certificate = desk.sign(&self.kit.signing_key());
        [Fact::Desk { certificate, sealed: vec![] }, Fact::Hub(hub.sign(key))]
    }

    /// The desk whose key this is certifies a chain of suitcase `number`, good from a time on.
    pub fn suitcase(
        &self,
        number: usize,
        (chain, key, predecessor): (ChainId, signing::VerifyingKey, Option<ChainId>),
        from: i64,
        desk: &SigningKey,
    ) -> Fact {
        let certificate = SuitcaseCertificate {
            tenant: self.tenant,
            chain,
            signing: key,
            agreement: AGREEMENT,
            number: number as u16,
            roles: Roles::of(Role::Officer),
            predecessor,
            validity: Validity { not_before: from, not_after: from.saturating_add(GOOD_FOR) },
        };
        Fact::Suitcase(certificate.sign(desk))
    }

    /// The first entry of a chain that goes on for another one, vouched for by that one's key.
    pub fn rebirth(
        &self,
        (chain, key): (ChainId, &SigningKey),
        (predecessor, end): (ChainId, Link),
        reason: Reason,
        (by, at): (&SigningKey, i64),
    ) -> Draft {
        let rebirth = Rebirth {
            tenant: self.tenant,
            chain,
            signing: key.public(),
            agreement: AGREEMENT,
            predecessor,
            end,
            reason,
            at,
        };
        let header = Header { kind: Kind::REBIRTH, record: None, peer: None, after: None };
        Draft { header, body: rebirth.sign(by) }
    }
}
