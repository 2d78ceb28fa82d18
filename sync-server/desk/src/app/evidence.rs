//! The evidence file of a case. It lets whoever has it read the case, so that it was taken is noted.

use super::accounts::Rank;
use super::traces::How;
use super::{Desk, DeskError};
use std::collections::BTreeMap;

/// A file and what its reader must know beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// The receipt number.
    pub number: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// The root's fingerprint, hexadecimal: whoever checks the file learns it from elsewhere.
    pub root: String,
}

impl Desk {
    /// The root's fingerprint, hexadecimal.
    pub fn root_fingerprint(&self) -> Result<String, DeskError> {
        Ok(self.peer.register()?.root().fingerprint().0.to_string())
    }

    /// The number of the case as it is written, and the root's fingerprint: what is said before the file is taken.
    pub fn before_evidence(&self, by: &str, number: &str) -> Result<(String, String), DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let view = self.view_of(self.request_of(number)?)?;
        Ok((view.number, self.root_fingerprint()?))
    }

    /// Makes the file of the case with this number; for whoever may see the case.
    pub fn evidence(&self, by: &str, number: &str) -> Result<EvidenceFile, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let record = self.request_of(number)?;
        let number = self.view_of(record)?.number;
        let mut told = BTreeMap::new();
        for stated in self.stated()?.values() {
            told.extend(stated.anchors.iter().map(|(hash, anchor)| (*hash, *anchor)));
        }
        self.note_look(by, How::TookEvidence, &[record], "")?;
        let bytes = self.peer.evidence(record, &number, told)?;
        Ok(EvidenceFile { number, bytes, root: self.root_fingerprint()? })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;

    #[test]
    fn the_file_is_proved_by_itself_and_who_took_it_is_noted() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        let number = seven.record("Коваль", "Ганна");
        town.carry_up(&seven);
        let file = town.desk.evidence("admin", &number).unwrap();
        let root = evidence::fingerprint(&file.root).unwrap();
        let report = evidence::check(&file.bytes, &root);
        assert!(report.is_proved(), "{report:#?}");
        assert_eq!((report.number.as_str(), report.maker), (number.as_str(), None));
        assert!(report.entries[0].values.iter().any(|(_, value)| value == "Коваль"));
        assert!(!evidence::check(&file.bytes, &[0; 32]).is_proved());
        assert!(town.desk.evidence("admin", "7-000000-000-ААА").is_err());
        assert!(town.desk.evidence("nobody", &number).is_err());
        let rows = town.desk.traces("admin", &super::super::TraceQuery { size: 9, ..Default::default() }).unwrap().rows;
        assert!(rows.iter().any(|row| row.trace.what == "took_evidence" && row.number.as_deref() == Some(&*number)));
    }
}
