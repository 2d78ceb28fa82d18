//! What a suitcase in strange hands says of its keys: it closes no record and holds up nobody else.

use chain::Fact;
use clock::Clock;
use ids::{EpochId, RecordId};
use peer::{OwnFact, Peer, PeerError, ToldAgain};
use records::{Edit, Kind};
use sealing::EpochKey;
use signing::{AgreementPublicKey, Secret};
use valiza_tests::world::{Member, World, request_fields};

/// Of low order: nothing can be sealed to it.
const LOW_ORDER: AgreementPublicKey = AgreementPublicKey([0; 32]);

fn record(peer: &Peer, number: &'static str) -> RecordId {
    peer.act(move |act| act.create(Kind::Request, &request_fields(number, "Коваленко"))).unwrap()
}

fn edit(peer: &Peer, record: RecordId, value: String) {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new("phone", value)], ())))).unwrap();
}

fn phone(peer: &Peer, record: RecordId) -> String {
    let all = peer.read(|view| view.document(record)).unwrap().values();
    all["phone"][0].value.as_text().unwrap().to_owned()
}

fn epoch(seed: u8, reception: AgreementPublicKey) -> OwnFact {
    let key = EpochKey::from_bytes(Secret::new([seed; 32]));
    OwnFact::Epoch { epoch: EpochId::from_bytes([seed; 16]), key, reception, officer: "olena".into(), at: 1 }
}

fn meet(world: &World, suitcase: &Member) {
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
}

/// A record has room for a few keys of one generation. A change whose key has none is not taken: taken without it, it would
/// close the record for good.
#[test]
fn a_record_that_is_sealed_with_key_after_key_still_opens() {
    let mut world = World::new();
    let thief = world.suitcase(7);
    let request = record(thief.peer(), "7-1");
    for seed in 1..=12 {
        let another_key = move |act: &mut peer::Act<'_>| {
            act.own(&epoch(seed, AgreementPublicKey([9; 32])))?;
            let key = EpochKey::from_bytes(Secret::new([seed; 32])).record_key(request);
            let keep = "INSERT INTO other_key SELECT record, generation, key FROM record_key WHERE record = ?1";
            act.connection().execute(keep, [request.as_bytes()])?;
            let replace = "UPDATE record_key SET key = ?2 WHERE record = ?1";
            act.connection().execute(replace, (request.as_bytes(), key.expose()))?;
            Ok(())
        };
        thief.peer().act(another_key).unwrap();
        edit(thief.peer(), request, format!("+3805000000{seed:02}"));
    }
    meet(&world, &thief);
    let desk = world.desk.peer();
    assert_eq!(phone(desk, request), "+380500000008");
    assert_eq!(desk.read(|view| view.exceptions(None)).unwrap().len(), 4);
    edit(desk, request, "+380509999999".into());
    assert_eq!((phone(desk, request).as_str(), desk.rebuild().unwrap()), ("+380509999999", 1));
}

/// Records of which somebody revoked knows the key get their next ones, whatever another one says.
#[test]
fn a_reception_key_that_nothing_can_be_sealed_to_keeps_nobody_from_new_keys() {
    let mut world = World::new();
    let (maker, thief, revoked) = (world.suitcase(7), world.suitcase(8), world.suitcase(9));
    let request = record(maker.peer(), "7-1");
    for suitcase in [&maker, &thief, &revoked] {
        meet(&world, suitcase);
    }
    for reader in [thief.peer().chain(), revoked.peer().chain()] {
        world.desk.peer().act(move |act| act.grant(request, reader)).unwrap();
    }
    thief.peer().act(|act| act.own(&epoch(1, LOW_ORDER)).map(|_| ())).unwrap();
    meet(&world, &thief);
    // Who grants it something is told so.
    let (other, reader) = (record(world.desk.peer(), "0-1"), thief.peer().chain());
    let refused = world.desk.peer().act(move |act| act.grant(other, reader));
    assert!(matches!(refused, Err(PeerError::NoReception)), "{refused:?}");
    let chain = revoked.peer().chain();
    let fact = Fact::Revocation { chain, from: world.clock.now().0, reason: "викрадено".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    assert_eq!(world.desk.peer().act(move |act| act.renew_keys_of(chain, 10)).unwrap(), 1);
    edit(world.desk.peer(), request, "+380500000001".into());
    world.centre();
    world.exchange(maker.peer()).unwrap();
    assert_eq!(phone(maker.peer(), request), "+380500000001");
    assert_eq!(world.desk.peer().verify().unwrap().faults, Vec::<String>::new());
}

/// A laptop that was declined is somebody else's: what it tells again of the suitcase whose disk it copied counts for nobody.
#[test]
fn a_declined_laptop_tells_nothing_again_for_the_one_it_copied() {
    let mut world = World::new();
    let mut laptop = world.suitcase(7);
    record(laptop.peer(), "7-1");
    let image = laptop.image();
    let copy = laptop.twin(&image);
    record(laptop.peer(), "7-2");
    let suitcase = laptop.peer().chain();
    meet(&world, &laptop);
    record(copy.peer(), "7-3");
    meet(&world, &copy);
    let declined = copy.peer().chain();
    assert_ne!(declined, suitcase);
    let fact = Fact::Revocation { chain: declined, from: world.clock.now().0, reason: "не наша".into() };
    world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    // As if the suitcase's first fact had been sealed to a key that is gone.
    let unopened = move |act: &mut peer::Act<'_>| {
        let connection = act.connection();
        connection.execute("DELETE FROM epoch WHERE chain = ?1", [suitcase.as_bytes()])?;
        let state = "UPDATE entry SET state = 2 WHERE seq = 1 AND chain = (SELECT id FROM chain WHERE name = ?1)";
        assert_eq!(connection.execute(state, [suitcase.as_bytes()])?, 1);
        let aside = "INSERT INTO exception (chain, seq, code, sentence) VALUES (?1, 1, ?2, '')";
        connection.execute(aside, (suitcase.as_bytes(), chain::ExceptionCode::Unopened.code()))?;
        Ok(())
    };
    world.desk.peer().act(unopened).unwrap();
    let known = |chain: ids::ChainId| {
        let epochs = move |view: &peer::View<'_>| {
            let count = "SELECT count(*) FROM epoch WHERE chain = ?1";
            Ok(view.connection().query_row(count, [chain.as_bytes()], |row| row.get::<_, u64>(0))?)
        };
        world.desk.peer().read(epochs).unwrap()
    };
    let told = |by: &Peer| {
        let plain = epoch(9, AgreementPublicKey([9; 32])).encode();
        let fact = OwnFact::ToldAgain(vec![ToldAgain { chain: suitcase, seq: 1, plain }]);
        by.act(move |act| act.own(&fact).map(|_| ())).unwrap();
    };
    told(copy.peer());
    meet(&world, &copy);
    assert_eq!(known(suitcase), 0);
    // The suitcase itself may.
    told(laptop.peer());
    meet(&world, &laptop);
    assert_eq!(known(suitcase), 1);
}
