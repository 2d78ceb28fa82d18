//! A recorded exchange: every message of a small community and every answer of its hub, byte for byte. The same messages
//! are put to a hub of today, and the recorded answers are read by today's peers.

use crate::recorded::{next, v1};
use chain::{Answer, Request};
use clock::{Clock, Time};
use peer::sync::Session;
use peer::{Filter, Order, Peer};
use records::Kind;
use sealing::AgreementSecret;
use std::collections::BTreeMap;
use valiza_tests::world::{Member, World, request_fields};

/// One message and its answer, in the order in which they were recorded.
pub struct Spoken {
    at: Time,
    request: Vec<u8>,
    answer: Vec<u8>,
}

fn spoken(folder: &str) -> Vec<Spoken> {
    let mut names: Vec<_> = std::fs::read_dir(v1(folder)).unwrap().map(|file| file.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|end| end == "request"));
    names.sort();
    let read = |path: &std::path::PathBuf| {
        let (_, at) = path.file_stem().unwrap().to_str().unwrap().split_once('-').unwrap();
        let answer = std::fs::read(path.with_extension("answer")).unwrap();
        Spoken { at: Time(at.parse().unwrap()), request: std::fs::read(path).unwrap(), answer }
    };
    names.iter().map(read).collect()
}

/// The end of every chain that answers anchor, as far as they go, and everything that they refuse.
fn said(world: &World, said: &[(Vec<u8>, Vec<u8>)]) -> (BTreeMap<ids::ChainId, chain::Link>, Vec<chain::Refusal>) {
    let (mut ends, mut refusals) = (BTreeMap::new(), Vec::new());
    for (request, answer) in said {
        let decoded = Answer::decode(answer, &Request::hash(request), world.tenant, &[world.hub.public()]);
        let (answer, _) = decoded.expect("of our hub").expect("whole");
        ends.extend(answer.anchors.into_iter().map(|anchor| (anchor.chain, anchor.end)));
        refusals.extend(answer.refusals);
    }
    (ends, refusals)
}

/// Number on paper and title of every request that a peer reads.
pub fn requests(peer: &Peer) -> Vec<(Option<String>, String)> {
    let rows = peer.read(|view| view.list(&Filter::default(), Order::Number, 0, 99)).unwrap();
    rows.into_iter().filter(|row| row.kind == Kind::Request).map(|row| (row.number, row.title)).collect()
}

/// The requests there are those, and everything behind them is whole.
pub fn reads(peer: &Peer, expected: &[(&str, &str)]) {
    let found = requests(peer);
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (number, last) in expected {
        let row = found.iter().find(|(of, _)| of.as_deref() == Some(number)).unwrap_or_else(|| panic!("{number}"));
        assert!(row.1.contains(last), "{row:?}");
    }
    assert_eq!(peer.verify().unwrap().faults, Vec::<String>::new());
}

/// What was recorded in a folder, put to a hub of today, which anchors and refuses what the recorded one did; and a desk that the
/// kit makes from that hub, with every secret that was not destroyed.
pub fn replayed(folder: &str) -> World {
    let (mut world, spoken) = (World::new(), spoken(folder));
    let mut today = Vec::new();
    for one in &spoken {
        world.clock.set_wall(one.at);
        let answer = world.hub.answer(&one.request, one.at).expect("it is answered");
        today.push((one.request.clone(), answer));
    }
    let then: Vec<_> = spoken.into_iter().map(|one| (one.request, one.answer)).collect();
    assert_eq!(said(&world, &today), said(&world, &then));
    let register = std::fs::read_to_string(v1(folder).join("register.txt")).unwrap();
    world.replace_desk(register.trim().parse().unwrap());
    world.exchange(world.desk.peer()).unwrap();
    let kit = AgreementSecret::from_bytes(world.root.agreement_secret());
    let register = world.desk.peer().register().unwrap();
    for (desk, _, sealed) in register.desks().filter(|(desk, ..)| !register.is_destroyed(desk.register)) {
        world.desk.peer().add_secret(peer::seals::open_desk_secret(&kit, desk.register, sealed).unwrap()).unwrap();
    }
    world.desk.peer().look_again().unwrap();
    world.centre();
    world
}

#[test]
fn a_hub_of_today_takes_every_recorded_message_and_a_desk_made_from_the_kit_reads_it() {
    let world = replayed("exchange");
    reads(world.desk.peer(), &[("7-1", "Коваленко"), ("7-2", "Гук"), ("8-1", "Їжак")]);
}

/// Messages and answers as they are spoken, with the hub's time.
#[derive(Default)]
pub struct Recording(Vec<Spoken>);

impl Recording {
    /// Everything between one peer and the hub.
    pub fn exchange(&mut self, world: &World, member: &Member) {
        let (mut courier, mut session) = (chain::Courier::default(), Session::new("hub"));
        loop {
            let (at, request) = (world.clock.now(), session.next(member.peer(), courier.batch()).unwrap().to_vec());
            let answer = world.hub.answer(&request, at).unwrap();
            let goes_on = session.answered(member.peer(), &answer, &mut courier).unwrap();
            self.0.push(Spoken { at, request, answer });
            if !goes_on {
                member.peer().absorb().unwrap();
                return;
            }
        }
    }

    /// The centre reads, answers and sends its answers.
    pub fn centre(&mut self, world: &World) {
        self.exchange(world, &world.desk);
        world.desk.peer().write_verdicts().unwrap();
        self.exchange(world, &world.desk);
    }

    /// Everybody talks and hears what became of it.
    pub fn settle(&mut self, world: &World, members: &[&Member]) {
        for _ in 0..2 {
            members.iter().for_each(|member| self.exchange(world, member));
            self.centre(world);
        }
    }

    /// Files in a folder that is made anew, with the register that the desk writes at the end.
    pub fn write(self, world: &World, folder: &str) {
        let folder = next(folder);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let peer::Role::Desk { register } = world.desk.peer().role() else { panic!("a desk") };
        std::fs::write(folder.join("register.txt"), format!("{register}\n")).unwrap();
        for (number, Spoken { at, request, answer }) in self.0.into_iter().enumerate() {
            let name = format!("{number:03}-{}", at.0);
            std::fs::write(folder.join(format!("{name}.request")), request).unwrap();
            std::fs::write(folder.join(format!("{name}.answer")), answer).unwrap();
        }
    }
}

/// A new request of an invented resident.
pub fn record(member: &Member, number: &'static str, last: &'static str) -> ids::RecordId {
    member.peer().act(move |act| act.create(Kind::Request, &request_fields(number, last))).unwrap()
}

#[test]
#[ignore = "records what later versions replay: see the README there"]
fn record_the_next_version() {
    let mut world = World::new();
    let mut written = Recording::default();
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    written.exchange(&world, &world.desk);
    record(&first, "7-1", "Коваленко");
    record(&first, "7-2", "Гук");
    record(&second, "8-1", "Їжак");
    written.settle(&world, &[&first, &second]);
    written.write(&world, "exchange");
}
