//! The hub on a socket: certificates, limits, slow and rude clients, shutdown.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod town;

use clock::{Clock, ManualClock};
use hub::http::{Patience, serve_with};
use hub::store::MemoryStore;
use hub::tls;
use rustls::pki_types::{Der, ServerName, TrustAnchor};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use signing::{Root, Secret, SigningKey, Validity};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use town::*;

const SOON: Duration = Duration::from_secs(20);

fn quick() -> Patience {
    let short = Duration::from_millis(400);
    Patience { head: short, piece: short, body: short, reading: short, shutdown: short, ..Patience::default() }
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
}

/// Serves the town's hub on a free port.
async fn run(town: &Town, patience: Patience, tls: Option<Arc<ServerConfig>>) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let hub = Arc::new(hub_over(town.store.clone(), None));
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(NOON));
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(serve_with(patience, listener, tls, hub, clock, async {
        let _ = stopped.await;
    }));
    Running { address, stop, ended }
}

/// Sends bytes, reads until the hub closes.
async fn raw(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The hub may close before everything is written.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut answer)).await.expect("closed in time");
    String::from_utf8_lossy(&answer).into_owned()
}

fn post(path: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("POST {path} HTTP/1.1\r\nhost: hub\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap_or("nothing")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_goes_through_and_the_head_of_the_answer_is_small() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    seven.own(b"fact");
    let running = run(&town, Patience::default(), None).await;
    let request = Town::request(&seven, None, None, seven.since(1)).encode(&seven.key);
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(&post("/v1/exchange", &request)).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let head = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    assert!(head < 70, "{}", String::from_utf8_lossy(&answer[..head]));
    let hash = chain::Request::hash(&request);
    let (answer, _) =
        chain::Answer::decode(&answer[head..], &hash, town.tenant, &[town.hub.public()]).unwrap().unwrap();
    assert_eq!(anchor_of(&answer, seven.chain), Some(seven.end()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_has_its_status_and_a_sentence() {
    let mut town = Town::in_memory();
    let seven = town.suitcase(7);
    let running = run(&town, quick(), None).await;
    let forged = Town::request(&seven, None, None, Vec::new()).encode(&key(8));
    let mut foreign = Town::request(&seven, None, None, Vec::new());
    foreign.tenant = ids::TenantId::from_random([77; 16]);
    let foreign = foreign.encode(&seven.key);
    let large = post("/v1/enrol", &vec![0; chain::limits::ENROLMENT + 1]);
    let announced = b"POST /v1/exchange HTTP/1.1\r\nhost: hub\r\ncontent-length: 9000000000\r\n\r\n".to_vec();
    let chunk = [b"1000\r\n".as_slice(), &[0; 0x1000], b"\r\n"].concat();
    let chunked =
        [b"POST /v1/enrol HTTP/1.1\r\nhost: hub\r\ntransfer-encoding: chunked\r\n\r\n".to_vec(), chunk.repeat(4)];
    let many = format!("GET /v1/health HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(200)).into_bytes();
    let cases = [
        (post("/v1/exchange", b"hello"), "400"),
        (post("/v1/exchange", &forged), "403"),
        (post("/v1/exchange", &foreign), "404"),
        (post("/v1/enrol", b""), "400"),
        (large, "413"),
        (announced, "413"),
        (chunked.concat(), "413"),
        (post("/elsewhere", b""), "404"),
        (post("/v1/health", b""), "405"),
        (b"GET /v1/exchange HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n".to_vec(), "405"),
        (many, "431"),
        (b"\x16\x03\x01 this is no HTTP\r\n\r\n".to_vec(), "400"),
    ];
    for (request, expected) in cases {
        let answer = raw(running.address, &request).await;
        assert_eq!(status(&answer), expected, "{answer}");
        let from_us = !["431", "400"].contains(&expected);
        assert!(!from_us || answer.contains(" / "), "no sentence: {answer}");
    }
    let health = raw(running.address, b"GET /v1/health HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n").await;
    assert!(health.ends_with("\"communities\":1,\"scrub\":{\"ended\":null,\"faults\":0}}\n"), "{health}");
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_are_closed_and_others_are_served() {
    let town = Town::in_memory();
    let running = run(&town, quick(), None).await;
    let mut slow = Vec::new();
    let starts: [&[u8]; 3] =
        [b"", b"POST /v1/exchange HT", b"POST /v1/exchange HTTP/1.1\r\nhost: hub\r\ncontent-length: 900\r\n\r\nbegin"];
    for start in starts {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(start).await.unwrap();
        slow.push(stream);
    }
    let health = raw(running.address, b"GET /v1/health HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n").await;
    assert_eq!(status(&health), "200", "{health}");
    for mut stream in slow {
        let mut rest = Vec::new();
        let closed = timeout(SOON, stream.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "still open");
        let answer = String::from_utf8_lossy(&rest).into_owned();
        assert!(rest.is_empty() || status(&answer) == "408", "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_trickles_is_cut_off() {
    let town = Town::in_memory();
    let patience = Patience { piece: Duration::from_secs(60), ..quick() };
    let running = run(&town, patience, None).await;
    let (mut from_hub, mut to_hub) = TcpStream::connect(running.address).await.unwrap().into_split();
    to_hub.write_all(b"POST /v1/exchange HTTP/1.1\r\nhost: hub\r\ncontent-length: 9000\r\n\r\n").await.unwrap();
    let trickle = tokio::spawn(async move {
        while to_hub.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let mut answer = [0; 12];
    timeout(SOON, from_hub.read_exact(&mut answer)).await.expect("answered in time").unwrap();
    assert_eq!(status(&String::from_utf8_lossy(&answer)), "408");
    trickle.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_its_answer_is_closed() {
    let mut town = Town::in_memory();
    let mut seven = town.suitcase(7);
    (0..18).for_each(|_| {
        seven.own(&[7; chain::limits::BODY]);
    });
    town.ask(&seven, None, None, seven.since(1));
    let running = run(&town, quick(), None).await;
    let token = town.ask(&town.case, None, None, Vec::new()).token;
    let request = Town::request(&town.case, Some(token), None, Vec::new()).encode(&town.case.key);
    let head = format!("POST /v1/exchange HTTP/1.1\r\nhost: hub\r\ncontent-length: {}\r\n\r\n", request.len());
    let one = [head.as_bytes(), &request].concat();
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    // Answers of a MiB each, none of which is read: the socket's buffers are full after a few.
    let filled = timeout(SOON, async {
        loop {
            if stream.write_all(&one.repeat(40)).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert!(filled.await.is_ok(), "still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_does_not_wait_for_idle_clients() {
    let town = Town::in_memory();
    let patient = Patience { shutdown: Duration::from_millis(300), ..Patience::default() };
    let running = run(&town, patient, None).await;
    let idle = TcpStream::connect(running.address).await.unwrap();
    let mut half = TcpStream::connect(running.address).await.unwrap();
    half.write_all(b"POST /v1/exchange HTTP/1.1\r\nhost: hub\r\ncontent-length: 9\r\n\r\nhalf").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop.send(()).unwrap();
    timeout(Duration::from_secs(5), running.ended).await.expect("ends in time").unwrap();
    assert!(TcpStream::connect(running.address).await.is_err());
    drop(idle);
}

fn client(root: &Root) -> TlsConnector {
    let subject = b"\x31\x14\x30\x12\x06\x03\x55\x04\x03\x0c\x0bValiza root".as_slice();
    let mut key = b"\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00".to_vec();
    key.extend_from_slice(&SigningKey::from_seed(&root.signing_seed()).public().0);
    let anchor =
        TrustAnchor { subject: Der::from(subject), subject_public_key_info: Der::from(key), name_constraints: None };
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(RootCertStore { roots: vec![anchor] })
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

const HUB_SEED: Secret<32> = Secret::new([42; 32]);
const WIDE: Validity = Validity { not_before: 0, not_after: i64::MAX };

async fn handshake(running: &Running, root: &Root, name: &str) -> std::io::Result<String> {
    let stream = TcpStream::connect(running.address).await?;
    let mut stream = client(root).connect(ServerName::try_from(name.to_owned()).unwrap(), stream).await?;
    stream.write_all(b"GET /v1/health HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_recognise_their_hub_by_its_root_alone() {
    let town = Town::in_memory();
    let names = ["hub.hromada.example".to_owned(), "127.0.0.1".to_owned()];
    let certificate = tls::issue(&town.root.signing_seed(), &HUB_SEED, &names, WIDE).unwrap();
    let config = tls::server_config(certificate, &HUB_SEED).unwrap();
    let running = run(&town, Patience::default(), Some(config)).await;
    for name in ["127.0.0.1", "hub.hromada.example"] {
        let answer = handshake(&running, &town.root, name).await.unwrap();
        assert_eq!(status(&answer), "200", "{answer}");
    }
    let stranger = Root::from_seed(Secret::new([200; 32]));
    assert!(handshake(&running, &stranger, "127.0.0.1").await.is_err(), "another root");
    assert!(handshake(&running, &town.root, "hub.elsewhere.example").await.is_err(), "another name");
    let plain = raw(running.address, &post("/v1/exchange", b"hello")).await;
    assert_ne!(status(&plain), "200", "no HTTP without TLS");
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_1_2_is_refused() {
    let town = Town::in_memory();
    let certificate = tls::issue(&town.root.signing_seed(), &HUB_SEED, &["localhost".to_owned()], WIDE).unwrap();
    let running = run(&town, quick(), Some(tls::server_config(certificate, &HUB_SEED).unwrap())).await;
    // RFC 5246, 7.4.1.2: version 3.3, 32 bytes of random, no session, two suites, no compression; extensions:
    // supported groups x25519, signature schemes Ed25519 and ECDSA, no supported_versions.
    let extensions =
        b"\x00\x0a\x00\x04\x00\x02\x00\x1d\x00\x0d\x00\x06\x00\x04\x08\x07\x04\x03\x00\x0b\x00\x02\x01\x00";
    let mut hello = [b"\x03\x03".as_slice(), &[7; 32], b"\x00\x00\x04\xc0\x2b\xc0\x2c\x01\x00"].concat();
    hello.extend((extensions.len() as u16).to_be_bytes());
    hello.extend(extensions);
    let handshake = [b"\x01\x00".as_slice(), &(hello.len() as u16).to_be_bytes(), &hello].concat();
    let record = [b"\x16\x03\x01".as_slice(), &(handshake.len() as u16).to_be_bytes(), &handshake].concat();
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(&record).await.unwrap();
    let mut answer = Vec::new();
    timeout(SOON, stream.read_to_end(&mut answer)).await.unwrap().unwrap();
    assert_eq!(answer.first(), Some(&0x15), "an alert: {answer:?}");
    assert_eq!(answer.get(6), Some(&70), "protocol_version");
}

#[test]
fn a_certificate_of_another_key_or_a_name_that_is_none_is_refused() {
    let root = Root::from_seed(Secret::new([1; 32]));
    let issued = tls::issue(&root.signing_seed(), &HUB_SEED, &["localhost".to_owned()], WIDE).unwrap();
    assert!(tls::server_config(issued.clone(), &Secret::new([43; 32])).is_err());
    assert!(tls::server_config(issued[..50].to_vec(), &HUB_SEED).is_err());
    for name in ["", "два слова", "a/b"] {
        let error = tls::issue(&root.signing_seed(), &HUB_SEED, &[name.to_owned()], WIDE).unwrap_err();
        assert!(matches!(error, tls::TlsError::Name(_)), "{name}: {error}");
    }
    let empty = Arc::new(MemoryStore::new());
    let _ = hub_over(empty, None);
}
