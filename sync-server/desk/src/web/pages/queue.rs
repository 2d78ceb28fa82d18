//! The queue: groups left, a table of requests, filters and order in the address.

use super::super::ask::{Answer, Ask, Section, said};
use super::super::csv;
use super::{facts, show};
use crate::app::{Desk, DeskError, Group, QueueLine, QueueLines, QueueOrder, QueueQuery};
use ::pages::format::{clock_time, date};
use ::pages::{Cell, Column, ErrorSummary, Page, Pagination, Row, Sorted, Table, Tag, Texts, Tone, address};
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use clock::Time;

/// Rows of the file at most: a spreadsheet of more is no list to look at.
const MOST_ROWS: usize = 10_000;

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    page: Page,
    groups: Vec<GroupLink>,
    filters: Filters,
    services: Vec<(String, String)>,
    suitcases: Vec<(String, String)>,
    table: Table,
    pagination: Pagination,
    sheet: String,
    news: String,
}

struct GroupLink {
    href: String,
    label: String,
    count: u64,
    current: bool,
}

/// What the address says about the list.
#[derive(Debug, Clone, Default)]
struct Filters {
    group: String,
    search: String,
    service: String,
    suitcase: String,
    from: String,
    to: String,
    sort: String,
    page: String,
}

impl Filters {
    fn of(ask: &Ask) -> Self {
        let [group, search, service, suitcase] = ["group", "q", "service", "suitcase"].map(|name| ask.query(name));
        let [from, to, sort, page] = ["from", "to", "sort", "page"].map(|name| ask.query(name));
        Self { group, search, service, suitcase, from, to, sort, page }
    }

    fn group(&self) -> Group {
        Group::from_text(&self.group).unwrap_or(Group::New)
    }

    fn are_set(&self) -> bool {
        [&self.search, &self.service, &self.suitcase, &self.from, &self.to].iter().any(|text| !text.is_empty())
    }

    /// The list's address with everything but the page.
    fn address(&self, path: &str) -> String {
        let mut address = address::with(path, "group", self.group().text());
        let values = [
            ("q", &self.search),
            ("service", &self.service),
            ("suitcase", &self.suitcase),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
        ];
        for (name, value) in values {
            if !value.is_empty() {
                address = address::with(&address, name, value);
            }
        }
        address
    }

    fn query(&self, desk: &Desk) -> Result<QueueQuery, DeskError> {
        let suitcase = match self.suitcase.as_str() {
            "" => None,
            number => Some(number.parse().map_err(|_| no_number(number))?),
        };
        Ok(QueueQuery {
            group: self.group(),
            service: self.service.clone(),
            suitcase,
            search: self.search.clone(),
            from: moment(&self.from, |day| desk.start_of_day(day))?,
            until: moment(&self.to, |day| desk.end_of_day(day))?,
            order: match self.sort.as_str() {
                "-taken" => QueueOrder::Newest,
                other => QueueOrder::from_text(other).unwrap_or_default(),
            },
            page: self.page.parse().unwrap_or(1),
            ..QueueQuery::default()
        })
    }
}

/// A typed day, 21.11.2026 or 2026-11-21, as a moment.
fn moment(typed: &str, at: impl Fn(&str) -> Option<i64>) -> Result<Option<i64>, DeskError> {
    if typed.is_empty() {
        return Ok(None);
    }
    let parts: Vec<&str> = typed.split(['.', '/', '-', ' ']).collect();
    let day = match parts[..] {
        [day, month, year] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => typed.to_owned(),
    };
    at(&day).map(Some).ok_or_else(|| {
        let typed: String = typed.chars().take(30).collect();
        DeskError::refused(
            format!("«{typed}» — не дата: напишіть, наприклад, 21.11.2026"),
            format!("«{typed}» is no date: write it as 21.11.2026"),
        )
    })
}

fn no_number(number: &str) -> DeskError {
    let number: String = number.chars().take(20).collect();
    DeskError::refused(
        format!("«{number}» — не номер валізи: виберіть валізу зі списку"),
        format!("«{number}» is no suitcase's number: choose one from the list"),
    )
}

/// The queue.
pub(crate) async fn queue(ask: Ask) -> Answer {
    let filters = Filters::of(&ask);
    let asked = filters.clone();
    let found = ask.work(move |desk, by| desk.queue_lines(by, &asked.query(desk)?)).await;
    let (lines, error) = match found {
        Ok(lines) => (lines, None),
        Err(error) => (QueueLines { lines: Vec::new(), total: 0, page: 1, size: 50 }, Some(error)),
    };
    let (counts, suitcases, services, now) =
        ask.get(|desk, _| Ok((desk.counts()?, desk.suitcases()?, desk.service_names(), desk.clock().now()))).await?;
    let t = ask.t;
    let mut page = ask.page(label(t, filters.group()), Some(Section::Queue)).await;
    let status = error.as_ref().map_or(StatusCode::OK, |error| super::super::ask::status_of(error.kind));
    page.errors = error.map(|error| ErrorSummary::plain(t, super::super::ask::sentence(t, &error)));
    let groups = counts.groups.iter().map(|(group, count)| GroupLink {
        href: address::with("/queue", "group", group.text()),
        label: label(t, *group),
        count: *count,
        current: *group == filters.group(),
    });
    let mut numbers: Vec<String> = suitcases.iter().map(|suitcase| suitcase.number.to_string()).collect();
    numbers.dedup();
    let suitcases = numbers.into_iter().map(|number| (number.clone(), t.with("suitcase-n", "number", number)));
    let mut services: Vec<_> = services.into_iter().map(|(slug, name)| (slug, said(t, &name.0, &name.1))).collect();
    services.sort_by_key(|(_, name)| name.to_lowercase());
    let here = filters.address("/queue");
    let news = address::with(&filters.address("/queue/news"), "seen", &lines.total.to_string());
    let shown = QueuePage {
        page,
        groups: groups.collect(),
        services,
        suitcases: suitcases.collect(),
        table: table(t, &filters, &lines, now),
        pagination: Pagination {
            t,
            path: here,
            page: lines.page as u64,
            per_page: lines.size as u64,
            total: lines.total,
        },
        sheet: filters.address("/queue.csv"),
        news,

        filters,
    };
    Ok(show(status, &shown))
}

fn label(t: Texts, group: Group) -> String {
    let (uk, en) = group.label();
    said(t, uk, en)
}

fn sorted_by(t: Texts, filters: &Filters) -> String {
    let key = match filters.sort.as_str() {
        "-taken" | "newest" => "sorted-newest",
        "applicant" => "sorted-applicant",
        "number" => "sorted-number",
        "service" => "sorted-service",
        "state" => "sorted-state",
        "changed" => "sorted-changed",
        _ => "sorted-due",
    };
    t.text(key)
}

fn column(t: Texts, filters: &Filters, key: &str, by: &str) -> Column {
    let mut column = Column::new(t.text(key));
    let href = address::with(&filters.address("/queue"), "sort", by);
    let now = if filters.sort.is_empty() { "due" } else { filters.sort.as_str() };
    column.sort = Some((href, if now == by { Sorted::Up } else { Sorted::No }));
    column
}

fn table(t: Texts, filters: &Filters, lines: &QueueLines, now: Time) -> Table {
    let mut taken = column(t, filters, "col-taken", "taken");
    if filters.sort == "taken" {
        let href = address::with(&filters.address("/queue"), "sort", "-taken");
        taken.sort = Some((href, Sorted::Up));
    } else if filters.sort == "-taken" {
        taken.sort = taken.sort.map(|(href, _)| (href, Sorted::Down));
    }
    let columns = vec![
        column(t, filters, "col-number", "number"),
        taken,
        column(t, filters, "col-applicant", "applicant"),
        column(t, filters, "col-service", "service"),
        column(t, filters, "col-due", "due"),
        Column::new(t.text("col-news")),
        Column::new(t.text("col-taken-by")),
        Column::new(t.text("col-action")),
    ];
    let back = filters.address("/queue");
    let rows = lines.lines.iter().map(|line| row(t, line, &back, now)).collect();
    let empty = t.text(if filters.are_set() { "queue-nothing-found" } else { "queue-empty" });
    Table { t, caption: sorted_by(t, filters), quiet_caption: false, columns, rows, empty }
}

fn row(t: Texts, line: &QueueLine, back: &str, now: Time) -> Row {
    let row = &line.row;
    let address = facts::request_address(&row.number);
    let (due, tone) = due(t, line);
    let action = if line.takeable {
        let to = address::with(&format!("{address}/accept"), "back", back);
        Cell::Action { to, words: t.text("take"), key: "KeyC" }
    } else {
        Cell::Text(String::new())
    };
    let (place, news) = (facts::place(t, row.suitcase), news_age(t, line, now));
    Row {
        cells: vec![
            Cell::Link(address, row.number.clone()),
            Cell::Text(taken_at(t, line)),
            Cell::Text(row.applicant.clone()),
            Cell::Lines(said(t, &row.service_name.0, &row.service_name.1), state_words(t, line)),
            Cell::State(Tag::new(due, tone)),
            if news.is_empty() { Cell::Text(place) } else { Cell::Lines(place, news) },
            Cell::Text(line.taken_by.clone()),
            action,
        ],
        marked: line.days_left.is_some_and(|days| days < 0),
    }
}

fn taken_at(t: Texts, line: &QueueLine) -> String {
    let at = Time(line.row.submitted_at);
    if line.row.clock_wrong || !at.is_plausible() {
        return t.text("clock-wrong");
    }
    let date = date(at);
    format!("{} {}", date.get(..5).unwrap_or(&date), clock_time(at))
}

fn state_words(t: Texts, line: &QueueLine) -> String {
    let mut words = vec![said(t, line.row.state_label.0, line.row.state_label.1)];
    if line.row.conflicts > 0 {
        words.push(t.count("differences-n", line.row.conflicts));
    }
    if line.row.proposals {
        words.push(t.text("has-proposals"));
    }
    if line.row.contested {
        words.push(t.text("has-contest"));
    }
    words.join(" · ")
}

/// «24.11 (1 р. дн.)», «сьогодні», «прострочено на 2 р. дн.».
fn due(t: Texts, line: &QueueLine) -> (String, Tone) {
    let day = facts::day(&line.row.handover_due);
    let short = day.get(..5).unwrap_or(&day).to_owned();
    match line.days_left {
        None => ("—".to_owned(), Tone::Plain),
        Some(days) if days < 0 || line.row.overdue => {
            (t.say("overdue-by", &[("n", days.abs().max(1).into()), ("day", short.as_str().into())]), Tone::Stop)
        }
        Some(0) => (t.with("due-today", "day", short), Tone::Wait),
        Some(days) => (t.say("due-in", &[("n", days.into()), ("day", short.as_str().into())]), Tone::Plain),
    }
}

fn news_age(t: Texts, line: &QueueLine, now: Time) -> String {
    line.heard_at.map(|at| age(t, now.since(Time(at)).as_secs())).unwrap_or_default()
}

/// «14 хв тому», «2 дні тому».
pub(crate) fn age(t: Texts, seconds: u64) -> String {
    match seconds {
        0..60 => t.text("just-now"),
        60..3_600 => t.count("minutes-ago", seconds / 60),
        3_600..86_400 => t.count("hours-ago", seconds / 3_600),
        _ => t.count("days-ago", seconds / 86_400),
    }
}

/// «+1 нове, показати»: asked for every second; says nothing while nothing changed.
pub(crate) async fn news(ask: Ask) -> Answer {
    #[derive(Template)]
    #[template(path = "news.html")]
    struct News {
        href: String,
        words: String,
    }
    let filters = Filters::of(&ask);
    let seen: u64 = ask.query("seen").parse().unwrap_or(0);
    let asked = filters.clone();
    let total =
        ask.get(move |desk, _| Ok(desk.queue(&QueueQuery { size: 1, page: 1, ..asked.query(desk)? })?.total)).await?;
    let words = match total.cmp(&seen) {
        std::cmp::Ordering::Greater => ask.t.count("news-more", total - seen),
        std::cmp::Ordering::Less => ask.t.text("news-fewer"),
        std::cmp::Ordering::Equal => String::new(),
    };
    Ok(show(StatusCode::OK, &News { href: filters.address("/queue"), words }))
}

/// The list as a file: the same filters, the same order, all pages.
pub(crate) async fn sheet(ask: Ask) -> Answer {
    let filters = Filters::of(&ask);
    let asked = filters.clone();
    let (lines, today) = ask
        .get(move |desk, by| {
            let query = asked.query(desk)?;
            let mut all = Vec::new();
            for page in 1.. {
                let found = desk.queue_lines(by, &QueueQuery { page, size: 500, ..query.clone() })?;
                let last = found.lines.len() < 500;
                all.extend(found.lines);
                if last || all.len() >= MOST_ROWS {
                    break;
                }
            }
            Ok((all, desk.clock().now()))
        })
        .await?;
    let t = ask.t;
    let heads = [
        "col-number",
        "col-official",
        "col-taken",
        "col-applicant",
        "col-service",
        "col-state",
        "col-due",
        "col-suitcase",
        "col-taken-by",
    ];
    let mut rows: Vec<Vec<String>> = vec![heads.iter().map(|key| t.text(key)).collect()];
    rows.extend(lines.iter().map(|line| {
        let row = &line.row;
        vec![
            row.number.clone(),
            row.official.clone(),
            facts::moment(t, row.submitted_at),
            row.applicant.clone(),
            said(t, &row.service_name.0, &row.service_name.1),
            said(t, row.state_label.0, row.state_label.1),
            if row.handover_due.is_empty() { String::new() } else { facts::day(&row.handover_due) },
            row.suitcase.map(|number| number.to_string()).unwrap_or_default(),
            line.taken_by.clone(),
        ]
    }));
    let day: String = date(today).split('.').rev().collect::<Vec<_>>().join("-");
    let name = format!("attachment; filename=\"queue-{}-{day}.csv\"", filters.group().text());
    let head = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((head, csv::table(rows.iter().map(Vec::as_slice))).into_response())
}
