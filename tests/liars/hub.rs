//! A hub that lies: it has the key that the centre certified, and signs whatever it likes.

use crate::hub_lies::{LIES, Lie, Scene};
use chain::{Answer, Courier, Request};
use ids::RecordId;
use peer::sync::{Session, SyncError};
use peer::{Filter, Peer};
use records::Kind;
use signing::{Secret, SigningKey};
use std::collections::BTreeSet;
use valiza_tests::world::{HUB_SEED, Member, World, request_fields};

/// Messages of one contact with a liar. Whoever needs more is made to talk for ever.
const ROUNDS: usize = 400;
/// Bytes that a liar may make a laptop send in one contact, beside what it has to say.
const BYTES: usize = 4 * 1024 * 1024;
/// Bytes by which a liar may make its folder grow in one contact.
const GROWTH: u64 = 3 * 1024 * 1024;

/// The hub's own signing key.
pub fn hub_key() -> SigningKey {
    SigningKey::from_seed(&Secret::new(HUB_SEED).derive("hub-signing", &[]))
}

/// What came of talking to a liar.
struct Talk {
    rounds: usize,
    bytes: usize,
    ended: Result<(), SyncError>,
}

/// A contact of the suitcase with the hub, whose every answer passes through the lie.
fn talk(world: &World, peer: &Peer, scene: &Scene, lie: &Lie) -> Talk {
    let mut courier = Courier::default();
    let mut session = Session::new("hub");
    let mut talk = Talk { rounds: 0, bytes: 0, ended: Ok(()) };
    while talk.rounds < ROUNDS {
        let message = session.next(peer, courier.batch()).expect("the suitcase can always say something");
        talk.rounds += 1;
        talk.bytes += message.len();
        let asked = Request::hash(&message);
        // A hub that withholds does not even look at what came.
        let honest = if lie.withholds { None } else { world.hub.answer(&message, scene.now).ok() };
        let read =
            honest.and_then(|bytes| Some(Answer::decode(&bytes, &asked, world.tenant, &[world.hub.public()])?.ok()?.0));
        let mut answer = read.unwrap_or_else(|| scene.old.clone());
        (lie.tell)(&mut answer, scene, talk.rounds);
        match session.answered(peer, &answer.encode(&asked, &hub_key()), &mut courier) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                talk.ended = Err(error);
                break;
            }
        }
    }
    // Whatever came is looked at, as after every contact.
    peer.absorb().expect("what came can be looked at");
    talk
}

/// An exchange whose every answer is turned before the peer sees it, signed by the hub all the same.
pub fn through(world: &World, peer: &Peer, mut turn: impl FnMut(&mut Answer)) -> Result<(), SyncError> {
    let (mut courier, mut session) = (Courier::default(), Session::new("hub"));
    for _ in 0..ROUNDS {
        let message = session.next(peer, courier.batch())?;
        let asked = Request::hash(&message);
        let bytes = world.hub.answer(&message, clock::Clock::now(&*world.clock)).map_err(|_| SyncError::NotSigned)?;
        let read = Answer::decode(&bytes, &asked, world.tenant, &[world.hub.public()]).ok_or(SyncError::NotSigned)?;
        let (mut answer, _) = read.map_err(|_| SyncError::Damaged)?;
        turn(&mut answer);
        if !session.answered(peer, &answer.encode(&asked, &hub_key()), &mut courier)? {
            peer.absorb()?;
            return Ok(());
        }
    }
    Err(SyncError::Stuck)
}

fn folder_bytes(member: &Member) -> u64 {
    let files = std::fs::read_dir(member.path()).expect("its folder").flatten();
    files.map(|file| file.metadata().map_or(0, |found| found.len())).sum()
}

/// What must be the same whatever a hub says.
#[derive(Debug, PartialEq)]
struct Own {
    chain: ids::ChainId,
    rows: Vec<String>,
    verdict: u64,
    exceptions: usize,
    hubs: Vec<signing::VerifyingKey>,
    suitcases: BTreeSet<ids::ChainId>,
    revoked: bool,
}

fn own(peer: &Peer) -> Own {
    let register = peer.register().expect("a register");
    Own {
        chain: peer.chain(),
        rows: peer.rows_as_text().expect("rows"),
        verdict: peer.read(|view| view.verdict_end(peer.chain())).expect("it reads"),
        exceptions: peer.read(|view| view.exceptions(None)).expect("it reads").len(),
        hubs: register.hubs(),
        suitcases: register.suitcases().map(|one| one.chain).collect(),
        revoked: register.revocation(peer.chain()).is_some(),
    }
}

fn record(peer: &Peer, number: &str, last: &str) -> RecordId {
    let fields = request_fields(number, last);
    peer.act(move |act| act.create(Kind::Request, &fields)).expect("a record")
}

/// Two contacts with a liar, then honest ones.
fn suffer(lie: &Lie) {
    let mut world = World::new();
    let (victim, other) = (world.suitcase(7), world.suitcase(8));
    for number in 0..3 {
        record(victim.peer(), &format!("7-{number}"), "Коваль");
        record(other.peer(), &format!("8-{number}"), "Мельник");
    }
    for peer in [victim.peer(), other.peer()] {
        world.exchange(peer).expect("an honest hub");
    }
    world.centre();
    for peer in [victim.peer(), other.peer()] {
        world.exchange(peer).expect("an honest hub");
    }
    let scene = Scene::of(&world, victim.peer(), other.peer());
    for number in 3..5 {
        record(victim.peer(), &format!("7-{number}"), "Пізніша");
    }
    let (before, folder) = (own(victim.peer()), folder_bytes(&victim));
    for _ in 0..2 {
        let talk = talk(&world, victim.peer(), &scene, lie);
        assert!(talk.rounds < ROUNDS, "{}: it talks for ever", lie.name);
        assert!(talk.bytes < BYTES, "{}: {} bytes sent", lie.name, talk.bytes);
        if let Err(error) = talk.ended {
            assert!(error.to_string().contains(" / "), "{}: {error}", lie.name);
        }
        assert_eq!(own(victim.peer()), before, "{}: something was believed", lie.name);
    }
    let grown = folder_bytes(&victim).saturating_sub(folder);
    assert!(grown < GROWTH * 2, "{}: the folder grew by {grown} bytes", lie.name);
    // The suitcase goes on working, and everything reaches an honest hub and the centre.
    record(victim.peer(), "7-9", "Остання");
    for _ in 0..3 {
        world.exchange(victim.peer()).unwrap_or_else(|error| panic!("{}: {error}", lie.name));
        world.centre();
    }
    world.exchange(victim.peer()).expect("an honest hub");
    let there = world.desk.peer().read(|view| view.count(&Filter::default())).expect("rows");
    assert_eq!(there, 9, "{}: something was lost", lie.name);
    let (end, told) = victim
        .peer()
        .read(|view| Ok((view.end(view_chain(victim.peer()))?, view.verdict_end(view_chain(victim.peer()))?)))
        .expect("it reads");
    assert_eq!(end.seq, told, "{}: the verdict came", lie.name);
    for peer in [victim.peer(), world.desk.peer()] {
        assert_eq!(peer.verify().expect("it verifies").faults, Vec::<String>::new(), "{}", lie.name);
    }
}

fn view_chain(peer: &Peer) -> ids::ChainId {
    peer.chain()
}

/// A field that no lie touches would be a field that nobody thought of.
#[test]
fn every_field_of_an_answer_is_lied_in() {
    let Answer {
        lineage: _,
        time: _,
        token: _,
        position: _,
        index: _,
        more: _,
        stale: _,
        further: _,
        anchors: _,
        segments: _,
        refusals: _,
        needed: _,
        enrolments: _,
    } = Scene::empty_answer();
    let fields = [
        "lineage",
        "time",
        "token",
        "position",
        "index",
        "more",
        "stale",
        "further",
        "anchors",
        "segments",
        "refusals",
        "needed",
        "enrolments",
    ];
    let lied: BTreeSet<&str> = LIES.iter().map(|lie| lie.field).collect();
    let missing: Vec<_> = fields.iter().filter(|field| !lied.contains(*field)).collect();
    assert_eq!(missing, [&""; 0]);
}

#[test]
fn a_hub_that_lies_about_its_life_its_clock_or_its_place_changes_nothing() {
    suffer_all(&["lineage", "time", "token", "position", "index", "more", "stale"]);
}

#[test]
fn a_hub_that_forges_anchors_is_believed_in_none() {
    suffer_all(&["anchors"]);
}

#[test]
fn a_hub_that_hands_out_forgeries_is_believed_in_none() {
    suffer_all(&["segments"]);
}

#[test]
fn a_hub_that_refuses_and_wants_without_end_is_not_obeyed() {
    suffer_all(&["refusals", "needed", "enrolments"]);
}

#[test]
fn a_hub_that_shows_an_old_state_or_nothing_loses_nothing() {
    suffer_all(&["old"]);
}

fn suffer_all(fields: &[&str]) {
    let lies: Vec<&Lie> = LIES.iter().filter(|lie| fields.contains(&lie.field)).collect();
    assert!(!lies.is_empty());
    for lie in lies {
        suffer(lie);
        println!("{}: {}", lie.field, lie.name);
    }
}
