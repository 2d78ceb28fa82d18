//! One suitcase carries for others on its local network: letters are taken in, kept, brought to the hub, and their
//! answers handed back.

use super::bring::bring;
use super::introduced::{server_config, suitcase_of};
use super::shelf::Shelved;
use crate::sync::{Link, SyncError, tls};
use crate::{Peer, PeerError};
use bytes::Bytes;
use chain::{Fate, Handover, later_version, limits};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use ids::ChainId;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// Suitcases that are served at once.
const CONNECTIONS: usize = 16;
/// For the handshake, and for the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// For all of a request and its answer: a local network is quick.
const WHOLE: Duration = Duration::from_secs(5 * 60);
/// For the hub, while the other suitcase waits. Without a network this suitcase keeps the letters instead.
const REACH: Duration = Duration::from_secs(15);
/// The hub is not tried again for each letter while there is no network.
const AGAIN: Duration = Duration::from_secs(10);

/// Where letters are handed over: the path, and the longest answer.
pub(super) const PATH: &str = "/v1/letters";

/// Brings letters that this peer keeps for others to the hub. Gives back how many were answered.
pub async fn deliver(peer: &Arc<Peer>, link: &mut Link, answerer: &str) -> Result<usize, SyncError> {
    let mut answered = 0;
    loop {
        let kept = tokio::task::block_in_place(|| peer.shelf(true, limits::CARRIAGE_LETTERS))?;
        if kept.is_empty() {
            return Ok(answered);
        }
        let letters = kept.iter().map(|(_, _, bytes)| bytes.clone()).collect();
        let results = bring(peer, link, answerer, letters).await?;
        let before = answered;
        for ((letter, ..), result) in kept.into_iter().zip(results) {
            let answer = match result {
                Ok(answer) => Some(answer),
                Err(why) if why.is_final() => None,
                Err(_) => continue,
            };
            answered += 1;
            tokio::task::block_in_place(|| peer.answer_shelved(letter, answer))?;
        }
        if answered == before {
            return Ok(answered);
        }
    }
}

/// Everything that a connection needs.
struct Reception {
    peer: Arc<Peer>,
    answerer: String,
    /// Held while the hub is tried; when that was last in vain, on the peer's steady count.
    reaching: Mutex<Option<Duration>>,
}

/// Serves suitcases of the community until the caller drops this future.
pub async fn carry_for_others(listener: TcpListener, peer: Arc<Peer>, answerer: &str) -> Result<(), PeerError> {
    let acceptor = TlsAcceptor::from(tokio::task::block_in_place(|| server_config(&peer))?);
    let reception = Arc::new(Reception { peer, answerer: answerer.to_owned(), reaching: Mutex::new(None) });
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut tasks = JoinSet::new();
    loop {
        let place = Arc::clone(&places).acquire_owned().await.map_err(|_| PeerError::Closed)?;
        while tasks.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => {
                let (acceptor, reception) = (acceptor.clone(), Arc::clone(&reception));
                tasks.spawn(async move {
                    let talk = timeout(WHOLE, connection(stream, acceptor, reception));
                    if talk.await.is_err() {
                        tracing::debug!("a suitcase took too long");
                    }
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a suitcase's connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, acceptor: TlsAcceptor, reception: Arc<Reception>) {
    let Ok(Ok(stream)) = timeout(HEAD, acceptor.accept(stream)).await else {
        tracing::debug!("no TLS with a suitcase of this community");
        return;
    };
    let shown = stream.get_ref().1.peer_certificates().and_then(|keys| keys.first());
    let register = reception.peer.register().ok();
    let sender = shown.zip(register).and_then(|(key, register)| suitcase_of(&register, key));
    let Some(sender) = sender else { return };
    let service = service_fn(|request| {
        let reception = Arc::clone(&reception);
        async move { Ok::<_, Infallible>(reception.respond(sender, request).await) }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = served.await {
        tracing::debug!(%error, "a suitcase's connection ended early");
    }
}

fn reply(status: StatusCode, body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    if status != StatusCode::OK {
        // What is no plain text is taken for the word of somebody between the two.
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    response
}

impl Reception {
    async fn respond(&self, sender: ChainId, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if request.method() != Method::POST || request.uri().path() != PATH {
            return reply(StatusCode::NOT_FOUND, "немає такої сторінки / no such page".into());
        }
        let Ok(body) = Limited::new(request.into_body(), limits::CARRIAGE).collect().await else {
            let words = "повідомлення завелике або обірване / too large or cut";
            return reply(StatusCode::PAYLOAD_TOO_LARGE, words.into());
        };
        let body = body.to_bytes();
        let Ok(handover) = Handover::decode(&body) else {
            if later_version(&body, 1).is_some() {
                let words =
                    "ця валіза має старішу програму: її треба оновити / this suitcase's program is older: update it";
                return reply(StatusCode::NOT_IMPLEMENTED, words.into());
            }
            return reply(StatusCode::BAD_REQUEST, "повідомлення пошкоджене / damaged".into());
        };
        match self.take(sender, handover).await {
            Ok(fates) => reply(StatusCode::OK, Fate::encode_all(&fates)),
            Err(error) => {
                tracing::warn!(%error, "a suitcase's letters could not be kept");
                let words = "ця валіза зараз не може взяти листи / this suitcase cannot take letters now";
                reply(StatusCode::SERVICE_UNAVAILABLE, words.into())
            }
        }
    }

    async fn take(&self, sender: ChainId, handover: Handover) -> Result<Vec<Fate>, PeerError> {
        let Handover { collected, asked, letters } = handover;
        let mut ids = asked;
        let mut fates = vec![None; ids.len()];
        tokio::task::block_in_place(|| {
            self.peer.let_go(sender, collected)?;
            for letter in letters {
                ids.push(chain::Request::hash(&letter));
                fates.push(match self.peer.shelve(sender, letter)? {
                    Shelved::Full => Some(Fate::Full),
                    Shelved::Refused => Some(Fate::Refused),
                    Shelved::Later => Some(Fate::Later),
                    Shelved::Kept | Shelved::Answered(_) => None,
                });
            }
            Ok::<_, PeerError>(())
        })?;
        self.reach_hub().await;
        let mut room = limits::CARRIAGE_ANSWER / 2;
        let mut told = Vec::with_capacity(ids.len());
        for (letter, fate) in ids.into_iter().zip(fates) {
            let fate = match fate {
                Some(fate) => fate,
                None => match tokio::task::block_in_place(|| self.peer.shelved(sender, letter))? {
                    Some(Shelved::Answered(answer)) if answer.len() <= room => {
                        room -= answer.len();
                        Fate::Answered(answer)
                    }
                    Some(_) => Fate::Kept,
                    None => Fate::Unknown,
                },
            };
            told.push(fate);
        }
        Ok(told)
    }

    /// If there is a network right now, the answers go back at once.
    async fn reach_hub(&self) {
        let mut last = self.reaching.lock().await;
        let found =
            tokio::task::block_in_place(|| Ok::<_, PeerError>((!self.peer.shelf(true, 1)?.is_empty(), self.steady()?)));
        let Ok((true, now)) = found else { return };
        if last.is_some_and(|last| now.saturating_sub(last) < AGAIN) {
            return;
        }
        let reached = timeout(REACH, async {
            let config = tls::client_config(&self.peer.register()?.root().signing);
            let config = config.map_err(|error| PeerError::Refused(error.to_string()))?;
            deliver(&self.peer, &mut Link::new(self.peer.hub(), config)?, &self.answerer).await
        });
        *last = match reached.await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => {
                tracing::debug!(%error, "the hub was not reached for others' letters");
                Some(now)
            }
            Err(_) => Some(now),
        };
    }

    fn steady(&self) -> Result<Duration, PeerError> {
        self.peer.with_ledger(|ledger| Ok(ledger.clock.steady()))
    }
}
