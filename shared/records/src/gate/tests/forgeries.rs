//! Changes broken at random, byte by byte and by their structure: the gate may refuse or admit them, but what it admits
//! must apply, save, load and be written on.

use automerge::legacy::{Key, OpId, OpType};
use automerge::{Automerge, Change, ChangeHash, ExpandedChange, ScalarValue};
use ids::ChainId;
use proptest::prelude::*;

use super::super::Gate;
use super::{ANNA, BORYS, DESK, EVENT, actor, born, edit, honest, record, twisted, with_checksum};
use crate::{Document, Edit, Kind};

/// After the gate nothing may go wrong: apply, save, load, and the next honest edit.
fn survives(document: &Document, bytes: &[u8], by: ChainId) -> bool {
    let Ok(admitted) = Gate::admit(document, Kind::Request, by, bytes) else { return false };
    assert_eq!(admitted.bytes(), bytes);
    let mut after = document.clone();
    after.apply(admitted).expect("an admitted change applies");
    let saved = after.save();
    let loaded = Automerge::load(&saved).expect("what was applied can be loaded again");
    assert_eq!(loaded.get_heads(), after.doc.get_heads());
    let next = edit(&mut after, ANNA, &[Edit::new("phone2", "+380931234567"), Edit::new("a.last", "Інша")]);
    assert!(Change::try_from(next.as_bytes()).is_ok());
    true
}

/// One way to forge a well-formed change with a right checksum.
#[derive(Debug, Clone)]
enum Forgery {
    Seq(u64),
    Start(u64),
    Time(i64),
    Pred { op: usize, number: u64, by: u8 },
    Unpred(usize),
    Key { op: usize, key: &'static str },
    Value { op: usize, value: i64 },
    Delete(usize),
    Copy(usize),
    Dep([u8; 32]),
    DepOf(usize),
    Undep(usize),
}

fn forgery() -> impl Strategy<Value = Forgery> {
    let keys = vec!["a.last", "number", "official", EVENT, "n/0123456789abc", "f.x", "fee", "nothing", "phone"];
    prop_oneof![
        (0u64..5).prop_map(Forgery::Seq),
        prop_oneof![0u64..40, Just(1 << 31), Just(u64::from(u32::MAX))].prop_map(Forgery::Start),
        any::<i64>().prop_map(Forgery::Time),
        (0usize..4, 0u64..40, 0u8..4).prop_map(|(op, number, by)| Forgery::Pred { op, number, by }),
        (0usize..4).prop_map(Forgery::Unpred),
        (0usize..4, prop::sample::select(keys)).prop_map(|(op, key)| Forgery::Key { op, key }),
        (0usize..4, any::<i64>()).prop_map(|(op, value)| Forgery::Value { op, value }),
        (0usize..4).prop_map(Forgery::Delete),
        (0usize..4).prop_map(Forgery::Copy),
        any::<[u8; 32]>().prop_map(Forgery::Dep),
        (0usize..4).prop_map(Forgery::DepOf),
        (0usize..4).prop_map(Forgery::Undep),
    ]
}

fn forge(change: &mut ExpandedChange, forgery: &Forgery, document: &Document) {
    let count = change.operations.len().max(1);
    let actors = [ANNA, DESK, BORYS, ChainId::from_bytes([0x11; 16])];
    match forgery {
        Forgery::Seq(n) => change.seq = *n,
        Forgery::Start(n) => change.start_op = (*n).max(1).try_into().unwrap(),
        Forgery::Time(at) => change.time = *at,
        Forgery::Dep(hash) => change.deps.push(ChangeHash(*hash)),
        Forgery::DepOf(place) => {
            let nodes = document.history.nodes();
            change.deps.push(nodes[place % nodes.len()].hash);
        }
        Forgery::Undep(place) if !change.deps.is_empty() => {
            change.deps.remove(place % change.deps.len());
        }
        Forgery::Undep(_) => {}
        Forgery::Copy(op) => change.operations.extend(change.operations.get(op % count).cloned()),
        Forgery::Pred { op, number, by } => {
            change.operations[op % count].pred = vec![OpId(*number, actor(actors[usize::from(*by)]))].into()
        }
        Forgery::Unpred(op) => change.operations[op % count].pred = vec![].into(),
        Forgery::Key { op, key } => change.operations[op % count].key = Key::Map((*key).into()),
        Forgery::Value { op, value } => change.operations[op % count].action = OpType::Put(ScalarValue::Int(*value)),
        Forgery::Delete(op) => change.operations[op % count].action = OpType::Delete,
    }
}

/// A document with a history: three authors, a conflict, several heads; and the centre's next honest change.
fn grown() -> (Document, Vec<u8>) {
    let (mut document, _) = born();
    let mut borys = document.clone();
    let mut desk = document.clone();
    edit(&mut document, ANNA, &[Edit::new("a.last", "Перша"), Edit::new("f.x", "1")]);
    let by_borys = edit(&mut borys, BORYS, &[Edit::new("a.last", "Друга"), Edit::new("phone", "+380501111111")]);
    let by_desk = edit(&mut desk, DESK, &[Edit::new("official", "1/26"), Edit::new("fee", 1)]);
    document.apply(Gate::admit(&document, Kind::Request, BORYS, by_borys.as_bytes()).unwrap()).unwrap();
    document.apply(Gate::admit(&document, Kind::Request, DESK, by_desk.as_bytes()).unwrap()).unwrap();
    let next =
        edit(&mut document.clone(), DESK, &[Edit::new("a.last", "Друга"), Edit::new("fee", 2), Edit::new("f.x", "2")]);
    (document, next.into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn mutated_changes_neither_panic_nor_poison(flips in prop::collection::vec((0usize..400, any::<u8>()), 0..4), cut in prop::option::of((0usize..400, 0usize..6, 0usize..6))) {
        let (document, honest) = honest();
        let mut bytes = honest.clone();
        for (place, value) in &flips {
            let place = place % bytes.len();
            bytes[place] = *value;
        }
        if let Some((place, take, give)) = cut {
            let place = place % bytes.len();
            let end = (place + take).min(bytes.len());
            bytes.splice(place..end, std::iter::repeat_n(1, give));
        }
        let admitted = survives(&document, &with_checksum(bytes.clone()), DESK);
        if bytes == honest {
            prop_assert!(admitted);
        }
    }

    #[test]
    fn forged_changes_neither_panic_nor_poison(forgeries in prop::collection::vec(forgery(), 0..3)) {
        let (document, honest) = grown();
        let bytes = twisted(&honest, |change| forgeries.iter().for_each(|one| forge(change, one, &document)));
        let admitted = survives(&document, &bytes, DESK);
        if bytes == honest {
            prop_assert!(admitted);
        }
    }

    #[test]
    fn mutated_beginnings_neither_panic_nor_poison(flips in prop::collection::vec((0usize..600, any::<u8>()), 1..4)) {
        let (_, birth) = born();
        let mut bytes = birth.into_bytes();
        for (place, value) in flips {
            let place = place % bytes.len();
            bytes[place] = value;
        }
        survives(&Document::empty(Kind::Request, record()), &with_checksum(bytes), ANNA);
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let (document, _) = born();
        let mut framed = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1];
        framed.extend((bytes.len() < 128).then_some(bytes.len() as u8));
        framed.extend(&bytes);
        prop_assert!(Gate::admit(&document, Kind::Request, DESK, &with_checksum(framed)).is_err());
        prop_assert!(Gate::admit(&document, Kind::Request, DESK, &bytes).is_err());
    }
}
