//! One connection to a hub: HTTP/1.1 over TLS, kept open between messages.

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// A village's last bar of a signal takes its time to answer.
const CONNECT: Duration = Duration::from_secs(20);
/// For one message each way, at least so long and longer for what is large: 4 KiB a second is a poor day of 2G.
const MESSAGE: Duration = Duration::from_secs(60);
const SLOWEST: u64 = 4 * 1024;

/// Why a message got no answer. Nothing is lost: it is sent again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The address is no address.
    #[error("адреса центру має вигляд https://назва:порт / the hub's address looks like https://name:port")]
    Address,
    /// Nobody answers there.
    #[error("немає зв'язку з центром / no connection to the centre")]
    Unreachable,
    /// Somebody answers who is not our centre: a hotel's network, another server.
    #[error(
        "за адресою центру відповідає хтось інший: це мережа готелю чи кафе або інший сервер / somebody else answers at the centre's address"
    )]
    NotOurs,
    /// The connection broke while a message was under way.
    #[error("зв'язок перервано під час передачі; буде надіслано ще раз / the connection broke; will be sent again")]
    Cut,
    /// The hub said no, in its own words.
    #[error("центр відповів {0}: {1} / the centre answered {0}")]
    Status(u16, String),
}

/// Bytes through the sockets of one [`Link`] since it was made, TLS included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Sent.
    pub up: u64,
    /// Received.
    pub down: u64,
    /// Sent and received inside TLS: HTTP with its headers.
    pub inside: u64,
}

#[derive(Default)]
struct Counters {
    up: AtomicU64,
    down: AtomicU64,
    inside: AtomicU64,
}

/// A hub's address and the connection to it.
pub struct Link {
    host: String,
    port: u16,
    config: Arc<ClientConfig>,
    open: Option<SendRequest<Full<Bytes>>>,
    counters: Arc<Counters>,
}

impl Link {
    /// To `https://host:port`; nothing is opened yet.
    pub fn new(address: &str, config: Arc<ClientConfig>) -> Result<Self, LinkError> {
        let uri: hyper::Uri = address.parse().map_err(|_| LinkError::Address)?;
        let (Some("https"), Some(host)) = (uri.scheme_str(), uri.host()) else { return Err(LinkError::Address) };
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(Self { host, port: uri.port_u16().unwrap_or(443), config, open: None, counters: Arc::default() })
    }

    /// What went through so far.
    pub fn traffic(&self) -> Traffic {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Traffic { up: get(&self.counters.up), down: get(&self.counters.down), inside: get(&self.counters.inside) }
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, LinkError> {
        let tcp = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(|_| LinkError::Unreachable)?;
        let _ = tcp.set_nodelay(true);
        let counters = Arc::clone(&self.counters);
        let tcp = Counted { stream: tcp, counters, up: |c| &c.up, down: |c| &c.down };
        let name = ServerName::try_from(self.host.clone()).map_err(|_| LinkError::Address)?;
        let tls = TlsConnector::from(Arc::clone(&self.config)).connect(name, tcp).await;
        let tls = tls.map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput => LinkError::NotOurs,
            _ => LinkError::Unreachable,
        })?;
        let counters = Arc::clone(&self.counters);
        let tls = Counted { stream: tls, counters, up: |c| &c.inside, down: |c| &c.inside };
        let (send, connection) = handshake(TokioIo::new(tls)).await.map_err(|_| LinkError::Unreachable)?;
        tokio::spawn(connection);
        Ok(send)
    }

    /// Posts a message and gives back the answer's bytes, at most `most` of them.
    pub async fn post(&mut self, path: &str, body: Vec<u8>, most: usize) -> Result<Bytes, LinkError> {
        self.ask(hyper::Method::POST, path, body, most).await
    }

    /// Gets what stands at a path, at most `most` bytes.
    pub async fn get(&mut self, path: &str, most: usize) -> Result<Bytes, LinkError> {
        self.ask(hyper::Method::GET, path, Vec::new(), most).await
    }

    async fn ask(&mut self, method: hyper::Method, path: &str, body: Vec<u8>, most: usize) -> Result<Bytes, LinkError> {
        let patience = MESSAGE + Duration::from_secs(body.len() as u64 / SLOWEST);
        let mut sender = match self.open.take().filter(|sender| !sender.is_closed()) {
            Some(sender) => sender,
            None => tokio::time::timeout(CONNECT, self.connect()).await.map_err(|_| LinkError::Unreachable)??,
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(hyper::header::HOST, format!("{}:{}", self.host, self.port))
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| LinkError::Address)?;
        let exchange = async {
            sender.ready().await.map_err(|_| LinkError::Cut)?;
            let answer = sender.send_request(request).await.map_err(|_| LinkError::Cut)?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), most).collect().await.map_err(|_| LinkError::Cut)?;
            Ok((status, body.to_bytes()))
        };
        let (status, body) = tokio::time::timeout(patience, exchange).await.map_err(|_| LinkError::Cut)??;
        self.open = Some(sender);
        if status == StatusCode::OK {
            Ok(body)
        } else {
            let words: String = String::from_utf8_lossy(&body).chars().take(300).collect();
            Err(LinkError::Status(status.as_u16(), words))
        }
    }
}

/// A stream whose bytes are counted.
struct Counted<S> {
    stream: S,
    counters: Arc<Counters>,
    up: fn(&Counters) -> &AtomicU64,
    down: fn(&Counters) -> &AtomicU64,
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let done = Pin::new(&mut self.stream).poll_read(cx, buffer);
        (self.down)(&self.counters).fetch_add((buffer.filled().len() - before) as u64, Ordering::Relaxed);
        done
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = &done {
            (self.up)(&self.counters).fetch_add(*count as u64, Ordering::Relaxed);
        }
        done
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
