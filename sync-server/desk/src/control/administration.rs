//! Questions of administrators: comparing words, places, losses, codes, the kit, settings.

use super::execute::unknown;
use crate::app::{
    Desk, DeskError, LostReport, Minimum, Rank, Settings, SuitcaseState, UnconfirmedRow, Unread, WaitingLaptop,
};
use clock::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What an administrator asks.
#[derive(Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are those of the use cases in `app`")]
pub enum Administration {
    /// Invites a laptop by a line that is dictated or sent: words are compared.
    InviteAloud { number: u16, hours: u32 },
    /// Takes an invitation back.
    InvitationWithdraw { id: String },
    /// Laptops that wait for their six words to be compared.
    Words {},
    /// The words are the same.
    WordsSame { chain: String, words: String },
    /// The words differ.
    WordsDiffer { chain: String, words: String },
    /// Laptops that go on under a new chain and wait for a person.
    Rebirths {},
    /// It is the suitcase.
    RebirthConfirm { chain: String },
    /// It is not.
    RebirthDecline { chain: String, reason: String },
    /// What was decided about erasing people's data.
    Erasures {},
    /// What would go with the person of a request or record.
    ErasurePlan { about: String },
    /// Proposes to erase it: the records named, or all that are surely the person's.
    ErasurePropose { about: String, records: Vec<String>, reason: String, open: String, passphrase: String },
    /// Another administrator agrees.
    ErasureConfirm { id: String, passphrase: String },
    /// Somebody does not.
    ErasureDecline { id: String, reason: String },
    /// Where a suitcase is.
    Place { number: u16, place: String },
    /// The report on a lost suitcase.
    Lost { number: u16 },
    /// Notes what happened to it.
    LostNote { number: u16, text: String },
    /// The twelve words that open a suitcase once.
    ReadOut { number: u16, to: String },
    /// A disabled account works again.
    AccountEnable { account: String, passphrase: String },
    /// What the person may do; who becomes an administrator gets a passphrase.
    AccountRank { account: String, role: String, passphrase: Option<String> },
    /// No code from an application is asked for any more.
    AccountCode { account: String },
    /// Tries the 24 words of the kit.
    Kit { words: String },
    /// New keys of the desk, with the kit.
    RotateBegin { words: String },
    /// How it stands with the desk's keys.
    Rotation {},
    /// The old keys are destroyed, without waiting for these suitcases.
    RotateFinish { without: Vec<u16> },
    /// Keys of hubs.
    HubKeys {},
    /// A new hub's key beside the present one, with the kit.
    HubBegin { words: String, address: String, key: String },
    /// Every key but the one certified last is ended; `at_once`: also where the new hub has not answered yet.
    HubFinish {
        since: Option<String>,
        #[serde(default)]
        at_once: bool,
    },
    /// The lowest protocol and suite.
    Minimum {},
    /// Requires these from now on.
    Require { protocol: Option<u16>, suite: Option<u8> },
    /// Settings, the last drill.
    Protection {},
    /// Sets what is named.
    Set {
        compare: Option<bool>,
        code: Option<bool>,
        drill_days: Option<u16>,
        erasure_days: Option<u16>,
        keep_days: Option<u16>,
    },
}

pub(super) fn time(ms: i64) -> Value {
    Value::String(Time(ms).to_string())
}

/// Does what is asked.
pub(super) fn execute(desk: &Desk, by: &str, ask: Administration) -> Result<Value, DeskError> {
    match ask {
        Administration::InviteAloud { number, hours } => {
            let invited = desk.invite_as(by, number, hours, true)?;
            Ok(json!({ "invitation": invited.line, "number": number, "expires": time(invited.expires) }))
        }
        Administration::InvitationWithdraw { id } => {
            desk.withdraw_invitation(by, &id)?;
            Ok(json!({ "withdrawn": id }))
        }
        Administration::Words {} => words(desk, by),
        Administration::WordsSame { chain, words } => {
            let number = desk.words_same(by, chain_of(&chain)?, &words)?;
            Ok(json!({ "certified": number }))
        }
        Administration::WordsDiffer { chain, words } => {
            desk.words_differ(by, chain_of(&chain)?, &words)?;
            Ok(json!({ "refused": chain }))
        }
        Administration::Rebirths {} => rebirths(desk),
        Administration::RebirthConfirm { chain } => {
            Ok(json!({ "confirmed": desk.confirm_rebirth(by, chain_of(&chain)?)? }))
        }
        Administration::RebirthDecline { chain, reason } => {
            Ok(json!({ "declined": desk.decline_rebirth(by, chain_of(&chain)?, &reason)? }))
        }
        Administration::Erasures {}
        | Administration::ErasurePlan { .. }
        | Administration::ErasurePropose { .. }
        | Administration::ErasureConfirm { .. }
        | Administration::ErasureDecline { .. } => super::erasures::execute(desk, by, ask),
        Administration::Place { number, place } => {
            desk.set_place(by, number, &place)?;
            Ok(json!({ "number": number, "place": place }))
        }
        Administration::Lost { number } => Ok(lost(&desk.lost_report(by, number, None)?)),
        Administration::LostNote { number, text } => {
            desk.report_lost(by, number, &text)?;
            Ok(lost(&desk.lost_report(by, number, None)?))
        }
        Administration::ReadOut { number, to } => {
            Ok(json!({ "number": number, "words": desk.read_out(by, number, &to)?.join(" ") }))
        }
        Administration::AccountEnable { account, passphrase } => {
            desk.enable_account(by, &account, &passphrase)?;
            Ok(json!({ "enabled": account }))
        }
        Administration::AccountRank { account, role, passphrase } => {
            let known = [Rank::Clerk.text(), Rank::Administrator.text()];
            let rank = Rank::from_text(&role).ok_or_else(|| unknown(&role, &known))?;
            desk.set_rank(by, &account, rank, &passphrase.unwrap_or_default())?;
            Ok(json!({ "account": account, "role": rank.text() }))
        }
        Administration::AccountCode { account } => {
            desk.reset_factor(by, &account)?;
            Ok(json!({ "reset": account }))
        }
        Administration::Kit { words } => {
            let drill = desk.kit_drill(by, &words)?;
            Ok(json!({ "opened": drill.opened, "desks": drill.desks }))
        }
        Administration::RotateBegin { words } => Ok(super::rotation::told(&desk.begin_rotation(by, &words)?)),
        Administration::Rotation {} => Ok(super::rotation::told(&desk.rotation(by)?)),
        Administration::RotateFinish { without } => Ok(super::rotation::told(&desk.finish_rotation(by, &without)?)),
        Administration::HubKeys {} => Ok(super::hub_keys::told(&desk.hub_keys(by)?)),
        Administration::HubBegin { words, address, key } => super::hub_keys::begin(desk, by, &words, &address, &key),
        Administration::HubFinish { since, at_once } => {
            Ok(super::hub_keys::told(&desk.finish_hub(by, since.as_deref(), at_once)?))
        }
        Administration::Minimum {} => Ok(minimum(&desk.minimum(by)?)),
        Administration::Require { protocol, suite } => Ok(minimum(&desk.require(by, protocol, suite)?)),
        Administration::Protection {} => protection(desk),
        Administration::Set { compare, code, drill_days, erasure_days, keep_days } => {
            if let Some(days) = keep_days {
                desk.set_kept_days(by, days)?;
            }
            let now = desk.settings()?;
            let settings = Settings {
                always_compare: compare.unwrap_or(now.always_compare),
                code_required: code.unwrap_or(now.code_required),
                drill_days: drill_days.unwrap_or(now.drill_days),
            };
            if settings != now {
                desk.set_settings(by, settings)?;
            }
            if let Some(days) = erasure_days {
                desk.set_erasure_days(by, days)?;
            }
            protection(desk)
        }
    }
}

fn chain_of(text: &str) -> Result<ids::ChainId, DeskError> {
    text.parse().map_err(|_| {
        DeskError::refused(
            "ланцюг має вигляд 00000000-0000-4000-8000-000000000000: перегляньте words",
            "a chain looks like 00000000-0000-4000-8000-000000000000: look at words",
        )
    })
}

fn words(desk: &Desk, by: &str) -> Result<Value, DeskError> {
    let row = |laptop: &WaitingLaptop| {
        json!({ "number": laptop.number, "name": laptop.name, "chain": laptop.chain.to_string(), "by": laptop.by,
                "words": laptop.words.join(" ") })
    };
    Ok(json!({ "laptops": desk.waiting_laptops(by)?.iter().map(row).collect::<Vec<_>>() }))
}

fn rebirths(desk: &Desk) -> Result<Value, DeskError> {
    let row = |row: &UnconfirmedRow| {
        json!({ "number": row.number, "name": row.name, "chain": row.chain.to_string(), "at": time(row.at),
                "heard": row.heard_at.map(time), "entries": row.entries, "doubled": row.is_doubled(), "number_taken": row.number_taken,
                "certified_late": row.reason.is_none() })
    };
    Ok(json!({ "continuing": desk.unconfirmed()?.iter().map(row).collect::<Vec<_>>() }))
}

fn minimum(now: &Minimum) -> Value {
    let row = |(number, program): &(u16, String)| json!({ "number": number, "program": program });
    json!({
        "lowest_protocol": now.protocol,
        "lowest_suite": now.suite,
        "not_understood": now.not_understood,
        "programs": now.programs.iter().map(row).collect::<Vec<_>>(),
    })
}

fn protection(desk: &Desk) -> Result<Value, DeskError> {
    let (settings, drill) = (desk.settings()?, desk.drill_state()?);
    Ok(json!({
        "always_compare": settings.always_compare,
        "code_required": settings.code_required,
        "drill_days": settings.drill_days,
        "erasure_days": desk.erasure_days()?,
        "keep_days": desk.kept_days()?,
        "drill_at": drill.last.as_ref().map(|(_, at)| time(*at)),
        "drill_by": drill.last.as_ref().map(|(by, _)| by),
        "drill_due": drill.due.map(time),
        "drill_overdue": drill.overdue,
    }))
}

/// A record that a list could not read.
pub(super) fn unread(one: &Unread) -> Value {
    json!({ "unread": one.record.to_string(), "kind": one.kind.name(), "number": one.number })
}

fn lost(report: &LostReport) -> Value {
    let people: Vec<Value> = report
        .people
        .iter()
        .map(|person| {
            let data: Vec<&str> = person.data.iter().map(|kind| kind.text()).collect();
            json!({ "name": person.name, "born": person.born, "phone": person.phone,
                    "requests": person.requests.join(", "), "data": data.join(", "), "granted": person.granted })
        })
        .collect();
    let void: Vec<String> = report.void.iter().map(|(number, why)| format!("{number} ({why})")).collect();
    let suitcase = &report.suitcase;
    json!({
        "number": suitcase.number,
        "name": suitcase.name,
        "place": suitcase.place,
        "revoked": matches!(suitcase.state, SuitcaseState::Revoked { .. }),
        "lost": suitcase.lost.as_ref().map(|(what, _, _)| what),
        "heard_at": suitcase.heard_at.map(time),
        "unknown_after": report.unknown_after.map(time),
        "not_arrived": suitcase.missing,
        "drafts": report.drafts,
        "set_aside": suitcase.set_aside,
        "records": report.records,
        "given_up": report.given_up,
        "late_given_up": report.late_given_up,
        "late_void": report.late_void,
        "used": report.used,
        "void": void,
        "doubtful": report.doubtful,
        "people": people,
        "unread": report.unread.iter().map(unread).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Command, execute as ask};
    use super::*;
    use crate::app::testing;
    use crate::app::{ErrorKind, Office};
    use std::sync::Arc;

    fn put(office: &Office, login: Option<&str>, what: Value) -> Result<Value, DeskError> {
        let command = json!({ "do": "administration", "ask": what });
        ask(office, login, serde_json::from_value::<Command>(command).unwrap())
    }

    #[test]
    fn administrators_ask_on_the_command_line_and_clerks_are_refused() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let office = Office::around(Arc::clone(&town.desk));
        let lost = put(&office, None, json!({ "what": "lost", "number": 7 })).unwrap();
        assert_eq!(lost["people"][0]["name"], "Коваль Ганна");
        assert_eq!(lost["revoked"], false);
        let noted = json!({ "what": "lost_note", "number": 7, "text": "викрадено" });
        assert_eq!(put(&office, None, noted).unwrap()["lost"], "викрадено");
        put(&office, None, json!({ "what": "place", "number": 7, "place": "Гиряві Ісківці" })).unwrap();
        assert_eq!(town.desk.suitcases().unwrap()[0].place, "Гиряві Ісківці");

        let words = town.root.words().join(" ");
        assert_eq!(put(&office, None, json!({ "what": "kit", "words": words })).unwrap()["opened"], 1);
        let set = json!({ "what": "set", "compare": true, "code": null, "drill_days": 90 });
        let set = put(&office, None, set).unwrap();
        assert_eq!(
            (&set["always_compare"], &set["drill_days"], &set["drill_overdue"]),
            (&json!(true), &json!(90), &json!(false))
        );

        let aloud = put(&office, None, json!({ "what": "invite_aloud", "number": 8, "hours": 1 })).unwrap();
        let invitation = chain::Invitation::from_text(aloud["invitation"].as_str().unwrap()).unwrap();
        let request = town.request(&invitation);
        town.desk.certify(std::slice::from_ref(&request)).unwrap();
        let waiting = put(&office, None, json!({ "what": "words" })).unwrap();
        assert_eq!(waiting["laptops"][0]["words"], request.comparison(&invitation.root, 8).join(" "));
        let laptop = &waiting["laptops"][0];
        let other = json!({ "what": "words_same", "chain": laptop["chain"], "words": "a b c d e f" });
        assert_eq!(put(&office, None, other).unwrap_err().kind, ErrorKind::Refused);
        let same = json!({ "what": "words_same", "chain": laptop["chain"], "words": laptop["words"] });
        assert_eq!(put(&office, None, same).unwrap()["certified"], 8);

        town.desk.add_account("admin", "o.koval", "", crate::app::Rank::Clerk, testing::PASSPHRASE).unwrap();
        let raise = json!({ "what": "account_rank", "account": "o.koval", "role": "administrator",
                            "passphrase": testing::PASSPHRASE });
        assert_eq!(put(&office, None, raise).unwrap()["role"], "administrator");
        let lower = json!({ "what": "account_rank", "account": "o.koval", "role": "clerk", "passphrase": null });
        put(&office, None, lower).unwrap();
        for what in [
            json!({ "what": "account_rank", "account": "admin", "role": "clerk", "passphrase": null }),
            json!({ "what": "lost", "number": 7 }),
            json!({ "what": "words" }),
            json!({ "what": "kit", "words": words }),
            json!({ "what": "set", "compare": false, "code": null, "drill_days": null }),
            json!({ "what": "read_out", "number": 7, "to": "Шевчук, передзвонив" }),
        ] {
            assert_eq!(put(&office, Some("o.koval"), what).unwrap_err().kind, ErrorKind::NotAllowed);
        }
    }
}
