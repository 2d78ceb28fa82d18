//! «Обмін»: what has not reached the centre, an item at a time; how the last attempt went, when the next one is.

use crate::app::{Attempt, Budget, Exchange as Standing, ExchangeItem, Where};
use crate::web::frame::html;
use crate::web::guard::{Answer, Officer, redirect};
use crate::web::posted::{Pairs, value};
use crate::web::readable;
use askama::Template;
use axum::Form;
use axum::extract::RawQuery;
use axum::http::header::REFRESH;
use axum::http::{HeaderValue, StatusCode};
use clock::Time;
use pages::{
    Cell, Column, Notice, Page, Pagination, Row, SummaryGroup, SummaryList, Table, Tag, Texts, Tone, address, format,
};

const PER_PAGE: usize = 25;
/// What was set aside is rare; more than this is a matter for the centre, not for a list.
const MOST_SET_ASIDE: usize = 50;

#[derive(Template)]
#[template(path = "exchange.html")]
struct Exchange {
    page: Page,
    contact: SummaryList,
    table: Table,
    pages: Pagination,
    /// How far the contact under way has come; empty if there is none.
    progress: String,
    minutes: String,
    megabytes: String,
    /// What would fit; empty if nobody asked.
    forecast: String,
}

/// While something is under way the page comes again by itself, in seconds: without JavaScript, too.
const AGAIN: &str = "3";

/// The page.
pub async fn show(officer: Officer, RawQuery(query): RawQuery) -> Answer {
    let t = officer.t;
    let query = query.unwrap_or_default();
    let typed =
        |name: &str| address::value(&query, name).unwrap_or_default().trim().chars().take(12).collect::<String>();
    let (minutes, megabytes) = (typed("minutes"), typed("megabytes"));
    let number = address::value(&query, "page").and_then(|page| page.parse::<u64>().ok());
    let number = number.unwrap_or(1).clamp(1, 1_000_000);
    let offset = usize::try_from(number - 1).unwrap_or(0).saturating_mul(PER_PAGE);
    let (status, exchange) = officer.ask(move |agent| Ok((agent.status()?, agent.exchange(offset, PER_PAGE)?))).await?;
    let mut page = officer.page(t.text("nav-exchange"), "/exchange").await?;
    for refusal in &status.refusals {
        page.notices.push(Notice::new(Tone::Stop, both(t, refusal)).title(t.text("hub-refused")));
    }
    let mut forecast = String::new();
    if !minutes.is_empty() || !megabytes.is_empty() {
        match Budget::parse(&minutes, &megabytes) {
            Ok(budget) => {
                let told = officer.ask(move |agent| agent.forecast(&budget)).await?;
                forecast = readable::either(t.lang, &told.uk, &told.en).to_owned();
            }
            Err(error) => page.notices.push(Notice::new(Tone::Stop, both(t, &error.to_string()))),
        }
    }
    // While a hub is looked for that is not there, nothing moves.
    let under_way = officer.agent.progress().filter(|progress| progress.bytes > 0);
    let progress = under_way.map(|progress| progress.words(t.lang)).unwrap_or_default();
    let contact = SummaryList { t, groups: vec![contact(t, &status, &exchange)] };
    let table = table(t, &status, &exchange, number == 1);
    let pages =
        Pagination { t, path: "/exchange".into(), page: number, per_page: PER_PAGE as u64, total: exchange.total };
    // Whoever is asking what will fit is not interrupted.
    let again = !progress.is_empty() && minutes.is_empty() && megabytes.is_empty();
    let mut shown =
        html(StatusCode::OK, &Exchange { page, contact, table, pages, progress, minutes, megabytes, forecast });
    if again {
        shown.headers_mut().insert(REFRESH, HeaderValue::from_static(AGAIN));
    }
    Ok(shown)
}

/// Sentences of the core say both languages.
fn both(t: Texts, sentence: &str) -> String {
    let (uk, en) = sentence.split_once(" / ").unwrap_or((sentence, sentence));
    readable::capital(readable::either(t.lang, uk, en))
}

fn contact(t: Texts, status: &crate::app::Status, exchange: &Standing) -> SummaryGroup {
    let last = status.last_contact.map_or_else(|| t.text("never"), |at| format::date_time(Time(at)));
    let news = match (status.news_held_back, status.news_at) {
        (true, _) => t.text("news-held-back"),
        (false, Some(at)) => aged(t, at, status.news_age),
        (false, None) => t.text("never"),
    };
    let attempt = last_attempt(t, exchange);
    let next = match exchange.next_in {
        Some(seconds) if exchange.spent && !exchange.working => t.count("next-after-limit", seconds.div_ceil(60)),
        Some(seconds) if !exchange.working => t.count("next-attempt", seconds),
        _ => String::new(),
    };
    let waiting = t.say(
        "entries-wait",
        &[("n", status.waiting_entries.into()), ("size", format::bytes(status.waiting_bytes, t.lang).into())],
    );
    let group = SummaryGroup::new(t.text("contact"), "")
        .row(t.text("waits"), waiting)
        .row(t.text("last-success"), last)
        .row(t.text("centre-news"), news)
        .row(t.text("last-attempt"), attempt)
        .row(t.text("next-attempt-label"), next)
        .row(t.text("hub-address"), status.hub.as_str());
    if status.erased == 0 { group } else { group.row(t.text("erased-here"), t.count("erased-n", status.erased)) }
}

/// When something came, and how many days ago.
fn aged(t: Texts, at: i64, age: Option<i64>) -> String {
    let days = age.unwrap_or(0) / 86_400_000;
    let time = format::date_time(Time(at));
    if days == 0 { time } else { t.say("news-aged", &[("time", time.into()), ("n", days.into())]) }
}

/// How the last attempt went. One that is under way hides nothing of why the one before it failed.
fn last_attempt(t: Texts, exchange: &Standing) -> String {
    match (&exchange.last_attempt, exchange.working) {
        (Some(before), true) if before.trouble.is_some() => t.with("sending-after", "before", attempted(t, before)),
        (_, true) => t.text("sending-now"),
        (Some(attempt), _) => attempted(t, attempt),
        (None, _) => t.text("never"),
    }
}

fn attempted(t: Texts, attempt: &Attempt) -> String {
    let time = format::date_time(Time(attempt.at));
    match &attempt.trouble {
        None => t.with("attempt-good", "time", time),
        Some(trouble) => t.say("attempt-failed", &[("time", time.into()), ("why", both(t, trouble).into())]),
    }
}

fn table(t: Texts, status: &crate::app::Status, exchange: &Standing, is_first: bool) -> Table {
    let columns = ["column-number", "column-what", "column-state", "column-size", "column-since", "column-attempt"];
    let mut rows: Vec<Row> = Vec::new();
    if is_first {
        rows.extend(status.set_aside.iter().take(MOST_SET_ASIDE).map(|aside| set_aside(t, aside)));
    }
    rows.extend(exchange.items.iter().map(|item| line(t, item, exchange)));
    // A suitcase that has recorded nothing has not sent everything either.
    let recorded = status.here + status.on_the_way + status.at_centre > 0;
    Table {
        t,
        caption: t.text("exchange-caption"),
        quiet_caption: true,
        columns: columns.map(|phrase| Column::new(t.text(phrase))).into(),
        rows,
        empty: t.text(if recorded { "all-at-centre" } else { "exchange-nothing-yet" }),
    }
}

/// Number, what, where and since when.
pub fn short_line(t: Texts, item: &ExchangeItem) -> Row {
    let since = Cell::Text(format::date_time(Time(item.since)));
    let [number, what, place] = head(t, item);
    Row { cells: vec![number, what, place, since], marked: false }
}

/// Number, what and where.
fn head(t: Texts, item: &ExchangeItem) -> [Cell; 3] {
    let what = match item.kind {
        "resident" => t.text("item-resident"),
        "consultation" => t.with("item-consultation", "what", &item.service_name),
        "visit" => t.text("item-visit"),
        _ => item.service_name.clone(),
    };
    let number = match item.kind {
        "request" => Cell::Link(format!("/requests/{}", address::encode(&item.number)), item.number.clone()),
        "consultation" => Cell::Link("/consultations".into(), t.text("consultation-short")),
        "resident" => Cell::Link(address::with("/residents", "q", &item.title), t.text("resident-short")),
        _ => Cell::Text(String::new()),
    };
    let place = Cell::State(super::requests::place_tag(t.lang, item.place));
    [number, Cell::Lines(what, item.title.clone()), place]
}

fn line(t: Texts, item: &ExchangeItem, exchange: &Standing) -> Row {
    let attempt = match (item.place, &exchange.last_attempt) {
        (Where::OnTheWay, _) => t.text("item-sent"),
        (_, Some(attempt)) if attempt.trouble.is_some() && attempt.at >= item.since => {
            t.with("item-failed", "time", format::date_time(Time(attempt.at)))
        }
        _ => t.text("item-not-tried"),
    };
    let [number, what, place] = head(t, item);
    let size = t.say("item-size", &[("n", item.entries.into()), ("size", format::bytes(item.bytes, t.lang).into())]);
    Row {
        cells: vec![
            number,
            what,
            place,
            Cell::Text(size),
            Cell::Text(format::date_time(Time(item.since))),
            Cell::Text(attempt),
        ],
        marked: false,
    }
}

/// What the centre opened and did not take.
fn set_aside(t: Texts, aside: &crate::app::SetAside) -> Row {
    let number = match aside.number.as_str() {
        "" => Cell::Text(t.with("entry-number", "seq", aside.seq)),
        number => Cell::Link(format!("/requests/{}", address::encode(number)), number.to_owned()),
    };
    Row {
        cells: vec![
            number,
            Cell::Lines(both(t, &aside.why), t.text(if aside.erased { "set-aside-erased" } else { "set-aside-next" })),
            Cell::State(Tag::new(t.text(if aside.erased { "state-erased" } else { "state-set-aside" }), Tone::Stop)),
            Cell::Text(String::new()),
            Cell::Text(String::new()),
            Cell::Text(t.text("item-sent")),
        ],
        marked: true,
    }
}

/// «Спробувати зараз», with or without limits.
pub async fn now(officer: Officer, Form(pairs): Form<Pairs>) -> Answer {
    let (minutes, megabytes) = (value(&pairs, "minutes"), value(&pairs, "megabytes"));
    let budget = match Budget::parse(minutes, megabytes) {
        Ok(budget) => budget,
        // The page says what is wrong with them.
        Err(_) => return Ok(redirect(&limits(minutes, megabytes), None)),
    };
    officer.agent.hurry_within(budget);
    // The attempt begins at once; a moment later the page has something to say about it.
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    Ok(redirect("/exchange", None))
}

fn limits(minutes: &str, megabytes: &str) -> String {
    format!("/exchange?minutes={}&megabytes={}", address::encode(minutes), address::encode(megabytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};
    use crate::web::PHRASES;
    use pages::Lang;

    #[test]
    fn while_it_tries_again_why_the_last_attempt_failed_still_stands_there() {
        let (_bench, agent) = agent();
        agent.save(&sample_form(), None).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        // Nobody listens at the hub's address.
        runtime.block_on(agent.sync()).unwrap_err();
        let mut exchange = agent.exchange(0, 25).unwrap();
        exchange.working = true;
        for (lang, now, why) in
            [(Lang::Uk, "Надсилаю…", "невдала. Немає зв’язку"), (Lang::En, "Sending…", "failed. No connection")]
        {
            let t = Texts::with_own(lang, &PHRASES);
            let said = last_attempt(t, &exchange);
            assert!(said.starts_with(now) && said.contains(why) && said.contains("21.11.2026"), "{said}");
            let header = crate::web::frame::sentence(
                t,
                &agent.status().unwrap(),
                &crate::app::SyncState {
                    working: true, trouble: Some("немає зв’язку".into()), ..Default::default()
                },
            );
            assert!(header.starts_with(now) && header.len() > now.len(), "{header}");
        }
        // What went well hides nothing, and a first attempt has nothing before it.
        let good = Attempt { trouble: None, ..exchange.last_attempt.clone().unwrap() };
        for before in [Some(good), None] {
            exchange.last_attempt = before;
            assert_eq!(last_attempt(Texts::with_own(Lang::Uk, &PHRASES), &exchange), "Надсилаю…");
        }
    }
}
