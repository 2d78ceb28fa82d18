//! The journal of registered requests: its page, its paper, its file, and the open data without people.

use super::super::ask::{Answer, Ask, Section, said, sentence, status_of};
use super::super::csv;
use super::{facts, filters, show, unread};
use crate::app::RequestOutcome as Outcome;
use crate::app::Stamp;
use crate::app::{DeskError, How, JournalPage, JournalQuery, JournalRow, OpenDataRow, Unread};
use ::pages::format::{NOTHING, money, phone, tax_number};
use ::pages::{ErrorSummary, Page, Pagination, Texts, address, assets};
use askama::Template;
use axum::http::StatusCode;

/// Lines of a file, and of the paper, at most.
const MOST_LINES: usize = 10_000;
const MOST_PRINTED: usize = 1_000;

/// The columns, by the keys of their names.
const COLUMNS: [&str; 18] = [
    "journal-official",
    "journal-submitted",
    "journal-registered",
    "journal-applicant",
    "journal-representative",
    "journal-contact",
    "journal-service",
    "journal-provider",
    "journal-sheets",
    "journal-fee",
    "journal-officer",
    "journal-handed-over",
    "journal-due",
    "journal-result",
    "journal-returned",
    "journal-told",
    "journal-received",
    "journal-state",
];

#[derive(Template)]
#[template(path = "journal.html")]
struct Shown {
    page: Page,
    filters: filters::Filters,
    services: Vec<(String, String)>,
    suitcases: Vec<(String, String)>,
    columns: Vec<String>,
    rows: Vec<Line>,
    pagination: Pagination,
    total: u64,
    sheet: String,
    open_data: String,
    print: String,
    turn: (String, String),
    empty: String,
}

struct Line {
    href: String,
    number: String,
    cells: Vec<Vec<String>>,
}

#[derive(Template)]
#[template(path = "journal_print.html")]
struct Printed {
    t: Texts,
    centre: String,
    period: String,
    back: String,
    columns: Vec<String>,
    rows: Vec<Vec<Vec<String>>>,
    left_out: u64,
}

impl Printed {
    fn asset(&self, name: &str) -> String {
        assets::url(name)
    }
}

/// The page.
pub(crate) async fn journal(ask: Ask) -> Answer {
    let filters = filters::Filters::of(&ask);
    let asked = filters.clone();
    let found = ask.work(move |desk, by| desk.journal(by, &asked.journal(desk)?, How::Journal)).await;
    let (found, error) = match found {
        Ok(page) => (page, None),
        Err(error) => (JournalPage { rows: Vec::new(), unread: Vec::new(), total: 0, page: 1, size: 50 }, Some(error)),
    };
    let choices = filters::choices(&ask).await?;
    let t = ask.t;
    let mut page = ask.page(t.text("journal"), Some(Section::Journal)).await;
    let status = error.as_ref().map_or(StatusCode::OK, |error| status_of(error.kind));
    page.errors = error.map(|error| ErrorSummary::plain(t, sentence(t, &error)));
    page.notices.extend(unread::notice(t, "list-unread", &found.unread));
    let here = filters.address("/journal");
    let turned = if filters.sort == "oldest" { "newest" } else { "oldest" };
    let turn = (address::with(&here, "sort", turned), t.text(&format!("journal-{turned}")));
    let lines = found.rows.iter().map(|row| Line {
        href: facts::request_address(&row.number),
        number: row.number.clone(),
        cells: cells(t, row),
    });
    let shown = Shown {
        page,
        services: choices.services,
        suitcases: choices.suitcases,
        columns: COLUMNS.iter().map(|key| t.text(key)).collect(),
        rows: lines.collect(),
        pagination: Pagination {
            t,
            path: here,
            page: found.page as u64,
            per_page: found.size as u64,
            total: found.total,
        },
        total: found.total,
        sheet: filters.address("/journal.csv"),
        open_data: filters.address("/journal/open-data.csv"),
        print: filters.address("/journal/print"),
        turn,
        empty: t.text(if filters.are_set() { "queue-nothing-found" } else { "journal-empty" }),
        filters,
    };
    Ok(show(status, &shown))
}

/// All lines of a period, the first registered first, and how many there are. Where there are more than `most`, the
/// first so many if they may be cut, else it is refused before anything is read.
async fn all(
    ask: &Ask,
    how: How,
    most: usize,
    may_cut: bool,
) -> Result<(Vec<JournalRow>, u64), super::super::ask::Refusal> {
    let filters = filters::Filters::of(ask);
    ask.get(move |desk, by| {
        let query = JournalQuery { newest: false, size: csv::AT_ONCE, ..filters.journal(desk)? };
        let mut total = 0;
        let rows = csv::every_page(most, |page| {
            if !may_cut {
                desk.journal_fits(by, &query, most)?;
            }
            let found = desk.journal(by, &JournalQuery { page, ..query.clone() }, how)?;
            Unread::none_of(&found.unread)?;
            total = found.total;
            Ok::<_, DeskError>(found.rows)
        })?;
        Ok((rows, total))
    })
    .await
}

/// The journal as a file.
pub(crate) async fn sheet(ask: Ask) -> Answer {
    let (rows, _) = all(&ask, How::JournalFile, MOST_LINES, false).await?;
    let t = ask.t;
    let mut lines = vec![COLUMNS.iter().map(|key| t.text(key)).collect::<Vec<_>>()];
    lines.extend(rows.iter().map(|row| cells(t, row).into_iter().map(|cell| cell.join("; ")).collect()));
    Ok(csv::file("journal", &lines))
}

/// The open data.
pub(crate) async fn open_data(ask: Ask) -> Answer {
    let filters = filters::Filters::of(&ask);
    let rows = ask.get(move |desk, by| desk.open_data(by, &filters.journal(desk)?, MOST_LINES)).await?;
    let heads = [
        "uid",
        "registrationDateTime",
        "code",
        "title",
        "authorityId",
        "authorityName",
        "applicantType",
        "applicantName",
        "applicantId",
        "status",
        "providDate",
        "amount",
        "currency",
        "issuedDate",
    ];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    lines.extend(rows.into_iter().map(open_data_line));
    Ok(csv::file("open-data", &lines))
}

/// In the form of the annex: dates ISO 8601, sums with a point, `null` for what there is not.
fn open_data_line(row: OpenDataRow) -> Vec<String> {
    let or_null = |text: String| if text.is_empty() { "null".to_owned() } else { text };
    let amount = row.amount.map(|kopiykas| format!("{}.{:02}", kopiykas / 100, kopiykas % 100));
    vec![
        row.uid,
        row.registered_at,
        row.code,
        row.title,
        or_null(row.authority_code),
        or_null(row.authority),
        if row.is_legal { "юридична" } else { "фізична" }.to_owned(),
        or_null(row.applicant),
        or_null(row.applicant_code),
        row.status.to_owned(),
        or_null(row.provided),
        amount.unwrap_or_else(|| "null".to_owned()),
        "UAH".to_owned(),
        or_null(row.issued),
    ]
}

/// The journal on paper.
pub(crate) async fn print(ask: Ask) -> Answer {
    let filters = filters::Filters::of(&ask);
    let (rows, total) = all(&ask, How::JournalFile, MOST_PRINTED, true).await?;
    let centre = ask.get(|desk, _| Ok(desk.profile()?.name)).await?;
    let t = ask.t;
    let either = |text: &str| if text.is_empty() { NOTHING.to_owned() } else { text.to_owned() };
    let period = t.say("journal-period", &[("from", either(&filters.from).into()), ("to", either(&filters.to).into())]);
    let shown = Printed {
        t,
        centre,
        period,
        back: filters.address("/journal"),
        columns: COLUMNS.iter().map(|key| t.text(key)).collect(),
        left_out: total.saturating_sub(rows.len() as u64),
        rows: rows.iter().map(|row| cells(t, row)).collect(),
    };
    Ok(show(StatusCode::OK, &shown))
}

/// The cells of a line: each a few lines of text; what is not known is left out.
fn cells(t: Texts, row: &JournalRow) -> Vec<Vec<String>> {
    let day = |day: &str| if day.is_empty() { String::new() } else { facts::day(day) };
    let named = |key: &str, text: String| if text.is_empty() { text } else { t.with(key, "value", text) };
    let at = |at: Option<i64>| at.map(|at| facts::moment(t, at)).unwrap_or_default();
    let code = if row.form == "legal" { row.code.clone() } else { tax_number(&row.code) };
    let fee = row.fee.map(|kopiykas| money(u64::try_from(kopiykas).unwrap_or(0))).unwrap_or_default();
    let sheets = if row.sheets > 0 {
        t.count("journal-sheets-n", u64::try_from(row.sheets).unwrap_or(0))
    } else {
        String::new()
    };
    let channel = match row.channel.as_str() {
        "visit" | "desk" => t.text(&format!("journal-by-{}", row.channel)),
        other => other.to_owned(),
    };
    let suitcase = row.suitcase.map(|number| t.with("suitcase-n", "number", number)).unwrap_or_default();
    let stamp = |stamp: &Option<Stamp>| match stamp {
        Some(stamp) => vec![day(&stamp.day), stamp.text.clone(), stamp.person.clone()],
        None => Vec::new(),
    };
    let told = row.told.as_ref().map_or_else(Vec::new, |(at, way)| vec![facts::moment(t, *at), way_of(t, way)]);
    let (state_uk, state_en) = row.state.label();
    let all = vec![
        vec![row.official.clone(), row.number.clone()],
        vec![facts::moment(t, row.submitted_at)],
        vec![at(row.registered_at), named("journal-arrived", at(row.arrived_at))],
        vec![row.applicant.clone(), t.text(&format!("form-{}", row.form)), code],
        vec![row.representative.clone()],
        std::iter::once(row.address.clone())
            .chain(row.phones.iter().map(|number| phone(number)))
            .chain([row.email.clone()])
            .collect(),
        vec![said(t, &row.service_name.0, &row.service_name.1), row.service.clone()],
        vec![row.provider.clone()],
        vec![sheets, channel],
        vec![fee, row.fee_receipt.clone()],
        vec![row.officer.clone(), suitcase, named("journal-visit", row.visit.clone())],
        stamp(&row.handed_over),
        vec![
            day(&row.due),
            named("journal-prolonged", day(&row.prolonged)),
            named("journal-decided", day(&row.decided)),
        ],
        result(t, row),
        vec![day(&row.returned)],
        told,
        stamp(&row.received),
        std::iter::once(said(t, state_uk, state_en))
            .chain(row.notes.iter().cloned())
            .chain([named("journal-category", row.category.clone())])
            .collect(),
    ];
    all.into_iter().map(|cell| cell.into_iter().filter(|line| !line.trim().is_empty()).collect()).collect()
}

fn result(t: Texts, row: &JournalRow) -> Vec<String> {
    let mut lines = Vec::new();
    match row.outcome {
        Some(Outcome::Granted) => lines.push(t.text("outcome-granted")),
        Some(Outcome::Refused) => lines.extend([t.text("outcome-refused"), row.ground.clone()]),
        None => {}
    }
    if let Some(stamp) = &row.considered {
        let number = if stamp.number.is_empty() { String::new() } else { format!("№ {}", stamp.number) };
        let day = if stamp.result_day.is_empty() { String::new() } else { facts::day(&stamp.result_day) };
        lines.extend([stamp.text.clone(), [day, number].join(" ").trim().to_owned()]);
    }
    lines
}

/// How somebody was told, in words.
pub(crate) fn way_of(t: Texts, way: &str) -> String {
    match way {
        "phone" | "post" | "email" | "person" | "sms" => t.text(&format!("way-{way}")),
        other => other.to_owned(),
    }
}
