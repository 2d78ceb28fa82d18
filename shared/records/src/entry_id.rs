//! Names of the things that are only ever added to a record: events, notes, prints.

use std::fmt;
use std::str::FromStr;

use crate::Sentence;

/// Crockford's base 32: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 2020-01-01T00:00:00Z in milliseconds: 40 bits from there last until 2054.
const EPOCH_MS: i64 = 1_577_836_800_000;

/// 13 characters of base 32: 40 bits of time (milliseconds since 2020), 25 random bits. Sorts roughly by time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId([u8; 13]);

impl EntryId {
    /// `at` in milliseconds since 1970, `random` four fresh random bytes.
    pub fn new(at: i64, random: [u8; 4]) -> Self {
        let time = at.saturating_sub(EPOCH_MS) as u64 & ((1 << 40) - 1);
        let bits = (u128::from(time) << 25) | u128::from(u32::from_be_bytes(random) & ((1 << 25) - 1));
        let mut text = [0; 13];
        for (place, letter) in text.iter_mut().enumerate() {
            *letter = ALPHABET[(bits >> (60 - 5 * place)) as usize & 31];
        }
        Self(text)
    }

    /// The 13 characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether a text has the form of an entry's id.
    pub fn is_well_formed(text: &str) -> bool {
        text.len() == 13 && text.bytes().all(|b| ALPHABET.contains(&b))
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry({self})")
    }
}

impl FromStr for EntryId {
    type Err = Sentence;

    fn from_str(text: &str) -> Result<Self, Sentence> {
        if !Self::is_well_formed(text) {
            return Err(Sentence::new("позначка події має 13 знаків", "an event's id has 13 characters"));
        }
        let mut id = [0; 13];
        id.copy_from_slice(text.as_bytes());
        Ok(Self(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_read_back() {
        let early = EntryId::new(1_700_000_000_000, [0xff; 4]);
        let late = EntryId::new(1_700_000_000_001, [0; 4]);
        assert!(early < late);
        assert_eq!(early.to_string().parse(), Ok(early));
        assert!("e/short".parse::<EntryId>().is_err());
    }

    #[test]
    fn a_clock_before_2020_makes_a_well_formed_id_too() {
        assert!(EntryId::is_well_formed(EntryId::new(0, [1, 2, 3, 4]).as_str()));
        assert!(EntryId::is_well_formed(EntryId::new(i64::MIN, [1, 2, 3, 4]).as_str()));
    }
}
