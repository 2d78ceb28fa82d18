//! What the desk and the suitcases do with releases, over the same calls as the programs.

use catalogue::{FRAME, Facts, FeeOutcome, Refused, ReleaseSource, Releases, Viewer};
use jiff::civil::Date;
use peer::{OwnFact, Peer};
use records::{Edit, Kind};
use valiza_tests::world::{World, request_fields};

/// The service whose fee the tests follow, and the answer that makes it plain.
pub const SERVICE: &str = "residence-registration";

/// The day in Kyiv.
pub fn today(world: &World) -> Date {
    use clock::Clock;
    world.clock.now().kyiv().expect("a day of the calendar").date()
}

/// What the register comes to, for whoever holds it.
pub fn releases(peer: &Peer, viewer: Viewer) -> Releases {
    let publications = peer.register().expect("the register").releases();
    Releases::fold(viewer, publications.iter().map(AsRef::as_ref))
}

/// As a suitcase sees them.
pub fn of_suitcase(peer: &Peer) -> Releases {
    releases(peer, Viewer::Suitcase(peer.chain()))
}

/// The newest release with the next number, a first day, and one text of one file turned into another.
pub fn next(desk: &Peer, from: &str, file: &str, good: &str, bad: &str) -> ReleaseSource {
    let releases = releases(desk, Viewer::Centre);
    let newest = releases.all().into_iter().rfind(|one| !one.is_trial()).expect("the embedded one").source.clone();
    let source = newest.renumbered(releases.next_number(), from.parse().expect(from)).expect("a frame");
    let text = source.file(file).expect(file);
    assert!(text.contains(good), "{file} has {good}");
    source.with_file(file, &text.replacen(good, bad, 1)).expect("within the limits")
}

/// The desk publishes it for everybody.
pub fn publish(world: &World, source: &ReleaseSource) {
    let desk = world.desk.peer();
    let facts = releases(desk, Viewer::Centre).publish(source, &[]).expect("suitcases would take it");
    let write = move |act: &mut peer::Act<'_>| facts.iter().try_for_each(|fact| act.register_fact(fact));
    desk.act(write).expect("the register");
    world.exchange(desk).expect("the desk reaches the hub");
}

/// The base of the fee gets a value for 2027.
pub fn with_2027(desk: &Peer, from: &str, amount: &str) -> ReleaseSource {
    let good = "\"to\": \"2026-12-31\", \"amount\": \"3328.00\"}";
    let bad = format!("{good}, {{\"from\": \"2027-01-01\", \"to\": \"2027-12-31\", \"amount\": \"{amount}\"}}");
    next(desk, from, FRAME, good, &bad)
}

/// A resident asks for the service today: the release in force and the fee it gives are recorded.
pub fn take_request(world: &World, suitcase: &Peer, here: &Releases, number: &str) -> (u32, Option<i64>) {
    let day = today(world);
    let release = here.in_force(day).clone();
    let service = release.catalogue.service(SERVICE).expect(SERVICE);
    let answers = [("late".to_owned(), "no".to_owned())].into();
    let given = release.catalogue.evaluate(service, &Facts { answers, ..Facts::on(day) }, release.catalogue.calendar());
    let fee = match given.fee.outcome {
        FeeOutcome::Known(amount) => Some(amount.kopiykas),
        FeeOutcome::Unknown(_) => None,
        other => panic!("{other:?}"),
    };
    let mut fields = request_fields(number, "Коваленко");
    fields.retain(|edit| edit.key != "service");
    fields.extend([Edit::new("service", SERVICE), Edit::new("release", release.number.to_string())]);
    fields.extend(fee.map(|fee| Edit::new("fee", fee)));
    suitcase.act(move |act| act.create(Kind::Request, &fields)).expect("a request");
    (release.number, fee)
}

/// The suitcase tells the centre what became of the releases it has.
pub fn tell(suitcase: &Peer) {
    let releases = of_suitcase(suitcase);
    let taken = releases.all().into_iter().filter(|one| one.place.is_some());
    let taken = taken.map(|one| OwnFact::ReleaseTaken { number: one.number, digest: one.digest });
    let refused = |one: &Refused| OwnFact::ReleaseRefused {
        number: one.number,
        digest: one.digest,
        reason: one.sentence.uk.clone(),
    };
    let facts: Vec<OwnFact> = taken.chain(releases.refused().iter().map(refused)).collect();
    let write = move |act: &mut peer::Act<'_>| facts.iter().try_for_each(|fact| act.own(fact).map(|_| ()));
    suitcase.act(write).expect("own facts");
}
