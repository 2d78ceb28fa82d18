//! Fixed keys and ids, those of the golden files, and a register that knows them.

use chain::{Draft, Fact, Header, Kind, Link, Register, Segment};
use ids::{ChainId, LineageId, TenantId};
use signing::{
    AgreementPublicKey, DeskCertificate, Hash, HubCertificate, Role, Roles, Root, RootPublic, Secret, SigningKey,
    SuitcaseCertificate, Validity,
};
use std::sync::OnceLock;

/// 15.01.2027 08:00 UTC, ms.
pub const TIME: i64 = 1_800_000_000_000;
pub const TENANT: TenantId = TenantId::from_bytes([0x10; 16]);
pub const SUITCASE: ChainId = ChainId::from_bytes([0x20; 16]);
pub const REGISTER: ChainId = ChainId::from_bytes([0x30; 16]);
pub const CASE: ChainId = ChainId::from_bytes([0x31; 16]);
pub const LINEAGE: LineageId = LineageId::from_bytes([0x50; 16]);
/// What answers answer.
pub const ASKED: Hash = Hash([0x90; 32]);

pub fn suitcase_key() -> SigningKey {
    SigningKey::from_seed(&Secret::new([1; 32]))
}

pub fn desk_key() -> SigningKey {
    SigningKey::from_seed(&Secret::new([2; 32]))
}

pub fn hub_key() -> SigningKey {
    SigningKey::from_seed(&Secret::new([3; 32]))
}

pub fn root_key() -> SigningKey {
    Root::from_seed(Secret::new([4; 32])).signing_key()
}

pub fn root_public() -> RootPublic {
    RootPublic { signing: root_key().public(), agreement: AgreementPublicKey([0x64; 32]) }
}

const VALIDITY: Validity = Validity { not_before: TIME, not_after: TIME + 180 * 86_400_000 };

pub fn desk_certificate() -> Vec<u8> {
    let certificate = DeskCertificate {
        tenant: TENANT,
        register: REGISTER,
        case: CASE,
        signing: desk_key().public(),
        agreement: AgreementPublicKey([0x62; 32]),
        predecessor: None,
        validity: VALIDITY,
    };
    certificate.sign(&root_key())
}

fn suitcase_certificate() -> Vec<u8> {
    let certificate = SuitcaseCertificate {
        tenant: TENANT,
        chain: SUITCASE,
        signing: suitcase_key().public(),
        agreement: AgreementPublicKey([0x61; 32]),
        number: 7,
        roles: Roles::of(Role::Officer),
        predecessor: None,
        validity: VALIDITY,
    };
    certificate.sign(&desk_key())
}

/// A segment of the register with these bodies, from its first entry on.
pub fn register_segment(bodies: impl IntoIterator<Item = Vec<u8>>) -> Segment {
    let header = Header { kind: Kind::REGISTER, record: None, peer: None, after: None };
    let mut end = Link::EMPTY;
    let write = |body| {
        let (entry, link) = Draft { header, body }.sign(&end.next(TENANT, REGISTER), &desk_key());
        end = link;
        entry
    };
    Segment { chain: REGISTER, from: 1, prev: Hash::ZERO, entries: bodies.into_iter().map(write).collect() }
}

/// Desk, hub, suitcase.
pub fn first_facts() -> [Vec<u8>; 3] {
    let hub = HubCertificate { tenant: TENANT, signing: hub_key().public(), validity: VALIDITY };
    let facts = [
        Fact::Desk { certificate: desk_certificate(), sealed: vec![0x5e; 48] },
        Fact::Hub(hub.sign(&desk_key())),
        Fact::Suitcase(suitcase_certificate()),
    ];
    facts.map(|fact| fact.encode())
}

/// The register with those.
pub fn register() -> &'static Register {
    static REGISTER: OnceLock<Register> = OnceLock::new();
    REGISTER.get_or_init(|| {
        let mut register = Register::new(TENANT, root_public());
        register.take(register_segment(first_facts())).expect("a good register");
        register
    })
}
