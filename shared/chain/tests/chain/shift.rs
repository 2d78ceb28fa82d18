//! «Nothing is left» is said exactly when every own entry is anchored in the present life of the hub's store and judged
//! by the desk at work, whatever happened before.

use crate::register::{CASE, REGISTER, empty, whole};
use crate::samples::{CHAIN, TENANT, key};
use chain::{
    Anchor, ClosedChain, DraftLeft, EndOfShift, ExceptionCode, Judged, Left, Link, OwnChain, Present, Register,
    ShiftError, nothing_left,
};
use ids::{ChainId, LineageId};
use proptest::prelude::*;
use signing::Hash;

const HUB: u8 = 9;
const STRANGER: u8 = 8;

/// One thing that happens. Chains and shares of them are drawn as numbers.
#[derive(Debug, Clone)]
enum Event {
    /// So many entries are written.
    Record(usize, u64),
    /// The hub takes in this share of a chain and answers.
    Anchored(usize, u8),
    /// The hub loses its store and begins a new life.
    HubReborn,
    /// An answer by a key that is no hub of ours, or of a damaged signature.
    AnchoredByStranger(usize),
    DamagedAnchor(usize),
    /// The desk opens this share of what the hub holds, and its verdict arrives.
    Judged(usize, u8),
    /// The verdict of a desk that was replaced arrives, about everything.
    JudgedByFormer(usize),
    /// Another desk takes over.
    DeskReplaced,
    /// The centre sets an entry aside.
    SetAside(usize, u64, u8),
    /// The laptop is put back to an older copy and writes on: what was anchored is another branch.
    PutBack(usize, u64),
}

fn an_event() -> impl Strategy<Value = Event> {
    let chain = 0usize..3;
    prop_oneof![
        4 => (chain.clone(), 1u64..5).prop_map(|(c, n)| Event::Record(c, n)),
        6 => (chain.clone(), 0u8..=4).prop_map(|(c, k)| Event::Anchored(c, k)),
        6 => (chain.clone(), 0u8..=4).prop_map(|(c, k)| Event::Judged(c, k)),
        1 => Just(Event::HubReborn),
        1 => chain.clone().prop_map(Event::AnchoredByStranger),
        1 => chain.clone().prop_map(Event::DamagedAnchor),
        1 => chain.clone().prop_map(Event::JudgedByFormer),
        1 => Just(Event::DeskReplaced),
        2 => (chain.clone(), 1u64..9, 1u8..=7).prop_map(|(c, s, k)| Event::SetAside(c, s, k)),
        1 => (chain, 1u64..5).prop_map(|(c, n)| Event::PutBack(c, n)),
    ]
}

/// One chain as it truly is: which branch wrote each entry, and what hub and desk really know of it.
#[derive(Default, Clone)]
struct Truth {
    entries: Vec<u8>,
    branch: u8,
    /// What the hub answered last: in which life, which entries. `None` where the answer was nobody's.
    anchored: Option<(u8, Vec<u8>)>,
    /// What a desk judged last: which desk, which entries.
    judged: Option<(u8, Vec<u8>)>,
}

struct World {
    truths: [Truth; 3],
    own: [OwnChain; 3],
    life: u8,
    desk: u8,
    time: i64,
}

fn chain_of(index: usize) -> ChainId {
    ChainId::from_bytes([0x40 + index as u8; 16])
}

const fn case_of(desk: u8) -> ChainId {
    ChainId::from_bytes([0xc0 + desk; 16])
}

const fn lineage(life: u8) -> LineageId {
    LineageId::from_bytes([life; 16])
}

/// The end of these entries: its hash tells branches apart.
fn end(entries: &[u8]) -> Link {
    match entries.last() {
        None => Link::EMPTY,
        Some(_) => Link { seq: entries.len() as u64, hash: Hash::of(signing::Label::Entry, entries) },
    }
}

impl World {
    fn new() -> Self {
        let own = |index| OwnChain {
            chain: chain_of(index),
            end: Link::EMPTY,
            anchor: None,
            verdict: None,
            exceptions: Vec::new(),
        };
        Self { truths: Default::default(), own: [own(0), own(1), own(2)], life: 1, desk: 1, time: 1_000 }
    }

    fn present(&self) -> Present {
        Present {
            tenant: TENANT,
            lineage: Some(lineage(self.life)),
            hubs: vec![key(HUB).public()],
            case: Some(case_of(self.desk)),
        }
    }

    fn share(entries: &[u8], quarters: u8) -> Vec<u8> {
        entries[..entries.len() * usize::from(quarters) / 4].to_vec()
    }

    fn anchor(&self, index: usize, entries: &[u8], signer: u8) -> Anchor {
        Anchor::sign(TENANT, lineage(self.life), chain_of(index), end(entries), self.time, &key(signer))
    }

    fn happen(&mut self, event: &Event) {
        self.time += 1;
        match *event {
            Event::Record(c, n) => {
                let branch = self.truths[c].branch;
                self.truths[c].entries.extend((0..n).map(|_| branch));
            }
            Event::Anchored(c, quarters) => {
                let held = Self::share(&self.truths[c].entries, quarters);
                self.own[c].anchor = Some(self.anchor(c, &held, HUB));
                self.truths[c].anchored = Some((self.life, held));
            }
            Event::HubReborn => self.life += 1,
            Event::AnchoredByStranger(c) => {
                self.own[c].anchor = Some(self.anchor(c, &self.truths[c].entries, STRANGER));
                self.truths[c].anchored = None;
            }
            Event::DamagedAnchor(c) => {
                let mut anchor = self.anchor(c, &self.truths[c].entries, HUB);
                anchor.time += 1;
                self.own[c].anchor = Some(anchor);
                self.truths[c].anchored = None;
            }
            Event::Judged(c, quarters) => self.judge(c, self.desk, quarters),
            Event::JudgedByFormer(c) => self.judge(c, self.desk + 10, 4),
            Event::DeskReplaced => self.desk += 1,
            Event::SetAside(c, seq, code) => {
                if seq <= self.truths[c].entries.len() as u64 {
                    self.own[c].exceptions.push((seq, ExceptionCode::from_code(code).expect("1 to 7")));
                }
            }
            Event::PutBack(c, n) => {
                let truth = &mut self.truths[c];
                let kept = truth.entries.len().saturating_sub(n as usize);
                truth.entries.truncate(kept);
                truth.branch += 1;
            }
        }
        for (own, truth) in self.own.iter_mut().zip(&self.truths) {
            own.end = end(&truth.entries);
        }
    }

    fn judge(&mut self, c: usize, desk: u8, quarters: u8) {
        let opened = Self::share(&self.truths[c].entries, quarters);
        let entry = Link { seq: self.time as u64, hash: Hash([7; 32]) };
        self.own[c].verdict = Some(Judged { case: case_of(desk), entry, up_to: end(&opened) });
        self.truths[c].judged = Some((desk, opened));
    }

    /// Whether everything that was ever written and is still here is held by the hub as it lives now, and opened by the
    /// desk as it is now.
    fn is_nothing_left(&self) -> bool {
        let written = |truth: &&Truth| !truth.entries.is_empty();
        let safe = |truth: &Truth| {
            truth.anchored.as_ref() == Some(&(self.life, truth.entries.clone()))
                && truth.judged.as_ref() == Some(&(self.desk, truth.entries.clone()))
        };
        let mut begun = self.truths.iter().filter(written).peekable();
        begun.peek().is_some() && begun.all(safe)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn it_is_said_exactly_when_everything_is_anchored_and_judged(
        events in prop::collection::vec(an_event(), 0..30),
        all_well_at_the_end: bool,
    ) {
        let mut world = World::new();
        events.iter().for_each(|event| world.happen(event));
        if all_well_at_the_end {
            (0..3).for_each(|c| { world.happen(&Event::Anchored(c, 4)); world.happen(&Event::Judged(c, 4)); });
        }
        let answer = nothing_left(&world.present(), &world.own);
        prop_assert_eq!(answer.is_ok(), world.is_nothing_left(), "{:?}", answer);
        match answer {
            Ok(closed) => {
                let begun = world.own.iter().filter(|own| own.end.seq > 0);
                for (own, closed) in begun.clone().zip(&closed) {
                    prop_assert_eq!((closed.chain, closed.end), (own.chain, own.end));
                    prop_assert_eq!(closed.anchor.end, own.end);
                    prop_assert_eq!(&closed.exceptions, &own.exceptions, "named, never hidden");
                }
                prop_assert_eq!(begun.count(), closed.len());
            }
            Err(left) => {
                prop_assert!(!left.is_empty());
                for one in left {
                    if let Left::NotAnchored { entries, .. } | Left::NotJudged { entries, .. } = one {
                        prop_assert!(entries > 0);
                    }
                }
            }
        }
    }

    #[test]
    fn one_entry_more_and_it_is_not_said(chains in 1usize..4, behind in 0usize..3) {
        let mut world = World::new();
        for c in 0..chains {
            world.happen(&Event::Record(c, 3));
            world.happen(&Event::Anchored(c, 4));
            world.happen(&Event::Judged(c, 4));
        }
        prop_assert!(nothing_left(&world.present(), &world.own).is_ok());
        let behind = behind % chains;
        world.happen(&Event::Record(behind, 1));
        let chain = chain_of(behind);
        prop_assert_eq!(
            nothing_left(&world.present(), &world.own),
            Err(vec![Left::NotAnchored { chain, after: 3, entries: 1 }, Left::NotJudged { chain, after: 3, entries: 1 }])
        );
        world.happen(&Event::Anchored(behind, 4));
        let left = nothing_left(&world.present(), &world.own);
        prop_assert_eq!(left, Err(vec![Left::NotJudged { chain, after: 3, entries: 1 }]));
    }

    #[test]
    fn no_bytes_make_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = EndOfShift::decode(&bytes);
    }
}

#[test]
fn a_suitcase_that_wrote_nothing_has_nothing_to_say() {
    assert_eq!(nothing_left(&World::new().present(), &World::new().own), Err(vec![Left::Nothing]));
}

fn statement() -> EndOfShift {
    let end = Link { seq: 3, hash: Hash([5; 32]) };
    EndOfShift {
        tenant: TENANT,
        suitcase: 7,
        at: 4_000,
        officer: "olena".into(),
        register: (REGISTER, Link { seq: 7, hash: Hash([6; 32]) }),
        requests: (2, 130),
        drafts: vec![DraftLeft { service: "housing-subsidy".into(), changed: 3_900 }],
        chains: vec![ClosedChain {
            chain: CHAIN,
            end,
            anchor: Anchor::sign(TENANT, lineage(3), CHAIN, end, 3_950, &key(HUB)),
            verdict: (CASE, Link { seq: 12, hash: Hash([4; 32]) }),
            exceptions: vec![(2, ExceptionCode::Proposal)],
        }],
    }
}

fn community() -> Register {
    let mut register = empty();
    register.take(whole()).expect("the desk wrote it");
    register
}

#[test]
fn it_is_believed_as_the_suitcase_wrote_it_and_with_any_bit_changed_it_is_not() {
    let (bytes, register) = (statement().sign(&key(1)), community());
    assert_eq!(EndOfShift::verified(&bytes, &register), Ok(statement()));
    let mut changed = bytes.clone();
    for bit in 0..bytes.len() * 8 {
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(EndOfShift::verified(&changed, &register).is_err(), "bit {bit}");
        changed[bit / 8] ^= 1 << (bit % 8);
    }
    for end in 0..bytes.len() {
        assert!(EndOfShift::verified(&bytes[..end], &register).is_err(), "cut at {end}");
    }
}

#[test]
fn who_did_not_sign_it_is_told_apart() {
    let register = community();
    assert_eq!(EndOfShift::verified(&statement().sign(&key(2)), &register), Err(ShiftError::Forged));
    assert_eq!(EndOfShift::verified(&statement().sign(&key(1)), &empty()), Err(ShiftError::UnknownSuitcase));
    let mut other = statement();
    other.chains[0].anchor = Anchor::sign(TENANT, lineage(3), CHAIN, other.chains[0].end, 1, &key(STRANGER));
    assert_eq!(EndOfShift::verified(&other.sign(&key(1)), &register), Err(ShiftError::Anchor));
    let mut other = statement();
    other.chains[0].verdict.0 = CHAIN;
    assert_eq!(EndOfShift::verified(&other.sign(&key(1)), &register), Err(ShiftError::Verdict));
    let mut other = statement();
    other.tenant = ids::TenantId::from_bytes([9; 16]);
    assert_eq!(EndOfShift::verified(&other.sign(&key(1)), &register), Err(ShiftError::Tenant));
    let mut other = statement();
    other.chains.clear();
    assert_eq!(EndOfShift::verified(&other.sign(&key(1)), &register), Err(ShiftError::Form));
}
