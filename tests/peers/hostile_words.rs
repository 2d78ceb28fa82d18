//! What a suitcase says of itself is read entry by entry, however much it says.

use peer::{OwnFact, PeerError};
use valiza_tests::world::World;

/// More than are in memory at once.
const FACTS: i64 = 600;

#[test]
fn what_a_suitcase_says_is_read_in_pages_each_once_and_in_its_order() {
    let mut world = World::new();
    let suitcase = world.suitcase(7);
    let say = |act: &mut peer::Act<'_>| {
        (0..FACTS).try_for_each(|at| act.own(&OwnFact::Recovered { officer: "olena".into(), at }).map(|_| ()))
    };
    suitcase.peer().act(say).unwrap();
    world.exchange(suitcase.peer()).unwrap();
    world.exchange(world.desk.peer()).unwrap();
    let (desk, chain) = (world.desk.peer(), suitcase.peer().chain());
    let read = |until| {
        let mut read = Vec::new();
        let each = |seq: u64, fact| {
            read.extend(if let OwnFact::Recovered { at, .. } = fact { Some((seq, at)) } else { None });
            Ok(())
        };
        desk.read(|view| view.each_fact(chain, (0, until), each)).unwrap();
        read
    };
    let end = desk.read(|view| view.end(chain)).unwrap().seq;
    let all = read(end);
    assert_eq!(all.iter().map(|(_, at)| *at).collect::<Vec<_>>(), (0..FACTS).collect::<Vec<_>>());
    let (middle, _) = all[299];
    assert_eq!(read(middle), all[..300]);
    // Who has seen enough reads no further.
    let mut seen = 0;
    let once = |_, _| {
        seen += 1;
        Err(PeerError::Later)
    };
    assert!(desk.read(|view| view.each_fact(chain, (0, end), once)).is_err());
    assert_eq!(seen, 1);
}
