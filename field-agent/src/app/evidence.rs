//! The evidence file of a request, as far as this suitcase has its entries.

use super::export::write_new;
use super::{Agent, AppError};
use std::collections::BTreeMap;
use std::path::Path;

impl Agent {
    /// The root's fingerprint, hexadecimal.
    pub fn root_fingerprint(&self) -> Result<String, AppError> {
        Ok(self.peer.register()?.root().fingerprint().0.to_string())
    }

    /// The file, with the request's number as it is written. Whoever has the file reads the request.
    pub fn evidence(&self, number: &str) -> Result<(String, Vec<u8>), AppError> {
        let (row, _, view) = self.find_view(number)?;
        let bytes = self.peer.evidence(row.record, &view.number, BTreeMap::new())?;
        Ok((view.number, bytes))
    }

    /// Writes it into a new file.
    pub fn evidence_to(&self, number: &str, path: &Path) -> Result<String, AppError> {
        let (number, bytes) = self.evidence(number)?;
        write_new(path, &bytes)?;
        Ok(number)
    }
}
