//! Hashes, Ed25519, labels, certificates, the root and its kit.
//!
//! Every hash and every signature carries the [`Label`] of what it is for, so that bytes signed as one thing can
//! never be shown as another. All bytes that are signed are written by [`canonical`]: fixed order, one spelling.

pub mod canonical;
mod certificate;
mod hash;
mod keys;
mod kit;
mod secret;
mod words;

pub use certificate::{CertificateError, DeskCertificate, HubCertificate, Role, Roles, SuitcaseCertificate, Validity};
pub use hash::{Hash, Hasher, Label};
pub use keys::{AgreementPublicKey, Signature, SigningKey, VerifyingKey};
pub use kit::{KitError, Root, RootFingerprint, RootPublic};
pub use secret::Secret;
pub use words::{WordError, comparison_words, index_of, passphrase_words, word};
