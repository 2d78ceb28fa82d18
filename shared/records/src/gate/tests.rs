//! Every class of hostile change, each made by taking an honest one apart and putting it together wrongly.

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Automerge, Change, ChangeHash, ExpandedChange, ScalarValue};
use ids::{ChainId, RecordId};
use proptest::prelude::*;

use super::{Gate, RefusalCode};
use crate::{ChangeBytes, Document, Edit, Kind};

const ANNA: ChainId = ChainId::from_bytes([0xaa; 16]);
const DESK: ChainId = ChainId::from_bytes([0xdd; 16]);
const EVENT: &str = "e/0123456789abc";

fn record() -> RecordId {
    RecordId::from_random([7; 16])
}

fn birth_fields() -> Vec<Edit> {
    vec![
        Edit::new("number", "7-211126-014-К4Е"),
        Edit::new("a.last", "Коваль"),
        Edit::new("phone", "+380671234567"),
        Edit::new(EVENT, "1|accepted||o.koval||"),
    ]
}

fn born() -> (Document, ChangeBytes) {
    Document::create(Kind::Request, record(), ANNA, 1_000, &birth_fields()).unwrap()
}

fn edit(document: &mut Document, actor: ChainId, edits: &[Edit]) -> ChangeBytes {
    document.edit(actor, 2_000, edits).unwrap().unwrap()
}

/// A document that has the birth only, and a change of the centre that follows it.
fn honest() -> (Document, Vec<u8>) {
    let (document, _) = born();
    let mut desk = document.clone();
    let change = edit(
        &mut desk,
        DESK,
        &[Edit::new("a.last", "Ковальчук"), Edit::new("fee", 4_992), Edit::new("n/0123456789abc", "2|desk|є")],
    );
    (document, change.into_bytes())
}

fn refused(document: &Document, actor: ChainId, bytes: &[u8]) -> RefusalCode {
    Gate::admit(document, Kind::Request, actor, bytes).unwrap_err().code
}

fn twisted(bytes: &[u8], twist: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
    let mut change = Change::try_from(bytes).unwrap().decode();
    twist(&mut change);
    Change::from(change).raw_bytes().to_vec()
}

fn refused_twist(twist: impl FnOnce(&mut ExpandedChange)) -> RefusalCode {
    let (document, bytes) = honest();
    refused(&document, DESK, &twisted(&bytes, twist))
}

fn put(key: &str, value: impl Into<ScalarValue>) -> Op {
    Op {
        action: OpType::Put(value.into()),
        obj: ObjectId::Root,
        key: Key::Map(key.into()),
        pred: vec![].into(),
        insert: false,
    }
}

fn actor(chain: ChainId) -> ActorId {
    ActorId::from(chain.as_bytes().as_slice())
}

/// The checksum over changed contents: the first four bytes of SHA-256 over type, length and contents.
fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() > 8 {
        let sum = ring::digest::digest(&ring::digest::SHA256, &bytes[8..]);
        bytes[4..8].copy_from_slice(&sum.as_ref()[..4]);
    }
    bytes
}

fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let place = bytes.windows(old.len()).position(|window| window == old).expect("the bytes to replace");
    let mut out = bytes.to_vec();
    out.splice(place..place + old.len(), new.iter().copied());
    out
}

#[test]
fn honest_changes_pass_and_replicas_agree() {
    let (mut anna, birth) = born();
    let mut desk = Document::empty(Kind::Request, record());
    desk.apply(Gate::admit(&desk, Kind::Request, ANNA, birth.as_bytes()).unwrap()).unwrap();
    let by_anna = edit(&mut anna, ANNA, &[Edit::new("a.last", "Ковалів"), Edit::new("f.married", true)]);
    let by_desk = edit(&mut desk, DESK, &[Edit::new("a.last", "Ковальчук")]);
    desk.apply(Gate::admit(&desk, Kind::Request, ANNA, by_anna.as_bytes()).unwrap()).unwrap();
    anna.apply(Gate::admit(&anna, Kind::Request, DESK, by_desk.as_bytes()).unwrap()).unwrap();
    assert_eq!(anna.heads(), desk.heads());
    assert_eq!(desk.values()["a.last"].len(), 2);
    // Choosing the value that already wins is spelled as a deletion of the other; choosing the other as a put.
    for winner in [desk.values()["a.last"][0].clone(), desk.values()["a.last"][1].clone()] {
        let (mut here, mut there) = (desk.clone(), anna.clone());
        let choice = edit(&mut here, DESK, &[Edit { key: "a.last".into(), value: winner.value.clone() }]);
        there.apply(Gate::admit(&there, Kind::Request, DESK, choice.as_bytes()).unwrap()).unwrap();
        assert_eq!(there.values()["a.last"].len(), 1);
        assert_eq!(there.values()["a.last"][0].value, winner.value);
    }
}

#[test]
fn a_change_that_came_too_early_waits() {
    let (mut anna, birth) = born();
    let later = edit(&mut anna, ANNA, &[Edit::new("phone", "+380501234567")]);
    let empty = Document::empty(Kind::Request, record());
    assert!(Gate::admit(&empty, Kind::Request, ANNA, later.as_bytes()).unwrap_err().is_waiting());
    assert!(Gate::admit(&empty, Kind::Request, ANNA, birth.as_bytes()).is_ok());
}

#[test]
fn sequence_gaps_repeats_and_forks() {
    assert_eq!(refused_twist(|c| c.seq = 99), RefusalCode::Seq);
    assert_eq!(refused_twist(|c| c.seq = 0), RefusalCode::Seq);
    let (mut document, birth) = born();
    assert_eq!(refused(&document, ANNA, birth.as_bytes()), RefusalCode::Seq);
    let mut clone = document.clone();
    edit(&mut document, ANNA, &[Edit::new("phone", "+380501234567")]);
    let forked = edit(&mut clone, ANNA, &[Edit::new("phone", "+380631234567")]);
    assert_eq!(refused(&document, ANNA, forked.as_bytes()), RefusalCode::Seq);
}

#[test]
fn operation_numbers_that_brick_or_poison() {
    let start = |n: u64| refused_twist(|c| c.start_op = n.try_into().unwrap());
    for n in [1, 2, 1_000, 10_000_000, u64::from(u32::MAX) - 6, 1 << 40] {
        assert_eq!(start(n), RefusalCode::StartOp, "{n}");
    }
}

#[test]
fn predecessors_that_panic_or_poison() {
    let stranger = actor(ChainId::from_bytes([0x11; 16]));
    let pred = |id: OpId| refused_twist(|c| c.operations[0].pred = vec![id].into());
    assert_eq!(pred(OpId(1, stranger)), RefusalCode::Pred);
    assert_eq!(pred(OpId(900, actor(ANNA))), RefusalCode::Pred);
    // An operation of another key, and one of the change itself.
    assert_eq!(pred(OpId(2, actor(ANNA))), RefusalCode::Pred);
    assert_eq!(
        refused_twist(|c| c.operations[0].pred = vec![OpId(c.start_op.get() + 1, actor(DESK))].into()),
        RefusalCode::Pred
    );
    // Not replacing what its author saw would make a conflict out of nothing.
    assert_eq!(refused_twist(|c| c.operations[0].pred = vec![].into()), RefusalCode::Pred);
}

#[test]
fn deletions_other_than_a_choice() {
    let delete = |c: &mut ExpandedChange, key: &str, pred: Vec<OpId>| {
        c.operations = vec![Op {
            action: OpType::Delete,
            obj: ObjectId::Root,
            key: Key::Map(key.into()),
            pred: pred.into(),
            insert: false,
        }];
    };
    let (document, _) = born();
    let place = |key: &str| document.all(key)[0].op;
    assert_eq!(refused_twist(|c| delete(c, "a.last", vec![])), RefusalCode::Delete);
    assert_eq!(refused_twist(|c| delete(c, "a.last", vec![OpId(place("a.last"), actor(ANNA))])), RefusalCode::Delete);
    assert_eq!(refused_twist(|c| delete(c, EVENT, vec![OpId(place(EVENT), actor(ANNA))])), RefusalCode::WrittenOnce);
}

#[test]
fn what_our_records_never_hold() {
    let action = |action: OpType| refused_twist(|c| c.operations[0].action = action);
    assert_eq!(action(OpType::Increment(1)), RefusalCode::Action);
    assert_eq!(action(OpType::Make(automerge::ObjType::Map)), RefusalCode::Action);
    assert_eq!(action(OpType::Put(ScalarValue::Null)), RefusalCode::Value);
    assert_eq!(action(OpType::Put(ScalarValue::Bytes(vec![1]))), RefusalCode::Value);
    assert_eq!(action(OpType::Put(ScalarValue::F64(0.5))), RefusalCode::Value);
    assert_eq!(action(OpType::Put(ScalarValue::counter(1))), RefusalCode::Value);
    assert_eq!(action(OpType::Put(ScalarValue::Timestamp(1))), RefusalCode::Value);
    assert_eq!(action(OpType::Put(ScalarValue::Int(1))), RefusalCode::Value);
    assert_eq!(action(OpType::Put("x".repeat(121).into())), RefusalCode::Value);
    assert_eq!(action(OpType::Put("x".repeat(20_000).into())), RefusalCode::Value);
    assert_eq!(refused_twist(|c| c.operations[0].obj = ObjectId::Id(OpId(77, actor(ANNA)))), RefusalCode::Column);
    assert_eq!(refused_twist(|c| c.operations[0].insert = true), RefusalCode::Action);
    assert_eq!(refused_twist(|c| c.operations[0].key = Key::head()), RefusalCode::Column);
}

#[test]
fn keys_the_schema_does_not_have() {
    for key in ["a.unknown", "e/0", "f.", "", "A.LAST"] {
        assert_eq!(refused_twist(|c| c.operations = vec![put(key, "x")]), RefusalCode::Key, "{key}");
    }
    assert_eq!(refused_twist(|c| c.operations = vec![put(&"f.a".repeat(20_000), "x")]), RefusalCode::Key);
    assert_eq!(refused_twist(|c| c.operations = vec![put("f.a", "x"), put("f.a", "y")]), RefusalCode::TwiceInOneChange);
}

#[test]
fn fields_that_are_written_once() {
    let (document, _) = born();
    let over = |key: &str, value: &str| {
        let pred = vec![OpId(document.all(key)[0].op, actor(ANNA))];
        refused_twist(|c| c.operations = vec![Op { pred: pred.into(), ..put(key, value) }])
    };
    assert_eq!(over("number", "7-211126-015-К4Е"), RefusalCode::WrittenOnce);
    assert_eq!(over(EVENT, "1|withdrawn||o.koval||"), RefusalCode::WrittenOnce);
    assert_eq!(refused_twist(|c| c.operations = vec![put("channel", "visit")]), RefusalCode::WrittenOnce);
    let (mut numbered, _) = born();
    edit(&mut numbered, DESK, &[Edit::new("official", "123/26")]);
    let mut other = numbered.clone();
    assert!(other.edit(DESK, 3_000, &[Edit::new("official", "124/26")]).is_err());
    let honest = edit(&mut other, DESK, &[Edit::new("fee", 1)]);
    let pred = vec![OpId(numbered.all("official")[0].op, actor(DESK))];
    let second =
        twisted(honest.as_bytes(), |c| c.operations = vec![Op { pred: pred.into(), ..put("official", "124/26") }]);
    assert_eq!(refused(&numbered, DESK, &second), RefusalCode::WrittenOnce);
}

#[test]
fn beginnings() {
    let (_, birth) = born();
    let empty = Document::empty(Kind::Request, record());
    let without = |key: &str| twisted(birth.as_bytes(), |c| c.operations.retain(|op| op.key != Key::Map(key.into())));
    for key in ["id", "v", "created"] {
        assert_eq!(refused(&empty, ANNA, &without(key)), RefusalCode::Birth, "{key}");
    }
    let elsewhere = Document::empty(Kind::Request, RecordId::from_random([9; 16]));
    assert_eq!(refused(&elsewhere, ANNA, birth.as_bytes()), RefusalCode::Birth);
    let visit = Document::empty(Kind::Visit, record());
    assert_eq!(Gate::admit(&visit, Kind::Request, ANNA, birth.as_bytes()).unwrap_err().code, RefusalCode::Birth);
    // A second beginning of a record that exists.
    let (document, _) = born();
    let (_, second) = Document::create(Kind::Request, record(), DESK, 1_000, &birth_fields()).unwrap();
    assert_eq!(refused(&document, DESK, second.as_bytes()), RefusalCode::Deps);
    assert_eq!(refused_twist(|c| c.deps.clear()), RefusalCode::Deps);
    assert_eq!(refused_twist(|c| c.deps = vec![ChangeHash([5; 32])]), RefusalCode::Waiting);
}

#[test]
fn dependencies_that_imply_each_other() {
    let (mut document, birth) = born();
    edit(&mut document, ANNA, &[Edit::new("phone", "+380501234567")]);
    let mut desk = document.clone();
    let honest = edit(&mut desk, DESK, &[Edit::new("fee", 1)]);
    let first = Change::try_from(birth.as_bytes()).unwrap().hash();
    let both = twisted(honest.as_bytes(), |c| c.deps.push(first));
    assert_eq!(refused(&document, DESK, &both), RefusalCode::Deps);
}

#[test]
fn another_device_s_name_times_and_extras() {
    let (document, bytes) = honest();
    assert_eq!(refused(&document, ANNA, &bytes), RefusalCode::Actor);
    assert_eq!(refused_twist(|c| c.actor_id = ActorId::from(vec![0xdd; 32])), RefusalCode::Actor);
    assert_eq!(refused_twist(|c| c.time = -1), RefusalCode::Time);
    assert_eq!(refused_twist(|c| c.time = i64::MAX), RefusalCode::Time);
    assert_eq!(refused_twist(|c| c.message = Some("hello".into())), RefusalCode::Extra);
    assert_eq!(refused_twist(|c| c.extra_bytes = vec![1, 2, 3]), RefusalCode::Extra);
    assert_eq!(refused_twist(|c| c.operations.clear()), RefusalCode::Rows);
    assert_eq!(
        refused_twist(|c| c.operations = (0..600).map(|n| put(&format!("f.q{n}"), "x")).collect()),
        RefusalCode::Rows
    );
}

#[test]
fn chunks_of_other_types_and_broken_chunks() {
    let (document, bytes) = honest();
    let mut change = Change::try_from(bytes.as_slice()).unwrap();
    let mut long = document.clone();
    let long = edit(&mut long, DESK, &[Edit::new("summary", "слово ".repeat(100))]);
    let deflated = Change::try_from(long.as_bytes()).unwrap().bytes().into_owned();
    assert_eq!(refused(&document, DESK, &deflated), RefusalCode::Type);
    assert_eq!(refused(&document, DESK, &document.save()), RefusalCode::Type);
    assert_eq!(refused(&document, DESK, &Automerge::new().save()), RefusalCode::Type);
    assert_eq!(refused(&document, DESK, b""), RefusalCode::Length);
    assert_eq!(refused(&document, DESK, &[0; 70_000]), RefusalCode::Length);
    assert_eq!(refused(&document, DESK, &[change.raw_bytes(), &[0]].concat()), RefusalCode::Length);
    let mut flipped = change.bytes().into_owned();
    flipped[5] ^= 1;
    assert_eq!(refused(&document, DESK, &flipped), RefusalCode::Checksum);
    for cut in 0..bytes.len() {
        assert!(Gate::admit(&document, Kind::Request, DESK, &bytes[..cut]).is_err(), "{cut}");
    }
}

#[test]
fn another_spelling_of_the_same_change() {
    let (document, _) = born();
    let mut desk = document.clone();
    let honest = edit(&mut desk, DESK, &[Edit::new("fee", 1)]);
    // Insert flags of one row (01), then the action as a literal run of one (7f 01), spelled as a run of one.
    let odd = with_checksum(replaced(honest.as_bytes(), &[0x01, 0x7f, 0x01, 0x7f], &[0x01, 0x01, 0x01, 0x7f]));
    assert!(Change::try_from(odd.as_slice()).is_ok(), "automerge itself takes it");
    assert_eq!(refused(&document, DESK, &odd), RefusalCode::NotCanonical);
}

#[test]
fn a_bomb_of_a_million_operations_is_refused_unexpanded() {
    let (document, _) = born();
    let mut desk = document.clone();
    let honest = edit(&mut desk, DESK, &[Edit::new("fee", 1)]);
    // The action column becomes "a million times put"; the lengths of column and chunk grow by two.
    let longer = replaced(honest.as_bytes(), &[0x01, 0x7f, 0x01, 0x7f], &[0x01, 0xc0, 0x84, 0x3d, 0x01, 0x7f]);
    let mut bomb = replaced(&longer, &[0x42, 0x02], &[0x42, 0x04]);
    bomb[9] += 2;
    let bomb = with_checksum(bomb);
    let begun = bomb.len();
    assert_eq!(refused(&document, DESK, &bomb), RefusalCode::Rows);
    assert!(begun < 200);
}

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

const BORYS: ChainId = ChainId::from_bytes([0xbb; 16]);

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
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

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
