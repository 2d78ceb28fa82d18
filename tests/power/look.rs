//! Looks into what a cut has left, with the product's own code and without its programs: thousands of pictures are too
//! many to start programs for, whose passphrase alone costs a fifth of a second each time.

use clock::{Clock, SystemClock};
use peer::decoder::InProcess;
use peer::{Filter, Folder, Means, Order, Peer};
use sealing::{Passphrase, SystemEntropy, Vault, VaultKey};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use valiza_tests::programs::PASSPHRASE;

/// Opens the vault of a folder as it stands.
pub fn vault_key(folder: &Path, login: &str) -> VaultKey {
    let vault = peer::read_vault(folder).expect("a vault");
    vault.unlock(login, &Passphrase::typed(PASSPHRASE)).expect("it opens")
}

/// What is in a suitcase or a desk.
#[derive(Debug, Default)]
pub struct Held {
    /// Numbers of requests with their states.
    pub requests: BTreeMap<String, String>,
    /// How far its own chain goes.
    pub end: u64,
}

/// Opens a peer, checks everything in it, and tells what it holds.
pub fn peer(folder: &Path, key: &VaultKey, login: &str) -> Result<Held, String> {
    let means = || Means {
        entropy: Box::new(SystemEntropy::new()),
        clock: Arc::new(SystemClock::new()) as Arc<dyn Clock>,
        decoder: Box::new(InProcess),
    };
    let held = Folder::hold_existing(folder).map_err(|error| format!("the folder: {error}"))?;
    let peer = Peer::open(held, key, login, means()).map_err(|error| format!("opening: {error}"))?;
    let report = peer.verify().map_err(|error| format!("verify: {error}"))?;
    if !report.faults.is_empty() {
        return Err(format!("verify: {:?}", report.faults));
    }
    let held = peer.read(|view| {
        let filter = Filter { kind: Some(records::Kind::Request), ..Filter::default() };
        let rows = view.list(&filter, Order::Newest, 0, 10_000)?;
        let requests = rows.into_iter().filter_map(|row| Some((row.number?, row.state))).collect();
        Ok(Held { requests, end: view.end(peer.chain())?.seq })
    });
    held.map_err(|error| format!("reading: {error}"))
}

/// Who opens a vault, remembered: a try is dear, and the same vault stands in many pictures.
#[derive(Default)]
pub struct Doors(HashMap<(Vec<u8>, String, String), bool>);

impl Doors {
    /// Whether this officer's passphrase opens the vault.
    pub fn open(&mut self, folder: &Path, login: &str, passphrase: &str) -> Result<bool, String> {
        let bytes = std::fs::read(folder.join("vault")).map_err(|error| format!("the vault: {error}"))?;
        let vault = Vault::decode(&bytes).map_err(|error| format!("the vault: {error}"))?;
        let door = (bytes, login.to_owned(), passphrase.to_owned());
        let try_it = || vault.unlock(login, &Passphrase::typed(passphrase)).is_ok();
        Ok(*self.0.entry(door).or_insert_with(try_it))
    }
}
