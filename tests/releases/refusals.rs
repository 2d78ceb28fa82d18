//! A forged, an older and a cut release: nobody uses them, and everybody says so.

use crate::community::{next, of_suitcase, publish, releases, tell, with_2027};
use catalogue::{Release, Viewer};
use chain::{Draft, Fact, Header, Kind, Segment};
use jiff::civil::date;
use peer::{OwnFact, Peer, PeerError};
use signing::{Secret, SigningKey};
use valiza_tests::world::World;

/// Facts that a release is published by, made without looking at what the desk has published.
fn blindly(source: &catalogue::ReleaseSource) -> Vec<Fact> {
    catalogue::Releases::new(Viewer::Centre).publish(source, &[]).expect("it is a release")
}

fn write(desk: &Peer, fact: Fact) {
    desk.act(move |act| act.register_fact(&fact)).expect("the desk may write anything");
}

#[test]
fn a_release_by_another_key_is_not_taken_from_anybody() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let source = with_2027(world.desk.peer(), "2026-11-21", "1.00");
    let register = suitcase.peer().register().unwrap();
    let (desk, end, _) = register.desks().next().expect("one desk");
    let (chain, place) = (desk.register, end.next(world.tenant, desk.register));
    let thief = SigningKey::from_seed(&Secret::new([0x66; 32]));
    let header = Header { kind: Kind::REGISTER, record: None, peer: None, after: None };
    let forged = |fact: &Fact| Draft { header, body: fact.encode() }.sign(&place, &thief).0;
    let entries = vec![forged(&blindly(&source)[0])];
    let segment = Segment { chain, from: place.seq, prev: place.prev, entries };
    let refused = suitcase.peer().take_register(vec![segment.clone()]).expect_err("another key");
    assert!(
        matches!(refused, PeerError::Register(_)) && refused.to_string().contains("не підписаний нашим центром"),
        "{refused}"
    );
    let at_desk = world.desk.peer().take_register(vec![segment]).expect_err("another key");
    assert!(matches!(at_desk, PeerError::Register(_)), "{at_desk}");
    let here = of_suitcase(suitcase.peer());
    assert_eq!((here.all().len(), here.in_force(date(2026, 12, 1)).number), (1, 1));
}

#[test]
fn an_older_a_cut_and_a_turned_release_are_refused_everywhere_with_a_sentence() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let desk = world.desk.peer();
    publish(&world, &with_2027(desk, "2026-11-21", "3500.00"));
    let newest = releases(desk, Viewer::Centre).in_force(date(2026, 12, 1)).digest;
    // Older: the number of a release that is there, with other contents.
    let older = Release::embedded().source.renumbered(2, date(2026, 11, 22)).unwrap();
    blindly(&older).into_iter().for_each(|fact| write(desk, fact));
    // Cut: a second piece is announced and never comes. Turned: one bit of the difference.
    let third = Release::embedded().source.renumbered(3, date(2026, 11, 23)).unwrap();
    let Fact::Release(head) = blindly(&third).remove(0) else { panic!("the announcement first") };
    write(desk, Fact::Release(chain::ReleaseHead { pieces: 2, ..head.clone() }));
    let mut turned = head.clone();
    let middle = turned.piece.len() / 2;
    turned.piece[middle] ^= 1;
    write(desk, Fact::Release(chain::ReleaseHead { number: 4, ..turned }));
    world.exchange(desk).unwrap();
    world.exchange(suitcase.peer()).unwrap();
    for releases in [of_suitcase(suitcase.peer()), releases(desk, Viewer::Centre)] {
        let said: Vec<&str> = releases.refused().iter().map(|one| one.sentence.uk.as_str()).collect();
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(said[0].contains("випуск 2 каталогу не взято: він не новіший за випуск 2"), "{said:?}");
        assert!(said[1].contains("випуск 3 каталогу не взято: є 1 з 2 частин"), "{said:?}");
        assert!(said[2].contains("випуск 4 каталогу не взято: "), "{said:?}");
        assert_eq!(releases.in_force(date(2027, 6, 1)).digest, newest, "the good one stays in force");
    }
    // The centre learns of it, and the next release is taken as if nothing had happened.
    tell(suitcase.peer());
    world.exchange(suitcase.peer()).unwrap();
    world.centre();
    let facts = desk.read(|view| view.facts(suitcase.peer().chain(), 0)).unwrap();
    let refused = facts.iter().filter(|(_, fact)| matches!(fact, OwnFact::ReleaseRefused { .. })).count();
    assert_eq!(refused, 3);
    publish(&world, &next(desk, "2026-11-24", catalogue::FRAME, "\"3500.00\"", "\"3600.00\""));
    world.exchange(suitcase.peer()).unwrap();
    assert_eq!(of_suitcase(suitcase.peer()).in_force(date(2026, 12, 1)).number, 5);
}
