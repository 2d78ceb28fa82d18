//! The other side of the gate: nothing that our own programs write is refused.

use crate::scene::{AT, write};
use automerge::{Change, ChangeHash};
use ids::{ChainId, RecordId};
use records::body::Body;
use records::{Document, Edit, Gate, Kind};
use std::collections::{BTreeMap, HashMap};
use valiza_tests::invented::{Dice, TRAINING, UNSEEN, corpus};

/// All records of the corpus, each from its changes, every one through the gate; and how many passed.
fn through_the_gate() -> (BTreeMap<RecordId, Document>, usize) {
    let mut records: BTreeMap<RecordId, Document> = BTreeMap::new();
    let mut record_of: HashMap<ChangeHash, RecordId> = HashMap::new();
    let mut passed = 0;
    let samples = [corpus(&TRAINING, 12, 41), corpus(&UNSEEN, 12, 42)].concat();
    for sample in samples {
        let body = Body::decode(&sample.body).expect("our own body");
        let change = Change::try_from(body.change.as_slice()).expect("our own change");
        let actor = ChainId::from_bytes(change.actor_id().to_bytes().try_into().expect("16 bytes"));
        let record = change.deps().first().map_or_else(|| born_in(&body.change), |dep| record_of[dep]);
        record_of.insert(change.hash(), record);
        let document = records.entry(record).or_insert_with(|| body.new_document(record));
        let admitted = Gate::admit(document, body.kind, actor, &body.change);
        let admitted = admitted.unwrap_or_else(|refusal| panic!("{:?} refused: {refusal}", sample.change));
        document.apply(admitted).expect("an admitted change applies");
        passed += 1;
    }
    (records, passed)
}

fn born_in(change: &[u8]) -> RecordId {
    let edits = Gate::peek(change).expect("our own change");
    let id = edits.iter().find(|edit| edit.key == "id").and_then(|edit| edit.value.as_text());
    id.expect("a birth says its id").parse().expect("an id")
}

/// One of those who write a record at the same time.
struct Replica {
    chain: ChainId,
    document: Document,
    /// Changes of others that have not been taken yet, in an order of their own.
    inbox: Vec<(ChainId, Vec<u8>)>,
}

/// An edit as people make them: a correction, a note, a new answer, the choice of one of several values.
fn some_edits(document: &Document, dice: &mut Dice) -> Vec<Edit> {
    let mut edits = vec![match dice.below(6) {
        0 => Edit::new("phone", format!("+38067{:07}", dice.below(10_000_000))),
        1 => Edit::new("a.last", *dice.pick(&["Коваль", "Ковальчук", "Коваленко", "Гук"])),
        2 => Edit::new("summary", *dice.pick(&["Просить призначити", "Просить поновити", ""])),
        3 => Edit::new(format!("f.q{}", dice.below(4)), dice.below(3).to_string()),
        4 => Edit::new("f.yes", dice.percent(50)),
        _ => Edit::new("fee", dice.between(0, 5)),
    }];
    let differing: Vec<Edit> = document
        .values()
        .into_iter()
        .filter(|(_, values)| values.len() > 1)
        .map(|(key, values)| Edit { key, value: dice.pick(&values).value.clone() })
        .collect();
    if !differing.is_empty() && dice.percent(60) {
        edits = vec![dice.pick(&differing).clone()];
    }
    edits
}

/// Takes what can be taken now; gives back how many changes passed.
fn take_some(replica: &mut Replica, all: bool, dice: &mut Dice) -> usize {
    let (mut passed, mut refused_in_a_row) = (0, 0);
    while !replica.inbox.is_empty() && refused_in_a_row <= replica.inbox.len() {
        if !all && dice.percent(30) {
            break;
        }
        let place = dice.below(replica.inbox.len());
        let (by, bytes) = replica.inbox.remove(place);
        match Gate::admit(&replica.document, Kind::Request, by, &bytes) {
            Ok(admitted) => {
                replica.document.apply(admitted).expect("an admitted change applies");
                (passed, refused_in_a_row) = (passed + 1, 0);
            }
            Err(refusal) if refusal.is_waiting() => {
                replica.inbox.push((by, bytes));
                // Another one first; at the end the order is drawn until it fits.
                refused_in_a_row = if all { 0 } else { refused_in_a_row + 1 };
            }
            Err(refusal) => panic!("an honest change was refused: {refusal}"),
        }
    }
    passed
}

/// Three people edit one record at once for some rounds; everything reaches everybody, in any order.
fn concurrently(document: &Document, dice: &mut Dice) -> usize {
    let mut replicas: Vec<Replica> = (0..3)
        .map(|_| {
            let chain = ChainId::from_random(dice.bytes());
            Replica { chain, document: document.clone(), inbox: Vec::new() }
        })
        .collect();
    let mut passed = 0;
    for _ in 0..4 {
        for writer in 0..replicas.len() {
            let replica = &mut replicas[writer];
            passed += take_some(replica, false, dice);
            let edits = some_edits(&replica.document, dice);
            let Ok(Some(change)) = replica.document.edit(replica.chain, AT, &edits) else { continue };
            let sent = (replica.chain, change.into_bytes());
            let others = replicas.iter_mut().enumerate().filter(|(place, _)| *place != writer);
            others.for_each(|(_, other)| other.inbox.push(sent.clone()));
        }
    }
    for replica in &mut replicas {
        passed += take_some(replica, true, dice);
        assert!(replica.inbox.is_empty());
    }
    assert!(replicas.windows(2).all(|pair| pair[0].document.heads() == pair[1].document.heads()));
    passed
}

#[test]
fn an_honest_corpus_passes_whole() {
    let (records, alone) = through_the_gate();
    let mut dice = Dice::new(43);
    let requests = records.values().filter(|document| document.kind() == Kind::Request).take(120);
    let together: usize = requests.map(|document| concurrently(document, &mut dice)).sum();
    println!("{alone} changes of {} records one after the other, {together} concurrent: all passed", records.len());
    assert!(alone >= 2_000, "{alone}");
    assert!(together >= 2_000, "{together}");
}

/// Choosing the value that already wins is spelled as a deletion, which the gate must not take for one.
#[test]
fn the_choice_of_the_winning_value_passes() {
    let mut seen_deletions = 0;
    for seed in 0..12u8 {
        let scene = crate::scene::Scene::invented(seed * 2 + 1);
        let values = scene.written("a.last");
        assert_eq!(values.len(), 2, "a conflict");
        let mut chooser = scene.document.clone();
        let edit = Edit { key: "a.last".into(), value: values[0].value.clone() };
        let choice = write(&mut chooser, scene.me, &[edit]);
        let parts = Change::try_from(choice.as_bytes()).expect("our own change").decode();
        seen_deletions += parts.operations.iter().filter(|op| op.action == automerge::legacy::OpType::Delete).count();
        let mut reader = scene.document.clone();
        crate::scene::take(&mut reader, scene.me, choice.as_bytes());
        assert_eq!(reader.heads(), chooser.heads());
    }
    assert!(seen_deletions > 0, "the test tries what it says");
}
