//! Devices, hubs and sticks that speak the protocol and lie in it, field by field. What is asked each time: nothing
//! unsigned is believed, nothing is lost, nothing goes on for ever, nobody else is held up, and what a person sees is a
//! sentence. What a suitcase may say to the hub, field by field, is in the hub's own tests, `sync-server/hub/tests/liar.rs`.

mod between;
mod device;
mod flood;
mod hub;
mod hub_lies;
mod later;
mod restore;
mod shells;
mod stick;
#[path = "../bad_input/wire.rs"]
#[allow(dead_code, reason = "each test program uses its part")]
mod wire;

// The suitcase whose program is not ours, as the tests of hostile changes have it.
#[path = "../hostile/author.rs"]
#[allow(dead_code, reason = "each test program uses its part")]
mod author;
#[path = "../hostile/scene.rs"]
#[allow(dead_code, reason = "each test program uses its part")]
mod scene;
