//! The suitcase's side: when the register tells of a new key of the centre, what was sealed to the one before and the
//! centre has not opened is sealed to the new one: keys of records, one by one, and facts. The key of the epoch under way
//! was told to the old one alone, so another epoch begins.

use crate::PeerError;
use crate::facts::{KEPT_KEYS, OwnFact, ToldAgain};
use crate::identity::Role;
use crate::ledger::Ledger;
use crate::rebirth;
use crate::store::{entries, keys, letters, meta, sync, told_again};
use chain::{ExceptionCode, Kind, Standing};
use ids::{ChainId, RecordId};
use rusqlite::Connection;
use sealing::RecordKey;
use std::collections::BTreeSet;

/// The name in `meta` of the centre's key that this suitcase knows: 32 bytes; none if it must tell it again all the same.
const SEALED_TO: &str = "sealed to";
const PAGE: usize = 256;
/// Bytes of facts in one entry.
const TOGETHER: usize = 40_000;

/// What the chain of before told again from `from` on parted from it, and the centre may never open it there: whoever goes
/// on tells it once more.
pub(crate) fn tell_once_more(connection: &Connection, old: ChainId, from: u64) -> Result<(), PeerError> {
    let told = told_again::own_unopened(connection)?.into_iter().filter(|fact| fact.chain == old && fact.seq >= from);
    let holds_keys = |fact: &ToldAgain| matches!(OwnFact::decode(&fact.plain), Ok(OwnFact::KeptKeys(_)));
    let follows = meta::get(connection, SEALED_TO)?.is_some();
    if follows && told.filter(holds_keys).count() > 0 { meta::put(connection, SEALED_TO, &[]) } else { Ok(()) }
}

impl Ledger {
    /// Follows the centre to its new key. A chain that another life of this disk may have gone on with is compared first:
    /// what is told again under a number that is spent would be one branch more. The chain that goes on for it tells it.
    pub(crate) fn seal_anew(&mut self) -> Result<(), PeerError> {
        let (Role::Suitcase, Some(centre)) = (self.identity.role, self.register.centre_agreement()) else {
            return Ok(());
        };
        let known = meta::get(&self.connection, SEALED_TO)?;
        if known.as_deref() == Some(&centre.0) {
            return Ok(());
        }
        let standing = self.register.standing(self.identity.chain, self.clock.now().0);
        if matches!(standing, Standing::Continued { .. }) || rebirth::in_doubt(&self.connection)?.is_some() {
            return Ok(());
        }
        let (records, facts) = match known {
            Some(_) => (self.unopened_records()?, told_again::own_unopened(&self.connection)?),
            None => Default::default(),
        };
        let begins = known.is_some() && self.epoch.is_some();
        self.act(move |act| {
            if begins {
                act.begin_epoch()?;
            }
            let mut all: Vec<(RecordId, u32, RecordKey)> = Vec::new();
            for record in records {
                let keys = keys::record_keys(act.connection(), record)?;
                all.extend(keys.into_iter().map(|(generation, key)| (record, generation, key)));
            }
            while !all.is_empty() {
                let page = all.drain(..all.len().min(KEPT_KEYS)).collect();
                act.own(&OwnFact::KeptKeys(page))?;
            }
            let (mut page, mut size) = (Vec::new(), 0);
            for fact in facts {
                if size + fact.plain.len() > TOGETHER && !page.is_empty() {
                    act.own(&OwnFact::ToldAgain(std::mem::take(&mut page)))?;
                    size = 0;
                }
                size += fact.plain.len() + 40;
                page.push(fact);
            }
            if !page.is_empty() {
                act.own(&OwnFact::ToldAgain(page))?;
            }
            // Letters on sticks that the centre has not read are sealed to the key of before.
            letters::spoil_files(act.connection())?;
            meta::put(act.connection(), SEALED_TO, &centre.0)
        })
    }

    /// Records that own chains wrote about and the centre has not opened all of.
    fn unopened_records(&self) -> Result<BTreeSet<RecordId>, PeerError> {
        let mut found = BTreeSet::new();
        for chain in self.written_chains() {
            let (mut after, until) = (sync::verdict_end(&self.connection, chain)?, self.written_until(chain)?);
            while after < until {
                let page = entries::of_chain(&self.connection, self.identity.tenant, chain, after, PAGE)?;
                let Some(last) = page.last() else { break };
                after = last.entry.place.seq;
                let headers = page.iter().map(|stored| &stored.entry.entry.header);
                found.extend(headers.filter(|header| header.kind == Kind::CHANGE).filter_map(|header| header.record));
            }
            found.extend(self.excepted(chain)?);
        }
        Ok(found)
    }

    fn excepted(&self, chain: ChainId) -> Result<Vec<RecordId>, PeerError> {
        let mut found = Vec::new();
        for (_, exception) in sync::exceptions(&self.connection, Some(chain), false)? {
            if exception.code == ExceptionCode::Unopened {
                let stored = entries::at(&self.connection, self.identity.tenant, chain, exception.seq)?;
                found.extend(stored.and_then(|stored| stored.entry.entry.header.record));
            }
        }
        Ok(found)
    }
}
