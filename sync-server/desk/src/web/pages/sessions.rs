//! Who is signed in, and ending it.

use super::super::ask::{Answer, Ask, Section};
use super::super::guard::go_to;
use super::{Part, parts};
use ::pages::format::date_time;
use ::pages::{Cell, Column, Notice, Row, Table, Tone};
use axum::http::StatusCode;
use clock::Time;
use std::sync::Arc;

/// All sessions that are open.
pub(crate) async fn list(ask: Ask) -> Answer {
    let t = ask.t;
    let mut page = ask.page(t.text("sessions"), Some(Section::Accounts)).await;
    let done = ask.query("done");
    if matches!(done.as_str(), "end" | "gone") {
        page.notices.push(Notice::new(Tone::Ok, t.text(&format!("session-{done}"))));
    }
    let sessions = ask.site.sessions.list(&ask.worker.desk, &ask.worker.token);
    let row = |session: crate::app::SessionRow| Row {
        cells: vec![
            Cell::Text(session.login),
            Cell::Text(date_time(Time(session.opened))),
            Cell::Text(date_time(Time(session.used))),
            if session.own {
                Cell::Text(t.text("session-own"))
            } else {
                Cell::Action {
                    to: format!("/sessions/{}/end", session.id),
                    words: t.text("session-end-button"),
                    key: "",
                }
            },
        ],
        marked: false,
    };
    let columns = ["login", "session-opened", "session-used", "col-action"];
    let table = Table {
        t,
        caption: t.text("sessions"),
        quiet_caption: true,
        columns: columns.map(|key| Column::new(t.text(key))).into(),
        rows: sessions.into_iter().map(row).collect(),
        empty: String::new(),
    };
    let all = vec![
        Part::Words(t.text("sessions-words")),
        Part::Table(table),
        Part::Link("/accounts".into(), t.text("to-accounts")),
    ];
    Ok(parts(StatusCode::OK, page, all))
}

/// Ends one; whoever works in it is out at once.
pub(crate) async fn end(ask: Ask) -> Answer {
    let (site, id) = (Arc::clone(&ask.site), ask.param("id"));
    let ended = ask.get(move |desk, by| site.sessions.end(desk, by, &id)).await?;
    Ok(go_to(if ended { "/sessions?done=end" } else { "/sessions?done=gone" }))
}
