//! Questions about clerks' work: the next request, the journal, open data, who did and saw what.

use super::administration::unread;
use super::command::Command;
use super::execute::{time, unknown};
use crate::app::{Desk, DeskError, Group, How, JournalQuery, JournalRow, QueueQuery, Taken, TraceQuery};
use records::Stamp;
use records::view::StampEntry;
use serde_json::{Value, json};

/// Lines of the open data at most.
const OPEN_DATA: usize = 100_000;

pub(super) fn execute(desk: &Desk, by: &str, command: Command) -> Result<Value, DeskError> {
    match command {
        Command::Next { group, service, suitcase } => {
            let group = group.map_or(Ok(Group::New), |name| {
                Group::from_text(&name).ok_or_else(|| unknown(&name, &Group::ALL.map(Group::text)))
            })?;
            let query = QueueQuery { group, service: service.unwrap_or_default(), suitcase, ..QueueQuery::default() };
            Ok(match desk.take_next(by, &query)? {
                Taken::Request(number) => json!({ "taken": number }),
                Taken::Nothing => json!({ "taken": Value::Null }),
            })
        }
        Command::Journal { from, to, service, suitcase, search, page, size } => {
            let all = JournalQuery::default();
            let query = JournalQuery {
                from: day(from, |day| desk.start_of_day(day))?,
                until: day(to, |day| desk.end_of_day(day))?,
                service: service.unwrap_or_default(),
                suitcase,
                search: search.unwrap_or_default(),
                page: page.unwrap_or(all.page),
                size: size.unwrap_or(all.size),
                ..all
            };
            let page = desk.journal(by, &query, How::Command)?;
            let rows: Vec<Value> = page.rows.iter().map(row).collect();
            let unread: Vec<Value> = page.unread.iter().map(unread).collect();
            Ok(json!({ "total": page.total, "page": page.page, "size": page.size, "journal": rows, "unread": unread }))
        }
        Command::OpenData { from, to } => {
            let query = JournalQuery {
                from: day(from, |day| desk.start_of_day(day))?,
                until: day(to, |day| desk.end_of_day(day))?,
                ..JournalQuery::default()
            };
            let rows: Vec<Value> = desk
                .open_data(by, &query, OPEN_DATA)?
                .iter()
                .map(|row| {
                    json!({ "uid": row.uid, "registrationDateTime": row.registered_at, "code": row.code,
                            "title": row.title, "authorityId": row.authority_code,
                            "authorityName": row.authority,
                            "applicantType": if row.is_legal { "юридична особа" } else { "фізична особа" },
                            "applicantName": row.applicant, "applicantId": row.applicant_code, "status": row.status,
                            "providDate": row.provided, "amount": row.amount, "currency": "UAH",
                            "issuedDate": row.issued })
                })
                .collect();
            Ok(json!({ "open_data": rows }))
        }
        Command::Audit { by: whose, what, number, from, to, page, size } => {
            let query = TraceQuery {
                by: whose.unwrap_or_default(),
                what: what.unwrap_or_default(),
                number: number.unwrap_or_default(),
                from: day(from, |day| desk.start_of_day(day))?,
                until: day(to, |day| desk.end_of_day(day))?,
                page: page.unwrap_or(1),
                size: size.unwrap_or(50),
            };
            let page = desk.traces(by, &query)?;
            let rows: Vec<Value> = page
                .rows
                .iter()
                .map(|row| {
                    json!({ "at": time(row.trace.at), "by": row.trace.by, "name": row.name, "what": row.trace.what,
                            "number": row.number, "about": row.trace.about })
                })
                .collect();
            Ok(json!({ "total": page.total, "page": page.page, "size": page.size, "audit": rows }))
        }
        _ => Ok(Value::Null),
    }
}

fn day(text: Option<String>, at: impl Fn(&str) -> Option<i64>) -> Result<Option<i64>, DeskError> {
    let Some(text) = text else { return Ok(None) };
    at(&text).map(Some).ok_or_else(|| unknown(&text, &["2026-11-21"]))
}

fn stamp(stamp: &Stamp) -> Value {
    json!({ "mark": stamp.kind.number(), "day": stamp.day, "person": stamp.person, "term": stamp.term,
            "number": stamp.number, "result_day": stamp.result_day, "text": stamp.text, "why": stamp.why })
}

pub(super) fn mark(entry: &StampEntry) -> Value {
    let mut value = stamp(&entry.stamp);
    value["by"] = json!(entry.by);
    value["at"] = time(entry.at);
    value["replaced"] = json!(entry.replaced);
    value["from_step"] = json!(entry.from_step);
    value
}

fn row(row: &JournalRow) -> Value {
    json!({
        "number": row.number,
        "official": row.official,
        "submitted_at": time(row.submitted_at),
        "registered_at": row.registered_at.map(time),
        "arrived_at": row.arrived_at.map(time),
        "applicant": row.applicant,
        "form": row.form,
        "code": row.code,
        "representative": row.representative,
        "address": row.address,
        "phones": row.phones,
        "email": row.email,
        "service": row.service,
        "service_uk": row.service_name.0,
        "provider": row.provider,
        "sheets": row.sheets,
        "channel": row.channel,
        "fee": row.fee,
        "fee_receipt": row.fee_receipt,
        "officer": row.officer,
        "suitcase": row.suitcase,
        "visit": row.visit,
        "handed_over": row.handed_over.as_ref().map(stamp),
        "due": row.due,
        "prolonged": row.prolonged,
        "decided": row.decided,
        "considered": row.considered.as_ref().map(stamp),
        "ground": row.ground,
        "returned": row.returned,
        "told": row.told.as_ref().map(|(at, way)| json!({ "at": time(*at), "way": way })),
        "received": row.received.as_ref().map(stamp),
        "state": row.state.text(),
        "state_uk": row.state.label().0,
        "notes": row.notes,
        "category": row.category,
    })
}
