//! What is inside the traffic once TLS is taken off: the very bytes that the hub is given, and gives.

use crate::canaries;
use crate::search::{Found, Search};
use chain::Courier;
use peer::Peer;
use peer::sync::Session;
use records::{Edit, Kind};
use valiza_tests::world::{World, request_fields};

/// Exchanges like [`World::exchange`], and keeps every message and answer.
fn exchange(world: &World, peer: &Peer, kept: &mut Vec<u8>) {
    let mut courier = Courier::default();
    let mut session = Session::new("hub");
    for _ in 0..100 {
        let message = session.next(peer, courier.batch()).expect("a message");
        let answer = world.hub.answer(&message, clock::Clock::now(world.clock.as_ref())).expect("an answer");
        kept.extend_from_slice(&message);
        kept.extend_from_slice(&answer);
        if !session.answered(peer, &answer, &mut courier).expect("understood") {
            peer.absorb().expect("absorbed");
            return;
        }
    }
    panic!("the exchange does not end");
}

/// One record whose fields are the words, as many as there are.
fn fields(words: &[String]) -> Vec<Edit> {
    let mut fields = request_fields("7-211126-014-К4Е", &words[0]);
    fields.extend(words.iter().enumerate().map(|(n, word)| Edit::new(format!("f.q{n}"), word.as_str())));
    fields
}

#[test]
fn the_messages_inside_tls_hold_no_word() {
    let mut world = World::new();
    let (first, second) = (world.suitcase(7), world.suitcase(8));
    let words = canaries::all();
    let search = Search::new(&words);
    let made = fields(&words);
    let record = first.peer().act(move |act| act.create(Kind::Request, &made)).expect("a record");

    let mut kept = Vec::new();
    exchange(&world, first.peer(), &mut kept);
    exchange(&world, second.peer(), &mut kept);
    exchange(&world, world.desk.peer(), &mut kept);
    let other = second.peer().chain();
    world.desk.peer().act(move |act| act.grant(record, other)).expect("granted");
    let text = words[3].clone();
    let edit =
        move |act: &mut peer::Act<'_>| act.edit(record, |_, _| Ok((vec![Edit::new("summary", text.as_str())], ())));
    world.desk.peer().act(edit).expect("the centre writes");
    world.desk.peer().write_verdicts().expect("verdicts");
    for peer in [world.desk.peer(), first.peer(), second.peer()] {
        exchange(&world, peer, &mut kept);
    }
    // The control: it did arrive, and is found where it may be read.
    let read = second.peer().read(|view| view.document(record)).expect("the grant brought it");
    let shown: String =
        read.values().values().flatten().filter_map(|w| w.value.as_text()).collect::<Vec<_>>().join(" ");
    assert_eq!(search.bytes(shown.as_bytes()).words().len(), words.len());

    let folders = [&first, &second, &world.desk].map(|member| search.folder(member.path()));
    folders.into_iter().fold(Found::default(), Found::and).none_in("the folders of two suitcases and the desk");
    search.bytes(&kept).none_in("all messages and answers");
}
