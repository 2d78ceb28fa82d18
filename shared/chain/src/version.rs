//! Which messages are of a later version, and which are no messages at all.

/// First bytes up to this one may be versions some day; whatever begins with a higher one is no message of ours.
const HIGHEST: u8 = 15;

/// The version that a message states, if its reader reads versions up to `newest` and this is a later one.
pub fn later_version(bytes: &[u8], newest: u8) -> Option<u8> {
    bytes.first().copied().filter(|version| (newest + 1..=HIGHEST).contains(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_of_no_version() {
        assert_eq!([1u8, 2, 15].map(|first| later_version(&[first, 9], 1)), [None, Some(2), Some(15)]);
        assert_eq!([2u8, 3].map(|first| later_version(&[first], 2)), [None, Some(3)]);
        for noise in [&b""[..], &[0], &[16], b"{}", b"<html>", &[0x1f, 0x8b], &[0xff]] {
            assert_eq!(later_version(noise, 1), None, "{noise:?}");
        }
    }
}
