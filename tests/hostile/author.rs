//! A suitcase whose program is not ours: certified, with right keys, signatures and seals, and any bytes inside.

use crate::scene::take;
use chain::{Answer, Dialogue, Draft, Entry, Header, Kind, Link, Offered, Request, Segment};
use ids::{ChainId, EpochId, RecordId};
use peer::{Identity, OwnFact, Role, seals};
use records::body::Body;
use records::{Document, Edit};
use sealing::{AgreementSecret, Entropy, EpochKey, RecordKey, SeededEntropy};
use signing::Secret;
use std::collections::BTreeMap;
use valiza_tests::world::{NOON, World};

/// The suitcase.
pub struct Author {
    identity: Identity,
    entries: Vec<Entry>,
    ends: Vec<Link>,
    entropy: SeededEntropy,
    dialogue: Dialogue,
    keys: BTreeMap<RecordId, RecordKey>,
    held: Vec<chain::Verified>,
}

impl Author {
    /// Enrolled like any other; it has told the centre its reception key.
    pub fn enrol(world: &World, number: u16) -> Self {
        let mut entropy = SeededEntropy::new(u64::from(number) * 31);
        let drawn: &mut dyn Entropy = &mut entropy;
        let identity = Identity {
            tenant: world.tenant,
            root: world.public,
            hub: "https://hub.test".into(),
            role: Role::Suitcase,
            chain: ChainId::from_random(drawn.array()),
            number,
            seed: Secret::new(drawn.array()),
            agreement: AgreementSecret::generate(drawn),
            former: Vec::new(),
        };
        world.certify(&identity);
        let (key, epoch) = (EpochKey::generate(drawn), EpochId::from_random(drawn.array()));
        let mut author = Self {
            identity,
            entries: Vec::new(),
            ends: vec![Link::EMPTY],
            entropy,
            dialogue: Dialogue::default(),
            keys: BTreeMap::new(),
            held: Vec::new(),
        };
        let reception = author.identity.agreement.public();
        let fact = OwnFact::Epoch { epoch, key, reception, officer: "zlodii".into(), at: NOON.0 }.encode();
        let centre = world.desk.peer().register().expect("a register").centre_agreement().expect("a centre");
        author.append((Kind::OWN, None), |place, entropy| {
            seals::seal_own(&centre, place, &fact, entropy).expect("it seals")
        });
        author
    }

    /// Its chain.
    pub fn chain(&self) -> ChainId {
        self.identity.chain
    }

    fn append(
        &mut self,
        (kind, record): (Kind, Option<RecordId>),
        seal: impl FnOnce(&chain::Place, &mut SeededEntropy) -> Vec<u8>,
    ) -> u64 {
        let end = self.ends.last().expect("never empty");
        let place = end.next(self.identity.tenant, self.identity.chain);
        let body = seal(&place, &mut self.entropy);
        let draft = Draft { header: Header { kind, record, peer: None, after: None }, body };
        let (entry, link) = draft.sign(&place, &self.identity.signing_key());
        self.entries.push(entry);
        self.ends.push(link);
        place.seq
    }

    /// Signs and seals any bytes as a change of a record; gives back the entry's number.
    pub fn put(&mut self, record: RecordId, change: Vec<u8>) -> u64 {
        let body = Body { kind: records::Kind::Request, officer: "zlodii".into(), at: NOON.0, change };
        self.put_body(record, &body.encode())
    }

    /// Signs and seals any bytes as a body.
    pub fn put_body(&mut self, record: RecordId, body: &[u8]) -> u64 {
        let key = self.keys.get(&record).expect("granted").duplicate();
        self.append((Kind::CHANGE, Some(record)), |place, entropy| {
            let context = seals::body_context(place, Kind::CHANGE, Some(record));
            sealing::seal_body(&key, 1, &context, body, entropy).expect("it seals")
        })
    }

    /// An honest edit of a record it holds.
    pub fn edit(&mut self, document: &mut Document, key: &str, value: &str) -> u64 {
        let change = crate::scene::write(document, self.chain(), &[Edit::new(key, value)]);
        self.put(document.id(), change.into_bytes())
    }

    /// Everything between it and the hub, both ways.
    pub fn exchange(&mut self, world: &World) {
        for _ in 0..50 {
            let from = self.dialogue.unsent_from(self.chain());
            let fresh = self.entries[from as usize - 1..].to_vec();
            let mut segments = Vec::new();
            if !fresh.is_empty() {
                let prev = self.ends[from as usize - 1].hash;
                segments.push(Segment { chain: self.chain(), from, prev, entries: fresh });
            }
            if !self.round(world, segments) && self.dialogue.unsent_from(self.chain()) > self.entries.len() as u64 {
                return;
            }
        }
        panic!("the exchange does not end");
    }

    fn round(&mut self, world: &World, segments: Vec<Segment>) -> bool {
        let offered = Offered { segments, ..Offered::default() };
        let chain = self.chain();
        let request = self.dialogue.compose(self.identity.tenant, chain, offered, chain::limits::BUDGET);
        let bytes = request.encode(&self.identity.signing_key());
        let answer = world.hub.answer(&bytes, NOON).expect("the hub answers a certified suitcase");
        let (answer, _) = Answer::decode(&answer, &Request::hash(&bytes), self.identity.tenant, &[world.hub.public()])
            .expect("signed by the hub")
            .expect("well-formed");
        let ends = &self.ends;
        let own = |asked: ChainId, seq: u64| (asked == chain).then(|| ends.get(seq as usize).map(|end| end.hash))?;
        let news = self.dialogue.absorb(answer, &[chain], own).expect("it fits");
        let register = world.desk.peer().register().expect("a register");
        for segment in news.segments {
            let Some(author) = register.author(segment.chain) else { continue };
            let entries = segment.authentic(self.identity.tenant, &author).expect("authentic");
            self.held.extend(entries);
        }
        self.open_grants();
        news.more || !news.refusals.is_empty() && self.dialogue.token.is_none()
    }

    fn open_grants(&mut self) {
        for verified in &self.held {
            let header = &verified.entry.header;
            let (Kind::GRANT, Some(record), Some(peer)) = (header.kind, header.record, header.peer) else { continue };
            let Some(body) = verified.entry.body.bytes() else { continue };
            let opened = seals::open_grant(&self.identity.agreement, &verified.place, record, peer, body);
            for (_, key) in opened.unwrap_or_default() {
                self.keys.insert(record, key);
            }
        }
    }

    /// A record it was granted, from the changes that came.
    pub fn document(&self, record: RecordId) -> Document {
        let key = self.keys.get(&record).expect("granted");
        let mut document = Document::empty(records::Kind::Request, record);
        for verified in &self.held {
            if verified.entry.header.kind != Kind::CHANGE || verified.entry.header.record != Some(record) {
                continue;
            }
            let context = seals::body_context(&verified.place, Kind::CHANGE, Some(record));
            let sealed = verified.entry.body.bytes().expect("a body");
            let plain = sealing::open_body(|_| Some(key.duplicate()), &context, sealed).expect("it opens");
            let body = Body::decode(&plain).expect("a body");
            take(&mut document, verified.place.chain, &body.change);
        }
        document
    }
}
