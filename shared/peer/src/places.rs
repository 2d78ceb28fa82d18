//! Where what this peer wrote is: here alone, on its way, at the centre.
//!
//! A row remembers its newest own entry by one number, [`numbered`]: which of the own chains, and the number there. So a row
//! whose newest entry stands in a chain of before a rebirth is compared with that chain's own anchor and verdict.

use crate::PeerError;
use crate::identity::{Identity, Role};
use crate::own_chains;
use crate::peer::View;
use crate::store::rows::{self, Spans};
use crate::store::{entries, meta, row_pending, sync};
use chain::limits;
use ids::ChainId;
use records::Kind;
use rusqlite::Connection;

/// «Тут · У дорозі · У центрі», in records and in bytes that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Whereabouts {
    /// Not anchored yet.
    pub here: u64,
    /// Anchored, not opened yet.
    pub on_the_way: u64,
    /// The centre's verdict covers them.
    pub at_centre: u64,
    /// Own entries that wait to be sent.
    pub waiting_entries: u64,
    /// Their bytes.
    pub waiting_bytes: u64,
}

/// Where one own entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabout {
    /// Not anchored yet.
    Here,
    /// Anchored, not opened yet.
    OnTheWay,
    /// Opened by the centre.
    AtCentre,
}

/// Numbers of entries are below [`limits::SEQ`], those of chains (0 for the oldest, at most [`limits::ANCESTORS`]) far
/// below what is left of 63 bits.
pub(crate) const fn numbered(chain: usize, seq: u64) -> u64 {
    chain as u64 * limits::SEQ + seq
}

/// The chain and the number of its entry.
pub(crate) const fn of_number(number: u64) -> (usize, u64) {
    match number.checked_sub(1) {
        Some(before) => ((before / limits::SEQ) as usize, before % limits::SEQ + 1),
        None => (0, 0),
    }
}

/// How far one own chain got.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached {
    pub chain: ChainId,
    /// What its numbers count from in rows.
    pub base: u64,
    /// The last entry that was written here; [`limits::SEQ`] for the chain that goes on.
    pub end: u64,
    /// Up to here the answerer holds it.
    pub anchored: u64,
    /// Up to here the centre opened it.
    pub opened: u64,
}

impl Reached {
    pub fn settled(&self) -> u64 {
        self.anchored.min(self.opened)
    }

    /// The span after `from` and up to `until` in rows' numbers, if there is anything in it.
    fn span(&self, from: u64, until: u64) -> Option<(u64, u64)> {
        let until = if until >= self.end { limits::SEQ } else { until };
        (from < self.end && from < until).then_some((self.base + from, self.base + until))
    }
}

fn joined(spans: impl Iterator<Item = (u64, u64)>) -> Spans {
    let mut all: Spans = Vec::new();
    for (after, until) in spans {
        match all.last_mut().filter(|last| last.1 == after) {
            Some(last) => last.1 = until,
            None => all.push((after, until)),
        }
    }
    all
}

/// The number from which a record counts as on its way: its newest own change, or, if something about it in a chain of
/// before is at no answerer, that: the record is here until all of it is sent. 0 if nothing of it was written here.
pub(crate) fn newest_own(
    connection: &Connection,
    identity: &Identity,
    record: ids::RecordId,
) -> Result<u64, PeerError> {
    let formers = match identity.role {
        Role::Suitcase => identity.former.as_slice(),
        Role::Desk { .. } => &[],
    };
    let mut newest = 0;
    for chain in identity.own_chains() {
        let seq = entries::newest_about(connection, chain, record, u64::MAX)?;
        if newest == 0 && seq > 0 {
            newest = numbered(formers.len(), seq);
        }
    }
    for (place, former) in formers.iter().enumerate().rev() {
        let seq = entries::newest_about(connection, former.chain, record, former.end)?;
        if seq > 0 && seq > own_chains::anchored_anywhere(connection, former)? {
            return Ok(numbered(place, seq));
        }
        if newest == 0 && seq > 0 {
            newest = numbered(place, seq);
        }
    }
    Ok(newest)
}

impl View<'_> {
    /// How far every own chain got towards one answerer, the oldest first.
    pub(crate) fn reached(&self, answerer: &str) -> Result<Vec<Reached>, PeerError> {
        let bytes = meta::get(self.connection, "identity")?.ok_or(PeerError::Damaged("identity".into()))?;
        let Identity { role, former, chain, .. } = Identity::decode(&bytes)?;
        let mut former = former;
        // Of a desk that took new keys the rows count from its new chain alone.
        former.retain(|_| role == Role::Suitcase);
        let dialogue = sync::dialogue(self.connection, answerer)?;
        let all = former.iter().map(|former| (former.chain, former.end)).chain([(chain, limits::SEQ)]);
        let reached = |(place, (chain, end)): (usize, (ChainId, u64))| {
            let anchored = dialogue.anchored.get(&chain).map_or(0, |link| link.seq).min(end);
            let opened = sync::verdict_end(self.connection, chain)?.min(end);
            Ok(Reached { chain, base: numbered(place, 0), end, anchored, opened })
        };
        all.enumerate().map(reached).collect()
    }

    /// The chain that goes on.
    pub(crate) fn reached_now(&self, answerer: &str) -> Result<Reached, PeerError> {
        self.reached(answerer)?.pop().ok_or(PeerError::Damaged("identity".into()))
    }

    /// The filter narrowed to what is there, towards one answerer. What nobody wrote about here is at the centre.
    pub fn placed(&self, filter: rows::Filter, place: Whereabout, answerer: &str) -> Result<rows::Filter, PeerError> {
        let (spans, none) = (self.spans(place, answerer)?, place == Whereabout::AtCentre);
        Ok(rows::Filter { own: Some(spans), own_none: none, ..filter })
    }

    fn spans(&self, place: Whereabout, answerer: &str) -> Result<Spans, PeerError> {
        let reached = self.reached(answerer)?;
        Ok(joined(reached.iter().filter_map(|one| match place {
            Whereabout::Here => one.span(one.anchored, one.end),
            Whereabout::OnTheWay => one.span(one.opened, one.anchored),
            Whereabout::AtCentre => one.span(0, one.settled()),
        })))
    }

    /// The numbers of rows that the centre has not opened as a whole.
    pub(crate) fn unsettled(reached: &[Reached]) -> Spans {
        joined(reached.iter().filter_map(|one| one.span(one.settled(), one.end)))
    }

    /// The three numbers, of records of one kind that this peer wrote, towards one answerer.
    pub fn whereabouts(&self, kind: Kind, answerer: &str) -> Result<Whereabouts, PeerError> {
        let count = |place| -> Result<u64, PeerError> {
            let counts = self.spans(place, answerer)?.into_iter();
            counts.map(|(after, until)| row_pending::count_between(self.connection, kind, after, until)).sum()
        };
        let [here, on_the_way, at_centre] = [Whereabout::Here, Whereabout::OnTheWay, Whereabout::AtCentre].map(count);
        // What this laptop wrote before a rebirth goes up as well.
        let (mut waiting_entries, mut waiting_bytes) = (0, 0);
        for one in self.reached(answerer)? {
            let (more, bytes) = entries::between(self.connection, one.chain, one.anchored, one.end)?;
            (waiting_entries, waiting_bytes) = (waiting_entries + more, waiting_bytes + bytes);
        }
        Ok(Whereabouts { here: here?, on_the_way: on_the_way?, at_centre: at_centre?, waiting_entries, waiting_bytes })
    }

    /// Where an own entry is, by the number that its record's row remembers.
    pub fn whereabout(&self, number: u64, answerer: &str) -> Result<Whereabout, PeerError> {
        whereabout(&self.reached(answerer)?, number)
    }
}

/// The same by how far every own chain got.
pub(crate) fn whereabout(reached: &[Reached], number: u64) -> Result<Whereabout, PeerError> {
    let (place, seq) = of_number(number);
    let one = reached.get(place).ok_or_else(|| PeerError::Damaged("record.own_seq".into()))?;
    Ok(if seq > one.anchored {
        Whereabout::Here
    } else if seq > one.opened {
        Whereabout::OnTheWay
    } else {
        Whereabout::AtCentre
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_tell_chain_and_entry() {
        for (chain, seq) in [(0, 1), (0, limits::SEQ), (1, 1), (64, 7)] {
            assert_eq!(of_number(numbered(chain, seq)), (chain, seq));
        }
        assert_eq!(of_number(0), (0, 0));
        assert!(i64::try_from(numbered(limits::ANCESTORS, limits::SEQ)).is_ok());
    }

    #[test]
    fn a_chain_that_is_settled_as_a_whole_joins_the_next() {
        let chain = ChainId::from_bytes([1; 16]);
        let [first, now] = [(0, 5, 5), (1, limits::SEQ, 3)].map(|(place, end, anchored)| Reached {
            chain,
            base: numbered(place, 0),
            end,
            anchored,
            opened: anchored,
        });
        assert_eq!(joined([first.span(0, 5), now.span(0, 3)].into_iter().flatten()), [(0, numbered(1, 3))]);
        assert_eq!(View::unsettled(&[first, now]), [(numbered(1, 3), numbered(2, 0))]);
        let tail = Reached { opened: 2, ..first };
        assert_eq!(View::unsettled(&[tail, now]), [(2, numbered(1, 0)), (numbered(1, 3), numbered(2, 0))]);
    }
}
