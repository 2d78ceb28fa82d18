//! One request as a page shows it: fields, papers, what happened and when that is proved, where it is.

use super::agent::HUB;
use super::conflicts::Conflict;
use super::list::StateName;
use super::{Agent, AppError};
use chain::Register;
use peer::{PeerError, Provenance, RecordRow, View, Whereabout};
use records::PaperForm;
use records::schema::{self, Kind};
use records::state::{Fate, Ignored, LoggedEvent, RequestCode, RequestState, Steps, UNDO_WITHIN, side};
use records::view::RequestView;
use serde::Serialize;
use std::collections::BTreeSet;

/// Where something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// «Тут»: on this suitcase only.
    Here,
    /// «У дорозі»: the hub holds it, the centre has not opened it yet.
    OnTheWay,
    /// «У центрі».
    AtCentre,
}

impl Where {
    pub(super) fn of_row(view: &View<'_>, row: &RecordRow) -> Result<Self, PeerError> {
        // Nothing of ours in it: it came from the centre.
        if row.own_seq == 0 {
            return Ok(Self::AtCentre);
        }
        Ok(match view.whereabout(row.own_seq, HUB)? {
            Whereabout::Here => Self::Here,
            Whereabout::OnTheWay => Self::OnTheWay,
            Whereabout::AtCentre => Self::AtCentre,
        })
    }

    /// The same as the store says it.
    pub(super) const fn whereabout(self) -> Whereabout {
        match self {
            Self::Here => Whereabout::Here,
            Self::OnTheWay => Whereabout::OnTheWay,
            Self::AtCentre => Whereabout::AtCentre,
        }
    }

    /// In words, Ukrainian and English.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Here => ("тут", "here"),
            Self::OnTheWay => ("у дорозі", "on the way"),
            Self::AtCentre => ("у центрі", "at the centre"),
        }
    }
}

/// Everything about one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestPage {
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
    /// Where the newest own entry about it is.
    pub place: Where,
    /// Applicant.
    pub applicant: String,
    /// The applicant's resident record; may be empty.
    pub resident: String,
    /// Slug of the service.
    pub service: String,
    /// The service's name on that day.
    pub service_name: String,
    /// When it was submitted, device time, ms since 1970.
    pub submitted: i64,
    /// The clock was obviously wrong then.
    pub wrong_clock: bool,
    /// «Передати до», `YYYY-MM-DD`.
    pub handover_due: String,
    /// Control date, `YYYY-MM-DD`.
    pub due: String,
    /// Who recorded it.
    pub officer: String,
    /// Fields that are filled, answers included, in the order of the schema.
    pub fields: Vec<FieldRow>,
    /// Papers.
    pub papers: Vec<PaperRow>,
    /// Where a person has to choose.
    pub conflicts: Vec<Conflict>,
    /// Notes by time.
    pub notes: Vec<NoteRow>,
    /// What happened, in the order in which it counts.
    pub happened: Vec<HappenedRow>,
    /// How often the опис was printed.
    pub prints: usize,
    /// Why the centre set entries about it aside; empty if it took all.
    pub set_aside: Vec<String>,
    /// Fields may be corrected.
    pub can_correct: bool,
    /// The applicant may withdraw it.
    pub can_withdraw: bool,
    /// The centre asked for something: it may be brought.
    pub can_supplement: bool,
    /// The result may be handed over.
    pub can_deliver: bool,
    /// The officer's own last step, while it may be taken back.
    pub undo: Option<Undoable>,
    /// Decisions that people took without seeing each other's.
    pub contests: Vec<Contested>,
}

/// A step that may still be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undoable {
    /// The event, for [`Agent::undo`].
    pub event: String,
    /// What happened, in Ukrainian.
    pub uk: String,
    /// In English.
    pub en: String,
    /// Until when, device time, ms since 1970.
    pub until: i64,
}

/// Decisions that stand against each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contested {
    /// The one that stands for now: Ukrainian and English.
    pub standing: (String, String),
    /// The others.
    pub others: Vec<(String, String)>,
    /// The centre has chosen.
    pub settled: bool,
}

/// One filled field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldRow {
    /// Its key.
    pub key: String,
    /// Label in Ukrainian.
    pub uk: String,
    /// Label in English.
    pub en: String,
    /// What stands, as people read it.
    pub value: String,
    /// What stands, as it is written in the record.
    pub written: String,
}

/// One paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperRow {
    /// Key within the service.
    pub id: String,
    /// Name, as it was written down.
    pub name: String,
    /// Name in English, by the catalogue of the request; the same where it has none.
    pub name_en: String,
    /// Series, number, date.
    pub details: String,
    /// `original`, `copy`, `scan` or nothing.
    pub form: String,
    /// Sheets.
    pub sheets: u16,
    /// The original was seen.
    pub seen: bool,
    /// Given back at once.
    pub returned: bool,
}

/// One note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteRow {
    /// Names it.
    pub id: String,
    /// Device time, ms since 1970.
    pub at: i64,
    /// Login.
    pub by: String,
    /// The text.
    pub text: String,
    /// Struck out.
    pub withdrawn: bool,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HappenedRow {
    /// Names it.
    pub id: String,
    /// Code.
    pub code: String,
    /// What happened, in Ukrainian.
    pub uk: String,
    /// In English.
    pub en: String,
    /// Device time, ms since 1970.
    pub at: i64,
    /// Not before this time, proved by an anchor of the hub, ms since 1970.
    pub not_before: Option<i64>,
    /// Proved not to be later than this, ms since 1970, if an anchor covers it.
    pub not_after: Option<i64>,
    /// Login.
    pub by: String,
    /// By the centre.
    pub by_centre: bool,
    /// Where it was written, in Ukrainian: «центр», «валіза 7».
    pub place_uk: String,
    /// In English.
    pub place_en: String,
    /// Its author took it back.
    pub taken_back: bool,
    /// Written without seeing what somebody else wrote meanwhile; both were kept.
    pub concurrent: bool,
    /// What it is about: a number, keys of fields. May be empty.
    pub about: String,
    /// The same in words, by the release of the request; in Ukrainian.
    pub about_uk: String,
    /// In English.
    pub about_en: String,
    /// Why. May be empty.
    pub reason: String,
    /// It changes nothing: another decision stands, or it was not possible.
    pub ignored: bool,
}

impl Agent {
    /// A request by its number on the опис, its journal number or its record.
    pub fn request(&self, number: &str) -> Result<RequestPage, AppError> {
        let (row, document, view) = self.find_view(number)?;
        let register = self.peer.register()?;
        let all = self.peer.own_exceptions()?;
        let (place, provenance, exceptions) = self.peer.read(|reader| {
            let mut about = Vec::new();
            for (chain, exception) in all {
                if reader.record_of(chain, exception.seq)? == Some(row.record) {
                    about.push(exception.sentence);
                }
            }
            Ok((Where::of_row(reader, &row)?, reader.provenance(row.record)?, about))
        })?;
        let state = view.state();
        let may = |code: RequestCode| state.step(code).is_some();
        let log = Log {
            register: &register,
            provenance: &provenance,
            concurrent: view.concurrent_events(&document),
            agent: self,
            view: &view,
        };
        Ok(RequestPage {
            record: row.record.to_string(),
            number: view.number.clone(),
            official: view.official.text().to_owned(),
            state: state.text().to_owned(),
            state_name: StateName::of(state.text()),
            place,
            applicant: row.title,
            resident: view.applicant.resident.text().to_owned(),
            service: view.service.text().to_owned(),
            service_name: view.service_name.text().to_owned(),
            submitted: view.submitted_at,
            wrong_clock: row.flags & RecordRow::CLOCK != 0,
            handover_due: view.handover_due.text().to_owned(),
            due: view.due.text().to_owned(),
            officer: view.officer.clone(),
            fields: self.filled(&view),
            papers: view.papers().map(|(id, paper)| self.paper_row(&view, id, paper)).collect(),
            conflicts: self.conflicts_of(&view, &register, &provenance)?,
            notes: notes(&view),
            happened: view.log.events.iter().map(|event| log.row(event)).collect(),
            prints: view.prints.len(),
            set_aside: exceptions,
            can_correct: !state.is_closed(),
            can_withdraw: may(RequestCode::Withdrawn),
            can_supplement: may(RequestCode::Supplemented),
            can_deliver: may(RequestCode::Delivered),
            undo: self.undoable(&view),
            contests: contests(&view),
        })
    }

    /// The last step, if nobody went on from it, it is this officer's own and fresh. All of it is looked at again when
    /// it is taken back.
    fn undoable(&self, view: &RequestView) -> Option<Undoable> {
        let step = view.log.last_step()?;
        let age = self.now().0.saturating_sub(step.event.at);
        let own = !step.by_desk && step.event.by == self.officer();
        if !own || !(0..=UNDO_WITHIN).contains(&age) {
            return None;
        }
        let (uk, en) = words(&step.event.code);
        Some(Undoable { event: step.id.clone(), uk, en, until: step.event.at.saturating_add(UNDO_WITHIN) })
    }

    fn paper_row(&self, view: &RequestView, id: &str, paper: records::Paper) -> PaperRow {
        let form = match paper.form {
            PaperForm::Original => "original",
            PaperForm::Copy => "copy",
            PaperForm::Scan => "scan",
            PaperForm::Unknown => "",
        };
        let service = self.catalogue_kept(view).service(view.service.text());
        let known = service.and_then(|service| service.papers.iter().find(|known| known.id == id));
        PaperRow {
            id: id.to_owned(),
            name_en: known.map_or_else(|| paper.name.clone(), |known| known.name.en.clone()),
            name: paper.name,
            details: paper.details,
            form: form.to_owned(),
            sheets: paper.sheets,
            seen: paper.seen,
            returned: paper.returned,
        }
    }

    /// Filled fields that people typed; those that the page shows elsewhere are left out.
    fn filled(&self, view: &RequestView) -> Vec<FieldRow> {
        let elsewhere = ["v", "id", "created", "number", "official", "service", "service_name", "officer"];
        let place = |key: &str| schema::table(Kind::Request).position(|f| Some(f.key_pattern()) == pattern(key));
        let mut found: Vec<(Option<usize>, FieldRow)> = Vec::new();
        for (key, register) in view.registers.iter() {
            let log = key.contains('/') || key.starts_with("d.");
            let Some(value) = register.value().filter(|value| !value.is_empty()) else { continue };
            if log || elsewhere.contains(&key) {
                continue;
            }
            let (uk, en) = self.label(self.catalogue_kept(view), view.service.text(), key);
            let (value, written) = (self.shown(view, key, value), value.to_string());
            found.push((place(key), FieldRow { key: key.to_owned(), uk, en, value, written }));
        }
        found.sort_by(|a, b| (a.0, &a.1.key).cmp(&(b.0, &b.1.key)));
        found.into_iter().map(|(_, row)| row).collect()
    }
}

/// The table's pattern that a key falls under.
fn pattern(key: &str) -> Option<String> {
    schema::field(Kind::Request, key).map(schema::Field::key_pattern)
}

fn notes(view: &RequestView) -> Vec<NoteRow> {
    let row = |note: &records::view::Note| NoteRow {
        id: note.id.clone(),
        at: note.at,
        by: note.by.clone(),
        text: note.text.clone(),
        withdrawn: note.withdrawn,
    };
    view.notes.iter().map(row).collect()
}

/// What is known about the events of one request beside what they say themselves.
struct Log<'a> {
    register: &'a Register,
    provenance: &'a [Provenance],
    concurrent: BTreeSet<String>,
    agent: &'a Agent,
    view: &'a RequestView,
}

impl Log<'_> {
    fn row(&self, logged: &LoggedEvent<RequestState>) -> HappenedRow {
        let event = &logged.event;
        let (uk, en) = words(&event.code);
        let about = self.agent.about_in_words(self.view, &event.about);
        let proof = self.provenance.iter().find(|proof| {
            proof.at == event.at && proof.officer == event.by && self.register.is_case(proof.chain) == logged.by_desk
        });
        let (place_uk, place_en) = match proof {
            Some(proof) => self.agent.author_by_number(self.register, proof.chain),
            None if logged.by_desk => ("центр".to_owned(), "the centre".to_owned()),
            None => ("валіза".to_owned(), "suitcase".to_owned()),
        };
        HappenedRow {
            id: logged.id.clone(),
            code: event.code.clone(),
            uk,
            en,
            at: event.at,
            not_before: proof.and_then(|proof| proof.not_before),
            not_after: proof.and_then(|proof| proof.not_after),
            by: event.by.clone(),
            by_centre: logged.by_desk,
            place_uk,
            place_en,
            taken_back: logged.fate == Fate::Ignored(Ignored::TakenBack),
            concurrent: self.concurrent.contains(&logged.id),
            about: event.about.clone(),
            about_uk: about.uk,
            about_en: about.en,
            reason: event.reason.clone(),
            ignored: matches!(logged.fate, Fate::Ignored(_)),
        }
    }
}

fn contests(view: &RequestView) -> Vec<Contested> {
    let said = |id: &String| {
        let logged = view.log.events.iter().find(|logged| logged.id == *id);
        logged.map_or_else(|| (id.clone(), id.clone()), |logged| words(&logged.event.code))
    };
    let row = |contest: &records::state::Contest| Contested {
        standing: said(&contest.standing),
        others: contest.others.iter().map(said).collect(),
        settled: contest.settled,
    };
    view.log.contests.iter().map(row).collect()
}

/// What a code of an event says.
fn words(code: &str) -> (String, String) {
    let (uk, en) = match code {
        side::RESOLVED => ("розбіжність розв’язано", "a difference was resolved"),
        side::SETTLED => ("обрано одне з рішень", "one of the decisions was chosen"),
        side::CORRECTED => ("виправлено", "corrected"),
        side::UNDONE => ("попередню дію скасовано", "the step before was taken back"),
        "reopened" => ("відкрито знову", "taken up again"),
        "claimed" => ("взяв працівник центру", "taken by a clerk"),
        "released" => ("працівник центру віддав", "given back by the clerk"),
        "notified" => ("заявника повідомлено", "the applicant was told"),
        "prolonged" => ("строк продовжено", "the term was prolonged"),
        "not_duplicate" => ("визнано окремим від схожого", "found to be another than its look-alike"),
        "stamped" => ("позначка листа проходження", "a mark of the routing sheet"),
        other => match RequestState::from_text(other) {
            Some(state) => state.label(),
            None => (other, other),
        },
    };
    (uk.to_owned(), en.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{NOON, agent, sample_form};

    #[test]
    fn what_clerks_do_is_told_in_words() {
        for code in ["claimed", "released", "notified", "prolonged", "not_duplicate", "stamped", "reopened"] {
            let (uk, en) = words(code);
            assert!(uk != code && en != code, "{code}");
        }
    }

    #[test]
    fn a_page_has_labels_names_and_the_first_event() {
        let (_bench, agent) = agent();
        let saved = agent.save(&sample_form(), None).unwrap();
        let page = agent.request(&saved.number).unwrap();
        let field = |key: &str| page.fields.iter().find(|row| row.key == key).unwrap();
        assert_eq!(field("a.last").value, "Коваленко");
        assert_eq!((field("a.doc").value.as_str(), field("a.doc").written.as_str()), ("паспорт-книжечка", "passport"));
        assert_eq!((field("delivery").value.as_str(), field("a.sex").value.as_str()), ("удома", "жіноча"));
        assert_eq!(field("submitted").value, "21.11.2026 12:00");
        assert_eq!(field("f.payout").value, "поштове відділення");
        assert_eq!(field("f.household.1.surname").uk, "Члени домогосподарства 1: Прізвище");
        assert!(field("pr.kat").value.contains("область"), "{}", field("pr.kat").value);
        assert_eq!(page.papers.len(), 3);
        assert_eq!((page.place, page.state.as_str()), (Where::Here, "accepted"));
        assert_eq!(page.happened.len(), 1);
        assert_eq!((page.happened[0].at, page.happened[0].not_after), (NOON.0, None));
        assert!(page.can_correct && page.can_withdraw && !page.can_supplement && !page.can_deliver);
    }
}
