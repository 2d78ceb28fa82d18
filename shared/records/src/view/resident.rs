//! A resident as read.

use std::collections::BTreeMap;

use ids::RecordId;

use super::log::{self, Note, SameAs};
use super::{Address, Difference, IsDesk, Party, Register, Registers};
use crate::document::Document;

/// A resident (мешканець).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentView {
    /// The record.
    pub id: RecordId,
    /// Device time of recording, milliseconds since 1970; fixed.
    pub created_at: i64,
    /// Name, numbers, identity document.
    pub person: Party,
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
    /// Special needs in words.
    pub needs: Register,
    /// Date of death, `YYYY-MM-DD`.
    pub died: Register,
    /// Joining with other records of the same person, by time.
    pub same_as: Vec<SameAs>,
    /// Notes, by time.
    pub notes: Vec<Note>,
    /// Where a person has to choose.
    pub differences: Vec<Difference>,
    /// Every field by key.
    pub registers: Registers,
}

impl ResidentView {
    /// Read a resident.
    pub fn read(document: &Document, is_desk: IsDesk<'_>) -> Self {
        let registers = Registers::read(document, is_desk);
        let get = |key: &str| registers.register(key);
        Self {
            id: document.id(),
            created_at: registers.int("created").unwrap_or(0),
            person: Party::read(&registers, "a"),
            registered: Address::read(&registers, "pr"),
            actual: Address::read(&registers, "pa"),
            phone: get("phone"),
            phone2: get("phone2"),
            email: get("email"),
            needs: get("needs"),
            died: get("died"),
            same_as: log::same_as(&registers),
            notes: log::notes(&registers),
            differences: registers.differences(),
            registers,
        }
    }

    /// Categories that are not denied: code → what was written (`yes` or details of the proof).
    pub fn categories(&self) -> impl Iterator<Item = (&str, &Register)> {
        self.registers.family("k.").filter(|(_, register)| !matches!(register.text(), "" | "no"))
    }

    /// The records that are the same person now: joined and not undone after.
    pub fn joined_with(&self) -> Vec<RecordId> {
        let mut last: BTreeMap<RecordId, bool> = BTreeMap::new();
        for event in &self.same_as {
            last.insert(event.other, event.joined);
        }
        last.into_iter().filter_map(|(other, joined)| joined.then_some(other)).collect()
    }
}
