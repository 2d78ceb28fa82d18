//! Consultations as the centre sees them: somebody asked a suitcase's officer and was told, nothing was taken.

use super::accounts::Rank;
use super::traces::How;
use super::unread::Unread;
use super::{Desk, DeskError};
use ids::RecordId;
use peer::{Filter, Order, RecordRow};
use records::view::{ConsultationOutcome, ConsultationView};

/// What is asked of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConsultationQuery {
    /// Recorded at or after, ms since 1970.
    pub from: Option<i64>,
    /// Recorded before, ms since 1970.
    pub until: Option<i64>,
    /// Only recorded by this officer, by login; empty for all.
    pub officer: String,
    /// Only with this outcome, by its name; empty for all.
    pub outcome: String,
    /// Only from this suitcase.
    pub suitcase: Option<u16>,
    /// Words to find.
    pub search: String,
    /// Which page, from 1; 0 counts as 1.
    pub page: usize,
    /// Lines of a page, at most 500.
    pub size: usize,
}

/// One consultation. What is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsultationRow {
    /// The record.
    pub record: RecordId,
    /// When it was recorded, by the device's time, ms since 1970.
    pub at: i64,
    /// Who asked, in words; nobody has to say their name.
    pub who: String,
    /// Where an answer that is still owed reaches them.
    pub phone: String,
    /// The service it was about, Ukrainian and English.
    pub service: (String, String),
    /// What it was about, in words.
    pub topic: String,
    /// What came of it.
    pub outcome: ConsultationOutcome,
    /// What was said.
    pub answer: String,
    /// Login of the officer.
    pub officer: String,
    /// The officer's name; the login if there is none.
    pub officer_name: String,
    /// The suitcase's number.
    pub suitcase: Option<i64>,
    /// `visit`, `desk` or `phone`.
    pub channel: String,
    /// Notes that were not struck out.
    pub notes: Vec<String>,
    /// Fields in which people differ: their labels, Ukrainian and English.
    pub differing: Vec<(&'static str, &'static str)>,
}

/// A page of consultations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsultationPage {
    /// Its lines, the newest first.
    pub rows: Vec<ConsultationRow>,
    /// What belongs on this page and does not read.
    pub unread: Vec<Unread>,
    /// Lines of all pages.
    pub total: u64,
    /// Which page, from 1.
    pub page: usize,
    /// Lines of a page.
    pub size: usize,
}

impl Desk {
    /// A page of the consultations; `how` it will be seen is noted first.
    pub fn consultations(&self, by: &str, query: &ConsultationQuery, how: How) -> Result<ConsultationPage, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let (page, size) = (query.page.max(1), query.size.clamp(1, 500));
        let filter = self.consultation_filter(query)?;
        let (rows, total): (Vec<RecordRow>, u64) = self.peer.read(|view| {
            let offset = (page - 1).saturating_mul(size);
            Ok((view.list(&filter, Order::Newest, offset, size)?, view.count(&filter)?))
        })?;
        let seen: Vec<RecordId> = rows.iter().map(|row| row.record).collect();
        self.note_found(by, how, &seen, &query.about(), &query.search)?;
        let (rows, unread) = self.of_each(&rows, |row| self.consultation_row(row.record))?;
        Ok(ConsultationPage { rows, unread, total, page, size })
    }

    /// Refused if there are more than `most` of them: asked before a file is written.
    pub fn consultations_fit(&self, by: &str, query: &ConsultationQuery, most: usize) -> Result<(), DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let filter = self.consultation_filter(query)?;
        super::journal::not_too_many(self.peer.read(|view| view.count(&filter))?, most)
    }

    /// One consultation.
    pub fn consultation(&self, by: &str, record: &str) -> Result<ConsultationRow, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let found = match record.trim().parse::<RecordId>() {
            Ok(id) => self.peer.read(|view| view.row(id))?,
            Err(_) => None,
        };
        let Some(row) = found.filter(|row| row.kind == records::Kind::Consultation) else {
            return Err(DeskError::not_found(
                "такої консультації тут немає: відкрийте її зі списку",
                "there is no such consultation here: open it from the list",
            ));
        };
        self.note_look(by, How::Consultations, &[row.record], "")?;
        self.consultation_row(row.record)
    }

    /// Logins of all who recorded consultations.
    pub fn consultants(&self) -> Result<Vec<String>, DeskError> {
        Ok(self.peer.read(|view| view.officers(records::Kind::Consultation))?)
    }

    fn consultation_filter(&self, query: &ConsultationQuery) -> Result<Filter, DeskError> {
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Ok(Filter {
            kind: Some(records::Kind::Consultation),
            states: filled(&query.outcome).into_iter().collect(),
            creators: self.chains_of_suitcase(query.suitcase)?,
            officer: filled(&query.officer),
            words: records::fold::words(&query.search),
            from: query.from,
            until: query.until,
            ..Filter::default()
        })
    }

    fn consultation_row(&self, record: RecordId) -> Result<ConsultationRow, DeskError> {
        let register = self.peer.register()?;
        let document = self.peer.read(|view| view.document(record))?;
        let view = ConsultationView::read(&document, &|chain| register.is_case(chain));
        let service = match (view.service.text(), view.service_name.text()) {
            ("", name) => (name.to_owned(), name.to_owned()),
            (slug, name) => self.service_name(slug, name),
        };
        Ok(ConsultationRow {
            record,
            at: view.created_at,
            who: view.who.text().to_owned(),
            phone: view.phone.text().to_owned(),
            service,
            topic: view.topic.text().to_owned(),
            outcome: ConsultationOutcome::from_text(view.outcome.text()).unwrap_or(ConsultationOutcome::Answered),
            answer: view.answer.text().to_owned(),
            officer_name: if view.officer_name.is_empty() { view.officer.clone() } else { view.officer_name.clone() },
            suitcase: view.suitcase,
            channel: view.channel.clone(),
            notes: view.notes.iter().filter(|note| !note.withdrawn).map(|note| note.text.clone()).collect(),
            differing: view.differences.iter().map(|difference| (difference.uk, difference.en)).collect(),
            officer: view.officer,
        })
    }
}

impl ConsultationQuery {
    /// What is asked, for the list of who saw what.
    fn about(&self) -> String {
        let suitcase = self.suitcase.map(|number| number.to_string()).unwrap_or_default();
        let parts = [self.search.as_str(), &self.officer, &self.outcome, &suitcase];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, Suitcase};
    use super::*;
    use records::Edit;
    use records::commands::{NewConsultation, create_consultation};
    use std::time::Duration;

    fn consult(suitcase: &Suitcase, fields: &[(&str, &str)]) -> String {
        let fields: Vec<Edit> = fields.iter().map(|(key, value)| Edit::new(*key, *value)).collect();
        let made = suitcase.peer.act(move |act| {
            let record = RecordId::from_random(act.random());
            act.create_by(record, |who| {
                let new = NewConsultation {
                    channel: "visit",
                    officer_name: "Шевчук О. І.",
                    suitcase: Some(7),
                    fields: &fields,
                };
                create_consultation(record, who, &new)
            })?;
            Ok(record.to_string())
        });
        made.unwrap()
    }

    #[test]
    fn what_suitcases_were_asked_is_listed_by_day_officer_and_outcome_and_noted_as_seen() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let first = consult(&suitcase, &[("topic", "перерахунок пенсії"), ("outcome", "answered")]);
        town.clock.advance(Duration::from_secs(86_400));
        let evening = town.clock_now();
        consult(
            &suitcase,
            &[
                ("service", "housing-subsidy"),
                ("service_name", "Субсидія"),
                ("who", "Гук Степан"),
                ("outcome", "later"),
            ],
        );
        town.carry_up(&suitcase);
        let ask = |query: ConsultationQuery| {
            let query = ConsultationQuery { size: 50, ..query };
            town.desk.consultations("admin", &query, How::Consultations).unwrap()
        };
        let all = ask(ConsultationQuery::default());
        assert_eq!((all.total, all.rows.len()), (2, 2));
        assert_eq!((all.rows[0].who.as_str(), all.rows[1].topic.as_str()), ("Гук Степан", "перерахунок пенсії"));
        assert!(all.rows[0].service.0.to_lowercase().contains("субсид"), "{:?}", all.rows[0].service);
        assert_eq!((all.rows[0].officer.as_str(), all.rows[0].officer_name.as_str()), ("olena", "Шевчук О. І."));
        let count = |query| ask(query).total;
        assert_eq!(count(ConsultationQuery { until: Some(evening), ..ConsultationQuery::default() }), 1);
        assert_eq!(count(ConsultationQuery { outcome: "later".into(), ..ConsultationQuery::default() }), 1);
        assert_eq!(count(ConsultationQuery { officer: "olena".into(), ..ConsultationQuery::default() }), 2);
        assert_eq!(count(ConsultationQuery { officer: "ivan".into(), ..ConsultationQuery::default() }), 0);
        assert_eq!(count(ConsultationQuery { search: "пенсі".into(), ..ConsultationQuery::default() }), 1);
        assert_eq!(town.desk.consultants().unwrap(), ["olena"]);
        assert_eq!(town.desk.consultation("admin", &first).unwrap().topic, "перерахунок пенсії");
        let request = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let request = town.desk.request_of(&request).unwrap().to_string();
        for other in [request.as_str(), "x", ""] {
            assert!(town.desk.consultation("admin", other).is_err(), "{other}");
        }
        assert!(town.desk.consultations("nobody", &ConsultationQuery::default(), How::Consultations).is_err());
        let seen = super::super::TraceQuery { what: "seen".into(), size: 50, ..Default::default() };
        let seen = town.desk.traces("admin", &seen).unwrap().rows;
        assert!(seen.iter().any(|row| row.consultation.as_deref() == Some(&*first) && row.number.is_none()));
    }
}
