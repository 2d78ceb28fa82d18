//! «Стерти дані особи»: what would go and what is in the way, the proposal, a second person's word, and what became of it.

use super::super::ask::{Answer, Ask, Section, said, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Form, Part, facts, parts, unread};
use crate::app::{Desk, DeskError, ErasurePlan, ErasureRow, ErasureState, Match, PersonalRecord, RequestState};
use ::pages::format::date_time;
use ::pages::{Cell, Column, ErrorSummary, Field, Notice, Row, SummaryGroup, SummaryList, Table, Texts, Tone};
use axum::http::StatusCode;
use clock::Time;
use ids::{ErasureId, RecordId};

/// All of them, the way to a new one, and the days.
pub(crate) async fn list(ask: Ask) -> Answer {
    listed(&ask, None).await
}

async fn listed(ask: &Ask, error: Option<DeskError>) -> Answer {
    let (rows, days) = ask.get(|desk, by| Ok((desk.erasures(by)?, desk.erasure_days()?))).await?;
    let t = ask.t;
    let mut page = ask.page(t.text("erasures"), Some(Section::Protection)).await;
    page.path = "/erasures".into();
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    if matches!(ask.query("done").as_str(), "propose" | "confirm" | "decline" | "days") {
        page.notices.push(Notice::new(Tone::Ok, t.text(&format!("erasure-done-{}", ask.query("done")))));
    }
    let columns = ["erasure-when", "erasure-what", "col-state", "erasure-reason"];
    let table = Table {
        t,
        caption: t.text("erasures"),
        quiet_caption: true,
        columns: columns.map(|key| Column::new(t.text(key))).into(),
        rows: rows.iter().map(|row| line(t, row)).collect(),
        empty: t.text("erasures-none"),
    };
    let find = Form {
        to: "/erasures/find".into(),
        fields: vec![Field::text(t, "what", t.text("erasure-find")).wide(40).hint(t.text("erasure-find-hint"))],
        button: t.text("erasure-look"),
        tone: "button-primary",
    };
    let set = Form {
        to: "/erasures/days".into(),
        fields: vec![
            Field::digits(t, "days", t.text("erasure-days"))
                .wide(4)
                .value(days.to_string())
                .hint(t.text("erasure-days-hint")),
        ],
        button: t.text("save"),
        tone: "",
    };
    let all = vec![
        Part::Words(t.text("erasures-words")),
        Part::Table(table),
        Part::Heading(t.text("erasure-new")),
        Part::Form(find),
        Part::Heading(t.text("erasure-days-title")),
        Part::Form(set),
        Part::Link("/protection".into(), t.text("to-protection")),
    ];
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

fn line(t: Texts, row: &ErasureRow) -> Row {
    let (by, at) = &row.proposal.proposed;
    Row {
        cells: vec![
            Cell::Link(format!("/erasures/{}", row.id), date_time(Time(*at))),
            Cell::Lines(t.count("erasure-records", row.proposal.records.len()), by.clone()),
            Cell::Text(state(t, row)),
            Cell::Text(row.proposal.reason.clone()),
        ],
        marked: row.state == ErasureState::Proposed,
    }
}

fn state(t: Texts, row: &ErasureRow) -> String {
    match row.state {
        ErasureState::Waiting(due) => t.with("erasure-waiting", "time", date_time(Time(due))),
        ErasureState::CarriedOut if !row.waits_for.is_empty() => t.text("erasure-carried-out-keys"),
        state => t.text(&format!("erasure-{}", state.text())),
    }
}

/// To the person of what was typed.
pub(crate) async fn find(ask: Ask, typed: Typed) -> Answer {
    let what = typed.get("what");
    let query = ::pages::address::encode(&what);
    match ask.work(move |desk, by| desk.erasure_plan(by, &what)).await {
        Ok(_) => Ok(go_to(&format!("/erasures/new?what={query}"))),
        Err(error) => listed(&ask, Some(error)).await,
    }
}

/// What would go, and the form of the proposal.
pub(crate) async fn plan(ask: Ask) -> Answer {
    let what = ask.query("what");
    if what.is_empty() {
        return Ok(go_to("/erasures"));
    }
    planned(&ask, what, &Typed::default(), None).await
}

async fn planned(ask: &Ask, what: String, typed: &Typed, error: Option<DeskError>) -> Answer {
    let asked = what.clone();
    let plan = ask.get(move |desk, by| desk.erasure_plan(by, &asked)).await?;
    let t = ask.t;
    let mut page = ask.page(t.with("erasure-of", "name", &plan.name), Some(Section::Protection)).await;
    page.path = "/erasures".into();
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let named: Vec<&PersonalRecord> = plan.records.iter().filter(|one| one.sure == Match::Named).collect();
    let open: Vec<String> =
        plan.records.iter().filter(|one| one.is_open() && one.sure != Match::Named).map(number).collect();
    let mut all = vec![Part::Words(t.text("erasure-plan-words"))];
    all.extend(unread::notice(t, "erasure-unread", &plan.unread).map(Part::Notice));
    if !open.is_empty() {
        all.push(Part::Notice(Notice::new(Tone::Wait, t.with("erasure-open", "numbers", open.join(", ")))));
    }
    all.push(Part::Form(Form {
        to: "/erasures".into(),
        fields: fields(t, &plan, typed, what, !open.is_empty()),
        button: t.text("erasure-propose"),
        tone: "button-stop",
    }));
    if !named.is_empty() {
        let lines = named.iter().map(|one| format!("{}: {}", kind(t, one.row.kind.name()), number(one)));
        all.push(Part::Heading(t.text("erasure-named")));
        all.push(Part::Words(t.text("erasure-named-words")));
        all.push(Part::Steps(lines.collect()));
    }
    all.push(Part::Link("/erasures".into(), t.text("erasures")));
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

fn fields(t: Texts, plan: &ErasurePlan, typed: &Typed, what: String, open: bool) -> Vec<Field> {
    let again = !typed.get("what").is_empty();
    let ticked = typed.names("record-");
    let tick = |one: &PersonalRecord| {
        let id = one.row.record.to_string();
        let on = if again { ticked.contains(&id) } else { one.sure == Match::Sure && !one.is_open() };
        let why = if one.sure == Match::Perhaps { t.text("erasure-perhaps") } else { String::new() };
        let label =
            format!("{} · {}{} · {}", kind(t, one.row.kind.name()), number(one), state_of(t, one), born(t, one));
        Field::check(t, format!("record-{id}"), label, on).own(name_and_place(one)).hint(why)
    };
    let mut fields = vec![Field::text(t, "what", t.text("erasure-find")).value(what)];
    fields.extend(plan.records.iter().filter(|one| one.sure != Match::Named).map(tick));
    fields.push(
        Field::lines(t, "reason", t.text("erasure-reason"))
            .hint(t.text("erasure-reason-hint"))
            .value(typed.get("reason")),
    );
    if open {
        fields.push(
            Field::text(t, "open", t.text("erasure-open-reason"))
                .hint(t.text("erasure-open-hint"))
                .value(typed.get("open"))
                .optional(),
        );
    }
    fields
}

/// By the name of a kind of record.
fn kind(t: Texts, name: &str) -> String {
    t.text(&format!("erasure-kind-{name}"))
}

/// When the person was born, as far as the record says.
fn born(t: Texts, one: &PersonalRecord) -> String {
    match one.marks.born.as_str() {
        "" => t.text("erasure-no-born"),
        born => t.with("erasure-born", "day", facts::day(born)),
    }
}

/// What else tells people of one name apart, as the record has it.
fn name_and_place(one: &PersonalRecord) -> String {
    let parts = [one.marks.name.as_str(), one.marks.settlement.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Where a request stands, in words; of others nothing.
fn state_of(t: Texts, one: &PersonalRecord) -> String {
    let state = RequestState::from_text(&one.row.state).filter(|_| one.row.kind.name() == "request");
    state.map_or_else(String::new, |state| format!(" · {}", said(t, state.label().0, state.label().1)))
}

/// The number on paper; of what has none the day it was made.
fn number(one: &PersonalRecord) -> String {
    one.row.number.clone().unwrap_or_else(|| date_time(Time(one.row.created)))
}

/// Proposes it.
pub(crate) async fn propose(ask: Ask, typed: Typed) -> Answer {
    let sent = typed.clone();
    let done = ask
        .work(move |desk, by| {
            let chosen: Vec<RecordId> = sent.names("record-").iter().filter_map(|id| id.parse().ok()).collect();
            if chosen.is_empty() {
                return Err(DeskError::refused("позначте, що стерти", "tick what is to be erased"));
            }
            desk.propose_erasure(by, &sent.get("what"), &chosen, &sent.get("reason"), &sent.get("open"))
        })
        .await;
    match done {
        Ok(id) => Ok(go_to(&format!("/erasures/{id}?done=propose"))),
        Err(error) => planned(&ask, typed.get("what"), &typed, Some(error)).await,
    }
}

fn id(ask: &Ask) -> Result<ErasureId, DeskError> {
    ask.param("id").parse().map_err(|_| no_such())
}

fn no_such() -> DeskError {
    DeskError::not_found(
        "такої пропозиції стерти дані немає: перегляньте перелік",
        "there is no such proposal to erase: look at the list",
    )
}

/// One of them, with the two answers.
pub(crate) async fn one(ask: Ask) -> Answer {
    shown(&ask, None).await
}

async fn shown(ask: &Ask, error: Option<DeskError>) -> Answer {
    let wanted = id(ask);
    let (row, holders, own) = ask
        .get(move |desk: &Desk, by: &str| {
            let wanted = wanted?;
            let row = desk.erasures(by)?.into_iter().find(|row| row.id == wanted).ok_or_else(no_such)?;
            let holders = desk.holders_of(&row.proposal.ids())?;
            let own = row.proposal.proposed.0 == by;
            Ok((row, holders, own))
        })
        .await?;
    let t = ask.t;
    let mut page = ask.page(t.text("erasure"), Some(Section::Protection)).await;
    page.path = "/erasures".into();
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    if ask.query("done") == "propose" {
        page.notices.push(Notice::new(Tone::Ok, t.text("erasure-done-propose")));
    }
    let mut all = vec![Part::Facts(SummaryList { t, groups: vec![decided(t, &row, &holders)] })];
    let lines = row.proposal.records.iter().map(|one| format!("{} {}", kind(t, one.kind.name()), one.number));
    all.extend([Part::Heading(t.text("erasure-what")), Part::Steps(lines.collect())]);
    if row.state == ErasureState::Proposed {
        all.push(Part::Heading(t.text("erasure-confirm-title")));
        if own {
            all.push(Part::Notice(Notice::new(Tone::Wait, t.text("erasure-own"))));
        } else {
            all.push(Part::Words(t.text("erasure-confirm-words")));
            all.push(Part::Form(Form {
                to: format!("/erasures/{}/confirm", row.id),
                fields: Vec::new(),
                button: t.text("erasure-confirm"),
                tone: "button-stop",
            }));
        }
    }
    if matches!(row.state, ErasureState::Proposed | ErasureState::Waiting(_)) {
        all.push(Part::Heading(t.text("erasure-decline-title")));
        all.push(Part::Form(Form {
            to: format!("/erasures/{}/decline", row.id),
            fields: vec![Field::text(t, "reason", t.text("erasure-decline-reason"))],
            button: t.text("erasure-decline"),
            tone: "button-primary",
        }));
    }
    all.push(Part::Link("/erasures".into(), t.text("erasures")));
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

fn decided(t: Texts, row: &ErasureRow, holders: &[u16]) -> SummaryGroup {
    let when = |by: &str, at: i64| format!("{by}, {}", date_time(Time(at)));
    let numbers = |all: &[u16]| all.iter().map(|number| facts::place(t, Some(*number))).collect::<Vec<_>>().join(", ");
    let proposal = &row.proposal;
    let mut group = SummaryGroup::new(t.text("erasure"), "")
        .row(t.text("col-state"), state(t, row))
        .row(t.text("erasure-reason"), proposal.reason.clone());
    if !proposal.open.is_empty() {
        group = group.row(t.text("erasure-open-reason"), proposal.open.clone());
    }
    group = group.row(t.text("erasure-proposed-by"), when(&proposal.proposed.0, proposal.proposed.1));
    if let Some((by, at, _)) = &proposal.confirmed {
        group = group.row(t.text("erasure-confirmed-by"), when(by, *at));
    }
    if let Some((reason, by, at)) = &proposal.declined {
        group = group.row(t.text("erasure-declined-by"), format!("{}: {reason}", when(by, *at)));
    }
    if let Some(at) = proposal.carried_out {
        group = group.row(t.text("erasure-done-at"), date_time(Time(at)));
    }
    if !holders.is_empty() {
        group = group.row(t.text("erasure-holders"), numbers(holders));
    }
    if !row.waits_for.is_empty() {
        group = group
            .row(t.text("erasure-waits-for"), format!("{} {}", numbers(&row.waits_for), t.text("erasure-waits-hint")));
    }
    group
}

/// A second person's word.
pub(crate) async fn confirm(ask: Ask) -> Answer {
    let wanted = id(&ask);
    match ask.work(move |desk, by| desk.confirm_erasure(by, wanted?)).await {
        Ok(_) => Ok(go_to("/erasures?done=confirm")),
        Err(error) if error.kind == crate::app::ErrorKind::NotFound => Err(ask.refusal(&error).await),
        Err(error) => shown(&ask, Some(error)).await,
    }
}

/// Not to be erased.
pub(crate) async fn decline(ask: Ask, typed: Typed) -> Answer {
    let (wanted, reason) = (id(&ask), typed.get("reason"));
    match ask.work(move |desk, by| desk.decline_erasure(by, wanted?, &reason)).await {
        Ok(()) => Ok(go_to("/erasures?done=decline")),
        Err(error) if error.kind == crate::app::ErrorKind::NotFound => Err(ask.refusal(&error).await),
        Err(error) => shown(&ask, Some(error)).await,
    }
}

/// How long it can be declined.
pub(crate) async fn days(ask: Ask, typed: Typed) -> Answer {
    let done = ask
        .work(move |desk, by| {
            let days = typed.get("days").parse().map_err(|_| {
                DeskError::refused("впишіть кількість днів цифрами", "write the number of days in digits")
            })?;
            desk.set_erasure_days(by, days)
        })
        .await;
    match done {
        Ok(()) => Ok(go_to("/erasures?done=days")),
        Err(error) => listed(&ask, Some(error)).await,
    }
}
