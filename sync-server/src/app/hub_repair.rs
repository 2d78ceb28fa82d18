//! `hub-repair`: a new database of what a damaged one still holds. The damaged one is kept beside. Three names change
//! at once, the database, its log and the marker, so a line says beforehand what is to become of them: whoever comes next,
//! a hub that starts or another repair, does the rest. A power cut leaves the old or the new.

use super::hub_folder::{HubFolder, Use};
use super::hub_half::store_error;
use super::{error, hub_folder, hub_scrub, hub_spare};
use clock::{Clock, SystemClock};
use desk::app::{DeskError, ErrorKind};
use hub::Marker;
use hub::store::{self, Lost, StoreError, log_of};
use ids::LineageId;
use sealing::{Entropy, SystemEntropy};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// What is to become of the names: text, written before the first of them changes.
const INTENT: &str = "hub.repair";
const HEAD: &str = "valiza-hub-repair 1";
/// The new database before it has its name.
const MENDING: &str = "hub.db.mending";

/// What was repaired.
#[derive(Default)]
pub struct Repaired {
    /// Small files that were put back from the spare copy, a sentence each.
    pub put_back: Vec<String>,
    /// The new database; `None` if the one that was there is whole.
    pub database: Option<NewDatabase>,
}

/// The new database.
pub struct NewDatabase {
    /// What the damaged one is called now, in the hub's folder.
    pub aside: String,
    /// Chains that the new one holds something of.
    pub chains: usize,
    /// Its entries.
    pub entries: u64,
    /// What is known to be missing.
    pub lost: Vec<Lost>,
}

/// What `hub-repair` takes.
pub struct RepairPlan<'a> {
    /// The centre's folder.
    pub dir: &'a Path,
    /// More databases to take from what the hub's own lacks: one that was set aside, one of a backup.
    pub also: &'a [PathBuf],
    /// Also if the database says that a later program wrote it.
    pub any_version: bool,
}

/// Repairs what a hub keeps. The hub must not run.
pub fn repair(plan: &RepairPlan<'_>) -> Result<Repaired, DeskError> {
    let path = hub_folder(plan.dir);
    HubFolder::look_for(&path)?;
    let _alone = Use::alone(&path)?;
    finish(&path)?;
    let stamp = SystemClock::new().now().to_string().replace(':', "-");
    let usable = hub_spare::usable(&path)?;
    if !plan.any_version {
        usable.folder.marker()?;
    }
    let put_back = hub_spare::put_back(&path, &usable, &stamp)?;
    hub_spare::keep(&path, &usable.files)?;
    let mut repaired = Repaired { put_back, database: None };
    let database = usable.folder.database();
    if plan.also.is_empty() && (!database.exists() || is_whole(&usable.folder, plan.any_version)?) {
        return Ok(repaired);
    }
    let sources: Vec<PathBuf> =
        database.exists().then_some(database).into_iter().chain(plan.also.iter().cloned()).collect();
    if let Some(missing) = sources.iter().find(|source| !source.is_file()) {
        let place = missing.display();
        return Err(DeskError::not_found(format!("файлу {place} немає"), format!("there is no file {place}")));
    }
    repaired.database = Some(renew(&path, &usable.folder, &sources, &stamp)?);
    Ok(repaired)
}

/// True if there is nothing to repair. A database that only another program could read is none that is damaged.
fn is_whole(folder: &HubFolder, any_version: bool) -> Result<bool, DeskError> {
    match store::check_in_use(&folder.database()) {
        Ok(checked) => {
            let ours =
                checked.tenants.is_empty() || checked.tenants.iter().any(|(tenant, _)| *tenant == folder.community());
            Ok(checked.faults.is_empty() && ours)
        }
        Err(StoreError::LaterVersion { found }) if !any_version => Err(DeskError::new(
            ErrorKind::Refused,
            format!(
                "базу записала програма іншої версії ({found}): оновіть програму; якщо це лише пошкодження, додайте --any-version"
            ),
            format!(
                "the database is of another version ({found}): update the program; if that is damage, add --any-version"
            ),
        )),
        Err(fault @ (StoreError::Busy | StoreError::Denied | StoreError::Full)) => Err(store_error(&fault)),
        Err(_) => Ok(false),
    }
}

fn renew(path: &Path, folder: &HubFolder, sources: &[PathBuf], stamp: &str) -> Result<NewDatabase, DeskError> {
    let new = path.join(MENDING);
    forget_unfinished(path)?;
    let entropy: &mut dyn Entropy = &mut SystemEntropy::new();
    let lineage = LineageId::from_random(entropy.array());
    let mended = store::mend(sources, &new, &folder.community(), lineage).map_err(|fault| store_error(&fault))?;
    let checked = store::check(&new).map_err(|fault| store_error(&fault))?;
    if let Some(fault) = checked.faults.first() {
        let (uk, en) = fault.split_once(" / ").unwrap_or((fault, fault));
        return Err(DeskError::new(
            ErrorKind::Damaged,
            format!("нова база не читається так, як записана ({uk}): перевірте диск; стару не змінено"),
            format!(
                "the new database does not read as it was written ({en}): check the disk; the old one is as it was"
            ),
        ));
    }
    File::open(&new)?.sync_all()?;
    sync(path)?;
    let aside = format!("hub.db.damaged-{stamp}");
    let marker = Marker { lineage, positions: checked.tenants.iter().map(|(_, position)| position).sum() };
    let intent = format!("{HEAD}\naside {aside}\nmarker {}", marker.line());
    peer::keep_file(path, INTENT, intent.as_bytes())?;
    finish(path)?;
    Ok(NewDatabase { aside, chains: mended.chains, entries: mended.entries, lost: mended.lost })
}

/// True if a repair broke off after its decision: [`finish`] does the rest.
pub fn is_due(path: &Path) -> bool {
    path.join(INTENT).exists()
}

/// Ends a repair that broke off. Whoever calls it has the folder alone.
pub fn finish(path: &Path) -> Result<(), DeskError> {
    let Ok(text) = fs::read_to_string(path.join(INTENT)) else { return Ok(()) };
    let (aside, marker) = read(&text).ok_or_else(|| {
        DeskError::new(
            ErrorKind::Damaged,
            format!("{INTENT} пошкоджено: приберіть його і повторіть hub-repair"),
            format!("{INTENT} is damaged: remove it and run hub-repair again"),
        )
    })?;
    let (new, old, kept) = (path.join(MENDING), path.join("hub.db"), path.join(aside));
    // As long as the new one has not its name, what has it is the old one.
    if new.exists() {
        set_aside(&old, &kept)?;
        set_aside(&log_of(&old), &log_of(&kept))?;
        remove(&beside(&old, "-shm"))?;
        // Before the new one comes: a log that belongs to the old one must not lie beside it.
        sync(path)?;
        fs::rename(&new, &old)?;
        sync(path)?;
    }
    hub_scrub::begin_anew(path);
    peer::keep_file(path, "hub.marker", marker.to_text().as_bytes())?;
    remove(&path.join(INTENT))?;
    sync(path)
}

/// Removes what a repair left that was killed before its decision: no order to erase reaches into it. Whoever calls it
/// has ended what was decided ([`finish`]) and keeps repairs away.
pub fn forget_unfinished(path: &Path) -> Result<(), DeskError> {
    let new = path.join(MENDING);
    [log_of(&new), beside(&new, "-shm"), beside(&new, "-journal"), new].iter().try_for_each(|left| remove(left))
}

fn read(text: &str) -> Option<(&str, Marker)> {
    let (aside, marker) = text.strip_prefix(HEAD)?.strip_prefix("\naside ")?.split_once("\nmarker ")?;
    let ours = aside.starts_with("hub.db.damaged-") && !aside.contains(['/', '\\']);
    Some((aside, Marker::from_line(marker)?)).filter(|_| ours)
}

fn set_aside(from: &Path, to: &Path) -> Result<(), DeskError> {
    match fs::rename(from, to) {
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => Ok(done?),
    }
}

fn remove(path: &Path) -> Result<(), DeskError> {
    match fs::remove_file(path) {
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => Ok(done?),
    }
}

fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(what);
    name.into()
}

fn sync(path: &Path) -> Result<(), DeskError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|fault| error(ErrorKind::Refused, &fault))
}
