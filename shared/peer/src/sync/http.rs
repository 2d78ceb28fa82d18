//! One connection to a hub: HTTP/1.1 over TLS, kept open between messages.

use super::flight::{Flight, Landed};
use super::reach;
use super::trouble::LinkError;
use bytes::Bytes;
use chain::{RegisterPart, limits};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::future::Future;
use std::io::ErrorKind;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::lookup_host;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How long a link waits for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection with TLS: a village's last bar of a signal takes its time to answer.
    pub connect: Duration,
    /// For the next byte either way. A half-open connection tells nobody that it leads nowhere.
    pub silence: Duration,
    /// For one message each way, however slowly bytes drip.
    pub message: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(20), silence: seconds(30), message: seconds(15 * 60) }
    }
}

/// Bytes through a link, TLS included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Sent.
    pub up: u64,
    /// Received.
    pub down: u64,
    /// Sent and received inside TLS: HTTP with its headers.
    pub inside: u64,
}

impl Traffic {
    /// Both ways.
    pub const fn both(&self) -> u64 {
        self.up + self.down
    }
}

#[derive(Default)]
pub(super) struct Counters {
    up: AtomicU64,
    down: AtomicU64,
    inside: AtomicU64,
}

impl Counters {
    pub(super) fn traffic(&self) -> Traffic {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Traffic { up: get(&self.up), down: get(&self.down), inside: get(&self.inside) }
    }
}

/// Reads a link's counters while a message is under way.
#[derive(Clone, Default)]
pub struct Meter(Arc<Counters>);

impl Meter {
    /// What went through so far.
    pub fn traffic(&self) -> Traffic {
        self.0.traffic()
    }
}

/// A hub's address and the connection to it.
pub struct Link {
    door: Door,
    open: Option<Open>,
    spare: Option<JoinHandle<Result<Open, LinkError>>>,
}

/// What a connection is made of.
#[derive(Clone)]
struct Door {
    host: String,
    port: u16,
    config: Arc<ClientConfig>,
    patience: Patience,
    counters: Arc<Counters>,
}

/// One message: where to, what, and how many bytes of an answer are read.
struct Asked<'a> {
    method: Method,
    path: &'a str,
    body: Vec<u8>,
    most: usize,
    /// The part of the register that is asked for beside it.
    part: Option<String>,
}

impl<'a> Asked<'a> {
    fn post(path: &'a str, body: Vec<u8>, most: usize) -> Self {
        Self { method: Method::POST, path, body, most, part: None }
    }
}

/// What was answered.
pub(super) struct Reply {
    pub bytes: Bytes,
    /// Of the register something is left behind this part.
    pub more: bool,
}

/// An open connection.
pub(super) struct Open {
    sender: SendRequest<Full<Bytes>>,
    counters: Arc<Counters>,
}

impl Link {
    /// To `https://host:port`; nothing is opened yet. An IPv6 address stands in brackets.
    pub fn new(address: &str, config: Arc<ClientConfig>) -> Result<Self, LinkError> {
        let uri: hyper::Uri = address.parse().map_err(|_| LinkError::Address)?;
        let (Some("https"), Some(host)) = (uri.scheme_str(), uri.host()) else { return Err(LinkError::Address) };
        let host = host.trim_matches(['[', ']']).to_owned();
        let (port, patience) = (uri.port_u16().unwrap_or(443), Patience::default());
        let door = Door { host, port, config, patience, counters: Arc::default() };
        Ok(Self { door, open: None, spare: None })
    }

    /// With other waits.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.door.patience = patience;
        self
    }

    /// What went through so far.
    pub fn traffic(&self) -> Traffic {
        self.door.counters.traffic()
    }

    /// Tells what goes through while a message is under way.
    pub fn meter(&self) -> Meter {
        Meter(Arc::clone(&self.door.counters))
    }

    /// Bytes that the open connection has carried both ways, TLS included; 0 if none is open.
    pub fn carried(&self) -> usize {
        let open = self.open.as_ref().filter(|open| !open.sender.is_closed());
        open.map_or(0, |open| usize::try_from(open.counters.traffic().both()).unwrap_or(usize::MAX))
    }

    /// The next message takes a new connection.
    pub fn renew(&mut self) {
        self.open = None;
    }

    /// Begins to open the connection that follows this one, so that a link that is cut again and again costs no round
    /// trips between. Whoever ends the contact drops it with the link.
    pub fn keep_spare(&mut self) {
        if self.spare.is_none() {
            let door = self.door.clone();
            self.spare = Some(tokio::spawn(async move { door.open().await }));
        }
    }

    /// The connection that was begun with [`Self::keep_spare`] is not used.
    pub fn forget_spare(&mut self) {
        if let Some(spare) = self.spare.take() {
            spare.abort();
        }
    }

    /// Opens a connection unless one is open.
    pub async fn ready(&mut self) -> Result<(), LinkError> {
        self.open = Some(self.connection().await?);
        Ok(())
    }

    async fn connection(&mut self) -> Result<Open, LinkError> {
        if let Some(open) = self.open.take().filter(|open| !open.sender.is_closed()) {
            return Ok(open);
        }
        if let Some(spare) = self.spare.take()
            && let Ok(Ok(open)) = spare.await
            && !open.sender.is_closed()
        {
            return Ok(open);
        }
        self.door.open().await
    }

    /// Posts a message and gives back the answer's bytes, at most `most` of them.
    pub async fn post(&mut self, path: &str, body: Vec<u8>, most: usize) -> Result<Bytes, LinkError> {
        Ok(self.ask(Asked::post(path, body, most)).await?.bytes)
    }

    /// Gets what stands at a path, at most `most` bytes.
    pub async fn get(&mut self, path: &str, most: usize) -> Result<Bytes, LinkError> {
        Ok(self.ask(Asked { method: Method::GET, ..Asked::post(path, Vec::new(), most) }).await?.bytes)
    }

    /// As [`Link::post`], of the register a part; an answerer that knows of no parts gives all of it.
    pub(super) async fn post_for(
        &mut self,
        path: &str,
        body: Vec<u8>,
        part: &RegisterPart,
    ) -> Result<Reply, LinkError> {
        self.ask(Asked { part: Some(part.to_string()), ..Asked::post(path, body, limits::MESSAGE) }).await
    }

    async fn ask(&mut self, asked: Asked<'_>) -> Result<Reply, LinkError> {
        let open = self.connection().await?;
        let (open, answer) = self.door.ask(open, asked).await;
        self.open = open;
        answer
    }

    /// Sends a message on the open connection, or on a new one, and does not wait for its answer.
    pub(super) async fn launch(&mut self, path: &'static str, body: Vec<u8>, most: usize) -> Result<Flight, LinkError> {
        let open = self.connection().await?;
        let (door, counters) = (self.door.clone(), Arc::clone(&open.counters));
        Ok(Flight::new(counters, async move { door.ask(open, Asked::post(path, body, most)).await }))
    }

    /// Takes back the connection of a message that was answered.
    pub(super) fn land(&mut self, open: Option<Open>) {
        if self.carried() == 0 {
            self.open = open;
        }
    }

    /// Waits for the connection that was begun with [`Self::keep_spare`] where none is open; `false`: there is none.
    pub(super) async fn spared(&mut self) -> bool {
        if self.open.as_ref().is_some_and(|open| !open.sender.is_closed()) {
            return true;
        }
        let Some(spare) = &mut self.spare else { return false };
        let opened = spare.await;
        (self.spare, self.open) = (None, opened.ok().and_then(Result::ok));
        self.open.is_some()
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.forget_spare();
    }
}

/// Does `work` as long as bytes move at least now and then.
async fn unless_silent<T>(
    counters: &Counters,
    silence: Duration,
    work: impl Future<Output = Result<T, LinkError>>,
) -> Result<T, LinkError> {
    let mut work = std::pin::pin!(work);
    let mut seen = counters.traffic();
    loop {
        match timeout(silence, &mut work).await {
            Ok(done) => return done,
            Err(_) if counters.traffic() == seen => return Err(LinkError::Silent),
            Err(_) => seen = counters.traffic(),
        }
    }
}

impl Door {
    /// As it stands in the address.
    fn name(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{host}:{}", self.port)
    }

    /// One message there and back. Gives back the connection if it may carry more.
    async fn ask(&self, open: Open, asked: Asked<'_>) -> Landed {
        let Open { mut sender, counters } = open;
        let Asked { method, path, body, most, part } = asked;
        let mut request = Request::builder().method(method).uri(path).header(hyper::header::HOST, self.name());
        if let Some(part) = part {
            request = request.header(RegisterPart::WANTED, part);
        }
        let request = request.body(Full::new(Bytes::from(body)));
        let Ok(request) = request else { return (None, Err(LinkError::Address)) };
        let exchange = async {
            sender.ready().await.map_err(|_| LinkError::Cut)?;
            let answer = sender.send_request(request).await.map_err(|_| LinkError::Cut)?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, most).collect().await.map_err(|_| LinkError::Cut)?;
            Ok((head, body.to_bytes()))
        };
        let done = timeout(self.patience.message, unless_silent(&counters, self.patience.silence, exchange)).await;
        let (head, body) = match done.unwrap_or(Err(LinkError::Silent)) {
            Ok(answered) => answered,
            Err(error) => return (None, Err(error)),
        };
        let open = Some(Open { sender, counters });
        if head.status == StatusCode::OK {
            return (open, Ok(Reply { bytes: body, more: head.headers.contains_key(RegisterPart::MORE) }));
        }
        let kind = head.headers.get(hyper::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_text = kind.is_some_and(|kind| kind.starts_with("text/plain"));
        (open, Err(LinkError::of_status(head.status.as_u16(), is_text, &body)))
    }

    async fn open(&self) -> Result<Open, LinkError> {
        timeout(self.patience.connect, self.connect()).await.map_err(|_| LinkError::Unreachable)?
    }

    async fn connect(&self) -> Result<Open, LinkError> {
        let found = lookup_host((self.host.as_str(), self.port)).await.map_err(|_| LinkError::Unreachable)?;
        let tcp = reach::connect(found.collect()).await.map_err(|error| match error.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => LinkError::Away,
            _ => LinkError::Unreachable,
        })?;
        let own: Arc<Counters> = Arc::default();
        let heard: Arc<Mutex<Vec<u8>>> = Arc::default();
        let both = || [Arc::clone(&self.counters), Arc::clone(&own)];
        let tcp = Counted { stream: tcp, counters: both(), up: |c| &c.up, down: |c| &c.down, heard: heard.clone() };
        let name = ServerName::try_from(self.host.clone()).map_err(|_| LinkError::Address)?;
        let tls = TlsConnector::from(Arc::clone(&self.config)).connect(name, tcp).await;
        let tls = tls.map_err(|error| match error.kind() {
            ErrorKind::InvalidData | ErrorKind::InvalidInput => {
                let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                LinkError::in_clear(&heard).unwrap_or(LinkError::NotOurs)
            }
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => LinkError::Away,
            _ => LinkError::Unreachable,
        })?;
        let inside = Counted { stream: tls, counters: both(), up: |c| &c.inside, down: |c| &c.inside, heard };
        let (sender, connection) = handshake(TokioIo::new(inside)).await.map_err(|_| LinkError::Unreachable)?;
        tokio::spawn(connection);
        Ok(Open { sender, counters: own })
    }
}

/// So much of what comes first is kept: whether it is HTTP in clear, and which status.
const HEARD: usize = 16;

/// A stream whose bytes are counted.
struct Counted<S> {
    stream: S,
    counters: [Arc<Counters>; 2],
    up: fn(&Counters) -> &AtomicU64,
    down: fn(&Counters) -> &AtomicU64,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl<S> Counted<S> {
    fn count(&self, which: fn(&Counters) -> &AtomicU64, bytes: usize) {
        for counters in &self.counters {
            which(counters).fetch_add(bytes as u64, Ordering::Relaxed);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let done = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let new = buffer.filled().get(before..).unwrap_or_default();
        self.count(self.down, new.len());
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let lacking = HEARD.saturating_sub(heard.len());
        heard.extend(new.iter().take(lacking));
        drop(heard);
        done
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = &done {
            self.count(self.up, *count);
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
