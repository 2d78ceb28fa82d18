//! What this peer wrote and the centre has not opened yet, a record at a time.

use crate::peer::{View, Whereabout};
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
        let (anchored, opened) = self.ends(answerer)?;
        let settled = anchored.min(opened);
        let found = row_pending::written_after(self.connection, settled, offset, limit)?;
        let of_row = |row: RecordRow| {
            let own = entries::own_about(self.connection, self.tenant, self.chain, row.record, settled)?;
            let bytes = own.iter().map(|stored| stored.entry.entry.size() as u64).sum();
            let first = own.first().map(|stored| open_change(self.connection, stored)).transpose()?;
            let whereabout = if row.own_seq > anchored { Whereabout::Here } else { Whereabout::OnTheWay };
            let since = first.map_or(row.changed, |body| body.at);
            Ok(Pending { row, whereabout, entries: own.len() as u64, bytes, since })
        };
        let page = found.into_iter().map(of_row).collect::<Result<_, PeerError>>()?;
        Ok((page, row_pending::count_written_after(self.connection, settled)?))
    }
}
