//! What a peer cannot go on without, once more beside the database: who it is, and the register, by which it knows whose
//! word counts. In a file of its own, because a database may lose its first page. It is made again at each start.
//!
//! | `spare`, wrapped under the vault key for the purpose `spare` | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | the identity, as in the database | bytes |
//! | segments of the register | count, then each |

use crate::PeerError;
use crate::folder::{Folder, keep_file};
use crate::identity::Identity;
use crate::ledger::{self, Ledger};
use crate::store::chains;
use crate::store::entries::{self, State};
use chain::{Link, Register, Segment};
use ids::ChainId;
use rusqlite::Connection;
use sealing::{Entropy, VaultKey};
use signing::canonical::{Reader, Writer};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const FILE: &str = "spare";
const PURPOSE: &str = "spare";
/// Segments of a register; each has hundreds of entries.
const SEGMENTS: usize = 100_000;
const LONGEST_IDENTITY: usize = 64 * 1024;

/// What was kept.
pub(crate) struct Spare {
    pub identity: Identity,
    segments: Vec<Segment>,
}

fn plain(connection: &Connection, identity: &Identity) -> Result<Zeroizing<Vec<u8>>, PeerError> {
    let segments = ledger::register_segments(connection, identity)?;
    let mut w = Writer::with_capacity(4096);
    w.u8(1).bytes(&identity.encode()).count(segments.len() as u64);
    segments.iter().for_each(|segment| segment.write(&mut w));
    Ok(Zeroizing::new(w.finish()))
}

fn kept(folder: &Path, key: &VaultKey) -> Option<Zeroizing<Vec<u8>>> {
    let wrapped = std::fs::read(folder.join(FILE)).ok()?;
    key.unwrap(PURPOSE, &[], &wrapped).ok()
}

/// Keeps it as long as a peer is open.
pub(crate) struct Keeper {
    folder: PathBuf,
    key: VaultKey,
    /// Who the peer was, and how far its register was held, when it was kept last.
    kept: Option<(ChainId, Vec<Link>)>,
    /// What was damaged and made again since the peer was opened, a sentence each.
    pub healed: Vec<String>,
}

impl Keeper {
    /// For an open folder.
    pub fn new(folder: &Folder, key: &VaultKey) -> Self {
        Self { folder: folder.path().to_owned(), key: key.duplicate(), kept: None, healed: Vec::new() }
    }

    /// A spare file was damaged: a disk that did this may do more.
    pub fn was_damaged(&mut self, name: &str) {
        tracing::error!(name, "a spare file was damaged on the disk and is made again");
        let told = format!(
            "{name}: запасний файл було пошкоджено на диску, його зроблено знову; перевірте диск / a spare file was damaged on the disk and was made again; check the disk"
        );
        if !self.healed.contains(&told) {
            self.healed.push(told);
        }
    }

    /// Keeps it, if something is new.
    pub fn keep(
        &mut self,
        connection: &Connection,
        identity: &Identity,
        entropy: &mut dyn Entropy,
    ) -> Result<(), PeerError> {
        let chains = ledger::known_registers(connection, identity)?;
        let ends = chains.iter().map(|chain| chains::end(connection, *chain)).collect::<Result<Vec<_>, _>>()?;
        let now = Some((identity.chain, ends));
        if self.kept == now {
            return Ok(());
        }
        let plain = plain(connection, identity)?;
        let kept = kept(&self.folder, &self.key);
        if kept.is_none() && self.folder.join(FILE).exists() {
            self.was_damaged(FILE);
        }
        if kept.is_none_or(|kept| *kept != *plain) {
            keep_file(&self.folder, FILE, &self.key.wrap(PURPOSE, &[], &plain, entropy))?;
        }
        self.kept = now;
        Ok(())
    }
}

impl Ledger {
    /// What a repair goes by follows the database. Recording never waits for it.
    pub(crate) fn keep_spare(&mut self) {
        let Some(keeper) = &mut self.spare else { return };
        if let Err(error) = keeper.keep(&self.connection, &self.identity, self.entropy.as_mut()) {
            tracing::warn!(%error, "what a repair goes by could not be kept");
        }
    }
}

impl Keeper {
    fn is_damaged(&self) -> bool {
        kept(&self.folder, &self.key).is_none()
    }
}

impl Ledger {
    /// Writes it again where it does not open. True if it had to be.
    pub(crate) fn renew_damaged_spare(&mut self) -> bool {
        let Some(keeper) = self.spare.as_mut().filter(|keeper| keeper.is_damaged()) else { return false };
        keeper.kept = None;
        self.keep_spare();
        true
    }
}

/// Reads it; `None` where there is none, or it is damaged, too.
pub(crate) fn read(folder: &Folder, key: &VaultKey) -> Option<Spare> {
    let plain = kept(folder.path(), key)?;
    let mut r = Reader::new(&plain);
    if r.u8().ok()? != 1 {
        return None;
    }
    let identity = Identity::decode(r.bytes(LONGEST_IDENTITY).ok()?).ok()?;
    let count = r.count_to(SEGMENTS).ok()?;
    let segments = (0..count).map(|_| Segment::read(&mut r)).collect::<Result<_, _>>().ok()?;
    Some(Spare { identity, segments })
}

impl Spare {
    /// Puts in what the database lacks of the register, each entry verified.
    pub fn fill(self, connection: &Connection) -> Result<(), PeerError> {
        let mut register = Register::new(self.identity.tenant, self.identity.root);
        for segment in self.segments {
            let chain = segment.chain;
            let Ok(entries) = register.take(segment) else {
                tracing::warn!(%chain, "the spare register does not verify");
                return Ok(());
            };
            for entry in entries {
                entries::put(connection, &entry, State::Taken)?;
            }
            ledger::put_register_chain(connection, chain)?;
        }
        Ok(())
    }
}
