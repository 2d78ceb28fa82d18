//! All chance of an invention: one seed, one sequence of numbers (SplitMix64).

use jiff::Span;
use jiff::civil::Date;

/// A sequence of numbers that its seed decides.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1be9_7ed5)
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `count - 1`; 0 of a count of 0.
    pub fn below(&mut self, count: usize) -> usize {
        (self.number() % count.max(1) as u64) as usize
    }

    /// From the first to the last, both possible.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below(usize::try_from(last - first + 1).unwrap_or(1)) as i64
    }

    /// True `of` times in a hundred.
    pub fn percent(&mut self, of: u64) -> bool {
        self.number() % 100 < of
    }

    /// One of the list, each as likely.
    ///
    /// # Panics
    /// If the list is empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// One of a list that has the common ones first: the first tenth is taken about a third of the time.
    ///
    /// # Panics
    /// If the list is empty.
    pub fn common<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let share = self.below(1_000) as f64 / 1_000.0;
        &list[((share * share) * list.len() as f64) as usize]
    }

    /// So many decimal digits.
    pub fn digits<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.below(10) as u8)
    }

    /// Bytes, for identifiers.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.number() as u8)
    }

    /// A day from `years` years before `day` up to a year later.
    pub fn day_years_before(&mut self, day: Date, years: i64) -> Date {
        let days = self.between(0, 364);
        day.checked_sub(Span::new().years(years).days(days)).unwrap_or(day)
    }
}

/// Digits as text.
pub fn text_of(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}
