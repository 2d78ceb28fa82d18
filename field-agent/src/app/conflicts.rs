//! Fields in which two people wrote different values without seeing each other's.

use super::actions::Changed;
use super::form::value_of;
use super::{Agent, AppError};
use chain::Register;
use peer::Provenance;
use records::commands::RequestCommand;
use records::document::Written;
use records::schema::Kind;
use records::view::{Difference, RequestView};
use records::{Edit, Value};
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
    /// Names the value, whatever else is written meanwhile.
    pub mark: String,
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
    /// The value with this mark, or the one that is written just so.
    Mark(String),
    /// Another text.
    Text(String),
}

impl Agent {
    /// Sets the value that shall stand. Who, when and why are kept. `seen`: the marks of the values that the person
    /// chose among, where that is known; a value that came meanwhile is not put aside unseen.
    pub fn resolve(
        &self,
        number: &str,
        key: &str,
        take: &Take,
        seen: &[String],
        reason: &str,
    ) -> Result<Changed, AppError> {
        let (_, _, view) = self.find_view(number)?;
        let differences = &view.differences;
        let difference = differences.iter().find(|difference| difference.key == key).ok_or_else(|| {
            let open = differences.iter().map(|difference| difference.key.as_str()).collect::<Vec<_>>().join(", ");
            AppError::input(
                format!("у полі «{key}» немає розбіжності; є в полях: {open}"),
                format!("field “{key}” does not differ; these do: {open}"),
            )
        })?;
        let value = taken(Kind::Request, difference, take, seen)?;
        let follows = self.follows_from_choice(number, &view, difference, &value)?;
        let (key, reason) = (key.to_owned(), reason.to_owned());
        let mut commands = vec![RequestCommand::Resolve { key, value, reason: reason.clone() }];
        if !follows.is_empty() {
            commands.push(RequestCommand::Correct { fields: follows, reason });
        }
        self.commands(number, commands)
    }

    /// Fee and term, where they say what followed from one of the answers. What is closed keeps them.
    fn follows_from_choice(
        &self,
        number: &str,
        view: &RequestView,
        difference: &Difference,
        value: &Value,
    ) -> Result<Vec<Edit>, AppError> {
        let key = &difference.key;
        if !key.starts_with("f.") || view.state().is_closed() {
            return Ok(Vec::new());
        }
        let form = self.form_of_request(number)?;
        let said = difference.values.iter().map(|written| (key.clone(), written.value.to_string()));
        let before: Vec<_> = said.map(|answer| super::actions::with(form.clone(), &[answer])).collect();
        self.what_follows(number, &before, &[(key.clone(), value.to_string())])
    }

    pub(super) fn conflicts_of(
        &self,
        view: &RequestView,
        register: &Register,
        provenance: &[Provenance],
    ) -> Result<Vec<Conflict>, AppError> {
        let service = view.service.text();
        let value = |key: &str, written: &Written| {
            let shown = self.shown(view, key, &written.value);
            self.conflict_value(register, provenance, written, shown)
        };
        let conflict = |difference: &Difference| {
            let (uk, en) = self.label(self.catalogue_kept(view), service, &difference.key);
            let values = difference.values.iter().map(|written| value(&difference.key, written));
            let values = values.collect::<Result<Vec<_>, AppError>>()?;
            Ok(Conflict { key: difference.key.clone(), uk, en, is_proposal: difference.is_proposal, values })
        };
        view.differences.iter().map(conflict).collect()
    }

    /// One of the values, with who wrote it.
    pub(super) fn conflict_value(
        &self,
        register: &Register,
        provenance: &[Provenance],
        written: &Written,
        shown: String,
    ) -> Result<ConflictValue, AppError> {
        let (by_uk, by_en) = self.author_by_number(register, written.by);
        let entry = provenance.iter().find(|entry| entry.chain == written.by && entry.at == written.at);
        let officer = entry.map(|entry| entry.officer.clone()).unwrap_or_default();
        let known = !officer.is_empty() && !register.is_case(written.by);
        let officer_name = if known { self.officer_name(&officer)? } else { String::new() };
        let (value, mark) = (written.value.to_string(), written.value.mark());
        Ok(ConflictValue { mark, value, shown, by_uk, by_en, officer, officer_name, at: written.at })
    }
}

/// The value that was chosen, if nothing came that was not seen.
pub(super) fn taken(kind: Kind, difference: &Difference, take: &Take, seen: &[String]) -> Result<Value, AppError> {
    let unseen = |written: &Written| !seen.contains(&written.value.mark());
    if !seen.is_empty() && difference.values.iter().any(unseen) {
        return Err(AppError::input(
            "відколи ви дивилися, тут з’явилося ще одне значення: перегляньте всі й оберіть знову",
            "another value has come since you looked: look at all of them and choose again",
        ));
    }
    match take {
        Take::Mark(mark) => chosen(difference, mark),
        Take::Text(text) => value_of(kind, &difference.key, text).ok_or_else(|| {
            AppError::input(
                "інше значення порожнє, задовге або не підходить цьому полю: впишіть його так, як показано поруч",
                "the other value is empty, too long or not what this field holds: write it as those beside it",
            )
        }),
    }
}

/// The value that was meant: by its mark, or written out.
fn chosen(difference: &Difference, mark: &str) -> Result<Value, AppError> {
    let all = || difference.values.iter().map(|written| &written.value);
    let found = all().find(|value| value.mark() == mark).or_else(|| all().find(|value| value.to_string() == mark));
    found.cloned().ok_or_else(|| {
        let marks = all().map(|value| format!("{} «{value}»", value.mark())).collect::<Vec<_>>().join(", ");
        AppError::input(
            format!("такого значення серед розбіжностей уже немає: перегляньте їх і оберіть знову ({marks})"),
            format!("there is no such value among the differences any more: look at them and choose again ({marks})"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn what_does_not_differ_cannot_be_resolved() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let refused = agent.resolve(&number, "a.last", &Take::Mark("0".into()), &[], "бо").unwrap_err();
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
        let marks: Vec<String> = page.conflicts[0].values.iter().map(|value| value.mark.clone()).collect();
        let gone = agent.resolve(&saved.number, "phone", &Take::Mark("1".into()), &[], "бо").unwrap_err();
        assert!(gone.to_string().contains("уже немає") && gone.to_string().contains(&marks[1]), "{gone}");
        let unseen =
            agent.resolve(&saved.number, "phone", &Take::Mark(marks[0].clone()), &marks[..1], "бо").unwrap_err();
        assert!(unseen.to_string().contains("з’явилося ще одне"), "{unseen}");
        let take = Take::Mark("+380501112233".into());
        assert!(agent.resolve(&saved.number, "phone", &take, &marks, "передзвонили").unwrap().changed);
        let page = agent.request(&saved.number).unwrap();
        assert!(page.conflicts.is_empty());
        assert_eq!(page.fields.iter().find(|row| row.key == "phone").unwrap().value, "+380501112233");
    }
}
