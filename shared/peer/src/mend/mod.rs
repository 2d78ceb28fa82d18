//! Makes a peer whole again whose database is damaged: what can be read goes into a new one, what somebody else holds is
//! asked for again, what is lost is said.
//!
//! Every entry that was read is checked before it counts. What follows from entries is made again. Of a chain of somebody
//! else the next exchange brings what is missing, because the hub is asked for everything once more. A suitcase whose own
//! chain is broken goes on under a new one ([`crate::Reborn`]): nobody can write a number again that may be under way, and
//! when a person at the centre has confirmed it, the hub hands the old chain's entries down. A desk writes nothing until
//! the hub has handed out its own chains.

mod entries;
mod lost;
mod swap;
mod words;

pub(crate) use lost::missing;
pub use lost::{Loss, LostRecord};
pub(crate) use swap::{discard, finish};

use crate::folder::Folder;
use crate::identity::Identity;
use crate::ledger::{Ledger, load_register};
use crate::peer::Means;
use crate::rebirth;
use crate::scrub;
use crate::spare::{self, Spare};
use crate::store::{self, keys, meta, sync};
use crate::sync::begin_without_token;
use crate::verify::check;
use crate::{PeerError, Role, lost_numbers};
use chain::{Dialogue, Reason};
use entries::Sound;
use rusqlite::{Connection, TransactionBehavior};
use salvage::Copied;
use sealing::VaultKey;
use signing::Secret;
use std::path::Path;

/// What a repair found, and what it did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mended {
    /// What was wrong, one sentence each. Empty: nothing was, and nothing was touched.
    pub faults: Vec<String>,
    /// The name under which the damaged database is kept in the folder; `None`: it is where it was.
    pub aside: Option<String>,
    /// Entries that were read and are what their authors signed.
    pub entries: u64,
    /// Entries that were read and are not.
    pub refused: u64,
    /// Entries that are missing and that somebody else holds, as far as is known.
    pub wanted: u64,
    /// Own entries that nobody else had.
    pub lost: u64,
    /// How much was recorded last is not known: more may be lost than can be named.
    pub unknown: bool,
    /// Records of which something is missing.
    pub records: Vec<LostRecord>,
    /// Receipt numbers of the last days about which nothing was read, as on paper without the last characters, a run as one.
    pub numbers: Vec<String>,
    /// Tables of which something could not be read.
    pub tables: Vec<String>,
    /// The suitcase goes on under a new chain, which a person at the centre confirms.
    pub reborn: bool,
}

/// Mends the database of a closed peer. `answerer` names the hub in its memory. `list`: only says what would come of it,
/// on a copy that is gone afterwards, and leaves everything as it is.
pub fn repair(
    folder: &Folder,
    key: &VaultKey,
    officer: &str,
    means: Means,
    answerer: &str,
    list: bool,
) -> Result<Mended, PeerError> {
    let vault = folder.vault_fault();
    let spare = || spare::read(folder, key);
    let key = &key.database_key();
    if list {
        let looked = swap::copied(folder).and_then(|path| {
            let making = swap::beside(&path);
            Ok(Making { path: &path, key, answerer }.mended(&making, spare, officer, means)?.0)
        });
        swap::forget_copy(folder)?;
        return Ok(looked?.with(vault));
    }
    swap::finish(folder)?;
    swap::discard(folder)?;
    folder.mend_vault()?;
    let (path, making) = (folder.database(), swap::making(folder));
    let (mut mended, made) = match (Making { path: &path, key, answerer }).mended(&making, spare, officer, means) {
        Ok(done) => done,
        Err(error) => {
            swap::discard(folder)?;
            return Err(error);
        }
    };
    scrub::begin_anew(folder.path());
    if made {
        mended.aside = Some(swap::commit(folder)?);
        tracing::warn!(?mended.aside, mended.entries, mended.wanted, mended.lost, mended.reborn, "the database was mended");
    }
    Ok(mended.with(vault))
}

impl Mended {
    /// The vault's fault is among them.
    fn with(mut self, vault: Option<&str>) -> Self {
        self.faults.extend(vault.map(str::to_owned));
        self
    }
}

/// What is wrong with the database: all that `verify` finds, or why it does not open.
fn faults(path: &Path, key: &Secret<32>) -> Result<Vec<String>, PeerError> {
    let contents = |connection: &Connection, pages: Vec<String>| {
        let bytes = meta::get(connection, "identity")?.ok_or(PeerError::Damaged("identity".into()))?;
        let identity = Identity::decode(&bytes)?;
        let register = load_register(connection, &identity)?;
        Ok(check(&|| store::open(path, key), &identity, &register, pages)?.faults)
    };
    let look = || {
        // Closed after the connection: see there.
        let file = store::pages::PageFile::open(path, key)?;
        let connection = store::open(path, key)?;
        store::mend::prepare(&connection)?;
        let pages = store::pages::faults(&file, &connection)?;
        match contents(&connection, pages.clone()) {
            Ok(faults) => Ok(faults),
            Err(error) if pages.is_empty() => Err(error),
            Err(_) => Ok(pages),
        }
    };
    match look() {
        Ok(faults) => Ok(faults),
        Err(
            error @ (PeerError::Later | PeerError::ReadOnly | PeerError::DiskFull | PeerError::Busy | PeerError::InUse),
        ) => Err(error),
        Err(error) => {
            // No database any more, but pages: they say why.
            let pages = store::pages::PageFile::open(path, key).and_then(|file| store::pages::faults_of_file(&file));
            Ok(pages.ok().filter(|pages| !pages.is_empty()).unwrap_or_else(|| vec![error.to_string()]))
        }
    }
}

/// A new database in the making.
struct Making<'a> {
    path: &'a Path,
    key: &'a Secret<32>,
    answerer: &'a str,
}

/// Tables without which something does not open, or nobody knows what counts.
const KEYS: [&str; 4] = ["record_key", "reception", "epoch", "kept_key"];
/// Tables that entries make again.
const MADE_AGAIN: [&str; 11] = [
    "writer",
    "exception",
    "verdict",
    "judged",
    "taken_in",
    "taken_in_ahead",
    "told_again",
    "kept_key",
    "epoch",
    "record_key",
    "other_key",
];

impl Making<'_> {
    /// Looks, and makes a new database if this one is damaged; `true`: it did.
    fn mended(
        &self,
        making: &Path,
        spare: impl FnOnce() -> Option<Spare>,
        officer: &str,
        means: Means,
    ) -> Result<(Mended, bool), PeerError> {
        store::log::keep_if_damaged(self.path)?;
        let faults = faults(self.path, self.key)?;
        if faults.is_empty() {
            return Ok((Mended::default(), false));
        }
        let mended = self.make(making, spare(), officer, means)?;
        Ok((Mended { faults, ..mended }, true))
    }

    fn make(&self, making: &Path, spare: Option<Spare>, officer: &str, means: Means) -> Result<Mended, PeerError> {
        let mut fresh = store::create(making, self.key)?;
        store::mend::prepare(&fresh)?;
        let copied = store::mend::salvage(self.path, self.key, &fresh)?;
        let identity = match (meta::get(&fresh, "identity")?, &spare) {
            (Some(bytes), _) => Identity::decode(&bytes)?,
            (None, Some(spare)) => {
                meta::put(&fresh, "identity", &spare.identity.encode())?;
                Identity::decode(&spare.identity.encode())?
            }
            (None, None) => return Err(PeerError::Damaged("identity, spare".into())),
        };
        // Its page may be the damaged one; without it a desk opens nothing that it ever wrote, its accounts among that.
        keys::put_reception(&fresh, &identity.agreement, 0)?;
        let transaction = fresh.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let named = store::mend::named_by_index(self.path, self.key);
        let sound = entries::keep_sound(&transaction, &identity, &named, spare)?;
        let harm = Harm::of(&copied, &sound);
        if harm.derived {
            store::mend::look_again(&transaction)?;
        }
        store::mend::set_ends(&transaction)?;
        entries::wait_where_broken(&transaction, &identity)?;
        let mut mended = Mended {
            entries: sound.kept,
            refused: sound.refused,
            tables: copied.iter().filter(|one| !one.is_whole()).map(|one| one.table.clone()).collect(),
            ..Mended::default()
        };
        if harm.any {
            ask_again(&transaction)?;
        }
        transaction.commit()?;
        let before = lost::Before::read(&fresh, &identity, self.answerer, &sound)?;
        let now = means.clock.now();
        let mut ledger = Ledger::load(fresh, officer.to_owned(), means.entropy, means.clock, means.decoder)?;
        match ledger.identity.role {
            Role::Suitcase => {
                let broken = before.end < before.known || (before.unstated && harm.entries);
                if broken || harm.keys {
                    mended.reborn = self.go_on(&mut ledger, &before)?;
                }
            }
            Role::Desk { .. } if harm.any => {
                lost_numbers::remember_end(&ledger.connection, ledger.identity.chain, sound.own_end)?;
                ledger.begin_from_a_copy(self.answerer)?;
            }
            Role::Desk { .. } => {}
        }
        before.tell(&ledger, now, &harm, &mut mended)?;
        store::mend::forget_lists(&ledger.connection)?;
        store::mend::settle(ledger.connection)?;
        Ok(mended)
    }

    /// Under a new chain, from the first number that nobody holds.
    fn go_on(&self, ledger: &mut Ledger, before: &lost::Before) -> Result<bool, PeerError> {
        let mut dialogue = sync::dialogue(&ledger.connection, self.answerer)?;
        if let Some(anchored) = before.anchored {
            dialogue.anchored.insert(ledger.identity.chain, anchored);
            sync::put_dialogue(&ledger.connection, self.answerer, &dialogue)?;
        }
        match ledger.rebirth(Reason::Damaged, Some(before.parted)) {
            Ok(()) => Ok(true),
            // It is compared at the next contact, as one that was put back from a copy is.
            Err(PeerError::TooManyLives) => {
                rebirth::doubt(&ledger.connection, Reason::Damaged, None)?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

/// What kind of thing could not be read.
struct Harm {
    any: bool,
    /// Entries, or the names of their chains.
    entries: bool,
    keys: bool,
    derived: bool,
    /// How many receipt numbers were given out.
    numbers: bool,
}

impl Harm {
    fn of(copied: &[Copied], sound: &Sound) -> Self {
        let hurt = |names: &[&str]| copied.iter().any(|one| !one.is_whole() && names.contains(&one.table.as_str()));
        let entries = hurt(&["entry", "chain"]) || sound.refused > 0;
        let (keys, derived) = (hurt(&KEYS), hurt(&MADE_AGAIN));
        let numbers = hurt(&["counter"]);
        Self {
            numbers,
            any: entries || keys || derived || hurt(&["anchor", "dialogue", "meta"]),
            entries,
            keys,
            derived,
        }
    }
}

/// The hub is asked for everything once more: what is here is passed over, what is missing is taken in.
fn ask_again(connection: &Connection) -> Result<(), PeerError> {
    let all = sync::dialogues(connection)?;
    all.into_iter().try_for_each(|(answerer, dialogue)| {
        begin_without_token(connection, &answerer, Dialogue { cursor: None, ..dialogue })
    })
}
