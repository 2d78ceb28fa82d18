//! An invented centre with four suitcases, its page, and texts of codes to try on it.

use catalogue::Catalogue;
use chain::{Draft, Fact, Header, Kind, Link, Register, Segment};
use ids::{ChainId, TenantId};
use papers::{Statement, verifier};
use signing::{
    AgreementPublicKey, DeskCertificate, Label, Role, Roles, Root, RootPublic, Secret, SigningKey, SuitcaseCertificate,
    Validity,
};

const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const REGISTER: ChainId = ChainId::from_bytes([0xd0; 16]);
const CASE: ChainId = ChainId::from_bytes([0xd1; 16]);
/// 21.11.2026, noon in Kyiv.
const NOON: i64 = 1_795_255_200_000;
const DAY: i64 = 86_400_000;

/// The page and what to type into it: a name and a text.
pub struct Scene {
    /// The page of the centre.
    pub page: String,
    /// The page of another centre that has the same certificates, which its root did not sign.
    pub foreign: String,
    /// Genuine.
    pub genuine: String,
    /// Printed again by the centre.
    pub by_centre: String,
    /// One digit of the number altered.
    pub altered: String,
    /// Signed by a suitcase of another community.
    pub stranger: String,
    /// Signed after the certificate had run out.
    pub expired: String,
    /// Signed after the suitcase was revoked.
    pub revoked: String,
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&Secret::new([seed; 32]))
}

fn root(seed: u8) -> (Root, RootPublic) {
    let root = Root::from_seed(Secret::new([seed; 32]));
    let public = RootPublic { signing: root.signing_key().public(), agreement: AgreementPublicKey([8; 32]) };
    (root, public)
}

fn chain_of(number: u8) -> ChainId {
    ChainId::from_bytes([number; 16])
}

fn certificate(number: u8, not_after: i64) -> Fact {
    let certificate = SuitcaseCertificate {
        tenant: TENANT,
        chain: chain_of(number),
        signing: key(number).public(),
        agreement: AgreementPublicKey([3; 32]),
        number: number.into(),
        roles: Roles::of(Role::Officer),
        predecessor: None,
        validity: Validity { not_before: 0, not_after },
    };
    Fact::Suitcase(certificate.sign(&key(99)))
}

fn segment() -> Segment {
    let desk = DeskCertificate {
        tenant: TENANT,
        register: REGISTER,
        case: CASE,
        signing: key(99).public(),
        agreement: AgreementPublicKey([4; 32]),
        predecessor: None,
        validity: Validity { not_before: 0, not_after: i64::MAX },
    };
    let facts = [
        Fact::Desk { certificate: desk.sign(&root(7).0.signing_key()), sealed: vec![1] },
        certificate(7, NOON + 300 * DAY),
        certificate(8, NOON - DAY),
        certificate(9, NOON + 300 * DAY),
        Fact::Revocation { chain: chain_of(9), from: NOON - DAY, reason: "загублено".into() },
    ];
    let mut end = Link::EMPTY;
    let header = Header { kind: Kind::REGISTER, record: None, peer: None, after: None };
    let write = |fact: &Fact| {
        let (entry, link) = Draft { header, body: fact.encode() }.sign(&end.next(TENANT, REGISTER), &key(99));
        end = link;
        entry
    };
    let entries = facts.iter().map(write).collect();
    Segment { chain: REGISTER, from: 1, prev: Link::EMPTY.hash, entries }
}

fn code(chain: ChainId, signer: u8) -> String {
    let statement = Statement {
        number: "7-211126-014-К4М".into(),
        service: "housing-subsidy".into(),
        at: NOON,
        papers: 3,
        entry: [5; 8],
        chain,
    };
    statement.to_text(&key(signer).sign(Label::Statement, &statement.fields()))
}

/// The scene, always the same.
pub fn scene() -> Scene {
    let segment = segment();
    let mut register = Register::new(TENANT, root(7).1);
    register.take(segment.clone()).expect("a register of our own");
    let page = |register: &Register| {
        verifier::page(register, std::slice::from_ref(&segment), "ЦНАП </script> «Зразкове»", Catalogue::embedded())
    };
    let genuine = code(chain_of(7), 7);
    // The number's first digit: after the prefix, the version, the chain and the number's length.
    let at = "VALIZA-S-".len() + 2 * (1 + 16 + 1) + 1;
    let altered = format!("{}8{}", &genuine[..at], &genuine[at + 1..]);
    Scene {
        page: page(&register),
        foreign: page(&Register::new(TENANT, root(6).1)),
        by_centre: code(CASE, 99),
        altered,
        stranger: code(chain_of(40), 40),
        expired: code(chain_of(8), 8),
        revoked: code(chain_of(9), 9),
        genuine,
    }
}
