//! The fold: same events, same state; contests; what is ignored and why.

use proptest::prelude::*;

use super::*;

fn seen(id: &str, at: i64, code: &str, prev: &str, by_desk: bool) -> Seen {
    let event =
        Event { at, code: code.into(), prev: prev.into(), by: "x".into(), about: String::new(), reason: String::new() };
    Seen { id: id.into(), event, by_desk }
}

fn because(mut seen: Seen, reason: &str) -> Seen {
    seen.event.reason = reason.into();
    seen
}

fn about(mut seen: Seen, about: &str) -> Seen {
    seen.event.about = about.into();
    seen
}

fn request(events: Vec<Seen>) -> StateLog<RequestState> {
    derive(events)
}

fn fate(log: &StateLog<RequestState>, id: &str) -> Fate<RequestState> {
    log.events.iter().find(|event| event.id == id).unwrap().fate
}

#[test]
fn the_ordinary_way() {
    let mut events = vec![seen("a", 1, "accepted", "", false)];
    let way = ["registered", "in_work", "asked", "supplemented", "handed_over", "ready", "delivered"];
    let states = [
        RequestState::Registered,
        RequestState::InWork,
        RequestState::Asked,
        RequestState::Supplemented,
        RequestState::HandedOver,
        RequestState::Ready,
        RequestState::Delivered,
    ];
    for (step, (code, state)) in (2i64..).zip(way.into_iter().zip(states)) {
        let prev = events.last().unwrap().id.clone();
        events.push(seen(&format!("e{step}"), step, code, &prev, code != "supplemented" && code != "delivered"));
        assert_eq!(request(events.clone()).state, Some(state), "{code}");
    }
    let log = request(events);
    assert!(log.contests.is_empty());
    assert_eq!(log.tip.as_deref(), Some("e8"));
}

#[test]
fn a_suitcase_cannot_decide() {
    let log = request(vec![seen("a", 1, "accepted", "", false), seen("b", 2, "ready", "a", false)]);
    assert_eq!(log.state, Some(RequestState::Accepted));
    assert_eq!(fate(&log, "b"), Fate::Ignored(Ignored::NotEntitled));
}

#[test]
fn steps_that_cannot_follow_are_shown_and_ignored() {
    let log = request(vec![
        seen("a", 1, "accepted", "", false),
        seen("b", 2, "refused", "a", true),
        seen("c", 3, "ready", "b", true),
        seen("d", 4, "teleported", "b", true),
        seen("e", 5, "in_work", "nowhere", true),
        seen("f", 6, "in_work", "f", true),
        seen("g", 7, "in_work", "h", true),
        seen("h", 8, "in_work", "g", true),
    ]);
    assert_eq!(log.state, Some(RequestState::Refused));
    assert_eq!(log.events.len(), 8);
    assert_eq!(fate(&log, "c"), Fate::Ignored(Ignored::NotPossible));
    assert_eq!(fate(&log, "d"), Fate::Ignored(Ignored::UnknownCode));
    for id in ["e", "f", "g", "h"] {
        assert_eq!(fate(&log, id), Fate::Ignored(Ignored::UnknownPrevious), "{id}");
    }
}

#[test]
fn two_decisions_at_once_are_a_contest_until_a_clerk_chooses() {
    let base = vec![
        seen("a", 1, "accepted", "", false),
        because(seen("no", 2, "refused", "a", true), "немає підстав"),
        seen("yes", 3, "ready", "a", true),
    ];
    let log = request(base.clone());
    assert_eq!(log.state, Some(RequestState::Ready));
    assert_eq!(fate(&log, "no"), Fate::Ignored(Ignored::LostToAnother));
    assert_eq!(log.contests, [Contest { standing: "yes".into(), others: vec!["no".into()], settled: false }]);
    let settled = |by_desk| {
        let mut events = base.clone();
        events.push(about(seen("s", 4, side::SETTLED, "yes", by_desk), "no"));
        request(events)
    };
    let log = settled(true);
    assert_eq!(log.state, Some(RequestState::Refused));
    assert_eq!(log.open_contests().count(), 0);
    assert_eq!(settled(false).state, Some(RequestState::Ready), "a suitcase cannot settle");
}

#[test]
fn the_same_decision_twice_is_a_repeat_and_no_contest() {
    let ready = |id: &str, at| seen(id, at, "ready", "a", true);
    let log = request(vec![seen("a", 1, "accepted", "", false), ready("b", 2), ready("c", 3)]);
    assert_eq!(log.state, Some(RequestState::Ready));
    assert!(log.contests.is_empty());
    assert_eq!(fate(&log, "c"), Fate::Ignored(Ignored::Repeat));
}

#[test]
fn a_withdrawal_far_from_the_centre_s_work_is_seen_as_a_contest_too() {
    let log = request(vec![
        seen("a", 1, "accepted", "", false),
        seen("b", 2, "in_work", "a", true),
        seen("c", 3, "refused", "b", true),
        seen("w", 9, "withdrawn", "a", false),
    ]);
    assert_eq!(log.state, Some(RequestState::Withdrawn));
    assert_eq!(log.contests[0].others, ["c"]);
    // After looking at it the centre goes on from what stood.
    let log = request(vec![
        seen("a", 1, "accepted", "", false),
        seen("c", 3, "refused", "a", true),
        seen("w", 9, "withdrawn", "a", false),
        seen("r", 10, "reopened", "w", true),
        seen("y", 11, "ready", "r", true),
    ]);
    assert_eq!(log.state, Some(RequestState::Ready));
}

#[test]
fn a_step_that_had_not_seen_a_decision_does_not_undo_it() {
    for (earlier, later) in [(2, 3), (3, 2)] {
        let log = request(vec![
            seen("a", 1, "accepted", "", false),
            seen("ask", earlier, "asked", "a", true),
            seen("work", later, "in_work", "a", true),
        ]);
        assert_eq!(log.state, Some(RequestState::Asked));
        assert!(log.contests.is_empty());
    }
}

#[test]
fn a_visit_that_begins_on_the_spot() {
    let visit = |codes: &[&str]| {
        let ids: Vec<String> = (0..codes.len()).map(|place| format!("v{place}")).collect();
        let prev = |place: usize| if place == 0 { "" } else { ids[place - 1].as_str() };
        let events =
            codes.iter().enumerate().map(|(at, code)| seen(&ids[at], at as i64, code, prev(at), false)).collect();
        derive::<VisitState>(events).state
    };
    assert_eq!(visit(&["on_site", "done"]), Some(VisitState::Done));
    assert_eq!(
        visit(&["requested", "approved", "scheduled", "en_route", "postponed_safety", "scheduled"]),
        Some(VisitState::Scheduled)
    );
    assert_eq!(visit(&["requested", "done"]), Some(VisitState::Requested));
    assert_eq!(visit(&["requested", "cancelled_by_applicant", "approved"]), Some(VisitState::CancelledByApplicant));
    assert_eq!(visit(&["scheduled"]), None);
}

#[test]
fn long_chains_do_not_overflow_the_stack() {
    let mut events = vec![seen("0", 0, "accepted", "", false)];
    for n in 1..6_000i64 {
        events.push(seen(&n.to_string(), n, ["asked", "in_work"][n as usize % 2], &(n - 1).to_string(), true));
    }
    assert_eq!(request(events).events.len(), 6_000);
}

fn any_events() -> impl Strategy<Value = Vec<Seen>> {
    let code = prop::sample::select(RequestCode::ALL.map(RequestCode::text).to_vec());
    let one = (code, 0usize..8, 0i64..6, any::<bool>(), 0usize..3);
    prop::collection::vec(one, 1..12).prop_map(|drawn| {
        let mut events = vec![seen("e0", 0, "accepted", "", false)];
        for (place, (code, prev, at, by_desk, reason)) in drawn.into_iter().enumerate() {
            let prev = format!("e{}", prev % (place + 1));
            events.push(because(seen(&format!("e{}", place + 1), at, code, &prev, by_desk), ["", "a", "b"][reason]));
        }
        events
    })
}

proptest! {
    #[test]
    fn the_state_depends_on_the_set_of_events_only(events in any_events(), seed in any::<u64>()) {
        let mut shuffled = events.clone();
        let mut state = seed;
        for place in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(place, (state >> 33) as usize % (place + 1));
        }
        prop_assert_eq!(request(events), request(shuffled));
    }

    #[test]
    fn every_event_is_shown_once_and_the_tip_led_to_the_state(events in any_events()) {
        let count = events.len();
        let log = request(events);
        prop_assert_eq!(log.events.len(), count);
        let last = log.events.iter().rev().find_map(|event| match event.fate { Fate::Led(state) => Some((event.id.clone(), state)), _ => None });
        prop_assert_eq!(last, log.tip.zip(log.state));
        for contest in &log.contests {
            prop_assert!(!contest.others.contains(&contest.standing));
        }
    }
}

#[test]
fn what_its_author_takes_back_in_time_did_not_happen() {
    let way = vec![seen("a", 1, "accepted", "", false), seen("w", 10, "withdrawn", "a", false)];
    let undo = |at: i64| about(seen("u", at, "undone", "w", false), "w");
    let with = |more: Vec<Seen>| request([way.clone(), more].concat());
    let log = with(vec![undo(10 + UNDO_WITHIN)]);
    assert_eq!((log.state, log.tip.as_deref()), (Some(RequestState::Accepted), Some("a")));
    assert_eq!((fate(&log, "w"), fate(&log, "u")), (Fate::Ignored(Ignored::TakenBack), Fate::Side));
    // Too late, by another, of what nobody did: it stays.
    for bad in [undo(11 + UNDO_WITHIN), undo(9), about(seen("u", 20, "undone", "w", true), "w"), {
        let mut foreign = undo(20);
        foreign.event.by = "y".into();
        foreign
    }] {
        let log = with(vec![bad]);
        assert_eq!(log.state, Some(RequestState::Withdrawn));
        assert_eq!(fate(&log, "u"), Fate::Ignored(Ignored::NotPossible));
    }
    // The centre went on from it before it knew of the taking back.
    let log = with(vec![undo(20), seen("r", 15, "reopened", "w", true)]);
    assert_eq!(log.state, Some(RequestState::InWork));
    // The birth cannot be taken back.
    let birth = request(vec![seen("a", 1, "accepted", "", false), about(seen("u", 2, "undone", "a", false), "a")]);
    assert_eq!(birth.state, Some(RequestState::Accepted));
}

#[test]
fn a_decision_taken_back_does_not_contest_another() {
    let events = vec![
        seen("a", 1, "accepted", "", false),
        seen("w", 10, "withdrawn", "a", false),
        seen("r", 12, "ready", "a", true),
        about(seen("u", 20, "undone", "w", false), "w"),
    ];
    let log = request(events);
    assert_eq!(log.state, Some(RequestState::Ready));
    assert!(log.contests.is_empty());
}

#[test]
fn steps_are_taken_back_one_after_another() {
    let way = vec![
        seen("a", 1, "accepted", "", true),
        seen("w", 10, "in_work", "a", true),
        seen("h", 12, "handed_over", "w", true),
        about(seen("u1", 20, "undone", "h", true), "h"),
    ];
    let once = request(way.clone());
    assert_eq!((once.state, once.last_step().map(|last| last.id.as_str())), (Some(RequestState::InWork), Some("w")));
    let twice = [way.clone(), vec![about(seen("u2", 21, "undone", "w", true), "w")]].concat();
    for events in [twice.clone(), twice.into_iter().rev().collect()] {
        let log = request(events);
        assert_eq!((log.state, log.tip.as_deref()), (Some(RequestState::Accepted), Some("a")));
        assert_eq!((fate(&log, "u1"), fate(&log, "u2")), (Fate::Side, Fate::Side));
        assert!(log.last_step().is_none(), "the birth is no step");
    }
    // A step that somebody went on from stays, though what was built on it has no effect.
    let foreign = [way, vec![seen("x", 19, "withdrawn", "w", false), seen("y", 18, "reopened", "w", true)]].concat();
    assert_eq!(request(foreign).last_step().map(|last| last.id.as_str()), Some("x"));
}
