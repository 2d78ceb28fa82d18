//! One visit to a person's home holds the requests that were recorded there: who, where, under which category with
//! which proof, how it ended. It is made when the first request is saved; later ones of that day join it.

use super::categories::codes;
use super::new_request::cut;
use super::pages_form::Words;
use super::{Agent, AppError, Form};
use ids::RecordId;
use peer::{Filter, Order};
use records::Edit;
use records::commands::NewVisit;
use records::schema::Kind;
use records::state::VisitState;
use records::view::{Address, RequestView, VisitView};
use std::collections::BTreeMap;

/// Of one day so many visits are looked through: nobody makes more.
const A_DAY: usize = 200;
/// The parts of a proof, in the order in which a resident's record keeps them.
pub(super) const PROOF: [&str; 4] = ["proof", "proof_no", "proof_date", "proof_until"];

/// A visit as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitShown {
    /// Its record.
    pub record: String,
    /// Who was visited.
    pub name: String,
    /// Where.
    pub address: String,
    /// When the officers came, ms since 1970.
    pub arrived: i64,
    /// Categories, in words.
    pub categories: Vec<Words>,
    /// What proves it: kind in words, number, date, valid until; parts may be empty.
    pub proof: Words,
    /// Number of the proof.
    pub proof_number: String,
    /// Date of the proof, `YYYY-MM-DD`.
    pub proof_date: String,
    /// Until when it is valid, `YYYY-MM-DD`.
    pub proof_until: String,
    /// Code of its state.
    pub state: String,
    /// Its state.
    pub outcome: Words,
    /// Why it was not all done; may be empty.
    pub why: String,
    /// The outcome is still to be written.
    pub is_open: bool,
}

/// What a request's act does about its visit.
pub(super) enum Visit {
    /// The visit of today at this address; fields that are known better now.
    Known(RecordId, Vec<Edit>),
    /// The first request of a visit.
    New(RecordId, Vec<Edit>),
}

impl Agent {
    /// The visit that a form's request belongs to. `resident` is empty for an organisation.
    pub(super) fn visit_of(&self, form: &Form, resident: &str) -> Result<Visit, AppError> {
        let edits = self.visit_fields(form, resident);
        let known = self.visits_today()?.into_iter().find(|view| {
            let person = match resident {
                "" => view.caller.text() == form.field("a.orgname"),
                resident => view.person.resident.text() == resident,
            };
            person && !is_called_off(view) && is_at(&view.address, form)
        });
        let Some(view) = known else { return Ok(Visit::New(RecordId::from_random(self.random()), edits)) };
        let known_better = |edit: &Edit| {
            (PROOF.contains(&edit.key.as_str()) || edit.key == "category")
                && view.registers.text(&edit.key) != edit.value.to_string()
        };
        let open = !view.state().is_closed();
        Ok(Visit::Known(view.id, edits.into_iter().filter(|edit| open && known_better(edit)).collect()))
    }

    fn visit_fields(&self, form: &Form, resident: &str) -> Vec<Edit> {
        let mut edits = vec![Edit::new("arrived", self.now().0)];
        let mut put = |key: &str, text: &str| {
            if let Some(edit) = super::form::edit_of(Kind::Visit, key, text).filter(|edit| !edit.value.is_empty()) {
                edits.push(edit);
            }
        };
        for key in ["a.last", "a.first", "a.patr"] {
            put(key, form.field(key));
        }
        put("a.resident", resident);
        if form.field("a.last").is_empty() {
            put("caller", &cut(form.field("a.orgname"), 240));
        }
        let home = form.home();
        for part in ["kat", "place", "index", "stype", "street", "house", "part", "flat"] {
            put(&format!("pa.{part}"), form.field(&format!("{home}.{part}")));
        }
        put("phone", form.field("phone"));
        put("identity", form.field("a.seen"));
        put("category", &cut(form.field("a.cat"), 80));
        for key in PROOF {
            put(key, form.of_visit(key));
        }
        edits
    }

    fn visits_today(&self) -> Result<Vec<VisitView>, AppError> {
        let today = self.day_of(self.now().0);
        let filter = Filter { kind: Some(Kind::Visit), ..Filter::default() };
        let register = self.peer.register()?;
        Ok(self.peer.read(|view| {
            let rows = view.list(&filter, Order::Newest, 0, A_DAY)?;
            let rows = rows.into_iter().filter(|row| self.day_of(row.created) == today);
            let read = |row: peer::RecordRow| {
                Ok(VisitView::read(&view.document(row.record)?, &|chain| register.is_case(chain)))
            };
            rows.map(read).collect::<Result<_, peer::PeerError>>()
        })?)
    }

    /// The proof that was seen at the visit of a request, as a form holds it.
    pub(super) fn proof_of_request(&self, request: &RequestView) -> BTreeMap<String, String> {
        let view = self.visit_view(request.visit.text()).ok().flatten();
        let text = |view: &VisitView, key: &str| Some(view.registers.text(key).to_owned()).filter(|t| !t.is_empty());
        let parts = view.iter().flat_map(|view| PROOF.map(|key| (key.to_owned(), text(view, key))));
        parts.filter_map(|(key, text)| Some((key, text?))).collect()
    }

    fn visit_view(&self, record: &str) -> Result<Option<VisitView>, AppError> {
        let Ok(id) = record.trim().parse::<RecordId>() else { return Ok(None) };
        let register = self.peer.register()?;
        Ok(self.peer.read(|view| match view.row(id)?.filter(|row| row.kind == Kind::Visit) {
            Some(_) => Ok(Some(VisitView::read(&view.document(id)?, &|chain| register.is_case(chain)))),
            None => Ok(None),
        })?)
    }

    /// The visit at which a request was recorded; `None` if it names none that is here.
    pub fn visit_of_request(&self, number: &str) -> Result<Option<VisitShown>, AppError> {
        let (_, _, request) = self.find_view(number)?;
        Ok(self.visit_view(request.visit.text())?.map(|view| self.visit_shown(&view)))
    }

    /// The visits to a resident, the newest first.
    pub fn visits_of_resident(&self, records: &[RecordId]) -> Result<Vec<VisitShown>, AppError> {
        let names: Vec<String> = records.iter().map(ToString::to_string).collect();
        let filter = Filter { kind: Some(Kind::Visit), ..Filter::default() };
        let register = self.peer.register()?;
        let words = Self::words_of(records);
        let found = self.peer.read(|view| {
            let mut found: Vec<VisitView> = Vec::new();
            for words in words {
                for row in view.list(&Filter { words, ..filter.clone() }, Order::Newest, 0, A_DAY)? {
                    let visit = VisitView::read(&view.document(row.record)?, &|chain| register.is_case(chain));
                    let own = names.iter().any(|name| visit.person.resident.text() == name);
                    if own && found.iter().all(|other| other.id != visit.id) {
                        found.push(visit);
                    }
                }
            }
            Ok(found)
        })?;
        let mut shown: Vec<VisitShown> = found.iter().map(|view| self.visit_shown(view)).collect();
        shown.sort_by_key(|visit| std::cmp::Reverse(visit.arrived));
        Ok(shown)
    }

    fn visit_shown(&self, view: &VisitView) -> VisitShown {
        let text = |key: &str| view.registers.text(key).to_owned();
        let (uk, en) = view.state().label();
        let place = match view.address.place.text() {
            "" => self.place_named(view.address.katottg.text()).unwrap_or_default(),
            _ => String::new(),
        };
        let line = [place, view.address.line()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let last = view.log.events.last().map(|event| event.event.reason.clone());
        VisitShown {
            record: view.id.to_string(),
            name: if view.person.is_empty() { view.caller.text().to_owned() } else { view.person.full_name() },
            address: line.join(", "),
            arrived: view.registers.int("arrived").unwrap_or(view.received_at),
            categories: codes(view.category.text()).map(|code| self.category_words(code)).collect(),
            proof: self.proof_words(&text("proof")),
            proof_number: text("proof_no"),
            proof_date: text("proof_date"),
            proof_until: text("proof_until"),
            state: view.state().text().to_owned(),
            outcome: Words::new(uk, en),
            why: last.unwrap_or_default(),
            is_open: matches!(view.state(), VisitState::OnSite | VisitState::PartlyDone),
        }
    }

    /// Writes how a visit ended: `done`, or `partly_done` with what was not.
    pub fn end_visit(&self, record: &str, outcome: &str, why: &str) -> Result<bool, AppError> {
        use records::commands::{VisitCommand, edit_visit};
        let to = match outcome {
            "done" => VisitState::Done,
            "partly_done" => VisitState::PartlyDone,
            _ => return Err(AppError::input("оберіть підсумок відвідування", "choose how the visit ended")),
        };
        let id = record.trim().parse::<RecordId>().map_err(|_| peer::PeerError::NoSuchRecord)?;
        let left = Edit::new("left", self.now().0);
        let step = VisitCommand::Step { to, reason: why.trim().to_owned(), fields: vec![left] };
        let done = self
            .peer
            .act(move |act| act.command(id, |document, is_desk, who| edit_visit(document, is_desk, who, &step)))?;
        if done {
            self.recorded();
        }
        Ok(done)
    }
}

/// What a new visit on the spot says beside its fields.
pub(super) fn on_the_spot<'a>(suitcase: u16, officer_name: &'a str, fields: &'a [Edit], at: i64) -> NewVisit<'a> {
    let suitcase = Some(i64::from(suitcase));
    NewVisit { number: "", received_at: at, channel: "person", on_site: true, officer_name, suitcase, fields }
}

/// Nobody comes back to it.
fn is_called_off(view: &VisitView) -> bool {
    view.state().is_closed() && view.state() != VisitState::Done
}

/// Whether a visit was at the form's address.
fn is_at(address: &Address, form: &Form) -> bool {
    let home = form.home();
    let typed = |part: &str| records::fold::fold(form.field(&format!("{home}.{part}")));
    let same = |part: &str, written: &str| typed(part) == records::fold::fold(written);
    let place = if form.field(&format!("{home}.kat")).is_empty() {
        same("place", address.place.text())
    } else {
        same("kat", address.katottg.text())
    };
    place
        && same("street", address.street.text())
        && same("house", address.house.text())
        && same("part", address.part.text())
        && same("flat", address.flat.text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};
    use std::time::Duration;

    fn with_proof() -> Form {
        let mut form = sample_form();
        form.fields.insert("a.cat".into(), "age".into());
        for (key, text) in [("proof", "passport"), ("proof_no", "СН 123456"), ("proof_date", "1998-05-14")] {
            form.visit.insert(key.into(), text.into());
        }
        form
    }

    #[test]
    fn requests_of_one_visit_share_its_record() {
        let (bench, agent) = agent();
        let first = agent.save(&with_proof(), None).unwrap();
        let visit = agent.visit_of_request(&first.number).unwrap().unwrap();
        assert_eq!((visit.state.as_str(), visit.is_open), ("on_site", true));
        assert!(visit.address.contains("Садова") && visit.name == "Коваленко Ганна Петрівна", "{visit:?}");
        assert_eq!((visit.proof.uk.as_str(), visit.proof_number.as_str()), ("паспорт", "СН 123456"));
        assert!(visit.categories[0].uk.starts_with("похилий вік"));
        bench.clock.advance(Duration::from_secs(600));
        let second = agent.save(&with_proof(), None).unwrap();
        assert_eq!(agent.visit_of_request(&second.number).unwrap().unwrap().record, visit.record);
        // Another address, another person, another day: other visits.
        let mut elsewhere = with_proof();
        elsewhere.fields.insert("pr.house".into(), "8".into());
        let third = agent.save(&elsewhere, None).unwrap();
        assert_ne!(agent.visit_of_request(&third.number).unwrap().unwrap().record, visit.record);
        bench.clock.advance(Duration::from_secs(24 * 3600));
        let fourth = agent.save(&with_proof(), None).unwrap();
        assert_ne!(agent.visit_of_request(&fourth.number).unwrap().unwrap().record, visit.record);
    }

    #[test]
    fn a_visit_ends_with_its_outcome() {
        let (_bench, agent) = agent();
        let number = agent.save(&with_proof(), None).unwrap().number;
        let visit = agent.visit_of_request(&number).unwrap().unwrap();
        assert!(agent.end_visit(&visit.record, "partly_done", " ").is_err(), "what was not done is wanted");
        assert!(agent.end_visit(&visit.record, "burnt", "").is_err());
        assert!(agent.end_visit("нема", "done", "").is_err());
        assert!(agent.end_visit(&visit.record, "partly_done", "немає довідки").unwrap());
        let partly = agent.visit_of_request(&number).unwrap().unwrap();
        assert_eq!((partly.outcome.uk.as_str(), partly.why.as_str()), ("виконано частково", "немає довідки"));
        assert!(agent.end_visit(&visit.record, "done", "").unwrap());
        assert!(agent.end_visit(&visit.record, "done", "").is_err(), "it is over");
        let joined = agent.save(&with_proof(), None).unwrap();
        assert_eq!(agent.visit_of_request(&joined.number).unwrap().unwrap().record, visit.record);
    }

    #[test]
    fn an_organisation_is_visited_too() {
        let (_bench, agent) = agent();
        let mut form = sample_form();
        form.fields.retain(|key, _| !key.starts_with("a."));
        form.fields.insert("a.orgname".into(), "ФГ «Поле»".into());
        form.fields.insert("a.edrpou".into(), "32855961".into());
        let number = agent.save(&form, None).unwrap().number;
        let visit = agent.visit_of_request(&number).unwrap().unwrap();
        assert_eq!(visit.name, "ФГ «Поле»");
        let again = agent.save(&form, None).unwrap().number;
        assert_eq!(agent.visit_of_request(&again).unwrap().unwrap().record, visit.record);
    }
}
