//! How fast the hub takes in and hands out, beside the floor: the same bytes inserted raw, one fsync a batch.
//! Run with `cargo run --release -p hub --example measure`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program that prints measurements")]

use chain::{Answer, Draft, Fact, Header, Kind, Link, Request, Segment, limits};
use clock::{Clock, SystemClock};
use hub::store::{SqliteStore, Store};
use hub::{Hub, HubKeys};
use ids::{ChainId, RecordId, TenantId};
use signing::{
    AgreementPublicKey, DeskCertificate, Role, Roles, Root, RootPublic, Secret, SigningKey, SuitcaseCertificate,
    Validity,
};
use std::path::Path;
use std::sync::Arc;

const ENTRIES: u64 = 10_000;
const BODY: usize = 300;
const ALWAYS: Validity = Validity { not_before: 0, not_after: i64::MAX };

struct Pen {
    chain: ChainId,
    key: SigningKey,
    end: Link,
}

impl Pen {
    fn new(n: u8) -> Self {
        let key = SigningKey::from_seed(&Secret::new([n; 32]));
        Self { chain: ChainId::from_random([n; 16]), key, end: Link::EMPTY }
    }

    fn segment(&mut self, tenant: TenantId, drafts: impl Iterator<Item = Draft>) -> Segment {
        let (chain, from, prev) = (self.chain, self.end.seq + 1, self.end.hash);
        let mut sign = |draft: Draft| {
            let (entry, end) = draft.sign(&self.end.next(tenant, self.chain), &self.key);
            self.end = end;
            entry
        };
        Segment { chain, from, prev, entries: drafts.map(&mut sign).collect() }
    }
}

fn header(kind: Kind, record: Option<RecordId>) -> Header {
    Header { kind, record, peer: None, after: None }
}

/// Two changes a record, like a request that is recorded and completed.
fn changes(batch: u64, count: u64) -> impl Iterator<Item = Draft> {
    (0..count).map(move |n| {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&((batch * count + n) / 2).to_be_bytes());
        let body = (0..BODY).map(|at| (n as usize * 31 + at * 7) as u8).collect();
        Draft { header: header(Kind::CHANGE, Some(RecordId::from_bytes(id))), body }
    })
}

fn town(store: Arc<dyn Store>) -> (Hub, TenantId, Pen, Pen) {
    let tenant = TenantId::from_random([1; 16]);
    let root = Root::from_seed(Secret::new([1; 32]));
    let public = RootPublic { signing: root.signing_key().public(), agreement: AgreementPublicKey([1; 32]) };
    let hub = Hub::open(store, HubKeys::from_seed(&Secret::new([2; 32])), None, || [3; 16]).unwrap();
    hub.create_tenant(tenant, public).unwrap();
    let (mut register, suitcase) = (Pen::new(4), Pen::new(5));
    let (agreement, validity, predecessor) = (AgreementPublicKey([1; 32]), ALWAYS, None);
    let (case, signing) = (ChainId::from_random([6; 16]), register.key.public());
    let desk = DeskCertificate { tenant, register: register.chain, case, signing, agreement, predecessor, validity };
    let (chain, signing, roles) = (suitcase.chain, suitcase.key.public(), Roles::of(Role::Officer));
    let laptop = SuitcaseCertificate { tenant, chain, signing, agreement, number: 1, roles, predecessor, validity };
    let facts = [
        Fact::Desk { certificate: desk.sign(&root.signing_key()), sealed: Vec::new() },
        Fact::Suitcase(laptop.sign(&register.key)),
    ];
    let drafts = facts.map(|fact| Draft { header: header(Kind::REGISTER, None), body: fact.encode() });
    let segment = register.segment(tenant, drafts.into_iter());
    ask(&hub, tenant, &register, None, vec![segment]);
    (hub, tenant, suitcase, register)
}

fn message(tenant: TenantId, pen: &Pen, before: Option<&Answer>, segments: Vec<Segment>) -> Vec<u8> {
    let cursor = before.map(|a| chain::Cursor { lineage: a.lineage, position: a.position, index: a.index });
    let (sender, token, budget) = (pen.chain, before.map(|a| a.token), limits::BUDGET);
    Request { tenant, sender, token, cursor, budget, heads: Vec::new(), segments }.encode(&pen.key)
}

fn ask(hub: &Hub, tenant: TenantId, pen: &Pen, before: Option<&Answer>, segments: Vec<Segment>) -> Answer {
    let bytes = message(tenant, pen, before, segments);
    let answer = hub.answer(&bytes, clock::Time(0)).unwrap();
    Answer::decode(&answer, &Request::hash(&bytes), tenant, &[hub.public()]).unwrap().unwrap().0
}

/// The floor: the same bytes into one table, one transaction a batch.
fn raw(folder: &Path, clock: &SystemClock, batches: &[Vec<u8>], count: u64) -> f64 {
    let connection = rusqlite::Connection::open(folder.join("raw.db")).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").unwrap();
    connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT").unwrap();
    let start = clock.steady();
    for batch in batches {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut insert = connection.prepare_cached("INSERT INTO t (entry) VALUES (?1)").unwrap();
        for piece in batch.chunks(batch.len().div_ceil(count as usize)) {
            insert.execute([piece]).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    }
    ENTRIES as f64 / (clock.steady() - start).as_secs_f64()
}

fn main() {
    let clock = SystemClock::new();
    for count in [1, 100, 500, 2_000] {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("hub.db")).unwrap());
        let (hub, tenant, mut suitcase, register) = town(store);
        let batches: Vec<Vec<u8>> = (0..ENTRIES / count)
            .map(|batch| {
                let segment = suitcase.segment(tenant, changes(batch, count));
                message(tenant, &suitcase, None, vec![segment])
            })
            .collect();
        let floor = raw(folder.path(), &clock, &batches, count);
        let start = clock.steady();
        for batch in &batches {
            hub.answer(batch, clock::Time(0)).unwrap();
        }
        let taken = ENTRIES as f64 / (clock.steady() - start).as_secs_f64();
        let mut answer = ask(&hub, tenant, &register, None, Vec::new());
        let start = clock.steady();
        let mut got = 0;
        loop {
            answer = ask(&hub, tenant, &register, Some(&answer), Vec::new());
            got += answer.segments.iter().map(|segment| segment.entries.len() as u64).sum::<u64>();
            if !answer.more {
                break;
            }
        }
        let read = got as f64 / (clock.steady() - start).as_secs_f64();
        println!(
            "{count:>5} a batch: taken in {taken:>8.0} entries/s, raw insert {floor:>8.0}/s (ratio {:.2}); handed out {read:>8.0}/s",
            taken / floor
        );
        assert!(got >= ENTRIES);
    }
}
