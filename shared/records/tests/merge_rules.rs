//! Every field of every kind in pairs of concurrent actions, against the rule its table line names.
#![allow(clippy::unwrap_used)] // a test may fail in its helpers, too

use ids::{ChainId, RecordId};
use records::document::DocumentError;
use records::schema::{self, Field, Key, Rule, Shape};
use records::view::{ConsultationView, Register, Registers, RequestView, ResidentView, VisitView};
use records::{ChangeBytes, Document, Edit, Gate, Kind, Value, merge_rules};

const ANNA: ChainId = ChainId::from_bytes([0xaa; 16]);
const BORYS: ChainId = ChainId::from_bytes([0xbb; 16]);
const DESK: ChainId = ChainId::from_bytes([0x0d; 16]);
const DESK2: ChainId = ChainId::from_bytes([0xdd; 16]);
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/merge-rules.md");

fn is_desk(chain: ChainId) -> bool {
    chain == DESK || chain == DESK2
}

#[test]
fn the_page_is_the_table() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    assert!(
        page == merge_rules::markdown(),
        "docs/merge-rules.md is not what the schema says: write it anew (its head says how)"
    );
}

#[test]
#[ignore = "writes docs/merge-rules.md"]
fn write_the_page() {
    std::fs::write(PAGE, merge_rules::markdown()).unwrap();
}

/// One replica.
#[derive(Clone)]
struct Replica {
    actor: ChainId,
    document: Document,
}

impl Replica {
    fn write(&mut self, at: i64, key: &str, value: &Value) -> ChangeBytes {
        self.try_write(at, key, value).unwrap().expect("the edit changes something")
    }

    fn try_write(&mut self, at: i64, key: &str, value: &Value) -> Result<Option<ChangeBytes>, DocumentError> {
        self.document.edit(self.actor, at, &[Edit { key: key.into(), value: value.clone() }])
    }

    fn take(&mut self, from: ChainId, change: &ChangeBytes) {
        let admitted = Gate::admit(&self.document, self.document.kind(), from, change.as_bytes())
            .unwrap_or_else(|e| panic!("{e}"));
        self.document.apply(admitted).unwrap();
    }

    fn registers(&self) -> Registers {
        match self.document.kind() {
            Kind::Request => RequestView::read(&self.document, &is_desk).registers,
            Kind::Visit => VisitView::read(&self.document, &is_desk).registers,
            Kind::Resident => ResidentView::read(&self.document, &is_desk).registers,
            Kind::Consultation => ConsultationView::read(&self.document, &is_desk).registers,
        }
    }

    fn register(&self, key: &str) -> Register {
        self.registers().register(key)
    }
}

/// A record that three replicas hold, with a first value of the field where it can have one.
fn world(kind: Kind, field: &Field) -> [Replica; 3] {
    let first = match kind {
        Kind::Request => "accepted",
        Kind::Visit => "requested",
        Kind::Resident | Kind::Consultation => "created",
    };
    let mut fields = vec![Edit::new("e/00000000000aa", format!("1|{first}||anna||"))];
    if matches!(field.rule, Rule::KeepBothAndAsk | Rule::DecisionBeatsEdit) {
        fields.push(Edit { key: key_of(field, 0), value: sample(field, 0) });
    }
    let id = RecordId::from_random([3; 16]);
    let (document, birth) = Document::create(kind, id, ANNA, 1_000, &fields).unwrap();
    let [borys, desk] = [BORYS, DESK].map(|actor| {
        let mut replica = Replica { actor, document: Document::empty(kind, id) };
        replica.take(ANNA, &birth);
        replica
    });
    [Replica { actor: ANNA, document }, borys, desk]
}

fn key_of(field: &Field, place: u8) -> String {
    match field.key {
        Key::One(key) => key.to_owned(),
        Key::Named(prefix) => format!("{prefix}sample"),
        Key::Entries(prefix) => format!("{prefix}00000000000{}{}", place % 10, place / 10),
    }
}

fn sample(field: &Field, number: u8) -> Value {
    match field.shape {
        Shape::Text(max) => Value::from(["m", "f", "x", "y"][usize::from(number)].repeat(max.min(5))),
        Shape::Answer => Value::from(format!("відповідь {number}")),
        Shape::Int => Value::from(i64::from(number)),
        // There are only two: the first value is one of them, both later ones the other.
        Shape::Bool => Value::from(number > 0),
    }
}

fn values(register: &Register) -> Vec<Value> {
    let mut values: Vec<Value> = register.values.iter().map(|written| written.value.clone()).collect();
    values.sort();
    values
}

/// Two replicas exchange one change each, in both orders with a third.
fn exchange(a: &mut Replica, by_a: &ChangeBytes, b: &mut Replica, by_b: &ChangeBytes) {
    a.take(b.actor, by_b);
    b.take(a.actor, by_a);
    assert_eq!(a.document.heads(), b.document.heads());
    assert_eq!(a.registers(), b.registers());
}

fn each_field(rule: Rule, check: impl Fn(Kind, &'static Field)) {
    let mut lines = 0;
    for kind in Kind::ALL {
        for field in schema::table(kind).filter(|field| field.rule == rule) {
            check(kind, field);
            lines += 1;
        }
    }
    assert!(lines > 0, "{rule:?} rules no field");
}

fn both_values_are_kept_until_a_person_chooses(kind: Kind, field: &Field) {
    let key = key_of(field, 0);
    let [mut anna, mut borys, mut desk] = world(kind, field);
    let (x, y) = (sample(field, 1), sample(field, 2));
    let by_anna = anna.write(5_000, &key, &x);
    let by_borys = borys.write(2_000, &key, &y);
    desk.take(BORYS, &by_borys);
    desk.take(ANNA, &by_anna);
    exchange(&mut anna, &by_anna, &mut borys, &by_borys);
    assert_eq!(desk.registers(), anna.registers(), "{key}");
    let mut both = vec![x.clone(), y.clone()];
    both.dedup();
    both.sort();
    assert_eq!(values(&anna.register(&key)), both, "{key}");
    assert_eq!(anna.registers().differences().len(), both.len() - 1, "{key}");
    if both.len() == 1 {
        return;
    }
    for chosen in both {
        let (mut here, mut there) = (desk.clone(), anna.clone());
        let choice = here.write(9_000, &key, &chosen);
        there.take(DESK, &choice);
        assert_eq!(values(&there.register(&key)), [chosen], "{key}");
        assert_eq!(here.registers(), there.registers());
        assert!(there.registers().differences().is_empty());
    }
}

#[test]
fn keep_both_and_ask() {
    each_field(Rule::KeepBothAndAsk, both_values_are_kept_until_a_person_chooses);
}

#[test]
fn the_same_value_twice_is_no_difference() {
    for rule in [Rule::KeepBothAndAsk, Rule::DecisionBeatsEdit] {
        each_field(rule, |kind, field| {
            let key = key_of(field, 0);
            let [mut anna, mut borys, _] = world(kind, field);
            let x = sample(field, 1);
            let (by_anna, by_borys) = (anna.write(2_000, &key, &x), borys.write(3_000, &key, &x));
            exchange(&mut anna, &by_anna, &mut borys, &by_borys);
            assert_eq!(values(&anna.register(&key)), [x], "{key}");
            assert!(anna.registers().differences().is_empty(), "{key}");
        });
    }
}

#[test]
fn append_only_and_counter() {
    for rule in [Rule::AppendOnly, Rule::Counter] {
        each_field(rule, |kind, field| {
            let [mut anna, mut borys, _] = world(kind, field);
            let (one, two) = (key_of(field, 1), key_of(field, 2));
            let by_anna = anna.write(2_000, &one, &sample(field, 1));
            let by_borys = borys.write(2_000, &two, &sample(field, 1));
            exchange(&mut anna, &by_anna, &mut borys, &by_borys);
            let Key::Entries(prefix) = field.key else { panic!("entries lie under ids of their own") };
            let held = anna.registers();
            let born = usize::from(prefix == "e/");
            assert_eq!(held.family(prefix).count(), 2 + born, "{prefix}");
            for key in [&one, &two] {
                assert_eq!(anna.try_write(3_000, key, &sample(field, 2)), Err(DocumentError::Forbidden(key.clone())));
                assert_eq!(anna.try_write(3_000, key, &Value::from("")), Err(DocumentError::Forbidden(key.clone())));
            }
        });
    }
}

#[test]
fn fixed_at_birth() {
    each_field(Rule::FixedAtBirth, |kind, field| {
        let [mut anna, _, mut desk] = world(kind, field);
        let key = key_of(field, 0);
        for replica in [&mut anna, &mut desk] {
            assert_eq!(
                replica.try_write(2_000, &key, &sample(field, 1)),
                Err(DocumentError::Forbidden(key.clone())),
                "{key}"
            );
        }
    });
}

#[test]
fn first_proven_wins() {
    each_field(Rule::FirstProvenWins, |kind, field| {
        let key = key_of(field, 0);
        let [mut anna, _, mut desk] = world(kind, field);
        let mut desk2 = Replica { actor: DESK2, ..desk.clone() };
        // The earlier of two given by the centre stands, whatever automerge prefers.
        let late = desk2.write(8_000, &key, &sample(field, 2));
        let early = desk.write(4_000, &key, &sample(field, 1));
        exchange(&mut desk, &early, &mut desk2, &late);
        assert_eq!(desk.register(&key).value(), Some(&sample(field, 1)));
        assert_eq!(desk.registers().differences().len(), 1);
        let choice = desk.write(9_000, &key, &sample(field, 2));
        desk2.take(DESK, &choice);
        assert_eq!(values(&desk2.register(&key)), [sample(field, 2)]);
        // Once given it stays.
        assert_eq!(desk.try_write(9_500, &key, &sample(field, 3)), Err(DocumentError::Forbidden(key.clone())));
        // What a suitcase wrote never stands before the centre's, however early its clock.
        let [_, mut borys, mut centre] = world(kind, field);
        let by_borys = borys.write(10, &key, &sample(field, 1));
        let by_desk = centre.write(7_000, &key, &sample(field, 2));
        exchange(&mut borys, &by_borys, &mut centre, &by_desk);
        assert_eq!(centre.register(&key).value(), Some(&sample(field, 2)));
        anna.take(BORYS, &by_borys);
        assert_eq!(anna.register(&key).value(), Some(&sample(field, 1)));
    });
}

#[test]
fn decision_beats_edit_while_nothing_is_decided() {
    each_field(Rule::DecisionBeatsEdit, both_values_are_kept_until_a_person_chooses);
}

const DECISION: &str = "e/00000000000dd";

fn decide(desk: &mut Replica) -> ChangeBytes {
    desk.write(4_000, DECISION, &Value::from("4000|refused|00000000000aa|desk||без підстав"))
}

#[test]
fn decision_beats_an_edit_that_had_not_seen_it() {
    each_field(Rule::DecisionBeatsEdit, |kind, field| {
        let key = key_of(field, 0);
        let [mut anna, _, mut desk] = world(kind, field);
        let by_anna = anna.write(9_000, &key, &sample(field, 1));
        let by_desk = decide(&mut desk);
        exchange(&mut anna, &by_anna, &mut desk, &by_desk);
        a_proposal_is_accepted_or_declined(field, &anna, &desk);
    });
}

#[test]
fn decision_beats_an_edit_that_came_after_it() {
    each_field(Rule::DecisionBeatsEdit, |kind, field| {
        let key = key_of(field, 0);
        let [mut anna, _, mut desk] = world(kind, field);
        let by_desk = decide(&mut desk);
        anna.take(DESK, &by_desk);
        let by_anna = anna.write(9_000, &key, &sample(field, 1));
        desk.take(ANNA, &by_anna);
        a_proposal_is_accepted_or_declined(field, &anna, &desk);
    });
}

fn a_proposal_is_accepted_or_declined(field: &Field, anna: &Replica, desk: &Replica) {
    let key = key_of(field, 0);
    let (standing, proposed) = (sample(field, 0), sample(field, 1));
    for replica in [anna, desk] {
        let register = replica.register(&key);
        assert_eq!(values(&register), std::slice::from_ref(&standing), "{key}");
        assert_eq!(register.proposals.iter().map(|w| &w.value).collect::<Vec<_>>(), [&proposed], "{key}");
        let differences = replica.registers().differences();
        assert!(differences.len() == 1 && differences[0].is_proposal, "{key}");
    }
    let resolved = Edit::new("e/00000000000ee", format!("9500|resolved|00000000000dd|desk|{key}|"));
    for chosen in [standing, proposed] {
        let (mut here, mut there) = (desk.clone(), anna.clone());
        let edits = [Edit { key: key.clone(), value: chosen.clone() }, resolved.clone()];
        let choice = here.document.edit(DESK, 9_500, &edits).unwrap().unwrap();
        there.take(DESK, &choice);
        assert_eq!(here.registers(), there.registers());
        assert_eq!(values(&there.register(&key)), [chosen], "{key}");
        assert!(there.registers().differences().is_empty(), "{key}");
        // What the suitcase writes after the choice is a new proposal.
        there.write(
            9_900,
            &key,
            &if field.shape == Shape::Bool { Value::from(!there.register(&key).yes()) } else { sample(field, 3) },
        );
        assert_eq!(there.register(&key).proposals.len(), 1, "{key}");
    }
}

#[test]
fn work_done_before_the_decision_stands() {
    each_field(Rule::DecisionBeatsEdit, |kind, field| {
        let key = key_of(field, 0);
        let [mut anna, _, mut desk] = world(kind, field);
        let by_anna = anna.write(2_000, &key, &sample(field, 1));
        desk.take(ANNA, &by_anna);
        let by_desk = decide(&mut desk);
        anna.take(DESK, &by_desk);
        assert_eq!(values(&anna.register(&key)), [sample(field, 1)], "{key}");
        assert!(anna.registers().differences().is_empty());
    });
}
