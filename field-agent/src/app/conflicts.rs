//! Fields in which two people wrote different values without seeing each other's.

use super::actions::Changed;
use super::form::value_of;
use super::{Agent, AppError};
use chain::Register;
use peer::Provenance;
use records::commands::RequestCommand;
use records::schema::Kind;
use records::view::RequestView;
use serde::Serialize;

/// A field where a person has to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The field's key.
    pub key: String,
    /// Label in Ukrainian.
    pub uk: String,
    /// Label in English.
    pub en: String,
    /// Late work on a decided request: for the centre to look at.
    pub is_proposal: bool,
    /// The values, the one that stands first.
    pub values: Vec<ConflictValue>,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConflictValue {
    /// As written.
    pub value: String,
    /// As people read it.
    pub shown: String,
    /// Who wrote it, in Ukrainian: «центр», «валіза 7».
    pub by_uk: String,
    /// In English.
    pub by_en: String,
    /// Login of who wrote it; empty if that is not known.
    pub officer: String,
    /// The officer's full name, where this suitcase knows it.
    pub officer_name: String,
    /// Device time, ms since 1970.
    pub at: i64,
}

/// What a person chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// The value at this place of the list, from 0.
    Place(usize),
    /// This text, one of the values or another one.
    Text(String),
}

impl Take {
    /// As typed on the command line: `1`, `2` … name a value by its place, unless a value is written just so.
    pub fn typed(text: &str, conflict: Option<&Conflict>) -> Self {
        let exact = conflict.is_some_and(|conflict| conflict.values.iter().any(|value| value.value == text));
        let count = conflict.map_or(0, |conflict| conflict.values.len());
        match text.parse::<usize>() {
            Ok(place) if !exact && (1..=count).contains(&place) => Self::Place(place - 1),
            _ => Self::Text(text.to_owned()),
        }
    }
}

impl Agent {
    /// Sets the value that shall stand. Who, when and why are kept.
    pub fn resolve(&self, number: &str, key: &str, take: &Take, reason: &str) -> Result<Changed, AppError> {
        let (_, _, view) = self.find_view(number)?;
        let differences = &view.differences;
        let difference = differences.iter().find(|difference| difference.key == key).ok_or_else(|| {
            let open = differences.iter().map(|difference| difference.key.as_str()).collect::<Vec<_>>().join(", ");
            AppError::input(
                format!("у полі «{key}» немає розбіжності; є в полях: {open}"),
                format!("field “{key}” does not differ; these do: {open}"),
            )
        })?;
        let value = match take {
            Take::Place(place) => difference.values.get(*place).map(|written| written.value.clone()),
            Take::Text(text) => value_of(Kind::Request, key, text),
        };
        let value = value.ok_or_else(|| {
            AppError::input(
                format!("оберіть значення від 1 до {} або впишіть нове", difference.values.len()),
                format!("choose a value from 1 to {} or write another", difference.values.len()),
            )
        })?;
        self.command(number, RequestCommand::Resolve { key: key.to_owned(), value, reason: reason.to_owned() })
    }

    pub(super) fn conflicts_of(
        &self,
        view: &RequestView,
        register: &Register,
        provenance: &[Provenance],
    ) -> Result<Vec<Conflict>, AppError> {
        let service = view.service.text();
        let value = |key: &str, written: &records::document::Written| {
            let (by_uk, by_en) = self.author_by_number(register, written.by);
            let shown = self.shown(view, key, &written.value);
            let entry = provenance.iter().find(|entry| entry.chain == written.by && entry.at == written.at);
            let officer = entry.map(|entry| entry.officer.clone()).unwrap_or_default();
            let known = !officer.is_empty() && !register.is_case(written.by);
            let officer_name = if known { self.officer_name(&officer)? } else { String::new() };
            let value = written.value.to_string();
            Ok(ConflictValue { value, shown, by_uk, by_en, officer, officer_name, at: written.at })
        };
        let conflict = |difference: &records::view::Difference| {
            let (uk, en) = self.label(self.catalogue_kept(view), service, &difference.key);
            let values = difference.values.iter().map(|written| value(&difference.key, written));
            let values = values.collect::<Result<Vec<_>, AppError>>()?;
            Ok(Conflict { key: difference.key.clone(), uk, en, is_proposal: difference.is_proposal, values })
        };
        view.differences.iter().map(conflict).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    fn conflict(values: &[&str]) -> Conflict {
        let value = |text: &&str| ConflictValue {
            value: (*text).into(),
            shown: (*text).into(),
            by_uk: String::new(),
            by_en: String::new(),
            officer: String::new(),
            officer_name: String::new(),
            at: 0,
        };
        let values = values.iter().map(value).collect();
        Conflict { key: "pr.house".into(), uk: String::new(), en: String::new(), is_proposal: false, values }
    }

    #[test]
    fn a_number_is_a_place_unless_a_value_is_written_so() {
        let letters = conflict(&["12", "14"]);
        assert_eq!(Take::typed("2", Some(&letters)), Take::Place(1));
        assert_eq!(Take::typed("3", Some(&letters)), Take::Text("3".into()));
        assert_eq!(Take::typed("2", Some(&conflict(&["1", "2"]))), Take::Text("2".into()));
        assert_eq!(Take::typed("вул. Нова", Some(&letters)), Take::Text("вул. Нова".into()));
    }

    #[test]
    fn what_does_not_differ_cannot_be_resolved() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let refused = agent.resolve(&number, "a.last", &Take::Place(0), "бо").unwrap_err();
        assert!(refused.to_string().contains("немає розбіжності"), "{refused}");
    }

    #[test]
    fn two_suitcases_differ_and_one_choice_ends_it() {
        let (bench, agent) = agent();
        let saved = agent.save(&sample_form(), None).unwrap();
        bench.written_elsewhere(&agent, &saved.record, "phone", "+380501112233", || {
            let own = [("phone".to_owned(), "+380671112233".to_owned())];
            agent.correct(&saved.number, &own, "").unwrap();
        });
        let page = agent.request(&saved.number).unwrap();
        assert_eq!(page.conflicts.len(), 1);
        let by: Vec<&str> = page.conflicts[0].values.iter().map(|value| value.by_uk.as_str()).collect();
        assert!(by.contains(&"валіза 7") && by.contains(&"центр"), "{by:?}");
        let take = Take::Text("+380501112233".into());
        assert!(agent.resolve(&saved.number, "phone", &take, "передзвонили").unwrap().changed);
        let page = agent.request(&saved.number).unwrap();
        assert!(page.conflicts.is_empty());
        assert_eq!(page.fields.iter().find(|row| row.key == "phone").unwrap().value, "+380501112233");
    }
}
