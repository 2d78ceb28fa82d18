//! Receipt numbers: those that requests have, and those in entries that are kept and not among the records.

use crate::peer::View;
use crate::records_in_store as shelf;
use crate::store::row_numbers::{self, NumberUse};
use crate::store::{entries, keys};
use crate::{PeerError, seals};
use chain::Kind;
use ids::ChainId;
use records::body::Body;
use records::{Edit, Gate};

/// What an entry says that is kept and not among the records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaidAside {
    /// The number of the request that it makes.
    pub number: Option<String>,
    /// «Прізвище Ім’я По батькові» of the person, as far as this entry writes it.
    pub name: String,
}

impl View<'_> {
    /// All receipt numbers of requests; of one suitcase if it is named.
    pub fn numbers_used(&self, suitcase: Option<u16>) -> Result<Vec<NumberUse>, PeerError> {
        row_numbers::used(self.connection, suitcase)
    }

    /// The number that an entry writes which was set aside; `None` if it writes none or does not open here.
    pub fn number_set_aside(&self, chain: ChainId, seq: u64) -> Result<Option<String>, PeerError> {
        Ok(self.said_aside(chain, seq)?.number)
    }

    /// What an entry that was set aside says it is about; nothing if it does not open here.
    pub fn said_aside(&self, chain: ChainId, seq: u64) -> Result<SaidAside, PeerError> {
        let edits = self.edits_aside(chain, seq)?;
        let text = |key: &str| {
            let edit = edits.iter().find(|edit| edit.key == key);
            edit.and_then(|edit| edit.value.as_text()).map(str::to_owned).filter(|text| !text.is_empty())
        };
        let name: Vec<String> = ["a.last", "a.first", "a.patr"].into_iter().filter_map(text).collect();
        Ok(SaidAside { number: text("number"), name: name.join(" ") })
    }

    fn edits_aside(&self, chain: ChainId, seq: u64) -> Result<Vec<Edit>, PeerError> {
        let Some(stored) = entries::at(self.connection, self.tenant, chain, seq)? else { return Ok(Vec::new()) };
        let (place, entry) = (stored.entry.place, &stored.entry.entry);
        let (true, Some(record), Some(sealed)) =
            (entry.header.kind == Kind::CHANGE, entry.header.record, entry.body.bytes())
        else {
            return Ok(Vec::new());
        };
        let body = match shelf::open_change(self.connection, &stored) {
            Ok(body) => body,
            // Of a record that is none yet the key follows from the epoch it was made in.
            Err(_) => {
                let Some(epoch) = keys::epoch_at(self.connection, chain, seq)? else { return Ok(Vec::new()) };
                let context = seals::body_context(&place, Kind::CHANGE, Some(record));
                let plain = sealing::open_body(|_| Some(epoch.record_key(record)), &context, sealed).ok();
                let Some(Ok(body)) = plain.map(|plain| Body::decode(&plain)) else { return Ok(Vec::new()) };
                body
            }
        };
        Ok(Gate::peek(&body.change).unwrap_or_default())
    }
}
