//! What is said to whom.

use super::Patience;
use super::body::{self, Fault};
use crate::{Hub, Rejected};
use bytes::Bytes;
use chain::{RegisterPart, limits};
use clock::{Clock, Time};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, Response, StatusCode};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::time::timeout;

type Reply = Response<Full<Bytes>>;
type Answerer = fn(&Hub, &[u8], Time) -> Result<Vec<u8>, Rejected>;

/// Requests that are worked on at once. The store writes one after the other anyway and shares its fsyncs.
const WORKERS: usize = 16;
/// Says, beside a sentence, up to which version messages of this kind are read: a later program may go by it.
const NEWEST: HeaderName = HeaderName::from_static("valiza-newest");
/// Says, beside a part of the register, that something is left behind it.
const MORE: HeaderName = HeaderName::from_static(RegisterPart::MORE);
/// Memory for the bodies of all requests together, KiB.
const BODIES: usize = 96 * 1024;

/// Where requests are received.
pub(super) struct Reception {
    hub: Arc<Hub>,
    clock: Arc<dyn Clock>,
    pub patience: Patience,
    workers: Arc<Semaphore>,
    memory: Arc<Semaphore>,
}

impl Reception {
    pub fn new(hub: Arc<Hub>, clock: Arc<dyn Clock>, patience: Patience) -> Self {
        let (workers, memory) = (Arc::new(Semaphore::new(WORKERS)), Arc::new(Semaphore::new(BODIES)));
        Self { hub, clock, patience, workers, memory }
    }

    pub async fn respond(&self, request: Request<Incoming>) -> Result<Reply, Infallible> {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        Ok(match (path.as_str(), method) {
            ("/v1/exchange", Method::POST) => self.take(request, limits::MESSAGE, Hub::answer).await,
            ("/v1/carry", Method::POST) => self.take(request, limits::CARRIAGE, Hub::carry).await,
            ("/v1/enrol", Method::POST) => self.enrol(request).await,
            ("/v1/restore", Method::POST) => self.take(request, limits::ENROLMENT, Hub::restore).await,
            ("/v1/health", Method::GET) => self.health().await,
            ("/v1/exchange" | "/v1/carry" | "/v1/enrol" | "/v1/restore", _) => not_allowed("POST"),
            ("/v1/health", _) => not_allowed("GET"),
            (path, _) => match later_path(path) {
                Some(stated) => reject(&Rejected::Later { stated, newest: 1 }),
                None => sentence(StatusCode::NOT_FOUND, "немає такої сторінки / no such page"),
            },
        })
    }

    async fn take(&self, request: Request<Incoming>, limit: usize, answerer: Answerer) -> Reply {
        let answer = self.answer(request, limit, answerer).await;
        answer.map_or_else(|refused| refused, |bytes| Response::new(Full::new(Bytes::from(bytes))))
    }

    /// Who asks for a part of the register and cannot say which is given all of it.
    async fn enrol(&self, request: Request<Incoming>) -> Reply {
        let wanted = request.headers().get(RegisterPart::WANTED).and_then(|wanted| wanted.to_str().ok());
        let part: Option<RegisterPart> = wanted.and_then(|wanted| wanted.parse().ok());
        let enrol = move |hub: &Hub, bytes: &[u8], now| hub.enrol_part(bytes, now, part.as_ref());
        match self.answer(request, limits::ENROLMENT, enrol).await {
            Err(refused) => refused,
            Ok((bytes, more)) => {
                let mut reply = Response::new(Full::new(Bytes::from(bytes)));
                if more {
                    reply.headers_mut().insert(MORE, HeaderValue::from_static("1"));
                }
                reply
            }
        }
    }

    async fn answer<T: Send + 'static>(
        &self,
        request: Request<Incoming>,
        limit: usize,
        answerer: impl FnOnce(&Hub, &[u8], Time) -> Result<T, Rejected> + Send + 'static,
    ) -> Result<T, Reply> {
        let read = body::read(request.into_body(), limit, &self.patience, &self.memory).await.map_err(refuse)?;
        let now = self.clock.now();
        match self.work(move |hub| answerer(hub, &read.bytes, now)).await {
            Some(answered) => answered.map_err(|rejected| reject(&rejected)),
            None => Err(busy()),
        }
    }

    async fn health(&self) -> Reply {
        let Some(Ok(communities)) = self.work(|hub| hub.communities()).await else { return busy() };
        let (version, time, scrubbed) = (env!("CARGO_PKG_VERSION"), self.clock.now().0, self.hub.scrubbed());
        let ended = scrubbed.ended.map_or_else(|| "null".to_owned(), |at| at.to_string());
        let faults = scrubbed.faults;
        let text = format!(
            "{{\"version\":\"{version}\",\"time\":{time},\"communities\":{communities},\"scrub\":{{\"ended\":{ended},\"faults\":{faults}}}}}\n"
        );
        let mut reply = Response::new(Full::new(Bytes::from(text)));
        reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        reply
    }

    /// On a thread of its own, to its end even if the client leaves. `None` if none is free in time.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&Hub) -> T + Send + 'static) -> Option<T> {
        let free = timeout(self.patience.worker, self.workers.clone().acquire_owned()).await;
        let worker = free.ok()?.ok()?;
        let hub = self.hub.clone();
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&hub);
            drop(worker);
            result
        });
        done.await.inspect_err(|error| tracing::error!(%error, "a request could not be worked on")).ok()
    }
}

fn sentence(status: StatusCode, text: &str) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from(text.to_owned())));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    reply
}

fn not_allowed(method: &'static str) -> Reply {
    let mut reply = sentence(StatusCode::METHOD_NOT_ALLOWED, "не той метод / not this method");
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static(method));
    reply
}

fn busy() -> Reply {
    let text = "сервер зайнятий; спробуйте за кілька секунд / the server is busy; try again in a few seconds";
    let mut reply = sentence(StatusCode::SERVICE_UNAVAILABLE, text);
    reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    reply
}

/// Of a path that a later version may have: `/v2/exchange`.
fn later_path(path: &str) -> Option<u8> {
    let (version, _) = path.strip_prefix("/v")?.split_once('/')?;
    chain::later_version(&[version.parse().ok()?], 1)
}

/// The rest of the body is not read, so the connection cannot be used again.
fn refuse(fault: Fault) -> Reply {
    let mut reply = match fault {
        Fault::TooLarge => reject(&Rejected::TooLarge),
        Fault::TooSlow => sentence(StatusCode::REQUEST_TIMEOUT, "дані надходять надто повільно / too slow"),
        Fault::Cut => sentence(StatusCode::BAD_REQUEST, "дані обірвано / cut off"),
        Fault::NoMemory => busy(),
    };
    reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    reply
}

fn reject(rejected: &Rejected) -> Reply {
    let status = match rejected {
        Rejected::Malformed(_) => StatusCode::BAD_REQUEST,
        Rejected::Later { newest, .. } => {
            let mut reply = sentence(StatusCode::NOT_IMPLEMENTED, &rejected.to_string());
            reply.headers_mut().insert(NEWEST, HeaderValue::from(u16::from(*newest)));
            return reply;
        }
        Rejected::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Rejected::Outgrown => StatusCode::INSUFFICIENT_STORAGE,
        Rejected::Tenant => StatusCode::NOT_FOUND,
        Rejected::Signature | Rejected::Carrier => StatusCode::FORBIDDEN,
        Rejected::TooMany { retry_after_s } => {
            let mut reply = sentence(StatusCode::TOO_MANY_REQUESTS, &rejected.to_string());
            reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*retry_after_s));
            return reply;
        }
        Rejected::Store(error) => {
            tracing::error!(%error, "the store failed");
            return busy();
        }
    };
    sentence(status, &rejected.to_string())
}
