//! The queue: groups and own filters left, a table of requests, everything about the list in its address.

use super::super::ask::{Answer, Ask, Section, own_address, said, sentence, status_of};
use super::super::csv;
use super::super::guard::go_to;
use super::filters::{Filters, choices, label};
use super::typed::Typed;
use super::{facts, show};
use crate::app::{DeskError, How, QueueLine, QueueLines, QueueQuery, Taken};
use ::pages::format::{clock_time, date};
use ::pages::{Column, ErrorSummary, Notice, Page, Pagination, Sorted, Tag, Texts, Tone, address};
use askama::Template;
use axum::http::StatusCode;
use clock::Time;

/// Rows of the file at most: a spreadsheet of more is no list to look at.
const MOST_ROWS: usize = 10_000;

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    page: Page,
    groups: Vec<GroupLink>,
    own: Vec<GroupLink>,
    filters: Filters,
    here: String,
    services: Vec<(String, String)>,
    suitcases: Vec<(String, String)>,
    states: Vec<(String, String)>,
    officers: Vec<(String, String)>,
    holders: Vec<(String, String)>,
    caption: String,
    columns: Vec<Column>,
    lines: Vec<Line>,
    empty: String,
    pagination: Pagination,
    sheet: String,
    news: String,
}

struct GroupLink {
    href: String,
    label: String,
    count: Option<u64>,
    current: bool,
}

/// A row of the table.
struct Line {
    number: String,
    href: String,
    taken: String,
    applicant: String,
    service: String,
    state: String,
    due: Tag,
    place: String,
    news: String,
    holder: String,
    /// Where it is taken or given back: address and words; `None` where neither can be.
    claim: Option<(String, String)>,
    /// Where it is taken into work.
    accept: Option<String>,
    overdue: bool,
}

/// The queue.
pub(crate) async fn queue(ask: Ask) -> Answer {
    let filters = Filters::of(&ask);
    let asked = filters.clone();
    let version = ask.worker.desk.version();
    let found = ask.work(move |desk, by| desk.queue_lines(by, &asked.query(desk)?)).await;
    let (lines, error) = match found {
        Ok(lines) => (lines, None),
        Err(error) => (QueueLines { lines: Vec::new(), total: 0, page: 1, size: 50 }, Some(error)),
    };
    let (counts, now) = ask.get(|desk, by| Ok((desk.counts(by)?, desk.clock().now()))).await?;
    let choices = choices(&ask).await?;
    let t = ask.t;
    let mut page = ask.page(label(t, filters.group()), Some(Section::Queue)).await;
    let status = error.as_ref().map_or(StatusCode::OK, |error| status_of(error.kind));
    page.errors = error.map(|error| ErrorSummary::plain(t, sentence(t, &error)));
    page.notices.extend(notices(t, &ask));
    let groups = counts.groups.iter().map(|(group, count)| GroupLink {
        href: address::with("/queue", "group", group.text()),
        label: label(t, *group),
        count: Some(*count),
        current: *group == filters.group(),
    });
    let aside = GroupLink {
        href: "/set-aside".into(),
        label: t.text("set-aside"),
        count: Some(counts.set_aside as u64),
        current: false,
    };
    let here = filters.address("/queue");
    let own = choices.own.into_iter().map(|filter| GroupLink {
        current: filter.address == here,
        href: filter.address,
        label: filter.name,
        count: None,
    });
    let shown = QueuePage {
        page,
        groups: groups.chain([aside]).collect(),
        own: own.collect(),
        services: choices.services,
        suitcases: choices.suitcases,
        states: choices.states,
        officers: choices.officers,
        holders: choices.holders,
        caption: sorted_by(t, &filters),
        columns: columns(t, &filters),
        lines: lines.lines.iter().map(|line| row(t, line, &here, now)).collect(),
        empty: t.text(if filters.are_set() { "queue-nothing-found" } else { "queue-empty" }),
        pagination: Pagination {
            t,
            path: here.clone(),
            page: lines.page as u64,
            per_page: lines.size as u64,
            total: lines.total,
        },
        sheet: filters.address("/queue.csv"),
        news: news_address(&filters, &lines, version),
        here,
        filters,
    };
    Ok(show(status, &shown))
}

fn notices(t: Texts, ask: &Ask) -> Vec<Notice> {
    let done = ask.query("done");
    match done.as_str() {
        "claim" | "release" | "accept" | "filter-kept" | "filter-dropped" => {
            let words = t.text(&format!("done-{done}"));
            vec![Notice::new(Tone::Ok, words)]
        }
        "nothing-to-take" => vec![Notice::new(Tone::Wait, t.text("nothing-to-take"))],
        _ => Vec::new(),
    }
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

fn columns(t: Texts, filters: &Filters) -> Vec<Column> {
    let mut taken = column(t, filters, "col-taken", "taken");
    if filters.sort == "taken" {
        let href = address::with(&filters.address("/queue"), "sort", "-taken");
        taken.sort = Some((href, Sorted::Up));
    } else if filters.sort == "-taken" {
        taken.sort = taken.sort.map(|(href, _)| (href, Sorted::Down));
    }
    vec![
        column(t, filters, "col-number", "number"),
        taken,
        column(t, filters, "col-applicant", "applicant"),
        column(t, filters, "col-service", "service"),
        column(t, filters, "col-due", "due"),
        Column::new(t.text("col-news")),
        Column::new(t.text("col-taken-by")),
        Column::new(t.text("col-action")),
    ]
}

fn row(t: Texts, line: &QueueLine, back: &str, now: Time) -> Line {
    let row = &line.row;
    let href = facts::request_address(&row.number);
    let (due, tone) = due(t, line);
    let to = |action: &str| address::with(&format!("{href}/{action}"), "back", back);
    let claim = match (line.takeable, line.mine && !row.closed) {
        (true, _) => Some((to("claim"), t.text("take"))),
        (false, true) => Some((to("release"), t.text("give-back"))),
        (false, false) => None,
    };
    let free = row.holder.is_empty() || line.mine;
    Line {
        number: row.number.clone(),
        taken: taken_at(t, line),
        applicant: row.applicant.clone(),
        service: said(t, &row.service_name.0, &row.service_name.1),
        state: state_words(t, line),
        due: Tag::new(due, tone),
        place: facts::place(t, row.suitcase),
        news: news_age(t, line, now),
        holder: line.taken_by.clone(),
        claim,
        accept: (free && matches!(row.state, "accepted" | "registered" | "supplemented")).then(|| to("accept")),
        overdue: line.days_left.is_some_and(|days| days < 0),
        href,
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

/// «24.11 (1 роб. день)», «сьогодні», «прострочено на 2 роб. дні».
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

/// Where a page asks what changed: how many there were, which it shows, when it was made.
fn news_address(filters: &Filters, lines: &QueueLines, version: u64) -> String {
    let shown: Vec<&str> = lines.lines.iter().map(|line| line.row.number.as_str()).collect();
    let address = address::with(&filters.address("/queue/news"), "seen", &lines.total.to_string());
    let address = address::with(&address, "version", &version.to_string());
    address::with(&address, "rows", &shown.join(" "))
}

/// What changed since the page was made: of its rows in their places, of others «+1 нове, показати». Asked for every
/// second; it costs nothing while nothing changed.
pub(crate) async fn news(ask: Ask) -> Answer {
    #[derive(Template)]
    #[template(path = "news.html")]
    struct Changed {
        href: String,
        words: String,
        rows: Vec<(usize, String, String)>,
    }
    let filters = Filters::of(&ask);
    let t = ask.t;
    let nothing = |href| Changed { href, words: String::new(), rows: Vec::new() };
    if ask.query("version").parse() == Ok(ask.worker.desk.version()) {
        return Ok(show(StatusCode::OK, &nothing(filters.address("/queue"))));
    }
    let seen: u64 = ask.query("seen").parse().unwrap_or(0);
    let query = ask.path.split_once('?').map_or("", |(_, query)| query);
    let shown = address::value(query, "rows").unwrap_or_default();
    let shown: Vec<String> = shown.split_whitespace().map(str::to_owned).collect();
    let (asked, numbers) = (filters.clone(), shown.clone());
    let news = ask.get(move |desk, by| desk.news(by, &asked.query(desk)?, seen, &numbers)).await?;
    let rows = news.rows.iter().filter_map(|row| {
        let place = shown.iter().position(|number| *number == row.line.row.number)?;
        let mut state = state_words(t, &row.line);
        if row.gone {
            state = [state, t.text("row-gone")].join(" · ");
        }
        Some((place + 1, state, row.line.taken_by.clone()))
    });
    let gone = news.fewer || news.rows.iter().any(|row| row.gone);
    let words = match (news.came, gone) {
        (0, false) => String::new(),
        (0, true) => t.text("news-fewer"),
        (came, _) => t.count("news-more", came),
    };
    Ok(show(StatusCode::OK, &Changed { href: filters.address("/queue"), words, rows: rows.collect() }))
}

/// Takes the first request of the list that nobody has.
pub(crate) async fn next(ask: Ask, typed: Typed) -> Answer {
    let back = own_address(&typed.get("back")).to_owned();
    let query = back.split_once('?').map_or("", |(_, query)| query).to_owned();
    let filters = Filters::from_query(&query);
    match ask.work(move |desk, by| desk.take_next(by, &filters.query(desk)?)).await {
        Ok(Taken::Request(number)) => Ok(go_to(&address::with(&facts::request_address(&number), "done", "claim"))),
        Ok(Taken::Nothing) => Ok(go_to(&address::with(&back, "done", "nothing-to-take"))),
        Err(error) => Err(ask.refusal(&error).await),
    }
}

/// Gives the list's filter a name in the account's menu.
pub(crate) async fn keep_filter(ask: Ask, typed: Typed) -> Answer {
    let (name, back) = (typed.get("name"), typed.get("address"));
    let (named, address) = (name.clone(), back.clone());
    match ask.work(move |desk, by| desk.keep_filter(by, &named, &address)).await {
        Ok(()) => Ok(go_to(&address::with(own_address(&back), "done", "filter-kept"))),
        Err(error) => Err(ask.refusal(&error).await),
    }
}

/// Takes a named filter out of the menu.
pub(crate) async fn drop_filter(ask: Ask, typed: Typed) -> Answer {
    let name = typed.get("name");
    match ask.work(move |desk, by| desk.drop_filter(by, &name)).await {
        Ok(()) => Ok(go_to("/queue?done=filter-dropped")),
        Err(error) => Err(ask.refusal(&error).await),
    }
}

fn too_many(total: u64) -> DeskError {
    DeskError::refused(
        format!("рядків {total}, а у файл уміщується {MOST_ROWS}: звузьте відбір або період"),
        format!("{total} lines, and a file holds {MOST_ROWS}: narrow the filter or the period"),
    )
}

/// The list as a file: the same filters, the same order, all pages. Whose data it holds is noted.
pub(crate) async fn sheet(ask: Ask) -> Answer {
    let filters = Filters::of(&ask);
    let asked = filters.clone();
    let about = filters.address("/queue");
    let (lines, today) = ask
        .get(move |desk, by| {
            let query = asked.query(desk)?;
            let all = csv::every_page(MOST_ROWS, |page| {
                let found = desk.queue_lines(by, &QueueQuery { page, size: csv::AT_ONCE, ..query.clone() })?;
                if found.total > MOST_ROWS as u64 { Err(too_many(found.total)) } else { Ok(found.lines) }
            })?;
            let numbers: Vec<String> = all.iter().map(|line| line.row.number.clone()).collect();
            desk.take_along(by, &numbers, How::QueueFile, &about)?;
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
    Ok(csv::file(&format!("queue-{}-{day}", filters.group().text()), &rows))
}
