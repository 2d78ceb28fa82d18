//! The world's hub on a loopback port, TLS 1.3, and links to it.

use crate::world::{HUB_SEED, World};
use clock::Clock;
use peer::sync::{Link, tls};
use signing::{Secret, Validity};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Names in the hub's certificate.
pub const NAMES: [&str; 3] = ["127.0.0.1", "::1", "localhost"];

/// Serves until `shutdown` is done.
pub async fn serve_until(
    world: &World,
    listen: &str,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> SocketAddr {
    let config = tls_config(world);
    let listener = TcpListener::bind(listen).await.expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    let (hub, clock): (_, Arc<dyn Clock>) = (Arc::clone(&world.hub), world.clock.clone());
    tokio::spawn(hub::http::serve(listener, Some(config), hub, clock, shutdown));
    address
}

/// The hub's certificate and key, as its listener has them.
pub fn tls_config(world: &World) -> Arc<rustls::ServerConfig> {
    let seed = Secret::new(HUB_SEED);
    let validity = Validity { not_before: 0, not_after: 4_102_444_800_000 };
    let certificate = hub::tls::issue(&world.root.signing_seed(), &seed, &NAMES.map(str::to_owned), validity);
    hub::tls::server_config(certificate.expect("a certificate"), &seed).expect("a good certificate")
}

/// Serves as long as the runtime lives.
pub async fn serve(world: &World) -> SocketAddr {
    serve_until(world, "127.0.0.1:0", std::future::pending()).await
}

/// A link to an address, believing the world's root.
pub fn link(world: &World, address: SocketAddr) -> Link {
    let config = tls::client_config(&world.public.signing).expect("the root's key");
    Link::new(&format!("https://{address}"), config).expect("an address")
}
