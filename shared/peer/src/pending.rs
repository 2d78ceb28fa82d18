//! What this peer wrote and the centre has not opened yet, a record at a time.

use crate::peer::View;
use crate::places::{Whereabout, whereabout};
use crate::records_in_store::open_change;
use crate::store::{entries, row_pending};
use crate::{PeerError, RecordRow};

/// A record with own entries that the centre has not opened.
#[derive(Debug, Clone)]
pub struct Pending {
    /// The record.
    pub row: RecordRow,
    /// Where the newest own entry about it is.
    pub whereabout: Whereabout,
    /// Own entries about it that the centre has not opened.
    pub entries: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Device time of the oldest of them, ms since 1970.
    pub since: i64,
}

impl View<'_> {
    /// A page of the records that the centre has not opened as a whole, what was written first before, and how many
    /// there are.
    pub fn pending(&self, answerer: &str, offset: usize, limit: usize) -> Result<(Vec<Pending>, u64), PeerError> {
        let reached = self.reached(answerer)?;
        let unsettled = Self::unsettled(&reached);
        let found = row_pending::written_in(self.connection, &unsettled, offset, limit)?;
        let of_row = |row: RecordRow| {
            let mut own = Vec::new();
            for one in &reached {
                let about = entries::own_about(self.connection, self.tenant, one.chain, row.record, one.settled())?;
                own.extend(about.into_iter().filter(|stored| stored.entry.place.seq <= one.end));
            }
            let bytes = own.iter().map(|stored| stored.entry.entry.size() as u64).sum();
            let first = own.first().map(|stored| open_change(self.connection, stored)).transpose()?;
            let whereabout = whereabout(&reached, row.own_seq)?;
            let since = first.map_or(row.changed, |body| body.at);
            Ok(Pending { row, whereabout, entries: own.len() as u64, bytes, since })
        };
        let page = found.into_iter().map(of_row).collect::<Result<_, PeerError>>()?;
        Ok((page, row_pending::count_written_in(self.connection, &unsettled)?))
    }
}
