//! Looks into what a cut has left, with the product's own code and without its programs: thousands of pictures are too
//! many to start programs for, whose passphrase alone costs a fifth of a second each time.

use clock::{Clock, SystemClock};
use hub::Marker;
use hub::store::{self, SqliteStore};
use ids::ChainId;
use peer::decoder::InProcess;
use peer::{Filter, Folder, Means, Order, Peer, Report};
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
    /// Its own chain.
    pub chain: Option<ChainId>,
    /// How far its own chain goes.
    pub end: u64,
    /// Of a desk: new keys are there beside the old ones.
    pub rotates: bool,
    /// Of a desk: secrets of before that it still has.
    pub old_secrets: usize,
}

/// Opens a peer and checks everything in it.
fn whole_peer(folder: &Path, key: &VaultKey, login: &str) -> Result<(Peer, Report), String> {
    let means = Means {
        entropy: Box::new(SystemEntropy::new()),
        clock: Arc::new(SystemClock::new()) as Arc<dyn Clock>,
        decoder: Box::new(InProcess),
    };
    let held = Folder::hold_existing(folder).map_err(|error| format!("the folder: {error}"))?;
    let peer = Peer::open(held, key, login, means).map_err(|error| format!("opening: {error}"))?;
    let report = peer.verify().map_err(|error| format!("verify: {error}"))?;
    if report.faults.is_empty() { Ok((peer, report)) } else { Err(format!("verify: {:?}", report.faults)) }
}

/// Opens a peer, checks everything in it, and gives back everything in it as text. A spare file that was made again is
/// an error too: somebody is told.
pub fn everything(folder: &Path, key: &VaultKey, login: &str) -> Result<Vec<String>, String> {
    let (peer, report) = whole_peer(folder, key, login)?;
    if let Some(told) = report.aside.first() {
        return Err(format!("told: {told}"));
    }
    let mut lines = peer.rows_as_text().map_err(|error| format!("reading: {error}"))?;
    lines.push(format!("{report:?}"));
    let rest = peer.read(|view| {
        let end = view.end(peer.chain())?;
        Ok(format!("{:?} {end:?} {:?} {:?}", peer.hub(), view.drafts()?, view.newest_anchor(peer.chain())?))
    });
    lines.push(rest.map_err(|error| format!("reading: {error}"))?);
    Ok(lines)
}

/// Opens a peer, checks everything in it, and tells what it holds.
pub fn peer(folder: &Path, key: &VaultKey, login: &str) -> Result<Held, String> {
    let (peer, _) = whole_peer(folder, key, login)?;
    let rotates = peer.rotation_state("hub").map_err(|error| format!("the rotation: {error}"))?.is_some();
    let held = peer.read(|view| {
        let filter = Filter { kind: Some(records::Kind::Request), ..Filter::default() };
        let rows = view.list(&filter, Order::Newest, 0, 10_000)?;
        let requests = rows.into_iter().filter_map(|row| Some((row.number?, row.state))).collect();
        let (chain, end) = (Some(peer.chain()), view.end(peer.chain())?.seq);
        Ok(Held { requests, chain, end, rotates, old_secrets: view.old_secrets()? })
    });
    held.map_err(|error| format!("reading: {error}"))
}

/// Up to where a hub holds each chain.
pub type Heads = BTreeMap<ChainId, u64>;

/// Opens a hub's database as the hub does, and checks everything in it.
pub fn hub(folder: &Path) -> Result<Heads, String> {
    let path = folder.join("hub.db");
    drop(SqliteStore::open(&path).map_err(|error| format!("opening: {error}"))?);
    let checked = store::check(&path).map_err(|error| format!("checking: {error}"))?;
    if !checked.faults.is_empty() {
        return Err(format!("checking: {:?}", checked.faults));
    }
    let held: u64 = checked.tenants.iter().map(|(_, position)| position).sum();
    let marker = std::fs::read_to_string(folder.join("hub.marker")).ok().and_then(|text| Marker::from_text(&text).ok());
    match marker {
        Some(marker) if marker.positions > held => Err(format!("the marker says {}, held is {held}", marker.positions)),
        _ => Ok(checked.heads.iter().map(|head| (head.chain, head.end.seq)).collect()),
    }
}

/// The same of a hub that runs.
pub fn running_hub(folder: &Path) -> Heads {
    let dir = super::film::quick_folder();
    store::copy(&folder.join("hub.db"), &dir.path().join("hub.db")).expect("a copy of the running hub");
    hub(dir.path()).expect("the running hub is whole")
}

/// A chain that ends earlier than it was promised.
pub fn shorter(held: &Heads, promised: &Heads) -> Option<String> {
    let end = |chain| held.get(chain).copied().unwrap_or(0);
    let short = promised.iter().find(|(chain, seq)| end(chain) < **seq);
    short.map(|(chain, seq)| format!("chain {chain} ends at {}, promised was {seq}", end(chain)))
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
