//! A certified device that floods a real hub with well-signed messages, while an honest suitcase exchanges with it.

use crate::wire::Wire;
use chain::{
    Answer, ChainHead, Draft, EnrolmentAnswer, EnrolmentRequest, Entry, Header, Invitation, Kind, Link, Request,
    Segment, Token, limits,
};
use ids::ChainId;
use sealing::{AgreementSecret, SeededEntropy};
use signing::{Hash, Secret, SigningKey, VerifyingKey};
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use valiza_tests::programs::{Centre, form, wait_for};

/// KiB by which the hub may be larger after the first flood: what it allows for the bodies of all requests, and what an
/// allocator keeps of it.
const FIRST: u64 = 160 * 1024;
/// What it may have at all, KiB: so much has a small server for it.
const WHOLE: u64 = 256 * 1024;
/// By which three more floods may make it larger once every thread has had its turn: nothing is kept of a request, and one
/// flood brings more than this.
const FURTHER: u64 = 96 * 1024;
/// One an honest suitcase records during each flood.
const NAMES: [&str; 5] = ["Коваль", "Мельник", "Бондар", "Шевчук", "Ткаченко"];

/// Resident memory of the centre's hub, KiB.
fn resident(centre: &Centre) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{}/task", centre.pid())).expect("it runs").flatten();
    let children = threads.map(|thread| std::fs::read_to_string(thread.path().join("children")).unwrap_or_default());
    let children = children.collect::<Vec<_>>().join(" ");
    let is_hub = |pid: &&str| {
        let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.split('\0').any(|word| word == "hub")
    };
    let pid = children.split_whitespace().find(is_hub).expect("a hub");
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let line = text.lines().find(|line| line.starts_with("VmRSS")).expect("its memory");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

/// The device: enrolled over the wire like any laptop, and then its own master.
struct Device {
    tenant: ids::TenantId,
    chain: ChainId,
    key: SigningKey,
    hub: Vec<VerifyingKey>,
}

impl Device {
    fn enrol(centre: &Centre, wire: &Wire) -> Self {
        let path = centre.root().join("invitation-66");
        let file = path.to_str().expect("a path in UTF-8");
        centre.call(&["invite", "--number", "66", "--out", file]).ok();
        let invitation = Invitation::from_text(&text_of(&path)).expect("an invitation");
        let (chain, key) = (ChainId::from_random([0x66; 16]), SigningKey::from_seed(&Secret::new([0x66; 32])));
        let agreement = AgreementSecret::generate(&mut SeededEntropy::new(66)).public();
        let request = EnrolmentRequest::new(&invitation, chain, &key, agreement, "Потоп").encode(&key);
        let register = wait_for(|| {
            let (status, bytes) = wire.post_bytes("/v1/enrol", &request);
            assert_eq!(status, 200);
            match EnrolmentAnswer::decode(&bytes).expect("an answer") {
                EnrolmentAnswer::Register(segments) => Some(segments),
                _ => None,
            }
        });
        let mut known = chain::Register::new(invitation.tenant, invitation.root);
        register.into_iter().for_each(|segment| {
            known.take(segment).expect("the register is whole");
        });
        Self { tenant: invitation.tenant, chain, key, hub: known.hubs() }
    }

    fn message(&self, token: Option<Token>, heads: Vec<ChainHead>, segments: Vec<Segment>) -> Vec<u8> {
        let (tenant, sender, budget) = (self.tenant, self.chain, limits::BUDGET);
        Request { tenant, sender, token, cursor: None, budget, heads, segments }.encode(&self.key)
    }

    fn entry(&self, place: &chain::Place, body: usize) -> (Entry, Link) {
        let header = Header { kind: Kind::OWN, record: None, peer: None, after: None };
        Draft { header, body: vec![7; body] }.sign(place, &self.key)
    }

    /// One segment from a number on, signed, behind whatever it says is before.
    fn segment(&self, from: u64, entries: usize, body: usize) -> Segment {
        let mut end = Link { seq: from - 1, hash: if from == 1 { Hash::ZERO } else { Hash([1; 32]) } };
        let prev = end.hash;
        let write = |_| {
            let (entry, link) = self.entry(&end.next(self.tenant, self.chain), body);
            end = link;
            entry
        };
        Segment { chain: self.chain, from, prev, entries: (0..entries).map(write).collect() }
    }

    /// Messages that cost as much as may be: large ones, many segments of one entry with holes between, all heads, many
    /// chains that nobody knows, and small ones.
    fn flood(&self) -> Vec<Vec<u8>> {
        let large = self.segment(1, 120, limits::BODY - 64);
        let holes = (0..1_900).map(|n| self.segment(1_000 + 2 * n, 1, 16)).collect();
        let strange = (0..1_900u32).map(|n| {
            let chain = ChainId::from_random(std::array::from_fn(|i| n.to_be_bytes()[i % 4] ^ i as u8));
            Segment { chain, ..self.segment(1, 1, 16) }
        });
        let head =
            |n: usize| ChainHead { chain: self.chain, end: Link { seq: n as u64 + 1, hash: Hash([n as u8; 32]) } };
        vec![
            self.message(None, Vec::new(), vec![large]),
            self.message(None, Vec::new(), holes),
            self.message(None, Vec::new(), strange.collect()),
            self.message(None, (0..limits::MESSAGE_HEADS).map(head).collect(), Vec::new()),
            self.message(None, Vec::new(), Vec::new()),
        ]
    }
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

#[test]
fn a_flood_of_signed_messages_leaves_the_hub_its_memory_and_the_others_their_turn() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let wire = Arc::new(Wire::to(&centre));
    let device = Device::enrol(&centre, &wire);
    let messages = Arc::new(device.flood());
    let before = resident(&centre);
    // Connections that say nothing, and some that begin and stop.
    let mut idle: Vec<TcpStream> =
        (0..200).filter_map(|_| TcpStream::connect(("127.0.0.1", centre.port)).ok()).collect();
    idle.iter_mut().step_by(2).for_each(|stream| {
        let _ = stream.write_all(b"\x16\x03\x01\x02\x00");
    });
    let mut after = Vec::new();
    let mut statuses = std::collections::BTreeMap::new();
    for name in NAMES {
        suitcase.record(&form(name));
        let floods: Vec<_> = (0..8)
            .map(|_| {
                let (wire, messages) = (Arc::clone(&wire), Arc::clone(&messages));
                std::thread::spawn(move || {
                    let answers = messages.iter().cycle().take(10).map(|message| wire.post("/v1/exchange", message));
                    answers.collect::<Vec<_>>()
                })
            })
            .collect();
        // The honest one in the middle of it.
        suitcase.sync().ok();
        for (status, text) in floods.into_iter().flat_map(|flood| flood.join().expect("it ends")) {
            assert!([200, 408, 413, 429, 503].contains(&status), "{status}: {text}");
            assert!(status == 200 || text.contains(" / "), "{status}: two languages: {text}");
            *statuses.entry(status).or_insert(0) += 1;
        }
        after.push(resident(&centre));
    }
    println!("hub: {before} KiB before, {after:?} after floods; {statuses:?}");
    assert!(after[0] < before + FIRST, "{before} KiB before, {after:?} after");
    assert!(after.iter().all(|size| *size < WHOLE), "{before} KiB before, {after:?} after");
    // The allocator keeps a pool for each thread; by the second flood all of them have seen a message.
    assert!(after[NAMES.len() - 1] < after[1] + FURTHER, "{before} KiB before, {after:?} after");
    assert!(statuses.contains_key(&429), "one sender has its share and no more: {statuses:?}");
    drop(idle);
    centre.queue_of(NAMES.len());
    // What it may have it got: its own answers, and nobody else's entries.
    let (status, bytes) = wire.post_bytes("/v1/exchange", &device.message(None, Vec::new(), Vec::new()));
    assert_eq!(status, 200);
    let asked = Request::hash(&device.message(None, Vec::new(), Vec::new()));
    let (answer, _) = Answer::decode(&bytes, &asked, device.tenant, &device.hub).expect("signed").expect("well-formed");
    assert!(answer.segments.is_empty() && answer.stale);
}
