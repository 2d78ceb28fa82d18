//! The list of requests and its search.

use super::agent::HUB;
use super::request::Where;
use super::{Agent, AppError};
use peer::{Filter, Order, RecordRow};
use records::schema::Kind;
use records::state::RequestState;
use serde::Serialize;

/// Which requests, in which order.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Words: each must begin a word of the request.
    pub search: String,
    /// Codes of states; all if empty.
    pub states: Vec<String>,
    /// Only of this service.
    pub service: Option<String>,
    /// Only where people differ.
    pub differing: bool,
    /// Only those that are there.
    pub place: Option<Where>,
    /// Order.
    pub order: ListOrder,
    /// Leave out so many.
    pub offset: usize,
    /// At most so many.
    pub limit: usize,
}

/// Order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By the applicant's name.
    Name,
    /// By number.
    Number,
    /// By state.
    State,
    /// The last changed first.
    Changed,
}

/// A request in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListRow {
    /// Its record.
    pub record: String,
    /// Number on the опис.
    pub number: String,
    /// Number in the centre's journal; may be empty.
    pub official: String,
    /// Code of its state.
    pub state: String,
    /// The state in words.
    pub state_name: StateName,
    /// Applicant.
    pub applicant: String,
    /// Slug of the service.
    pub service: String,
    /// The service's name in Ukrainian.
    pub service_name: String,
    /// Device time of recording, ms since 1970.
    pub created: i64,
    /// Device time of the last change, ms since 1970.
    pub changed: i64,
    /// Fields in which people differ.
    pub conflicts: u32,
    /// The clock was obviously wrong when it was recorded.
    pub wrong_clock: bool,
    /// Where the newest own entry about it is.
    pub place: Where,
}

/// A state's label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StateName {
    /// Ukrainian.
    pub uk: &'static str,
    /// English.
    pub en: &'static str,
}

impl StateName {
    pub(super) fn of(code: &str) -> Self {
        let (uk, en) = RequestState::from_text(code).unwrap_or(RequestState::Accepted).label();
        Self { uk, en }
    }
}

/// Codes of all states a request can have, with their labels.
pub fn states() -> impl Iterator<Item = (&'static str, StateName)> {
    RequestState::ALL.into_iter().map(|state| (state.text(), StateName::of(state.text())))
}

impl Agent {
    /// A page of the list and how many requests there are in all.
    pub fn list(&self, query: &ListQuery) -> Result<(Vec<ListRow>, u64), AppError> {
        if let Some(unknown) = query.states.iter().find(|code| RequestState::from_text(code).is_none()) {
            let all = RequestState::ALL.map(RequestState::text).join(", ");
            return Err(AppError::input(
                format!("немає стану «{unknown}»; є: {all}"),
                format!("there is no state “{unknown}”; there are: {all}"),
            ));
        }
        let filter = Filter {
            kind: Some(Kind::Request),
            states: query.states.clone(),
            service: query.service.clone(),
            differing: query.differing,
            words: records::fold::words(&query.search),
            ..Filter::default()
        };
        let order = match query.order {
            ListOrder::Newest => Order::Newest,
            ListOrder::Oldest => Order::Oldest,
            ListOrder::Name => Order::Title,
            ListOrder::Number => Order::Number,
            ListOrder::State => Order::State,
            ListOrder::Changed => Order::Changed,
        };
        let (rows, count) = self.peer.read(|view| {
            let filter = match query.place {
                Some(place) => view.placed(filter, place.whereabout(), HUB)?,
                None => filter,
            };
            let rows = view.list(&filter, order, query.offset, query.limit)?;
            let placed = rows.into_iter().map(|row| Ok((Where::of_row(view, &row)?, row)));
            Ok((placed.collect::<Result<Vec<_>, peer::PeerError>>()?, view.count(&filter)?))
        })?;
        Ok((rows.into_iter().map(|(place, row)| self.list_row(row, place)).collect(), count))
    }

    pub(super) fn list_row(&self, row: RecordRow, place: Where) -> ListRow {
        let service_name = self.catalogue().service(&row.service).map(|service| service.name.uk.clone());
        ListRow {
            record: row.record.to_string(),
            number: row.number.unwrap_or_default(),
            official: row.official.unwrap_or_default(),
            state_name: StateName::of(&row.state),
            state: row.state,
            applicant: row.title,
            service_name: service_name.unwrap_or_else(|| row.service.clone()),
            service: row.service,
            created: row.created,
            changed: row.changed,
            conflicts: row.conflicts,
            wrong_clock: row.flags & RecordRow::CLOCK != 0,
            place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    fn found(agent: &Agent, search: &str) -> Vec<String> {
        let query = ListQuery { search: search.into(), limit: 50, order: ListOrder::Name, ..ListQuery::default() };
        agent.list(&query).unwrap().0.into_iter().map(|row| row.applicant).collect()
    }

    #[test]
    fn requests_are_found_by_beginnings_of_words() {
        let (_bench, agent) = agent();
        let saved = agent.save(&sample_form(), None).unwrap();
        let mut form = sample_form();
        form.fields.insert("a.last".into(), "Дем'яненко".into());
        form.fields.remove("a.rnokpp");
        agent.save(&form, None).unwrap();
        assert_eq!(found(&agent, ""), ["Дем'яненко Ганна Петрівна", "Коваленко Ганна Петрівна"]);
        assert_eq!(found(&agent, "ДЕМЯН"), ["Дем'яненко Ганна Петрівна"]);
        assert_eq!(found(&agent, "коваленко 140821"), ["Коваленко Ганна Петрівна"]);
        assert_eq!(found(&agent, &saved.number), ["Коваленко Ганна Петрівна"]);
        assert!(found(&agent, "\"; drop").is_empty());
    }

    #[test]
    fn pages_states_and_places() {
        let (_bench, agent) = agent();
        for _ in 0..3 {
            agent.save(&sample_form(), None).unwrap();
        }
        let query = ListQuery { limit: 2, ..ListQuery::default() };
        let (rows, count) = agent.list(&query).unwrap();
        assert_eq!((rows.len(), count), (2, 3));
        assert_eq!(
            (rows[0].state.as_str(), rows[0].state_name.uk, rows[0].place),
            ("accepted", "прийнято", Where::Here)
        );
        let none = ListQuery { states: vec!["refused".into()], limit: 9, ..ListQuery::default() };
        assert_eq!(agent.list(&none).unwrap().1, 0);
        for (place, count) in [(Where::Here, 3), (Where::OnTheWay, 0), (Where::AtCentre, 0)] {
            let placed = ListQuery { place: Some(place), limit: 2, offset: 1, ..ListQuery::default() };
            let (rows, total) = agent.list(&placed).unwrap();
            assert_eq!((rows.len(), total), (count.min(2), count as u64), "{place:?}");
            assert!(rows.iter().all(|row| row.place == place));
        }
        let wrong = ListQuery { states: vec!["done".into()], ..ListQuery::default() };
        assert!(agent.list(&wrong).unwrap_err().to_string().contains("accepted"));
    }
}
