//! Flat rows for lists, queues and search: a cache that can be thrown away and made again from the records.

use ids::RecordId;

use crate::fold::fold;
use crate::state::{RequestState, VisitState};
use crate::view::{Address, ConsultationView, Party, RequestView, ResidentView, VisitView};

/// The version of the rows. A store whose rows have another makes them anew.
pub const PROJECTION_VERSION: u32 = 6;

/// A request in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// The record.
    pub id: RecordId,
    /// Number on the опис.
    pub number: String,
    /// Number in the journal; may be empty.
    pub official: String,
    /// Where it stands.
    pub state: RequestState,
    /// Applicant: name or organisation.
    pub applicant: String,
    /// Record of the applicant's resident; may be empty.
    pub resident: String,
    /// Slug of the service.
    pub service: String,
    /// The service's name on that day.
    pub service_name: String,
    /// Submitted, milliseconds since 1970.
    pub submitted_at: i64,
    /// «Передати до», `YYYY-MM-DD`; may be empty.
    pub handover_due: String,
    /// Control date, `YYYY-MM-DD`; may be empty.
    pub due: String,
    /// The suitcase's number.
    pub suitcase: Option<i64>,
    /// Login of the officer.
    pub officer: String,
    /// Login of the clerk who has it; empty for nobody and once it is closed.
    pub holder: String,
    /// The applicant's tax number, or the organisation's code; may be empty.
    pub person: String,
    /// Ids of requests that look like it and were told apart by a person, by space.
    pub apart: String,
    /// Settlement of the actual address, else of the registered one.
    pub place: String,
    /// Fields and decisions a person has to look at.
    pub open_questions: usize,
    /// Whether the опис was printed.
    pub printed: bool,
    /// Folded text in which a search looks.
    pub search: String,
}

/// A resident in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentRow {
    /// The record.
    pub id: RecordId,
    /// Full name.
    pub name: String,
    /// Date of birth, `YYYY-MM-DD`; may be empty.
    pub born: String,
    /// РНОКПП; may be empty.
    pub rnokpp: String,
    /// УНЗР; may be empty.
    pub unzr: String,
    /// Phone; may be empty.
    pub phone: String,
    /// Address in one line.
    pub address: String,
    /// Records that are the same person.
    pub joined_with: Vec<RecordId>,
    /// Fields a person has to look at.
    pub open_questions: usize,
    /// Folded text in which a search looks.
    pub search: String,
}

/// A visit in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// The record.
    pub id: RecordId,
    /// Number of the call; may be empty.
    pub number: String,
    /// Where it stands.
    pub state: VisitState,
    /// Whom it is for, else who called.
    pub name: String,
    /// Address in one line.
    pub address: String,
    /// When the call came, milliseconds since 1970.
    pub received_at: i64,
    /// Planned date, `YYYY-MM-DD`; may be empty.
    pub date: String,
    /// Planned time, `HH:MM`; may be empty.
    pub time: String,
    /// Fields and decisions a person has to look at.
    pub open_questions: usize,
    /// Folded text in which a search looks.
    pub search: String,
}

/// A consultation in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsultationRow {
    /// The record.
    pub id: RecordId,
    /// Who asked; may be empty.
    pub who: String,
    /// Slug of the service; may be empty.
    pub service: String,
    /// What it was about, in one line.
    pub about: String,
    /// What came of it, by its name.
    pub outcome: String,
    /// Recorded, milliseconds since 1970.
    pub created_at: i64,
    /// Fields a person has to look at.
    pub open_questions: usize,
    /// Folded text in which a search looks.
    pub search: String,
}

impl From<&ConsultationView> for ConsultationRow {
    fn from(view: &ConsultationView) -> Self {
        let resident = record_word(view.resident.text());
        let parts = [view.who.text(), view.service_name.text(), view.topic.text(), view.phone.text(), &resident];
        Self {
            id: view.id,
            who: view.who.text().to_owned(),
            service: view.service.text().to_owned(),
            about: view.about().to_owned(),
            outcome: view.outcome.text().to_owned(),
            created_at: view.created_at,
            open_questions: view.differences.len(),
            search: search_text(&parts),
        }
    }
}

/// By which number the applicant is known, wherever it was typed.
fn person(view: &RequestView) -> String {
    let organisation = view.registers.text("a.edrpou").trim();
    let number = if organisation.is_empty() { view.applicant.rnokpp.text().trim() } else { organisation };
    number.to_owned()
}

impl From<&RequestView> for RequestRow {
    fn from(view: &RequestView) -> Self {
        let organisation = view.registers.text("a.orgname");
        let applicant = if view.applicant.is_empty() { organisation.to_owned() } else { view.applicant.full_name() };
        let search = search_text(&[
            &view.number,
            view.official.text(),
            &applicant,
            organisation,
            view.applicant.rnokpp.text(),
            view.applicant.number.text(),
            view.registers.text("a.edrpou"),
            &view.representative.full_name(),
            view.phone.text(),
            view.phone2.text(),
            view.service_name.text(),
            &place_line(&view.actual, &view.registered),
            &record_word(view.applicant.resident.text()),
        ]);
        Self {
            id: view.id,
            number: view.number.clone(),
            official: view.official.text().to_owned(),
            state: view.state(),
            resident: view.applicant.resident.text().to_owned(),
            service: view.service.text().to_owned(),
            service_name: view.service_name.text().to_owned(),
            submitted_at: view.submitted_at,
            handover_due: view.handover_due.text().to_owned(),
            due: view.due.text().to_owned(),
            suitcase: view.suitcase,
            officer: view.officer.clone(),
            holder: view.holder().filter(|_| !view.state().is_closed()).map(|claim| claim.by).unwrap_or_default(),
            person: person(view),
            apart: view.told_apart().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            place: first_of(view.actual.place.text(), view.registered.place.text()),
            open_questions: view.open_questions(),
            printed: view.is_printed(),
            applicant,
            search,
        }
    }
}

impl From<&ResidentView> for ResidentRow {
    fn from(view: &ResidentView) -> Self {
        let address = place_line(&view.actual, &view.registered);
        let search = person_text(&view.person, &[view.phone.text(), view.phone2.text(), view.email.text(), &address]);
        Self {
            id: view.id,
            name: view.person.full_name(),
            born: view.person.born.text().to_owned(),
            rnokpp: view.person.rnokpp.text().to_owned(),
            unzr: view.person.unzr.text().to_owned(),
            phone: first_of(view.phone.text(), view.phone2.text()),
            address,
            joined_with: view.joined_with(),
            open_questions: view.differences.len(),
            search,
        }
    }
}

impl From<&VisitView> for VisitRow {
    fn from(view: &VisitView) -> Self {
        let name = if view.person.is_empty() { view.caller.text().to_owned() } else { view.person.full_name() };
        let address = view.address.line();
        let resident = record_word(view.person.resident.text());
        let (caller, telephone) = (view.caller.text(), view.caller_phone.text());
        let about = [&view.number, caller, telephone, view.phone.text(), &address, &resident];
        let search = person_text(&view.person, &about);
        Self {
            id: view.id,
            number: view.number.clone(),
            state: view.state(),
            name,
            address,
            received_at: view.received_at,
            date: view.date.text().to_owned(),
            time: view.time.text().to_owned(),
            open_questions: view.differences.len() + view.log.open_contests().count(),
            search,
        }
    }
}

fn first_of(a: &str, b: &str) -> String {
    if a.is_empty() { b } else { a }.to_owned()
}

fn place_line(actual: &Address, registered: &Address) -> String {
    first_of(&actual.line(), &registered.line())
}

fn person_text(person: &Party, more: &[&str]) -> String {
    let mut parts = vec![person.rnokpp.text(), person.unzr.text(), person.number.text()];
    let name = person.full_name();
    parts.insert(0, &name);
    parts.extend(more);
    search_text(&parts)
}

/// The id of another record as one word, by which what names it is found whatever else changes; empty for none. It
/// begins with a letter that nobody types, so that no search for a number finds it by the way.
pub fn record_word(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!("ѣ{}", id.replace('-', "")) }
}

fn search_text(parts: &[&str]) -> String {
    fold(&parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
}
