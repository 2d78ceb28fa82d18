//! The hub's half of a backup: its settings, keys and certificate, and a checked copy of its database.

use super::hub_folder::{HubFolder, MADE_ONCE};
use super::{error, hub_folder, hub_repair, hub_spare};
use desk::app::backup::{Contents, HalfMade, Part};
use desk::app::{DeskError, ErrorKind};
use hub::Marker;
use hub::store::{self, StoreError};
use std::path::Path;

/// Writes the hub's files into an empty folder, while the hub runs or not.
pub fn copy(from: &Path, to: &Path) -> Result<HalfMade, DeskError> {
    refuse_unfinished(from)?;
    let usable = hub_spare::usable(from)?;
    for (name, bytes) in MADE_ONCE.iter().zip(&usable.files) {
        peer::keep_file(to, name, bytes)?;
    }
    let hub = usable.folder;
    let tenant = Some((hub.tenant, hub.root.signing));
    let mut contents = Contents { opened: true, ..Contents::default() };
    if hub.database().exists() {
        let copy = hub.database_in(to);
        store::copy(&hub.database(), &copy).map_err(|fault| store_error(&fault))?;
        let checked = store::check(&copy).map_err(|fault| store_error(&fault))?;
        if let Some(fault) = checked.faults.first() {
            let (uk, en) = fault.split_once(" / ").unwrap_or((fault, fault));
            return Err(DeskError::new(
                ErrorKind::Damaged,
                format!("копії немає: база самого вузла пошкоджена ({uk}); зупиніть вузол і виконайте hub-repair"),
                format!("no backup: the hub's own database is damaged ({en}); stop the hub and run hub-repair"),
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
    let path = hub_folder(dir);
    HubFolder::look_for(&path)?;
    refuse_unfinished(&path)?;
    let usable = hub_spare::usable(&path)?;
    let (hub, faults) = (usable.folder, usable.faults);
    let mut verified = Verified { chains: 0, entries: 0, faults };
    if !hub.database().exists() {
        return Ok(verified);
    }
    // Read before the database, which runs ahead of it.
    let marker = hub.marker()?;
    let checked = match store::check_in_use(&hub.database()) {
        Ok(checked) => checked,
        Err(StoreError::Damaged(fault)) => {
            let (uk, en) = fault.split_once(" / ").unwrap_or((&fault, &fault));
            verified
                .faults
                .push(format!("базу даних hub.db не прочитати ({uk}) / the database hub.db does not read ({en})"));
            return Ok(verified);
        }
        Err(fault) => return Err(store_error(&fault)),
    };
    (verified.chains, verified.entries) = (checked.heads.len(), checked.entries);
    verified.faults.extend(checked.faults);
    if checked.tenants.iter().all(|(tenant, _)| (tenant.id, tenant.root) != (hub.tenant, hub.root)) {
        verified.faults.push("hub.db: іншої громади, ніж hub.toml / of another community than hub.toml".to_owned());
    }
    let held: u64 = checked.tenants.iter().map(|(_, position)| position).sum();
    if marker.is_some_and(|marker| Some(marker.lineage) != checked.lineage || marker.positions > held) {
        verified.faults.push(
            "hub.marker: база старша, ніж була; після запуску вузла її доповнять центр і валізи / the database is older than it was; desk and suitcases fill it up once the hub runs"
                .to_owned(),
        );
    }
    Ok(verified)
}

/// Marks a restored hub, so that it begins a new life at its first start: everybody then looks anew what it lacks. The
/// marker says one position more than the copy reaches.
pub fn mark_restored(folder: &Path, contents: &Contents) -> Result<(), DeskError> {
    let (Some(lineage), Some(position)) = (contents.lineage, contents.position) else { return Ok(()) };
    HubFolder::read(folder)?.keep_marker(&Marker { lineage, positions: position + 1 })
}

/// Between the old database and the new one there is nothing to look at.
fn refuse_unfinished(path: &Path) -> Result<(), DeskError> {
    if !hub_repair::is_due(path) {
        return Ok(());
    }
    Err(DeskError::new(
        ErrorKind::Damaged,
        "hub-repair перервано: повторіть його або запустіть вузол, і він завершить",
        "hub-repair broke off: run it again, or start the hub, which ends it",
    ))
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
