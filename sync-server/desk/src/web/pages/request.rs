//! A request's page: what it says left, what can be done and what happened right.

use super::super::ask::{Answer, Ask, Refusal, Section, as_sentence, said, sentence, status_of};
use super::actions::{self, ActionForm};
use super::{facts, show};
use crate::app::Stamp;
use crate::app::{CasePage, DeskError, How, Moment, MomentKind, Rank, ReleaseNote};
use ::pages::format::date_time;
use ::pages::{ErrorSummary, Event, Notice, Page, SummaryList, Table, Tag, Texts, Timeline, Tone};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use clock::Time;

#[derive(Template)]
#[template(path = "request.html")]
struct RequestPage {
    page: Page,
    state: Tag,
    term: Option<Tag>,
    lead: String,
    official: String,
    number: String,
    facts: SummaryList,
    papers: Table,
    forms: Vec<ActionForm>,
    hindered: Vec<(String, String)>,
    timeline: Timeline,
    shared: String,
    holder: String,
    undo: Option<(String, String, String)>,
    marks: String,
    is_administrator: bool,
}

/// What was tried and why it did not work.
pub(crate) struct Tried {
    pub action: String,
    pub typed: super::typed::Typed,
    pub error: DeskError,
}

/// The page.
pub(crate) async fn request(ask: Ask) -> Answer {
    let number = ask.param("number");
    page(&ask, &number, None).await
}

/// The page, after something that did not work or before anything.
pub(crate) async fn page(ask: &Ask, number: &str, tried: Option<Tried>) -> Answer {
    let asked = number.to_owned();
    let case = ask.get(move |desk, by| desk.case(by, &asked, How::Page)).await?;
    written(ask, &case, tried.as_ref()).await
}

async fn written(ask: &Ask, case: &CasePage, tried: Option<&Tried>) -> Result<Response, Refusal> {
    let t = ask.t;
    let view = &case.page.view;
    let number = case.number.clone();
    let mut page = ask.page(number.clone(), Some(Section::Queue)).await;
    page.errors = tried.map(|tried| ErrorSummary::plain(t, sentence(t, &tried.error)));
    page.notices.extend(notices(t, case, &ask.query("done")));
    let asked = view.clone();
    if let Some((login, at)) = case.page.holder.as_ref().filter(|(login, _)| *login != case.by)
        && !view.state().is_closed()
    {
        page.notices.push(super::held::notice(t, holder_name(case, login), *at));
    }
    if let Some(note) = ask.get(move |desk, _| desk.release_note(&asked)).await? {
        page.notices.push(release_notice(t, &note));
    }
    let (uk, en) = view.state().label();
    let shared: Vec<String> = case.page.shared_with.iter().map(u16::to_string).collect();
    let shown = RequestPage {
        state: Tag::new(said(t, uk, en), Tone::Plain),
        term: term(t, case),
        lead: [view.applicant.full_name(), said(t, &case.page.service_name.0, &case.page.service_name.1)].join(" · "),
        official: view.official.text().to_owned(),
        facts: facts::list(t, case, true),
        papers: facts::papers(t, &case.papers),
        forms: actions::forms(t, case, tried),
        hindered: actions::hindered(t, case),
        timeline: timeline(t, case),
        shared: shared.join(", "),
        holder: holder(t, case),
        undo: undo(t, case),
        marks: super::marks::marks_address(&number),
        is_administrator: ask.worker.rank >= Rank::Administrator,
        number,
        page,
    };
    Ok(show(tried.map_or(StatusCode::OK, |tried| status_of(tried.error.kind)), &shown))
}

/// «Взяла Олійник 21.11.2026 10:05»; empty for nobody.
fn holder(t: Texts, case: &CasePage) -> String {
    let Some((login, at)) = &case.page.holder else { return String::new() };
    t.say("held-by", &[("name", holder_name(case, login).into()), ("time", facts::moment(t, *at).into())])
}

fn holder_name<'a>(case: &'a CasePage, login: &'a String) -> &'a str {
    case.names.get(login).filter(|name| !name.is_empty()).unwrap_or(login)
}

/// Where the last step is taken back, which that is, and until when.
fn undo(t: Texts, case: &CasePage) -> Option<(String, String, String)> {
    let undo = case.page.undo.as_ref()?;
    let until = ::pages::format::clock_time(clock::Time(undo.until));
    let to = format!("{}/undo", facts::request_address(&case.number));
    Some((to, undo.event.clone(), t.with("undo-until", "time", until)))
}

fn term(t: Texts, case: &CasePage) -> Option<Tag> {
    let day = facts::day(&case.page.handover_due);
    let days = case.days_left?;
    Some(match days {
        ..0 => {
            Tag::new(t.say("hand-over-overdue", &[("n", days.abs().into()), ("day", day.as_str().into())]), Tone::Stop)
        }
        0 => Tag::new(t.with("hand-over-today", "day", day), Tone::Wait),
        _ => Tag::new(t.say("hand-over-in", &[("n", days.into()), ("day", day.as_str().into())]), Tone::Plain),
    })
}

/// Taken under another release than was in force on its day: which, and what that one says otherwise.
fn release_notice(t: Texts, note: &ReleaseNote) -> Notice {
    let numbers = [("taken", note.taken.into()), ("expected", note.expected.into())];
    let key = match (note.known, note.trial) {
        (false, _) => "release-note-unknown",
        (true, true) => "release-note-trial",
        (true, false) => "release-note",
    };
    let difference = note.difference.as_ref().map(|change| change.words());
    let difference = match difference {
        Some(words) => as_sentence(&said(t, &words.uk, &words.en)),
        None => t.text("release-note-same"),
    };
    let since =
        note.expected_since.map(|at| t.with("release-note-since", "time", date_time(Time(at)))).unwrap_or_default();
    let words = [t.say(key, &numbers), since, difference];
    let words: Vec<String> = words.into_iter().filter(|words| !words.is_empty()).collect();
    let link = (format!("/catalogue/releases/{}", note.expected), t.with("to-release", "number", note.expected));
    Notice::new(Tone::Wait, words.join(" ")).link(link.0, link.1)
}

fn notices(t: Texts, case: &CasePage, done: &str) -> Vec<Notice> {
    let number = &case.number;
    let mut notices = Vec::new();
    if actions::is_known(done) || done == "resolve" {
        notices.push(Notice::new(Tone::Ok, t.text(&format!("done-{}", done.replace('_', "-")))));
    }
    for fact in &case.differing {
        let key = if fact.is_proposal { "proposal-in" } else { "difference-in" };
        let words = t.with(key, "field", said(t, &fact.label.0, &fact.label.1));
        notices.push(
            Notice::new(Tone::Wait, words).link(facts::choice_address(number, &fact.key), t.text("choose-value")),
        );
    }
    if case.page.alike > 0 {
        let words = t.count("looks-like", case.page.alike as u64);
        notices.push(Notice::new(Tone::Wait, words).link(super::twins::twins_address(number), t.text("twins-compare")));
    }
    for contest in &case.page.contested {
        let first = contest.events.first().map(String::as_str).unwrap_or_default();
        let address = format!("{}/decisions/{}", facts::request_address(number), ::pages::address::encode(first));
        notices.push(Notice::new(Tone::Wait, t.text("decisions-differ")).link(address, t.text("choose-decision")));
    }
    notices
}

fn timeline(t: Texts, case: &CasePage) -> Timeline {
    let events = case.page.timeline.iter().rev().map(|moment| event(t, case, moment));
    Timeline { t, events: events.collect() }
}

/// One thing that happened, in words.
pub(crate) fn event(t: Texts, case: &CasePage, moment: &Moment) -> Event {
    let mut details = Vec::new();
    let about = match moment.code.as_str() {
        // Keys of fields are told by their labels, other records by nothing: their numbers say more than their ids.
        "resolved" | "corrected" => labels(t, case, &moment.about),
        "duplicate" | "settled" | "not_duplicate" | "undone" => String::new(),
        "notified" => super::journal::way_of(t, &moment.about),
        "prolonged" => t.with("until-day", "day", facts::day(&moment.about)),
        "released" => String::new(),
        "stamped" => return stamped(t, case, moment),
        _ => moment.about.clone(),
    };
    details.extend([about, moment.text.clone()].into_iter().filter(|text| !text.trim().is_empty()));
    let state = match moment.kind {
        MomentKind::Ignored(_) => Some(Tag::new(t.text("event-ignored"), Tone::Plain)),
        MomentKind::Note if moment.withdrawn => Some(Tag::new(t.text("note-withdrawn"), Tone::Plain)),
        _ => None,
    };
    let proven = match (moment.not_before, moment.not_after) {
        (Some(from), Some(to)) => {
            let (from, to) = (facts::moment(t, from), facts::moment(t, to));
            Some(t.say("between", &[("from", from.into()), ("to", to.into())]))
        }
        (Some(from), None) => Some(t.with("not-before", "time", facts::moment(t, from))),
        (None, to) => to.map(|at| t.with("not-after", "time", facts::moment(t, at))),
    };
    Event {
        title: title(t, &moment.code),
        when: facts::moment(t, moment.at),
        bounds: proven.unwrap_or_default(),
        who: facts::person(case, &moment.by, moment.suitcase),
        place: facts::place(t, moment.suitcase),
        details,
        state,
    }
}

/// A mark of the routing sheet: which, by whom, what it says.
fn stamped(t: Texts, case: &CasePage, moment: &Moment) -> Event {
    let plain = Moment { code: "mark".into(), about: String::new(), text: String::new(), ..moment.clone() };
    let mut event = event(t, case, &plain);
    if let Some(stamp) = Stamp::decode(&moment.about, &moment.text) {
        let (uk, en) = stamp.kind.label();
        event.title = t.say("event-mark", &[("n", stamp.kind.number().into()), ("what", said(t, uk, en).into())]);
        let day = |day: &str| if day.is_empty() { String::new() } else { facts::day(day) };
        let parts = [day(&stamp.day), stamp.person, stamp.text, stamp.number, day(&stamp.result_day), stamp.why];
        event.details = vec![parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")];
    }
    event
}

const EVENTS: [&str; 24] = [
    "accepted",
    "registered",
    "in_work",
    "handed_over",
    "asked",
    "supplemented",
    "ready",
    "refused",
    "delivered",
    "withdrawn",
    "duplicate",
    "reopened",
    "resolved",
    "settled",
    "corrected",
    "note",
    "printed",
    "undone",
    "claimed",
    "released",
    "notified",
    "prolonged",
    "not_duplicate",
    "mark",
];

fn title(t: Texts, code: &str) -> String {
    // A later version may write codes that this one does not know.
    if EVENTS.contains(&code) { t.text(&format!("event-{}", code.replace('_', "-"))) } else { code.to_owned() }
}

fn labels(t: Texts, case: &CasePage, keys: &str) -> String {
    let rows = || case.groups.iter().flat_map(|group| &group.rows);
    let label = |key: &str| rows().find(|row| row.key == key).map(|row| said(t, &row.label.0, &row.label.1));
    let known: Vec<String> = keys.split(',').filter_map(|key| label(key.trim())).collect();
    known.join(", ")
}
