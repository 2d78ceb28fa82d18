//! A record that does not read is named in a list, and ends none.

use super::testing::{self, Suitcase, Town};
use super::{Answer, How, JournalQuery, Match, Unread};

/// Three requests of Ганна Коваль on suitcase 7; the second does not read at the centre.
fn damaged() -> (Town, Suitcase, [String; 3]) {
    let mut town = testing::town();
    let seven = town.suitcase(7);
    let numbers = ["1990-01-02"; 3].map(|born| {
        let number = seven.record("Коваль", "Ганна");
        seven.correct(&number, "a.dob", born);
        number
    });
    town.carry_up(&seven);
    lose_key(&town, &numbers[1]);
    (town, seven, numbers)
}

fn lose_key(town: &Town, number: &str) {
    let record = town.desk.request_of(number).unwrap();
    town.desk.write_for_test(move |act| {
        let lose = "DELETE FROM record_key WHERE record = ?1";
        Ok(act.connection().execute(lose, [record.as_bytes()]).map(|_| ())?)
    });
    assert!(town.desk.peer.read(|view| view.document(record)).is_err());
}

#[test]
fn the_report_on_a_lost_suitcase_names_what_does_not_read() {
    let (town, _seven, numbers) = damaged();
    let report = town.desk.lost_report("admin", 7, None).unwrap();
    assert_eq!((report.people.len(), report.records), (1, 3));
    assert_eq!(report.people[0].requests, [numbers[0].clone(), numbers[2].clone()]);
    assert_eq!(report.unread.iter().map(Unread::name).collect::<Vec<_>>(), numbers[1..2]);
}

#[test]
fn an_erasures_plan_names_what_does_not_read_and_offers_it_by_its_row() {
    let (town, _seven, numbers) = damaged();
    for (asked, sure) in [(0, [0, 2].as_slice()), (1, &[1])] {
        let plan = town.desk.erasure_plan("admin", &numbers[asked]).unwrap();
        let is = |wanted| plan.records.iter().filter(move |one| one.sure == wanted).map(|one| one.row.number.clone());
        let mut found: Vec<_> = is(Match::Sure).flatten().collect();
        found.sort();
        assert_eq!(found, sure.iter().map(|at| numbers[*at].clone()).collect::<Vec<_>>());
        assert_eq!(is(Match::Perhaps).count(), 3 - sure.len(), "of one name, and nothing tells more");
        assert_eq!(plan.unread.iter().map(Unread::name).collect::<Vec<_>>(), numbers[1..2]);
    }
}

#[test]
fn lists_go_on_without_it_and_files_say_what_they_would_leave_out() {
    let (town, _seven, numbers) = damaged();
    let mut taken = Vec::new();
    let exported = town.desk.export("admin", "/srv/out", |one| {
        taken.push(one.name);
        Ok(())
    });
    let (count, unread) = exported.unwrap();
    assert_eq!((count, unread.iter().map(Unread::name).collect::<Vec<_>>()), (2, numbers[1..2].to_vec()));
    assert_eq!(taken.len(), 2);
    // What was registered before it was damaged stands in the journal.
    let mut town = testing::town();
    let seven = town.suitcase(7);
    let numbers = ["Ганна", "Марія"].map(|first| seven.record("Коваль", first));
    town.carry_up(&seven);
    for number in &numbers {
        town.desk.answer("admin", number, Answer::Number(None)).unwrap();
    }
    lose_key(&town, &numbers[0]);
    let page = town.desk.journal("admin", &JournalQuery::default(), How::Journal).unwrap();
    assert_eq!(page.rows.iter().map(|row| row.number.clone()).collect::<Vec<_>>(), numbers[1..]);
    assert_eq!(page.unread.iter().map(Unread::name).collect::<Vec<_>>(), numbers[..1]);
    let file = town.desk.open_data("admin", &JournalQuery::default(), 100).unwrap_err();
    assert!(file.sentence.uk.contains(&numbers[0]), "{file:?}");
}

#[test]
fn what_may_belong_to_a_request_that_does_not_read_stays_where_it_is() {
    let (town, seven, numbers) = damaged();
    let other = town.desk.request_of(&numbers[2]).unwrap().to_string();
    seven.correct(&numbers[0], "a.resident", &other);
    town.carry_up(&seven);
    assert_eq!(town.desk.take_back("admin", &numbers[0], 7, "закрито", "").unwrap(), 1);
}
