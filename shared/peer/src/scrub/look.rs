//! One slice of what a peer keeps: whether it is what its authors wrote, and whether everything leads to it.

use super::state::At;
use crate::PeerError;
use crate::store::scrub::{self as stored, Held};
use crate::store::{chains, entries, rows};
use crate::verify::{Compared, compare_row, does_not_read};
use chain::{Kind, Place, Register};
use ids::{ChainId, TenantId};
use rusqlite::Connection;
use signing::Hash;

/// Entries of one slice: some milliseconds.
const ENTRIES: usize = 32;
/// Records of one slice.
const RECORDS: usize = 4;

/// What a slice found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Slice {
    /// From where the next one goes on; `None` if there is no more of this kind.
    pub next: Option<At>,
    /// Entries, or records, that were looked at.
    pub seen: u64,
    /// One sentence each.
    pub faults: Vec<String>,
    /// What does not read, one sentence each: told where no damaged place explains it.
    pub unread: Vec<String>,
}

/// What a look goes by.
pub(super) struct Eyes<'a> {
    pub connection: &'a Connection,
    pub register: &'a Register,
    pub tenant: TenantId,
    pub own: ChainId,
}

impl Eyes<'_> {
    /// Looks at one slice, all of it in one state of the database. Pages are looked at elsewhere.
    pub fn look(&self, at: &At) -> Result<Slice, PeerError> {
        let view = self.connection.unchecked_transaction()?;
        let slice = match at {
            At::Pages(_) => Slice::default(),
            At::Entries(after) => self.entries(*after)?,
            At::Records(after) => self.records(*after)?,
            At::Tables(after) => self.table(after)?,
        };
        view.rollback()?;
        Ok(slice)
    }

    fn entries(&self, after: i64) -> Result<Slice, PeerError> {
        let mut slice = Slice::default();
        if after == i64::MIN {
            self.ends(&mut slice.faults)?;
        }
        let found = stored::entries(self.connection, after, ENTRIES)?;
        slice.next = found.last().filter(|_| found.len() == ENTRIES).map(|last| At::Entries(last.id));
        for held in &found {
            slice.seen += 1;
            if let Some(what) = self.wrong(held)? {
                let chain = held.chain.map_or_else(|| "?".to_owned(), |(chain, _)| chain.to_string());
                slice.faults.push(format!("ланцюг {chain}, запис № {}: {what}", held.seq));
            }
        }
        Ok(slice)
    }

    /// What is wrong with an entry.
    fn wrong(&self, held: &Held) -> Result<Option<&'static str>, PeerError> {
        let Some((chain, end)) = held.chain else {
            return Ok(Some("ланцюга немає / there is no such chain"));
        };
        let place = Place { tenant: self.tenant, chain, seq: held.seq, prev: held.prev };
        let Some(entry) = &held.entry else {
            return Ok(Some("не читається / does not read"));
        };
        if entry.hash(&place) != held.hash {
            return Ok(Some("хеш не збігається: запис пошкоджено на диску / the hash differs: damaged on the disk"));
        }
        if self.register.author(chain).is_none_or(|author| !entry.is_valid(&place, &author)) {
            return Ok(Some("підпис не збігається / the signature differs"));
        }
        if held.taken && entry.header.kind == Kind::CHANGE && entry.body.bytes().is_none() {
            return Ok(Some("вмісту немає / its body is missing"));
        }
        if !self.is_found(held)? {
            return Ok(Some("покажчик веде не до нього / the index does not lead to it"));
        }
        let before = match held.seq {
            1 => Some(Hash::ZERO),
            seq => stored::at(self.connection, held.row, seq - 1)?.map(|(_, hash)| hash),
        };
        Ok(match before {
            Some(hash) if hash != held.prev => Some("не продовжує попередній / does not follow the one before"),
            // Beyond the unbroken part there may be holes.
            None if held.seq <= end => Some("попереднього немає / the one before is missing"),
            _ => None,
        })
    }

    /// Whether what its row says of it is true, and the indexes lead to it.
    fn is_found(&self, held: &Held) -> Result<bool, PeerError> {
        let Some(header) = held.entry.as_ref().map(|entry| &entry.header) else { return Ok(false) };
        // A grant in a chain that is not the centre's names no reader: see `entries::unlist`.
        let is_case = held.chain.is_some_and(|(chain, _)| self.register.is_case(chain));
        let unlisted = header.kind == Kind::GRANT && !is_case && held.peer.is_none();
        let named = held.kind == i64::from(header.kind.code())
            && held.record.as_deref() == header.record.as_ref().map(|record| &record.as_bytes()[..])
            && (unlisted || held.peer.as_deref() == header.peer.as_ref().map(|peer| &peer.as_bytes()[..]));
        if !named || stored::at(self.connection, held.row, held.seq)?.is_none_or(|(id, _)| id != held.id) {
            return Ok(false);
        }
        held.record.as_deref().map_or(Ok(true), |record| stored::is_under(self.connection, record, held.id))
    }

    /// Whether each chain ends where its row says.
    fn ends(&self, faults: &mut Vec<String>) -> Result<(), PeerError> {
        for head in chains::all(self.connection)? {
            let end = head.end;
            if end.seq > 0 && entries::hash_at(self.connection, head.chain, end.seq)? != Some(end.hash) {
                faults.push(crate::verify::other_end(head.chain, end.seq));
            }
        }
        Ok(())
    }

    fn records(&self, after: Option<ids::RecordId>) -> Result<Slice, PeerError> {
        let found = stored::records(self.connection, after, RECORDS)?;
        let listed = rows::are_current(self.connection)?;
        let mut slice = Slice { seen: found.len() as u64, ..Slice::default() };
        slice.next = found.last().filter(|_| found.len() == RECORDS).map(|last| At::Records(Some(*last)));
        for record in found {
            match compare_row(self.connection, self.tenant, self.own, self.register, listed, record)? {
                Compared::Same => {}
                Compared::Differs(fault) => slice.faults.push(fault),
                Compared::Unread(error) => slice.unread.push(does_not_read(record, &error)),
            }
        }
        Ok(slice)
    }

    fn table(&self, after: &str) -> Result<Slice, PeerError> {
        let Some(name) = stored::table_after(self.connection, after)? else { return Ok(Slice::default()) };
        let faults = stored::check_table(self.connection, &name)?;
        Ok(Slice { next: Some(At::Tables(name)), faults, ..Slice::default() })
    }
}
