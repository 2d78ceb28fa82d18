//! An invented community: a root, a desk, suitcases, and a hub that serves them.
#![allow(dead_code, reason = "each test file uses its part")]

use chain::{Answer, ChainHead, Cursor, Draft, Entry, Fact, Header, Kind, Link, Request, Segment, Token};
use clock::Time;
use hub::store::{MemoryStore, Store};
use hub::{Hub, HubKeys, Marker};
use ids::{ChainId, RecordId, TenantId};
use signing::{
    AgreementPublicKey, DeskCertificate, Hash, HubCertificate, Role, Roles, Root, RootPublic, Secret, SigningKey,
    SuitcaseCertificate, Validity,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// 21.11.2026, noon in Kyiv.
pub const NOON: Time = Time::from_seconds(1_795_255_200);
pub const HOUR: i64 = 3_600_000;

pub fn id(n: u8) -> ChainId {
    ChainId::from_random([n; 16])
}

pub fn record(n: u8) -> RecordId {
    RecordId::from_random([n; 16])
}

pub fn key(n: u8) -> SigningKey {
    SigningKey::from_seed(&Secret::new([n; 32]))
}

/// A chain with the key that writes it.
pub struct Pen {
    pub tenant: TenantId,
    pub chain: ChainId,
    pub key: SigningKey,
    pub entries: Vec<Entry>,
    pub links: Vec<Link>,
}

impl Pen {
    pub fn new(tenant: TenantId, chain: ChainId, key: SigningKey) -> Self {
        Self { tenant, chain, key, entries: Vec::new(), links: vec![Link::EMPTY] }
    }

    pub fn end(&self) -> Link {
        *self.links.last().unwrap()
    }

    pub fn write(&mut self, kind: Kind, record: Option<RecordId>, peer: Option<ChainId>, body: &[u8]) -> u64 {
        let header = Header { kind, record, peer, after: None };
        let place = self.end().next(self.tenant, self.chain);
        let (entry, link) = Draft { header, body: body.to_vec() }.sign(&place, &self.key);
        self.entries.push(entry);
        self.links.push(link);
        link.seq
    }

    pub fn change(&mut self, record: RecordId, body: &[u8]) -> u64 {
        self.write(Kind::CHANGE, Some(record), None, body)
    }

    pub fn own(&mut self, body: &[u8]) -> u64 {
        self.write(Kind::OWN, None, None, body)
    }

    pub fn to(&mut self, peer: ChainId, body: &[u8]) -> u64 {
        self.write(Kind::TO, None, Some(peer), body)
    }

    pub fn grant(&mut self, record: RecordId, peer: ChainId, body: &[u8]) -> u64 {
        self.write(Kind::GRANT, Some(record), Some(peer), body)
    }

    pub fn fact(&mut self, fact: Fact) -> u64 {
        self.write(Kind::REGISTER, None, None, &fact.encode())
    }

    /// Entries `from` to `to`, both included.
    pub fn part(&self, from: u64, to: u64) -> Segment {
        Segment {
            chain: self.chain,
            from,
            prev: self.links[from as usize - 1].hash,
            entries: self.entries[from as usize - 1..to as usize].to_vec(),
        }
    }

    pub fn since(&self, from: u64) -> Vec<Segment> {
        if from > self.end().seq { Vec::new() } else { vec![self.part(from, self.end().seq)] }
    }

    pub fn head(&self) -> ChainHead {
        ChainHead { chain: self.chain, end: self.end() }
    }

    /// A second laptop with the same chain.
    pub fn twin(&self, seed: u8) -> Self {
        Self {
            tenant: self.tenant,
            chain: self.chain,
            key: key(seed),
            entries: self.entries.clone(),
            links: self.links.clone(),
        }
    }
}

/// The centre and its hub.
pub struct Town {
    pub tenant: TenantId,
    pub root: Root,
    pub register: Pen,
    pub case: Pen,
    pub store: Arc<dyn Store>,
    pub hub: Hub,
}

static DRAWN: AtomicU8 = AtomicU8::new(1);

/// Different in every call, the same in no two.
pub fn draw() -> [u8; 16] {
    [DRAWN.fetch_add(1, Ordering::Relaxed); 16]
}

pub fn hub_over(store: Arc<dyn Store>, marker: Option<Marker>) -> Hub {
    Hub::open(store, HubKeys::from_seed(&Secret::new([42; 32])), marker, draw).unwrap()
}

pub const ALWAYS: Validity = Validity { not_before: 0, not_after: i64::MAX };

impl Town {
    /// A town whose hub has the register already.
    pub fn new(n: u8, store: Arc<dyn Store>) -> Self {
        let town = Self::without_register(n, store);
        let segments = town.register.since(1);
        let answer = town.ask(&town.register, None, None, segments);
        assert_eq!(answer.refusals, []);
        town
    }

    pub fn in_memory() -> Self {
        Self::new(1, Arc::new(MemoryStore::new()))
    }

    /// The desk has written its register, but the hub knows nothing of it.
    pub fn without_register(n: u8, store: Arc<dyn Store>) -> Self {
        let tenant = TenantId::from_random([n; 16]);
        let root = Root::from_seed(Secret::new([n; 32]));
        let root_public = Self::root_public(&root);
        let hub = hub_over(store.clone(), None);
        hub.create_tenant(tenant, root_public).unwrap();
        let desk = key(n + 50);
        let certificate = DeskCertificate {
            tenant,
            register: id(n + 100),
            case: id(n + 101),
            signing: desk.public(),
            agreement: AgreementPublicKey([3; 32]),
            predecessor: None,
            validity: ALWAYS,
        };
        let mut register = Pen::new(tenant, certificate.register, desk);
        register.fact(Fact::Desk { certificate: certificate.sign(&root.signing_key()), sealed: vec![1, 2, 3] });
        let hub_certificate = HubCertificate { tenant, signing: hub.public(), validity: ALWAYS };
        register.fact(Fact::Hub(hub_certificate.sign(&register.key)));
        let case = Pen::new(tenant, certificate.case, key(n + 50));
        Self { tenant, root, register, case, store, hub }
    }

    pub fn root_public(root: &Root) -> RootPublic {
        RootPublic { signing: root.signing_key().public(), agreement: AgreementPublicKey([9; 32]) }
    }

    /// Certifies suitcase number `n` until `not_after` and tells the hub.
    pub fn suitcase_until(&mut self, n: u8, not_after: i64) -> Pen {
        let pen = Pen::new(self.tenant, id(n), key(n));
        let certificate = SuitcaseCertificate {
            tenant: self.tenant,
            chain: pen.chain,
            signing: pen.key.public(),
            agreement: AgreementPublicKey([n; 32]),
            number: u16::from(n),
            roles: Roles::of(Role::Officer),
            predecessor: None,
            validity: Validity { not_before: 0, not_after },
        };
        self.publish(Fact::Suitcase(certificate.sign(&self.register.key)));
        pen
    }

    pub fn suitcase(&mut self, n: u8) -> Pen {
        self.suitcase_until(n, i64::MAX)
    }

    pub fn publish(&mut self, fact: Fact) {
        let seq = self.register.fact(fact);
        let answer = self.ask(&self.register, None, None, self.register.since(seq));
        assert_eq!(answer.refusals, []);
    }

    /// The desk writes into its sealed chain and pushes.
    pub fn push_case(&self, from: u64) -> Answer {
        self.ask(&self.case, None, None, self.case.since(from))
    }

    pub fn ask(&self, pen: &Pen, token: Option<Token>, cursor: Option<Cursor>, segments: Vec<Segment>) -> Answer {
        self.ask_at(pen, NOON, &Self::request(pen, token, cursor, segments))
    }

    pub fn request(pen: &Pen, token: Option<Token>, cursor: Option<Cursor>, segments: Vec<Segment>) -> Request {
        let budget = chain::limits::BUDGET;
        Request { tenant: pen.tenant, sender: pen.chain, token, cursor, budget, heads: Vec::new(), segments }
    }

    pub fn ask_at(&self, pen: &Pen, now: Time, request: &Request) -> Answer {
        let bytes = request.encode(&pen.key);
        let answer = self.hub.answer(&bytes, now).unwrap();
        let (answer, _) = Answer::decode(&answer, &Request::hash(&bytes), self.tenant, &[self.hub.public()])
            .expect("signed by the hub")
            .unwrap();
        assert!(answer.anchors.iter().all(chain::Anchor::is_signed));
        answer
    }

    /// Reads everything that waits for `pen` from the very beginning.
    pub fn read_all(&self, pen: &Pen) -> Vec<(ChainId, u64)> {
        self.read_from(pen, None, chain::limits::BUDGET).0
    }

    /// Reads on from a cursor, `budget` bytes at a time, until nothing more waits.
    pub fn read_from(
        &self,
        pen: &Pen,
        mut cursor: Option<Cursor>,
        budget: u32,
    ) -> (Vec<(ChainId, u64)>, Option<Cursor>) {
        let mut token = Some(self.ask(pen, None, None, Vec::new()).token);
        let mut got = Vec::new();
        loop {
            let request = Request { budget, ..Self::request(pen, token, cursor, Vec::new()) };
            let answer = self.ask_at(pen, NOON, &request);
            assert!(!answer.stale);
            for segment in &answer.segments {
                got.extend((segment.from..=segment.last()).map(|seq| (segment.chain, seq)));
            }
            token = Some(answer.token);
            cursor = Some(cursor_of(&answer));
            if !answer.more {
                return (got, cursor);
            }
        }
    }
}

pub fn cursor_of(answer: &Answer) -> Cursor {
    Cursor { lineage: answer.lineage, position: answer.position, index: answer.index }
}

pub fn anchor_of(answer: &Answer, chain: ChainId) -> Option<Link> {
    answer.anchors.iter().find(|anchor| anchor.chain == chain).map(|anchor| anchor.end)
}

pub fn hash_at(pen: &Pen, seq: u64) -> Hash {
    pen.links[seq as usize].hash
}
