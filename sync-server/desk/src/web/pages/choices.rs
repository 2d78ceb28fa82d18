//! Where people differ: a person chooses, and says why.

use super::super::ask::{Answer, Ask, Section, said, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Part, facts, held, parts, request};
use crate::app::{Answer as Decision, CasePage, DeskError, ErrorKind, How};
use ::pages::{Conflict, ConflictSide, Texts, address};
use axum::http::StatusCode;

/// The values of a field side by side.
pub(crate) async fn difference(ask: Ask) -> Answer {
    show_difference(&ask, &Typed::default(), None).await
}

async fn show_difference(ask: &Ask, typed: &Typed, error: Option<DeskError>) -> Answer {
    let (number, key) = (ask.param("number"), ask.param("key"));
    let wanted = number.clone();
    let case = ask.get(move |desk, by| desk.case(by, &wanted, How::Compared)).await?;
    let t = ask.t;
    let Some(fact) = case.differing.iter().find(|fact| fact.key == key) else {
        // Somebody chose meanwhile: the request says what stands.
        return Ok(go_to(&facts::request_address(&number)));
    };
    let sides = fact.differing.iter().map(|shown| ConflictSide {
        id: shown.mark.clone(),
        value: facts::value(t, &shown.value),
        who: facts::person(&case, &shown.by, shown.suitcase),
        when: facts::moment(t, shown.at),
        place: facts::place(t, shown.suitcase),
    });
    let mut conflict = conflict(t, said(t, &fact.label.0, &fact.label.1), &ask.path, sides.collect(), typed, &error);
    // People may both be wrong.
    conflict.other_allowed = true;
    conflict.other = typed.get("value");
    let intro = t.text(if fact.is_proposal { "proposal-intro" } else { "difference-intro" });
    respond(ask, &case, "choose-value", intro, conflict, error).await
}

/// The choice.
pub(crate) async fn resolve(ask: Ask, typed: Typed) -> Answer {
    let (number, key, reason) = (ask.param("number"), ask.param("key"), typed.get("reason"));
    let (chosen, despite) = (typed.get("take"), typed.get(held::DESPITE));
    let answer = match chosen.as_str() {
        _ if reason.is_empty() => None,
        "" => None,
        "other" => Some(Decision::ResolveOther { key, text: typed.get("value"), reason }),
        _ => Some(Decision::Resolve { key, choice: chosen, reason }),
    };
    let done = match answer {
        Some(answer) => ask.work(move |desk, by| desk.answer_despite(by, &number, answer, &despite)).await,
        None => Err(incomplete()),
    };
    match done {
        Ok(_) => Ok(go_to(&address::with(&facts::request_address(&ask.param("number")), "done", "resolve"))),
        Err(error) if error.kind == ErrorKind::Held => held::asked(&ask, &ask.param("number"), &typed).await,
        Err(error) => show_difference(&ask, &typed, Some(error)).await,
    }
}

/// Decisions that were taken without seeing each other, side by side.
pub(crate) async fn decision(ask: Ask) -> Answer {
    show_decision(&ask, &Typed::default(), None).await
}

async fn show_decision(ask: &Ask, typed: &Typed, error: Option<DeskError>) -> Answer {
    let (number, event) = (ask.param("number"), ask.param("event"));
    let wanted = number.clone();
    let case = ask.get(move |desk, by| desk.case(by, &wanted, How::Compared)).await?;
    let t = ask.t;
    let Some(contest) = case.page.contested.iter().find(|contest| contest.events.contains(&event)) else {
        return Ok(go_to(&facts::request_address(&number)));
    };
    let moments = contest.events.iter().filter_map(|id| case.page.timeline.iter().find(|moment| moment.id == *id));
    let sides = moments.map(|moment| {
        let event = request::event(t, &case, moment);
        let words: Vec<String> = std::iter::once(event.title).chain(event.details).collect();
        ConflictSide {
            id: moment.id.clone(),
            value: words.join(" · "),
            who: event.who,
            when: event.when,
            place: event.place,
        }
    });
    let conflict = conflict(t, t.text("decision"), &ask.path, sides.collect(), typed, &error);
    respond(ask, &case, "choose-decision", t.text("decision-intro"), conflict, error).await
}

/// The choice among decisions.
pub(crate) async fn settle(ask: Ask, typed: Typed) -> Answer {
    let (number, event, reason) = (ask.param("number"), typed.get("take"), typed.get("reason"));
    let done = if event.is_empty() || reason.is_empty() {
        Err(incomplete())
    } else {
        let (answer, despite) = (Decision::Settle { event, reason }, typed.get(held::DESPITE));
        ask.work(move |desk, by| desk.answer_despite(by, &number, answer, &despite)).await
    };
    match done {
        Ok(_) => Ok(go_to(&address::with(&facts::request_address(&ask.param("number")), "done", "resolve"))),
        Err(error) if error.kind == ErrorKind::Held => held::asked(&ask, &ask.param("number"), &typed).await,
        Err(error) => show_decision(&ask, &typed, Some(error)).await,
    }
}

fn conflict(
    t: Texts,
    field: String,
    to: &str,
    sides: Vec<ConflictSide>,
    typed: &Typed,
    error: &Option<DeskError>,
) -> Conflict {
    Conflict {
        t,
        field,
        to: to.to_owned(),
        sides,
        other_allowed: false,
        other: String::new(),
        reason: typed.get("reason"),
        error: error.as_ref().map(|error| sentence(t, error)).unwrap_or_default(),
    }
}

async fn respond(
    ask: &Ask,
    case: &CasePage,
    title: &str,
    intro: String,
    conflict: Conflict,
    error: Option<DeskError>,
) -> Answer {
    let t = ask.t;
    let number = &case.number;
    let mut page = ask.page(format!("{}: {number}", t.text(title)), Some(Section::Queue)).await;
    page.errors = error.as_ref().map(|error| ::pages::ErrorSummary::plain(t, sentence(t, error)));
    let back = Part::Link(facts::request_address(number), t.text("back-to-request"));
    let who = Part::Words(format!(
        "{} · {}",
        case.page.view.applicant.full_name(),
        said(t, &case.page.service_name.0, &case.page.service_name.1)
    ));
    let status = error.map_or(StatusCode::OK, |error| status_of(error.kind));
    Ok(parts(status, page, vec![who, Part::Words(intro), Part::Conflict(Box::new(conflict)), back]))
}

fn incomplete() -> DeskError {
    DeskError::refused("оберіть одне зі значень і напишіть, чому саме так", "choose one of the values and write why")
}
