//! Typed identifiers: parse and print only.
//!
//! Random identifiers are 16 bytes and are made from bytes that the caller draws (randomness is an argument
//! everywhere below `main`). They print as UUIDs in lower case and parse from the same form only.

mod receipt;

pub use receipt::{ReceiptNumber, ReceiptNumberError};

use std::fmt;
use std::str::FromStr;

/// The text is not an identifier of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{text}» is not a {kind}")]
pub struct ParseIdError {
    kind: &'static str,
    text: String,
}

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// From 16 bytes as they are stored or sent.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// From 16 fresh random bytes; sets the version and variant bits of a UUID v4 (RFC 9562).
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid().into_bytes())
            }

            /// The 16 bytes as they are stored and sent.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                uuid::Uuid::from_bytes(self.0).as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($kind, "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let refused = || ParseIdError { kind: $kind, text: text.chars().take(64).collect() };
                let id = uuid::Uuid::try_parse(text).map_err(|_| refused())?;
                let id = Self(id.into_bytes());
                // One spelling for one id: no braces, no urn, no capitals.
                if id.to_string() == text { Ok(id) } else { Err(refused()) }
            }
        }
    };
}

random_id!(
    /// One community (hromada) on a hub. Nothing crosses between tenants.
    TenantId, "tenant"
);
random_id!(
    /// One chain, and so one author. A chain's id is its automerge actor, too.
    ChainId, "chain"
);
random_id!(
    /// One record: a resident, a visit, a request.
    RecordId, "record"
);
random_id!(
    /// One life of an answerer's store; a restored or emptied store takes a new one.
    LineageId, "lineage"
);
random_id!(
    /// One unlock of a suitcase, and the keys made at it.
    EpochId, "epoch"
);
random_id!(
    /// One proposal to erase a person's data.
    ErasureId, "erasure"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_parses_only_from_the_text_it_prints() {
        let id = RecordId::from_random([0xab; 16]);
        let text = id.to_string();
        assert_eq!(text.parse::<RecordId>(), Ok(id));
        assert!(text.to_uppercase().parse::<RecordId>().is_err());
        assert!(format!("{{{text}}}").parse::<RecordId>().is_err());
        assert!("".parse::<RecordId>().is_err());
    }

    #[test]
    fn a_random_id_carries_the_uuid_version() {
        assert_eq!(RecordId::from_random([0xff; 16]).to_string(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
