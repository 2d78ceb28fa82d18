//! What a list's address says: which rows, in which order, which page.

use super::super::ask::{Ask, Refusal, said};
use crate::app::RequestState;
use crate::app::{Desk, DeskError, Group, JournalQuery, OwnFilter, QueueOrder, QueueQuery};
use ::pages::{Texts, address};

/// What the address says about the list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filters {
    pub group: String,
    pub search: String,
    pub service: String,
    pub suitcase: String,
    pub state: String,
    pub officer: String,
    pub holder: String,
    pub from: String,
    pub to: String,
    pub sort: String,
    pub page: String,
}

impl Filters {
    pub fn of(ask: &Ask) -> Self {
        Self::from_query(ask.path.split_once('?').map_or("", |(_, query)| query))
    }

    /// From what stands behind the question mark of an address.
    pub fn from_query(query: &str) -> Self {
        let get = |name| address::value(query, name).unwrap_or_default().trim().chars().take(200).collect::<String>();
        let [group, search, service, suitcase] = ["group", "q", "service", "suitcase"].map(get);
        let [from, to, sort, page] = ["from", "to", "sort", "page"].map(get);
        let [state, officer, holder] = ["state", "officer", "holder"].map(get);
        Self { group, search, service, suitcase, state, officer, holder, from, to, sort, page }
    }

    pub fn group(&self) -> Group {
        Group::from_text(&self.group).unwrap_or(Group::New)
    }

    /// More than the group is chosen.
    pub fn are_set(&self) -> bool {
        let some = [&self.search, &self.service, &self.suitcase, &self.from, &self.to];
        some.iter().any(|text| !text.is_empty()) || self.more_are_set()
    }

    /// One of those behind «Ще» is chosen.
    pub fn more_are_set(&self) -> bool {
        [&self.state, &self.officer, &self.holder].iter().any(|text| !text.is_empty())
    }

    /// The list's address with everything but the page.
    pub fn address(&self, path: &str) -> String {
        let group = if path.starts_with("/queue") { self.group().text() } else { "" };
        let values = [
            ("group", group),
            ("q", &self.search),
            ("service", &self.service),
            ("suitcase", &self.suitcase),
            ("state", &self.state),
            ("officer", &self.officer),
            ("holder", &self.holder),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
        ];
        let filled = values.into_iter().filter(|(_, value)| !value.is_empty());
        filled.fold(path.to_owned(), |address, (name, value)| address::with(&address, name, value))
    }

    fn number(&self) -> Result<Option<u16>, DeskError> {
        match self.suitcase.as_str() {
            "" => Ok(None),
            number => number.parse().map(Some).map_err(|_| no_number(number)),
        }
    }

    /// As a question to the queue.
    pub fn query(&self, desk: &Desk) -> Result<QueueQuery, DeskError> {
        Ok(QueueQuery {
            group: self.group(),
            state: self.state.clone(),
            service: self.service.clone(),
            suitcase: self.number()?,
            search: self.search.clone(),
            from: moment(&self.from, |day| desk.start_of_day(day))?,
            until: moment(&self.to, |day| desk.end_of_day(day))?,
            officer: self.officer.clone(),
            holder: if self.holder == "-" { String::new() } else { self.holder.clone() },
            unheld: self.holder == "-",
            order: match self.sort.as_str() {
                "-taken" => QueueOrder::Newest,
                other => QueueOrder::from_text(other).unwrap_or_default(),
            },
            page: self.page.parse().unwrap_or(1),
            ..QueueQuery::default()
        })
    }

    /// As a question to the journal.
    pub fn journal(&self, desk: &Desk) -> Result<JournalQuery, DeskError> {
        Ok(JournalQuery {
            from: moment(&self.from, |day| desk.start_of_day(day))?,
            until: moment(&self.to, |day| desk.end_of_day(day))?,
            service: self.service.clone(),
            suitcase: self.number()?,
            search: self.search.clone(),
            newest: self.sort != "oldest",
            page: self.page.parse().unwrap_or(1),
            ..JournalQuery::default()
        })
    }
}

/// What can be chosen in the filters: value and words.
pub(crate) struct Choices {
    pub services: Vec<(String, String)>,
    pub suitcases: Vec<(String, String)>,
    pub states: Vec<(String, String)>,
    pub officers: Vec<(String, String)>,
    pub holders: Vec<(String, String)>,
    pub own: Vec<OwnFilter>,
}

pub(crate) async fn choices(ask: &Ask) -> Result<Choices, Refusal> {
    let found = ask.get(|desk, by| {
        Ok((desk.suitcase_numbers()?, desk.service_names(), desk.officers()?, desk.clerks()?, desk.own_filters(by)?))
    });
    let (suitcases, services, officers, clerks, own) = found.await?;
    let t = ask.t;
    let suitcases = suitcases.into_iter().map(|number| (number.to_string(), t.with("suitcase-n", "number", number)));
    let mut services: Vec<_> = services.into_iter().map(|(slug, name)| (slug, said(t, &name.0, &name.1))).collect();
    services.sort_by_key(|(_, name)| name.to_lowercase());
    let states = RequestState::ALL.map(|state| (state.text().to_owned(), said(t, state.label().0, state.label().1)));
    let nobody = ("-".to_owned(), t.text("held-by-nobody"));
    Ok(Choices {
        services,
        suitcases: suitcases.collect(),
        states: states.to_vec(),
        officers: officers.into_iter().map(|login| (login.clone(), login)).collect(),
        holders: std::iter::once(nobody).chain(clerks).collect(),
        own,
    })
}

/// A typed day, 21.11.2026 or 2026-11-21, as a moment.
pub(crate) fn moment(typed: &str, at: impl Fn(&str) -> Option<i64>) -> Result<Option<i64>, DeskError> {
    if typed.is_empty() {
        return Ok(None);
    }
    at(&kept_day(typed)).map(Some).ok_or_else(|| {
        let typed: String = typed.chars().take(30).collect();
        DeskError::refused(
            format!("«{typed}» — не дата: напишіть, наприклад, 21.11.2026"),
            format!("«{typed}» is no date: write it as 21.11.2026"),
        )
    })
}

/// A typed day as it is kept, `2026-11-21`; what is none stays as it was typed.
pub(crate) fn kept_day(typed: &str) -> String {
    let parts: Vec<&str> = typed.split(['.', '/', '-', ' ']).collect();
    match parts[..] {
        [day, month, year] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => typed.to_owned(),
    }
}

fn no_number(number: &str) -> DeskError {
    let number: String = number.chars().take(20).collect();
    DeskError::refused(
        format!("«{number}» — не номер валізи: виберіть валізу зі списку"),
        format!("«{number}» is no suitcase's number: choose one from the list"),
    )
}

/// The group's name on pages.
pub(crate) fn label(t: Texts, group: Group) -> String {
    let (uk, en) = group.label();
    said(t, uk, en)
}
