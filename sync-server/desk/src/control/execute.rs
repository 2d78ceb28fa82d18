//! Questions to `app` calls, what they give back to JSON.

use super::administration;
use super::clerks;
use super::command::{ANSWERS, Command, answer_of};
use super::words;
use crate::app::{
    Desk, DeskError, Group, How, InvitationState, Moment, MomentKind, Office, QueueOrder, QueueQuery, QueueRow, Rank,
    RequestPage, Run, SuitcaseRow, SuitcaseState,
};
use clock::Time;
use ids::ChainId;
use peer::{must_be_free, new_folder, write_new};
use serde_json::{Value, json};
use std::path::Path;

/// Does what is asked, in the name of `login` or of who unsealed the desk. Blocks.
pub fn execute(office: &Office, login: Option<&str>, command: Command) -> Result<Value, DeskError> {
    if let Command::Unseal { login, passphrase } = command {
        let desk = office.unseal_by(login.as_deref(), &passphrase)?;
        return Ok(json!({ "unsealed_by": desk.unsealed_by() }));
    }
    let desk = office.desk()?;
    let by = login.unwrap_or(desk.unsealed_by()).to_owned();
    match command {
        Command::Unseal { .. } | Command::Status {} => status(&desk, &by),
        Command::Queue { .. }
        | Command::Show { .. }
        | Command::Answer { .. }
        | Command::Grant { .. }
        | Command::TakeBack { .. } => requests(&desk, &by, command),
        Command::Next { .. } | Command::Journal { .. } | Command::OpenData { .. } | Command::Audit { .. } => {
            clerks::execute(&desk, &by, command)
        }
        Command::AccountAdd { .. }
        | Command::AccountList {}
        | Command::AccountDisable { .. }
        | Command::AccountPassphrase { .. } => accounts(&desk, &by, command),
        Command::Invite { .. } | Command::Invitations {} | Command::Suitcases {} | Command::Revoke { .. } => {
            suitcases(&desk, &by, command)
        }
        Command::Numbers { .. } | Command::CheckStatement { .. } => super::numbers::execute(&desk, &by, command),
        Command::Administration { ask } => administration::execute(&desk, &by, ask),
        Command::Catalogue { question } => super::catalogue::catalogue(&desk, &by, question),
        Command::SetAside {} | Command::AcceptSetAside { .. } | Command::DeclineSetAside { .. } => {
            set_aside(&desk, &by, command)
        }
        Command::Details { texts } => details(&desk, &by, texts),
        Command::Backup { out } => super::backups::back_up(office, Some(&by), out.as_deref()),
        Command::CarryIn { from } => Ok(super::sticks::carried(&desk.carry_in(&by, Path::new(&from))?)),
        Command::CarryOut { to } => Ok(super::sticks::carried(&desk.carry_out(&by, Path::new(&to))?)),
        Command::Verify {}
        | Command::Rebuild {}
        | Command::Export { .. }
        | Command::Verifier { .. }
        | Command::Evidence { .. } => upkeep(&desk, &by, command),
    }
}

/// The texts in the order of [`chain::CentreDetails::texts`]; one that is not given stays as it is.
fn details(desk: &Desk, by: &str, texts: Option<[Option<String>; 8]>) -> Result<Value, DeskError> {
    let mut details = desk.centre_details()?;
    if let Some(texts) = texts {
        let places = [
            &mut details.community,
            &mut details.centre,
            &mut details.contact,
            &mut details.owner,
            &mut details.owner_code,
            &mut details.owner_address,
            &mut details.owner_contact,
            &mut details.hromada,
        ];
        for (place, text) in places.into_iter().zip(texts) {
            if let Some(text) = text {
                *place = text;
            }
        }
        desk.publish_details(by, &details)?;
        details = desk.centre_details()?;
    }
    Ok(json!({
        "community": details.community,
        "centre": details.centre,
        "contact": details.contact,
        "owner": details.owner,
        "owner_code": details.owner_code,
        "owner_address": details.owner_address,
        "owner_contact": details.owner_contact,
        "hromada": details.hromada,
    }))
}

/// RFC 3339 in UTC.
pub(super) fn time(ms: i64) -> Value {
    Value::String(Time(ms).to_string())
}

fn status(desk: &Desk, by: &str) -> Result<Value, DeskError> {
    let health = desk.health()?;
    let counts = desk.counts(by)?;
    let groups: serde_json::Map<String, Value> =
        counts.groups.iter().map(|(group, count)| (group.text().to_owned(), json!(count))).collect();
    Ok(json!({
        "name": health.name,
        "unsealed_by": health.unsealed_by,
        "hub": health.hub,
        "hub_answered_at": health.contact.answered_at.map(time),
        "trouble": health.contact.trouble.map(|sentence| sentence.to_string()),
        "catching_up": health.contact.catching_up,
        "kit_needed": health.contact.kit_needed,
        "hub_faults": health.contact.hub_faults,
        "certified_until_ms": health.certified_until,
        "waiting_entries": health.waiting_entries,
        "records": health.records,
        "set_aside": health.set_aside,
        "rebirths": health.rebirths.0,
        "alarms": health.rebirths.1,
        "scrubbed_at": health.scrubbed.ended.map(time),
        "damaged": health.scrubbed.faults,
        "groups": groups,
    }))
}

fn requests(desk: &Desk, by: &str, command: Command) -> Result<Value, DeskError> {
    match command {
        Command::Queue { group, state, service, suitcase, search, order, page, size } => {
            let all = QueueQuery::default();
            let group = group.map_or(Ok(Group::All), |name| {
                Group::from_text(&name).ok_or_else(|| unknown(&name, &Group::ALL.map(Group::text)))
            })?;
            let order = order.map_or(Ok(all.order), |name| {
                QueueOrder::from_text(&name).ok_or_else(|| unknown(&name, &QueueOrder::ALL.map(QueueOrder::text)))
            })?;
            let query = QueueQuery {
                group,
                state: state.unwrap_or_default(),
                service: service.unwrap_or_default(),
                suitcase,
                search: search.unwrap_or_default(),
                order,
                page: page.unwrap_or(all.page),
                size: size.unwrap_or(all.size),
                ..QueueQuery::default()
            };
            desk.account(by)?;
            let page = desk.queue(by, &query)?;
            let rows: Vec<Value> = page.rows.iter().map(queue_row).collect();
            Ok(json!({ "total": page.total, "page": page.page, "size": page.size, "requests": rows }))
        }
        Command::Show { number } => {
            let case = desk.case(by, &number, How::Command)?;
            let mut told = request(&case.page);
            told["shown"] = words::shown(&case);
            Ok(told)
        }
        Command::Answer { number, answer, text, key, choice, mark, despite_claim } => {
            let named = answer.clone();
            let answer = answer_of(&answer, text, key, choice, mark).ok_or_else(|| not_whole(&named))?;
            let despite = known_claim(desk, by, &number, despite_claim)?;
            let changed = desk.answer_despite(by, &number, answer, &despite)?;
            let page = desk.request(by, &number)?;
            Ok(json!({ "changed": changed, "number": page.view.number, "state": page.view.state().text(),
                       "state_uk": page.view.state().label().0, "official": page.view.official.text() }))
        }
        Command::Grant { number, to, despite_claim } => {
            let despite = known_claim(desk, by, &number, despite_claim)?;
            Ok(json!({ "records": desk.grant(by, &number, to, &despite)? }))
        }
        Command::TakeBack { number, from, reason, despite_claim } => {
            let despite = known_claim(desk, by, &number, despite_claim)?;
            Ok(json!({ "records": desk.take_back(by, &number, from, &reason, &despite)? }))
        }
        _ => status(desk, by),
    }
}

/// The colleague's claim, if who asks says that they know of it.
fn known_claim(desk: &Desk, by: &str, number: &str, is_known: bool) -> Result<String, DeskError> {
    let hold = if is_known { desk.hold(by, number)? } else { None };
    Ok(hold.map(|hold| hold.mark()).unwrap_or_default())
}

/// What hinders an answer that is no answer as it stands: it is not known, or an option of its own is missing.
fn not_whole(name: &str) -> DeskError {
    let wanted = match name {
        "resolve" => "--key, --choice",
        "settle" | "resolve-other" | "notify" | "not-duplicate" | "undo" => "--key",
        "stamp" => "--mark",
        "prolong" => "--day",
        _ => return unknown(name, &ANSWERS),
    };
    DeskError::refused(
        format!("для «{name}» допишіть {wanted}: див. show"),
        format!("«{name}» needs {wanted}: see show"),
    )
}

pub(super) fn unknown(name: &str, known: &[&str]) -> DeskError {
    let (name, known): (String, String) = (name.chars().take(40).collect(), known.join(", "));
    DeskError::refused(
        format!("«{name}» тут не підходить; можна: {known}"),
        format!("«{name}» does not fit here; these do: {known}"),
    )
}

fn queue_row(row: &QueueRow) -> Value {
    json!({
        "number": row.number,
        "official": row.official,
        "state": row.state,
        "state_uk": row.state_label.0,
        "applicant": row.applicant,
        "service": row.service,
        "service_uk": row.service_name.0,
        "suitcase": row.suitcase,
        "submitted_at": time(row.submitted_at),
        "handover_due": row.handover_due,
        "overdue": row.overdue,
        "conflicts": row.conflicts,
        "proposals": row.proposals,
        "contested": row.contested,
        "clock_wrong": row.clock_wrong,
        "holder": row.holder,
        "officer": row.officer,
    })
}

fn request(page: &RequestPage) -> Value {
    let view = &page.view;
    let fields: serde_json::Map<String, Value> = view
        .registers
        .iter()
        .filter(|(key, _)| !key.contains('/'))
        .filter_map(|(key, register)| Some((key.to_owned(), scalar(register.value()?))))
        .collect();
    let choices: Vec<Value> = page
        .choices
        .iter()
        .map(|choice| {
            let values: Vec<Value> = choice
                .values
                .iter()
                .map(|value| json!({ "mark": value.mark, "text": value.text, "suitcase": value.suitcase, "at": time(value.at), "by": value.by }))
                .collect();
            json!({ "key": choice.key, "label_uk": choice.label.0, "values": values, "is_proposal": choice.is_proposal })
        })
        .collect();
    let fee = view.registers.iter().find(|(key, _)| *key == "fee");
    let fee = fee.and_then(|(_, register)| register.value()).and_then(records::Value::as_int);
    let free = page.actions.iter().filter(|a| a.hindrance.is_none());
    // As `answer` takes them.
    let allowed: Vec<String> = free.map(|a| a.name.replace('_', "-")).collect();
    json!({
        "number": view.number,
        "official": view.official.text(),
        "record": page.record.to_string(),
        "state": view.state().text(),
        "state_uk": view.state().label().0,
        "applicant": view.applicant.full_name(),
        "service": view.service.text(),
        "service_uk": page.service_name.0,
        "submitted_at": time(view.submitted_at),
        "handover_due": page.handover_due,
        // Kopiykas.
        "fee": fee,
        "suitcase": page.suitcase,
        "suitcase_heard_at": page.suitcase_heard_at.map(time),
        "shared_with": page.shared_with,
        "timeline": page.timeline.iter().map(moment).collect::<Vec<_>>(),
        "differences": choices,
        "contested": page.contested.iter().map(|c| json!(c.events)).collect::<Vec<_>>(),
        "actions": allowed,
        "holder": page.holder.as_ref().map(|(login, _)| login),
        "undo": page.undo.as_ref().map(|undo| json!({ "event": undo.event, "until": time(undo.until) })),
        "marks": view.stamps().iter().map(clerks::mark).collect::<Vec<_>>(),
        "look_alikes": page.alike,
        "fields": fields,
    })
}

fn scalar(value: &records::Value) -> Value {
    match value {
        records::Value::Text(text) => json!(text),
        records::Value::Int(number) => json!(number),
        records::Value::Bool(yes) => json!(yes),
    }
}

fn moment(moment: &Moment) -> Value {
    json!({
        "id": moment.id,
        "code": moment.code,
        "counts": !matches!(moment.kind, MomentKind::Ignored(_)),
        "at": time(moment.at),
        "not_after": moment.not_after.map(time),
        "by": moment.by,
        "suitcase": moment.suitcase,
        "about": moment.about,
        "text": moment.text,
        "withdrawn": moment.withdrawn,
    })
}

fn accounts(desk: &Desk, by: &str, command: Command) -> Result<Value, DeskError> {
    match command {
        Command::AccountAdd { account, name, role, passphrase } => {
            let known = [Rank::Clerk.text(), Rank::Administrator.text()];
            let rank = Rank::from_text(&role).ok_or_else(|| unknown(&role, &known))?;
            desk.add_account(by, &account, &name, rank, &passphrase)?;
        }
        Command::AccountDisable { account } => desk.disable_account(by, &account)?,
        Command::AccountPassphrase { account, passphrase } => desk.reset_passphrase(by, &account, &passphrase)?,
        _ => {}
    }
    let rows: Vec<Value> = desk
        .accounts(by)?
        .iter()
        .map(|row| {
            json!({ "login": row.login, "name": row.name, "role": row.rank.text(), "active": row.active,
                    "unseals": row.unseals, "code": row.code })
        })
        .collect();
    Ok(json!({ "accounts": rows }))
}

fn suitcases(desk: &Desk, by: &str, command: Command) -> Result<Value, DeskError> {
    match command {
        Command::Invite { number, hours } => {
            let invited = desk.invite(by, number, hours)?;
            return Ok(json!({ "invitation": invited.line, "number": number, "expires": time(invited.expires) }));
        }
        Command::Invitations {} => {
            let state = |state| match state {
                InvitationState::Open => "open",
                InvitationState::Used => "used",
                InvitationState::Expired => "expired",
                InvitationState::Replaced => "replaced",
                InvitationState::Closed => "closed",
            };
            let rows: Vec<Value> = desk
                .invitations(by)?
                .iter()
                .map(|row| {
                    json!({ "id": row.id, "compare": row.compare, "number": row.number, "by": row.by, "at": time(row.at), "expires": time(row.expires),
                            "state": state(row.state) })
                })
                .collect();
            return Ok(json!({ "invitations": rows }));
        }
        Command::Revoke { number, reason } => desk.revoke(by, number, &reason)?,
        _ => {}
    }
    desk.account(by)?;
    let rows: Vec<Value> = desk.suitcases()?.iter().map(suitcase).collect();
    Ok(json!({ "suitcases": rows }))
}

fn suitcase(row: &SuitcaseRow) -> Value {
    let (state, reason) = match &row.state {
        SuitcaseState::Live => ("live", None),
        SuitcaseState::Expired => ("expired", None),
        SuitcaseState::Continued => ("continued", None),
        SuitcaseState::Revoked { reason, .. } => ("revoked", Some(reason)),
    };
    json!({
        "number": row.number,
        "name": row.name,
        "chain": row.chain.to_string(),
        "state": state,
        "reason": reason,
        "certified_until": time(row.certified_until),
        "heard_at": row.heard_at.map(time),
        "entries": row.entries,
        "set_aside": row.set_aside,
        "place": row.place,
        "lost": row.lost.as_ref().map(|(what, _, _)| what),
        "officer": row.officer,
        "not_arrived": row.missing,
        "keys_renewed": row.renewal.map(|renewal| renewal.done),
        "keys_to_renew": row.renewal.map(|renewal| renewal.left),
        "stated_at": row.stated.as_ref().map(|state| time(state.at)),
        "program": row.stated.as_ref().map(|state| &state.program),
        "release": row.stated.as_ref().map(|state| state.release),
        "drafts": row.stated.as_ref().map(|state| state.drafts),
        "clock_ahead_seconds": row.stated.as_ref().and_then(|state| state.clock_ahead).map(|ms| ms / 1_000),
        "officers": row.stated.as_ref().map(|state| {
            state.officers.iter().map(|(login, name)| json!({ "login": login, "name": name })).collect::<Vec<_>>()
        }),
    })
}

fn set_aside(desk: &Desk, by: &str, command: Command) -> Result<Value, DeskError> {
    let chain_of = |chain: &str| -> Result<ChainId, DeskError> {
        chain.parse().map_err(|_| unknown(chain, &["chain: 00000000-0000-4000-8000-000000000000"]))
    };
    match command {
        Command::AcceptSetAside { chain, run, reason } => {
            desk.accept_set_aside(by, chain_of(&chain)?, run.parse::<Run>()?, &reason)?;
        }
        Command::DeclineSetAside { chain, run, reason } => {
            desk.decline_set_aside(by, chain_of(&chain)?, run.parse::<Run>()?, &reason)?;
        }
        _ => {}
    }
    let rows: Vec<Value> = desk
        .set_aside(by)?
        .iter()
        .map(|row| {
            json!({ "chain": row.chain.to_string(), "seq": row.seq, "suitcase": row.suitcase, "code": row.code,
                    "sentence": row.sentence, "why": words::aside(row), "number": row.number, "name": row.name,
                    "acceptable": row.acceptable })
        })
        .collect();
    Ok(json!({ "set_aside": rows }))
}

fn upkeep(desk: &Desk, by: &str, command: Command) -> Result<Value, DeskError> {
    match command {
        Command::Rebuild {} => Ok(json!({ "records": desk.rebuild(by)? })),
        Command::Verifier { out } => {
            // What is taken out is written down first: nobody has taken what there was no place for.
            must_be_free(Path::new(&out))?;
            let page = desk.verifier_for(by, &out)?;
            write_new(Path::new(&out), page.as_bytes(), 0o644)?;
            Ok(json!({ "out": out }))
        }
        Command::Evidence { number, out } => {
            must_be_free(Path::new(&out))?;
            let file = desk.evidence(by, &number)?;
            write_new(Path::new(&out), &file.bytes, 0o600)?;
            Ok(json!({ "number": file.number, "out": out, "bytes": file.bytes.len(), "root": file.root }))
        }
        Command::Export { out } => {
            let folder = Path::new(&out);
            desk.may_export(by)?;
            new_folder(folder)?;
            let (count, unread) = desk.export(by, &out, |record| {
                let text = format!("{:#}\n", record.json);
                write_new(&folder.join(format!("{}.json", record.name)), text.as_bytes(), 0o600)?;
                Ok(write_new(&folder.join(format!("{}.automerge", record.name)), &record.automerge, 0o600)?)
            })?;
            let unread: Vec<Value> = unread.iter().map(super::administration::unread).collect();
            Ok(json!({ "records": count, "out": out, "unread": unread }))
        }
        _ => {
            let report = desk.verify(by)?;
            Ok(json!({ "chains": report.chains, "entries": report.entries, "records": report.records,
                       "faults": report.faults, "missing": report.missing, "aside": report.aside }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing;
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Arc;

    #[test]
    fn a_request_offers_what_answer_takes_and_an_answer_tells_its_state_in_the_words_of_show() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let office = Office::around(Arc::clone(&town.desk));
        let ask = |what: Value| execute(&office, None, serde_json::from_value::<Command>(what).unwrap()).unwrap();
        let shown = ask(json!({ "do": "show", "number": number }));
        let offered: Vec<&str> = shown["actions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(offered.contains(&"hand-over") && offered.iter().all(|name| ANSWERS.contains(name)), "{offered:?}");
        let refuse = json!({ "do": "answer", "number": number, "answer": "refuse", "text": "не наше" });
        let (refused, shown) = (ask(refuse), ask(json!({ "do": "show", "number": number })));
        assert_eq!((&refused["state_uk"], &shown["state_uk"]), (&json!("відмовлено"), &json!("відмовлено")));
        let propose = json!({ "do": "administration", "ask": { "what": "erasure_propose", "about": number,
            "records": [], "reason": "заява особи", "open": "", "passphrase": "" } });
        let command = serde_json::from_value::<Command>(propose).unwrap();
        let unproved = execute(&office, None, command).unwrap_err();
        assert_eq!(unproved.kind, crate::app::ErrorKind::NotAllowed);
        assert!(unproved.sentence.uk.contains("--own-passphrase-file"), "{unproved}");
    }

    #[test]
    fn what_is_taken_out_goes_to_a_new_private_place_and_clerks_take_nothing() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        town.desk.add_account("admin", "o.koval", "", Rank::Clerk, testing::PASSPHRASE).unwrap();
        let office = Office::around(Arc::clone(&town.desk));
        let dir = tempfile::tempdir().unwrap();
        let place = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
        let export = |login: Option<&str>| execute(&office, login, Command::Export { out: place("out") });
        assert_eq!(export(Some("o.koval")).unwrap_err().kind, crate::app::ErrorKind::NotAllowed);
        assert!(!dir.path().join("out").exists());
        assert_eq!(export(None).unwrap()["records"], 1);
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&dir.path().join("out")), 0o700);
        let files: Vec<_> =
            std::fs::read_dir(dir.path().join("out")).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 2);
        assert!(files.iter().all(|file| mode(file) == 0o600));
        assert!(export(None).unwrap_err().sentence.uk.contains("уже є"), "never into what is there");

        let verifier = |login: Option<&str>| execute(&office, login, Command::Verifier { out: place("check.html") });
        assert_eq!(verifier(Some("o.koval")).unwrap_err().kind, crate::app::ErrorKind::NotAllowed);
        verifier(None).unwrap();
        assert!(verifier(None).unwrap_err().sentence.uk.contains("уже є"));
        let search: Command = serde_json::from_str(r#"{"do":"queue","search":"Коваль"}"#).unwrap();
        assert_eq!(execute(&office, Some("o.koval"), search).unwrap()["total"], 1);
        let audit: Command = serde_json::from_str(r#"{"do":"audit","size":50}"#).unwrap();
        let audit = execute(&office, None, audit).unwrap();
        let line = |what: &str, by: &str| {
            let rows = audit["audit"].as_array().unwrap();
            rows.iter().any(|row| row["what"] == what && row["by"] == by)
        };
        assert!(line("took_verifier", "admin") && line("took_all", "admin"), "{audit:#}");
        assert!(line("searched", "o.koval"), "{audit:#}");
    }
}
