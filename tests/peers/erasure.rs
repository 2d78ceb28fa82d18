//! What the centre orders to be erased is gone with everybody, whoever was away, whatever is put back; and nothing that
//! lies beside it is lost.

use crate::disasters::restore;
use chain::{ExceptionCode, Fact};
use hub::store::MemoryStore;
use ids::{ChainId, RecordId};
use peer::{Filter, Peer, PeerError, Split};
use records::{Edit, Kind};
use sealing::AgreementSecret;
use std::collections::BTreeSet;
use std::sync::Arc;
use valiza_tests::world::{Member, World, request_fields};

fn record(peer: &Peer, number: &'static str, last: &'static str) -> RecordId {
    peer.act(move |act| act.create(Kind::Request, &request_fields(number, last))).unwrap()
}

fn set(peer: &Peer, record: RecordId, value: &'static str) -> Result<(), PeerError> {
    peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new("phone", value)], ()))))
}

fn order(world: &World, record: RecordId) -> Split {
    let split = world.desk.peer().act(move |act| act.order_erasure(&BTreeSet::from([record]))).unwrap();
    world.desk.peer().obey().unwrap();
    split
}

/// Everybody talks until nobody has anything new.
fn settle(world: &World, members: &[&Member]) {
    for _ in 0..4 {
        for member in members {
            world.exchange(member.peer()).unwrap();
        }
        world.centre();
    }
}

/// How many entries about a record still have a body: the first byte says so by its highest bit.
fn bodies(peer: &Peer, record: RecordId) -> i64 {
    let bodied = "SELECT count(*) FROM entry WHERE record = ?1
                  AND substr(hex(substr(bytes, 1, 1)), 1, 1) IN ('1', '3', '5', '7')";
    rows_with(peer, bodied, record)
}

fn rows_with(peer: &Peer, sql: &'static str, id: RecordId) -> i64 {
    peer.read(|view| Ok(view.connection().query_row(sql, [id.as_bytes()], |row| row.get(0))?)).unwrap()
}

fn is_gone(peer: &Peer, id: RecordId) {
    assert_eq!(bodies(peer, id), 0);
    assert!(matches!(peer.read(|view| view.document(id)), Err(PeerError::Erased)));
    for sql in ["SELECT count(*) FROM record_key WHERE record = ?1", "SELECT count(*) FROM record WHERE record = ?1"] {
        assert_eq!(rows_with(peer, sql, id), 0, "{sql}");
    }
    let words = vec!["стиранко".to_owned()];
    assert_eq!(peer.read(|view| view.count(&Filter { words, ..Filter::default() })).unwrap(), 0);
    let terms = "SELECT count(*) FROM search_data WHERE instr(block, CAST('тиранко' AS BLOB)) > 0 AND ?1 = ?1";
    assert_eq!(rows_with(peer, terms, id), 0, "the words are gone from the index's pages, too");
    is_whole(peer);
}

fn is_whole(peer: &Peer) {
    assert_eq!(peer.verify().unwrap().faults, Vec::<String>::new());
    let before = peer.rows_as_text().unwrap();
    peer.rebuild().unwrap();
    assert_eq!(peer.rows_as_text().unwrap(), before);
}

fn reads(peer: &Peer, id: RecordId) -> bool {
    peer.read(|view| Ok(view.opens(id))).unwrap()
}

/// Two suitcases that share two records made in one epoch of the first, which is over.
struct Scene {
    world: World,
    store: Arc<MemoryStore>,
    first: Member,
    second: Member,
    /// To be erased, and the one beside it.
    gone: RecordId,
    beside: RecordId,
}

impl Scene {
    fn new() -> Self {
        let store = Arc::new(MemoryStore::new());
        let mut world = World::over(store.clone());
        let (mut first, second) = (world.suitcase(7), world.suitcase(8));
        let (gone, beside) = (record(first.peer(), "7-1", "Стиранко"), record(first.peer(), "7-2", "Коваленко"));
        settle(&world, &[&first, &second]);
        let reader = second.peer().chain();
        world.desk.peer().act(move |act| [gone, beside].into_iter().try_for_each(|id| act.grant(id, reader))).unwrap();
        settle(&world, &[&first, &second]);
        set(second.peer(), gone, "+380501111111").unwrap();
        // The next unlock: an epoch of its own.
        first.close();
        first.open();
        record(first.peer(), "7-3", "Гук");
        settle(&world, &[&first, &second]);
        assert!(bodies(second.peer(), gone) > 0);
        Self { world, store, first, second, gone, beside }
    }

    fn settle(&self) {
        settle(&self.world, &[&self.first, &self.second]);
    }

    fn all_obeyed(&self) {
        for peer in [self.first.peer(), self.second.peer(), self.world.desk.peer()] {
            is_gone(peer, self.gone);
            assert!(reads(peer, self.beside));
        }
    }

    /// Of the key itself nothing is left at the desk but what an order names.
    fn key_is_nowhere(&self) {
        let register = self.world.desk.peer().register().unwrap();
        let left = self.world.desk.peer().read(|view| view.keys_of_erased(&register)).unwrap();
        assert_eq!(left, BTreeSet::new());
    }
}

#[test]
fn an_order_is_obeyed_by_all_and_what_lies_beside_it_stays() {
    let scene = Scene::new();
    let split = order(&scene.world, scene.gone);
    assert_eq!((split.entries.len(), split.waiting.len(), split.kept.is_some()), (1, 0, true), "{split:?}");
    scene.settle();
    scene.all_obeyed();
    scene.key_is_nowhere();
    // The second suitcase goes on with what it has.
    set(scene.second.peer(), scene.beside, "+380502222222").unwrap();
    let refused = set(scene.second.peer(), scene.gone, "+380502222222").unwrap_err();
    assert!(refused.to_string().contains("стерто за розпорядженням"), "{refused}");
    scene.settle();
    let document = scene.first.peer().read(|view| view.document(scene.beside)).unwrap();
    assert!(document.values()["phone"].iter().any(|written| written.value.as_text() == Some("+380502222222")));
    // Ordered again, nothing is said again.
    let before = scene.world.desk.peer().register().unwrap().erasures().count();
    order(&scene.world, scene.gone);
    assert_eq!(scene.world.desk.peer().register().unwrap().erasures().count(), before);
}

/// A suitcase that reads the record writes a grant of it into its own chain: nobody's grant, and about the record all the
/// same.
#[test]
fn what_a_suitcase_granted_by_itself_goes_with_the_rest() {
    let scene = Scene::new();
    let (gone, itself) = (scene.gone, scene.second.peer().chain());
    scene.second.peer().act(move |act| act.grant(gone, itself)).unwrap();
    scene.settle();
    order(&scene.world, scene.gone);
    scene.settle();
    scene.all_obeyed();
}

#[test]
fn what_a_suitcase_that_was_away_brings_is_stored_without_its_body_and_judged() {
    let scene = Scene::new();
    // Away from here on.
    set(scene.second.peer(), scene.gone, "+380503333333").unwrap();
    let own = record(scene.second.peer(), "8-1", "Мельник");
    order(&scene.world, scene.gone);
    settle(&scene.world, &[&scene.first]);
    scene.settle();
    scene.all_obeyed();
    assert!(reads(scene.world.desk.peer(), own), "other work of the same suitcase is taken");
    let chain = scene.second.peer().chain();
    let told = scene.second.peer().read(|view| view.exceptions(Some(chain))).unwrap();
    assert_eq!(told.iter().map(|(_, one)| one.code).collect::<Vec<_>>(), [ExceptionCode::Erased]);
    assert!(told[0].1.sentence.contains("стерто за розпорядженням"));
    let (present, chains) = scene.second.peer().own_state("hub").unwrap();
    assert_eq!(chain::nothing_left(&present, &chains).unwrap().len(), 1, "nothing is stuck: a shift may end");
}

#[test]
fn an_epoch_that_goes_on_is_dropped_when_it_is_over() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let gone = record(suitcase.peer(), "7-1", "Стиранко");
    settle(&world, &[&suitcase]);
    // Recorded under the same key, and the centre knows nothing of it yet.
    let unsent = record(suitcase.peer(), "7-2", "Коваленко");
    let split = order(&world, gone);
    assert_eq!((split.entries.len(), split.waiting.len()), (0, 1));
    settle(&world, &[&suitcase]);
    assert!(reads(world.desk.peer(), unsent), "it came under the epoch's key");
    let later = record(suitcase.peer(), "7-3", "Гук");
    settle(&world, &[&suitcase]);
    let split = order(&world, gone);
    assert_eq!((split.entries.len(), split.waiting.len()), (1, 0), "the suitcase began another epoch when it obeyed");
    settle(&world, &[&suitcase]);
    let kit = AgreementSecret::from_bytes(world.root.agreement_secret());
    world.lose_desk();
    restore(&world, &kit);
    assert!([unsent, later].into_iter().all(|id| reads(world.desk.peer(), id)), "by the kept keys");
    is_gone(world.desk.peer(), gone);
    is_whole(world.desk.peer());
}

/// A suitcase that changed a record made by another holds no key that makes the record's: nobody waits for it.
#[test]
fn the_epoch_of_who_only_changed_the_record_is_left_alone() {
    let mut world = World::new();
    let (mut first, mut second) = (world.suitcase(7), world.suitcase(8));
    let gone = record(first.peer(), "7-1", "Стиранко");
    let beside = record(second.peer(), "8-1", "Коваленко");
    settle(&world, &[&first, &second]);
    let reader = second.peer().chain();
    world.desk.peer().act(move |act| act.grant(gone, reader)).unwrap();
    settle(&world, &[&first, &second]);
    set(second.peer(), gone, "+380501111111").unwrap();
    first.close();
    first.open();
    record(first.peer(), "7-2", "Гук");
    settle(&world, &[&first, &second]);
    let split = order(&world, gone);
    assert_eq!((split.entries.len(), split.waiting.len()), (1, 0), "the first one's epoch alone: {split:?}");
    let keys_left = |world: &World| {
        let register = world.desk.peer().register().unwrap();
        world.desk.peer().read(|view| view.keys_of_erased(&register)).unwrap()
    };
    assert_eq!(keys_left(&world), BTreeSet::new(), "and it stays known when the bodies are gone");
    // Neither now nor when its epoch is over is anything of the second suitcase split.
    settle(&world, &[&first, &second]);
    second.close();
    second.open();
    record(second.peer(), "8-2", "Лис");
    settle(&world, &[&first, &second]);
    let again = order(&world, gone);
    assert_eq!((again.entries.len(), again.waiting.len()), (0, 0), "{again:?}");
    is_gone(world.desk.peer(), gone);
    assert!(reads(world.desk.peer(), beside));
    // A desk that is made again from the kit cannot tell any more: it splits one epoch too many, and loses nothing by it.
    let kit = AgreementSecret::from_bytes(world.root.agreement_secret());
    world.lose_desk();
    restore(&world, &kit);
    order(&world, gone);
    settle(&world, &[&first, &second]);
    assert_eq!(keys_left(&world), BTreeSet::new());
    assert!(reads(world.desk.peer(), beside));
    is_gone(world.desk.peer(), gone);
}

#[test]
fn a_key_that_was_kept_apart_is_split_again_when_its_record_is_erased() {
    let mut scene = Scene::new();
    let third = record(scene.first.peer(), "7-4", "Лис");
    scene.first.close();
    scene.first.open();
    record(scene.first.peer(), "7-5", "Бондар");
    scene.settle();
    // Erased one after the other: the second one's key lies in the fact that the first order made.
    order(&scene.world, scene.gone);
    let split = order(&scene.world, scene.beside);
    let case = scene.world.desk.peer().chain();
    assert!(split.entries.iter().any(|(chain, _)| *chain == case), "{split:?}");
    scene.settle();
    scene.key_is_nowhere();
    let kit = AgreementSecret::from_bytes(scene.world.root.agreement_secret());
    scene.world.lose_desk();
    restore(&scene.world, &kit);
    for id in [scene.gone, scene.beside] {
        is_gone(scene.world.desk.peer(), id);
    }
    assert!(reads(scene.world.desk.peer(), third));
}

#[test]
fn a_hub_that_is_put_back_or_lost_obeys_again() {
    let mut scene = Scene::new();
    let copy = scene.store.copy();
    order(&scene.world, scene.gone);
    scene.settle();
    scene.world.put_hub_back(Arc::new(copy));
    scene.settle();
    scene.all_obeyed();
    let kit = AgreementSecret::from_bytes(scene.world.root.agreement_secret());
    scene.world.lose_desk();
    restore(&scene.world, &kit);
    is_gone(scene.world.desk.peer(), scene.gone);
    assert!(reads(scene.world.desk.peer(), scene.beside), "the hub kept no body, and the key beside it");
    scene.world.lose_hub();
    scene.settle();
    scene.all_obeyed();
}

#[test]
fn a_suitcase_that_is_put_back_from_an_image_obeys_again() {
    let mut scene = Scene::new();
    let images = (scene.first.image(), scene.second.image());
    set(scene.second.peer(), scene.gone, "+380505555555").unwrap();
    scene.settle();
    order(&scene.world, scene.gone);
    scene.settle();
    scene.first.put_back(&images.0);
    scene.second.put_back(&images.1);
    assert!(reads(scene.second.peer(), scene.gone), "the image is from before");
    set(scene.second.peer(), scene.gone, "+380504444444").unwrap();
    let other = record(scene.second.peer(), "8-2", "Мельник");
    scene.settle();
    let register = scene.world.desk.peer().register().unwrap();
    let waiting: Vec<ChainId> = register.unconfirmed().map(|rebirth| rebirth.chain).collect();
    assert!(waiting.contains(&scene.second.peer().chain()), "it goes on under a new chain");
    for chain in waiting {
        let validity = signing::Validity { not_before: 0, not_after: i64::MAX };
        scene.world.desk.peer().act(move |act| act.confirm_rebirth(chain, validity)).unwrap();
    }
    scene.settle();
    scene.all_obeyed();
    assert!(reads(scene.world.desk.peer(), other), "what was recorded meanwhile arrives");
}

#[test]
fn a_desk_that_is_put_back_from_a_copy_obeys_again() {
    let mut scene = Scene::new();
    let image = scene.world.desk.image();
    order(&scene.world, scene.gone);
    let late = record(scene.first.peer(), "7-6", "Кравець");
    scene.settle();
    scene.world.desk.put_back(&image);
    scene.world.desk.peer().begin_from_a_copy("hub").unwrap();
    assert!(reads(scene.world.desk.peer(), scene.gone), "the copy is from before");
    scene.world.exchange(scene.world.desk.peer()).unwrap();
    assert!(!scene.world.desk.peer().is_catching_up().unwrap());
    scene.settle();
    scene.all_obeyed();
    scene.key_is_nowhere();
    assert!(reads(scene.world.desk.peer(), late));
}

#[test]
fn a_centre_from_the_kit_goes_on_and_erases_itself() {
    let mut scene = Scene::new();
    order(&scene.world, scene.gone);
    scene.settle();
    let kit = AgreementSecret::from_bytes(scene.world.root.agreement_secret());
    scene.world.lose_desk();
    restore(&scene.world, &kit);
    scene.settle();
    scene.all_obeyed();
    order(&scene.world, scene.beside);
    scene.settle();
    for peer in [scene.first.peer(), scene.second.peer(), scene.world.desk.peer()] {
        is_gone(peer, scene.beside);
    }
    assert_eq!(scene.world.desk.peer().register().unwrap().erasures().count(), 2);
}

#[test]
fn what_was_cut_off_is_done_at_the_next_start() {
    let mut scene = Scene::new();
    // The order is written; the program ends before it obeys.
    let gone = scene.gone;
    let fact = Fact::Erasure(chain::Erasure { records: vec![gone], ..chain::Erasure::default() });
    scene.world.desk.peer().act(move |act| act.register_fact(&fact)).unwrap();
    assert!(reads(scene.world.desk.peer(), gone));
    let faults = scene.world.desk.peer().verify().unwrap().faults;
    assert!(faults.iter().any(|fault| fault.contains("ще не виконано")), "{faults:?}");
    scene.world.desk.close();
    scene.world.desk.open();
    is_gone(scene.world.desk.peer(), gone);
    // Whoever has not looked yet obeys when the news come.
    scene.settle();
    scene.all_obeyed();
    // The epoch is named by the next order, which needs no body any more.
    assert_eq!(order(&scene.world, gone).entries.len(), 1);
    scene.settle();
    scene.key_is_nowhere();
    scene.all_obeyed();
}
