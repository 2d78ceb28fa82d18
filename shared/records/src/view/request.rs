//! A request as read.

use std::collections::BTreeSet;

use ids::RecordId;

use super::log::{self, Note};
use super::{Address, Difference, IsDesk, Party, Register, Registers};
use crate::document::Document;
use crate::event::split;
use crate::state::{Fate, Outcome, RequestState, StateLog};
use crate::{EntryId, Paper, Value};

/// Consent to the processing of personal data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consent {
    /// Version (hash) of the text consented to.
    pub text: Register,
    /// `applicant` or `representative`.
    pub by: Register,
    /// When, milliseconds since 1970.
    pub at: Register,
}

/// One print of the опис, `p/<id>` = `t|by`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// The author's device time, milliseconds since 1970.
    pub at: i64,
    /// Login.
    pub by: String,
}

/// A request (звернення): one service for one applicant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestView {
    /// The record.
    pub id: RecordId,
    /// Number on the опис; fixed.
    pub number: String,
    /// Device time of recording, milliseconds since 1970; fixed.
    pub created_at: i64,
    /// When the applicant submitted it: terms count from here; fixed.
    pub submitted_at: i64,
    /// `visit` or `desk`; fixed.
    pub channel: String,
    /// Login of the officer who recorded it; fixed.
    pub officer: String,
    /// The officer's name; fixed.
    pub officer_name: String,
    /// The suitcase's number; fixed.
    pub suitcase: Option<i64>,
    /// Recorded without access to the registers; fixed.
    pub offline: bool,
    /// The visit it was taken on.
    pub visit: Register,
    /// Slug of the service in the catalogue.
    pub service: Register,
    /// The service's name on that day.
    pub service_name: Register,
    /// The catalogue release it was taken under.
    pub release: Register,
    /// Number in the centre's journal.
    pub official: Register,
    /// The applicant.
    pub applicant: Party,
    /// The representative, if any.
    pub representative: Party,
    /// By what right the representative acts.
    pub power: Register,
    /// Registered address.
    pub registered: Address,
    /// Actual address.
    pub actual: Address,
    /// Phone.
    pub phone: Register,
    /// Second phone.
    pub phone2: Register,
    /// E-mail.
    pub email: Register,
    /// How the result is to reach the applicant.
    pub delivery: Register,
    /// What is asked for, in words.
    pub summary: Register,
    /// Fee in kopiykas.
    pub fee: Register,
    /// Number of the payment receipt.
    pub fee_receipt: Register,
    /// Who gives the service.
    pub provider: Register,
    /// Control date, `YYYY-MM-DD`.
    pub due: Register,
    /// «Передати до», `YYYY-MM-DD`.
    pub handover_due: Register,
    /// Consent.
    pub consent: Consent,
    /// Prints of the опис, by time.
    pub prints: Vec<Print>,
    /// Notes, by time.
    pub notes: Vec<Note>,
    /// State and events.
    pub log: StateLog<RequestState>,
    /// Where a person has to choose.
    pub differences: Vec<Difference>,
    /// Every field by key, for what has no name here.
    pub registers: Registers,
}

impl RequestView {
    /// Read a request.
    pub fn read(document: &Document, is_desk: IsDesk<'_>) -> Self {
        let mut registers = Registers::read(document, is_desk);
        let log = log::derive_state(document, &mut registers, is_desk, RequestState::is_decided);
        let get = |key: &str| registers.register(key);
        let text = |key: &str| registers.text(key).to_owned();
        Self {
            id: document.id(),
            number: text("number"),
            created_at: registers.int("created").unwrap_or(0),
            submitted_at: registers.int("submitted").or(registers.int("created")).unwrap_or(0),
            channel: text("channel"),
            officer: text("officer"),
            officer_name: text("officer_name"),
            suitcase: registers.int("suitcase"),
            offline: get("offline").yes(),
            visit: get("visit"),
            service: get("service"),
            service_name: get("service_name"),
            release: get("release"),
            official: get("official"),
            applicant: Party::read(&registers, "a"),
            representative: Party::read(&registers, "r"),
            power: get("r.power"),
            registered: Address::read(&registers, "pr"),
            actual: Address::read(&registers, "pa"),
            phone: get("phone"),
            phone2: get("phone2"),
            email: get("email"),
            delivery: get("delivery"),
            summary: get("summary"),
            fee: get("fee"),
            fee_receipt: get("fee_receipt"),
            provider: get("provider"),
            due: get("due"),
            handover_due: get("handover_due"),
            consent: Consent { text: get("c.text"), by: get("c.by"), at: get("c.at") },
            prints: prints(&registers),
            notes: log::notes(&registers),
            differences: registers.differences(),
            log,
            registers,
        }
    }

    /// Where it stands; a record whose birth event is missing counts as accepted.
    pub fn state(&self) -> RequestState {
        self.log.state.unwrap_or(RequestState::Accepted)
    }

    /// How it ended, if it was decided.
    pub fn outcome(&self) -> Option<Outcome> {
        if !self.state().is_decided() {
            return None;
        }
        self.log.events.iter().rev().find_map(|event| match event.fate {
            Fate::Led(RequestState::Ready) => Some(Outcome::Granted),
            Fate::Led(RequestState::Refused) => Some(Outcome::Refused),
            _ => None,
        })
    }

    /// What an event has to name as the one its author saw.
    pub fn tip(&self) -> &str {
        self.log.tip.as_deref().unwrap_or_default()
    }

    /// Answers to the form's questions, by question.
    pub fn answers(&self) -> impl Iterator<Item = (&str, &Register)> {
        self.registers.family("f.")
    }

    /// Papers by code; a paper whose text does not read is shown by its raw text as its name.
    pub fn papers(&self) -> impl Iterator<Item = (&str, Paper)> {
        self.registers.family("d.").filter(|(_, register)| !register.text().is_empty()).map(|(code, register)| {
            let raw = || Paper { name: register.text().to_owned(), ..Paper::default() };
            (code, Paper::decode(register.text()).unwrap_or_else(raw))
        })
    }

    /// Ids of the events that different authors wrote without seeing each other's, and that the record holds together
    /// all the same. `document` is the one this was read from.
    pub fn concurrent_events(&self, document: &Document) -> BTreeSet<String> {
        log::concurrent(document, &self.registers, &self.log)
    }

    /// Everything a person should look at: differing fields, proposals, contested decisions.
    pub fn open_questions(&self) -> usize {
        self.differences.len() + self.log.open_contests().count()
    }

    /// Whether the officer has to give the applicant a printed опис yet.
    pub fn is_printed(&self) -> bool {
        !self.prints.is_empty()
    }
}

fn prints(registers: &Registers) -> Vec<Print> {
    let mut out: Vec<Print> = registers
        .family("p/")
        .filter(|(id, _)| EntryId::is_well_formed(id))
        .flat_map(|(_, register)| &register.values)
        .filter_map(|written| {
            let parts = split(written.value.as_text()?);
            let [at, by] = &parts[..] else { return None };
            Some(Print { at: at.parse().ok()?, by: by.clone() })
        })
        .collect();
    out.sort_by(|a, b| (a.at, &a.by).cmp(&(b.at, &b.by)));
    out
}

impl RequestView {
    /// The value that stands under any key.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.registers.get(key).and_then(Register::value)
    }
}
