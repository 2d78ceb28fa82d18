//! «Звернення»: the list with its filter, search, order and pages, all in the address.

use crate::app::{ListOrder, ListQuery, ListRow, Where, states};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer};
use crate::web::readable::either;
use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use clock::Time;
use pages::{
    Cell, Column, Field, Lang, Notice, Options, Page, Pagination, Row, Table, Tag, Texts, Tone, address, format,
};

const PER_PAGE: usize = 25;

#[derive(Template)]
#[template(path = "requests.html")]
struct Requests {
    page: Page,
    search: String,
    state: Field,
    differing: bool,
    place: String,
    places: Vec<(String, String, bool)>,
    table: Table,
    pages: Pagination,
}

/// The page.
pub async fn show(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let t = officer.t;
    let query = query.unwrap_or_default();
    let asked = |name: &str| address::value(&query, name).unwrap_or_default();
    let (search, state, place, sort) = (asked("q"), asked("state"), asked("place"), asked("sort"));
    let differing = asked("differing") == "1";
    let number = asked("page").parse::<u64>().unwrap_or(1).clamp(1, 1_000_000);
    let list = ListQuery {
        search: search.chars().take(200).collect(),
        states: states().filter(|(code, _)| *code == state).map(|(code, _)| code.to_owned()).collect(),
        differing,
        place: place_of(&place),
        order: order(&sort),
        offset: usize::try_from(number - 1).unwrap_or(0).saturating_mul(PER_PAGE),
        limit: PER_PAGE,
        ..ListQuery::default()
    };
    let (rows, total) = officer.ask(move |agent| agent.list(&list)).await?;
    let path = format!("/requests?{query}");
    let path = path.trim_end_matches('?').to_owned();
    let empty = if query.is_empty() { t.text("no-requests-yet") } else { t.text("no-such-requests") };
    let words = states().map(|(code, name)| (code, either(t.lang, name.uk, name.en)));
    let state = Field::select(
        t,
        "state",
        t.text("field-state"),
        Options::new(words, &[state.as_str()]).none(t.text("any-state")),
    );
    let here = [("", "everywhere"), ("here", "here"), ("way", "on-the-way"), ("centre", "at-the-centre")];
    let places = here.map(|(code, phrase)| (code.to_owned(), t.text(phrase), code == place)).into();
    let mut page = officer.page(t.text("nav-requests"), "/requests").await?;
    for (draft, until) in officer.ask(|agent| agent.discarded_drafts()).await? {
        let who = if draft.applicant.is_empty() { t.text("draft-unnamed") } else { draft.applicant };
        let until = format::clock_time(Time(until));
        let words = t.say("draft-discarded-of", &[("who", who.into()), ("until", until.into())]);
        let notice = Notice::new(Tone::Wait, words);
        page.notices.push(notice.action(format!("/drafts/{}/restore", draft.id), t.text("undo")));
    }
    let table = table(t, &path, &rows, t.text("requests-caption"), empty);
    let pages = Pagination { t, path, page: number, per_page: PER_PAGE as u64, total };
    Ok(html(StatusCode::OK, &Requests { page, search, state, differing, place, places, table, pages }))
}

/// Requests as a table. `path` is the list's address, which sorting keeps.
pub fn table(t: Texts, path: &str, rows: &[ListRow], caption: String, empty: String) -> Table {
    let columns = vec![
        Column::new(t.text("column-number")).sorted(path, "number"),
        Column::new(t.text("column-applicant")).sorted(path, "name"),
        Column::new(t.text("column-service")),
        Column::new(t.text("column-time")).sorted(path, "time"),
        Column::new(t.text("column-state")).sorted(path, "state"),
        Column::new(t.text("column-place")),
    ];
    Table { t, caption, quiet_caption: true, columns, rows: rows.iter().map(|row| line(t, row)).collect(), empty }
}

fn line(t: Texts, row: &ListRow) -> Row {
    let mut second = String::new();
    if row.conflicts > 0 {
        second = t.count("differences-n", row.conflicts);
    } else if row.wrong_clock {
        second = t.text("clock-was-wrong");
    }
    let service = Cell::Lines(row.service_name.clone(), row.official.clone());
    Row {
        cells: vec![
            Cell::Link(format!("/requests/{}", address::encode(&row.number)), row.number.clone()),
            Cell::Lines(row.applicant.clone(), second),
            service,
            Cell::Text(format::date_time(Time(row.created))),
            Cell::State(state_tag(t.lang, &row.state, row.state_name)),
            Cell::State(place_tag(t.lang, row.place)),
        ],
        marked: row.conflicts > 0,
    }
}

/// The state's word with its colour.
pub fn state_tag(lang: Lang, code: &str, name: crate::app::StateName) -> Tag {
    let tone = match code {
        "refused" | "withdrawn" => Tone::Stop,
        "asked" => Tone::Wait,
        "ready" | "delivered" => Tone::Ok,
        _ => Tone::Plain,
    };
    Tag::new(either(lang, name.uk, name.en), tone)
}

/// Where it is, with its colour.
pub fn place_tag(lang: Lang, place: Where) -> Tag {
    let (uk, en) = place.words();
    let tone = match place {
        Where::Here => Tone::Wait,
        Where::OnTheWay => Tone::Plain,
        Where::AtCentre => Tone::Ok,
    };
    Tag::new(either(lang, uk, en), tone)
}

fn place_of(code: &str) -> Option<Where> {
    match code {
        "here" => Some(Where::Here),
        "way" => Some(Where::OnTheWay),
        "centre" => Some(Where::AtCentre),
        _ => None,
    }
}

fn order(sort: &str) -> ListOrder {
    match sort {
        "time" => ListOrder::Oldest,
        "name" | "-name" => ListOrder::Name,
        "number" | "-number" => ListOrder::Number,
        "state" | "-state" => ListOrder::State,
        _ => ListOrder::Newest,
    }
}
