//! Somebody between a program and its hub who has a certificate of the community's root: it hears every message and
//! answers what it likes.

use crate::wire::Wire;
use rustls::{ServerConnection, StreamOwned};
use signing::{Root, Secret, Validity};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use valiza_tests::programs::Centre;

/// What it answers.
pub struct Said {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Said {
    pub fn ok(body: Vec<u8>) -> Self {
        Self { status: 200, body }
    }
}

/// The hub's answer to the same.
pub fn post(wire: &Wire, path: &str, body: &[u8]) -> Said {
    let (status, body) = wire.post_bytes(path, body);
    Said { status, body }
}

/// The centre's kit.
pub fn kit(centre: &Centre) -> Root {
    let text = std::fs::read_to_string(centre.words()).expect("the kit's words");
    let words: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    Root::from_words(&words.join("\n")).expect("24 words")
}

/// Listens on a port of its own, until the test ends. `turn` gets path, body, and the way to the hub.
pub fn between(centre: &Centre, turn: impl FnMut(&str, &[u8], &Wire) -> Said + Send + 'static) -> u16 {
    between_at(centre, 0, centre.port, turn)
}

/// As [`between`], at a port that is given, and the hub at another one.
pub fn between_at(
    centre: &Centre,
    port: u16,
    hub: u16,
    turn: impl FnMut(&str, &[u8], &Wire) -> Said + Send + 'static,
) -> u16 {
    let seed = Secret::new([0x77; 32]);
    let always = Validity { not_before: 0, not_after: i64::MAX };
    let names = ["127.0.0.1".to_owned()];
    let certificate = hub::tls::issue(&kit(centre).signing_seed(), &seed, &names, always).expect("a certificate");
    let config = hub::tls::server_config(certificate, &seed).expect("a server");
    let listener = TcpListener::bind(("127.0.0.1", port)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let shared = Arc::new(Mutex::new((Wire::at(centre, hub), turn)));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
            let shared = Arc::clone(&shared);
            // A program opens its next connection before it says anything on it. Whoever hangs up is not waited for.
            std::thread::spawn(move || serve(StreamOwned::new(connection, stream), &shared));
        }
    });
    port
}

/// What comes on one connection, message by message.
fn serve(
    stream: StreamOwned<ServerConnection, TcpStream>,
    shared: &Mutex<(Wire, impl FnMut(&str, &[u8], &Wire) -> Said)>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        if stream.read_line(&mut first)? == 0 {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            stream.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some(bytes) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = bytes.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let path = first.split(' ').nth(1).unwrap_or_default();
        let Said { status, body } = {
            let mut shared = shared.lock().expect("no turn panics");
            let (wire, turn) = &mut *shared;
            turn(path, &body, wire)
        };
        let kind = if status == 200 { "application/octet-stream" } else { "text/plain; charset=utf-8" };
        let head = format!("HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.get_mut().write_all(&[head.as_bytes(), &body].concat())?;
        stream.get_mut().flush()?;
    }
}
