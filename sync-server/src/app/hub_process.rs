//! The hub as a process of its own: it faces the network and needs no passphrase.

use super::hub_folder::HubFolder;
use super::{error, hub_folder};
use clock::{Clock, SystemClock};
use desk::app::{DeskError, ErrorKind};
use hub::store::SqliteStore;
use hub::{Hub, http, tls};
use sealing::{Entropy, SystemEntropy};
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How often the marker outside the database is brought up to date.
const MARKING: Duration = Duration::from_secs(5);

/// Serves until `shutdown` is done.
pub async fn run_hub(dir: &Path, shutdown: impl Future<Output = ()>) -> Result<(), DeskError> {
    let folder = HubFolder::read(&hub_folder(dir))?;
    let store = SqliteStore::open(&folder.database()).map_err(|fault| error(ErrorKind::Damaged, &fault))?;
    let draw = || {
        let entropy: &mut dyn Entropy = &mut SystemEntropy::new();
        entropy.array()
    };
    let hub = Hub::open(Arc::new(store), folder.keys(), folder.marker(), draw)
        .and_then(|hub| hub.create_tenant(folder.tenant, folder.root).map(|()| Arc::new(hub)))
        .map_err(|fault| error(ErrorKind::Damaged, &fault))?;
    let config = tls::server_config(folder.certificate.clone(), &folder.seed)
        .map_err(|fault| error(ErrorKind::Damaged, &fault))?;
    let listener = TcpListener::bind(&folder.listen).await.map_err(|fault| {
        DeskError::new(
            ErrorKind::Busy,
            format!("адреса {} зайнята або чужа ({fault}): змініть listen у hub.toml", folder.listen),
            format!("the address {} is in use or not ours ({fault}): change listen in hub.toml", folder.listen),
        )
    })?;
    tracing::info!(listen = %folder.listen, tenant = %folder.tenant, "the hub listens");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    tokio::select! {
        () = http::serve(listener, Some(config), Arc::clone(&hub), clock, shutdown) => {}
        () = keep_marking(&folder, &hub) => {}
    }
    mark(&folder, &hub).await;
    tracing::info!("the hub ends");
    Ok(())
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
    let kept = folder.marker().is_some_and(|kept| kept == marker);
    if !kept && let Err(fault) = folder.keep_marker(&marker) {
        tracing::warn!(%fault, "the hub's marker cannot be kept");
    }
}
