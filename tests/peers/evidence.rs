//! The evidence file of a case, from the desk and from the suitcase: it proves who recorded what, between which times,
//! in which order; and any byte that was changed is found.

use clock::Clock;
use evidence::{Evidence, Order, Report};
use peer::{OwnFact, Peer};
use records::{Edit, Kind};
use std::collections::BTreeMap;
use std::time::Duration;
use valiza_tests::world::{Member, World, request_fields};

const HOUR: Duration = Duration::from_secs(3_600);

struct Case {
    world: World,
    suitcase: Member,
    request: ids::RecordId,
    /// When the suitcase last heard of the hub before it recorded the request, and when it sent it.
    between: (i64, i64),
}

/// A request that a suitcase recorded among others, and the centre changed.
fn a_case() -> Case {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let peer = suitcase.peer();
    record(peer, "7-1");
    world.exchange(peer).unwrap();
    let before = world.clock.now().0;
    world.clock.advance(HOUR);
    record(peer, "7-2");
    let request = record(peer, "7-3");
    record(peer, "7-4");
    peer.act(|act| act.tell_named_anchors()).unwrap();
    world.clock.advance(HOUR);
    world.exchange(peer).unwrap();
    world.exchange(peer).unwrap();
    let after = world.clock.now().0;
    world.centre();
    world.clock.advance(HOUR);
    edit(world.desk.peer(), request, "official", "Ж-1");
    world.centre();
    world.exchange(peer).unwrap();
    Case { between: (before, after), world, suitcase, request }
}

fn record(peer: &Peer, number: &str) -> ids::RecordId {
    let fields = request_fields(number, "Коваленко");
    peer.act(move |act| act.create(Kind::Request, &fields)).unwrap()
}

fn edit(peer: &Peer, record: ids::RecordId, key: &'static str, value: &'static str) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new(key, value)], ())))).unwrap();
}

fn root(world: &World) -> [u8; 32] {
    world.public.fingerprint().0.0
}

/// As a desk gathers them from what suitcases told.
fn told(desk: &Peer, chain: ids::ChainId) -> BTreeMap<signing::Hash, chain::Anchor> {
    let facts = desk.read(|view| view.facts(chain, 0)).unwrap();
    let named = facts.into_iter().filter_map(|(_, fact)| match fact {
        OwnFact::NamedAnchors(anchors) => Some(anchors),
        _ => None,
    });
    named.flatten().map(|anchor| (anchor.hash(), anchor)).collect()
}

fn of_desk(case: &Case) -> Vec<u8> {
    let desk = case.world.desk.peer();
    desk.evidence(case.request, "7-3", told(desk, case.suitcase.peer().chain())).unwrap()
}

fn checked(bytes: &[u8], world: &World) -> Report {
    evidence::check(bytes, &root(world))
}

#[test]
fn the_desk_and_the_suitcase_prove_the_same() {
    let case = a_case();
    let own = case.suitcase.peer().evidence(case.request, "7-3", BTreeMap::new()).unwrap();
    for (bytes, maker) in [(of_desk(&case), None), (own, Some(7))] {
        let report = checked(&bytes, &case.world);
        assert!(report.is_proved(), "{report:#?}");
        assert_eq!((report.number.as_str(), report.maker), ("7-3", maker));
        let [first, grant, last] = &report.entries[..] else { panic!("{:#?}", report.entries) };
        assert_eq!((first.suitcase, first.officer.as_deref(), first.word), (Some(7), Some("olena"), Some(0)));
        assert_eq!(first.not_before, Some(case.between.0), "not before the hub answered last");
        assert!(first.not_after.is_some_and(|time| time >= case.between.1), "{first:?}");
        assert!(first.values.iter().any(|(_, value)| value == "Коваленко"));
        assert_eq!((grant.officer.as_deref(), last.suitcase), (None, None));
        assert_eq!(last.values.last().map(|(_, value)| value.as_str()), Some("Ж-1"));
        assert_eq!(last.order, Order::Chain);
        let told = evidence::told(&report, true).join("\n");
        for words in ["[так] корінь", "не раніше", "Ж-1", "Усе збігається"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert!(!told.contains("[НІ]"));
        assert!(!evidence::told(&report, false).join("\n").contains("Коваленко"));
    }
    let own = checked(&case.suitcase.peer().evidence(case.request, "7-3", BTreeMap::new()).unwrap(), &case.world);
    assert_eq!(own.entries[0].not_after, Some(case.between.1), "the suitcase has the anchor it was given");
}

#[test]
fn nothing_of_other_cases_is_in_the_file() {
    let case = a_case();
    let (evidence, _) = Evidence::decode(&of_desk(&case)).unwrap();
    let bodies = evidence.runs.iter().flat_map(|run| &run.entries).filter(|entry| entry.body.bytes().is_some());
    let records: Vec<_> = bodies.map(|entry| entry.header.record).collect();
    assert!(!records.is_empty() && records.iter().all(|record| *record == Some(case.request)));
    assert!(evidence.runs.iter().flat_map(|run| &run.entries).count() > records.len(), "the chain between is hollow");
}

#[test]
fn every_byte_that_is_changed_and_every_cut_is_found() {
    let case = a_case();
    let bytes = of_desk(&case);
    println!("{} bytes", bytes.len());
    let mut changed = bytes.clone();
    for at in 0..bytes.len() {
        changed[at] ^= 1 << (at % 8);
        assert!(!checked(&changed, &case.world).is_proved(), "byte {at}");
        changed[at] = bytes[at];
    }
    for end in 0..bytes.len() {
        assert!(!checked(&bytes[..end], &case.world).is_proved(), "cut at {end}");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(!checked(&longer, &case.world).is_proved());
    assert!(checked(&bytes, &case.world).is_proved());
}

/// Signs the fields again: whoever has the maker's key may leave out or exchange parts, and no signature says so.
fn made_anew(case: &Case, change: impl FnOnce(&mut Evidence)) -> Vec<u8> {
    let (mut evidence, _) = Evidence::decode(&of_desk(case)).unwrap();
    change(&mut evidence);
    let fields = evidence.fields();
    let signature = case.world.desk.peer().sign(signing::Label::Evidence, fields.clone()).unwrap();
    Evidence::joined(fields, &signature)
}

#[test]
fn a_maker_who_cheats_is_found_by_what_others_signed() {
    let case = a_case();
    let faults = |change: fn(&mut Evidence)| {
        let report = checked(&made_anew(&case, change), &case.world);
        assert!(!report.is_proved(), "{report:#?}");
        report.faults.iter().map(|(uk, _)| uk.clone()).collect::<Vec<_>>().join("; ")
    };
    assert!(checked(&made_anew(&case, |_| {}), &case.world).is_proved());
    assert!(faults(|e| e.keys.clear()).contains("не відкривається ключем"));
    assert!(faults(|e| e.number = "7-9".into()).contains("номер файла не той"));
    assert!(faults(|e| e.words.clear()).contains("не сказано, що стало"));
    assert!(faults(|e| e.runs.clear()).contains("жодного запису"));
    assert!(faults(|e| e.record = ids::RecordId::from_bytes([9; 16])).contains("жодного запису"));
    assert!(faults(|e| e.anchors[0].time += 1).contains("не вузол обміну"));
    assert!(faults(|e| e.register[0].entries.truncate(0)).contains("журнал центру"));
    let hollow = |e: &mut Evidence| {
        for entry in e.runs.iter_mut().flat_map(|run| &mut run.entries) {
            *entry = entry.without_body();
        }
    };
    assert!(faults(hollow).contains("вилучено"));
    let moved = |e: &mut Evidence| e.runs[0].from += 1;
    assert!(faults(moved).contains("змінено"));
    let twice = |e: &mut Evidence| e.runs.push(e.runs[0].clone());
    assert!(faults(twice).contains("двічі"));
    let other = |e: &mut Evidence| e.maker = ids::ChainId::from_bytes([7; 16]);
    assert!(faults(other).contains("склав хтось інший"));
    // Bounds that are left out prove less, and it is said so.
    let report = checked(&made_anew(&case, |e| e.anchors.clear()), &case.world);
    assert!(report.is_proved());
    assert_eq!((report.entries[0].not_before, report.entries[0].not_after), (None, None));
    assert!(evidence::told(&report, false).join("\n").contains("не доведено"));
}
