//! Who takes part: one community with its root, desk, hub and suitcases, certified in a register.

use crate::dice::Dice;
use crate::world::hub::keys;
use chain::{Draft, Fact, Header, Kind, Link, Reason, Rebirth};
use ids::{ChainId, TenantId};
use signing::{
    AgreementPublicKey, DeskCertificate, HubCertificate, Role, Roles, Root, RootPublic, Secret, SigningKey,
    SuitcaseCertificate, Validity,
};
use std::rc::Rc;

const ALWAYS: Validity = Validity { not_before: 0, not_after: i64::MAX };
const AGREEMENT: AgreementPublicKey = AgreementPublicKey([0x25; 32]);

/// How long a suitcase's certificate is good, ms: 180 days.
pub const GOOD_FOR: i64 = 180 * DAY;
pub const DAY: i64 = 24 * 3_600_000;

/// Keys and ids that do not change in a run.
pub struct Community {
    pub tenant: TenantId,
    pub root: RootPublic,
    pub hub_seed: [u8; 32],
    pub desk_key: Rc<SigningKey>,
    pub register: ChainId,
    pub case: ChainId,
    desk: Vec<u8>,
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
        let desk = DeskCertificate {
            tenant,
            register,
            case,
            signing: desk_key.public(),
            agreement: AGREEMENT,
            predecessor: None,
            validity: ALWAYS,
        };
        let desk = desk.sign(&root.signing_key());
        let root = RootPublic { signing: root.signing_key().public(), agreement: AGREEMENT };
        Self { tenant, root, hub_seed, desk_key, register, case, desk }
    }

    /// The first entries of the register: the desk, its hub.
    pub fn first_facts(&self) -> [Fact; 2] {
        let hub = HubCertificate { tenant: self.tenant, signing: keys(self.hub_seed).public(), validity: ALWAYS };
        [Fact::Desk { certificate: self.desk.clone(), sealed: vec![] }, Fact::Hub(hub.sign(&self.desk_key))]
    }

    /// The desk certifies a chain of suitcase `number`, good from a time on.
    pub fn suitcase(
        &self,
        number: usize,
        chain: ChainId,
        key: signing::VerifyingKey,
        predecessor: Option<ChainId>,
        from: i64,
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
        Fact::Suitcase(certificate.sign(&self.desk_key))
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
