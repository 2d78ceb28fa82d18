//! The classes of hostile changes, and a forger for each. Every draw of the dice makes another change of the class.

use crate::chunk::{self, Raw, framed, many_puts, one_put, overlong, unsigned, with_checksum};
use crate::scene::{Scene, actor};
use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Automerge, Change, ChangeHash, ExpandedChange, ObjType, ScalarValue};
use ids::RecordId;
use records::{Document, Kind};
use std::sync::OnceLock;
use valiza_tests::invented::Dice;

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// One way to do harm.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Class { $($(#[$doc])* $name),* }
        impl Class {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

classes! {
    /// A sequence number beyond the next.
    SeqGap,
    /// A sequence number used before, with other content.
    SeqRepeat,
    /// Replaces an operation of somebody who never wrote.
    PredUnknownActor,
    /// Replaces an operation of another key.
    PredOtherKey,
    /// Replaces an operation of the change itself.
    PredOwnOp,
    /// Replaces an operation that is not there, of somebody who is.
    PredMissing,
    /// Replaces nothing although its author saw something.
    PredNone,
    /// Names an actor beyond the table of actors.
    PredBeyondTable,
    /// Writes into an object that is not there.
    ObjectMissing,
    /// Writes into an object that is a text value.
    ObjectScalar,
    /// Makes an object.
    ObjectMade,
    /// Deletes without saying what.
    DeleteWithoutPred,
    /// Deletes an event of another author.
    DeleteEvent,
    /// Deletes a field's only value.
    DeleteField,
    /// Operation numbers used before.
    StartReused,
    /// Operation numbers near 2^32: the next honest edit would overflow.
    StartHigh,
    /// Operation numbers of 2^40 and more.
    StartBeyond,
    /// The same change in other bytes: columns.
    NonCanonicalColumn,
    /// The same change in other bytes: numbers.
    NonCanonicalNumber,
    /// Written in the name of another device.
    OtherActor,
    /// An actor that is no chain.
    OddActor,
    /// Depends on nothing.
    NoDeps,
    /// A second beginning of the record.
    SecondBirth,
    /// A key of 60 KB.
    HugeKey,
    /// A value of 20 KB and more.
    HugeValue,
    /// A key that records of this kind do not have.
    UnknownKey,
    /// A field that is written once, written again.
    WrittenOnce,
    /// One key twice.
    TwiceInOneChange,
    /// A list operation on the root map.
    ListOnRoot,
    /// Increments a text.
    Increment,
    /// A value of a type that no field has.
    OddValue,
    /// Times before 1970 and beyond 2248.
    OddTime,
    /// A message, or bytes behind the columns.
    Extra,
    /// No operation at all, or more than a change may have.
    Rows,
    /// An honest change, deflated.
    Compressed,
    /// A few kilobytes that inflate to many megabytes.
    CompressedBomb,
    /// A hundred bytes that are a million operations.
    RunBombMillion,
    /// A hundred bytes that are ten million operations.
    RunBombTenMillion,
    /// A whole document where a change belongs.
    DocumentChunk,
    /// A bundle where a change belongs.
    BundleChunk,
    /// Chunk types that are none.
    OddChunk,
    /// An honest change cut short.
    Truncated,
    /// An honest change with one bit of its checksum turned.
    Checksum,
    /// Random bytes, bare and in the frame of a change with a right checksum.
    Garbage,
    /// Depends on a change that nobody has: kept waiting, which harms nobody.
    MissingDeps,
}

/// One change of the class.
pub fn forge(class: Class, scene: &Scene, dice: &mut Dice) -> Vec<u8> {
    use Class as C;
    match class {
        C::SeqGap | C::SeqRepeat | C::StartReused | C::StartHigh | C::StartBeyond => numbers(class, scene, dice),
        C::PredUnknownActor | C::PredOtherKey | C::PredOwnOp | C::PredMissing | C::PredNone | C::PredBeyondTable => {
            predecessors(class, scene, dice)
        }
        C::DeleteWithoutPred | C::DeleteEvent | C::DeleteField => deletions(class, scene, dice),
        C::NonCanonicalColumn | C::NonCanonicalNumber => spellings(class, scene, dice),
        C::OtherActor | C::OddActor | C::NoDeps | C::SecondBirth | C::MissingDeps => origins(class, scene, dice),
        C::Compressed | C::CompressedBomb | C::DocumentChunk | C::BundleChunk | C::OddChunk => {
            other_chunks(class, scene, dice)
        }
        C::Truncated | C::Checksum | C::Garbage => broken(class, scene, dice),
        C::RunBombMillion => bomb(scene, 1_000_000 + dice.below(50) as u64),
        C::RunBombTenMillion => bomb(scene, 10_000_000 + dice.below(50) as u64),
        _ => operations(class, scene, dice),
    }
}

fn put(key: &str, value: impl Into<ScalarValue>) -> Op {
    let key = Key::Map(key.into());
    Op { action: OpType::Put(value.into()), obj: ObjectId::Root, key, pred: vec![].into(), insert: false }
}

fn numbers(class: Class, scene: &Scene, dice: &mut Dice) -> Vec<u8> {
    let start = |c: &mut ExpandedChange, n: u64| c.start_op = n.max(1).try_into().expect("not zero");
    scene.twisted(|c| match class {
        Class::SeqGap => c.seq += *dice.pick(&[1, 2, 97, 1_000_000, 1 << 31, 1 << 33, 1 << 40]),
        Class::SeqRepeat => c.seq = dice.between(1, scene.mine as i64) as u64,
        Class::StartReused => {
            let reused = dice.between(1, c.start_op.get() as i64 - 1) as u64;
            start(c, reused);
        }
        Class::StartHigh => start(c, u64::from(u32::MAX) - *dice.pick(&[1, 2, 4, 6, 1_000, 1 << 30])),
        _ => start(c, (1 << dice.between(40, 62)) + dice.below(9) as u64),
    })
}

fn predecessors(class: Class, scene: &Scene, dice: &mut Dice) -> Vec<u8> {
    if class == Class::PredBeyondTable {
        return beyond_table(scene, dice);
    }
    let pred = match class {
        Class::PredUnknownActor => {
            let stranger = ActorId::from(dice.bytes::<16>().as_slice());
            vec![OpId(dice.between(1, 40) as u64, stranger)]
        }
        Class::PredOtherKey => vec![scene.op(dice.pick::<&str>(&["number", "phone", "a.first", "service", "channel"]))],
        Class::PredOwnOp => vec![OpId(scene.expanded().start_op.get() + dice.below(2) as u64, actor(scene.me))],
        Class::PredMissing => {
            let author = *dice.pick(&[scene.me, scene.other]);
            vec![OpId(dice.between(500, 9_000_000) as u64, actor(author))]
        }
        _ => vec![],
    };
    scene.twisted(|c| c.operations[0].pred = pred.into())
}

/// Written as a raw column, because automerge's own encoder cannot be brought to do it.
fn beyond_table(scene: &Scene, dice: &mut Dice) -> Vec<u8> {
    let mut raw = raw(scene, one_put("a.last", "Підробенко"));
    raw.columns.retain(|(specification, _)| *specification != 0x70);
    let literal = |byte: u8| vec![0x7f, byte];
    let beyond = dice.between(1, 60) as u8;
    raw.columns.extend([(0x70, literal(1)), (0x71, literal(beyond)), (0x73, literal(1))]);
    raw.bytes()
}

fn deletions(class: Class, scene: &Scene, dice: &mut Dice) -> Vec<u8> {
    let event = scene.document.values().into_keys().find(|key| key.starts_with("e/")).expect("a record has an event");
    let field = *dice.pick(&["phone", "a.first", "a.rnokpp", "number"]);
    let (key, pred) = match class {
        Class::DeleteWithoutPred => (field.to_owned(), vec![]),
        Class::DeleteEvent => (event.clone(), vec![scene.op(&event)]),
        _ => (field.to_owned(), vec![scene.op(field)]),
    };
    scene.twisted(|c| {
        let action = OpType::Delete;
        let (key, pred) = (Key::Map(key.as_str().into()), pred.into());
        c.operations = vec![Op { action, obj: ObjectId::Root, key, pred, insert: false }];
    })
}

/// The forger's next change with these columns, all else honest.
fn raw(scene: &Scene, columns: Vec<(u64, Vec<u8>)>) -> Raw {
    let honest = scene.expanded();
    Raw {
        deps: honest.deps.iter().map(|dep| dep.0).collect(),
        actor: scene.me,
        seq: unsigned(honest.seq),
        start_op: unsigned(honest.start_op.get()),
        time: honest.time,
        columns,
    }
}

/// The honest spelling of the change that [`spellings`] spells otherwise.
pub fn spelled_honestly(scene: &Scene) -> Vec<u8> {
    raw(scene, one_put("f.y", "так")).bytes()
}

fn spellings(class: Class, scene: &Scene, dice: &mut Dice) -> Vec<u8> {
    let mut raw = raw(scene, one_put("f.y", "так"));
    let honest = scene.expanded();
    match (class, dice.below(4)) {
        (Class::NonCanonicalNumber, 0 | 1) => raw.seq = overlong(honest.seq),
        (Class::NonCanonicalNumber, _) => raw.start_op = overlong(honest.start_op.get()),
        // A literal run of one spelled as a run of one: key, action, metadata, count of replaced operations.
        (_, column) => raw.columns[[0, 2, 3, 5][column]].1[0] = 1,
    }
    raw.bytes()
}

fn bomb(scene: &Scene, rows: u64) -> Vec<u8> {
    raw(scene, many_puts("f.y", rows)).bytes()
}

fn origins(class: Class, scene: &Scene, dice: &mut Dice) -> Vec<u8> {
    if class == Class::SecondBirth {
        let elsewhere = RecordId::from_random(dice.bytes());
        let id = *dice.pick(&[scene.document.id(), elsewhere]);
        let fields = valiza_tests::world::request_fields("9-9", "Друга");
        let (_, bytes) = Document::create(Kind::Request, id, scene.me, 1, &fields).expect("a birth");
        return bytes.into_bytes();
    }
    let odd = ActorId::from(vec![0xdd; *dice.pick(&[1, 4, 15, 17, 32, 100])]);
    let absent = ChangeHash(dice.bytes());
    scene.twisted(|c| match class {
        Class::OtherActor => {
            c.actor_id = actor(scene.other);
            c.seq = scene.others + 1;
        }
        Class::OddActor => c.actor_id = odd,
        Class::NoDeps => c.deps.clear(),
        _ => c.deps = vec![absent],
    })
}

fn operations(class: Class, scene: &Scene, dice: &mut Dice) -> Vec<u8> {
    let pred = |key: &str| vec![scene.op(key)];
    scene.twisted(|c| match class {
        Class::ObjectMissing => {
            c.operations[1].obj = ObjectId::Id(OpId(dice.between(1_000, 90_000) as u64, actor(scene.me)))
        }
        Class::ObjectScalar => {
            c.operations[1].obj = ObjectId::Id(scene.op(dice.pick::<&str>(&["number", "phone", "a.first"])))
        }
        Class::ObjectMade => {
            c.operations[1].action = OpType::Make(*dice.pick(&[ObjType::Map, ObjType::List, ObjType::Text]))
        }
        Class::HugeKey => c.operations = vec![put(&"f.".repeat(30_000 + dice.below(900)), "x")],
        Class::HugeValue => c.operations[1] = put("f.x", "я".repeat(10_000 + dice.below(20_000))),
        Class::UnknownKey => {
            let key = dice.pick(&["a.unknown", "e/0", "f.", "", "A.LAST", "__proto__", "f.Ї", "0"]);
            c.operations[1] = put(key, "x");
        }
        Class::WrittenOnce => {
            let key = dice.pick(&["number", "channel", "submitted", "id", "created"]);
            c.operations = vec![Op { pred: pred(key).into(), ..put(key, "x") }];
        }
        Class::TwiceInOneChange => c.operations.push(put("f.x", "2")),
        Class::ListOnRoot => {
            c.operations[1].key = Key::head();
            c.operations[1].insert = true;
        }
        Class::Increment => {
            let key = dice.pick(&["phone", "a.first", "number"]);
            let action = OpType::Increment(dice.between(1, 9));
            c.operations = vec![Op { action, pred: pred(key).into(), ..put(key, "") }];
        }
        Class::OddValue => c.operations[1].action = OpType::Put(odd_value(dice)),
        Class::OddTime => c.time = *dice.pick(&[-1, i64::MIN, i64::MAX, -86_400_000, 1 << 50]),
        Class::Extra if dice.percent(50) => c.message = Some("привіт".into()),
        Class::Extra => c.extra_bytes = vec![7; 1 + dice.below(90)],
        Class::Rows if dice.percent(50) => c.operations.clear(),
        _ => c.operations = (0..600 + dice.below(900)).map(|n| put(&format!("f.q{n}"), "x")).collect(),
    })
}

fn odd_value(dice: &mut Dice) -> ScalarValue {
    match dice.below(6) {
        0 => ScalarValue::Null,
        1 => ScalarValue::Bytes(dice.bytes::<12>().to_vec()),
        2 => ScalarValue::F64(0.5),
        3 => ScalarValue::counter(5),
        4 => ScalarValue::Timestamp(5),
        _ => ScalarValue::Uint(u64::MAX),
    }
}

/// Megabytes of one letter, deflated once for all tests.
fn inflating(scene: &Scene) -> Vec<u8> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| "a".repeat(BOMB));
    let mut change = scene.expanded();
    change.operations = vec![put("f.y", text.as_str())];
    Change::from(change).bytes().into_owned()
}

/// What the compressed bomb inflates to, in bytes.
pub const BOMB: usize = 16 * 1024 * 1024;

fn other_chunks(class: Class, scene: &Scene, dice: &mut Dice) -> Vec<u8> {
    let bytes = match class {
        Class::Compressed => {
            let mut change = scene.expanded();
            change.operations.push(put("f.z", "слово ".repeat(90 + dice.below(90))));
            Change::from(change).bytes().into_owned()
        }
        Class::CompressedBomb => inflating(scene),
        Class::DocumentChunk => scene.document.save(),
        Class::BundleChunk => {
            let document = Automerge::load(&scene.document.save()).expect("an honest document");
            let changes: Vec<ChangeHash> = document.get_changes(&[]).iter().map(Change::hash).collect();
            document.bundle(changes).expect("an honest bundle").bytes().to_vec()
        }
        _ => framed(dice.between(4, 255) as u8, &scene.honest[10..]),
    };
    let expected = match class {
        Class::Compressed | Class::CompressedBomb => chunk::COMPRESSED,
        Class::DocumentChunk => chunk::DOCUMENT,
        Class::BundleChunk => chunk::BUNDLE,
        _ => bytes[8],
    };
    assert_eq!(bytes[8], expected, "the forgery is of the class");
    bytes
}

fn broken(class: Class, scene: &Scene, dice: &mut Dice) -> Vec<u8> {
    let honest = &scene.honest;
    match class {
        Class::Truncated => honest[..dice.below(honest.len())].to_vec(),
        Class::Checksum => {
            let mut bytes = honest.clone();
            bytes[4 + dice.below(4)] ^= 1 << dice.below(8);
            bytes
        }
        _ => {
            let length = dice.below(400);
            let noise: Vec<u8> = (0..length).map(|_| dice.below(256) as u8).collect();
            match dice.below(3) {
                0 => noise,
                1 => framed(chunk::CHANGE, &noise),
                _ => {
                    // The honest header, then noise.
                    let mut bytes = honest[..honest.len().min(70)].to_vec();
                    bytes.extend(noise);
                    with_checksum(bytes)
                }
            }
        }
    }
}
