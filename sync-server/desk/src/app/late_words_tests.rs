//! What a suitcase in strange hands says of itself, before and after it is revoked: of the report on its loss it takes
//! nothing away, and of the desk's memory it takes what a suitcase may.

use super::testing::{self, Suitcase, Town};
use super::{Doubt, NumberQuery, NumberState, TraceQuery};
use ids::{ReceiptNumber, RecordId};
use peer::{OwnFact, StateOfPeer, Why};

fn says(suitcase: &Suitcase, facts: Vec<OwnFact>) {
    suitcase.peer.act(move |act| facts.iter().try_for_each(|fact| act.own(fact).map(|_| ()))).unwrap();
}

fn void(number: &str) -> OwnFact {
    OwnFact::VoidedNumber { number: number.to_owned(), reason: "зім’ято".into() }
}

fn gave_up(records: &[RecordId]) -> OwnFact {
    OwnFact::Forgotten { at: 1, why: Why::ByHand, records: records.to_vec() }
}

fn people(town: &Town) -> Vec<String> {
    town.desk.lost_report("admin", 7, None).unwrap().people.into_iter().map(|one| one.name).collect()
}

/// As after a restart: everything is read anew.
fn forget_what_was_read(town: &Town) {
    *town.desk.stated.lock().unwrap() = Default::default();
}

/// How many numbers of suitcase 7 are used, void, in doubt.
fn counts(town: &Town) -> [u64; 3] {
    town.desk.numbers("admin", &NumberQuery { suitcase: Some(7), ..Default::default() }).unwrap().counts
}

#[test]
fn what_is_said_after_the_revocation_shortens_no_report_and_voids_no_number() {
    let mut town = testing::town();
    let seven = town.suitcase(7);
    let [first, second, third] = ["Ганна", "Марія", "Олена"].map(|name| seven.record("Коваль", name));
    let skipped = [(); 2].map(|()| seven.peer.act(|act| Ok(act.next_receipt_number()?.to_string())).unwrap());
    let last = seven.record("Коваль", "Яна");
    let state = |at, drafts| OwnFact::State(Box::new(StateOfPeer { at, drafts, ..Default::default() }));
    town.carry_up(&seven);
    let records = [&first, &second, &third].map(|number| town.desk.request_of(number).unwrap());
    // What it said before counts, whoever said it.
    says(&seven, vec![gave_up(&records[..1]), void(&skipped[0]), state(testing::NOON.0, 2)]);
    town.carry_up(&seven);
    let before = ["Коваль Марія", "Коваль Олена", "Коваль Яна"];
    assert_eq!((people(&town), counts(&town)), (before.map(str::to_owned).to_vec(), [4, 1, 1]));

    town.desk.revoke("admin", 7, "викрадено").unwrap();
    let officer = "olena".to_owned();
    let late = [gave_up(&records[1..]), void(&skipped[1]), void(&last), state(testing::NOON.0 * 9, 0)];
    says(&seven, late.into_iter().chain([OwnFact::Recovered { officer, at: 1 }]).collect());
    town.carry_up(&seven);
    for _ in 0..2 {
        assert_eq!((people(&town), counts(&town)), (before.map(str::to_owned).to_vec(), [4, 1, 1]));
        let report = town.desk.lost_report("admin", 7, None).unwrap();
        assert_eq!((report.records, report.given_up, report.drafts), (3, 1, Some(2)));
        assert!(report.unknown_after.unwrap() <= testing::NOON.0, "{:?}", report.unknown_after);
        assert_eq!(report.void.len(), 1);
        assert_eq!((report.late_given_up, report.late_void), (2, 2), "told as what it is");
        assert_eq!(report.doubtful, [skipped[1].rsplit_once('-').unwrap().0]);
        let numbers = town.desk.numbers("admin", &NumberQuery::default()).unwrap().rows;
        let doubts = numbers.iter().find(|row| row.number == report.doubtful[0]).map(|row| row.doubts.as_slice());
        assert_eq!(doubts, Some(&[Doubt::Skipped, Doubt::VoidTooLate][..]));
        let rows = town.desk.traces("admin", &TraceQuery { size: 500, ..Default::default() }).unwrap().rows;
        assert!(rows.iter().all(|row| row.trace.what != "recovered"), "nobody knows who says so");
        forget_what_was_read(&town);
    }
}

#[test]
fn what_a_suitcase_repeats_or_makes_up_takes_no_memory() {
    let mut town = testing::town();
    let seven = town.suitcase(7);
    let number = seven.record("Коваль", "Ганна");
    let skipped = seven.peer.act(|act| Ok(act.next_receipt_number()?.to_string())).unwrap();
    town.carry_up(&seven);
    let record = town.desk.request_of(&number).unwrap();
    let strangers: Vec<RecordId> = (0..200_u8).map(|n| RecordId::from_bytes([n; 16])).collect();
    let recovered = |at| OwnFact::Recovered { officer: "olena".into(), at };
    says(&seven, (0..600).map(recovered).collect());
    says(&seven, (0..50).map(|_| void(&skipped)).chain([gave_up(&strangers), gave_up(&[record])]).collect());
    town.carry_up(&seven);
    let stated = town.desk.stated().unwrap();
    let of_it = &stated[&seven.peer.chain()];
    assert_eq!((of_it.voided.len(), of_it.forgotten.len(), of_it.recovered.len()), (1, 1, 100));
    assert_eq!(of_it.recovered.iter().last().unwrap().2, 599, "the newest are kept");
}

#[test]
fn of_many_entries_set_aside_some_are_opened_and_the_rest_is_told() {
    let mut town = testing::town();
    let seven = town.suitcase(7);
    town.carry_up(&seven);
    town.desk.revoke("admin", 7, "викрадено").unwrap();
    (0..203).for_each(|_| drop(seven.record("Коваль", "Ганна")));
    town.carry_up(&seven);
    let found = town.desk.numbers("admin", &NumberQuery::default()).unwrap();
    assert_eq!((found.counts, found.not_opened), ([0, 0, 200], vec![(7, 3)]));
    let eight = town.desk.numbers("admin", &NumberQuery { suitcase: Some(8), ..Default::default() }).unwrap();
    assert_eq!(eight.not_opened, []);
}

#[test]
fn many_numbers_that_were_skipped_in_a_row_are_one_line_of_the_report() {
    let mut town = testing::town();
    let seven = town.suitcase(7);
    seven.record("Коваль", "Ганна");
    let jump = |number: ReceiptNumber| ReceiptNumber::new(number.suitcase(), number.date(), 999, [1, 2]).unwrap();
    let far = seven.record_as(("Гук", "Степан"), None, jump);
    // Nobody speaks for another suitcase's numbers.
    says(&seven, vec![void(&ReceiptNumber::new(8, (2026, 11, 21), 700, [1, 2]).unwrap().to_string())]);
    town.carry_up(&seven);
    let day = far.split('-').nth(1).unwrap();
    assert_eq!(town.desk.lost_report("admin", 7, None).unwrap().doubtful, [format!("7-{day}-002…998")]);
    let rows = town.desk.numbers("admin", &NumberQuery { state: Some(NumberState::Doubtful), ..Default::default() });
    assert!(rows.unwrap().rows.iter().any(|row| row.number == format!("7-{day}-002…998")));
}
