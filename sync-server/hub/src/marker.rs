//! A sign outside the database of how far it had come, so that a restored or lost one is noticed at the next start.
//!
//! ```text
//! valiza-hub-marker 1
//! 1ad348ad-0099-4223-98a9-15e90188dd38 1207     lineage, a space, the positions of the logs together
//! ```

use ids::LineageId;

const HEAD: &str = "valiza-hub-marker ";
const VERSION: u64 = 1;

/// Kept by the caller in a file of its own, written anew every few seconds while there is work and when the hub stops.
/// An old marker does no harm; one that is ahead of the database means that the database was restored from a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// The store's life.
    pub lineage: LineageId,
    /// The positions of all communities' logs together: it rises with each entry.
    pub positions: u64,
}

/// Why a text is no marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MarkerError {
    /// As good as none: it costs only that an old copy of the database is not noticed at the start.
    #[error("позначку пошкоджено / the marker is damaged")]
    Damaged,
    /// A later program wrote it, and knows what it says: it stays as it is.
    #[error("позначку записала новіша програма (версія {0}) / a later program wrote the marker (version {0})")]
    LaterVersion(u64),
}

impl Marker {
    /// The file: a line with the version, and [`Marker::line`].
    pub fn to_text(&self) -> String {
        format!("{HEAD}{VERSION}\n{}", self.line())
    }

    /// Lineage, a space, the positions, and the line's end.
    pub fn line(&self) -> String {
        format!("{} {}\n", self.lineage, self.positions)
    }

    /// Reads [`Marker::to_text`].
    pub fn from_text(text: &str) -> Result<Self, MarkerError> {
        let (version, line) =
            text.strip_prefix(HEAD).and_then(|rest| rest.split_once('\n')).ok_or(MarkerError::Damaged)?;
        match version.parse() {
            Ok(VERSION) => Self::from_line(line).ok_or(MarkerError::Damaged),
            Ok(later) if later > VERSION => Err(MarkerError::LaterVersion(later)),
            _ => Err(MarkerError::Damaged),
        }
    }

    /// Reads [`Marker::line`]; `None` for anything else.
    pub fn from_line(line: &str) -> Option<Self> {
        let (lineage, positions) = line.trim_end().split_once(' ')?;
        Some(Self { lineage: lineage.parse().ok()?, positions: positions.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "valiza-hub-marker 1\n04040404-0404-4404-8404-040404040404 1207\n";

    #[test]
    fn a_marker_is_written_as_it_is_described_and_read_back() {
        let marker = Marker { lineage: LineageId::from_random([4; 16]), positions: 1207 };
        assert_eq!(marker.to_text(), TEXT);
        assert_eq!(Marker::from_text(TEXT), Ok(marker));
        assert_eq!(Marker::from_line(&marker.line()), Some(marker));
    }

    #[test]
    fn what_is_no_marker_is_none_and_a_later_one_is_told_apart() {
        let line = TEXT.split_once('\n').unwrap().1;
        for text in
            [&TEXT[..56], "", line, "valiza-hub-marker 0\n", "valiza-hub-marker 1", "valiza-hub-marker -1\n4 4\n"]
        {
            assert_eq!(Marker::from_text(text), Err(MarkerError::Damaged), "{text:?}");
        }
        assert_eq!(Marker::from_text(&TEXT.replace(" 1\n", " 2\n")), Err(MarkerError::LaterVersion(2)));
        assert_eq!(Marker::from_text("valiza-hub-marker 17\nanything"), Err(MarkerError::LaterVersion(17)));
    }
}
