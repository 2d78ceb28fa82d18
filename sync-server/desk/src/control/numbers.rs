//! Questions about receipt numbers, and statements at the end of shifts.

use super::command::Command;
use super::execute::{time, unknown};
use super::words;
use crate::app::{Desk, DeskError, NumberQuery, NumberState, typed_day};
use serde_json::{Value, json};

pub(super) fn execute(desk: &Desk, by: &str, command: Command) -> Result<Value, DeskError> {
    match command {
        Command::Numbers { suitcase, from, to, state, page, size } => {
            let all = NumberQuery::default();
            let day = |text: Option<String>| text.map(|text| typed_day(&text)).transpose();
            let state = state.map(|name| {
                NumberState::from_text(&name).ok_or_else(|| unknown(&name, &NumberState::ALL.map(NumberState::text)))
            });
            let query = NumberQuery {
                suitcase,
                from: day(from)?,
                to: day(to)?,
                state: state.transpose()?,
                page: page.unwrap_or(all.page),
                size: size.unwrap_or(all.size),
            };
            let page = desk.numbers(by, &query)?;
            let rows: Vec<Value> = page
                .rows
                .iter()
                .map(|row| {
                    let doubts: Vec<&str> = row.doubts.iter().map(|doubt| doubt.text()).collect();
                    let said = doubts.iter().filter_map(|doubt| words::word(&format!("doubt-{doubt}")));
                    let reason = Some(row.reason.clone()).filter(|reason| !reason.is_empty());
                    let erased = row.erased.then(|| words::word("number-erased")).flatten();
                    let why: Vec<String> = reason.into_iter().chain(erased).chain(said).collect();
                    json!({ "number": row.number, "suitcase": row.suitcase, "day": row.day.map(|day| day.to_string()),
                            "counter": row.counter, "last": row.last, "state": row.state.text(), "doubts": doubts,
                            "reason": row.reason, "erased": row.erased, "requests": row.requests, "entries": row.entries,
                            "why": why.join("; ") })
                })
                .collect();
            let missing: Vec<String> = page.missing.iter().map(|(suitcase, n)| format!("{suitcase}: {n}")).collect();
            let not_opened: Vec<String> =
                page.not_opened.iter().map(|(suitcase, n)| format!("{suitcase}: {n}")).collect();
            let [used, void, doubtful] = page.counts;
            Ok(json!({ "total": page.total, "page": page.page, "size": page.size, "numbers": rows,
                       "counts": { "used": used, "void": void, "doubtful": doubtful }, "missing": missing,
                       "not_opened": not_opened }))
        }
        Command::CheckStatement { text } => {
            let found = desk.check_shift(by, &text)?;
            if !found.faults.is_empty() {
                let joined = |pick: fn(&(String, String)) -> &String| {
                    found.faults.iter().map(|fault| pick(fault).as_str()).collect::<Vec<_>>().join("; ")
                };
                return Err(DeskError::refused(
                    format!("акт підписала валіза {}, але {}", found.suitcase, joined(|fault| &fault.0)),
                    format!("suitcase {} signed it, but {}", found.suitcase, joined(|fault| &fault.1)),
                ));
            }
            let drafts: Vec<String> =
                found.drafts.iter().map(|(service, at)| format!("{service} {}", clock::Time(*at))).collect();
            Ok(json!({
                "holds": true,
                "suitcase": found.suitcase,
                "officer": found.officer,
                "made_at": time(found.at),
                "today": found.requests.0,
                "requests_in_all": found.requests.1,
                "last_entries": found.chains.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(),
                "anchored_at": found.chains.iter().map(|(_, at)| *at).max().map(time),
                "later": found.later,
                "with_remarks": found.remarks.0,
                "still_set_aside": found.remarks.1,
                "drafts_that_stayed": drafts,
            }))
        }
        _ => Ok(Value::Null),
    }
}
