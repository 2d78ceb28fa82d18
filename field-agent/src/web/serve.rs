//! Serving the pages on a loopback address until the program is stopped or the suitcase is locked.
//!
//! *Vault lock* leaves no key in the memory: the program starts itself again in the same process, which the operating
//! system gives a new memory. The listening socket goes along as the standard input, so that no browser finds the
//! door shut meanwhile.

use super::console::Console;
use crate::app::{AppError, SessionToken, Surroundings, forget_console, keep_console};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Answers under way are let finish for so long when the program ends.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// Where to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    /// At this address, which must be a loopback address; port 0 takes a free one.
    At(SocketAddr),
    /// On the socket that is the standard input.
    Inherited,
}

/// What is served and how.
pub struct Served {
    /// The suitcase's folder.
    pub dir: PathBuf,
    /// Clock, randomness, decoder.
    pub surroundings: Surroundings,
    /// Where.
    pub listen: Listen,
    /// Where to carry for other suitcases while this one is open.
    pub carrier: Option<SocketAddr>,
    /// An open suitcase looks through everything that it keeps at most so often.
    pub scrub_every: Duration,
    /// Hashes of the tokens of browsers that were let in before the program started itself again.
    pub known: Vec<String>,
    /// Is given the address for the first browser. Its launch token works once.
    pub announce: Box<dyn FnOnce(&str)>,
}

/// Why serving ended.
#[derive(Debug)]
pub enum Ended {
    /// Somebody stopped the program.
    Stopped,
    /// The suitcase was locked: the program is to be started again on this socket.
    Locked {
        /// The socket.
        listener: TcpListener,
        /// [`Served::known`] of the next start.
        known: Vec<String>,
    },
}

/// Serves the pages.
pub fn serve(served: Served) -> Result<Ended, AppError> {
    let listener = listener(served.listen)?;
    let address = listener.local_addr().map_err(not_listening)?;
    let launch = served.known.is_empty().then(|| SessionToken::fresh(&served.surroundings));
    let command = SessionToken::fresh(&served.surroundings);
    let dir = served.dir.clone();
    let console = Console::new(served.dir, served.surroundings, address.port(), launch.as_ref(), &served.known);
    let console = console.carrying_at(served.carrier).scrubbing_every(served.scrub_every);
    // A folder without a suitcase is said before a browser is opened.
    console.logins()?;
    console.obey(&command);
    keep_console(&dir, address, &command)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(not_listening)?;
    if let Some(launch) = launch {
        (served.announce)(&format!("http://{address}/launch/{}", launch.text()));
    }
    let console = Arc::new(console);
    let accepting = listener.try_clone().map_err(not_listening)?;
    let known = runtime.block_on(until_end(Arc::clone(&console), accepting)).map_err(not_listening)?;
    // Whatever still runs beside the pages ends with the memory it has.
    runtime.shutdown_timeout(LAST_ANSWERS);
    forget_console(&dir);
    Ok(match known {
        Some(known) => Ended::Locked { listener, known },
        None => Ended::Stopped,
    })
}

/// Serves until the end. `Some`: the suitcase was locked.
async fn until_end(console: Arc<Console>, listener: TcpListener) -> std::io::Result<Option<Vec<String>>> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let watch = tokio::spawn({
        let console = Arc::clone(&console);
        async move { console.lock_when_left().await }
    });
    let sleep = tokio::spawn(super::sleep::lock_before_sleep(Arc::clone(&console)));
    let (end, ended) = tokio::sync::oneshot::channel();
    let (mut locked, mut told) = (console.locked(), console.locked());
    let serving = axum::serve(listener, super::router(Arc::clone(&console))).with_graceful_shutdown(async move {
        tokio::select! {
            _ = locked.wait_for(Option::is_some) => {}
            () = stopped() => {}
        }
        // Nobody listens if serving failed already.
        let _ = end.send(());
    });
    let serving = async move { serving.await };
    tokio::pin!(serving);
    tokio::select! {
        done = &mut serving => done?,
        _ = ended => {
            // A connection that stays open must not keep the keys.
            let _ = tokio::time::timeout(LAST_ANSWERS, serving).await;
        }
    }
    watch.abort();
    sleep.abort();
    let known = told.borrow_and_update().clone();
    // Stopped or locked, the suitcase is closed.
    console.lock_vault();
    Ok(known)
}

/// Ctrl+C, or the system's request to end.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without signals only a lock or the task manager ends the program.
    if interrupt.await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn listener(listen: Listen) -> Result<TcpListener, AppError> {
    match listen {
        Listen::At(address) if address.ip().is_loopback() => TcpListener::bind(address).map_err(not_listening),
        Listen::At(address) => Err(AppError::input(
            format!("сторінки валізи видно лише на цьому ноутбуці: {address} не є адресою 127.0.0.1"),
            format!("the pages are for this laptop only: {address} is no loopback address"),
        )),
        Listen::Inherited => inherited(),
    }
}

#[cfg(unix)]
fn inherited() -> Result<TcpListener, AppError> {
    use std::os::fd::AsFd;
    let socket = std::io::stdin().as_fd().try_clone_to_owned().map_err(not_listening)?;
    let listener = TcpListener::from(socket);
    let address = listener.local_addr().map_err(not_listening)?;
    if address.ip().is_loopback() { Ok(listener) } else { Err(not_listening(std::io::ErrorKind::InvalidInput.into())) }
}

#[cfg(not(unix))]
fn inherited() -> Result<TcpListener, AppError> {
    Err(not_listening(std::io::ErrorKind::Unsupported.into()))
}

fn not_listening(error: std::io::Error) -> AppError {
    AppError::input(
        format!("сторінки не відкрито ({error}): можливо, порт зайнято; оберіть інший у --listen"),
        format!("the pages cannot be served ({error}): the port may be taken; choose another with --listen"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_laptop_is_served() {
        for foreign in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
            let refused = listener(Listen::At(foreign.parse().unwrap())).unwrap_err();
            assert!(refused.to_string().contains("127.0.0.1"), "{refused}");
        }
        assert!(listener(Listen::At("127.0.0.1:0".parse().unwrap())).is_ok());
    }

    #[test]
    fn a_taken_port_is_said() {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let refused = listener(Listen::At(first.local_addr().unwrap())).unwrap_err();
        assert!(refused.to_string().contains("--listen"), "{refused}");
    }
}
