//! Checking the whole store, and making everything derived again.

use super::{Agent, AppError};
use serde::Serialize;

/// What was checked and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Chains that were followed.
    pub chains: usize,
    /// Entries whose hash, link and signature were checked.
    pub entries: usize,
    /// Records that were made again from their changes.
    pub records: usize,
    /// One sentence each. Empty: all is well.
    pub faults: Vec<String>,
    /// What a repair found missing and what has not come back.
    pub missing: Vec<String>,
    /// Damaged databases that repairs set aside.
    pub aside: Vec<String>,
}

impl Agent {
    /// Follows every chain and makes every record again. Changes nothing.
    pub fn verify(&self) -> Result<Verified, AppError> {
        let peer::Report { chains, entries, records, faults, missing, aside } = self.peer.verify()?;
        Ok(Verified { chains, entries, records, faults, missing, aside })
    }

    /// Throws lists and search away and makes them again from the chains. Gives back how many records there are.
    pub fn rebuild(&self) -> Result<usize, AppError> {
        let count = self.peer.rebuild()?;
        self.changes.send_modify(|changes| *changes += 1);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn a_whole_store_has_no_faults_and_is_rebuilt_the_same() {
        let (bench, agent) = agent();
        let saved = agent.save(&sample_form(), None).unwrap();
        agent.note(&saved.number, "собака у дворі").unwrap();
        bench.centre.take_from(&agent.peer);
        bench.centre.give_to(&agent.peer);
        let verified = agent.verify().unwrap();
        assert_eq!(verified.faults, Vec::<String>::new());
        assert_eq!(verified.records, 3);
        let before = agent.peer.rows_as_text().unwrap();
        assert_eq!(agent.rebuild().unwrap(), 3);
        assert_eq!(agent.peer.rows_as_text().unwrap(), before);
    }
}
