//! Every class of hostile change, each made by taking an honest one apart and putting it together wrongly.

mod forgeries;

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Automerge, Change, ChangeHash, ExpandedChange, ScalarValue};
use ids::{ChainId, RecordId};

use super::{Gate, RefusalCode};
use crate::{ChangeBytes, Document, Edit, Kind};

const ANNA: ChainId = ChainId::from_bytes([0xaa; 16]);
const BORYS: ChainId = ChainId::from_bytes([0xbb; 16]);
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
