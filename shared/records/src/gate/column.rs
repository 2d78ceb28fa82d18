//! Bytes, LEB128 and run-length columns, read with a limit on what they expand to.

use super::refusal::RefusalCode;

/// Bytes read from the front.
pub(super) struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub fn rest_taken(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8], RefusalCode> {
        let (head, tail) = self.0.split_at_checked(count).ok_or(RefusalCode::Malformed)?;
        self.0 = tail;
        Ok(head)
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], RefusalCode> {
        self.take(N)?.try_into().map_err(|_| RefusalCode::Malformed)
    }

    fn byte(&mut self) -> Result<u8, RefusalCode> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// Unsigned LEB128 of at most 63 bits.
    pub fn unsigned(&mut self) -> Result<u64, RefusalCode> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(RefusalCode::Malformed)
    }

    /// Signed LEB128 of 64 bits.
    pub fn signed(&mut self) -> Result<i64, RefusalCode> {
        let mut value = 0i64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte != 0 && byte != 0x7f {
                return Err(RefusalCode::Malformed);
            }
            value |= i64::from(byte & 0x7f).wrapping_shl(shift);
            if byte & 0x80 == 0 {
                let unused = 64u32.saturating_sub(shift + 7);
                return Ok(value.wrapping_shl(unused).wrapping_shr(unused));
            }
        }
        Err(RefusalCode::Malformed)
    }

    /// An unsigned number of at most `limit`.
    pub fn count(&mut self, limit: usize) -> Result<usize, RefusalCode> {
        usize::try_from(self.unsigned()?).ok().filter(|count| *count <= limit).ok_or(RefusalCode::Malformed)
    }

    /// A length of at most `limit` and so many bytes of UTF-8.
    pub fn text(&mut self, limit: usize) -> Result<&'a str, RefusalCode> {
        let length = self.count(limit)?;
        std::str::from_utf8(self.take(length)?).map_err(|_| RefusalCode::Malformed)
    }
}

/// A run-length column: `n > 0` and one value repeated n times, or `-n` and n values. Runs of nothing (0) are never
/// written by our records. Refused as soon as the runs sum to more than `limit`, before anything is expanded.
pub(super) fn run_lengths<'a, T: Clone>(
    column: &'a [u8],
    limit: usize,
    read: impl Fn(&mut Bytes<'a>) -> Result<T, RefusalCode>,
) -> Result<Vec<T>, RefusalCode> {
    let mut input = Bytes::new(column);
    let mut values = Vec::new();
    while !input.rest().is_empty() {
        let run = input.signed()?;
        let length = usize::try_from(run.unsigned_abs()).unwrap_or(usize::MAX);
        if run == 0 {
            return Err(RefusalCode::Malformed);
        }
        if length > limit - values.len() {
            return Err(RefusalCode::Rows);
        }
        if run > 0 {
            let value = read(&mut input)?;
            values.resize(values.len() + length, value);
        } else {
            for _ in 0..length {
                values.push(read(&mut input)?);
            }
        }
    }
    Ok(values)
}

/// A run-length column of signed numbers.
pub(super) fn signed_run_lengths(column: &[u8], limit: usize) -> Result<Vec<i64>, RefusalCode> {
    run_lengths(column, limit, Bytes::signed)
}

/// A column of booleans (lengths of runs, the first of `false`) that is `rows` times `false`.
pub(super) fn booleans_all_false(column: &[u8], rows: usize) -> bool {
    let mut input = Bytes::new(column);
    matches!(input.unsigned(), Ok(run) if run == rows as u64) && input.rest().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_numbers_read_as_written() {
        for (bytes, number) in [
            (&[0x00][..], 0),
            (&[0x7f], -1),
            (&[0x40], -64),
            (&[0x3f], 63),
            (&[0x80, 0x01], 128),
            (&[0x80, 0x7f], -128),
        ] {
            assert_eq!(Bytes::new(bytes).signed(), Ok(number), "{bytes:?}");
        }
        let lowest = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f];
        assert_eq!(Bytes::new(&lowest).signed(), Ok(i64::MIN));
        assert!(Bytes::new(&[0xff; 11]).signed().is_err());
        assert!(Bytes::new(&[0xff; 11]).unsigned().is_err());
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_expanded() {
        // 2^40 times the value 1 in 8 bytes.
        let bomb = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 1];
        assert_eq!(run_lengths(&bomb, 512, Bytes::unsigned), Err(RefusalCode::Rows));
        let lowest = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 1];
        assert_eq!(run_lengths(&lowest, 512, Bytes::unsigned), Err(RefusalCode::Rows));
        assert_eq!(run_lengths(&[0, 5], 512, Bytes::unsigned), Err(RefusalCode::Malformed));
        assert_eq!(run_lengths(&[2, 7, 0x7e, 1, 2], 512, Bytes::unsigned), Ok(vec![7, 7, 1, 2]));
    }
}
