//! A hub's address as its enemies see it: TLS, HTTP and any bytes inside.

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use signing::VerifyingKey;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use valiza_tests::programs::Centre;

/// The centre's hub over TLS, one connection a request.
pub struct Wire {
    port: u16,
    root: VerifyingKey,
}

impl Wire {
    /// To a running centre; its root is read from the hub's folder.
    pub fn to(centre: &Centre) -> Self {
        Self::at(centre, centre.port)
    }

    /// As [`Wire::to`], at another port than the centre names.
    pub fn at(centre: &Centre, port: u16) -> Self {
        let text = std::fs::read_to_string(centre.dir.join("hub").join("hub.toml")).unwrap();
        let line = text.lines().find(|line| line.starts_with("root_signing")).unwrap();
        let hex = line.split('"').nth(1).unwrap();
        let mut root = [0; 32];
        for (place, byte) in root.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * place..2 * place + 2], 16).unwrap();
        }
        Self { port, root: VerifyingKey(root) }
    }

    fn open(&self) -> StreamOwned<ClientConnection, TcpStream> {
        let config = peer::sync::tls::client_config(&self.root).unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let tcp = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        tcp.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        StreamOwned::new(ClientConnection::new(config, name).unwrap(), tcp)
    }

    /// Sends any bytes inside TLS and gives back what came.
    pub fn send(&self, bytes: &[u8]) -> String {
        String::from_utf8_lossy(&self.exchange(bytes)).into_owned()
    }

    fn exchange(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.open();
        // A hub that has heard enough stops reading; what it answered is there all the same.
        let _ = stream.write_all(bytes);
        let _ = stream.flush();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    /// Posts a body; gives back status and text.
    pub fn post(&self, path: &str, body: &[u8]) -> (u16, String) {
        let (status, text) = self.post_bytes(path, body);
        (status, String::from_utf8_lossy(&text).into_owned())
    }

    /// Posts a body; gives back status and body.
    pub fn post_bytes(&self, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let answer = self.exchange(&[head.as_bytes(), body].concat());
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").map_or(answer.len(), |at| at + 4);
        (status(&String::from_utf8_lossy(&answer[..end])), answer[end..].to_vec())
    }

    /// The hub is alive and says so.
    #[track_caller]
    pub fn is_alive(&self) {
        let answer = self.send(b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        assert_eq!(status(&answer), 200, "{answer}");
        assert!(answer.contains("\"communities\":1"), "{answer}");
    }

    /// Bytes without TLS.
    pub fn plain(&self, bytes: &[u8]) -> Vec<u8> {
        let mut tcp = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        tcp.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        let _ = tcp.write_all(bytes);
        let mut answer = Vec::new();
        let _ = tcp.read_to_end(&mut answer);
        answer
    }
}

/// Of an HTTP answer; 0 if it is none.
pub fn status(answer: &str) -> u16 {
    answer.get(9..12).and_then(|code| code.parse().ok()).unwrap_or(0)
}
