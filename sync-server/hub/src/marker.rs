//! A sign outside the database of how far it had come, so that a restored or lost one is noticed at the next start.

use ids::LineageId;

/// Kept by the caller in a file of its own, written anew every few seconds while there is work and when the hub stops.
/// An old marker does no harm; one that is ahead of the database means that the database was restored from a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// The store's life.
    pub lineage: LineageId,
    /// The positions of all communities' logs together: it rises with each entry.
    pub entries: u64,
}

impl Marker {
    /// One line: lineage, a space, the count.
    pub fn to_text(&self) -> String {
        format!("{} {}\n", self.lineage, self.entries)
    }

    /// Reads [`Marker::to_text`]; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        let (lineage, entries) = text.trim_end().split_once(' ')?;
        Some(Self { lineage: lineage.parse().ok()?, entries: entries.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_read_back_and_half_a_one_is_not() {
        let marker = Marker { lineage: LineageId::from_random([4; 16]), entries: 1207 };
        let text = marker.to_text();
        assert_eq!(Marker::from_text(&text), Some(marker));
        assert_eq!(Marker::from_text(&text[..36]), None);
        assert_eq!(Marker::from_text(""), None);
    }
}
