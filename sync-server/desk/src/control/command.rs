//! Questions as JSON: `{"do": "invite", "number": 7, "hours": 72}`.

use super::administration::Administration;
use crate::app::Answer;
use serde::{Deserialize, Serialize};

/// What the command line asks of a desk.
#[derive(Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are those of the use cases in `app`")]
pub enum Command {
    /// How the desk is.
    Status {},
    /// Opens a sealed desk.
    Unseal { login: String, passphrase: String },
    /// Invites a laptop.
    Invite { number: u16, hours: u32 },
    /// All invitations.
    Invitations {},
    /// All suitcases.
    Suitcases {},
    /// Revokes a suitcase.
    Revoke { number: u16, reason: String },
    /// What administrators ask besides.
    Administration { ask: Administration },
    /// A new account.
    AccountAdd { account: String, name: String, role: String, passphrase: String },
    /// All accounts.
    AccountList {},
    /// Disables an account.
    AccountDisable { account: String },
    /// Another passphrase.
    AccountPassphrase { account: String, passphrase: String },
    /// A page of the queue.
    Queue {
        group: Option<String>,
        state: Option<String>,
        service: Option<String>,
        suitcase: Option<u16>,
        search: Option<String>,
        order: Option<String>,
        page: Option<usize>,
        size: Option<usize>,
    },
    /// One request.
    Show { number: String },
    /// Answers a request.
    Answer { number: String, answer: String, text: Option<String>, key: Option<String>, choice: Option<usize> },
    /// Lets another suitcase read and write a request.
    Grant { number: String, to: u16 },
    /// Entries set aside.
    SetAside {},
    /// Lets one in.
    AcceptSetAside { chain: String, seq: u64 },
    /// Checks everything.
    Verify {},
    /// Makes the lists anew.
    Rebuild {},
    /// Makes a backup, into a new folder or where backups go.
    Backup { out: Option<String> },
    /// Writes every record into a folder, as JSON and as automerge.
    Export { out: String },
}

/// Names of answers in commands, as [`answer_of`] reads them.
pub const ANSWERS: [&str; 14] = [
    "accept",
    "number",
    "hand-over",
    "ask",
    "supplement",
    "refuse",
    "ready",
    "handed-over",
    "withdraw",
    "duplicate",
    "reopen",
    "note",
    "resolve",
    "settle",
];

/// An answer by its name. `text` is what it takes: number, provider, text, ground, reason, the other's number.
pub(super) fn answer_of(
    name: &str,
    text: Option<String>,
    key: Option<String>,
    choice: Option<usize>,
) -> Option<Answer> {
    let words = text.clone().unwrap_or_default();
    Some(match name {
        "accept" => Answer::Accept,
        "number" => Answer::Number(text),
        "hand-over" => Answer::HandOver { provider: words },
        "ask" => Answer::Ask { text: words },
        "supplement" => Answer::Supplement { text: words },
        "refuse" => Answer::Refuse { ground: words },
        "ready" => Answer::Ready { text: words },
        "handed-over" => Answer::HandedOver { text: words },
        "withdraw" => Answer::Withdraw { reason: words },
        "duplicate" => Answer::Duplicate { of: words },
        "reopen" => Answer::Reopen { reason: words },
        "note" => Answer::Note { text: words },
        "resolve" => Answer::Resolve { key: key?, choice: choice?, reason: words },
        "settle" => Answer::Settle { event: key?, reason: words },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_an_answer() {
        for name in ANSWERS {
            assert!(answer_of(name, Some("x".into()), Some("phone".into()), Some(0)).is_some(), "{name}");
        }
        assert!(answer_of("resolve", None, None, None).is_none());
        assert!(answer_of("delete", None, None, None).is_none());
    }

    #[test]
    fn a_question_is_written_and_read_the_same_way() {
        let text = r#"{"do":"invite","number":7,"hours":72}"#;
        let command: Command = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&command).unwrap(), text);
        assert!(serde_json::from_str::<Command>(r#"{"do":"invite","number":7,"hours":72,"x":1}"#).is_err());
        assert!(serde_json::from_str::<Command>(r#"{"do":"shutdown"}"#).is_err());
    }
}
