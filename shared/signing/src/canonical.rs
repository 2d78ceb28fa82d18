//! The one way bytes that are signed or kept are written: fields in a fixed order, one spelling for each value.
//!
//! | value | bytes |
//! |---|---|
//! | `u8`, `u16`, `u32`, `u64`, `i64` | 1, 2, 4, 8, 8, most significant first |
//! | count | LEB128, 1 to 10 bytes, shortest spelling only |
//! | fixed | its bytes as they are |
//! | bytes | count of bytes, then the bytes |
//! | text | as bytes, UTF-8 |
//! | option | 0, or 1 and the value |
//!
//! A [`Reader`] refuses whatever a [`Writer`] would not have written.

/// Why bytes are not what they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes end inside a field.
    #[error("the bytes end inside a field")]
    Truncated,
    /// Bytes are left over after the last field.
    #[error("bytes are left over after the last field")]
    Trailing,
    /// The value could have been written in a shorter or other way.
    #[error("a value is not in its one spelling")]
    NotCanonical,
    /// A length or count is over its limit.
    #[error("a length is over its limit")]
    TooLong,
    /// A text is not UTF-8.
    #[error("a text is not UTF-8")]
    NotText,
    /// A code that this version of the program does not know.
    #[error("an unknown code {0}")]
    Unknown(u8),
}

/// Appends fields.
#[derive(Default, Clone)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Nothing written yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts with room for `bytes`.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    /// One byte.
    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.fixed(&[value])
    }

    /// Two bytes, most significant first.
    pub fn u16(&mut self, value: u16) -> &mut Self {
        self.fixed(&value.to_be_bytes())
    }

    /// Four bytes, most significant first.
    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.fixed(&value.to_be_bytes())
    }

    /// Eight bytes, most significant first.
    pub fn u64(&mut self, value: u64) -> &mut Self {
        self.fixed(&value.to_be_bytes())
    }

    /// Eight bytes, two's complement, most significant first.
    pub fn i64(&mut self, value: i64) -> &mut Self {
        self.fixed(&value.to_be_bytes())
    }

    /// LEB128 in its shortest spelling.
    pub fn count(&mut self, mut value: u64) -> &mut Self {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.u8(value as u8)
    }

    /// The bytes as they are, without a length.
    pub fn fixed(&mut self, value: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(value);
        self
    }

    /// A count and the bytes.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.count(value.len() as u64).fixed(value)
    }

    /// A text as bytes.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    /// 0, or 1 and what `write` writes.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) -> &mut Self {
        match value {
            None => self.u8(0),
            Some(value) => {
                self.u8(1);
                write(self, value);
                self
            }
        }
    }

    /// How many bytes are written so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// True if nothing is written yet.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// All that was written.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Takes fields off the front. `Clone` to look ahead.
#[derive(Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from the first byte on.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next `count` bytes as they are.
    pub fn slice(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (head, rest) = self.rest.split_at_checked(count).ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(head)
    }

    /// The next `N` bytes.
    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (head, rest) = self.rest.split_first_chunk::<N>().ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(*head)
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        Ok(self.fixed::<1>()?[0])
    }

    /// Two bytes.
    pub fn u16(&mut self) -> Result<u16, DecodeError> {
        Ok(u16::from_be_bytes(self.fixed()?))
    }

    /// Four bytes.
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        Ok(u32::from_be_bytes(self.fixed()?))
    }

    /// Eight bytes.
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        Ok(u64::from_be_bytes(self.fixed()?))
    }

    /// Eight bytes, two's complement.
    pub fn i64(&mut self) -> Result<i64, DecodeError> {
        Ok(i64::from_be_bytes(self.fixed()?))
    }

    /// LEB128; a longer spelling than needed is refused.
    pub fn count(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0u64;
        for place in 0..10 {
            let byte = self.u8()?;
            let part = u64::from(byte & 0x7f);
            if place == 9 && part > 1 {
                return Err(DecodeError::TooLong);
            }
            value |= part << (7 * place);
            if byte & 0x80 == 0 {
                let shortest = place == 0 || byte != 0;
                return if shortest { Ok(value) } else { Err(DecodeError::NotCanonical) };
            }
        }
        Err(DecodeError::TooLong)
    }

    /// A count of at most `limit`.
    pub fn count_to(&mut self, limit: usize) -> Result<usize, DecodeError> {
        match usize::try_from(self.count()?) {
            Ok(count) if count <= limit => Ok(count),
            _ => Err(DecodeError::TooLong),
        }
    }

    /// A count of at most `limit` and as many bytes.
    pub fn bytes(&mut self, limit: usize) -> Result<&'a [u8], DecodeError> {
        let count = self.count_to(limit)?;
        self.slice(count)
    }

    /// A text of at most `limit` bytes.
    pub fn text(&mut self, limit: usize) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(self.bytes(limit)?).map_err(|_| DecodeError::NotText)
    }

    /// 0 or 1, and what `read` reads after a 1.
    pub fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        match self.u8()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(DecodeError::NotCanonical),
        }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// Nothing may be left.
    pub fn end(self) -> Result<(), DecodeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(DecodeError::Trailing) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(a: u64, b: i64, text in ".{0,40}", some: Option<u16>) {
            let mut w = Writer::new();
            w.count(a).i64(b).text(&text).option(some, |w, v| { w.u16(v); });
            let bytes = w.finish();
            let mut r = Reader::new(&bytes);
            prop_assert_eq!(r.count(), Ok(a));
            prop_assert_eq!(r.i64(), Ok(b));
            prop_assert_eq!(r.text(400), Ok(text.as_str()));
            prop_assert_eq!(r.option(|r| r.u16()), Ok(some));
            prop_assert_eq!(r.end(), Ok(()));
        }

        #[test]
        fn a_count_has_one_spelling(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            let mut r = Reader::new(&bytes);
            if let Ok(value) = r.count() {
                let mut w = Writer::new();
                w.count(value);
                prop_assert_eq!(w.finish(), &bytes[..bytes.len() - r.left()]);
            }
        }
    }

    #[test]
    fn a_length_over_its_limit_takes_no_memory() {
        let mut w = Writer::new();
        w.count(u64::MAX);
        let bytes = w.finish();
        assert_eq!(Reader::new(&bytes).bytes(1 << 20), Err(DecodeError::TooLong));
        assert_eq!(Reader::new(&[5, 1]).bytes(10), Err(DecodeError::Truncated));
        assert_eq!(Reader::new(&[0x80, 0x00]).count(), Err(DecodeError::NotCanonical));
        assert_eq!(Reader::new(&[2]).option(|r| r.u8()), Err(DecodeError::NotCanonical));
    }
}
