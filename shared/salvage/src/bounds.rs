//! Keys of rows, what lies between two of them, and the middle of that.

use std::fmt;

/// One column of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A whole number.
    Int(i64),
    /// A text or bytes: both are ordered by their bytes.
    Bytes(Vec<u8>),
}

/// What a column of a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Blob,
}

impl Kind {
    fn least(self) -> Part {
        match self {
            Self::Int => Part::Int(i64::MIN),
            Self::Text | Self::Blob => Part::Bytes(Vec::new()),
        }
    }

    fn most(self) -> Part {
        match self {
            Self::Int => Part::Int(i64::MAX),
            Self::Text | Self::Blob => Part::Bytes(vec![0xff; 9]),
        }
    }
}

/// Rows between two keys that could not be read. A key may have fewer columns than the table's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The lower end; empty for none.
    pub low: Vec<Part>,
    /// The lower end itself belongs to the gap.
    pub from_low: bool,
    /// The upper end, which does not belong to it; empty for none.
    pub high: Vec<Part>,
}

impl Gap {
    /// Roughly how much lies between: the more, the more is likely to be found there.
    pub(crate) fn width(&self, kinds: &[Kind]) -> u128 {
        let mut low = self.low.iter().cloned();
        let mut high = self.high.iter().cloned();
        for (nth, kind) in kinds.iter().enumerate() {
            let (below, above) = (low.next(), high.next());
            if below.is_some() && below == above {
                continue;
            }
            let (below, above) = (below.unwrap_or(kind.least()), above.unwrap_or(kind.most()));
            return distance(&below, &above) << (8 * (kinds.len() - nth).min(4));
        }
        0
    }

    /// A key that parts the gap in two; `None` if there is none between its ends.
    pub(crate) fn middle(&self, kinds: &[Kind]) -> Option<Vec<Part>> {
        let mut key = Vec::with_capacity(kinds.len());
        let (low, mut high) = (self.low.as_slice(), self.high.as_slice());
        for (nth, kind) in kinds.iter().enumerate() {
            let (below, above) = (low.get(nth), high.get(nth));
            if let (Some(below), Some(above)) = (below, above)
                && below == above
            {
                key.push(below.clone());
                continue;
            }
            let least = kind.least();
            let below = below.unwrap_or(&least);
            if let Some(middle) = between(below, above.unwrap_or(&kind.most())) {
                key.push(middle);
                return Some(key);
            }
            // Neighbours in this column: what is left lies behind the lower one, or before the upper one, in the next.
            if let Some(above) = above.filter(|_| high.len() > nth + 1) {
                key.push(above.clone());
                return Some(key);
            }
            key.push(below.clone());
            high = &[];
        }
        None
    }
}

fn distance(low: &Part, high: &Part) -> u128 {
    match (low, high) {
        (Part::Int(low), Part::Int(high)) => (i128::from(*high) - i128::from(*low)).max(0) as u128,
        (Part::Bytes(low), Part::Bytes(high)) => eight(high, 0).saturating_sub(eight(low, 0)).into(),
        _ => 0,
    }
}

/// Eight bytes from a place on, as a number; what is missing counts as zero.
fn eight(bytes: &[u8], from: usize) -> u64 {
    let byte = |at: usize| u64::from(bytes.get(from + at).copied().unwrap_or(0));
    (0..8).fold(0, |number, at| number << 8 | byte(at))
}

/// Something greater than `low` and less than `high`.
fn between(low: &Part, high: &Part) -> Option<Part> {
    match (low, high) {
        (Part::Int(low), Part::Int(high)) => {
            let middle = (i128::from(*low) + i128::from(*high)).div_euclid(2) as i64;
            (middle > *low && middle < *high).then_some(Part::Int(middle))
        }
        (Part::Bytes(low), Part::Bytes(high)) => {
            let shared = low.iter().zip(high).take_while(|(one, other)| one == other).count();
            let (from, to) = (eight(low, shared), eight(high, shared));
            let middle = from + to.saturating_sub(from) / 2;
            let bytes = || [high[..shared].to_vec(), middle.to_be_bytes().to_vec()].concat();
            (middle > from && middle < to).then(|| Part::Bytes(bytes()))
        }
        _ => None,
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => write!(f, "{number}"),
            Self::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) if text.chars().all(|c| !c.is_control()) => write!(f, "«{text}»"),
                _ => bytes.iter().take(8).try_for_each(|byte| write!(f, "{byte:02x}")),
            },
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = |key: &[Part]| match key {
            [] => "…".to_owned(),
            parts => parts.iter().map(Part::to_string).collect::<Vec<_>>().join(", "),
        };
        write!(f, "{} … {}", key(&self.low), key(&self.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(low: &[Part], high: &[Part]) -> Gap {
        Gap { low: low.to_vec(), from_low: false, high: high.to_vec() }
    }

    #[test]
    fn numbers_are_halved_until_nothing_lies_between() {
        let int = |low, high| gap(&[Part::Int(low)], &[Part::Int(high)]).middle(&[Kind::Int]);
        assert_eq!(int(1, 9), Some(vec![Part::Int(5)]));
        assert_eq!(int(1, 3), Some(vec![Part::Int(2)]));
        assert_eq!(int(1, 2), None);
        assert_eq!(int(i64::MIN, i64::MAX), Some(vec![Part::Int(-1)]));
        assert_eq!(gap(&[], &[]).middle(&[Kind::Int]), Some(vec![Part::Int(-1)]));
    }

    #[test]
    fn bytes_are_halved_behind_what_they_share() {
        let bytes = |low: &[u8], high: &[u8]| {
            gap(&[Part::Bytes(low.to_vec())], &[Part::Bytes(high.to_vec())]).middle(&[Kind::Blob])
        };
        for (low, high) in [(&b"aa"[..], &b"ab"[..]), (b"", b"\x01"), (b"identity", b"identitz"), (b"a", b"a\x00\x01")]
        {
            let Some(middle) = bytes(low, high) else { panic!("{low:?} {high:?}") };
            let Part::Bytes(middle) = &middle[0] else { panic!() };
            assert!(low < middle.as_slice() && middle.as_slice() < high, "{low:?} {middle:?} {high:?}");
        }
        assert_eq!(bytes(b"aaaaaaaa", b"aaaaaaaa\x00"), None);
    }

    #[test]
    fn a_second_column_parts_what_the_first_does_not() {
        let kinds = [Kind::Int, Kind::Int];
        let two = |low: &[i64], high: &[i64]| {
            let parts = |key: &[i64]| key.iter().map(|n| Part::Int(*n)).collect::<Vec<_>>();
            gap(&parts(low), &parts(high))
                .middle(&kinds)
                .map(|key| key.into_iter().map(|part| if let Part::Int(n) = part { n } else { 0 }).collect::<Vec<_>>())
        };
        assert_eq!(two(&[5, 1], &[5, 9]), Some(vec![5, 5]));
        assert_eq!(two(&[5, 7], &[6, 3]), Some(vec![6]), "what is before the upper one");
        assert_eq!(two(&[5], &[6]), Some(vec![5, -1]), "all behind the lower one");
        assert_eq!(two(&[5, 7], &[9, 3]), Some(vec![7]));
        assert_eq!(two(&[5, 7], &[5, 8]), None);
    }

    #[test]
    fn a_wider_gap_comes_first() {
        let width = |low, high| gap(&[Part::Int(low)], &[Part::Int(high)]).width(&[Kind::Int]);
        assert!(width(1, 100) > width(1, 10) && gap(&[], &[]).width(&[Kind::Int]) > width(1, 100));
    }
}
