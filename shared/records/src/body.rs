//! The plaintext of a `change` entry's body.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | version of this layout: 1 |
//! | 1 | kind: 1 resident, 2 visit, 3 request |
//! | 1…, n ≤ 64 | officer's login: length in LEB128, UTF-8 |
//! | 8 | device time, milliseconds since 1970, two's complement, most significant first |
//! | 1…, n ≤ 65,536 | raw automerge change: length in LEB128, bytes |
//!
//! Nothing follows. The record's id, the chain and the key generation are in the entry's header and its sealing.

use ids::RecordId;
use signing::canonical::{DecodeError, Reader, Writer};

use crate::gate::MAX_CHANGE_BYTES;
use crate::{ChangeBytes, Document, Kind};

/// The layout's version.
pub const BODY_VERSION: u8 = 1;
/// A login is at most so many bytes.
pub const MAX_OFFICER: usize = 64;

/// One change of one record, and who wrote it when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The record's kind.
    pub kind: Kind,
    /// Login of the officer or clerk.
    pub officer: String,
    /// Device time, milliseconds since 1970.
    pub at: i64,
    /// The raw automerge change, not yet through the gate.
    pub change: Vec<u8>,
}

/// Why bytes are no body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// A version or kind this program does not know: the entry waits for an upgrade.
    #[error("вміст запису новіший за програму: оновіть її / the entry is newer than the program: update it")]
    Newer,
    /// The bytes do not follow the layout.
    #[error("вміст запису пошкоджено або складено не нашою програмою / the entry's body is damaged or not ours")]
    Malformed(#[from] DecodeError),
}

impl Body {
    /// The body of a change just made.
    pub fn new(document: &Document, officer: &str, at: i64, change: ChangeBytes) -> Self {
        Self { kind: document.kind(), officer: officer.to_owned(), at, change: change.into_bytes() }
    }

    /// The bytes to seal.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::with_capacity(self.change.len() + self.officer.len() + 16);
        out.u8(BODY_VERSION).u8(self.kind.code()).text(&self.officer).i64(self.at).bytes(&self.change);
        out.finish()
    }

    /// Read opened bytes. The change inside still has to pass the gate.
    pub fn decode(bytes: &[u8]) -> Result<Self, BodyError> {
        let mut input = Reader::new(bytes);
        if input.u8()? != BODY_VERSION {
            return Err(BodyError::Newer);
        }
        let kind = Kind::from_code(input.u8()?).ok_or(BodyError::Newer)?;
        let officer = input.text(MAX_OFFICER)?.to_owned();
        let at = input.i64()?;
        let change = input.bytes(MAX_CHANGE_BYTES)?.to_vec();
        input.end()?;
        Ok(Self { kind, officer, at, change })
    }

    /// An empty document of the body's kind, to admit a record's first change to.
    pub fn new_document(&self, id: RecordId) -> Document {
        Document::empty(self.kind, id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> Body {
        Body {
            kind: Kind::Request,
            officer: "o.koval".into(),
            at: 1_763_800_000_000,
            change: vec![0x85, 0x6f, 0x4a, 0x83, 1, 2, 3, 4],
        }
    }

    #[test]
    fn the_bytes_are_the_documented_ones() {
        let golden = b"\x01\x03\x07o.koval\x00\x00\x01\x9a\xaa\xac\x26\x00\x08\x85\x6f\x4a\x83\x01\x02\x03\x04";
        assert_eq!(sample().encode(), golden);
        assert_eq!(Body::decode(golden), Ok(sample()));
    }

    #[test]
    fn newer_and_broken_bodies_are_told_apart() {
        let mut newer = sample().encode();
        newer[0] = 2;
        assert_eq!(Body::decode(&newer), Err(BodyError::Newer));
        newer[0] = 1;
        newer[1] = 200;
        assert_eq!(Body::decode(&newer), Err(BodyError::Newer));
        let whole = sample().encode();
        for cut in 0..whole.len() {
            assert!(matches!(Body::decode(&whole[..cut]), Err(BodyError::Malformed(_))), "{cut}");
        }
        assert!(Body::decode(&[whole.as_slice(), &[0]].concat()).is_err());
    }

    #[test]
    fn a_login_or_change_over_its_limit_is_refused() {
        let long = Body { officer: "о".repeat(33), ..sample() };
        assert!(Body::decode(&long.encode()).is_err());
        let large = Body { change: vec![0; MAX_CHANGE_BYTES + 1], ..sample() };
        assert!(Body::decode(&large.encode()).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(officer in "[a-zа-яї.]{0,20}", at: i64, change: Vec<u8>) {
            let body = Body { kind: Kind::Visit, officer, at, change };
            prop_assert_eq!(Body::decode(&body.encode()), Ok(body));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = Body::decode(&bytes);
        }
    }
}
