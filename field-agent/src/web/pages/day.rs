//! «День»: what to do next, what lies unfinished, what was done last.

use super::requests;
use crate::app::{ListQuery, Words};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use crate::web::readable;
use askama::Template;
use axum::http::StatusCode;
use clock::Time;
use pages::{Notice, Page, Table, Texts, Tone, format};

/// Newest requests shown.
const NEWEST: usize = 8;

#[derive(Template)]
#[template(path = "day.html")]
struct Day {
    page: Page,
    counts: [(String, u64, String); 3],
    waiting: String,
    consulted: String,
    drafts: Vec<DraftLine>,
    newest: Table,
}

struct DraftLine {
    href: String,
    who: String,
    service: String,
    changed: String,
}

/// The header's fragment.
pub async fn status(officer: Officer) -> Answer {
    Ok(html(StatusCode::OK, &officer.status().await?))
}

/// The page.
pub async fn show(officer: Officer) -> Answer {
    let t = officer.t;
    let today = officer.agent.today();
    let mut page = officer.page(t.with("day-title", "date", format::civil(today)), "/day").await?;
    let (status, drafts, rows, consultations) = officer
        .ask(|agent| {
            let query = ListQuery { limit: NEWEST, ..ListQuery::default() };
            let drafts = agent.drafts()?.into_iter().map(|draft| {
                let service = agent.service_name(&draft.service);
                (draft, service)
            });
            let counts = agent.consultation_counts()?;
            Ok((agent.status()?, drafts.collect::<Vec<_>>(), agent.list(&query)?.0, counts))
        })
        .await?;
    if status.differing > 0 {
        let notice = Notice::new(Tone::Wait, t.count("status-conflicts", status.differing));
        page.notices.push(notice.link("/requests?differing=1", t.text("show-them")));
    }
    let counts = [
        (t.text("here"), status.here, "/requests?place=here".to_owned()),
        (t.text("on-the-way"), status.on_the_way, "/requests?place=way".to_owned()),
        (t.text("at-the-centre"), status.at_centre, "/requests?place=centre".to_owned()),
    ];
    let recorded = status.here + status.on_the_way + status.at_centre > 0;
    let waiting = match status.waiting_bytes {
        // A fresh suitcase has not sent everything: there was nothing to send.
        _ if !recorded => t.text("nothing-recorded"),
        0 => t.text("nothing-waits"),
        bytes => t.with("bytes-wait", "size", format::bytes(bytes, t.lang)),
    };
    let consulted = t.count("consulted-today", consultations.today);
    if consultations.owed > 0 {
        let notice = Notice::new(Tone::Wait, t.count("answers-owed", consultations.owed));
        page.notices.push(notice.link("/consultations?outcome=later", t.text("show-them")));
    }
    let now = officer.agent.now().0;
    let drafts = drafts.into_iter().map(|(draft, service)| line(t, &draft, service.as_ref(), now)).collect();
    let newest = requests::table(t, "/requests", &rows, t.text("newest-caption"), t.text("no-requests-yet"));
    Ok(html(StatusCode::OK, &Day { page, counts, waiting, consulted, drafts, newest }))
}

fn line(t: Texts, draft: &crate::app::FormDraft, service: Option<&Words>, now: i64) -> DraftLine {
    let who = if draft.applicant.is_empty() { t.text("draft-unnamed") } else { draft.applicant.clone() };
    DraftLine {
        href: format!("/drafts/{}", draft.id),
        who,
        service: service.map(|words| readable::said(t.lang, words).to_owned()).unwrap_or_default(),
        changed: t.with("saved-at", "time", readable::moment(t, Time(draft.changed).0, now)),
    }
}
