//! The hub's half of a backup: its settings, keys and certificate, and a checked copy of its database.

use super::hub_folder::{HubFolder, MADE_ONCE};
use super::{error, hub_folder, hub_process};
use desk::app::backup::{Contents, HalfMade, Part, copy_file};
use desk::app::{DeskError, ErrorKind};
use hub::Marker;
use hub::store::{self, StoreError};
use std::path::Path;

/// Writes the hub's files into an empty folder, while the hub runs or not.
pub fn copy(from: &Path, to: &Path) -> Result<HalfMade, DeskError> {
    let hub = HubFolder::read(from)?;
    for name in MADE_ONCE {
        copy_file(&from.join(name), &to.join(name))?;
    }
    let tenant = Some((hub.tenant, hub.root.signing));
    let mut contents = Contents { opened: true, ..Contents::default() };
    if hub.database().exists() {
        let copy = hub.database_in(to);
        store::copy(&hub.database(), &copy).map_err(|fault| store_error(&fault))?;
        let checked = store::check(&copy).map_err(|fault| store_error(&fault))?;
        if let Some(fault) = checked.faults.first() {
            return Err(DeskError::new(
                ErrorKind::Damaged,
                format!(
                    "копії немає: база самого вузла пошкоджена ({fault}); приберіть hub.db, її повернуть центр і валізи"
                ),
                format!(
                    "no backup: the hub's own database is damaged ({fault}); remove hub.db, desk and suitcases give it back"
                ),
            ));
        }
        contents.lineage = checked.lineage;
        contents.position = Some(checked.tenants.iter().map(|(_, position)| position).sum());
        contents.heads = checked.heads;
    }
    Ok(HalfMade { tenant, contents })
}

/// What is wrong with the hub's half of a backup, entry by entry. Nothing is written.
pub fn check(folder: &Path, part: &Part) -> Result<Vec<String>, DeskError> {
    let hub = match HubFolder::read(folder) {
        Ok(hub) => hub,
        Err(error) => return Ok(vec![error.sentence.to_string()]),
    };
    if !hub.database().exists() {
        let promised = part.contents.position.is_some();
        return Ok(promised.then(|| "hub.db: немає / missing".to_owned()).into_iter().collect());
    }
    let checked = match store::check(&hub.database()) {
        Ok(checked) => checked,
        Err(fault) => return Ok(vec![format!("hub.db: {fault}")]),
    };
    let mut faults = checked.faults;
    if checked.tenants.iter().all(|(tenant, _)| (tenant.id, tenant.root) != (hub.tenant, hub.root)) {
        faults.push("hub.db: іншої громади, ніж hub.toml / of another community than hub.toml".to_owned());
    }
    if checked.heads != part.contents.heads || checked.lineage != part.contents.lineage {
        faults.push("hub.db: тримає не те, що записано в переліку / does not hold what the manifest says".to_owned());
    }
    Ok(faults)
}

/// What a hub's own folder holds, and what is wrong with it.
pub struct Verified {
    /// Chains that were followed.
    pub chains: usize,
    /// Entries whose hash, link and place were checked.
    pub entries: u64,
    /// A sentence each in both languages. Empty: all is well.
    pub faults: Vec<String>,
}

/// Checks everything that a hub in `dir` keeps, while it runs or not. Nothing is written.
pub fn verify(dir: &Path) -> Result<Verified, DeskError> {
    let hub = HubFolder::read(&hub_folder(dir))?;
    hub_process::trusted(&hub)?;
    let mut verified = Verified { chains: 0, entries: 0, faults: Vec::new() };
    if !hub.database().exists() {
        return Ok(verified);
    }
    // Read before the database, which runs ahead of it.
    let marker = hub.marker();
    let checked = match store::check_in_use(&hub.database()) {
        Ok(checked) => checked,
        Err(StoreError::Damaged(fault)) => {
            verified.faults.push(format!("hub.db не читається ({fault}) / does not read"));
            return Ok(verified);
        }
        Err(fault) => return Err(store_error(&fault)),
    };
    (verified.chains, verified.entries, verified.faults) = (checked.heads.len(), checked.entries, checked.faults);
    if checked.tenants.iter().all(|(tenant, _)| (tenant.id, tenant.root) != (hub.tenant, hub.root)) {
        verified.faults.push("hub.db: іншої громади, ніж hub.toml / of another community than hub.toml".to_owned());
    }
    let held: u64 = checked.tenants.iter().map(|(_, position)| position).sum();
    if marker.is_some_and(|marker| Some(marker.lineage) != checked.lineage || marker.entries > held) {
        verified.faults.push(
            "hub.marker: база старша, ніж була; після запуску вузла її доповнять центр і валізи / the database is older than it was; desk and suitcases fill it up once the hub runs"
                .to_owned(),
        );
    }
    Ok(verified)
}

/// Marks a restored hub, so that it begins a new life at its first start: everybody then looks anew what it lacks. The
/// marker says one entry more than the copy holds.
pub fn mark_restored(folder: &Path, contents: &Contents) -> Result<(), DeskError> {
    let (Some(lineage), Some(position)) = (contents.lineage, contents.position) else { return Ok(()) };
    HubFolder::read(folder)?.keep_marker(&Marker { lineage, entries: position + 1 })
}

/// What went wrong with the hub's database.
pub fn store_error(fault: &StoreError) -> DeskError {
    let kind = match fault {
        StoreError::Busy => ErrorKind::Busy,
        StoreError::Damaged(_) => ErrorKind::Damaged,
        _ => ErrorKind::Refused,
    };
    error(kind, fault)
}
