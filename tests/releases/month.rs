//! Thirty days over a new year, three releases, twenty suitcases, some of them three weeks without a network: each
//! request carries the fee that is right on its day, as far as its suitcase could know.

use crate::community::{SERVICE, next, of_suitcase, publish, take_request, tell, today, with_2027};
use jiff::civil::{Date, date};
use peer::{Filter, OwnFact};
use records::view::RequestView;
use std::collections::BTreeMap;
use std::time::Duration;
use valiza_tests::world::{Member, World};

const DAYS: usize = 30;
const SUITCASES: u16 = 20;
const FIRST: Date = date(2026, 12, 10);

/// Day of publication, number, first day in force.
const PUBLISHED: [(Date, u32, Date); 3] = [
    (date(2026, 12, 12), 2, date(2026, 12, 20)), // the share of the base: 1,5 → 2 %
    (date(2026, 12, 18), 3, date(2027, 1, 1)),   // the base of 2027: 3 500,00
    (date(2027, 1, 4), 4, date(2027, 1, 6)),     // corrected: 3 600,00
];

/// What a release gives on a day, reckoned by hand: 3 328,00 is the base of 2026, and before release 3 nobody knows that
/// of 2027.
fn fee(release: u32, day: Date) -> Option<i64> {
    match (release, day.year()) {
        (1, 2026) => Some(4_992),
        (2 | 3, 2026) => Some(6_656),
        (3, 2027) => Some(7_000),
        (4, 2027) => Some(7_200),
        _ => None,
    }
}

/// Whether a suitcase has a network on the evening of a day, counted from 0.
fn meets(suitcase: u16, day: usize) -> bool {
    match suitcase {
        0..=4 => true,
        5..=9 => day.is_multiple_of(3),
        10..=13 => day % 7 == usize::from(suitcase) % 7,
        14..=16 => !(9..30).contains(&day),
        17..=18 => !(2..23).contains(&day),
        _ => day == 0,
    }
}

fn publish_what_is_due(world: &World) {
    let desk = world.desk.peer();
    let day = today(world);
    let Some((_, number, from)) = PUBLISHED.into_iter().find(|(published, ..)| *published == day) else { return };
    let from = from.to_string();
    let source = match number {
        2 => {
            let good = "\"usual\": {\"percent\": \"1.5\", \"of\": \"PM_WORKING\"}";
            let bad = "\"usual\": {\"percent\": \"2\", \"of\": \"PM_WORKING\"}";
            next(desk, &from, "services/residence.json", good, bad)
        }
        3 => with_2027(desk, &from, "3500.00"),
        _ => next(desk, &from, catalogue::FRAME, "\"3500.00\"", "\"3600.00\""),
    };
    assert_eq!(source.check().expect("good files").release().number, number);
    publish(world, &source);
}

#[test]
fn each_request_carries_the_fee_of_its_day() {
    let mut world = World::new();
    world.clock.advance(Duration::from_secs(19 * 86_400));
    assert_eq!(today(&world), FIRST);
    let suitcases: Vec<Member> = (0..SUITCASES).map(|number| world.suitcase(number + 1)).collect();
    world.exchange(world.desk.peer()).expect("the desk reaches the hub");
    // As the programs do: folded when the register has grown.
    let mut here: Vec<_> = suitcases.iter().map(|member| of_suitcase(member.peer())).collect();
    let mut last_contact = BTreeMap::new();
    let mut expected: BTreeMap<String, (u32, Option<i64>)> = BTreeMap::new();
    for day in 0..DAYS {
        let now = today(&world);
        for (suitcase, member) in (0..SUITCASES).zip(&suitcases) {
            let known = |published: Date| last_contact.get(&suitcase).is_some_and(|contact| published <= *contact);
            let usable = PUBLISHED.iter().filter(|(published, _, from)| known(*published) && *from <= now);
            let release = usable.map(|(_, number, _)| *number).max().unwrap_or(1);
            let number = format!("{}-{day}", suitcase + 1);
            let taken = take_request(&world, member.peer(), &here[usize::from(suitcase)], &number);
            assert_eq!(taken, (release, fee(release, now)), "suitcase {suitcase} on {now}");
            expected.insert(number, taken);
        }
        publish_what_is_due(&world);
        for (suitcase, member) in (0..SUITCASES).zip(&suitcases).filter(|(suitcase, _)| meets(*suitcase, day)) {
            world.exchange(member.peer()).expect("the suitcase reaches the hub");
            here[usize::from(suitcase)] = of_suitcase(member.peer());
            last_contact.insert(suitcase, now);
        }
        world.clock.advance(Duration::from_secs(86_400));
    }
    those_without_a_network_were_right_and_wrong_where_they_had_to_be(&expected);
    everything_arrives(&world, &suitcases, &expected);
}

fn those_without_a_network_were_right_and_wrong_where_they_had_to_be(all: &BTreeMap<String, (u32, Option<i64>)>) {
    let on = |suitcase: u16, day: usize| all[&format!("{}-{day}", suitcase + 1)];
    // Last met on 18 December, when the release of 1 January had just been published: it came into force without a network.
    assert_eq!(on(14, 21), (2, Some(6_656)), "31 December");
    assert_eq!(on(14, 22), (3, Some(7_000)), "1 January, two weeks without a network");
    assert_eq!(on(14, 29), (3, Some(7_000)), "8 January: the correction is not known there");
    assert_eq!(on(0, 29), (4, Some(7_200)), "8 January, with a network");
    // Without a network from 12 December to 1 January: it never says last year's fee for this year.
    assert_eq!(on(17, 21), (1, Some(4_992)), "31 December: what it could know");
    assert_eq!(on(17, 22), (1, None), "1 January: to be confirmed");
    assert_eq!(on(17, 24), (3, Some(7_000)), "3 January: back since yesterday");
    assert_eq!(on(19, 29), (1, None), "a month without a network");
}

fn everything_arrives(world: &World, suitcases: &[Member], expected: &BTreeMap<String, (u32, Option<i64>)>) {
    for member in suitcases {
        world.exchange(member.peer()).expect("back at the centre");
        assert_eq!(of_suitcase(member.peer()).all().len(), 4);
        tell(member.peer());
        world.exchange(member.peer()).expect("what it has is told");
    }
    world.centre();
    let desk = world.desk.peer();
    let rows = desk.read(|view| view.list(&Filter::default(), Default::default(), 0, 1_000)).expect("rows");
    assert_eq!(rows.len(), expected.len());
    for row in rows {
        let document = desk.read(|view| view.document(row.record)).expect("a document");
        let view = RequestView::read(&document, &|_| false);
        let kept = (view.release.text().parse().expect("a number"), view.fee.int());
        let number = row.number.expect("a number");
        assert_eq!((view.service.text(), kept), (SERVICE, expected[&number]), "{number}");
    }
    for member in suitcases {
        let facts = desk.read(|view| view.facts(member.peer().chain(), 0)).expect("own facts");
        let taken = facts.iter().filter(|(_, fact)| matches!(fact, OwnFact::ReleaseTaken { .. })).count();
        assert_eq!(taken, 3, "the centre knows who has which");
    }
}
