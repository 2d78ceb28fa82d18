//! Questions as JSON: `{"do": "invite", "number": 7, "hours": 72}`.

use super::CatalogueQuestion;
use super::administration::Administration;
use crate::app::Answer;
use records::{Stamp, StampKind};
use serde::{Deserialize, Serialize};

/// What the command line asks of a desk.
#[derive(Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are those of the use cases in `app`")]
pub enum Command {
    /// How the desk is.
    Status {},
    /// Opens a sealed desk; without a login by whosever passphrase it is.
    Unseal { login: Option<String>, passphrase: String },
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
    Answer {
        number: String,
        answer: String,
        text: Option<String>,
        key: Option<String>,
        choice: Option<String>,
        #[serde(default)]
        mark: MarkText,
        /// Also if a colleague has it.
        #[serde(default)]
        despite_claim: bool,
    },
    /// Takes the next request of a group that nobody has.
    Next { group: Option<String>, service: Option<String>, suitcase: Option<u16> },
    /// A page of the journal.
    Journal {
        from: Option<String>,
        to: Option<String>,
        service: Option<String>,
        suitcase: Option<u16>,
        search: Option<String>,
        page: Option<usize>,
        size: Option<usize>,
    },
    /// The open data of a period.
    OpenData { from: Option<String>, to: Option<String> },
    /// Who did and saw what.
    Audit {
        by: Option<String>,
        what: Option<String>,
        number: Option<String>,
        from: Option<String>,
        to: Option<String>,
        page: Option<usize>,
        size: Option<usize>,
    },
    /// A page of the register of receipt numbers.
    Numbers {
        suitcase: Option<u16>,
        from: Option<String>,
        to: Option<String>,
        state: Option<String>,
        page: Option<usize>,
        size: Option<usize>,
    },
    /// Compares an end-of-shift statement with what is held; the text may be a whole file.
    CheckStatement { text: String },
    /// Writes the evidence file of a case.
    Evidence { number: String, out: String },
    /// Lets another suitcase read and write a request.
    Grant {
        number: String,
        to: u16,
        /// Also if a colleague has it.
        #[serde(default)]
        despite_claim: bool,
    },
    /// Takes a request back from a suitcase.
    TakeBack {
        number: String,
        from: u16,
        reason: String,
        /// Also if a colleague has it.
        #[serde(default)]
        despite_claim: bool,
    },
    /// About the catalogue of services.
    Catalogue { question: CatalogueQuestion },
    /// Entries set aside.
    SetAside {},
    /// Lets some of a chain in: `20`, or `20-44`.
    AcceptSetAside { chain: String, run: String, reason: String },
    /// Leaves some of a chain where they are.
    DeclineSetAside { chain: String, run: String, reason: String },
    /// Checks everything.
    Verify {},
    /// Writes the page that checks papers without a network.
    Verifier { out: String },
    /// Makes the lists anew.
    Rebuild {},
    /// Who the centre is, as papers name it; with texts: publishes them.
    Details { texts: Option<[Option<String>; 8]> },
    /// Makes a backup, into a new folder or where backups go.
    Backup { out: Option<String> },
    /// Writes every record into a folder, as JSON and as automerge.
    Export { out: String },
    /// Takes the letters off a stick and puts the answers onto it.
    CarryIn { from: String },
    /// Puts answers onto a stick.
    CarryOut { to: String },
}

/// A mark of the routing sheet as it is given with an answer; days are `YYYY-MM-DD`.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MarkText {
    /// Which, 1 to 5; needed only by the answer `stamp`.
    pub mark: Option<u8>,
    /// The day of the mark.
    pub day: Option<String>,
    /// Who.
    pub person: Option<String>,
    /// By when the provider answers.
    pub term: Option<String>,
    /// Number of the result.
    pub result_number: Option<String>,
    /// Day of the result.
    pub result_day: Option<String>,
    /// Why an earlier mark is corrected.
    pub why: Option<String>,
}

impl MarkText {
    fn is_given(&self) -> bool {
        self.day.is_some() || self.person.is_some()
    }

    fn stamp(self, kind: StampKind, text: String) -> Stamp {
        Stamp {
            kind,
            day: self.day.unwrap_or_default(),
            person: self.person.unwrap_or_default(),
            term: self.term.unwrap_or_default(),
            number: self.result_number.unwrap_or_default(),
            result_day: self.result_day.unwrap_or_default(),
            text,
            why: self.why.unwrap_or_default(),
        }
    }
}

/// Names of answers in commands, as `answer_of` reads them.
pub const ANSWERS: [&str; 24] = [
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
    "resolve-other",
    "claim",
    "release",
    "stamp",
    "consider",
    "notify",
    "prolong",
    "fee",
    "not-duplicate",
    "undo",
];

/// An answer by its name. `text` is what it takes: number, provider, text, ground, reason, the other's number.
pub(super) fn answer_of(
    name: &str,
    text: Option<String>,
    key: Option<String>,
    choice: Option<String>,
    mark: MarkText,
) -> Option<Answer> {
    let words = text.clone().unwrap_or_default();
    let kind = match name {
        "number" => Some(StampKind::Registration),
        "hand-over" => Some(StampKind::HandOver),
        "ready" => Some(StampKind::Return),
        "handed-over" => Some(StampKind::Receipt),
        _ => None,
    };
    if let Some(kind) = kind.filter(|_| mark.is_given()) {
        let answer = Box::new(answer_of(name, text, key, choice, MarkText::default())?);
        return Some(Answer::Stamped { answer, stamp: mark.stamp(kind, words) });
    }
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
        "resolve-other" => Answer::ResolveOther { key: key?, text: words, reason: mark.why.unwrap_or_default() },
        "claim" => Answer::Claim,
        "release" => Answer::Release { reason: words },
        "stamp" => Answer::Stamp { stamp: mark.clone().stamp(StampKind::from_number(mark.mark?)?, words) },
        "consider" => Answer::Stamp { stamp: mark.stamp(StampKind::Consideration, words) },
        "notify" => Answer::Notify { way: key?, text: words },
        "prolong" => Answer::Prolong { until: mark.day?, reason: words },
        "fee" => Answer::Fee { amount: words, basis: mark.why.unwrap_or_default() },
        "not-duplicate" => Answer::NotDuplicate { of: key?, reason: words },
        "undo" => Answer::Undo { event: key? },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_an_answer() {
        for name in ANSWERS {
            let mark = MarkText { mark: Some(2), day: Some("2026-11-23".into()), ..MarkText::default() };
            assert!(
                answer_of(name, Some("x".into()), Some("phone".into()), Some("0".into()), mark).is_some(),
                "{name}"
            );
        }
        assert!(answer_of("resolve", None, None, None, MarkText::default()).is_none());
        assert!(answer_of("stamp", None, None, None, MarkText::default()).is_none());
        assert!(answer_of("delete", None, None, None, MarkText::default()).is_none());
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
