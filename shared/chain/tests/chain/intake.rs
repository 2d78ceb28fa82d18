//! Whatever is repeated, cut or reordered on the way, a store ends up with the same chain; whatever contradicts it is
//! refused whole.

use crate::memory::Memory;
use crate::samples::{CHAIN, LINEAGE, append, cut, key, written};
use chain::{Entry, Link, RefusalCode, Segment, Verified};
use ids::ChainId;
use proptest::prelude::*;
use signing::Hash;

const LENGTH: u64 = 12;

/// Runs that cover the whole chain at least once, in any order, with repeats and overlaps.
fn deliveries() -> impl Strategy<Value = Vec<(u64, u64)>> {
    let extra =
        prop::collection::vec((1..=LENGTH, 0..LENGTH).prop_map(|(from, more)| (from, (from + more).min(LENGTH))), 0..8);
    let cuts = prop::collection::btree_set(1..LENGTH, 0..6);
    (cuts, extra)
        .prop_map(|(cuts, mut runs)| {
            let mut from = 1;
            for end in cuts.into_iter().chain([LENGTH]) {
                runs.push((from, end));
                from = end + 1;
            }
            runs
        })
        .prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_same_chain(runs in deliveries()) {
        let whole = written(LENGTH, None);
        let mut straight = Memory::default();
        straight.take(cut(&whole, 1, LENGTH)).unwrap();
        let mut memory = Memory::default();
        let (mut new, mut brought) = (0, 0);
        for (from, to) in runs {
            let before = memory.clone();
            let (fresh, repeats) = memory.take(cut(&whole, from, to)).unwrap();
            prop_assert_eq!(fresh + repeats, (to - from + 1) as usize);
            prop_assert!(memory.end.seq >= before.end.seq, "an anchor never goes back");
            prop_assert!((1..=memory.end.seq).all(|seq| memory.entries.contains_key(&seq)), "no hole below the anchor");
            prop_assert!(!memory.entries.contains_key(&(memory.end.seq + 1)), "the anchor waits for nothing but a hole");
            new += fresh;
            brought += fresh + repeats;
        }
        prop_assert_eq!(&memory, &straight);
        prop_assert_eq!(new as u64, LENGTH);
        prop_assert!(brought >= new);
        let anchors = [&memory, &straight].map(|m| m.anchor(LINEAGE, 5));
        prop_assert_eq!(anchors[0], anchors[1]);
        prop_assert_eq!(memory.end.hash, whole[LENGTH as usize - 1].hash);
    }

    #[test]
    fn another_branch_is_refused_wherever_it_touches(
        fork in 2..LENGTH,
        held_from in 1..LENGTH, held_more in 0..LENGTH,
        from in 1..LENGTH, more in 0..LENGTH,
    ) {
        let (ours, theirs) = (written(LENGTH, None), written(LENGTH, Some((fork, 7))));
        let held_to = (held_from + held_more).min(LENGTH);
        let to = (from + more).min(LENGTH);
        let mut memory = Memory::default();
        memory.take(cut(&ours, held_from, held_to)).unwrap();
        let before = memory.clone();
        let outcome = memory.take(cut(&theirs, from, to));
        // What the store can compare: the brought numbers and both neighbours, as far as it holds them. The neighbour
        // before speaks by its hash, the one after by the hash it names.
        let held = |seq: u64| (held_from..=held_to).contains(&seq);
        let differs_inside = (from..=to).any(|seq| held(seq) && seq >= fork);
        let differs_before = held(from - 1) && from > fork;
        let differs_after = held(to + 1) && to >= fork;
        match outcome {
            Err(refusal) => {
                prop_assert!(differs_inside || differs_before || differs_after);
                prop_assert_eq!((refusal.chain, refusal.from), (CHAIN, from));
                let RefusalCode::Fork { seq, held } = refusal.code else {
                    return Err(TestCaseError::fail(format!("{refusal:?}")));
                };
                prop_assert_eq!(before.entries[&seq].hash, held, "names what is really held there");
                prop_assert_eq!(&memory, &before, "nothing of a refused segment is kept");
            }
            Ok(_) => prop_assert!(!(differs_inside || differs_before || differs_after)),
        }
    }
}

fn fork(memory: &mut Memory, segment: Segment) -> u64 {
    match memory.take(segment).expect_err("another branch").code {
        RefusalCode::Fork { seq, .. } => seq,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_fork_is_seen_inside_and_at_both_borders() {
    let (ours, theirs) = (written(9, None), written(9, Some((4, 7))));
    let mut memory = Memory::default();
    memory.take(cut(&ours, 4, 6)).unwrap();
    assert_eq!(fork(&mut memory, cut(&theirs, 4, 4)), 4, "same number, other hash");
    assert_eq!(fork(&mut memory, cut(&theirs, 7, 9)), 6, "joined to another entry than the one held before");
    assert_eq!(fork(&mut memory, cut(&written(9, Some((2, 8))), 1, 3)), 4, "the entry held after names another one");
    assert_eq!(fork(&mut memory, cut(&theirs, 1, 9)), 4, "somewhere inside");
    assert_eq!(memory.take(cut(&ours, 1, 3)), Ok((3, 0)), "the true neighbours are welcome");
    assert_eq!(memory.take(cut(&ours, 7, 9)), Ok((3, 0)));
    assert_eq!(memory.end.seq, 9);
}

#[test]
fn entries_beyond_a_hole_are_kept_and_the_anchor_waits() {
    let whole = written(10, None);
    let mut memory = Memory::default();
    memory.take(cut(&whole, 1, 2)).unwrap();
    assert_eq!(memory.take(cut(&whole, 5, 6)), Ok((2, 0)));
    assert_eq!(memory.take(cut(&whole, 9, 10)), Ok((2, 0)));
    assert_eq!((memory.end.seq, memory.entries.len()), (2, 6));
    assert_eq!(memory.take(cut(&whole, 3, 3)), Ok((1, 0)));
    assert_eq!(memory.end.seq, 3, "half a hole filled moves the anchor by half");
    assert_eq!(memory.take(cut(&whole, 4, 8)), Ok((3, 2)));
    assert_eq!(memory.end, Link { seq: 10, hash: whole[9].hash }, "over everything that waited beyond");
}

#[test]
fn what_cannot_be_is_refused_for_its_form() {
    let whole = written(3, None);
    let refused = |segment| Memory::default().take(segment).unwrap_err().code;
    let good = cut(&whole, 1, 3);
    assert_eq!(refused(Segment { entries: vec![], ..good.clone() }), RefusalCode::Form);
    assert_eq!(refused(Segment { from: 0, ..good.clone() }), RefusalCode::Form);
    assert_eq!(refused(Segment { from: u64::MAX, ..good.clone() }), RefusalCode::Form);
    // An author who signs a first entry that follows something.
    let strange = append(CHAIN, Link { seq: 0, hash: Hash([5; 32]) }, &key(1), &[vec![1]]);
    assert_eq!(refused(cut(&strange, 1, 1)), RefusalCode::Form);
}

#[test]
fn one_foreign_or_changed_entry_spoils_its_segment() {
    let whole = written(3, None);
    let good = cut(&whole, 1, 3);
    let refused = |segment| Memory::default().take(segment).unwrap_err().code;
    let foreign = append(CHAIN, Link::EMPTY, &key(2), &[vec![1], vec![2]]);
    assert_eq!(refused(cut(&foreign, 1, 2)), RefusalCode::Signature);
    for place in 0..3 {
        let mut changed = good.clone();
        changed.entries[place].body = chain::Body::Present(b"changed".to_vec());
        assert_eq!(refused(changed), RefusalCode::Signature, "entry {place}");
    }
    assert_eq!(refused(Segment { chain: ChainId::from_bytes([8; 16]), ..good.clone() }), RefusalCode::Signature);
    assert_eq!(refused(Segment { from: 2, ..good.clone() }), RefusalCode::Signature);
    assert_eq!(refused(Segment { prev: Hash([1; 32]), from: 2, ..good }), RefusalCode::Signature);
}

#[test]
fn the_last_signature_vouches_for_storing_and_each_its_own_for_reading() {
    let mut entries = written(3, None);
    entries[0].entry.signature = entries[1].entry.signature;
    let segment = cut(&entries, 1, 3);
    assert_eq!(Memory::default().take(segment.clone()), Ok((3, 0)), "authentic: enough to store");
    let author = key(1).public();
    let error = segment.clone().valid(crate::samples::TENANT, &author).unwrap_err();
    assert_eq!(error, chain::SegmentError::Signature { seq: 1 }, "not valid: no reader believes it");
    let valid = |e: &Verified| e.entry.is_valid(&e.place, &author);
    assert_eq!(entries.iter().map(valid).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn a_dropped_body_leaves_the_chain_as_it_was() {
    let whole = written(4, None);
    let mut erased = cut(&whole, 1, 4);
    erased.entries[1] = erased.entries[1].without_body();
    let mut memory = Memory::default();
    memory.take(erased).unwrap();
    assert_eq!(memory.end.hash, whole[3].hash);
    assert_eq!(memory.take(cut(&whole, 1, 4)), Ok((0, 4)), "the body coming back is a repeat, not a fork");
    assert_eq!(memory.entries[&2].entry.body.bytes(), None);
    let dropped: Vec<Entry> = whole.iter().map(|e| e.entry.without_body()).collect();
    assert!(dropped.iter().zip(&whole).all(|(d, e)| d.hash(&e.place) == e.hash));
}
