//! Requests that look the same, side by side, until a person says what they are.

use super::accounts::Rank;
use super::traces::How;
use super::{Desk, DeskError};
use ids::RecordId;
use records::view::RequestView;

/// One of the requests, as far as they are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// The record.
    pub record: RecordId,
    /// Number on the опис; the record's id if there is none.
    pub number: String,
    /// Number in the journal; may be empty.
    pub official: String,
    /// Where it stands, Ukrainian and English.
    pub state: (&'static str, &'static str),
    /// Who asks.
    pub applicant: String,
    /// Date of birth, `YYYY-MM-DD`; may be empty.
    pub born: String,
    /// РНОКПП; may be empty.
    pub rnokpp: String,
    /// Address in one line; may be empty.
    pub address: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// The service's name, Ukrainian and English.
    pub service: (String, String),
    /// What is asked for, in words; may be empty.
    pub summary: String,
    /// When it was submitted, ms since 1970.
    pub submitted_at: i64,
    /// Which suitcase took it; `None` for the centre.
    pub suitcase: Option<i64>,
    /// Who took it.
    pub officer: String,
}

/// A request and those that look like it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twins {
    /// The request.
    pub this: Twin,
    /// Those that look the same, the oldest first; empty once all are told apart.
    pub others: Vec<Twin>,
}

impl Desk {
    /// The request with this number beside those that look the same.
    pub fn twins(&self, by: &str, number: &str) -> Result<Twins, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let record = self.request_of(number)?;
        let mut rows = self.peer.read(|view| view.look_alikes(record))?;
        rows.sort_by_key(|row| (row.created, row.record));
        let seen: Vec<RecordId> = std::iter::once(record).chain(rows.iter().map(|row| row.record)).collect();
        self.note_look(by, How::Compared, &seen, "")?;
        let others = rows.iter().map(|row| self.twin(row.record)).collect::<Result<_, _>>()?;
        Ok(Twins { this: self.twin(record)?, others })
    }

    fn twin(&self, record: RecordId) -> Result<Twin, DeskError> {
        let view: RequestView = self.view_of(record)?;
        let address = if view.actual.line().is_empty() { view.registered.line() } else { view.actual.line() };
        Ok(Twin {
            record,
            number: if view.number.is_empty() { record.to_string() } else { view.number.clone() },
            official: view.official.text().to_owned(),
            state: view.state().label(),
            applicant: view.applicant.full_name(),
            born: view.registers.text("a.dob").to_owned(),
            rnokpp: view.applicant.rnokpp.text().to_owned(),
            address,
            phone: view.phone.text().to_owned(),
            service: self.service_name(view.service.text(), view.service_name.text()),
            summary: view.summary.text().to_owned(),
            submitted_at: view.submitted_at,
            suitcase: view.suitcase,
            officer: if view.officer_name.is_empty() { view.officer } else { view.officer_name },
        })
    }

    /// The service's name in the catalogue, Ukrainian and English; as recorded if it is not in there.
    pub(crate) fn service_name(&self, slug: &str, recorded: &str) -> (String, String) {
        match self.catalogue().service(slug) {
            Some(service) => (service.name.uk.to_string(), service.name.en.to_string()),
            None if recorded.is_empty() => (slug.to_owned(), slug.to_owned()),
            None => (recorded.to_owned(), recorded.to_owned()),
        }
    }
}
