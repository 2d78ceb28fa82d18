//! New keys for records that somebody could read who must not read on: a revoked suitcase, or one whose grant was taken
//! back. What they had they may have kept, and the hub's disk may fall into the same hands; what is written under a key that
//! they never got stays closed to them.
//!
//! The centre draws the record's next key, grants it to itself, so that a centre made again from the kit has it, and then
//! to all who still hold the record. Which records are left to do follows from the entries alone: those whose newest key
//! a shut-out chain knows. So the work may be cut off anywhere and goes on where it was.
//!
//! What a shut-out chain wrote about it has a key of, also where that waits for a person: two lives of one disk make the
//! same record, and the key of whichever came here first is the one that the centre writes under. A record that nobody but a
//! shut-out one wrote about is nobody's yet and gets none: whoever names records that there are not makes no work here.

use crate::PeerError;
use crate::act::Act;
use crate::case_word;
use crate::identity::Role;
use crate::peer::View;
use crate::store::keys::{self, Said};
use chain::Register;
use ids::{ChainId, RecordId};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Revoked suitcases, with the chains that they wrote before and for which no living one goes on; and laptops that the
/// centre declined.
fn shut_out(register: &Register) -> BTreeSet<ChainId> {
    revoked_or_declined(register).into_iter().flat_map(|chain| line_of(register, chain)).collect()
}

/// Chains whose owners read no further.
pub fn revoked_or_declined(register: &Register) -> Vec<ChainId> {
    let revoked = |chain: &ChainId| register.revocation(*chain).is_some();
    let certified = register.suitcases().map(|certificate| certificate.chain).filter(revoked);
    certified.chain(register.declined().map(|rebirth| rebirth.chain)).collect()
}

/// A revoked suitcase's chain and those before it that ended in it.
fn line_of(register: &Register, chain: ChainId) -> impl Iterator<Item = ChainId> {
    let ended = move |before: &ChainId| register.revocation(register.living(*before)).is_some();
    std::iter::once(chain).chain(register.ancestors(chain).filter(ended))
}

/// Whether a chain that read the record once knows its newest key: a centre that draws a key grants it to itself before it
/// grants it to others, so whoever was granted nothing since does not know it. What was granted before the centre drew any
/// key is read with the first one. Behind the end of a replaced desk's case chain no key is drawn that counts; but what was
/// granted there the reader has.
pub(crate) fn knows_newest(
    connection: &Connection,
    register: &Register,
    chain: ChainId,
    record: RecordId,
) -> Result<bool, PeerError> {
    if keys::newest_record_key(connection, record)?.is_none() {
        return Ok(false);
    }
    let mut drawn = Vec::new();
    for (desk, ..) in register.desks() {
        for said in keys::said_to(connection, record, desk.case)? {
            if case_word::is_centres(connection, register, said.at)? {
                drawn.push(said);
            }
        }
    }
    if drawn.is_empty() {
        return Ok(true);
    }
    let granted = keys::said_to(connection, record, chain)?;
    Ok(granted.iter().any(|grant| !drawn.iter().any(|drawn| is_since(register, drawn, grant))))
}

/// As the centre's words follow each other; of two desks of which neither goes on for the other, by arrival.
fn is_since(register: &Register, one: &Said, other: &Said) -> bool {
    let apart = one.at.0 != other.at.0 && !register.is_said_after(other.at, one.at);
    register.is_said_after(one.at, other.at) || (apart && one.arrival > other.arrival)
}

impl View<'_> {
    /// For a desk: records that a revoked suitcase's chain could read and whose newest key it knows, at most so many.
    pub fn still_readable(
        &self,
        register: &Register,
        chain: ChainId,
        most: usize,
    ) -> Result<BTreeSet<RecordId>, PeerError> {
        let mut found = BTreeSet::new();
        for chain in line_of(register, chain) {
            let mut known: BTreeSet<RecordId> = keys::records_of(self.connection, chain)?.into_iter().collect();
            known.extend(keys::records_aside(self.connection, chain)?);
            for record in known {
                if found.len() >= most {
                    break;
                }
                if knows_newest(self.connection, register, chain, record)? {
                    found.insert(record);
                }
            }
        }
        Ok(found)
    }

    /// The last entry that arrived, by its place in the store; 0 if there is none.
    pub fn last_arrival(&self) -> Result<i64, PeerError> {
        keys::last_arrival(self.connection)
    }

    /// For a desk: chains whose owners read no further and of which something waits, or was set aside, that is about a
    /// record of which a change arrived after `after` and up to `until`.
    pub fn shut_out_in_news(
        &self,
        register: &Register,
        (after, until): (i64, i64),
    ) -> Result<BTreeSet<ChainId>, PeerError> {
        let (shut_out, mut found) = (shut_out(register), BTreeSet::new());
        if shut_out.is_empty() {
            return Ok(found);
        }
        for record in keys::changed_between(self.connection, after, until)? {
            let authors = keys::authors_aside(self.connection, record)?.into_iter();
            found.extend(authors.filter(|author| shut_out.contains(author)).map(|author| register.living(author)));
        }
        Ok(found)
    }
}

impl Act<'_> {
    /// Gives at most so many of the records that a revoked suitcase could read their next key; how many were left to do
    /// before is not more than what comes back, unless that is `most`.
    pub fn renew_keys_of(&mut self, chain: ChainId, most: usize) -> Result<usize, PeerError> {
        let (register, tenant, own) = (self.register_after().clone(), self.tenant(), self.own_chain());
        self.note_late_records_of_declined(&register, chain)?;
        let view = View { connection: self.connection(), tenant, chain: own };
        let records = view.still_readable(&register, chain, most)?;
        for record in &records {
            self.renew_key(*record)?;
        }
        Ok(records.len())
    }

    /// A laptop that is declined has the disk of the suitcase that it says it goes on for, as it was when they parted. What
    /// that one could read by now the centre takes back from the declined one, entry by entry: so the chains alone say what
    /// it knows, and the records get their next keys like those of a revoked one. The suitcase itself reads and writes on.
    pub fn take_back_from_declined(&mut self, chain: ChainId) -> Result<(), PeerError> {
        let before: Vec<ChainId> = self.register_after().ancestors(chain).collect();
        let mut known = BTreeSet::new();
        for one in before {
            known.extend(keys::records_of(self.connection(), one)?);
        }
        self.note_known(chain, known)
    }

    /// What the suitcase wrote before they parted and what came here after the laptop was declined.
    fn note_late_records_of_declined(&mut self, register: &Register, chain: ChainId) -> Result<(), PeerError> {
        let Some(rebirth) = register.declined().find(|rebirth| rebirth.chain == chain) else { return Ok(()) };
        let late = keys::written_until(self.connection(), rebirth.predecessor, rebirth.end.seq)?;
        self.note_known(chain, late.into_iter().collect())
    }

    fn note_known(&mut self, chain: ChainId, records: BTreeSet<RecordId>) -> Result<(), PeerError> {
        for record in records {
            let noted = keys::readers_of(self.connection(), record)?.contains(&chain);
            if !noted && keys::newest_record_key(self.connection(), record)?.is_some() {
                self.close_grant(record, chain)?;
            }
        }
        Ok(())
    }

    /// Draws the record's next key and grants it to all who still hold the record. What others write under the keys
    /// before, because they have not heard of it yet, opens as ever.
    pub fn renew_key(&mut self, record: RecordId) -> Result<(), PeerError> {
        self.draw_next_key(record)?;
        let own = self.own_chain();
        self.grant(record, own)?;
        for reader in self.holders(record)? {
            self.grant_if_it_can_be(record, reader)?;
        }
        Ok(())
    }

    /// Before a centre writes in a record that somebody could read on who is shut out, or to whom it was closed, the record
    /// gets its next key. For those who are shut out that happens by and by; what is written is never earlier than that.
    pub(crate) fn renew_key_if_known(&mut self, record: RecordId) -> Result<(), PeerError> {
        let Role::Desk { .. } = self.role() else { return Ok(()) };
        let (register, connection) = (self.register_after(), self.connection());
        let shut_out = shut_out(register);
        let mut known = false;
        for reader in keys::readers_of(connection, record)? {
            let out = shut_out.contains(&reader) || case_word::is_taken_back(connection, register, (record, reader))?;
            known = known || (out && knows_newest(connection, register, reader, record)?);
        }
        if !shut_out.is_empty() {
            let aside = keys::authors_aside(connection, record)?.into_iter();
            for author in aside.filter(|chain| shut_out.contains(chain)) {
                known = known || knows_newest(connection, register, author, record)?;
            }
        }
        if known { self.renew_key(record) } else { Ok(()) }
    }

    /// The living suitcases that may write the record: its maker and those who were granted it.
    fn holders(&self, record: RecordId) -> Result<BTreeSet<ChainId>, PeerError> {
        holders(self.connection(), self.register_after(), record)
    }
}

pub(crate) fn holders(
    connection: &Connection,
    register: &Register,
    record: RecordId,
) -> Result<BTreeSet<ChainId>, PeerError> {
    let holds = |chain: &ChainId| register.suitcase(*chain).is_some() && register.revocation(*chain).is_none();
    let writers = keys::writers(connection, record)?;
    Ok(writers.into_iter().map(|chain| register.living(chain)).filter(holds).collect())
}
