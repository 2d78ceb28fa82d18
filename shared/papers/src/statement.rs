//! The short signed statement in the QR code of a paper: it can be checked without a network by whoever holds the
//! centre's register.
//!
//! Text `VALIZA-S-` and hexadecimal in capitals (so that the code stays small) of, in this order:
//! version = 1 (1 byte), chain 16, receipt number (text), service's slug (text), submitted at (ms since 1970, 8),
//! count of papers (2), first 8 bytes of the hash of the entry that holds the request, signature 64 by the chain's author
//! over all before it under the label `valiza/1/statement`. Texts are led by their length. The author is the suitcase
//! that took the request, or the desk where the centre prints it again.

use chain::Register;
use ids::ChainId;
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Label, Signature};

const PREFIX: &str = "VALIZA-S-";

/// What the paper states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Receipt number.
    pub number: String,
    /// Slug of the service.
    pub service: String,
    /// Submitted at, device time, ms since 1970.
    pub at: i64,
    /// Count of papers.
    pub papers: u16,
    /// First bytes of the entry's hash.
    pub entry: [u8; 8],
    /// The chain whose author signed: a suitcase's, or the desk's case chain.
    pub chain: ChainId,
}

/// Why a text is no statement of this centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Another code, or cut off.
    #[error(
        "це не код опису Валізи, або його зчитано не повністю / not the code of a Valiza опис, or not read as a whole"
    )]
    Form,
    /// The register knows no such suitcase.
    #[error(
        "опис надруковано валізою, якої цей центр не знає: оновіть новини центру / printed by a suitcase that this centre does not know: sync first"
    )]
    UnknownSuitcase,
    /// Signed by somebody else, or changed.
    #[error("підпис не збігається: код змінено або підроблено / the signature differs: the code was changed or forged")]
    Forged,
}

impl Statement {
    /// The bytes that are signed under [`Label::Statement`].
    pub fn fields(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(160);
        w.u8(1).fixed(self.chain.as_bytes()).text(&self.number).text(&self.service);
        w.i64(self.at).u16(self.papers).fixed(&self.entry);
        w.finish()
    }

    /// The text of the code.
    pub fn to_text(&self, signature: &Signature) -> String {
        let mut bytes = self.fields();
        bytes.extend_from_slice(&signature.0);
        format!("{PREFIX}{}", hex(&bytes))
    }

    /// Reads a text, as typed or scanned, and checks it against the register. How its author stood at that time
    /// is the caller's to judge.
    pub fn from_text(text: &str, register: &Register) -> Result<Self, StatementError> {
        let hex: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
        let hex = hex.strip_prefix(PREFIX).filter(|hex| hex.len() < 2_000).ok_or(StatementError::Form)?;
        let bytes = from_hex(hex).ok_or(StatementError::Form)?;
        let (fields, signature) = bytes.split_last_chunk::<64>().ok_or(StatementError::Form)?;
        let statement = Self::read(fields).map_err(|_| StatementError::Form)?;
        let author = register.author(statement.chain).ok_or(StatementError::UnknownSuitcase)?;
        if !author.verifies(Label::Statement, fields, &Signature(*signature)) {
            return Err(StatementError::Forged);
        }
        Ok(statement)
    }

    fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.u8()? {
            1 => {}
            other => return Err(DecodeError::Unknown(other)),
        }
        let statement = Self {
            chain: ChainId::from_bytes(r.fixed()?),
            number: r.text(64)?.to_owned(),
            service: r.text(64)?.to_owned(),
            at: r.i64()?,
            papers: r.u16()?,
            entry: r.fixed()?,
        };
        r.end()?;
        Ok(statement)
    }
}

/// Hexadecimal in capitals.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| (*byte as char).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some((digit(pair.first()?)? << 4 | digit(pair.get(1)?)?) as u8)).collect()
}
