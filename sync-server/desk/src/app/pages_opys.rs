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
        let birth = self.peer.read(|reader| reader.birth(record))?;
        let entry = birth.and_then(|birth| birth.hash.0.first_chunk().copied()).unwrap_or_default();
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
