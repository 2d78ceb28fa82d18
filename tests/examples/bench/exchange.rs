//! A hub over TLS on a loopback port, and peers that exchange with it.

use chain::Courier;
use clock::Clock;
use peer::Peer;
use peer::sync::{Link, sync, tls};
use signing::{Secret, Validity};
use std::sync::Arc;
use valiza_tests::world::{HUB_SEED, Member, World};

const ANSWERER: &str = "hub";

/// The world's hub on a loopback port, TLS 1.3, one fsync a message.
pub fn serve(runtime: &tokio::runtime::Runtime, world: &World) -> String {
    let seed = Secret::new(HUB_SEED);
    let validity = Validity { not_before: 0, not_after: 4_102_444_800_000 };
    let names = ["127.0.0.1".to_owned()];
    let certificate = hub::tls::issue(&world.root.signing_seed(), &seed, &names, validity).unwrap();
    let config = hub::tls::server_config(certificate, &seed).unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let (hub, clock): (_, Arc<dyn Clock>) = (Arc::clone(&world.hub), world.clock.clone());
    runtime.spawn(hub::http::serve(listener, Some(config), hub, clock, std::future::pending()));
    address
}

pub fn link(world: &World, address: &str) -> Link {
    Link::new(address, tls::client_config(&world.public.signing).unwrap()).unwrap()
}

/// A suitcase whose peer the sync driver can share.
pub struct Shared(pub Member);

impl Shared {
    pub fn peer(&self) -> &Arc<Peer> {
        self.0.peer()
    }

    pub fn sync(&self, runtime: &tokio::runtime::Runtime, link: &mut Link) -> usize {
        let mut courier = Courier::default();
        runtime.block_on(sync(self.peer(), link, ANSWERER, &mut courier)).unwrap().rounds
    }
}
