//! Finding one request by what a person has in hand.

use super::{Agent, AppError};
use ids::{ReceiptNumber, RecordId};
use peer::RecordRow;
use records::Document;
use records::schema::Kind;
use records::view::RequestView;

impl Agent {
    /// The request with this number on the опис (either keyboard, any dashes), this journal number, or this record id.
    pub(super) fn find(&self, text: &str) -> Result<RecordRow, AppError> {
        let text = text.trim();
        let number = text.parse::<ReceiptNumber>();
        let wanted = number.map_or_else(|_| text.to_owned(), |number| number.to_string());
        let record: Option<RecordId> = text.parse().ok();
        let row = self.peer.read(|view| match view.by_number(&wanted)? {
            Some(row) => Ok(Some(row)),
            None => record.map(|record| view.row(record)).transpose().map(Option::flatten),
        })?;
        let given_up = match row {
            None => self.peer.read(|view| view.forgotten_by_number(&wanted))?,
            Some(_) => None,
        };
        if let Some(one) = given_up {
            let day = pages::format::date(clock::Time(one.at));
            return Err(AppError::GivenUp { number: wanted, day });
        }
        row.filter(|row| row.kind == Kind::Request).ok_or_else(|| match number {
            // Four groups with a wrong check character: say that it was mistyped.
            Err(error @ ids::ReceiptNumberError::Check) => AppError::Input(error.to_string()),
            _ => AppError::NoSuchRequest(text.to_owned()),
        })
    }

    /// The request and its document.
    pub(super) fn find_view(&self, text: &str) -> Result<(RecordRow, Document, RequestView), AppError> {
        let row = self.find(text)?;
        let document = self.peer.read(|view| view.document(row.record))?;
        let register = self.peer.register()?;
        let view = RequestView::read(&document, &|chain| register.is_case(chain));
        Ok((row, document, view))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn a_request_is_found_as_people_type_its_number() {
        let (_bench, agent) = agent();
        let saved = agent.save(&sample_form(), None).unwrap();
        let id: RecordId = saved.record.parse().unwrap();
        for text in [saved.number.clone(), saved.number.to_lowercase().replace('-', "–"), saved.record.clone()] {
            assert_eq!(agent.find(&text).unwrap().record, id, "{text}");
        }
        assert!(matches!(agent.find("9-211126-001-К4Х"), Err(AppError::Input(_) | AppError::NoSuchRequest(_))));
        assert!(matches!(agent.find("немає"), Err(AppError::NoSuchRequest(_))));
        assert!(agent.find(&saved.resident).is_err(), "a resident is no request");
    }
}
