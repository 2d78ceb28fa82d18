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
    back: String,
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
    page(&officer, &Of::Request(number), None).await
}

/// The same for a resident.
pub async fn show_resident(officer: Officer, Path(record): Path<String>) -> Answer {
    page(&officer, &Of::Resident(record), None).await
}

/// About what people differ.
#[derive(Clone)]
enum Of {
    /// A request's number.
    Request(String),
    /// A resident's record.
    Resident(String),
}

impl Of {
    fn here(&self) -> String {
        match self {
            Self::Request(number) => format!("/requests/{}", address::encode(number)),
            Self::Resident(record) => format!("/residents/{}", address::encode(record)),
        }
    }
}

/// What was typed, and what is wrong with it.
struct Refusal {
    key: String,
    other: String,
    reason: String,
    words: String,
}

async fn page(officer: &Officer, of: &Of, refusal: Option<Refusal>) -> Answer {
    let t = officer.t;
    let (asked, here) = (of.clone(), of.here());
    let (name, all) = officer
        .ask(move |agent| match asked {
            Of::Request(number) => agent.request(&number).map(|request| (request.number, request.conflicts)),
            Of::Resident(record) => agent.resident_conflicts(&record),
        })
        .await?;
    let (title, under, back) = match of {
        Of::Request(_) => (t.with("conflicts-title", "number", &name), "/requests", "open-request"),
        Of::Resident(_) => (t.with("conflicts-of-resident", "who", &name), "/residents", "back"),
    };
    let mut page = officer.page(title, under).await?;
    page.path = format!("{here}/conflicts");
    let status = match &refusal {
        Some(refusal) => {
            page.errors = super::draft::summary(t, refusal.words.clone());
            StatusCode::UNPROCESSABLE_ENTITY
        }
        None => StatusCode::OK,
    };
    let wanted = refusal.as_ref().and_then(|refusal| all.iter().find(|one| one.key == refusal.key));
    let open: Vec<&Differing> = all.iter().filter(|one| !one.is_proposal).collect();
    let first = wanted.filter(|one| !one.is_proposal).or_else(|| open.first().copied());
    let conflict = first.map(|differing| choice(t, &here, differing, refusal));
    let proposals = all.iter().filter(|one| one.is_proposal).map(|one| proposal(t, one)).collect();
    let more = match open.len() {
        0 | 1 => String::new(),
        n => t.count("differences-here", n),
    };
    Ok(html(status, &Conflicts { page, here, back: t.text(back), conflict, more, proposals }))
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
    settle(officer, Of::Request(number), key, query, pairs).await
}

/// The same for a resident.
pub async fn resolve_resident(
    officer: Officer,
    Path((record, key)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    Form(pairs): Form<Pairs>,
) -> Answer {
    settle(officer, Of::Resident(record), key, query, pairs).await
}

async fn settle(officer: Officer, of: Of, key: String, query: Option<String>, pairs: Pairs) -> Answer {
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
        return page(&officer, &of, Some(refused(t.text("choose-first")))).await;
    };
    if reason.is_empty() {
        return page(&officer, &of, Some(refused(t.text("reason-first")))).await;
    }
    let (about, field, why) = (of.clone(), key.clone(), reason.clone());
    let done: Result<(), AppError> = officer
        .try_ask(move |agent| match about {
            Of::Request(number) => agent.resolve(&number, &field, &take, &seen, &why).map(|_| ()),
            Of::Resident(record) => agent.resolve_resident(&record, &field, &take, &seen, &why),
        })
        .await?;
    match done {
        Ok(()) => Ok(redirect(&format!("{}/conflicts", of.here()), None)),
        Err(error) => page(&officer, &of, Some(refused(readable::of_error(t.lang, &error)))).await,
    }
}
