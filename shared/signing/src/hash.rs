//! SHA-256 (FIPS 180-4) with a label in front.

use ring::digest::{Context, SHA256};
use std::fmt;

/// What a hash or a signature is for. The label's text goes into it, with its length in front; a text is never
/// changed or used again for another purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Hash of an entry: header and hash of the body.
    Entry,
    /// Hash of an entry's sealed body.
    Body,
    /// An author's signature of an entry's hash.
    EntrySignature,
    /// The root's signature of a desk certificate.
    DeskCertificate,
    /// A desk's signature of a suitcase certificate.
    SuitcaseCertificate,
    /// A desk's signature of a hub certificate.
    HubCertificate,
    /// An answerer's signature of an anchor.
    Anchor,
    /// A sender's signature of an exchange request.
    ExchangeRequest,
    /// An answerer's signature of an exchange answer.
    ExchangeAnswer,
    /// A carrier's signature of the letters it brings.
    Carriage,
    /// An answerer's signature of its answer to a carriage.
    CarriageAnswer,
    /// Hash of a message that lies on a stick in pieces, and of such a file as it was written.
    StickMessage,
    /// A suitcase's signature of its request to be enrolled.
    Enrolment,
    /// A desk's invitation of a suitcase.
    Invitation,
    /// An answerer's token: its own MAC, given out and shown again.
    Token,
    /// What laptop and desk compare as six words.
    Comparison,
    /// Fingerprint of the root.
    RootFingerprint,
    /// Check byte of the recovery kit's words.
    KitCheck,
    /// The signed plain statement in the QR code of a paper опис.
    Statement,
    /// Hash of a text whose version is kept, such as a consent.
    Text,
    /// The root's signature of the question by which a lost desk is restored, and its hash in the answer's signature.
    Restore,
    /// A hub's signature of its answer to that question.
    RestoreAnswer,
    /// Hash under which a console keeps a session's token.
    Session,
    /// Hash under which a desk keeps the codes that stand in for a second factor.
    SecondFactor,
    /// Hash that names a sealed recovery code which was read out.
    ReadOut,
    /// Hash of a catalogue release: all its files.
    Release,
    /// A file of a backup, and the list of a backup's files.
    Backup,
    /// The last word of a chain's key: the chain goes on under another name.
    Rebirth,
    /// A suitcase's signed word at the end of a shift that nothing is left on it.
    EndOfShift,
    /// The signature of whoever made an evidence file.
    Evidence,
}

impl Label {
    const fn text(self) -> &'static str {
        match self {
            Self::Entry => "valiza/1/entry",
            Self::Body => "valiza/1/body",
            Self::EntrySignature => "valiza/1/entry-signature",
            Self::DeskCertificate => "valiza/1/desk-certificate",
            Self::SuitcaseCertificate => "valiza/1/suitcase-certificate",
            Self::HubCertificate => "valiza/1/hub-certificate",
            Self::Anchor => "valiza/1/anchor",
            Self::ExchangeRequest => "valiza/1/exchange-request",
            Self::ExchangeAnswer => "valiza/1/exchange-answer",
            Self::Carriage => "valiza/1/carriage",
            Self::CarriageAnswer => "valiza/1/carriage-answer",
            Self::StickMessage => "valiza/1/stick-message",
            Self::Enrolment => "valiza/1/enrolment",
            Self::Invitation => "valiza/1/invitation",
            Self::Token => "valiza/1/token",
            Self::Comparison => "valiza/1/comparison",
            Self::RootFingerprint => "valiza/1/root-fingerprint",
            Self::KitCheck => "valiza/1/kit-check",
            Self::Statement => "valiza/1/statement",
            Self::Text => "valiza/1/text",
            Self::Restore => "valiza/1/restore",
            Self::RestoreAnswer => "valiza/1/restore-answer",
            Self::Session => "valiza/1/session",
            Self::SecondFactor => "valiza/1/second-factor",
            Self::ReadOut => "valiza/1/read-out",
            Self::Backup => "valiza/1/backup",
            Self::Release => "valiza/1/release",
            Self::Rebirth => "valiza/1/rebirth",
            Self::EndOfShift => "valiza/1/end-of-shift",
            Self::Evidence => "valiza/1/evidence",
        }
    }
}

/// 32 bytes of SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What stands for «the hash of the one before» in the first entry of a chain.
    pub const ZERO: Self = Self([0; 32]);

    /// SHA-256 of the label's length (one byte), the label, and `bytes`.
    pub fn of(label: Label, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(label);
        hasher.add(bytes);
        hasher.finish()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..6].iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("…")
    }
}

/// A labelled hash that is fed in pieces.
pub struct Hasher(Context);

impl Hasher {
    /// Starts with the label.
    pub fn new(label: Label) -> Self {
        let mut context = Context::new(&SHA256);
        let text = label.text();
        context.update(&[text.len() as u8]);
        context.update(text.as_bytes());
        Self(context)
    }

    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all that was added.
    pub fn finish(self) -> Hash {
        let mut hash = Hash::ZERO;
        hash.0.copy_from_slice(self.0.finish().as_ref());
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_answer() {
        // printf '\016valiza/1/entryabc' | sha256sum
        assert_eq!(
            Hash::of(Label::Entry, b"abc").to_string(),
            "00b39a3bf3e0c6d751d9352fcec2f8096fe34c27b12625e0fd35ac0ca1ca195f"
        );
        assert_ne!(Hash::of(Label::Body, b"abc"), Hash::of(Label::Entry, b"abc"));
    }
}
