//! The lies, by the field of the answer.

use crate::hub::hub_key;
use chain::{
    Anchor, Answer, Body, Draft, Fact, Header, Kind, Link, Needed, Refusal, RefusalCode, Segment, Token, limits,
};
use clock::{Clock, Time};
use ids::{ChainId, LineageId, RecordId, TenantId};
use peer::Peer;
use signing::{DeskCertificate, Hash, Root, Secret, SigningKey, Validity};
use valiza_tests::world::World;

/// One lie, told in every answer of a contact.
pub struct Lie {
    pub field: &'static str,
    pub name: &'static str,
    /// The honest hub does not even see the message.
    pub withholds: bool,
    /// The answer, what is at hand, and how many answers there were.
    pub tell: fn(&mut Answer, &Scene, usize),
}

const fn lie(field: &'static str, name: &'static str, tell: fn(&mut Answer, &Scene, usize)) -> Lie {
    Lie { field, name, withholds: false, tell }
}

const fn old(name: &'static str, tell: fn(&mut Answer, &Scene, usize)) -> Lie {
    Lie { field: "old", name, withholds: true, tell }
}

/// What a liar has at hand.
pub struct Scene {
    pub now: Time,
    pub tenant: TenantId,
    /// The suitcase that is lied to, another one, and the centre's public chain.
    pub victim: ChainId,
    pub other: ChainId,
    pub register: ChainId,
    /// Honest segments: of the victim, the other, the register, the case chain.
    pub own: Segment,
    pub theirs: Segment,
    pub public: Segment,
    pub sealed: Segment,
    /// An answer from before, as it was.
    pub old: Answer,
    /// A key that the community knows nothing of.
    pub stranger: SigningKey,
}

impl Scene {
    pub fn of(world: &World, victim: &Peer, other: &Peer) -> Self {
        let register = world.desk.peer().register().expect("a register");
        let desk = *register.current_desk().expect("a desk");
        let part = |chain| {
            let segment = world.desk.peer().read(|view| view.segment(chain, 1, 64 * 1024)).expect("it reads");
            segment.expect("the centre has it")
        };
        Self {
            now: world.clock.now(),
            tenant: world.tenant,
            victim: victim.chain(),
            other: other.chain(),
            register: desk.register,
            own: part(victim.chain()),
            theirs: part(other.chain()),
            public: part(desk.register),
            sealed: part(desk.case),
            old: Self::empty_answer(),
            stranger: SigningKey::from_seed(&Secret::new([0x99; 32])),
        }
    }

    pub fn empty_answer() -> Answer {
        let lineage = LineageId::from_bytes([1; 16]);
        let (tenant, nobody) = (TenantId::from_bytes([1; 16]), ChainId::from_bytes([1; 16]));
        Answer {
            lineage,
            time: 1_795_255_200_000,
            token: Token::give(&Secret::new([0; 32]), tenant, nobody, lineage, 0, 0),
            position: 0,
            index: 0,
            more: false,
            stale: false,
            further: 0,
            anchors: Vec::new(),
            segments: Vec::new(),
            refusals: Vec::new(),
            needed: Vec::new(),
            enrolments: Vec::new(),
        }
    }

    fn token(&self, seq: u64) -> Token {
        Token::give(&Secret::new([0; 32]), self.tenant, self.victim, LineageId::from_bytes([1; 16]), 0, seq)
    }

    fn anchor(&self, answer: &Answer, chain: ChainId, seq: u64, hash: Hash) -> Anchor {
        Anchor::sign(self.tenant, answer.lineage, chain, Link { seq, hash }, answer.time, &hub_key())
    }

    /// A segment of one entry, by any key.
    fn forged(
        &self,
        chain: ChainId,
        header: Header,
        body: &[u8],
        (from, prev): (u64, Hash),
        key: &SigningKey,
    ) -> Segment {
        let place = Link { seq: from - 1, hash: prev }.next(self.tenant, chain);
        let (entry, _) = Draft { header, body: body.to_vec() }.sign(&place, key);
        Segment { chain, from, prev, entries: vec![entry] }
    }

    /// What would come next in a chain, if the key were right.
    fn next_of(&self, segment: &Segment, header: Header, body: &[u8]) -> Segment {
        let end = segment.clone().linked(self.tenant).expect("honest").pop().expect("not empty");
        self.forged(segment.chain, header, body, (end.place.seq + 1, end.hash), &self.stranger)
    }

    fn many(&self, count: usize) -> impl Iterator<Item = ChainId> + use<> {
        (0..count as u64).map(|n| ChainId::from_random(std::array::from_fn(|i| (n >> (8 * (i % 8))) as u8 ^ i as u8)))
    }
}

const fn header(kind: Kind, record: Option<RecordId>, peer: Option<ChainId>) -> Header {
    Header { kind, record, peer, after: None }
}

fn fact(scene: &Scene, fact: &Fact) -> Segment {
    scene.next_of(&scene.public, header(Kind::REGISTER, None, None), &fact.encode())
}

fn refuse(answer: &mut Answer, scene: &Scene, from: u64, code: RefusalCode) {
    answer.refusals = vec![Refusal { chain: scene.victim, from, code }];
}

fn lineage_of(round: usize) -> LineageId {
    LineageId::from_random([round as u8; 16])
}

/// A desk that another root certified, publishing what it likes.
fn another_desk(scene: &Scene) -> Segment {
    let root = Root::from_seed(Secret::new([0x77; 32])).signing_key();
    let chain = ChainId::from_random([0x78; 16]);
    let certificate = DeskCertificate {
        tenant: scene.tenant,
        register: chain,
        case: ChainId::from_random([0x79; 16]),
        signing: scene.stranger.public(),
        agreement: signing::AgreementPublicKey([0x7a; 32]),
        predecessor: Some(scene.register),
        validity: Validity { not_before: 0, not_after: i64::MAX },
    };
    let fact = Fact::Desk { certificate: certificate.sign(&root), sealed: vec![1; 48] };
    scene.forged(chain, header(Kind::REGISTER, None, None), &fact.encode(), (1, Hash::ZERO), &scene.stranger)
}

pub const LIES: &[Lie] = &[
    lie("lineage", "another life in each answer", |answer, _, round| answer.lineage = lineage_of(round)),
    lie("lineage", "another life, and nothing held in it", |answer, _, round| {
        (answer.lineage, answer.more) = (lineage_of(round), true);
        answer.anchors.clear();
    }),
    lie("time", "the beginning of time", |answer, _, _| answer.time = i64::MIN),
    lie("time", "the end of time", |answer, _, _| answer.time = i64::MAX),
    lie("token", "somebody else's", |answer, scene, _| answer.token = scene.token(3)),
    lie("token", "of an entry that nobody wrote", |answer, scene, _| answer.token = scene.token(u64::MAX)),
    lie("position", "the highest there is", |answer, _, _| answer.position = u64::MAX),
    lie("position", "back to the beginning", |answer, _, _| (answer.position, answer.more) = (0, true)),
    lie("position", "one further in each answer", |answer, _, round| {
        (answer.position, answer.more) = (round as u64, true);
        answer.segments.clear();
    }),
    lie("index", "the highest there is", |answer, _, _| answer.index = u64::MAX),
    lie("more", "for ever", |answer, _, _| answer.more = true),
    lie("stale", "for ever", |answer, _, _| answer.stale = true),
    lie("further", "all that a later version could mean", |answer, _, _| answer.further = u8::MAX),
    lie("anchors", "none", |answer, _, _| answer.anchors.clear()),
    lie("anchors", "not signed", |answer, scene, _| {
        let mut anchor = scene.anchor(answer, scene.victim, 1, Hash([1; 32]));
        anchor.signature.0[5] ^= 1;
        answer.anchors.push(anchor);
    }),
    lie("anchors", "of the highest number there is", |answer, scene, _| {
        let anchor = scene.anchor(answer, scene.other, u64::MAX, Hash([1; 32]));
        answer.anchors.push(anchor);
    }),
    lie("anchors", "of more of another chain than was written", |answer, scene, round| {
        let anchor = scene.anchor(answer, scene.other, limits::SEQ - round as u64, Hash([1; 32]));
        answer.anchors.push(anchor);
    }),
    lie("anchors", "of hundreds of chains that nobody has", |answer, scene, _| {
        let room = 300;
        let anchors: Vec<Anchor> =
            scene.many(room).map(|chain| scene.anchor(answer, chain, 7, Hash([2; 32]))).collect();
        (answer.anchors, answer.more) = ([std::mem::take(&mut answer.anchors), anchors].concat(), true);
    }),
    lie("anchors", "of hundreds of ends of one chain", |answer, scene, round| {
        let at = |n: u64| scene.anchor(answer, scene.other, 1_000 + n + 300 * round as u64, Hash([2; 32]));
        answer.anchors = (0..300).map(at).collect();
        answer.more = true;
    }),
    lie("anchors", "of the register, further than it goes", |answer, scene, _| {
        let anchor = scene.anchor(answer, scene.register, 4_000, Hash([1; 32]));
        answer.anchors.push(anchor);
    }),
    lie("segments", "a change by nobody's key", |answer, scene, _| {
        let header = header(Kind::CHANGE, Some(RecordId::from_bytes([4; 16])), None);
        answer.segments.push(scene.next_of(&scene.theirs, header, &[1; 64]));
    }),
    lie("segments", "the victim's own next entry by nobody's key", |answer, scene, _| {
        answer.segments.push(scene.next_of(&scene.own, header(Kind::OWN, None, None), &[1; 64]));
    }),
    lie("segments", "a grant by nobody's key", |answer, scene, _| {
        let header = header(Kind::GRANT, Some(RecordId::from_bytes([4; 16])), Some(scene.victim));
        answer.segments.push(scene.next_of(&scene.sealed, header, &[1; 64]));
    }),
    lie("segments", "a verdict by nobody's key", |answer, scene, _| {
        answer.segments.push(scene.next_of(&scene.sealed, header(Kind::TO, None, Some(scene.victim)), &[1; 64]));
    }),
    lie("segments", "a revocation by nobody's key", |answer, scene, _| {
        let revoked = Fact::Revocation { chain: scene.victim, from: 0, reason: "брехня".to_owned() };
        answer.segments.push(fact(scene, &revoked));
    }),
    lie("segments", "the register from a later entry on", |answer, scene, _| {
        let mut later = scene.public.clone();
        later.from += 500;
        answer.segments.push(later);
    }),
    lie("segments", "the register with an entry left out", |answer, scene, _| {
        let mut holed = scene.public.clone();
        holed.entries.remove(1);
        answer.segments.push(holed);
    }),
    lie("segments", "the register without its bodies", |answer, scene, _| {
        let mut hollow = scene.public.clone();
        hollow.entries.iter_mut().for_each(|entry| *entry = entry.without_body());
        answer.segments.push(hollow);
    }),
    lie("segments", "a desk of another root", |answer, scene, _| answer.segments.push(another_desk(scene))),
    lie("segments", "numbers that no database holds", |answer, scene, _| {
        let mut far = scene.theirs.clone();
        far.from = u64::MAX - 4_000;
        answer.segments.push(far);
    }),
    lie("segments", "number nought", |answer, scene, _| {
        let mut nought = scene.theirs.clone();
        nought.from = 0;
        answer.segments.push(nought);
    }),
    lie("segments", "nothing, two thousand times", |answer, scene, _| {
        let empty = |chain| Segment { chain, from: 1, prev: Hash::ZERO, entries: Vec::new() };
        answer.segments = scene.many(1_990).map(empty).collect();
        answer.more = true;
    }),
    lie("segments", "the same entries again and again", |answer, scene, _| {
        answer.segments.push(scene.own.clone());
        answer.segments.push(scene.public.clone());
        answer.more = true;
    }),
    lie("segments", "entries without their bodies", |answer, scene, _| {
        let mut hollow = scene.theirs.clone();
        hollow.entries.iter_mut().for_each(|entry| {
            let length = entry.body.bytes().map_or(0, <[u8]>::len) as u32;
            entry.body = Body::Dropped { length, hash: Hash([3; 32]) };
        });
        answer.segments.push(hollow);
    }),
    lie("segments", "another's sealed entries, which are nobody's business", |answer, scene, _| {
        answer.segments.push(scene.theirs.clone());
    }),
    lie("segments", "of chains that nobody certified", |answer, scene, _| {
        let header = header(Kind::CHANGE, Some(RecordId::from_bytes([4; 16])), None);
        let made = |chain| scene.forged(chain, header, &[7; 512], (1, Hash::ZERO), &scene.stranger);
        answer.segments = scene.many(500).map(made).collect();
        answer.more = true;
    }),
    lie("refusals", "everything is damaged", |answer, scene, _| refuse(answer, scene, 1, RefusalCode::Form)),
    lie("refusals", "nothing is signed", |answer, scene, _| refuse(answer, scene, 1, RefusalCode::Signature)),
    lie("refusals", "who is that?", |answer, scene, _| refuse(answer, scene, 0, RefusalCode::UnknownChain)),
    lie("refusals", "too much in an hour", |answer, scene, _| refuse(answer, scene, 1, RefusalCode::Quota)),
    lie("refusals", "of another community", |answer, scene, _| refuse(answer, scene, 0, RefusalCode::Tenant)),
    lie("refusals", "the program is too old", |answer, scene, _| refuse(answer, scene, 0, RefusalCode::Protocol)),
    lie("refusals", "no register", |answer, scene, _| refuse(answer, scene, 1, RefusalCode::Register)),
    lie("refusals", "a hole", |answer, scene, _| refuse(answer, scene, 1, RefusalCode::Hole)),
    lie("refusals", "for a reason of a later version", |answer, scene, _| {
        refuse(answer, scene, 1, RefusalCode::Other(200));
    }),
    lie("refusals", "of two thousand chains", |answer, scene, _| {
        let refusal = |chain| Refusal { chain, from: 1, code: RefusalCode::Quota };
        answer.refusals = scene.many(1_999).map(refusal).collect();
        answer.more = true;
    }),
    lie("needed", "everything from the beginning", |answer, scene, _| {
        answer.needed = vec![Needed { chain: scene.victim, from: 1 }];
    }),
    lie("needed", "what there is not", |answer, scene, _| {
        answer.needed = vec![Needed { chain: scene.victim, from: limits::SEQ }, Needed { chain: scene.other, from: 1 }];
    }),
    lie("needed", "number nought, and beyond all", |answer, scene, _| {
        answer.needed = vec![Needed { chain: scene.victim, from: 0 }, Needed { chain: scene.victim, from: u64::MAX }];
    }),
    lie("needed", "the whole register in each answer", |answer, scene, _| {
        answer.needed = vec![Needed { chain: scene.register, from: 1 }];
        answer.more = true;
    }),
    lie("needed", "four thousand chains", |answer, scene, _| {
        answer.needed = scene.many(limits::MESSAGE_HEADS).map(|chain| Needed { chain, from: 1 }).collect();
    }),
    lie("enrolments", "asked of a suitcase", |answer, _, _| answer.enrolments = vec![vec![7; limits::ENROLMENT]; 256]),
    old("an old answer for ever", |_, _, _| {}),
    old("an old answer, and more for ever", |answer, _, _| answer.more = true),
    old("a life before", |answer, scene, _| {
        answer.lineage = LineageId::from_random([0x66; 16]);
        answer.segments = vec![scene.public.clone()];
    }),
    old("all was received, and nothing is kept", |answer, scene, _| {
        let end = scene.own.clone().linked(scene.tenant).expect("honest").pop().expect("not empty");
        answer.anchors = vec![scene.anchor(answer, scene.victim, end.place.seq, end.hash)];
    }),
];
