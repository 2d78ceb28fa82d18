//! A visit as read.

use ids::RecordId;

use super::log::{self, Note};
use super::{Address, Difference, IsDesk, Party, Register, Registers};
use crate::document::Document;
use crate::state::{StateLog, VisitState};

/// A visit (виїзд до людини): from the call to its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitView {
    /// The record.
    pub id: RecordId,
    /// Number of the call; fixed.
    pub number: String,
    /// When the call came, milliseconds since 1970; fixed.
    pub received_at: i64,
    /// How it came; fixed.
    pub channel: String,
    /// Who called.
    pub caller: Register,
    /// The caller's phone.
    pub caller_phone: Register,
    /// The person to be visited.
    pub person: Party,
    /// Where.
    pub address: Address,
    /// Phone on site.
    pub phone: Register,
    /// Planned date, `YYYY-MM-DD`.
    pub date: Register,
    /// Planned time, `HH:MM`.
    pub time: Register,
    /// Special needs.
    pub needs: Register,
    /// Safety notes.
    pub safety: Register,
    /// Category under which the visit is due.
    pub category: Register,
    /// Notes, by time.
    pub notes: Vec<Note>,
    /// State and events.
    pub log: StateLog<VisitState>,
    /// Where a person has to choose.
    pub differences: Vec<Difference>,
    /// Every field by key.
    pub registers: Registers,
}

impl VisitView {
    /// Read a visit.
    pub fn read(document: &Document, is_desk: IsDesk<'_>) -> Self {
        let mut registers = Registers::read(document, is_desk);
        let log = log::derive_state(document, &mut registers, is_desk, VisitState::is_closed);
        let get = |key: &str| registers.register(key);
        Self {
            id: document.id(),
            number: registers.text("number").to_owned(),
            received_at: registers.int("received").or(registers.int("created")).unwrap_or(0),
            channel: registers.text("channel").to_owned(),
            caller: get("caller"),
            caller_phone: get("caller_phone"),
            person: Party::read(&registers, "a"),
            address: Address::read(&registers, "pa"),
            phone: get("phone"),
            date: get("date"),
            time: get("time"),
            needs: get("needs"),
            safety: get("safety"),
            category: get("category"),
            notes: log::notes(&registers),
            differences: registers.differences(),
            log,
            registers,
        }
    }

    /// Where it stands; a record whose birth event is missing counts as requested.
    pub fn state(&self) -> VisitState {
        self.log.state.unwrap_or(VisitState::Requested)
    }

    /// What an event has to name as the one its author saw.
    pub fn tip(&self) -> &str {
        self.log.tip.as_deref().unwrap_or_default()
    }

    /// Services asked for: slug and what was said about it.
    pub fn services(&self) -> impl Iterator<Item = (&str, &Register)> {
        self.registers.family("q.")
    }
}
