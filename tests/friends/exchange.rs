//! A recorded exchange: every message of a small community and every answer of its hub, byte for byte. The same messages
//! are put to a hub of today, and the recorded answers are read by today's peers.

use crate::recorded::v1;
use chain::{Answer, Request};
use clock::{Clock, Time};
use peer::sync::Session;
use peer::{Filter, Order, Peer};
use records::Kind;
use sealing::AgreementSecret;
use std::collections::BTreeMap;
use valiza_tests::world::{Member, World, request_fields};

/// One message and its answer, in the order in which they were recorded.
struct Spoken {
    at: Time,
    request: Vec<u8>,
    answer: Vec<u8>,
}

fn spoken() -> Vec<Spoken> {
    let mut names: Vec<_> = std::fs::read_dir(v1("exchange")).unwrap().map(|file| file.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|end| end == "request"));
    names.sort();
    let read = |path: &std::path::PathBuf| {
        let (_, at) = path.file_stem().unwrap().to_str().unwrap().split_once('-').unwrap();
        let answer = std::fs::read(path.with_extension("answer")).unwrap();
        Spoken { at: Time(at.parse().unwrap()), request: std::fs::read(path).unwrap(), answer }
    };
    names.iter().map(read).collect()
}

/// The end of every chain that answers anchor, as far as they go.
fn anchored(world: &World, said: &[(Vec<u8>, Vec<u8>)]) -> BTreeMap<ids::ChainId, chain::Link> {
    let mut ends = BTreeMap::new();
    for (request, answer) in said {
        let decoded = Answer::decode(answer, &Request::hash(request), world.tenant, &[world.hub.public()]);
        let (answer, _) = decoded.expect("of our hub").expect("whole");
        assert_eq!(answer.refusals, [], "nothing of it was refused");
        ends.extend(answer.anchors.into_iter().map(|anchor| (anchor.chain, anchor.end)));
    }
    ends
}

fn requests(peer: &Peer) -> Vec<(Option<String>, String)> {
    let rows = peer.read(|view| view.list(&Filter::default(), Order::Number, 0, 99)).unwrap();
    rows.into_iter().filter(|row| row.kind == Kind::Request).map(|row| (row.number, row.title)).collect()
}

#[test]
fn a_hub_of_today_takes_every_recorded_message_and_a_desk_made_from_the_kit_reads_it() {
    let (mut world, spoken) = (World::new(), spoken());
    assert!(spoken.len() >= 6, "{}", spoken.len());
    let mut today = Vec::new();
    for one in &spoken {
        let answer = world.hub.answer(&one.request, one.at).expect("it is answered");
        today.push((one.request.clone(), answer));
    }
    let then: Vec<_> = spoken.into_iter().map(|one| (one.request, one.answer)).collect();
    assert_eq!(anchored(&world, &today), anchored(&world, &then));
    // The recorded desk is gone; the kit opens what it left in the hub.
    let kit = AgreementSecret::from_bytes(world.root.agreement_secret());
    let register = std::fs::read_to_string(v1("exchange/register.txt")).unwrap();
    world.replace_desk(register.trim().parse().unwrap());
    world.exchange(world.desk.peer()).unwrap();
    let register = world.desk.peer().register().unwrap();
    for (desk, _, sealed) in register.desks() {
        world.desk.peer().add_secret(peer::seals::open_desk_secret(&kit, desk.register, sealed).unwrap()).unwrap();
    }
    world.desk.peer().look_again().unwrap();
    let expected = [("7-1", "Коваленко"), ("7-2", "Гук"), ("8-1", "Їжак")];
    let found = requests(world.desk.peer());
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (number, last) in expected {
        let row = found.iter().find(|(of, _)| of.as_deref() == Some(number)).unwrap_or_else(|| panic!("{number}"));
        assert!(row.1.contains(last), "{row:?}");
    }
    assert_eq!(world.desk.peer().verify().unwrap().faults, Vec::<String>::new());
}

/// Everything between one peer and the hub, written down.
fn exchange(world: &World, member: &Member, written: &mut Vec<(Time, Vec<u8>, Vec<u8>)>) {
    let (mut courier, mut session) = (chain::Courier::default(), Session::new("hub"));
    loop {
        let (at, request) = (world.clock.now(), session.next(member.peer(), courier.batch()).unwrap().to_vec());
        let answer = world.hub.answer(&request, at).unwrap();
        written.push((at, request, answer.clone()));
        if !session.answered(member.peer(), &answer, &mut courier).unwrap() {
            member.peer().absorb().unwrap();
            return;
        }
    }
}

#[test]
#[ignore = "records what later versions replay, once for each version of the formats: see the README there"]
fn record_version_1() {
    let mut world = World::new();
    let mut written = Vec::new();
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    exchange(&world, &world.desk, &mut written);
    let record = |member: &Member, number: &'static str, last: &'static str| {
        member.peer().act(move |act| act.create(Kind::Request, &request_fields(number, last))).unwrap();
    };
    record(&first, "7-1", "Коваленко");
    record(&first, "7-2", "Гук");
    record(&second, "8-1", "Їжак");
    for _ in 0..3 {
        for member in [&first, &second] {
            exchange(&world, member, &mut written);
        }
        exchange(&world, &world.desk, &mut written);
        world.desk.peer().write_verdicts().unwrap();
        exchange(&world, &world.desk, &mut written);
    }
    let folder = v1("exchange");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let peer::Role::Desk { register } = world.desk.peer().role() else { panic!("a desk") };
    std::fs::write(folder.join("register.txt"), format!("{register}\n")).unwrap();
    for (number, (at, request, answer)) in written.into_iter().enumerate() {
        let name = format!("{number:03}-{}", at.0);
        std::fs::write(folder.join(format!("{name}.request")), request).unwrap();
        std::fs::write(folder.join(format!("{name}.answer")), answer).unwrap();
    }
}
