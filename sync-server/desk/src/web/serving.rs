//! The pages on the network: an accept loop of its own, because every wait needs an end.

use super::{Options, router};
use crate::app::Office;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// Open connections at once; more wait in the system's queue.
const CONNECTIONS: usize = 256;
/// For the TLS handshake, for a request's head, for the next request on an open connection.
const HEAD: Duration = Duration::from_secs(30);
/// For a connection as a whole; a browser opens the next one by itself.
const CONNECTION: Duration = Duration::from_secs(15 * 60);
/// For open connections at shutdown.
const LEAVING: Duration = Duration::from_secs(5);
/// Headers of one request, and bytes of them: a cookie and an address with filters.
const HEADERS: usize = 64;
const HEAD_BYTES: usize = 32 * 1024;

/// Serves the pages of the office's desk, sealed or open, until `shutdown` is done; then requests under way may end,
/// but not for long.
pub async fn serve(office: Arc<Office>, listener: TcpListener, options: Options, shutdown: impl Future<Output = ()>) {
    let tls = options.tls.clone().map(TlsAcceptor::from);
    let pages = router(office, options);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut tasks = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        while tasks.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                let (pages, tls, watcher) = (pages.clone(), tls.clone(), graceful.watcher());
                tasks.spawn(async move {
                    if timeout(CONNECTION, connection(stream, tls, pages, watcher)).await.is_err() {
                        tracing::debug!("a connection was open for too long");
                    }
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
    if timeout(LEAVING, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were still open at shutdown");
    }
    tasks.shutdown().await;
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, pages: Router, watcher: Watcher) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => http(stream, pages, watcher).await,
        Some(tls) => match timeout(HEAD, tls.accept(stream)).await {
            Ok(Ok(stream)) => http(stream, pages, watcher).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        },
    }
}

async fn http(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, pages: Router, watcher: Watcher) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(pages));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
