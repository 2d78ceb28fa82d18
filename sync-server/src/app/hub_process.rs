//! The hub as a process of its own: it faces the network and needs no passphrase.

use super::hub_folder::{HubFolder, Use};
use super::hub_half::store_error;
use super::{error, hub_folder, hub_repair, hub_scrub, hub_spare, hub_trust};
use clock::{Clock, SystemClock};
use desk::app::{DeskError, ErrorKind};
use hub::store::SqliteStore;
use hub::{Hub, http, tls};
use rustls::ServerConfig;
use sealing::{Entropy, SystemEntropy};
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How often the marker outside the database is brought up to date.
const MARKING: Duration = Duration::from_secs(5);

/// Opens the database, or makes it; a restored or older one begins a new life.
pub fn open(folder: &HubFolder) -> Result<Arc<Hub>, DeskError> {
    let marker = folder.marker()?;
    let store = SqliteStore::open(&folder.database()).map_err(|fault| store_error(&fault))?;
    let draw = || {
        let entropy: &mut dyn Entropy = &mut SystemEntropy::new();
        entropy.array()
    };
    Hub::open(Arc::new(store), folder.keys(), marker, draw)
        .and_then(|hub| hub.create_tenant(folder.tenant, folder.root).map(|()| Arc::new(hub)))
        .map_err(|fault| store_error(&fault))
}

/// The listener's settings, if the root in `hub.toml` vouches for the certificate: no peer would believe another one.
pub fn trusted(folder: &HubFolder) -> Result<Arc<ServerConfig>, DeskError> {
    let config = tls::server_config(folder.certificate.clone(), &folder.seed)
        .map_err(|fault| error(ErrorKind::Damaged, &fault))?;
    let name = folder.names.first().map_or("localhost", String::as_str);
    hub_trust::prove(&folder.root.signing, name, &config)?;
    Ok(config)
}

/// Serves until `shutdown` is done. `ready` is called with the address once it listens.
/// Everything that is kept is looked through at most every `scrub`.
pub async fn run_hub(
    dir: &Path,
    scrub: Duration,
    ready: impl FnOnce(&str),
    shutdown: impl Future<Output = ()>,
) -> Result<(), DeskError> {
    let path = hub_folder(dir);
    HubFolder::look_for(&path)?;
    if hub_repair::is_due(&path) {
        let _alone = Use::alone(&path)?;
        hub_repair::finish(&path)?;
    }
    let _used = Use::shared(&path)?;
    if let Err(fault) = hub_repair::forget_unfinished(&path) {
        tracing::error!(%fault, "what a killed repair left could not be removed");
    }
    let usable = hub_spare::usable(&path)?;
    for fault in &usable.faults {
        tracing::warn!("{fault}");
    }
    if usable.replaced.is_empty() {
        hub_spare::keep(&path, &usable.files)?;
    }
    let (folder, config) = (usable.folder, usable.tls);
    let hub = open(&folder)?;
    let listener = TcpListener::bind(&folder.listen).await.map_err(|fault| {
        DeskError::new(
            ErrorKind::Busy,
            format!("адреса {} зайнята або чужа ({fault}): змініть listen у hub.toml", folder.listen),
            format!("the address {} is in use or not ours ({fault}): change listen in hub.toml", folder.listen),
        )
    })?;
    // For whoever started it: from here on peers are answered.
    ready(&folder.listen);
    tracing::info!(listen = %folder.listen, tenant = %folder.tenant, "the hub listens");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    tokio::select! {
        () = http::serve(listener, Some(config), Arc::clone(&hub), clock, shutdown) => {}
        () = keep_marking(&folder, &hub) => {}
        () = scrubbed(&path, &folder, &hub, scrub) => {}
    }
    mark(&folder, &hub).await;
    tracing::info!("the hub ends");
    Ok(())
}

/// Whatever becomes of it, the hub goes on.
async fn scrubbed(path: &Path, folder: &HubFolder, hub: &Arc<Hub>, every: Duration) {
    hub_scrub::keep_scrubbing(path, folder, hub, every).await;
    tracing::error!("the scrub of the hub's database broke off");
    std::future::pending::<()>().await;
}

async fn keep_marking(folder: &HubFolder, hub: &Arc<Hub>) {
    loop {
        mark(folder, hub).await;
        tokio::time::sleep(MARKING).await;
    }
}

/// An old marker does no harm, so a full disk is a line in the log.
async fn mark(folder: &HubFolder, hub: &Arc<Hub>) {
    let hub = Arc::clone(hub);
    let marker = match tokio::task::spawn_blocking(move || hub.marker()).await {
        Ok(Ok(marker)) => marker,
        Ok(Err(fault)) => return tracing::warn!(%fault, "the hub's marker cannot be told"),
        Err(_) => return,
    };
    let kept = match folder.marker() {
        Ok(kept) => kept.is_some_and(|kept| kept == marker),
        // A later program took over while this one ends: its marker stays.
        Err(_) => true,
    };
    if !kept && let Err(fault) = folder.keep_marker(&marker) {
        tracing::warn!(%fault, "the hub's marker cannot be kept");
    }
}
