//! «Перевірка»: everything on one page in large type, to be read aloud; then it is saved.

use super::draft::draft_id;
use crate::app::{Control, Form, Question, ReadOut};
use crate::web::form_sections::Known;
use crate::web::frame::{self, html};
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable::{self, said};
use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use pages::{Notice, Page, SummaryGroup, SummaryList, SummaryRow, Texts, Tone, address};

#[derive(Template)]
#[template(path = "review.html")]
struct Review {
    page: Page,
    list: SummaryList,
    back: String,
    finish: String,
    /// What is read aloud: draft, catalogue, day.
    read: String,
    /// The page is turned to the resident: nothing but what is to be read.
    turned: bool,
    turn: String,
}

/// The page. A form that is not ready goes back to its errors.
pub async fn show(officer: Officer, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let t = officer.t;
    let query = query.unwrap_or_default();
    let (turned, changed) = (address::value(&query, "turned").is_some(), address::value(&query, "changed").is_some());
    let key = draft_id(&officer, &id)?;
    let draft = format!("/drafts/{id}");
    let asked = officer
        .ask(move |agent| {
            let Some(body) = agent.draft_body(key)?.filter(|body| body.discarded.is_none()) else { return Ok(None) };
            let read = agent.read_mark(&body);
            let mut form = body.form;
            agent.name_places(&mut form);
            let checked = agent.check(&form)?;
            let findings = checked.findings;
            let proof = agent.proof_words(form.of_visit("proof"));
            Ok(Some((agent.is_ready(key)?, findings, Known::about(agent, &form, "")?, form, proof, read)))
        })
        .await?;
    let Some((clear, findings, known, form, proof, read)) = asked else { return Ok(gone(t)) };
    if !clear {
        return Ok(redirect(&address::with(&draft, "check", "1"), None));
    }
    let mut page = officer.page(t.text("section-review"), "/requests").await?;
    if turned {
        (page.nav, page.status, page.lock_to) = (Vec::new(), None, None);
    }
    if changed {
        page.notices.push(Notice::new(Tone::Wait, t.text("review-changed")));
    }
    for one in findings.into_iter().filter(|_| !turned) {
        let words = readable::capital(readable::either(t.lang, &one.uk, &one.en));
        page.notices.push(Notice::new(Tone::Plain, words));
    }
    let mut groups = groups(t, &form, &known, &draft, said(t.lang, &proof));
    if turned {
        groups.iter_mut().for_each(|group| group.change.clear());
    }
    let review = format!("{draft}/review");
    let turn = if turned { review } else { format!("{review}?turned=1") };
    let list = SummaryList { t, groups };
    Ok(html(
        StatusCode::OK,
        &Review { page, list, back: draft.clone(), finish: format!("{draft}/finish"), read, turned, turn },
    ))
}

/// «Зберегти і друкувати»: only what was read aloud; anything else goes back to be read.
pub async fn finish(officer: Officer, Path(id): Path<String>, axum::Form(pairs): axum::Form<Pairs>) -> Answer {
    let t = officer.t;
    let key = draft_id(&officer, &id)?;
    let read = value(&pairs, "read").to_owned();
    let draft = format!("/drafts/{id}");
    Ok(match officer.ask(move |agent| agent.save_as_read(key, &read)).await? {
        ReadOut::Saved(saved) => redirect(&format!("/requests/{}/saved", address::encode(&saved.number)), None),
        ReadOut::Changed => redirect(&address::with(&format!("{draft}/review"), "changed", "1"), None),
        ReadOut::Unready => redirect(&address::with(&draft, "check", "1"), None),
        // The button was pressed twice, or the page was opened again after it was saved.
        ReadOut::Gone => gone(t),
    })
}

fn gone(t: Texts) -> axum::response::Response {
    frame::alone(t.lang, StatusCode::CONFLICT, "draft-gone-title", "draft-gone")
}

fn groups(t: Texts, form: &Form, known: &Known, draft: &str, proof: &str) -> Vec<SummaryGroup> {
    let group = |id: &str| SummaryGroup::new(t.text(&format!("section-{id}")), format!("{draft}#part-{id}"));
    let mut applicant = group("applicant");
    let name = ["a.last", "a.first", "a.patr"].map(|key| form.field(key)).join(" ");
    applicant.rows.push(SummaryRow::new(t.text("full-name"), name.trim()));
    for key in [
        "a.orgname",
        "a.edrpou",
        "a.dob",
        "a.sex",
        "a.rnokpp",
        "a.norn",
        "a.doc",
        "a.ser",
        "a.num",
        "a.issued",
        "a.until",
        "a.org",
        "a.unzr",
        "a.seen",
    ] {
        push(t, &mut applicant, form, key);
    }
    let mut representative = SummaryGroup::new(t.text("group-representative"), format!("{draft}#part-applicant"));
    for key in [
        "r.last",
        "r.first",
        "r.patr",
        "r.dob",
        "r.rnokpp",
        "r.phone",
        "r.power",
        "r.power_no",
        "r.power_date",
        "r.doc",
        "r.ser",
        "r.num",
        "r.seen",
    ] {
        push(t, &mut representative, form, key);
    }
    let mut ground = group("ground");
    ground_rows(t, &mut ground, form, known, proof);
    let mut address = group("address");
    for prefix in ["pr", "pa"] {
        let line = address_line(form, prefix);
        if !line.is_empty() {
            address.rows.push(SummaryRow::new(t.text(&format!("group-{prefix}")), line));
        }
    }
    for key in ["phone", "phone2", "email", "delivery"] {
        push(t, &mut address, form, key);
    }
    let mut service = group("service");
    if let Some(card) = &known.card {
        service.rows.push(SummaryRow::new(t.text("section-service"), said(t.lang, &card.name)));
        let due = format!("{} ({})", readable::day(&card.due), said(t.lang, &card.due_basis));
        service.rows.push(SummaryRow::new(t.text("card-due"), due));
        service.rows.push(SummaryRow::new(t.text("card-handover"), readable::day(&card.handover_due)));
        service.rows.push(SummaryRow::new(t.text("card-fee"), super::draft::fee(t, card)));
    }
    for key in ["fee_receipt", "fee_date"] {
        push(t, &mut service, form, key);
    }
    let mut answers = group("answers");
    for question in &known.questions {
        answered(t, &mut answers, form, question, known);
    }
    push(t, &mut answers, form, "summary");
    let all = [
        applicant,
        representative,
        ground,
        address,
        service,
        answers,
        papers(t, form, known, group("papers")),
        consent(t, form, known, group("consent")),
    ];
    all.into_iter().filter(|group| !group.rows.is_empty()).collect()
}

fn push(t: Texts, group: &mut SummaryGroup, form: &Form, key: &str) {
    let text = form.field(key);
    let reason = form.accepted.get(key).map(|reason| t.with("kept-because", "reason", reason));
    if text.is_empty() && reason.is_none() {
        return;
    }
    let label = t.text(&format!("field-{}", key.rsplit('.').next().unwrap_or(key)));
    let shown = if text.is_empty() { String::new() } else { readable::value(t, key, text) };
    let mut row = SummaryRow::new(label, shown);
    row.remark = reason.unwrap_or_default();
    group.rows.push(row);
}

/// Categories in words, and what proves them.
fn ground_rows(t: Texts, group: &mut SummaryGroup, form: &Form, known: &Known, proof: &str) {
    let words = |code: &str| {
        let one = known.categories.iter().find(|one| one.id == code);
        one.map_or_else(|| code.to_owned(), |one| said(t.lang, &one.words()).to_owned())
    };
    let codes = form.field("a.cat").split(',').map(str::trim).filter(|code| !code.is_empty());
    let chosen: Vec<String> = codes.map(words).collect();
    let why = form.accepted.get("a.cat").map(|reason| t.with("kept-because", "reason", reason));
    if !chosen.is_empty() || why.is_some() {
        let mut row = SummaryRow::new(t.text("field-cat"), chosen.join("; "));
        row.remark = why.unwrap_or_default();
        group.rows.push(row);
    }
    for part in ["proof", "proof_no", "proof_date", "proof_until"] {
        let text = form.of_visit(part);
        let reason = form.accepted.get(&format!("visit.{part}"));
        if text.is_empty() && reason.is_none() {
            continue;
        }
        let shown = if part == "proof" { proof.to_owned() } else { readable::day(text) };
        let mut row = SummaryRow::new(t.text(&format!("field-{part}")), shown);
        row.remark = reason.map(|reason| t.with("kept-because", "reason", reason)).unwrap_or_default();
        group.rows.push(row);
    }
}

/// An address in one line.
pub fn address_line(form: &Form, prefix: &str) -> String {
    let field = |part: &str| form.field(&format!("{prefix}.{part}"));
    let street = format!("{} {}", field("stype"), field("street"));
    let named = |label: &str, text: &str| if text.is_empty() { String::new() } else { format!("{label} {text}") };
    let parts = [
        field("place").to_owned(),
        street.trim().to_owned(),
        named("буд.", field("house")),
        named("корп.", field("part")),
        named("кв.", field("flat")),
        field("index").to_owned(),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn answered(t: Texts, group: &mut SummaryGroup, form: &Form, question: &Question, known: &Known) {
    let mut lines: Vec<String> = Vec::new();
    let mut row = 0;
    for input in question.inputs.iter().filter(|input| !input.value.trim().is_empty()) {
        let shown = match &input.control {
            Control::YesNo => t.text(if input.value == "yes" { "yes" } else { "no" }),
            // Of several, the chosen ones are named.
            Control::Tick if question.is_several => said(t.lang, &input.label).to_owned(),
            Control::Tick => t.text("yes"),
            Control::OneOf(choices) => choices
                .iter()
                .find(|one| one.value == input.value)
                .map_or_else(|| input.value.clone(), |one| said(t.lang, &one.label).to_owned()),
            Control::Settlement => {
                let named = known.places.iter().find(|(code, _)| *code == input.value);
                named.map_or_else(|| input.value.clone(), |(_, name)| name.clone())
            }
            _ => readable::day(&input.value),
        };
        let own = question.inputs.len() > 1 && !question.is_several && input.control != Control::Attachment;
        let piece = if own { format!("{}: {shown}", said(t.lang, &input.label)) } else { shown };
        match lines.last_mut() {
            Some(line) if input.row > 0 && input.row == row => {
                line.push_str("; ");
                line.push_str(&piece);
            }
            _ => lines.push(piece),
        }
        row = input.row;
    }
    if lines.is_empty() {
        return;
    }
    let mut all = SummaryRow::new(said(t.lang, &question.label), "");
    all.value = lines;
    let reasons = question.inputs.iter().filter_map(|input| form.accepted.get(&format!("f.{}", input.key)));
    let mut reasons: Vec<&str> = reasons.map(String::as_str).collect();
    reasons.dedup();
    if !reasons.is_empty() {
        all.remark = t.with("kept-because", "reason", reasons.join("; "));
    }
    group.rows.push(all);
}

fn papers(t: Texts, form: &Form, known: &Known, mut group: SummaryGroup) -> SummaryGroup {
    for paper in known.card.iter().flat_map(|card| &card.papers) {
        let taken = form.papers.get(&paper.id).filter(|taken| taken.is_taken());
        let reason = form.accepted.get(&format!("d.{}", paper.id));
        if taken.is_none() && reason.is_none() {
            continue;
        }
        let mut parts = Vec::new();
        if let Some(taken) = taken {
            if taken.seen {
                parts.push(t.text("field-paper-seen"));
            }
            if !taken.form.is_empty() {
                parts.push(t.text(&format!("paper-{}", taken.form)));
            }
            if taken.sheets > 0 {
                parts.push(t.count("sheets-n", taken.sheets));
            }
            if taken.returned {
                parts.push(t.text("field-paper-returned"));
            }
            parts.push(taken.details.trim().to_owned());
        }
        parts.retain(|part| !part.is_empty());
        let mut row = SummaryRow::new(said(t.lang, &paper.name), readable::capital(&parts.join(", ")));
        row.remark = reason.map(|reason| t.with("kept-because", "reason", reason)).unwrap_or_default();
        group.rows.push(row);
    }
    group
}

fn consent(t: Texts, form: &Form, known: &Known, mut group: SummaryGroup) -> SummaryGroup {
    for (id, title, _, _) in &known.consent.parts {
        let given = form.consent.parts.contains(id);
        group.rows.push(SummaryRow::new(said(t.lang, title), t.text(if given { "yes" } else { "no" })));
    }
    let version = known.consent_text.split(':').next().unwrap_or_default();
    group.rows.push(SummaryRow::new(t.text("consent-version"), version));
    let by = t.text(&format!("consent-by-{}", form.consent.by));
    group.rows.push(SummaryRow::new(t.text("field-consent-by"), by));
    group
}
