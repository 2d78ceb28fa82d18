//! The same changes on their real way: sealed and signed by a certified suitcase, through the hub, to the centre and to
//! the suitcase that made the records.

use crate::author::Author;
use crate::classes::{Class, forge};
use crate::scene::Scene;
use chain::ExceptionCode;
use ids::{ChainId, RecordId};
use peer::{Filter, Peer};
use records::{Document, Edit, Kind};
use std::collections::BTreeMap;
use valiza_tests::invented::Dice;
use valiza_tests::world::{Member, World, request_fields};

/// A community in which a hostile suitcase was granted records of an honest one.
pub struct Community {
    pub world: World,
    pub victim: Member,
    pub author: Author,
    pub records: Vec<RecordId>,
}

impl Community {
    pub fn new(records: usize) -> Self {
        let mut world = World::new();
        let victim = world.suitcase(7);
        let mut author = Author::enrol(&world, 66);
        let make = |n: usize| {
            let fields = request_fields(&format!("7-{n}"), "Коваленко");
            victim.peer().act(move |act| act.create(Kind::Request, &fields)).expect("a record")
        };
        let records: Vec<RecordId> = (0..records).map(make).collect();
        world.centre();
        author.exchange(&world);
        world.exchange(victim.peer()).expect("the hub answers");
        world.centre();
        let (granted, to) = (records.clone(), author.chain());
        let grant = move |act: &mut peer::Act<'_>| granted.iter().try_for_each(|record| act.grant(*record, to));
        world.desk.peer().act(grant).expect("granted");
        world.centre();
        author.exchange(&world);
        Self { world, victim, author, records }
    }

    /// The hostile suitcase reaches the hub, then everybody else does.
    pub fn spread(&mut self) {
        self.author.exchange(&self.world);
        self.world.centre();
        self.world.exchange(self.victim.peer()).expect("the hub answers");
        self.world.centre();
        self.world.exchange(self.victim.peer()).expect("the hub answers");
    }
}

pub fn document(peer: &Peer, record: RecordId) -> Document {
    peer.read(|view| view.document(record)).expect("the record is there")
}

pub fn texts(document: &Document, key: &str) -> Vec<String> {
    let values = document.values();
    values.get(key).into_iter().flatten().filter_map(|w| w.value.as_text().map(str::to_owned)).collect()
}

/// What a peer set aside of a chain, by number.
pub fn set_aside(peer: &Peer, chain: ChainId) -> BTreeMap<u64, (ExceptionCode, String)> {
    let exceptions = peer.read(|view| view.exceptions(Some(chain))).expect("it reads");
    exceptions.into_iter().map(|(_, e)| (e.seq, (e.code, e.sentence))).collect()
}

fn sound(peer: &Peer) {
    assert_eq!(peer.verify().expect("it can be verified").faults, Vec::<String>::new());
    let before = peer.rows_as_text().expect("rows");
    peer.rebuild().expect("it rebuilds");
    assert_eq!(peer.rows_as_text().expect("rows"), before);
}

#[test]
fn every_reader_sets_hostile_changes_aside_and_keeps_the_honest_work() {
    let mut community = Community::new(Class::ALL.len());
    let victim = community.victim.peer().chain();
    let me = community.author.chain();
    let mut dice = Dice::new(11);
    let mut forged = BTreeMap::new();
    for (class, record) in Class::ALL.iter().zip(community.records.clone()) {
        let author = &mut community.author;
        let mut document = author.document(record);
        author.edit(&mut document, "f.before", "чесно");
        let scene = Scene::of(document.clone(), (me, 1), (victim, 1));
        forged.insert(author.put(record, forge(*class, &scene, &mut dice)), *class);
        author.edit(&mut document, "f.after", "чесно");
    }
    // Not even bodies: opened, and nothing a body may be.
    for body in [&b""[..], &[0; 40], &[1, 3], &[9; 3000], &[1, 3, 5, b'a', b'b', b'c', b'd', b'e', 0, 0]] {
        forged.insert(community.author.put_body(community.records[0], body), Class::Garbage);
    }
    let later = request_fields("7-999", "Пізніша");
    community.victim.peer().act(move |act| act.create(Kind::Request, &later)).expect("the victim works on");
    community.spread();

    let readers = [("centre", community.world.desk.peer()), ("suitcase", community.victim.peer())];
    for (name, peer) in readers {
        let aside = set_aside(peer, me);
        for (seq, class) in &forged {
            if *class == Class::MissingDeps {
                continue;
            }
            let (code, sentence) = aside.get(seq).unwrap_or_else(|| panic!("{name} took {class:?}"));
            assert!([ExceptionCode::Gate, ExceptionCode::LaterVersion].contains(code), "{name} {class:?}: {code:?}");
            assert!(*code != ExceptionCode::Gate || sentence.contains(" / "), "{name} {class:?}: {sentence}");
        }
        assert!(aside.keys().all(|seq| forged.contains_key(seq)), "{name} set honest work aside: {aside:?}");
        for (record, class) in community.records.iter().zip(Class::ALL) {
            let document = document(peer, *record);
            assert_eq!(texts(&document, "f.before"), ["чесно"], "{name} {class:?}");
            assert_eq!(texts(&document, "f.after"), ["чесно"], "{name} {class:?}");
            assert_eq!(texts(&document, "a.last"), ["Коваленко"], "{name} {class:?}");
            assert_eq!(document.values().keys().filter(|key| key.starts_with("e/")).count(), 1, "{name} {class:?}");
            assert_eq!(document.change_count(), 3, "{name} {class:?}");
        }
        sound(peer);
    }
    let count = community.world.desk.peer().read(|view| view.count(&Filter::default())).expect("rows");
    assert_eq!(count, Class::ALL.len() as u64 + 1, "the victim's later request came, too");
    println!("{} hostile entries, {} classes: 0 taken at the centre and on a suitcase", forged.len(), Class::ALL.len());
}

/// What waits for ever for what nobody has is told in the verdict, and holds up nothing.
#[test]
fn a_change_that_waits_for_what_nobody_has_is_told_and_holds_up_nothing() {
    let mut community = Community::new(1);
    let (me, record) = (community.author.chain(), community.records[0]);
    let mut honest = community.author.document(record);
    let scene = Scene::of(honest.clone(), (me, 0), (community.victim.peer().chain(), 1));
    let waiting = community.author.put(record, forge(Class::MissingDeps, &scene, &mut Dice::new(1)));
    community.author.edit(&mut honest, "f.after", "чесно");
    community.spread();
    let aside = set_aside(community.world.desk.peer(), me);
    assert_eq!(aside.keys().collect::<Vec<_>>(), [&waiting]);
    assert_eq!(aside[&waiting].0, ExceptionCode::Unopened);
    let desk = community.world.desk.peer();
    assert_eq!(texts(&document(desk, record), "f.after"), ["чесно"]);
    let told = desk.read(|view| view.verdict_end(me)).expect("a verdict");
    assert!(told > waiting, "the verdict does not wait");
}

/// The hostile suitcase edits a record while its maker edits it, too: the maker loses nothing.
#[test]
fn a_maker_s_concurrent_edit_survives_beside_a_forgery() {
    let mut community = Community::new(1);
    let (me, record) = (community.author.chain(), community.records[0]);
    let document_before = community.author.document(record);
    let scene = Scene::of(document_before, (me, 0), (community.victim.peer().chain(), 1));
    let mut dice = Dice::new(3);
    for class in [Class::DeleteField, Class::PredOtherKey, Class::StartReused, Class::OtherActor] {
        community.author.put(record, forge(class, &scene, &mut dice));
    }
    let edit =
        |peer: &Peer| peer.act(move |act| act.edit(record, |_, _| Ok((vec![Edit::new("phone", "+380501112233")], ()))));
    edit(community.victim.peer()).expect("the maker edits");
    community.spread();
    for peer in [community.world.desk.peer(), community.victim.peer()] {
        assert_eq!(texts(&document(peer, record), "phone"), ["+380501112233"]);
        assert_eq!(set_aside(peer, me).len(), 4);
        sound(peer);
    }
}
