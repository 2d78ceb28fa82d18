//! The hub on the network: an accept loop of its own, because every wait needs an end.
//!
//! | route | request | answer |
//! |---|---|---|
//! | `POST /v1/exchange` | a `chain::Request` | a `chain::Answer` |
//! | `POST /v1/carry` | a `chain::Carriage` | a `chain::CarriageAnswer` |
//! | `POST /v1/enrol` | a `chain::EnrolmentRequest` | a `chain::EnrolmentAnswer` |
//! | `POST /v1/restore` | a `chain::RestoreRequest` | a `chain::RestoreAnswer` |
//! | `GET /v1/health` | | version, time in ms since 1970, number of communities, `scrub`: when everything that is kept had been looked at last, and damages that are known; JSON |
//!
//! Status: 200; 400 malformed; 403 not signed by its sender, or brought by a carrier that is not in force; 404 community
//! or path unknown; 405 method; 408 too slow; 413 too large; 501 of a later version than this
//! program reads, with the newest that it reads in `valiza-newest`; 503 the store or all workers are busy;
//! 507 the register does not go into one answer. Other than 200 the
//! body is a sentence in Ukrainian and English.

mod body;
mod routes;
mod unstuck;

use crate::Hub;
use clock::Clock;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use routes::Reception;
use rustls::ServerConfig;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use unstuck::Unstuck;

/// How long the hub waits for whom.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the TLS handshake, for a request's head, and for the next request on an open connection.
    pub head: Duration,
    /// For the next piece of a body.
    pub piece: Duration,
    /// For a whole body, and one second more for every KiB that came.
    pub body: Duration,
    /// For a client to take the next piece of an answer.
    pub reading: Duration,
    /// For a free worker.
    pub worker: Duration,
    /// For open connections at shutdown.
    pub shutdown: Duration,
    /// For a connection as a whole.
    pub connection: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            piece: Duration::from_secs(20),
            body: Duration::from_secs(60),
            reading: Duration::from_secs(30),
            worker: Duration::from_secs(20),
            shutdown: Duration::from_secs(8),
            connection: Duration::from_secs(15 * 60),
        }
    }
}

/// Open connections at once; more wait in the system's queue.
const CONNECTIONS: usize = 512;
/// Headers of one request, and bytes of them.
const HEADERS: usize = 32;
const HEAD_BYTES: usize = 16 * 1024;

/// Serves until `shutdown` is done, then lets requests under way end, but not for long. Without `tls` it is for a
/// proxy on the same machine and for tests.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    hub: Arc<Hub>,
    clock: Arc<dyn Clock>,
    shutdown: impl Future<Output = ()>,
) {
    serve_with(Patience::default(), listener, tls, hub, clock, shutdown).await;
}

/// As [`serve`], with other waits.
pub async fn serve_with(
    patience: Patience,
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    hub: Arc<Hub>,
    clock: Arc<dyn Clock>,
    shutdown: impl Future<Output = ()>,
) {
    let reception = Arc::new(Reception::new(hub, clock, patience));
    let tls = tls.map(TlsAcceptor::from);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let leaving = watch::Sender::new(false);
    let mut tasks = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        while tasks.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                let (reception, tls, watcher) = (reception.clone(), tls.clone(), graceful.watcher());
                let leaving = leaving.subscribe();
                tasks.spawn(async move {
                    connection(stream, tls, reception, watcher, leaving).await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file descriptors, most likely: some will be closed.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    leaving.send_replace(true);
    if timeout(patience.shutdown, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were still open at shutdown");
    }
    tasks.shutdown().await;
}

async fn connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    reception: Arc<Reception>,
    watcher: Watcher,
    mut leaving: watch::Receiver<bool>,
) {
    let patience = reception.patience;
    let asked = Arc::new(AtomicBool::new(false));
    let _ = stream.set_nodelay(true);
    let stream = Unstuck::new(stream, patience.reading);
    let talk = async {
        match tls {
            None => http(stream, reception, watcher, &asked).await,
            Some(tls) => match timeout(patience.head, tls.accept(stream)).await {
                Ok(Ok(stream)) => http(stream, reception, watcher, &asked).await,
                Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
                Err(_) => tracing::debug!("a TLS handshake took too long"),
            },
        }
    };
    // A connection that never asked anything is not idle to hyper, and would be waited for at shutdown.
    let left_unasked = async {
        let _ = leaving.wait_for(|leaving| *leaving).await;
        if asked.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = timeout(patience.connection, talk) => {
            if ended.is_err() {
                tracing::debug!("a connection was open for too long");
            }
        }
        () = left_unasked => {}
    }
}

async fn http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    reception: Arc<Reception>,
    watcher: Watcher,
    asked: &AtomicBool,
) {
    let service = service_fn(|request| {
        asked.store(true, Ordering::Relaxed);
        let reception = reception.clone();
        async move { reception.respond(request).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(reception.patience.head)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
