//! One request as the centre sees it: what it says, what happened, who wrote what when, what can be done now.

use super::accounts::Rank;
use super::{Desk, DeskError};
use crate::store;
use ids::{ChainId, RecordId};
use peer::Provenance;
use records::state::{Fate, Ignored, RequestCode, RequestState, Steps};
use records::view::RequestView;
use records::{Sentence, Value};

/// What may be done with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its name: `accept`, `number`, `hand_over`, `consider`, `ask`, `supplement`, `refuse`, `ready`, `notify`,
    /// `handed_over`, `prolong`, `withdraw`, `duplicate`, `reopen`, `claim`, `release`, `fee`, `note`.
    pub name: &'static str,
    /// `None` if it may be done now; else why not.
    pub hindrance: Option<Sentence>,
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MomentKind {
    /// It led to this state.
    State(RequestState),
    /// A correction, a resolution.
    Side,
    /// It was written and has no effect.
    Ignored(Ignored),
    /// A note.
    Note,
    /// The опис was printed.
    Printed,
}

/// One thing that happened, with what proves when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// What kind.
    pub kind: MomentKind,
    /// The event's code; `note` and `printed` for those.
    pub code: String,
    /// The event's id; empty for others.
    pub id: String,
    /// The author's device time, ms since 1970.
    pub at: i64,
    /// Not before this time: when its author had last heard of the centre, ms since 1970.
    pub not_before: Option<i64>,
    /// Not after this time: when a chain with it was held at the centre, ms since 1970.
    pub not_after: Option<i64>,
    /// Login of the author, as its device states it.
    pub by: String,
    /// From which suitcase; `None` for the centre.
    pub suitcase: Option<u16>,
    /// What it is about: a number, a field, a provider; may be empty.
    pub about: String,
    /// Reason, ground or text; may be empty.
    pub text: String,
    /// A note that was struck out.
    pub withdrawn: bool,
}

/// One value among several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceValue {
    /// What [`super::Answer::Resolve`] names it by, see [`Value::mark`].
    pub mark: String,
    /// As text.
    pub text: String,
    /// From which suitcase; `None` for the centre.
    pub suitcase: Option<u16>,
    /// The author's device time, ms since 1970.
    pub at: i64,
    /// Login of the author; empty if that is not known.
    pub by: String,
}

/// A field in which a person has to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChoice {
    /// The field, as [`super::Answer::Resolve`] names it.
    pub key: String,
    /// Its label, Ukrainian and English.
    pub label: (&'static str, &'static str),
    /// All values, the one that stands first.
    pub values: Vec<ChoiceValue>,
    /// The others were written after a decision.
    pub is_proposal: bool,
}

/// Decisions taken without seeing each other, of which nobody has chosen one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContestedDecision {
    /// Ids of the events, the one that stands for now first.
    pub events: Vec<String>,
}

/// A step that its author may take back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoable {
    /// The event's id.
    pub event: String,
    /// Until then, ms since 1970.
    pub until: i64,
}

/// A request's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPage {
    /// The record.
    pub record: RecordId,
    /// Everything it says, by field.
    pub view: RequestView,
    /// The service's name in the catalogue, Ukrainian and English; as recorded if it is not in there.
    pub service_name: (String, String),
    /// «Передати до», `YYYY-MM-DD`.
    pub handover_due: String,
    /// Which suitcase took it; `None` for the centre.
    pub suitcase: Option<u16>,
    /// When the newest entry of that suitcase arrived, ms since 1970.
    pub suitcase_heard_at: Option<i64>,
    /// What happened, by time.
    pub timeline: Vec<Moment>,
    /// Where a person has to choose.
    pub choices: Vec<PersonChoice>,
    /// Where a person has to choose among decisions.
    pub contested: Vec<ContestedDecision>,
    /// What may be done.
    pub actions: Vec<Action>,
    /// Numbers of the suitcases that may read and write it.
    pub shared_with: Vec<u16>,
    /// Which clerk has it: login and since when, ms since 1970.
    pub holder: Option<(String, i64)>,
    /// The own last step, while it may be taken back.
    pub undo: Option<Undoable>,
    /// Undecided requests that look the same.
    pub alike: usize,
}

const STEPS: [(&str, RequestCode); 10] = [
    ("number", RequestCode::Registered),
    ("accept", RequestCode::InWork),
    ("hand_over", RequestCode::HandedOver),
    ("ask", RequestCode::Asked),
    ("supplement", RequestCode::Supplemented),
    ("ready", RequestCode::Ready),
    ("refuse", RequestCode::Refused),
    ("handed_over", RequestCode::Delivered),
    ("withdraw", RequestCode::Withdrawn),
    ("reopen", RequestCode::Reopened),
];

impl Desk {
    /// The page of the request with this number.
    pub fn request(&self, by: &str, number: &str) -> Result<RequestPage, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let record = self.request_of(number)?;
        let view = self.view_of(record)?;
        let register = self.peer.register()?;
        let number_of = |chain| Self::number_of(&register, chain);
        let (proofs, creator, heard, writers, alike) = self.peer.read(|store_view| {
            let proofs = self.proofs(store_view, record)?;
            let creator = store_view.row(record)?.map(|row| row.creator);
            let heard = creator.map(|chain| store::newest_arrival(store_view.connection(), chain)).transpose()?;
            let alike = store_view.look_alikes(record)?.len();
            Ok((proofs, creator, heard.flatten(), store_view.writers(record)?, alike))
        })?;
        let service_name = self.service_name(view.service.text(), view.service_name.text());
        let mut shared_with: Vec<u16> = writers.into_iter().filter_map(number_of).collect();
        shared_with.sort_unstable();
        shared_with.dedup();
        Ok(RequestPage {
            record,
            service_name,
            handover_due: self.handover_due(view.submitted_at),
            suitcase: creator.and_then(number_of),
            suitcase_heard_at: heard.map(|(_, at)| at),
            timeline: timeline(&view, &proofs, &number_of),
            choices: choices(&view, &proofs, &number_of),
            contested: contested(&view),
            actions: actions(&view, by),
            shared_with,
            holder: view.holder().map(|claim| (claim.by, claim.at)),
            undo: undoable(&view, by, self.now().0),
            alike,
            view,
        })
    }

    /// Where each change of a record comes from; times at which suitcases' changes were held come from the arrivals.
    fn proofs(&self, view: &peer::View<'_>, record: RecordId) -> Result<Vec<Provenance>, peer::PeerError> {
        let mut proofs = view.provenance(record)?;
        for proof in &mut proofs {
            if proof.not_after.is_none() {
                proof.not_after = store::arrival_of(view.connection(), proof.chain, proof.seq)?;
            }
        }
        Ok(proofs)
    }
}

/// The change that a chain made at a device time.
fn proof_of(proofs: &[Provenance], chain: ChainId, at: i64) -> Option<&Provenance> {
    proofs.iter().find(|proof| proof.chain == chain && proof.at == at)
}

fn timeline(view: &RequestView, proofs: &[Provenance], number_of: &dyn Fn(ChainId) -> Option<u16>) -> Vec<Moment> {
    let author = |key: &str| view.registers.get(key).and_then(|register| register.values.first()).map(|w| (w.by, w.at));
    let moment = |kind, code: &str, key: &str, at| {
        let author = author(key);
        let proof = author.and_then(|(chain, at)| proof_of(proofs, chain, at));
        let not_after = proof.and_then(|proof| proof.not_after);
        let not_before = proof.and_then(|proof| proof.not_before);
        Moment {
            kind,
            code: code.to_owned(),
            id: String::new(),
            at,
            not_before,
            not_after,
            by: String::new(),
            suitcase: author.and_then(|(chain, _)| number_of(chain)),
            about: String::new(),
            text: String::new(),
            withdrawn: false,
        }
    };
    let mut all = Vec::new();
    for logged in &view.log.events {
        let kind = match logged.fate {
            Fate::Led(state) => MomentKind::State(state),
            Fate::Side => MomentKind::Side,
            Fate::Ignored(why) => MomentKind::Ignored(why),
        };
        let event = &logged.event;
        let key = format!("e/{}", logged.id.split('#').next().unwrap_or_default());
        all.push(Moment {
            id: logged.id.clone(),
            by: event.by.clone(),
            about: event.about.clone(),
            text: event.reason.clone(),
            ..moment(kind, &event.code, &key, event.at)
        });
    }
    for note in &view.notes {
        let made = moment(MomentKind::Note, "note", &format!("n/{}", note.id), note.at);
        all.push(Moment { by: note.by.clone(), text: note.text.clone(), withdrawn: note.withdrawn, ..made });
    }
    for print in &view.prints {
        let key = print_key(view, print);
        all.push(Moment { by: print.by.clone(), ..moment(MomentKind::Printed, "printed", &key, print.at) });
    }
    all.sort_by_key(|moment| moment.at);
    all
}

/// Under which key a printing stands: whose change wrote it says where the опис was printed.
fn print_key(view: &RequestView, print: &records::view::Print) -> String {
    let at = print.at.to_string();
    let tells = |text: &str| text.starts_with(&at) && text.ends_with(&print.by);
    let written = |register: &records::view::Register| {
        register.values.iter().any(|written| written.value.as_text().is_some_and(tells))
    };
    let found = view.registers.family("p/").find(|(_, register)| written(register));
    found.map(|(id, _)| format!("p/{id}")).unwrap_or_default()
}

/// A scalar as people read it; its meaning is the page's.
pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Bool(true) => "так".to_owned(),
        Value::Bool(false) => "ні".to_owned(),
    }
}

fn choices(view: &RequestView, proofs: &[Provenance], number_of: &dyn Fn(ChainId) -> Option<u16>) -> Vec<PersonChoice> {
    let value = |written: &records::document::Written| ChoiceValue {
        mark: written.value.mark(),
        text: as_text(&written.value),
        suitcase: number_of(written.by),
        at: written.at,
        by: proof_of(proofs, written.by, written.at).map(|proof| proof.officer.clone()).unwrap_or_default(),
    };
    let choice = |difference: &records::view::Difference| PersonChoice {
        key: difference.key.clone(),
        label: (difference.uk, difference.en),
        values: difference.values.iter().map(value).collect(),
        is_proposal: difference.is_proposal,
    };
    view.differences.iter().map(choice).collect()
}

fn contested(view: &RequestView) -> Vec<ContestedDecision> {
    let events = |contest: &records::state::Contest| {
        std::iter::once(contest.standing.clone()).chain(contest.others.iter().cloned()).collect()
    };
    view.log.open_contests().map(|contest| ContestedDecision { events: events(contest) }).collect()
}

fn actions(view: &RequestView, by: &str) -> Vec<Action> {
    let state = view.state();
    let mut all: Vec<Action> = STEPS
        .into_iter()
        .map(|(name, code)| {
            let numbered = code == RequestCode::Registered && !view.official.text().is_empty();
            let hindrance = if numbered {
                Some(Sentence::new("номер у журналі вже є", "there is a journal number already"))
            } else {
                state.step(code).is_none().then(|| not_from(state))
            };
            Action { name, hindrance }
        })
        .collect();
    let when = |wrong: bool, uk: &'static str, en: &'static str| wrong.then(|| Sentence::new(uk, en));
    let holder = view.holder();
    let claim = match &holder {
        Some(claim) if claim.by == by => Some(Sentence::new("ви вже взяли його", "you have it already")),
        Some(claim) => Some(Sentence::new(format!("взяв «{}»", claim.by), format!("«{}» has it", claim.by))),
        None => state.is_closed().then(|| not_from(state)),
    };
    let handed_over = view.stamp(records::StampKind::HandOver).is_some();
    all.extend([
        Action { name: "duplicate", hindrance: state.step(RequestCode::Duplicate).is_none().then(|| not_from(state)) },
        Action { name: "claim", hindrance: claim },
        Action {
            name: "release", hindrance: when(holder.is_none(), "його ніхто не взяв", "nobody has it")
        },
        Action {
            name: "consider",
            hindrance: when(!handed_over, "надавачеві ще не передано", "it was not handed over to the provider"),
        },
        Action { name: "notify", hindrance: None },
        Action { name: "prolong", hindrance: state.is_decided().then(|| not_from(state)) },
        Action {
            name: "fee",
            hindrance: if state.is_closed() {
                Some(not_from(state))
            } else {
                when(
                    view.fee.differs(),
                    "про плату записано різне: оберіть серед записаного",
                    "people wrote different fees: choose among them",
                )
            },
        },
        Action { name: "note", hindrance: None },
    ]);
    all
}

/// The last step, if `by` may take it back now: what the command asks, the button asks.
fn undoable(view: &RequestView, by: &str, now: i64) -> Option<Undoable> {
    let last = view.log.last_step().filter(|last| last.by_desk && last.event.by == by)?;
    let until = last.event.at.saturating_add(records::state::UNDO_WITHIN);
    (last.event.at..=until).contains(&now).then(|| Undoable { event: last.id.clone(), until })
}

fn not_from(state: RequestState) -> Sentence {
    let (uk, en) = state.label();
    Sentence::new(format!("неможливо, доки стан «{uk}»"), format!("not while the state is «{en}»"))
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, testing};
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_was_printed_on_a_suitcase_was_not_printed_at_the_centre() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        suitcase.print(&number);
        town.carry_up(&suitcase);
        let page = town.desk.request("admin", &number).unwrap();
        let printed: Vec<_> = page.timeline.iter().filter(|moment| moment.kind == MomentKind::Printed).collect();
        assert_eq!((printed.len(), printed[0].suitcase), (1, Some(7)));
    }

    #[test]
    fn a_page_tells_who_wrote_what_and_when_that_was_at_the_latest() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        let taken = town.clock_now();
        town.clock.advance(Duration::from_secs(3600));
        town.carry_up(&suitcase);
        town.desk.answer("admin", &number, Answer::Accept).unwrap();
        town.desk.answer("admin", &number, Answer::Note { text: "подзвонити".into() }).unwrap();
        let page = town.desk.request("admin", &number).unwrap();
        assert_eq!(page.suitcase, Some(7));
        assert_eq!(page.suitcase_heard_at, Some(town.clock_now()));
        let first = &page.timeline[0];
        assert_eq!((first.kind, first.suitcase), (MomentKind::State(RequestState::Accepted), Some(7)));
        assert_eq!((first.at, first.not_after), (taken, Some(taken + 3_600_000)));
        assert_eq!(first.by, "olena");
        let last = page.timeline.last().unwrap();
        assert_eq!((last.kind, last.text.as_str(), last.suitcase), (MomentKind::Note, "подзвонити", None));
        let hindrance = |name| page.actions.iter().find(|action| action.name == name).unwrap().hindrance.clone();
        assert_eq!(hindrance("refuse"), None);
        assert!(hindrance("accept").unwrap().uk.contains("у роботі"));
        assert!(hindrance("handed_over").is_some());
    }

    #[test]
    fn two_values_are_shown_resolved_once_and_gone_on_both_sides() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        suitcase.correct(&number, "phone", "+380671112233");
        town.desk.correct_for_test(&number, "phone", "+380501112233");
        town.carry_up(&suitcase);
        let page = town.desk.request("admin", &number).unwrap();
        assert_eq!(page.choices.len(), 1);
        let place = page.choices[0].values.iter().position(|value| value.suitcase == Some(7)).unwrap();
        assert_eq!(page.choices[0].values[place].text, "+380671112233");
        let foreign = Value::Text("+380991112233".into()).mark();
        for choice in [place.to_string(), foreign] {
            let wrong = Answer::Resolve { key: "phone".into(), choice, reason: "перепитали".into() };
            assert!(town.desk.answer("admin", &number, wrong).is_err());
        }
        let typed =
            Answer::ResolveOther { key: "phone".into(), text: "12".into(), reason: "перепитали".into() };
        assert!(town.desk.answer("admin", &number, typed).is_err(), "no telephone");
        let choice = page.choices[0].values[place].mark.clone();
        let choose = Answer::Resolve { key: "phone".into(), choice, reason: "перепитали".into() };
        town.desk.answer("admin", &number, choose.clone()).unwrap();
        assert!(town.desk.request("admin", &number).unwrap().choices.is_empty());
        assert!(town.desk.answer("admin", &number, choose).is_err());
        town.carry_down(&suitcase);
        assert_eq!(suitcase.view(&number).phone.text(), "+380671112233");
        assert!(suitcase.view(&number).differences.is_empty());
    }
}
