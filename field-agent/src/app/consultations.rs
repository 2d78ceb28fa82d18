//! Consultations: somebody asked and was told, nothing was taken. They are counted, so each is a record.

use super::{Agent, AppError, StateName, Where};
use peer::{Filter, Order, RecordRow};
use records::Edit;
use records::commands::{NewConsultation, create_consultation};
use records::schema::Kind;
use records::view::{ConsultationOutcome, ConsultationView};
use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400_000;
/// So many with one surname are looked through for a resident.
const OF_A_RESIDENT: usize = 100;

/// A consultation as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsultationForm {
    /// Who asked; may stay empty.
    pub who: String,
    /// The resident's record, if it was somebody known.
    pub resident: String,
    /// Where an answer that comes later reaches them.
    pub phone: String,
    /// Slug of the service; this or `topic`.
    pub service: String,
    /// What it was about, in words.
    pub topic: String,
    /// Code of what came of it: see [`outcomes`].
    pub outcome: String,
    /// What was said.
    pub answer: String,
}

/// A consultation in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsultationRow {
    /// Its record.
    pub record: String,
    /// Who asked; may be empty.
    pub who: String,
    /// The service's name, or what it was about.
    pub about: String,
    /// What was asked, in words; may be empty.
    pub topic: String,
    /// Code of what came of it.
    pub outcome: String,
    /// The same in words.
    pub outcome_name: StateName,
    /// What was said.
    pub answer: String,
    /// Phone; may be empty.
    pub phone: String,
    /// Login of the officer.
    pub officer: String,
    /// Device time, ms since 1970.
    pub created: i64,
    /// Where it is.
    pub place: Where,
}

/// Which consultations.
#[derive(Debug, Clone, Default)]
pub struct ConsultationQuery {
    /// Words: each must begin a word of it.
    pub search: String,
    /// Code of what came of it; all if empty.
    pub outcome: String,
    /// Leave out so many.
    pub offset: usize,
    /// At most so many.
    pub limit: usize,
}

/// How many there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ConsultationCounts {
    /// Today, by the laptop's clock and Kyiv's day.
    pub today: u64,
    /// In the last thirty days.
    pub month: u64,
    /// In all.
    pub all: u64,
    /// Promised an answer that is still owed.
    pub owed: u64,
}

/// The codes of what can come of a consultation, with their labels.
pub fn outcomes() -> impl Iterator<Item = (&'static str, StateName)> {
    ConsultationOutcome::ALL.into_iter().map(|outcome| (outcome.text(), name_of(outcome)))
}

fn name_of(outcome: ConsultationOutcome) -> StateName {
    let (uk, en) = outcome.label();
    StateName { uk, en }
}

impl Agent {
    /// Records a consultation. Gives back its record.
    pub fn consult(&self, form: &ConsultationForm) -> Result<String, AppError> {
        let fields = self.consultation_fields(form)?;
        let (officer_name, suitcase) = (self.officer_name(self.officer())?, i64::from(self.suitcase_number()));
        let record = ids::RecordId::from_random(self.random());
        self.peer.act(move |act| {
            act.create_by(record, |who| {
                let new = NewConsultation {
                    channel: "visit",
                    officer_name: &officer_name,
                    suitcase: Some(suitcase),
                    fields: &fields,
                };
                create_consultation(record, who, &new)
            })
        })?;
        self.recorded();
        Ok(record.to_string())
    }

    fn consultation_fields(&self, form: &ConsultationForm) -> Result<Vec<Edit>, AppError> {
        if !form.resident.trim().is_empty() {
            self.resident(&form.resident)?;
        }
        let service = form.service.trim();
        let name = match service {
            "" => String::new(),
            slug => {
                let words = self.service_name(slug).ok_or_else(|| {
                    AppError::input(
                        format!("послуги «{slug}» у каталозі немає: виберіть її зі списку"),
                        format!("the catalogue has no service “{slug}”: choose it from the list"),
                    )
                })?;
                words.uk
            }
        };
        let phone = with_country(&form.phone);
        let texts = [
            ("who", form.who.as_str()),
            ("resident", &form.resident),
            ("phone", &phone),
            ("service", service),
            ("service_name", &name),
            ("topic", &form.topic),
            ("outcome", &form.outcome),
            ("answer", &form.answer),
        ];
        let mut fields = Vec::new();
        for (key, text) in texts {
            let text = text.trim();
            let field = records::schema::field(Kind::Consultation, key);
            let value = records::Value::from(text.to_owned());
            if !text.is_empty() && !field.is_some_and(|field| field.holds(&value)) {
                let (uk, en) = field.map_or((key, key), |field| (field.uk, field.en));
                return Err(AppError::input(
                    format!("«{uk}»: текст задовгий, скоротіть його"),
                    format!("“{en}”: the text is too long, shorten it"),
                ));
            }
            fields.push(Edit { key: key.to_owned(), value });
        }
        Ok(fields)
    }

    /// A page of the consultations, the newest first, and how many there are in all.
    pub fn consultations(&self, query: &ConsultationQuery) -> Result<(Vec<ConsultationRow>, u64), AppError> {
        let filter = Filter {
            kind: Some(Kind::Consultation),
            states: Some(query.outcome.clone()).filter(|code| !code.is_empty()).into_iter().collect(),
            words: records::fold::words(&query.search),
            ..Filter::default()
        };
        let register = self.peer.register()?;
        Ok(self.peer.read(|view| {
            let rows = view.list(&filter, Order::Newest, query.offset, query.limit)?;
            let read = |row: RecordRow| {
                let document = view.document(row.record)?;
                let read = ConsultationView::read(&document, &|chain| register.is_case(chain));
                Ok(consultation_row(&read, Where::of_row(view, &row)?))
            };
            let rows = rows.into_iter().map(read).collect::<Result<Vec<_>, peer::PeerError>>()?;
            Ok((rows, view.count(&filter)?))
        })?)
    }

    /// The consultations of a resident, the newest first: those recorded from their page, and those that give their
    /// surname and name and no other telephone.
    pub fn consultations_of_resident(&self, record: &str) -> Result<Vec<ConsultationRow>, AppError> {
        let (id, resident) = self.resident(record)?;
        let mut all = vec![id];
        all.extend(resident.joined_with());
        let ids: Vec<String> = all.iter().map(ToString::to_string).collect();
        let name = format!("{} {}", resident.person.last.text(), resident.person.first.text());
        let names = records::fold::words(&name);
        let phones = [resident.phone.text(), resident.phone2.text()];
        let is_theirs = |view: &ConsultationView| match view.resident.text() {
            "" => {
                let who = records::fold::words(view.who.text());
                let phone = view.phone.text();
                let known = phone.is_empty() || phones.iter().all(|own| own.is_empty()) || phones.contains(&phone);
                names.len() > 1 && names.iter().all(|word| who.contains(word)) && known
            }
            id => ids.iter().any(|own| own == id),
        };
        let register = self.peer.register()?;
        let words = self.names_of(&all)?;
        Ok(self.peer.read(|view| {
            let mut found: Vec<ConsultationRow> = Vec::new();
            for words in words {
                let filter = Filter { kind: Some(Kind::Consultation), words, ..Filter::default() };
                for row in view.list(&filter, Order::Newest, 0, OF_A_RESIDENT)? {
                    let document = view.document(row.record)?;
                    let read = ConsultationView::read(&document, &|chain| register.is_case(chain));
                    let known = found.iter().any(|other| other.record == row.record.to_string());
                    if is_theirs(&read) && !known {
                        found.push(consultation_row(&read, Where::of_row(view, &row)?));
                    }
                }
            }
            found.sort_by_key(|row| std::cmp::Reverse(row.created));
            Ok(found)
        })?)
    }

    /// How many there were.
    pub fn consultation_counts(&self) -> Result<ConsultationCounts, AppError> {
        let now = self.now();
        let midnight = now.kyiv().and_then(|zoned| zoned.start_of_day().ok());
        let midnight = midnight.map_or(now.0.saturating_sub(DAY), |start| start.timestamp().as_millisecond());
        let of = |from: Option<i64>, state: Option<&str>| Filter {
            kind: Some(Kind::Consultation),
            states: state.map(str::to_owned).into_iter().collect(),
            from,
            ..Filter::default()
        };
        Ok(self.peer.read(|view| {
            Ok(ConsultationCounts {
                today: view.count(&of(Some(midnight), None))?,
                month: view.count(&of(Some(now.0.saturating_sub(30 * DAY)), None))?,
                all: view.count(&of(None, None))?,
                owed: view.count(&of(None, Some(ConsultationOutcome::Later.text())))?,
            })
        })?)
    }

    /// The answer that was owed has been given: corrects what came of it.
    pub fn answer_consultation(&self, record: &str, answer: &str) -> Result<(), AppError> {
        use records::commands::{ConsultationCommand, edit_consultation};
        let record: ids::RecordId = record.parse().map_err(|_| AppError::NoSuchRequest(record.to_owned()))?;
        if answer.trim().is_empty() {
            return Err(AppError::input("впишіть, що порадили", "write what was said"));
        }
        let fields =
            vec![Edit::new("outcome", ConsultationOutcome::Answered.text()), Edit::new("answer", answer.trim())];
        let command = ConsultationCommand::Correct { fields, reason: String::new() };
        let changed = self.peer.act(move |act| {
            act.command(record, |document, is_desk, who| edit_consultation(document, is_desk, who, &command))
        })?;
        if changed {
            self.recorded();
        }
        Ok(())
    }
}

/// A Ukrainian number as records keep it; anything else as it was typed.
fn with_country(typed: &str) -> String {
    let plain = typed.chars().all(|c| c.is_ascii_digit() || " ()-–+.\u{a0}".contains(c));
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        10 if plain && digits.starts_with('0') => format!("+38{digits}"),
        12 if plain && digits.starts_with("380") => format!("+{digits}"),
        _ => typed.trim().to_owned(),
    }
}

fn consultation_row(view: &ConsultationView, place: Where) -> ConsultationRow {
    let outcome = ConsultationOutcome::from_text(view.outcome.text()).unwrap_or(ConsultationOutcome::Answered);
    ConsultationRow {
        record: view.id.to_string(),
        who: view.who.text().to_owned(),
        about: view.about().to_owned(),
        topic: view.topic.text().to_owned(),
        outcome: outcome.text().to_owned(),
        outcome_name: name_of(outcome),
        answer: view.answer.text().to_owned(),
        phone: view.phone.text().to_owned(),
        officer: view.officer.clone(),
        created: view.created_at,
        place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::agent;

    fn form(topic: &str, outcome: &str) -> ConsultationForm {
        ConsultationForm { topic: topic.into(), outcome: outcome.into(), ..ConsultationForm::default() }
    }

    #[test]
    fn they_are_recorded_listed_counted_and_reach_the_centre() {
        let (bench, agent) = agent();
        assert_eq!(agent.consultation_counts().unwrap(), ConsultationCounts::default());
        agent.consult(&form("перерахунок пенсії", "answered")).unwrap();
        bench.clock.advance(std::time::Duration::from_secs(86_400));
        let subsidy = ConsultationForm {
            who: "Гук Степан".into(),
            phone: "050 111 22 33".into(),
            service: "housing-subsidy".into(),
            ..form("чи дадуть, якщо є борг", "later")
        };
        let record = agent.consult(&subsidy).unwrap();
        let counts = agent.consultation_counts().unwrap();
        assert_eq!((counts.today, counts.month, counts.all, counts.owed), (1, 2, 2, 1));
        let query = ConsultationQuery { search: "гук".into(), limit: 9, ..ConsultationQuery::default() };
        let (rows, total) = agent.consultations(&query).unwrap();
        assert_eq!((rows.len(), total, rows[0].outcome_name.uk), (1, 1, "відповімо згодом"));
        assert!(rows[0].about.to_lowercase().contains("субсид"), "{}", rows[0].about);
        assert_eq!((rows[0].place, rows[0].phone.as_str()), (Where::Here, "+380501112233"));
        bench.centre.take_from(&agent.peer);
        let seen =
            bench.centre.desk.read(|view| view.count(&Filter { kind: Some(Kind::Consultation), ..Filter::default() }));
        assert_eq!(seen.unwrap(), 2, "the centre has them");
        agent.answer_consultation(&record, "борг не заважає, якщо є угода").unwrap();
        assert_eq!(agent.consultation_counts().unwrap().owed, 0);
    }

    #[test]
    fn a_resident_has_the_consultations_that_name_them() {
        let (bench, agent) = agent();
        let saved = agent.save(&crate::app::testing::sample_form(), None).unwrap();
        let ask = |who: &str, phone: &str, resident: &str, topic: &str| {
            bench.clock.advance(std::time::Duration::from_secs(60));
            let (who, phone, resident) = (who.into(), phone.into(), resident.into());
            agent.consult(&ConsultationForm { who, phone, resident, ..form(topic, "answered") }).unwrap();
        };
        ask("Коваленко Г. П.", "", &saved.resident, "з картки");
        ask("ганна КОВАЛЕНКО", "", "", "за ім’ям");
        ask("Коваленко Ганна", "067 123 45 67", "", "за ім’ям і телефоном");
        ask("Коваленко Ганна", "050 999 88 77", "", "однофамільниця");
        ask("Коваленко Марія", "", "", "інша");
        ask("донька", "", &saved.resident, "з картки, питала донька");
        let found = agent.consultations_of_resident(&saved.resident).unwrap();
        let about: Vec<&str> = found.iter().map(|row| row.about.as_str()).collect();
        assert_eq!(about, ["з картки, питала донька", "за ім’ям і телефоном", "за ім’ям", "з картки"]);
    }

    #[test]
    fn what_is_missing_or_unknown_is_said() {
        let (_bench, agent) = agent();
        let long = "х".repeat(700);
        for (bad, word) in [
            (form("", "answered"), "про що"),
            (form("пенсія", ""), "чим закінчилася"),
            (form("пенсія", "party"), "чим закінчилася"),
            (form(&long, "answered"), "задовгий"),
            (ConsultationForm { service: "nothing".into(), ..form("", "answered") }, "каталозі"),
        ] {
            let refused = agent.consult(&bad).unwrap_err().to_string();
            assert!(refused.contains(word) && refused.contains(" / "), "{refused}");
        }
    }
}
