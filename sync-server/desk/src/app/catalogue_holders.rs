//! Which suitcase has which release, by the suitcases' own facts.

use super::catalogue_drafts::newest;
use super::{Desk, DeskError, SuitcaseState};
use catalogue::Releases;
use ids::ChainId;
use peer::OwnFact;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Refusals of one suitcase that are kept, those of the highest numbers: only that of the newest release is ever asked for.
const REFUSED: usize = 100;

/// What one suitcase said of releases.
#[derive(Debug, Default)]
struct Said {
    taken: u32,
    refused: BTreeMap<u32, String>,
    read_to: u64,
}

/// What suitcases say of releases, as far as their chains were read.
#[derive(Debug, Default)]
pub(crate) struct Heard(Mutex<BTreeMap<ChainId, Said>>);

impl Said {
    fn take(&mut self, fact: OwnFact) {
        match fact {
            OwnFact::ReleaseTaken { number, .. } => {
                self.taken = self.taken.max(number);
                self.refused.remove(&number);
            }
            OwnFact::ReleaseRefused { number, reason, .. } => {
                self.refused.insert(number, reason);
                // One that makes up numbers only hides its own refusals.
                if self.refused.len() > REFUSED {
                    self.refused.pop_first();
                }
            }
            _ => {}
        }
    }
}

/// How a suitcase stands to the newest release that is meant for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolderState {
    /// It has it.
    Has,
    /// It has not said so yet: it has not been in contact since.
    NotYet,
    /// It could not take it: why, in its own words.
    Refused(String),
}

/// One suitcase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// «Валіза 7».
    pub suitcase: u16,
    /// What its owner calls the laptop.
    pub name: String,
    /// The highest release that it has.
    pub has: u32,
    /// The newest release that is meant for it.
    pub newest: u32,
    /// How it stands to that one.
    pub state: HolderState,
    /// The release that it tries today, or will from its first day on.
    pub trial: Option<u32>,
    /// When its newest entry arrived, ms since 1970; `None` if none has.
    pub heard_at: Option<i64>,
}

impl Desk {
    /// All suitcases that are not revoked, by number.
    pub fn release_holders(&self) -> Result<Vec<Holder>, DeskError> {
        let releases = self.releases()?;
        let (rows, today) = (self.suitcases()?, self.day());
        let live = rows
            .into_iter()
            .filter(|row| !matches!(row.state, SuitcaseState::Revoked { .. } | SuitcaseState::Continued));
        live.map(|row| {
            let (taken, refused) = self.said_of_releases(row.chain)?;
            let own = meant_for(&releases, row.chain);
            // What the program brought along nobody has to take.
            let has = taken.max(1);
            let state = match refused.get(&own) {
                Some(reason) if has < own => HolderState::Refused(reason.clone()),
                _ if has < own => HolderState::NotYet,
                _ => HolderState::Has,
            };
            let trial = releases.trials_of(today, row.chain).first().map(|release| release.number);
            let (suitcase, name, heard_at) = (row.number, row.name, row.heard_at);
            Ok(Holder { suitcase, name, has, newest: own, state, trial, heard_at })
        })
        .collect()
    }

    /// The highest release that a suitcase took, and those it refused.
    fn said_of_releases(&self, chain: ChainId) -> Result<(u32, BTreeMap<u32, String>), DeskError> {
        let mut heard = self.holders.0.lock().unwrap_or_else(PoisonError::into_inner);
        let said = heard.entry(chain).or_default();
        self.peer.read(|view| {
            let end = view.end(chain)?.seq;
            if end > said.read_to {
                view.each_fact(chain, (said.read_to, end), |_, fact| {
                    said.take(fact);
                    Ok(())
                })?;
                said.read_to = end;
            }
            Ok(())
        })?;
        Ok((said.taken, said.refused.clone()))
    }
}

/// The number of the newest release that is meant for a suitcase.
fn meant_for(releases: &Releases, chain: ChainId) -> u32 {
    let own = releases.all().into_iter().filter(|release| release.is_for(chain)).map(|release| release.number).max();
    own.unwrap_or_else(|| newest(releases).number)
}
