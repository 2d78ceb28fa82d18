//! Fixed keys, ids, chains and certificates of the golden files. All are invented.

use chain::{Draft, Entry, Fact, Header, Invitation, Kind, Link, Segment};
use ids::{ChainId, LineageId, RecordId, TenantId};
use signing::{
    AgreementPublicKey, DeskCertificate, Hash, HubCertificate, Role, Roles, Root, RootPublic, Secret, SigningKey,
    SuitcaseCertificate, Validity,
};

/// 15.01.2027 08:00 UTC, ms.
pub const TIME: i64 = 1_800_000_000_000;
pub const TENANT: TenantId = TenantId::from_bytes(repeated(0x10));
pub const SUITCASE: ChainId = ChainId::from_bytes(repeated(0x20));
pub const REGISTER: ChainId = ChainId::from_bytes(repeated(0x30));
pub const CASE: ChainId = ChainId::from_bytes(repeated(0x31));
pub const RECORD: RecordId = RecordId::from_bytes(repeated(0x40));
pub const LINEAGE: LineageId = LineageId::from_bytes(repeated(0x50));

const fn repeated(first: u8) -> [u8; 16] {
    [first; 16]
}

pub fn suitcase_key() -> SigningKey {
    SigningKey::from_seed(&Secret::new([1; 32]))
}

pub fn desk_key() -> SigningKey {
    SigningKey::from_seed(&Secret::new([2; 32]))
}

pub fn hub_key() -> SigningKey {
    SigningKey::from_seed(&Secret::new([3; 32]))
}

pub fn root() -> SigningKey {
    Root::from_seed(Secret::new([4; 32])).signing_key()
}

pub const fn agreement(mark: u8) -> AgreementPublicKey {
    AgreementPublicKey([mark; 32])
}

pub fn root_public() -> RootPublic {
    RootPublic { signing: root().public(), agreement: agreement(0x64) }
}

const VALIDITY: Validity = Validity { not_before: TIME, not_after: TIME + 180 * 86_400_000 };

pub fn desk_certificate() -> Vec<u8> {
    let certificate = DeskCertificate {
        tenant: TENANT,
        register: REGISTER,
        case: CASE,
        signing: desk_key().public(),
        agreement: agreement(0x62),
        predecessor: None,
        validity: VALIDITY,
    };
    certificate.sign(&root())
}

pub fn suitcase_certificate() -> Vec<u8> {
    let certificate = SuitcaseCertificate {
        tenant: TENANT,
        chain: SUITCASE,
        signing: suitcase_key().public(),
        agreement: agreement(0x61),
        number: 7,
        roles: Roles::of(Role::Officer),
        predecessor: Some(ChainId::from_bytes(repeated(0x21))),
        validity: VALIDITY,
    };
    certificate.sign(&desk_key())
}

pub fn hub_certificate() -> Vec<u8> {
    HubCertificate { tenant: TENANT, signing: hub_key().public(), validity: VALIDITY }.sign(&desk_key())
}

pub fn invitation() -> Invitation {
    Invitation {
        tenant: TENANT,
        root: root_public(),
        secret: Secret::new([5; 16]),
        number: 7,
        roles: Roles::of(Role::Officer),
        expires: TIME + 86_400_000,
        hub: "https://cnap.example:8443".to_owned(),
    }
}

/// One fact of each kind, in the order of their codes.
pub fn facts() -> [Fact; 5] {
    [
        Fact::Desk { certificate: desk_certificate(), sealed: vec![0x5e; 48] },
        Fact::Suitcase(suitcase_certificate()),
        Fact::Hub(hub_certificate()),
        Fact::Revocation { chain: SUITCASE, from: TIME, reason: "викрадено в дорозі".to_owned() },
        Fact::Minimum { protocol: 1, suite: 1 },
    ]
}

pub const fn header(kind: Kind, record: Option<RecordId>, peer: Option<ChainId>, after: Option<Hash>) -> Header {
    Header { kind, record, peer, after }
}

/// Entries of one chain from its first on, with the link behind each.
pub fn written(chain: ChainId, key: &SigningKey, drafts: Vec<Draft>) -> (Vec<Entry>, Vec<Link>) {
    let mut end = Link::EMPTY;
    let write = |draft: Draft| {
        let (entry, link) = draft.sign(&end.next(TENANT, chain), key);
        end = link;
        (entry, link)
    };
    drafts.into_iter().map(write).unzip()
}

/// A body stands for sealed bytes: 32 of a kind.
fn draft(header: Header, mark: u8) -> Draft {
    Draft { header, body: vec![mark; 32] }
}

/// The suitcase's chain: an epoch, a change, a change after an anchor.
pub fn suitcase_chain() -> (Vec<Entry>, Vec<Link>) {
    let drafts = vec![
        draft(header(Kind::OWN, None, None, None), 0xa1),
        draft(header(Kind::CHANGE, Some(RECORD), None, None), 0xa2),
        draft(header(Kind::CHANGE, Some(RECORD), None, Some(Hash([0x70; 32]))), 0xa3),
    ];
    written(SUITCASE, &suitcase_key(), drafts)
}

/// The desk's case chain: a grant, its withdrawal, a message.
pub fn case_chain() -> (Vec<Entry>, Vec<Link>) {
    let grant = header(Kind::GRANT, Some(RECORD), Some(SUITCASE), None);
    let drafts = vec![
        draft(grant, 0xb1),
        Draft { header: grant, body: vec![] },
        draft(header(Kind::TO, None, Some(SUITCASE), None), 0xb3),
    ];
    written(CASE, &desk_key(), drafts)
}

pub fn register_chain() -> (Vec<Entry>, Vec<Link>) {
    let public = |fact: &Fact| Draft { header: header(Kind::REGISTER, None, None, None), body: fact.encode() };
    written(REGISTER, &desk_key(), facts().iter().map(public).collect())
}

/// Entries `from` on of a chain that is given whole.
pub fn segment(chain: ChainId, written: &(Vec<Entry>, Vec<Link>), from: usize) -> Segment {
    let prev = if from == 1 { Hash::ZERO } else { written.1[from - 2].hash };
    Segment { chain, from: from as u64, prev, entries: written.0[from - 1..].to_vec() }
}
