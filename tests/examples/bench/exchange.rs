//! A hub over TLS on a loopback port, and peers that exchange with it.

use chain::Courier;
use peer::Peer;
use peer::sync::{Link, sync, tls};
use std::sync::Arc;
use valiza_tests::world::{Member, World};

const ANSWERER: &str = "hub";

/// The world's hub on a loopback port, TLS 1.3, one fsync a message.
pub fn serve(runtime: &tokio::runtime::Runtime, world: &World) -> String {
    format!("https://{}", runtime.block_on(valiza_tests::served::serve(world)))
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
