//! Suitcases, for administrators: how they stand, inviting a laptop, revoking.

use super::super::ask::{Answer, Ask, Section, sentence, status_of};
use super::super::guard::go_to;
use super::typed::Typed;
use super::{Form, Part, parts, queue};
use crate::app::{DeskError, InvitationState, InvitationSummary, SuitcaseRow, SuitcaseState};
use ::pages::format::{date, date_time};
use ::pages::{Cell, Column, ErrorSummary, Field, Notice, Row, SummaryGroup, SummaryList, Table, Tag, Texts, Tone, qr};
use axum::http::StatusCode;
use clock::Time;

/// All suitcases, and the form that invites.
pub(crate) async fn list(ask: Ask) -> Answer {
    listed(&ask, &Typed::default(), None).await
}

async fn listed(ask: &Ask, typed: &Typed, error: Option<DeskError>) -> Answer {
    let (rows, invitations, now) =
        ask.get(|desk, by| Ok((desk.suitcases()?, desk.invitations(by)?, desk.clock().now()))).await?;
    let t = ask.t;
    let mut page = ask.page(t.text("suitcases"), Some(Section::Suitcases)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    if ask.query("done") == "revoke" {
        page.notices.push(Notice::new(Tone::Ok, t.text("suitcase-revoked-now")));
    }
    let hours = typed.get("hours");
    let form = Form {
        to: "/suitcases".into(),
        fields: vec![
            Field::digits(t, "number", t.text("suitcase-number")).wide(6).value(typed.get("number")),
            Field::digits(t, "hours", t.text("invitation-hours"))
                .wide(6)
                .hint(t.text("invitation-hours-hint"))
                .value(if hours.is_empty() { "72".to_owned() } else { hours }),
        ],
        button: t.text("invite"),
        tone: "button-primary",
    };
    let status = error.map_or(StatusCode::OK, |error| status_of(error.kind));
    let mut all = vec![
        Part::Table(table(t, &rows, now)),
        Part::Heading(t.text("invite-title")),
        Part::Words(t.text("invite-words")),
        Part::Form(form),
    ];
    if !invitations.is_empty() {
        all.extend([Part::Heading(t.text("invitations")), Part::Table(invited(t, &invitations))]);
    }
    Ok(parts(status, page, all))
}

fn table(t: Texts, rows: &[SuitcaseRow], now: Time) -> Table {
    let heads = ["col-suitcase", "col-laptop", "col-state", "col-heard", "col-entries", "col-aside", "col-certificate"];
    let columns = heads.map(|key| {
        let column = Column::new(t.text(key));
        if matches!(key, "col-entries" | "col-aside") { column.figures() } else { column }
    });
    let row = |row: &SuitcaseRow| Row {
        cells: vec![
            Cell::Link(address(row), t.with("suitcase-n", "number", row.number)),
            Cell::Text(row.name.clone()),
            Cell::State(state(t, row)),
            match row.heard_at {
                Some(at) => Cell::Lines(queue::age(t, now.since(Time(at)).as_secs()), date_time(Time(at))),
                None => Cell::Text(t.text("never-heard")),
            },
            Cell::Text(row.entries.to_string()),
            Cell::Text(row.set_aside.to_string()),
            Cell::Text(certificate(t, row, now)),
        ],
        marked: row.set_aside > 0,
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

fn address(row: &SuitcaseRow) -> String {
    format!("/suitcases/{}?chain={}", row.number, row.chain)
}

fn state(t: Texts, row: &SuitcaseRow) -> Tag {
    match &row.state {
        SuitcaseState::Live => Tag::new(t.text("suitcase-live"), Tone::Ok),
        SuitcaseState::Expired => Tag::new(t.text("suitcase-expired"), Tone::Wait),
        SuitcaseState::Revoked { from, .. } => {
            Tag::new(t.with("suitcase-revoked", "day", date(Time(*from))), Tone::Stop)
        }
    }
}

fn certificate(t: Texts, row: &SuitcaseRow, now: Time) -> String {
    let until = Time(row.certified_until);
    let days = until.since(now).as_secs() / 86_400;
    t.say("certificate-until", &[("day", date(until).into()), ("n", days.into())])
}

fn invited(t: Texts, invitations: &[InvitationSummary]) -> Table {
    let columns = ["col-suitcase", "col-state", "invited-by", "invited-at", "invited-until"];
    let row = |row: &InvitationSummary| Row {
        cells: vec![
            Cell::Text(t.with("suitcase-n", "number", row.number)),
            Cell::State(match row.state {
                InvitationState::Open => Tag::new(t.text("invitation-open"), Tone::Wait),
                InvitationState::Used => Tag::new(t.text("invitation-used"), Tone::Ok),
                InvitationState::Expired => Tag::new(t.text("invitation-expired"), Tone::Plain),
                InvitationState::Replaced => Tag::new(t.text("invitation-replaced"), Tone::Plain),
            }),
            Cell::Text(row.by.clone()),
            Cell::Text(date_time(Time(row.at))),
            Cell::Text(date_time(Time(row.expires))),
        ],
        marked: false,
    };
    Table {
        t,
        caption: t.text("invitations"),
        quiet_caption: true,
        columns: columns.map(|key| Column::new(t.text(key))).into(),
        rows: invitations.iter().map(row).collect(),
        empty: String::new(),
    }
}

/// Invites: the line and its code are shown once, here and now, and are kept nowhere readable.
pub(crate) async fn invite(ask: Ask, typed: Typed) -> Answer {
    let given = typed.clone();
    let invited = ask
        .work(move |desk, by| {
            let (Ok(number), Ok(hours)) = (given.get("number").parse(), given.get("hours").parse()) else {
                return Err(DeskError::refused(
                    "впишіть номер валізи і кількість годин цифрами",
                    "write the suitcase's number and the hours in digits",
                ));
            };
            desk.invite(by, number, hours)
        })
        .await;
    let invited = match invited {
        Ok(invited) => invited,
        Err(error) => return listed(&ask, &typed, Some(error)).await,
    };
    let t = ask.t;
    let mut page = ask.page(t.with("invitation-for", "number", invited.number), Some(Section::Suitcases)).await;
    page.path = "/suitcases".into();
    page.notices.push(Notice::new(Tone::Wait, t.text("invitation-once")));
    let until = t.with("invitation-until", "time", date_time(Time(invited.expires)));
    let code = Part::Code(qr::svg(invited.line.as_bytes()).ok(), invited.line, t.text("invitation-line"));
    let back = Part::Link("/suitcases".into(), t.text("to-suitcases"));
    Ok(parts(StatusCode::OK, page, vec![Part::Words(t.text("invitation-words")), code, Part::Words(until), back]))
}

/// One suitcase: facts, and revoking it.
pub(crate) async fn one(ask: Ask) -> Answer {
    shown(&ask, None).await
}

async fn shown(ask: &Ask, error: Option<DeskError>) -> Answer {
    let number = ask.param("number");
    let (rows, now) = ask.get(|desk, _| Ok((desk.suitcases()?, desk.clock().now()))).await?;
    let chain = ask.query("chain");
    let mut of_number = rows.iter().filter(|row| row.number.to_string() == number);
    let row = of_number.clone().find(|row| row.chain.to_string() == chain).or_else(|| of_number.next_back());
    let Some(row) = row else {
        let error = DeskError::not_found(
            "такої валізи немає: перегляньте список",
            "there is no such suitcase: look at the list",
        );
        return Err(ask.refusal(&error).await);
    };
    let t = ask.t;
    let mut page = ask.page(t.with("suitcase-title", "number", row.number), Some(Section::Suitcases)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let heard = row.heard_at.map_or_else(|| t.text("never-heard"), |at| date_time(Time(at)));
    let mut group = SummaryGroup::new(t.text("suitcase-about"), "")
        .row(t.text("col-laptop"), row.name.clone())
        .row(t.text("col-state"), state(t, row).word)
        .row(t.text("col-heard"), heard)
        .row(t.text("col-entries"), row.entries.to_string())
        .row(t.text("col-aside"), row.set_aside.to_string())
        .row(t.text("col-certificate"), certificate(t, row, now));
    let mut all = Vec::new();
    if let SuitcaseState::Revoked { reason, .. } = &row.state {
        group = group.row(t.text("revoked-why"), reason.clone());
        all.push(Part::Facts(SummaryList { t, groups: vec![group] }));
    } else {
        all.push(Part::Facts(SummaryList { t, groups: vec![group] }));
        all.extend([Part::Heading(t.text("revoke-title")), Part::Words(t.text("revoke-words"))]);
        all.push(Part::Form(Form {
            to: format!("/suitcases/{}/revoke", row.number),
            fields: vec![Field::text(t, "reason", t.text("revoke-reason"))],
            button: t.text("revoke"),
            tone: "button-stop",
        }));
    }
    all.push(Part::Link("/suitcases".into(), t.text("to-suitcases")));
    Ok(parts(error.map_or(StatusCode::OK, |error| status_of(error.kind)), page, all))
}

/// Revokes: nothing goes down any more, what comes up is set aside.
pub(crate) async fn revoke(ask: Ask, typed: Typed) -> Answer {
    let number = ask.param("number");
    let done = ask
        .work(move |desk, by| {
            let number = number.parse().map_err(|_| {
                DeskError::not_found(
                    "такої валізи немає: перегляньте список",
                    "there is no such suitcase: look at the list",
                )
            })?;
            desk.revoke(by, number, &typed.get("reason"))
        })
        .await;
    match done {
        Ok(()) => Ok(go_to("/suitcases?done=revoke")),
        Err(error) => shown(&ask, Some(error)).await,
    }
}
