//! The statement in the QR code of a paper, as this program tells it on. Its bytes are [`papers::Statement`]'s.

use chain::Register;
use ids::ChainId;
use serde::Serialize;

pub use ::papers::StatementError;

/// What the paper states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Receipt number.
    pub number: String,
    /// Slug of the service.
    pub service: String,
    /// Submitted at, device time, ms since 1970.
    pub at: i64,
    /// Count of papers.
    pub papers: u16,
    /// First bytes of the entry's hash.
    #[serde(skip)]
    pub entry: [u8; 8],
    /// The suitcase's chain, or the desk's where the centre printed.
    #[serde(skip)]
    pub chain: ChainId,
}

impl Statement {
    pub(super) fn from_text(text: &str, register: &Register) -> Result<Self, StatementError> {
        let papers::Statement { number, service, at, papers, entry, chain } =
            ::papers::Statement::from_text(text, register)?;
        Ok(Self { number, service, at, papers, entry, chain })
    }
}
