//! The routing sheet of a request: its five marks with every correction, a form for each, and the paper.

use super::super::ask::{Answer, Ask, Section, said, sentence, status_of};
use super::super::guard::go_to;
use super::filters::kept_day;
use super::typed::Typed;
use super::{Form, Part, facts, held, parts, show};
use crate::app::{Answer as Decision, DeskError, ErrorKind, MarkLine, Marks};
use crate::app::{Stamp, StampKind};
use ::pages::format::paper_date;
use ::pages::{
    Cell, Column, ConsideredStamp, DeliveredStamp, ErrorSummary, Field, HandedOverStamp, Lang, Notice, PaperPage,
    RegisteredStamp, ReturnedStamp, RoutingSheet, Row, Table, Tag, Texts, Tone, address,
};
use axum::http::StatusCode;

/// Where the marks of a request are.
pub(crate) fn marks_address(number: &str) -> String {
    format!("{}/marks", facts::request_address(number))
}

/// All marks of a request.
pub(crate) async fn marks(ask: Ask) -> Answer {
    let number = ask.param("number");
    let marks = ask.get(move |desk, by| desk.marks(by, &number)).await?;
    let t = ask.t;
    let mut page = ask.page(t.with("marks-title", "number", &marks.number), Some(Section::Queue)).await;
    if ask.query("done") == "mark" {
        page.notices.push(Notice::new(Tone::Ok, t.text("done-mark")));
    }
    let mut all = vec![Part::Words(format!("{} · {}", marks.applicant, said(t, &marks.service.0, &marks.service.1)))];
    for kind in StampKind::ALL {
        let (uk, en) = kind.label();
        all.push(Part::Heading(format!("{}. {}", kind.number(), said(t, uk, en))));
        let lines: Vec<&MarkLine> = marks.lines.iter().filter(|line| line.stamp.kind == kind).collect();
        if lines.is_empty() {
            all.push(Part::Words(t.text("mark-none")));
        } else {
            all.push(Part::Table(table(t, kind, &lines)));
        }
        if may_be_put(&marks, kind) {
            let words = t.text(if lines.is_empty() { "mark-put" } else { "mark-correct" });
            all.push(Part::Link(format!("{}/{}", marks_address(&marks.number), kind.number()), words));
        }
    }
    all.push(Part::Link(format!("{}/sheet", facts::request_address(&marks.number)), t.text("print-sheet")));
    all.push(Part::Link(facts::request_address(&marks.number), t.text("back-to-request")));
    Ok(parts(StatusCode::OK, page, all))
}

fn may_be_put(marks: &Marks, kind: StampKind) -> bool {
    let goes_on = kind == StampKind::Consideration && marks.standing(StampKind::HandOver).is_some();
    goes_on || marks.standing(kind).is_some()
}

fn table(t: Texts, kind: StampKind, lines: &[&MarkLine]) -> Table {
    let columns = ["mark-day", "mark-what", "mark-person", "mark-by", "col-state"].map(|key| Column::new(t.text(key)));
    let rows = lines.iter().map(|line| {
        let stamp = &line.stamp;
        let mut what: Vec<String> = Vec::new();
        let mut add = |key: &str, value: String| {
            if !value.is_empty() {
                what.push(t.with(key, "value", value));
            }
        };
        let day = |day: &str| if day.is_empty() { String::new() } else { facts::day(day) };
        add("mark-number", stamp.number.clone());
        add(if kind == StampKind::HandOver { "mark-provider" } else { "mark-text" }, stamp.text.clone());
        add("mark-term", day(&stamp.term));
        add("mark-result-day", day(&stamp.result_day));
        add("mark-why", stamp.why.clone());
        let state = match (line.replaced, line.from_step) {
            (true, _) => Tag::new(t.text("mark-replaced"), Tone::Plain),
            (false, true) => Tag::new(t.text("mark-from-step"), Tone::Wait),
            (false, false) => Tag::new(t.text("mark-stands"), Tone::Ok),
        };
        Row {
            cells: vec![
                Cell::Text(day(&stamp.day)),
                Cell::Text(what.join(" · ")),
                Cell::Text(stamp.person.clone()),
                Cell::Lines(line.by.clone(), facts::moment(t, line.at)),
                Cell::State(state),
            ],
            marked: false,
        }
    });
    let (uk, en) = kind.label();
    Table {
        t,
        caption: said(t, uk, en),
        quiet_caption: true,
        columns: columns.into(),
        rows: rows.collect(),
        empty: String::new(),
    }
}

/// The form of one mark.
pub(crate) async fn form(ask: Ask) -> Answer {
    formed(&ask, None, None).await
}

async fn formed(ask: &Ask, typed: Option<&Typed>, error: Option<DeskError>) -> Answer {
    let (number, kind) = (ask.param("number"), kind_of(ask));
    let Some(kind) = kind else { return Ok(go_to(&marks_address(&number))) };
    let wanted = number.clone();
    let (marks, today) = ask.get(move |desk, by| Ok((desk.marks(by, &wanted)?, desk.clock().now()))).await?;
    let t = ask.t;
    let (uk, en) = kind.label();
    let mut page = ask.page(format!("{}: {}", said(t, uk, en), marks.number), Some(Section::Queue)).await;
    page.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let standing = marks.standing(kind);
    let stamp = standing.map_or_else(|| Stamp::new(kind), |line| line.stamp.clone());
    let stamp = match typed {
        Some(typed) => Stamp { kind, ..stamp_of(typed, kind, "mark") },
        None => stamp,
    };
    let today = ::pages::format::date(today);
    let mut fields = mark_fields(t, kind, "mark", &stamp, &today);
    if kind == StampKind::HandOver || kind == StampKind::Receipt || kind == StampKind::Return {
        let label = t.text(if kind == StampKind::HandOver { "label-mark-provider" } else { "label-mark-text" });
        fields.push(Field::text(t, "mark-text", label).optional().value(stamp.text.clone()));
    }
    if standing.is_some_and(|line| !line.from_step) {
        let why = Field::text(t, "mark-why", t.text("label-mark-why")).hint(t.text("hint-mark-why")).optional();
        fields.push(why.value(typed.map(|typed| typed.get("mark-why")).unwrap_or_default()));
    }
    let to = format!("{}/{}", marks_address(&marks.number), kind.number());
    let status = error.map_or(StatusCode::OK, |error| status_of(error.kind));
    let form = Form { to, fields, button: t.text("mark-save"), tone: "button-primary" };
    let back = Part::Link(marks_address(&marks.number), t.text("back-to-marks"));
    Ok(parts(status, page, vec![Part::Words(t.text("mark-words")), Part::Form(form), back]))
}

fn kind_of(ask: &Ask) -> Option<StampKind> {
    StampKind::from_number(ask.param("kind").parse().ok()?)
}

/// Puts a mark, completes or corrects it.
pub(crate) async fn put(ask: Ask, typed: Typed) -> Answer {
    let number = ask.param("number");
    let Some(kind) = kind_of(&ask) else { return Ok(go_to(&marks_address(&number))) };
    let stamp = stamp_of(&typed, kind, "mark");
    let (to, despite) = (number.clone(), typed.get(held::DESPITE));
    match ask.work(move |desk, by| desk.answer_despite(by, &to, Decision::Stamp { stamp }, &despite)).await {
        Ok(_) => Ok(go_to(&address::with(&marks_address(&number), "done", "mark"))),
        Err(error) if error.kind == ErrorKind::Held => held::asked(&ask, &number, &typed).await,
        Err(error) => formed(&ask, Some(&typed), Some(error)).await,
    }
}

/// The fields of a mark; `prefix` keeps several forms of one page apart. What a step says itself (provider, words) is
/// asked for by the step.
pub(crate) fn mark_fields(t: Texts, kind: StampKind, prefix: &str, stamp: &Stamp, today: &str) -> Vec<Field> {
    let name = |part: &str| format!("{prefix}-{part}");
    let shown = |day: &str| if day.is_empty() { String::new() } else { facts::day(day) };
    let day = |part: &str, label: &str, value: String| Field::date(t, name(part), t.text(label)).value(value);
    let first = if stamp.day.is_empty() { today.to_owned() } else { shown(&stamp.day) };
    let person = |label: &str| Field::text(t, name("person"), t.text(label)).value(stamp.person.clone());
    match kind {
        StampKind::Registration => {
            vec![day("day", "label-mark-registered", first), person("label-mark-registrar").optional()]
        }
        StampKind::HandOver => vec![
            day("day", "label-mark-handed-over", first),
            person("label-mark-responsible"),
            day("term", "label-mark-term", shown(&stamp.term)).optional(),
        ],
        StampKind::Consideration => vec![
            day("day", "label-mark-received", first),
            person("label-mark-executor"),
            day("result-day", "label-mark-result-day", shown(&stamp.result_day)).optional(),
            Field::text(t, name("number"), t.text("label-mark-result-number"))
                .wide(16)
                .optional()
                .value(stamp.number.clone()),
            Field::text(t, name("text"), t.text("label-mark-result")).optional().value(stamp.text.clone()),
        ],
        StampKind::Return => {
            vec![day("day", "label-mark-returned", first), person("label-mark-taken-in")]
        }
        StampKind::Receipt => {
            vec![day("day", "label-mark-delivered", first), person("label-mark-receiver")]
        }
    }
}

/// A mark as it was typed.
pub(crate) fn stamp_of(typed: &Typed, kind: StampKind, prefix: &str) -> Stamp {
    let get = |part: &str| typed.get(&format!("{prefix}-{part}"));
    Stamp {
        kind,
        day: kept_day(&get("day")),
        person: get("person"),
        term: kept_day(&get("term")),
        number: get("number"),
        result_day: kept_day(&get("result-day")),
        text: get("text"),
        why: get("why"),
    }
}

/// The sheet on paper, in Ukrainian as all papers.
pub(crate) async fn sheet(ask: Ask) -> Answer {
    let number = ask.param("number");
    let marks = ask.get(move |desk, by| desk.marks(by, &number)).await?;
    let large = ask.query("large") == "1";
    let path = format!("{}/sheet", facts::request_address(&marks.number));
    let mut page = PaperPage::new(ask.t, large, vec![paper(&marks).sheet()]);
    page.other_size = if large { path.clone() } else { address::with(&path, "large", "1") };
    page.back = facts::request_address(&marks.number);
    Ok(show(StatusCode::OK, &page))
}

fn paper(marks: &Marks) -> RoutingSheet {
    let t = Texts::with_own(Lang::Uk, &super::super::PHRASES);
    let date = |day: &str| day.parse().map_or_else(|_| day.to_owned(), paper_date);
    let standing = |kind| marks.standing(kind).map(|line| &line.stamp);
    let mut sheet = RoutingSheet {
        number: marks.number.clone(),
        official: marks.official.clone(),
        centre: marks.centre.clone(),
        applicant: marks.applicant.clone(),
        service: marks.service.0.clone(),
        provider: marks.provider.clone(),
        due: date(&marks.due),
        ..RoutingSheet::default()
    };
    if let Some(stamp) = standing(StampKind::Registration) {
        let number = if stamp.number.is_empty() { &marks.official } else { &stamp.number };
        sheet.registered =
            RegisteredStamp { date: date(&stamp.day), number: number.clone(), administrator: stamp.person.clone() };
    }
    if let Some(stamp) = standing(StampKind::HandOver) {
        sheet.handed_over =
            HandedOverStamp { date: date(&stamp.day), term: date(&stamp.term), person: stamp.person.clone() };
    }
    if let Some(stamp) = standing(StampKind::Consideration) {
        let number =
            if stamp.number.is_empty() { String::new() } else { t.with("mark-number", "value", &stamp.number) };
        let decided = [date(&stamp.result_day), number].into_iter().filter(|part| !part.is_empty());
        sheet.considered = ConsideredStamp {
            received: date(&stamp.day),
            executor: stamp.person.clone(),
            decided: decided.collect::<Vec<_>>().join(", "),
            result: stamp.text.clone(),
        };
    }
    if let Some(stamp) = standing(StampKind::Return) {
        sheet.returned = ReturnedStamp { date: date(&stamp.day), administrator: stamp.person.clone() };
    }
    if let Some(stamp) = standing(StampKind::Receipt) {
        sheet.delivered = DeliveredStamp { date: date(&stamp.day), person: stamp.person.clone() };
    }
    sheet
}
