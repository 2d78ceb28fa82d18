//! A mark outside the suitcase's folder: how far its chain had come. A folder that was put back from an old copy is
//! noticed by it at the start, without any network, and goes on under a new chain before a number could appear twice.
//!
//! One file for a chain, named for it, with the number of its last entry in text. It is never ahead of what was on the
//! disk, so it raises no false alarm; lost or old, it does no harm: the hub notices at the next contact.

use super::{Agent, AppError};
use std::fs;
use std::path::{Path, PathBuf};

fn file(folder: &Path, chain: ids::ChainId) -> PathBuf {
    folder.join(chain.to_string())
}

impl Agent {
    /// Begins anew if the mark knows of more than the folder holds.
    pub(super) fn compare_mark(&self) -> Result<(), AppError> {
        let Some(folder) = &self.marks else { return Ok(()) };
        let chain = self.peer.chain();
        let end = self.peer.read(|view| view.end(chain))?.seq;
        let known = fs::read_to_string(file(folder, chain)).ok().and_then(|text| text.trim().parse::<u64>().ok());
        if known.is_some_and(|known| known > end) {
            tracing::warn!(%chain, end, ?known, "the folder is older than its mark");
            self.peer.begin_anew()?;
        }
        self.mark();
        Ok(())
    }

    /// Sets the mark. Not synced: an old one does no harm, and an officer waits for none.
    pub(super) fn mark(&self) {
        let Some(folder) = &self.marks else { return };
        let chain = self.peer.chain();
        let set = || -> Result<(), AppError> {
            let end = self.peer.read(|view| view.end(chain))?.seq;
            let beside = folder.join(format!("{chain}.new"));
            fs::create_dir_all(folder).map_err(peer::PeerError::from)?;
            fs::write(&beside, format!("{end}\n")).map_err(peer::PeerError::from)?;
            fs::rename(&beside, file(folder, chain)).map_err(peer::PeerError::from)?;
            Ok(())
        };
        if let Err(error) = set() {
            tracing::debug!(%error, "no mark could be set");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::app::CertificateStanding;
    use crate::app::testing::{agent_with_marks, sample_form};

    #[test]
    fn a_folder_that_is_older_than_its_mark_begins_anew_and_says_so() {
        let marks = tempfile::tempdir().unwrap();
        let (_bench, agent) = agent_with_marks(marks.path());
        agent.save(&sample_form(), None).unwrap();
        agent.compare_mark().unwrap();
        let chain = agent.peer.chain();
        let file = marks.path().join(chain.to_string());
        let end = agent.peer.read(|view| view.end(chain)).unwrap().seq;
        assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{end}\n"));
        for harmless in ["", "x\n", "1\n"] {
            std::fs::write(&file, harmless).unwrap();
            agent.compare_mark().unwrap();
            assert_eq!(agent.peer.chain(), chain);
        }
        std::fs::write(&file, format!("{}\n", end + 1)).unwrap();
        agent.compare_mark().unwrap();
        assert_ne!(agent.peer.chain(), chain);
        assert!(matches!(agent.standing().unwrap(), CertificateStanding::Unconfirmed { .. }));
        let new = agent.peer.chain();
        agent.compare_mark().unwrap();
        assert_eq!(agent.peer.chain(), new, "once");
        let number = agent.save(&sample_form(), None).unwrap().number;
        assert!(number.starts_with("7-"), "it records at once, under its number: {number}");
    }
}
