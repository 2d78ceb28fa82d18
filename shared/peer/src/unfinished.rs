//! What a desk said and of what only a part is left: it was lost, and so was a part of what the hub had of it. One that
//! was made from the kit, or put back from a copy, makes whole what it finds of that:
//!
//! - a record that was taken back and whose next key was not drawn, or is not here, gets its next key;
//! - whoever holds a record and was not granted the key in force is granted it.
//!
//! Both follow from the entries alone. Of what is lost wholly nobody can say what it was: then the suitcase from which a
//! record was taken back holds it as before.

use crate::PeerError;
use crate::act::Act;
use crate::case_word;
use crate::peer::View;
use crate::renewal::{holders, knows_newest};
use crate::store::{chains, keys};
use chain::Register;
use ids::{ChainId, RecordId};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Records with who must not read on, or must be able to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unfinished {
    /// Closed to a chain that knows the newest key.
    pub closed: Vec<(RecordId, ChainId)>,
    /// Held by a suitcase that does not know the newest key.
    pub lacking: Vec<(RecordId, ChainId)>,
}

impl Unfinished {
    /// Whether all is as it should be.
    pub const fn is_empty(&self) -> bool {
        self.closed.is_empty() && self.lacking.is_empty()
    }
}

/// In a hole of a case chain may stand that a record was taken back: nobody is handed a key before that is known.
fn has_holes(connection: &Connection, register: &Register) -> Result<bool, PeerError> {
    for (desk, ..) in register.desks() {
        if chains::last(connection, desk.case)? > chains::end(connection, desk.case)?.seq {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Records of which something arrived after one entry and up to another and that may be unfinished. From the beginning on
/// those that were taken back from anybody, and those of which the centre drew a key.
fn candidates(
    connection: &Connection,
    register: &Register,
    (after, until): (i64, i64),
) -> Result<BTreeSet<RecordId>, PeerError> {
    if after > 0 {
        return Ok(keys::said_about_between(connection, after, until)?.into_iter().collect());
    }
    let mut found = keys::withdrawn(connection)?;
    for (desk, ..) in register.desks() {
        found.extend(keys::records_of(connection, desk.case)?);
    }
    Ok(found)
}

fn is_closed(
    connection: &Connection,
    register: &Register,
    (record, reader): (RecordId, ChainId),
) -> Result<bool, PeerError> {
    Ok(!register.is_case(reader)
        && case_word::is_taken_back(connection, register, (record, reader))?
        && knows_newest(connection, register, reader, record)?)
}

fn lacks(
    connection: &Connection,
    register: &Register,
    (record, holder): (RecordId, ChainId),
) -> Result<bool, PeerError> {
    let known = keys::newest_record_key(connection, record)?.is_some();
    Ok(known && !knows_newest(connection, register, holder, record)?)
}

impl View<'_> {
    /// For a desk: what is unfinished of the records of which something arrived after one entry and up to another.
    /// `gave_up` tells in which entry a chain said last that it gave a record up by itself: such a one was closed to it
    /// without being taken back, and goes on under its key.
    pub fn unfinished(
        &self,
        register: &Register,
        (after, until): (i64, i64),
        gave_up: &dyn Fn(ChainId, RecordId) -> Option<u64>,
    ) -> Result<Unfinished, PeerError> {
        let connection = self.connection;
        let (holes, mut found) = (has_holes(connection, register)?, Unfinished::default());
        for record in candidates(connection, register, (after, until))? {
            for reader in keys::readers_of(connection, record)? {
                if is_closed(connection, register, (record, reader))? {
                    let by_itself = match gave_up(reader, record) {
                        Some(seq) => !keys::is_granted_since(connection, reader, record, seq)?,
                        None => false,
                    };
                    found.closed.extend((!by_itself).then_some((record, reader)));
                }
            }
            if holes {
                continue;
            }
            for holder in holders(connection, register, record)? {
                if lacks(connection, register, (record, holder))? {
                    found.lacking.push((record, holder));
                }
            }
        }
        Ok(found)
    }
}

impl Act<'_> {
    /// Makes that whole, as far as it is still so. Gives back the chains that knew a newest key which they must not know,
    /// each with for how many records, and how many grants there were to holders.
    pub fn finish(&mut self, unfinished: &Unfinished) -> Result<(Vec<(ChainId, u32)>, usize), PeerError> {
        let register = self.register_after().clone();
        let (mut shut_out, mut granted) = (Vec::<(ChainId, u32)>::new(), 0);
        let mut renewed = BTreeSet::new();
        for (record, reader) in &unfinished.closed {
            // Two may have known it.
            if !renewed.contains(record) && is_closed(self.connection(), &register, (*record, *reader))? {
                self.renew_key(*record)?;
                renewed.insert(*record);
            }
            if renewed.contains(record) {
                match shut_out.iter_mut().find(|(chain, _)| chain == reader) {
                    Some((_, records)) => *records += 1,
                    None => shut_out.push((*reader, 1)),
                }
            }
        }
        for (record, holder) in &unfinished.lacking {
            let holds = holders(self.connection(), &register, *record)?.contains(holder);
            if holds && lacks(self.connection(), &register, (*record, *holder))? {
                self.grant_if_it_can_be(*record, *holder)?;
                granted += usize::from(!lacks(self.connection(), &register, (*record, *holder))?);
            }
        }
        Ok((shut_out, granted))
    }
}
