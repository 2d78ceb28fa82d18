//! What the centre took in stays so in a desk that the kit makes again, whatever was decided about its author since.

use crate::disasters::restore;
use crate::stolen_desk;
use chain::{ExceptionCode, Fact, Link, Segment};
use clock::Clock;
use ids::{ChainId, RecordId};
use peer::{Filter, OwnFact, Peer, Run};
use records::{Edit, Kind};
use sealing::AgreementSecret;
use signing::Hash;
use std::collections::BTreeSet;
use valiza_tests::store_pages;
use valiza_tests::world::{Member, World, request_fields};

fn record(peer: &Peer, number: &'static str) -> RecordId {
    peer.act(move |act| act.create(Kind::Request, &request_fields(number, "Коваленко"))).unwrap()
}

fn phone(peer: &Peer, record: RecordId, number: &'static str) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new("phone", number)], ())))).unwrap();
}

fn revoke(world: &World, suitcase: &Member) {
    let chain = suitcase.peer().chain();
    let fact = Fact::Revocation { chain, from: world.clock.now().0, reason: "викрадено".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
}

/// Numbers of all requests, of whose entries a person has to decide, and everything that the records say.
fn known(peer: &Peer) -> (u64, Vec<(ChainId, u64, ExceptionCode)>, Vec<String>) {
    let waiting = peer.read(|view| view.exceptions(None)).unwrap();
    let waiting = waiting.into_iter().map(|(chain, one)| (chain, one.seq, one.code)).collect();
    (peer.read(|view| view.count(&Filter::default())).unwrap(), waiting, peer.rows_as_text().unwrap())
}

fn kit(world: &World) -> AgreementSecret {
    AgreementSecret::from_bytes(world.root.agreement_secret())
}

/// Suitcase 7 made a request and was revoked, then sent another one; 8 wrote in the request while it had it.
fn scene() -> (World, Member, Member, RecordId) {
    let mut world = World::new();
    let (seven, eight) = (world.suitcase(7), world.suitcase(8));
    let request = record(seven.peer(), "7-1");
    world.exchange(seven.peer()).unwrap();
    world.centre();
    let to = eight.peer().chain();
    world.desk.peer().act(move |act| act.grant(request, to)).unwrap();
    world.centre();
    world.exchange(eight.peer()).unwrap();
    phone(eight.peer(), request, "+380501112233");
    world.exchange(eight.peer()).unwrap();
    world.exchange(world.desk.peer()).unwrap();
    world.desk.peer().act(move |act| act.withdraw_grant(request, to)).unwrap();
    // Between the acceptance and the revocation nobody told anybody anything.
    revoke(&world, &seven);
    world.centre();
    record(seven.peer(), "7-2");
    phone(eight.peer(), request, "+380507777777");
    for suitcase in [&seven, &eight] {
        world.exchange(suitcase.peer()).unwrap();
    }
    world.centre();
    (world, seven, eight, request)
}

#[test]
fn a_desk_made_from_the_kit_has_what_was_taken_in_and_asks_about_the_rest() {
    let (mut world, seven, eight, request) = scene();
    let before = known(world.desk.peer());
    let expected =
        [(eight.peer().chain(), 2, ExceptionCode::Proposal), (seven.peer().chain(), 3, ExceptionCode::Quarantined)];
    assert!(before.0 == 1 && expected.iter().all(|one| before.1.contains(one)) && before.1.len() == 2, "{before:?}");
    world.lose_desk();
    restore(&world, &kit(&world));
    let after = known(world.desk.peer());
    assert_eq!((after.0, &after.1), (before.0, &before.1));
    let values = world.desk.peer().read(|view| view.document(request)).unwrap().values();
    assert!(format!("{:?}", values["phone"]).contains("+380501112233"), "{values:?}");
}

#[test]
fn what_a_person_let_in_is_in_for_a_desk_made_from_the_kit() {
    let (mut world, seven, eight, _) = scene();
    let late = [(seven.peer().chain(), 3), (eight.peer().chain(), 2)];
    for (chain, seq) in late {
        world.desk.peer().accept_exception(chain, seq).unwrap();
    }
    world.centre();
    assert_eq!(known(world.desk.peer()).0, 2);
    for _ in 0..2 {
        world.lose_desk();
        restore(&world, &kit(&world));
        world.centre();
        let (count, waiting, _) = known(world.desk.peer());
        let open: Vec<_> = waiting.iter().filter(|one| one.2 != ExceptionCode::TakenLater).collect();
        assert_eq!((count, open.len()), (2, 0), "{waiting:?}");
    }
}

#[test]
fn a_change_that_comes_before_the_word_of_it_is_looked_at_again() {
    let (mut world, seven, ..) = scene();
    let chain = seven.peer().chain();
    let early: Segment = world.desk.peer().read(|view| view.segment(chain, 1, 1 << 20)).unwrap().unwrap();
    let register = world.desk.peer().register_segments().unwrap();
    world.lose_desk();
    let new = world.desk.peer();
    new.take_register(register).unwrap();
    new.take_register(vec![early]).unwrap();
    new.absorb().unwrap();
    let aside = |peer: &Peer| known(peer).1.iter().filter(|one| one.2 == ExceptionCode::Quarantined).count();
    assert_eq!(aside(new), 2, "nothing says yet that one of them was taken in");
    restore(&world, &kit(&world));
    assert_eq!(aside(world.desk.peer()), 1);
    assert_eq!(known(world.desk.peer()).0, 1);
}

/// Who stole the desk says of what nobody has written yet that it was taken in.
#[test]
fn nobody_lets_in_what_is_not_written_yet() {
    let mut world = World::new();
    let seven = world.suitcase(7);
    let request = record(seven.peer(), "7-1");
    world.exchange(seven.peer()).unwrap();
    world.centre();
    let thief = stolen_desk::copied(&mut world);
    let far = Link { seq: 1 << 47, hash: Hash([9; 32]) };
    let runs = [seven.peer().chain(), thief.peer().chain()].map(|chain| Run { chain, first: 1, last: far });
    thief.peer().act(move |act| act.own(&OwnFact::TakenIn(runs.to_vec())).map(|_| ())).unwrap();
    world.exchange(thief.peer()).unwrap();
    stolen_desk::replace(&mut world, &thief);
    revoke(&world, &seven);
    world.centre();
    record(seven.peer(), "7-2");
    phone(thief.peer(), request, "+380000000000");
    for peer in [seven.peer(), thief.peer()] {
        world.exchange(peer).unwrap();
    }
    world.centre();
    let (count, waiting, _) = known(world.desk.peer());
    let aside = |chain: ChainId| waiting.iter().any(|one| one.0 == chain && one.2 == ExceptionCode::Quarantined);
    assert!(count == 1 && aside(seven.peer().chain()) && aside(thief.peer().chain()), "{waiting:?}");
}

/// Who stole the desk says so of a run that reaches over what was taken in and ends with what nobody writes: the words of
/// before count on.
#[test]
fn nobody_takes_the_words_away_by_more_words() {
    let (mut world, seven, ..) = scene();
    let before = known(world.desk.peer());
    let thief = stolen_desk::copied(&mut world);
    let last = |seq, byte| Link { seq, hash: Hash([byte; 32]) };
    let runs = world.desk.peer().register().unwrap().suitcases().map(|one| one.chain).collect::<Vec<_>>();
    let runs = runs.into_iter().flat_map(|chain| {
        let far = [(1, last(1 << 47, 9)), (1, last(2, 9)), (3, last(1 << 40, 9))];
        far.map(|(first, last)| Run { chain, first, last })
    });
    let runs: Vec<Run> = runs.collect();
    thief.peer().act(move |act| act.own(&OwnFact::TakenIn(runs)).map(|_| ())).unwrap();
    world.exchange(thief.peer()).unwrap();
    stolen_desk::replace(&mut world, &thief);
    let after = known(world.desk.peer());
    assert_eq!((after.0, &after.1), (before.0, &before.1));
    // What is taken in from now on is told as well, and known to the next desk.
    world.desk.peer().accept_exception(seven.peer().chain(), 3).unwrap();
    world.centre();
    assert_eq!(known(world.desk.peer()).0, 2);
    world.lose_desk();
    restore(&world, &kit(&world));
    assert_eq!(known(world.desk.peer()).0, 2);
}

/// An order to erase leaves the last entry of a run without its body: it ends the run all the same.
#[test]
fn words_whose_last_entry_was_erased_count_when_it_comes() {
    let mut world = World::new();
    let seven = world.suitcase(7);
    record(seven.peer(), "7-1");
    let gone = record(seven.peer(), "7-2");
    world.exchange(seven.peer()).unwrap();
    world.centre();
    revoke(&world, &seven);
    world.desk.peer().act(move |act| act.order_erasure(&BTreeSet::from([gone]))).unwrap();
    world.desk.peer().obey().unwrap();
    world.centre();
    let whole = |chain: ChainId| world.desk.peer().read(|view| view.segment(chain, 1, 1 << 20)).unwrap().unwrap();
    let (case, mut early) = (whole(world.desk.peer().chain()), whole(seven.peer().chain()));
    let register = world.desk.peer().register_segments().unwrap();
    early.entries.truncate(2);
    world.lose_desk();
    let new = world.desk.peer();
    new.take_register(register).unwrap();
    for (desk, _, sealed) in new.register().unwrap().desks() {
        new.add_secret(peer::seals::open_desk_secret(&kit(&world), desk.register, sealed).unwrap()).unwrap();
    }
    for segment in [case, early] {
        new.take_register(vec![segment]).unwrap();
        new.absorb().unwrap();
    }
    let aside = |peer: &Peer| known(peer).1.iter().filter(|one| one.2 == ExceptionCode::Quarantined).count();
    assert_eq!((known(new).0, aside(new)), (0, 1), "the end of what was taken in is not here");
    world.exchange(new).unwrap();
    assert_eq!((known(new).0, aside(new)), (1, 0));
    assert_eq!(new.verify().unwrap().faults, Vec::<String>::new());
}

/// Why an entry is set aside stands in one table; without it nobody would ever ask about it again.
#[test]
fn a_repair_finds_what_was_set_aside() {
    let (mut world, ..) = scene();
    let before = known(world.desk.peer());
    assert_eq!(before.1.len(), 2);
    let (path, key) = (world.desk.path().join("valiza.db"), world.desk.database_key());
    world.desk.close();
    let page = store_pages::pages(&path, &key).into_iter().find(|page| page.name == "exception").unwrap();
    store_pages::damage(&path, page.number);
    world.desk.mend().unwrap();
    world.centre();
    assert_eq!(known(world.desk.peer()), before);
    assert_eq!(world.desk.peer().verify().unwrap().faults, Vec::<String>::new());
}

/// The table is made again from the case chain, so a desk of a damaged disk tells nothing twice.
#[test]
fn a_repair_makes_the_words_of_it_again() {
    let (mut world, ..) = scene();
    let before = known(world.desk.peer());
    let runs = |peer: &Peer| {
        let sql =
            "SELECT group_concat(hex(chain) || first || '-' || last, ' ') FROM (SELECT * FROM taken_in ORDER BY 1, 2)";
        peer.read(|view| Ok(view.connection().query_row(sql, [], |row| row.get::<_, String>(0))?)).unwrap()
    };
    let told = runs(world.desk.peer());
    let (path, key) = (world.desk.path().join("valiza.db"), world.desk.database_key());
    world.desk.close();
    let page = store_pages::pages(&path, &key).into_iter().find(|page| page.name == "taken_in").unwrap();
    store_pages::damage(&path, page.number);
    let mended = world.desk.mend().unwrap();
    assert!(mended.tables.contains(&"taken_in".to_owned()), "{mended:?}");
    assert_eq!(runs(world.desk.peer()), told);
    world.centre();
    assert_eq!(known(world.desk.peer()), before);
}
