//! «Послуги»: every service by words, by group, by life situation; and one of them with all that is to be known.

use super::draft::fee;
use crate::app::{AppError, PaperAsked, ServiceCard, ServiceChoice};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, Refused};
use crate::web::readable::{self, capital, said};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use pages::{Page, SummaryGroup, SummaryList, SummaryRow, Texts, address};

#[derive(Template)]
#[template(path = "services.html")]
struct Services {
    page: Page,
    search: String,
    /// The draft that a service is chosen for; empty for none.
    draft: String,
    groups: Vec<Link>,
    situations: Vec<Link>,
    found: Vec<ServiceLine>,
    title: String,
    back: String,
}

/// A link to one group or life situation.
struct Link {
    href: String,
    words: String,
}

/// One service.
struct ServiceLine {
    slug: String,
    name: String,
    /// Where it can be done, how long, how much.
    about: String,
    /// Papers that are needed.
    papers: String,
    /// The page with everything about it.
    href: String,
    /// Where choosing it is posted to.
    to: String,
}

#[derive(Template)]
#[template(path = "service.html")]
struct OneService {
    page: Page,
    facts: SummaryList,
    to: String,
    slug: String,
    back: String,
}

/// The list.
pub async fn show(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let t = officer.t;
    let query = query.unwrap_or_default();
    let asked = |name: &str| -> String { address::value(&query, name).unwrap_or_default().chars().take(200).collect() };
    let (search, group, situation) = (asked("q"), asked("group"), asked("situation"));
    let draft = asked("draft");
    let draft = if officer.agent.draft_id(&draft).is_some() { draft } else { String::new() };
    let (words, of_group, of_situation) = (search.clone(), group.clone(), situation.clone());
    let (groups, situations, found) = officer
        .ask(move |agent| {
            let any = !(words.trim().is_empty() && of_group.is_empty() && of_situation.is_empty());
            let found = if any { agent.services_by(&words, &of_group, &of_situation)? } else { Vec::new() };
            Ok((agent.service_groups(), agent.life_situations(), found))
        })
        .await?;
    let mut page = officer.page(t.text("all-services"), "/requests").await?;
    page.path = officer.path.clone();
    let base = if draft.is_empty() { "/services".to_owned() } else { address::with("/services", "draft", &draft) };
    let mut title = search.clone();
    if let Some((_, words, _)) = groups.iter().find(|(id, ..)| *id == group) {
        title = said(t.lang, words).to_owned();
    } else if !situation.is_empty() {
        title = situation.clone();
    }
    let nothing = title.is_empty();
    let view = Services {
        groups: groups
            .iter()
            .map(|(id, words, count)| Link {
                href: address::with(&base, "group", id),
                words: format!("{} ({count})", said(t.lang, words)),
            })
            .collect(),
        situations: situations
            .iter()
            .map(|words| Link { href: address::with(&base, "situation", words), words: capital(words) })
            .collect(),
        found: found.iter().map(|one| line(t, one, &draft)).collect(),
        title: if nothing { String::new() } else { t.count("services-found", found.len()) + " " + &title },
        back: if draft.is_empty() { "/day".into() } else { format!("/drafts/{draft}#part-service") },
        search,
        draft,
        page,
    };
    Ok(html(StatusCode::OK, &view))
}

fn line(t: Texts, one: &ServiceChoice, draft: &str) -> ServiceLine {
    let papers: Vec<&str> = one.papers.iter().map(|words| said(t.lang, words)).collect();
    let about = [&one.allowed, &one.term, &one.fee].map(|words| said(t.lang, words)).join(" · ");
    let href = format!("/services/{}", one.slug);
    ServiceLine {
        slug: one.slug.clone(),
        name: said(t.lang, &one.name).to_owned(),
        about: capital(&about),
        papers: if papers.is_empty() { String::new() } else { t.with("papers-needed", "papers", papers.join("; ")) },
        to: to(draft, &one.slug),
        href: if draft.is_empty() { href } else { address::with(&href, "draft", draft) },
    }
}

/// Where choosing a service is posted to: the draft it is for, or a new request.
fn to(draft: &str, slug: &str) -> String {
    if draft.is_empty() { format!("/services/{slug}/request") } else { format!("/drafts/{draft}/service") }
}

/// One service.
pub async fn one(officer: Officer, Path(slug): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let t = officer.t;
    let draft = address::value(&query.unwrap_or_default(), "draft").unwrap_or_default();
    let draft = if officer.agent.draft_id(&draft).is_some() { draft } else { String::new() };
    let asked = slug.clone();
    let card = officer
        .ask(move |agent| {
            agent
                .service_details(&asked)?
                .ok_or_else(|| AppError::input("каталог не має такої послуги", "the catalogue has no such service"))
        })
        .await?;
    let page = titled(&officer, &card).await?;
    let base = if draft.is_empty() { "/services".to_owned() } else { address::with("/services", "draft", &draft) };
    let view = OneService { facts: facts(t, &card), to: to(&draft, &slug), slug, back: base, page };
    Ok(html(StatusCode::OK, &view))
}

async fn titled(officer: &Officer, card: &ServiceCard) -> Result<Page, Refused> {
    officer.page(said(officer.t.lang, &card.name).to_owned(), "/requests").await
}

fn facts(t: Texts, card: &ServiceCard) -> SummaryList {
    let mut group = SummaryGroup::new(t.text("section-service"), "");
    let reasons: Vec<&str> = card.reasons.iter().map(|words| said(t.lang, words)).collect();
    let allowed = capital(said(t.lang, &card.allowed));
    let allowed = if reasons.is_empty() { allowed } else { format!("{allowed}: {}", reasons.join("; ")) };
    let basis = said(t.lang, &card.due_basis);
    let basis = if card.due_is_stated { basis.to_owned() } else { t.with("estimated", "basis", basis) };
    let exempt: Vec<&str> = card.exempt.iter().map(|words| said(t.lang, words)).collect();
    for (label, text) in [
        ("card-allowed", allowed),
        ("card-due", format!("{} ({basis})", readable::day(&card.due))),
        ("card-handover", readable::day(&card.handover_due)),
        ("card-fee", fee(t, card)),
        ("card-payee", said(t.lang, &card.payee).to_owned()),
        ("card-exempt", if card.fee_due { exempt.join("; ") } else { String::new() }),
        ("card-provider", card.providers.clone()),
    ] {
        if !text.is_empty() {
            group.rows.push(SummaryRow::new(t.text(label), text));
        }
    }
    let mut papers = SummaryGroup::new(t.text("section-papers"), "");
    for paper in &card.papers {
        papers.rows.push(SummaryRow::new(said(t.lang, &paper.name), about(t, paper)));
    }
    SummaryList { t, groups: vec![group, papers] }
}

/// In what form a paper is taken, and when.
fn about(t: Texts, paper: &PaperAsked) -> String {
    let condition = said(t.lang, &paper.condition);
    let any: Vec<&str> = paper.any_of.iter().map(|words| said(t.lang, words)).collect();
    let any = if any.is_empty() { String::new() } else { t.with("one-is-enough", "papers", any.join("; ")) };
    let need = t.text(if paper.needed { "paper-needed" } else { "paper-ask" });
    let parts = [said(t.lang, &paper.form).to_owned(), condition.to_owned(), any, need];
    capital(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "))
}
