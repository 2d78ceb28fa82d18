//! «Розбіжність»: a person chooses among values that people wrote without seeing each other's.

use crate::app::{AppError, Conflict as Differing, Take};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{self, capital, either};
use askama::Template;
use axum::Form;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use clock::Time;
use pages::{Conflict, ConflictSide, Page, Texts, address, format};

#[derive(Template)]
#[template(path = "conflicts.html")]
struct Conflicts {
    page: Page,
    here: String,
    conflict: Option<Conflict>,
    more: String,
    /// What came too late for a decided request: field, what stands, what was proposed, by whom.
    proposals: Vec<Proposal>,
}

struct Proposal {
    field: String,
    values: Vec<(String, String)>,
}

/// The page. One difference at a time: the next one comes when it is resolved.
pub async fn show(officer: Officer, Path(number): Path<String>) -> Answer {
    page(&officer, number, None).await
}

/// What was typed, and what is wrong with it.
struct Refusal {
    key: String,
    other: String,
    reason: String,
    words: String,
}

async fn page(officer: &Officer, number: String, refusal: Option<Refusal>) -> Answer {
    let t = officer.t;
    let request = officer.ask(move |agent| agent.request(&number)).await?;
    let mut page = officer.page(t.with("conflicts-title", "number", &request.number), "/requests").await?;
    let here = format!("/requests/{}", address::encode(&request.number));
    page.path = format!("{here}/conflicts");
    let status = match &refusal {
        Some(refusal) => {
            page.errors = super::draft::summary(t, refusal.words.clone());
            StatusCode::UNPROCESSABLE_ENTITY
        }
        None => StatusCode::OK,
    };
    let wanted = refusal.as_ref().and_then(|refusal| request.conflicts.iter().find(|one| one.key == refusal.key));
    let open: Vec<&Differing> = request.conflicts.iter().filter(|one| !one.is_proposal).collect();
    let first = wanted.filter(|one| !one.is_proposal).or_else(|| open.first().copied());
    let conflict = first.map(|differing| choice(t, &here, differing, refusal));
    let proposals = request.conflicts.iter().filter(|one| one.is_proposal).map(|one| proposal(t, one)).collect();
    let more = match open.len() {
        0 | 1 => String::new(),
        n => t.count("differences-here", n),
    };
    Ok(html(status, &Conflicts { page, here, conflict, more, proposals }))
}

/// Who wrote a value: the name where this suitcase knows it, else the login.
fn who(value: &crate::app::ConflictValue) -> String {
    let known = [&value.officer_name, &value.officer].into_iter().find(|name| !name.is_empty());
    known.map_or_else(
        || "—".to_owned(),
        |name| if name.contains(' ') { readable::short_name(name) } else { name.clone() },
    )
}

fn proposal(t: Texts, differing: &Differing) -> Proposal {
    let line = |value: &crate::app::ConflictValue| {
        let place = either(t.lang, &value.by_uk, &value.by_en);
        let shown = readable::value(t, &differing.key, &value.shown);
        (shown, format!("{} · {} · {place}", format::date_time(Time(value.at)), who(value)))
    };
    Proposal {
        field: capital(either(t.lang, &differing.uk, &differing.en)),
        values: differing.values.iter().map(line).collect(),
    }
}

fn choice(t: Texts, here: &str, differing: &Differing, refusal: Option<Refusal>) -> Conflict {
    let side = |written: &crate::app::ConflictValue| ConflictSide {
        id: written.mark.clone(),
        value: readable::value(t, &differing.key, &written.shown),
        who: who(written),
        when: format::date_time(Time(written.at)),
        place: either(t.lang, &written.by_uk, &written.by_en).to_owned(),
    };
    let (other, reason, error) = match refusal {
        Some(refusal) => (refusal.other, refusal.reason, refusal.words),
        None => (String::new(), String::new(), String::new()),
    };
    Conflict {
        t,
        field: capital(either(t.lang, &differing.uk, &differing.en)),
        // What was seen comes back with the choice: what arrives meanwhile is not put aside unseen.
        to: address::with(&format!("{here}/conflicts/{}", address::encode(&differing.key)), "seen", &seen(differing)),
        sides: differing.values.iter().map(side).collect(),
        // A paper is more than one text: it is corrected on the form.
        other_allowed: !differing.key.starts_with("d."),
        other,
        reason,
        error,
    }
}

/// The marks of the values, with full stops between.
fn seen(differing: &Differing) -> String {
    differing.values.iter().map(|value| value.mark.as_str()).collect::<Vec<_>>().join(".")
}

/// The choice.
pub async fn resolve(
    officer: Officer,
    Path((number, key)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let t = officer.t;
    let (taken, other, reason) = (value(&pairs, "take"), value(&pairs, "value"), value(&pairs, "reason").to_owned());
    let seen = address::value(&query.unwrap_or_default(), "seen").unwrap_or_default();
    let seen: Vec<String> = seen.split('.').filter(|mark| !mark.is_empty()).map(str::to_owned).collect();
    let take = match taken {
        "" => None,
        "other" => (!other.is_empty()).then(|| Take::Text(other.to_owned())),
        mark => Some(Take::Mark(mark.to_owned())),
    };
    let refused = |words: String| Refusal { key: key.clone(), other: other.to_owned(), reason: reason.clone(), words };
    let Some(take) = take else {
        return page(&officer, number, Some(refused(t.text("choose-first")))).await;
    };
    if reason.is_empty() {
        return page(&officer, number, Some(refused(t.text("reason-first")))).await;
    }
    let (same, field, why) = (number.clone(), key.clone(), reason.clone());
    let done: Result<_, AppError> =
        officer.try_ask(move |agent| agent.resolve(&same, &field, &take, &seen, &why)).await?;
    match done {
        Ok(_) => Ok(redirect(&format!("/requests/{}/conflicts", address::encode(&number)), None)),
        Err(error) => page(&officer, number, Some(refused(readable::of_error(t.lang, &error)))).await,
    }
}
