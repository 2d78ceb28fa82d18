//! The statement in the code of a paper that the centre prints again.
//!
//! A suitcase signs what it prints, and the signature stands on its paper alone: nothing of it is kept. So the centre
//! signs with its own key, and the paper says so.

use super::{Desk, DeskError};
use ids::RecordId;
use records::view::RequestView;
use signing::Label;

impl Desk {
    /// The text of the code: see [`papers::Statement`].
    pub(crate) fn statement(&self, record: RecordId, view: &RequestView) -> Result<String, DeskError> {
        let provenance = self.peer.read(|reader| reader.provenance(record))?;
        let mut entry = [0; 8];
        if let Some(first) = provenance.iter().min_by_key(|entry| entry.at) {
            entry.copy_from_slice(&first.hash.0[..8]);
        }
        let statement = ::papers::Statement {
            number: view.number.clone(),
            service: view.service.text().to_owned(),
            at: view.submitted_at,
            papers: u16::try_from(view.papers().count()).unwrap_or(u16::MAX),
            entry,
            chain: self.peer.chain(),
        };
        let signature = self.peer.sign(Label::Statement, statement.fields())?;
        Ok(statement.to_text(&signature))
    }
}
