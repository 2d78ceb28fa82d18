//! Suitcases, for administrators: how they stand, and each one with what can be done about it.

use super::super::ask::{Answer, Ask, Section, sentence, status_of};
use super::super::guard::go_to;
use super::inviting;
use super::rebirths;
use super::typed::Typed;
use super::{Form, Part, parts, queue};
use crate::app::{DeskError, KeyRenewal, SuitcaseRow, SuitcaseState};
use ::pages::format::{date, date_time};
use ::pages::{Cell, Column, ErrorSummary, Field, Notice, Row, SummaryGroup, SummaryList, Table, Tag, Texts, Tone};
use axum::http::StatusCode;
use clock::Time;

/// A clock that is further off than this is shown as wrong: terms count days, and proved times come from the hub.
const CLOCK_OFF: i64 = 5 * 60 * 1_000;
/// Fewer days than this are said as a state: a suitcase that is in contact is renewed long before.
const DAYS_LEFT: u64 = 30;

/// All suitcases; laptops that wait for their words to be compared come first.
pub(crate) async fn list(ask: Ask) -> Answer {
    let (rows, unconfirmed, now) =
        ask.get(|desk, _| Ok((desk.suitcases()?, desk.unconfirmed()?, desk.clock().now()))).await?;
    let (invitations, waiting) = ask.get(|desk, by| Ok((desk.invitations(by)?, desk.waiting_laptops(by)?))).await?;
    let t = ask.t;
    let mut page = ask.page(t.text("suitcases"), Some(Section::Suitcases)).await;
    let done = ask.query("done");
    if matches!(done.as_str(), "revoke" | "withdraw" | "same" | "differ" | "confirm" | "decline") {
        let tone = if done == "differ" { Tone::Wait } else { Tone::Ok };
        page.notices.push(Notice::new(tone, t.text(&format!("suitcase-done-{done}"))));
    }
    let mut all = rebirths::waiting(t, &unconfirmed);
    all.extend(inviting::to_compare(t, &waiting));
    all.push(Part::Table(table(t, &rows, now)));
    all.push(Part::Link("/suitcases/invite".into(), t.text("invite-title")));
    all.push(Part::Link("/set-aside".into(), t.text("to-set-aside")));
    all.extend(inviting::invitations(t, &invitations));
    Ok(parts(StatusCode::OK, page, all))
}

fn table(t: Texts, rows: &[SuitcaseRow], now: Time) -> Table {
    let heads = [
        "col-suitcase",
        "col-place",
        "col-officer",
        "col-state",
        "col-heard",
        "col-not-arrived",
        "col-clock",
        "col-program",
        "col-certificate",
        "col-aside",
    ];
    let columns = heads.map(|key| Column::new(t.text(key)));
    let row = |row: &SuitcaseRow| Row {
        cells: vec![
            Cell::Link(address(row), named(t, row)),
            Cell::Text(or_dash(&row.place)),
            Cell::Text(or_unknown(t, &row.officer)),
            Cell::State(state(t, row)),
            match row.heard_at {
                Some(at) => Cell::Lines(queue::age(t, now.since(Time(at)).as_secs()), date_time(Time(at))),
                None => Cell::Text(t.text("never-heard")),
            },
            not_arrived(t, row),
            Cell::Text(clock(t, row)),
            program(t, row),
            Cell::Text(certificate(t, row, now)),
            Cell::Text(row.set_aside.to_string()),
        ],
        marked: row.set_aside > 0 || row.lost.is_some(),
    };
    Table {
        t,
        caption: t.text("suitcases"),
        quiet_caption: true,
        columns: columns.into(),
        rows: rows.iter().map(row).collect(),
        empty: t.text("no-suitcases"),
    }
}

fn named(t: Texts, row: &SuitcaseRow) -> String {
    let number = t.with("suitcase-n", "number", row.number);
    if row.name.is_empty() { number } else { format!("{number} · {}", row.name) }
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "—".to_owned() } else { text.to_owned() }
}

fn or_unknown(t: Texts, text: &str) -> String {
    if text.is_empty() { t.text("unknown") } else { text.to_owned() }
}

fn address(row: &SuitcaseRow) -> String {
    format!("/suitcases/{}?chain={}", row.number, row.chain)
}

/// What has not arrived of what stands before the last entry that has, and drafts at its own last word; what it wrote later is
/// unknown.
fn not_arrived(t: Texts, row: &SuitcaseRow) -> Cell {
    let Some(state) = &row.stated else { return Cell::Text(t.text("unknown")) };
    let drafts = t.count("drafts-n", state.drafts);
    Cell::Lines(t.count("missing-n", row.missing), format!("{drafts}; {}", at_last_word(t, state.at)))
}

fn at_last_word(t: Texts, at: i64) -> String {
    t.with("at-last-word", "time", date_time(Time(at)))
}

fn clock(t: Texts, row: &SuitcaseRow) -> String {
    match row.stated.as_ref().and_then(|state| state.clock_ahead) {
        None => t.text("unknown"),
        Some(off) if off.unsigned_abs() < CLOCK_OFF.unsigned_abs() => t.text("clock-right"),
        Some(off) => {
            let span = span(t, off.unsigned_abs() / 60_000);
            t.with(if off > 0 { "clock-ahead" } else { "clock-behind" }, "span", span)
        }
    }
}

/// So many minutes in the largest unit that fits.
fn span(t: Texts, minutes: u64) -> String {
    match minutes {
        0..120 => t.count("span-minutes", minutes),
        120..2_880 => t.count("span-hours", minutes / 60),
        _ => t.count("span-days", minutes / 1_440),
    }
}

fn program(t: Texts, row: &SuitcaseRow) -> Cell {
    match &row.stated {
        Some(state) => Cell::Lines(state.program.clone(), t.with("release-n", "number", state.release)),
        None => Cell::Text(t.text("unknown")),
    }
}

fn state(t: Texts, row: &SuitcaseRow) -> Tag {
    match &row.state {
        SuitcaseState::Revoked { from, .. } => {
            Tag::new(t.with("suitcase-revoked", "day", date(Time(*from))), Tone::Stop)
        }
        _ if row.lost.is_some() => Tag::new(t.text("suitcase-lost"), Tone::Stop),
        SuitcaseState::Live => Tag::new(t.text("suitcase-live"), Tone::Ok),
        SuitcaseState::Expired => Tag::new(t.text("suitcase-expired"), Tone::Wait),
        SuitcaseState::Continued => Tag::new(t.text("suitcase-continued"), Tone::Plain),
    }
}

fn certificate(t: Texts, row: &SuitcaseRow, now: Time) -> String {
    let until = Time(row.certified_until);
    let days = until.since(now).as_secs() / 86_400;
    let words = t.say("certificate-until", &[("day", date(until).into()), ("n", days.into())]);
    if matches!(row.state, SuitcaseState::Live) && days < DAYS_LEFT {
        return format!("{words}. {}", t.text("certificate-soon"));
    }
    words
}

/// One suitcase: facts, officers, and what can be done.
pub(crate) async fn one(ask: Ask) -> Answer {
    shown(&ask, &Typed::default(), None).await
}

pub(super) fn no_such() -> DeskError {
    DeskError::not_found("такої валізи немає: перегляньте список", "there is no such suitcase: look at the list")
}

async fn shown(ask: &Ask, typed: &Typed, error: Option<DeskError>) -> Answer {
    let number = ask.param("number");
    let (rows, now) = ask.get(|desk, _| Ok((desk.suitcases()?, desk.clock().now()))).await?;
    let chain = ask.query("chain");
    let mut of_number = rows.iter().filter(|row| row.number.to_string() == number);
    let row = of_number.clone().find(|row| row.chain.to_string() == chain).or_else(|| of_number.next_back());
    let Some(row) = row else { return Err(ask.refusal(&no_such()).await) };
    let t = ask.t;
    let mut page = ask.page(t.with("suitcase-title", "number", row.number), Some(Section::Suitcases)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let done = ask.query("done");
    if matches!(done.as_str(), "place" | "lost") {
        page.notices.push(Notice::new(Tone::Ok, t.text(&format!("suitcase-done-{done}"))));
    }
    let mut all = vec![Part::Facts(SummaryList { t, groups: groups(t, row, now) })];
    all.extend(actions(t, row, typed));
    all.push(Part::Link("/suitcases".into(), t.text("to-suitcases")));
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

fn groups(t: Texts, row: &SuitcaseRow, now: Time) -> Vec<SummaryGroup> {
    let heard = row.heard_at.map_or_else(|| t.text("never-heard"), |at| date_time(Time(at)));
    let mut about = SummaryGroup::new(t.text("suitcase-about"), "")
        .row(t.text("col-laptop"), or_dash(&row.name))
        .row(t.text("col-place"), or_dash(&row.place))
        .row(t.text("col-state"), state(t, row).word)
        .row(t.text("col-heard"), heard)
        .row(t.text("col-entries"), row.entries.to_string())
        .row(t.text("col-aside"), row.set_aside.to_string())
        .row(t.text("col-certificate"), certificate(t, row, now));
    if let SuitcaseState::Revoked { reason, .. } = &row.state {
        about = about.row(t.text("revoked-why"), reason.clone());
    }
    if let Some(renewal) = &row.renewal {
        about = about.row(t.text("keys-renewed"), renewed(t, renewal));
    }
    if let Some((what, by, at)) = &row.lost {
        let words = [("what", what.clone().into()), ("by", by.clone().into()), ("time", date_time(Time(*at)).into())];
        about = about.row(t.text("suitcase-lost"), t.say("lost-said", &words));
    }
    let mut said = SummaryGroup::new(t.text("suitcase-says"), "");
    match &row.stated {
        None => said = said.row(t.text("last-word"), t.text("unknown")),
        Some(state) => {
            let officers = state.officers.iter().map(|(login, name)| match name.as_str() {
                "" => login.clone(),
                name => format!("{name} ({login})"),
            });
            said = said
                .row(t.text("last-word"), date_time(Time(state.at)))
                .row(t.text("col-officer"), or_unknown(t, &row.officer))
                .row(t.text("officers"), officers.collect::<Vec<_>>().join(", "))
                .row(t.text("col-not-arrived"), t.count("missing-n", row.missing))
                .row(t.text("drafts"), state.drafts.to_string())
                .row(t.text("requests-made"), state.requests.to_string())
                .row(t.text("col-clock"), clock(t, row))
                .row(
                    t.text("col-program"),
                    format!("{} · {}", state.program, t.with("release-n", "number", state.release)),
                );
        }
    }
    vec![about, said]
}

/// How far the records that a revoked suitcase could read have new keys.
pub(super) fn renewed(t: Texts, renewal: &KeyRenewal) -> String {
    let (done, left) = (renewal.done, renewal.left as u64);
    match (renewal.at, left) {
        (Some(at), 0) => t.say("keys-renewed-all", &[("n", done.into()), ("time", date_time(Time(at)).into())]),
        (None, 0) => t.text("keys-renewed-none"),
        _ => t.say("keys-renewed-some", &[("n", done.into()), ("left", left.into())]),
    }
}

fn actions(t: Texts, row: &SuitcaseRow, typed: &Typed) -> Vec<Part> {
    let here = format!("/suitcases/{}", row.number);
    let mut all = vec![Part::Link(format!("{here}/lost?chain={}", row.chain), t.text("lost-report"))];
    if matches!(row.state, SuitcaseState::Revoked { .. }) {
        all.push(Part::Link(format!("/suitcases/invite?number={}", row.number), t.text("invite-again")));
        return all;
    }
    all.push(Part::Link(format!("{here}/recovery"), t.text("recovery-title")));
    let place = if typed.get("place").is_empty() { row.place.clone() } else { typed.get("place") };
    all.push(Part::Heading(t.text("place-title")));
    all.push(Part::Form(Form {
        to: format!("{here}/place"),
        fields: vec![Field::text(t, "place", t.text("col-place")).hint(t.text("place-hint")).value(place).optional()],
        button: t.text("save"),
        tone: "",
    }));
    all.extend([Part::Heading(t.text("revoke-title")), Part::Words(t.text("revoke-words"))]);
    all.push(Part::Form(Form {
        to: format!("{here}/revoke"),
        fields: vec![
            Field::text(t, "reason", t.text("revoke-reason")).value(typed.get("reason")),
            Field::digits(t, "confirm", t.text("revoke-confirm")).wide(6).hint(t.with(
                "revoke-confirm-hint",
                "number",
                row.number,
            )),
        ],
        button: t.text("revoke"),
        tone: "button-stop",
    }));
    all
}

/// The number in the path.
pub(super) fn number(ask: &Ask) -> Result<u16, DeskError> {
    ask.param("number").parse().map_err(|_| no_such())
}

/// Revokes: nothing goes down any more, what comes up is set aside. The number is typed once more.
pub(crate) async fn revoke(ask: Ask, typed: Typed) -> Answer {
    let (number, given) = (number(&ask), typed.clone());
    let done = ask
        .work(move |desk, by| {
            let number = number?;
            if given.get("confirm") != number.to_string() {
                return Err(DeskError::refused(
                    format!("щоб відкликати, введіть номер валізи ще раз: {number}"),
                    format!("to revoke it, type the suitcase's number once more: {number}"),
                ));
            }
            desk.revoke(by, number, &given.get("reason"))
        })
        .await;
    match done {
        Ok(()) => Ok(go_to("/suitcases?done=revoke")),
        Err(error) => shown(&ask, &typed, Some(error)).await,
    }
}

/// Writes where the suitcase is.
pub(crate) async fn place(ask: Ask, typed: Typed) -> Answer {
    let (number, given) = (number(&ask), typed.get("place"));
    match ask.work(move |desk, by| desk.set_place(by, number?, &given)).await {
        Ok(()) => Ok(go_to(&format!("/suitcases/{}?done=place", ask.param("number")))),
        Err(error) => shown(&ask, &typed, Some(error)).await,
    }
}
