//! What a peer makes of an answer, and how it paces itself.

use crate::memory::Memory;
use crate::samples::{CHAIN, LINEAGE, TENANT, cut, key, written};
use chain::{
    Anchor, Answer, AnswerError, Courier, Dialogue, Link, Needed, News, Offered, Refusal, RefusalCode, Token, Trouble,
    Verified, limits,
};
use ids::{ChainId, LineageId};
use proptest::prelude::*;
use signing::{Hash, Secret};

const CARRIED: ChainId = ChainId::from_bytes([0xca; 16]);

fn answer(lineage: LineageId, anchors: Vec<Anchor>) -> Answer {
    Answer {
        lineage,
        time: 5,
        token: Token::give(&Secret::new([4; 32]), TENANT, CHAIN, lineage, 5, 0),
        position: 40,
        index: 2,
        more: false,
        stale: false,
        further: 0,
        anchors,
        segments: vec![],
        refusals: vec![],
        needed: vec![],
        enrolments: vec![],
    }
}

fn anchor(chain: ChainId, end: Link) -> Anchor {
    Anchor::sign(TENANT, LINEAGE, chain, end, 5, &key(9))
}

fn link(entry: &Verified) -> Link {
    Link { seq: entry.place.seq, hash: entry.hash }
}

fn absorb(dialogue: &mut Dialogue, answer: Answer, own: &[Verified]) -> Result<News, AnswerError> {
    dialogue.absorb(answer, &[CHAIN], |chain, seq| {
        own.iter().find(|e| e.place.chain == chain && e.place.seq == seq).map(|e| e.hash)
    })
}

#[test]
fn an_anchor_moves_what_is_sent_next_and_the_rest_is_remembered() {
    let own = written(4, None);
    let mut dialogue = Dialogue::default();
    assert_eq!(dialogue.unsent_from(CHAIN), 1);
    let news = absorb(&mut dialogue, answer(LINEAGE, vec![anchor(CHAIN, link(&own[2]))]), &own).unwrap();
    assert_eq!((news.anchors.len(), news.reborn, news.more, news.introduce), (1, false, false, false));
    assert_eq!(dialogue.unsent_from(CHAIN), 4);
    let next = dialogue.compose(TENANT, CHAIN, Offered { segments: vec![cut(&own, 4, 4)], heads: vec![] }, 1000);
    assert_eq!(next.cursor.map(|c| (c.lineage, c.position, c.index)), Some((LINEAGE, 40, 2)));
    assert_eq!(next.token, dialogue.token);
    assert_eq!((next.sender, next.budget, next.segments.len()), (CHAIN, 1000, 1));
}

#[test]
fn an_anchor_for_what_we_do_not_hold_changes_nothing() {
    let (own, other) = (written(4, None), written(6, Some((3, 7))));
    let mut dialogue = Dialogue::default();
    absorb(&mut dialogue, answer(LINEAGE, vec![anchor(CHAIN, link(&own[0]))]), &own).unwrap();
    let before = dialogue.clone();
    for (end, seq) in [(link(&other[5]), 6), (link(&other[2]), 3)] {
        let anchors = vec![anchor(CHAIN, link(&own[1])), anchor(CHAIN, end)];
        let error = absorb(&mut dialogue, answer(LINEAGE, anchors), &own).unwrap_err();
        assert_eq!(error, AnswerError::Ahead { chain: CHAIN, seq });
        assert_eq!(dialogue, before);
    }
    let mut damaged = anchor(CHAIN, link(&own[1]));
    damaged.time += 1;
    assert_eq!(absorb(&mut dialogue, answer(LINEAGE, vec![damaged]), &own).unwrap_err(), AnswerError::Anchor);
    assert_eq!(dialogue, before);
}

#[test]
fn a_carried_chain_of_which_the_answerer_holds_more_is_no_alarm() {
    let mut dialogue = Dialogue::default();
    let far = Link { seq: 90, hash: Hash([9; 32]) };
    let news = absorb(&mut dialogue, answer(LINEAGE, vec![anchor(CARRIED, far)]), &[]).unwrap();
    assert_eq!(news.anchors.len(), 1);
    assert_eq!(dialogue.unsent_from(CARRIED), 91, "nothing below need be brought");
}

#[test]
fn another_branch_of_a_carried_chain_is_passed_over() {
    let carried = written(3, None);
    let mut dialogue = Dialogue::default();
    let anchors = vec![anchor(CHAIN, Link { seq: 2, hash: Hash([9; 32]) })];
    let hash_at = |_, seq| carried.get(seq as usize - 1).map(|e| e.hash);
    let news = dialogue.absorb(answer(LINEAGE, anchors), &[CARRIED], hash_at).unwrap();
    assert_eq!((news.anchors.len(), dialogue.unsent_from(CHAIN)), (0, 1));
    assert_eq!(dialogue.lineage, Some(LINEAGE), "the rest of the answer counts");
}

#[test]
fn a_new_lineage_makes_everything_unanchored() {
    let own = written(4, None);
    let mut dialogue = Dialogue::default();
    absorb(&mut dialogue, answer(LINEAGE, vec![anchor(CHAIN, link(&own[3]))]), &own).unwrap();
    let reborn = LineageId::from_bytes([8; 16]);
    let end = link(&own[1]);
    let held = Anchor::sign(TENANT, reborn, CHAIN, end, 5, &key(9));
    let news = absorb(&mut dialogue, answer(reborn, vec![held]), &own).unwrap();
    assert!(news.reborn);
    assert_eq!(dialogue.unsent_from(CHAIN), 3, "only what it says it holds now");
    assert_eq!(dialogue.cursor.map(|c| c.lineage), Some(reborn));
    let news = absorb(&mut dialogue, answer(reborn, vec![]), &own).unwrap();
    assert!(!news.reborn, "said once");
    assert_eq!(dialogue.unsent_from(CHAIN), 3);
}

#[test]
fn refusals_needs_and_the_wish_for_more_are_handed_on() {
    let refusal = Refusal { chain: CHAIN, from: 0, code: RefusalCode::UnknownChain };
    let needed = Needed { chain: CARRIED, from: 3 };
    let mut dialogue = Dialogue::default();
    let stale = Answer { stale: true, refusals: vec![refusal], needed: vec![needed], ..answer(LINEAGE, vec![]) };
    let news = absorb(&mut dialogue, stale, &[]).unwrap();
    assert!(news.introduce && news.more);
    assert_eq!((news.refusals, news.needed), (vec![refusal], vec![needed]));
    let carried = Refusal { chain: CARRIED, from: 1, ..refusal };
    let news = absorb(&mut dialogue, Answer { refusals: vec![carried], ..answer(LINEAGE, vec![]) }, &[]).unwrap();
    assert!(!news.introduce, "an unknown chain that we merely carry is not ours to introduce");
    let fork = Refusal { code: RefusalCode::Fork { seq: 1, held: Hash([1; 32]) }, ..refusal };
    let news = absorb(&mut dialogue, Answer { refusals: vec![fork], ..answer(LINEAGE, vec![]) }, &[]).unwrap();
    assert!(!news.introduce && !news.more);
}

#[derive(Debug, Clone, Copy)]
enum Attempt {
    Success { full: bool, more: bool },
    Failure { cut: bool, jitter: u16 },
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let attempt = prop_oneof![
        any::<(bool, bool)>().prop_map(|(full, more)| Attempt::Success { full, more }),
        any::<(bool, u16)>().prop_map(|(cut, jitter)| Attempt::Failure { cut, jitter }),
    ];
    prop::collection::vec(attempt, 0..60)
}

proptest! {
    #[test]
    fn a_courier_waits_at_most_five_minutes_and_its_batch_keeps_in_bounds(attempts in attempts(), now in 0u64..1 << 50) {
        let mut courier = Courier::default();
        for attempt in attempts {
            let before = courier.batch();
            match attempt {
                Attempt::Success { full, more } => {
                    courier.succeeded(now, full, more, 60_000);
                    prop_assert_eq!(courier.wait(now), if more { 0 } else { 60_000 });
                    prop_assert_eq!(courier.failures(), 0);
                    prop_assert_eq!(courier.batch(), if full { (before * 2).min(limits::BATCH) } else { before });
                }
                Attempt::Failure { cut, jitter } => {
                    let failures = courier.failures();
                    courier.failed(now, if cut { Trouble::Cut } else { Trouble::NoAnswer }, jitter);
                    prop_assert!((1_000..=300_000).contains(&courier.wait(now)));
                    prop_assert_eq!(courier.failures(), failures + 1);
                    prop_assert_eq!(courier.batch(), if cut { (before / 2).max(1) } else { before });
                }
            }
            prop_assert!((1..=limits::BATCH).contains(&courier.batch()));
        }
        courier.hurry();
        prop_assert_eq!(courier.wait(now), 0);
    }
}

/// A link that lets at most `n` bytes through: the courier finds a batch that fits, if a single entry does.
#[test]
fn a_narrow_link_still_brings_a_chain_home() {
    let whole = written(40, None);
    let size = whole[0].entry.size();
    for limit in [size, 3 * size, 20 * size] {
        let (mut courier, mut dialogue, mut hub) = (Courier::default(), Dialogue::default(), Memory::default());
        let mut attempts = 0;
        while hub.end.seq < 40 {
            attempts += 1;
            assert!(attempts < 120, "stuck at {} with {} bytes a contact", hub.end.seq, limit);
            let from = dialogue.unsent_from(CHAIN);
            let fitting = (courier.batch() / size).max(1) as u64;
            let to = (from + fitting - 1).min(40);
            if (to - from + 1) as usize * size > limit {
                courier.failed(0, Trouble::Cut, 0);
                continue;
            }
            hub.take(cut(&whole, from, to)).unwrap();
            courier.succeeded(0, to < 40, true, 0);
            absorb(&mut dialogue, answer(LINEAGE, vec![anchor(CHAIN, hub.end)]), &whole).unwrap();
        }
    }
}
