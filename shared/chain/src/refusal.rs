//! Why an answerer did not take something, each a sentence that both sides show.

use crate::verdict::read_seq;
use ids::ChainId;
use signing::Hash;
use signing::canonical::{DecodeError, Reader, Writer};
use std::fmt;

/// One refused segment, or a whole request (then `from` is 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Whose chain.
    pub chain: ChainId,
    /// First number of the refused segment.
    pub from: u64,
    /// Why.
    pub code: RefusalCode,
}

/// Reasons of form; none is about content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalCode {
    /// Numbers that cannot be.
    Form,
    /// Not signed by the chain's author.
    Signature,
    /// The store holds another entry with this number.
    Fork {
        /// Which number.
        seq: u64,
        /// What is held there.
        held: Hash,
    },
    /// No certificate is known for the chain: the register must come first.
    UnknownChain,
    /// Too many entries in an hour.
    Quota,
    /// Of another community than the request says.
    Tenant,
    /// The sender's protocol, or the suite that it seals with, is below the community's minimum.
    Protocol,
    /// A register entry that the root or the desk did not sign, or that contradicts the ones before.
    Register,
    /// Too far beyond the first entry that is missing: see [`crate::limits::BEYOND_A_HOLE`].
    Hole,
    /// The answerer's own program is too old: the register says something that it does not know and has to.
    Answerer,
    /// A reason of a later version: nothing was taken, and nothing more is known. Kept as it came. It has no further
    /// fields.
    Other(u8),
}

impl RefusalCode {
    const fn code(self) -> u8 {
        match self {
            Self::Form => 1,
            Self::Signature => 2,
            Self::Fork { .. } => 3,
            Self::UnknownChain => 4,
            Self::Quota => 5,
            Self::Tenant => 6,
            Self::Protocol => 7,
            Self::Register => 8,
            Self::Hole => 9,
            Self::Answerer => 10,
            Self::Other(code) => code,
        }
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "дані пошкоджено в дорозі; буде надіслано ще раз / damaged on the way; will be sent again",
            Self::Signature => "підпис не збігається: запис змінено або він не цієї валізи / the signature differs: changed, or not this suitcase's",
            Self::Fork { .. } => "у центрі вже є інший запис із цим номером: ноутбук відновлено з копії або їх два; зверніться до центру / the centre holds another entry with this number: a restored or cloned laptop; call the centre",
            Self::UnknownChain => "центр ще не знає цієї валізи; передаємо посвідчення / the centre does not know this suitcase yet; its certificate follows",
            Self::Quota => "забагато записів або даних за годину; решту буде надіслано згодом / too much in an hour; the rest follows later",
            Self::Tenant => "це центр іншої громади: перевірте адресу / this is another community's centre: check the address",
            Self::Protocol => "програма застаріла для цієї громади: оновіть її; записане збережено тут і піде після оновлення / this program is too old for this community: update it; what was recorded is kept here and goes out then",
            Self::Hole => "перед цими записами бракує надто багато: спершу буде надіслано попередні / too much before these is missing: what comes before is sent first",
            Self::Answerer => "програма вузла обміну застаріла для цієї громади: її оновить адміністратор; записане збережено тут і піде після оновлення / the hub's program is too old for this community: its administrator updates it; what was recorded is kept here and goes out then",
            Self::Other(_) => "центр не прийняв із причини, новішої за цю програму: оновіть програму, дані збережено / not taken, for a reason newer than this program: update it, the data are kept",
            Self::Register => "запис реєстру не підтверджено центром / a register entry is not confirmed by the centre",
        })
    }
}

impl Refusal {
    /// chain, from, code, and for a fork seq and hash.
    pub(crate) fn write(&self, w: &mut Writer) {
        w.fixed(self.chain.as_bytes()).count(self.from).u8(self.code.code());
        if let RefusalCode::Fork { seq, held } = self.code {
            w.count(seq).fixed(&held.0);
        }
    }

    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (chain, from) = (ChainId::from_bytes(r.fixed()?), read_seq(r)?);
        let code = match r.u8()? {
            1 => RefusalCode::Form,
            2 => RefusalCode::Signature,
            3 => RefusalCode::Fork { seq: read_seq(r)?, held: Hash(r.fixed()?) },
            4 => RefusalCode::UnknownChain,
            5 => RefusalCode::Quota,
            6 => RefusalCode::Tenant,
            7 => RefusalCode::Protocol,
            8 => RefusalCode::Register,
            9 => RefusalCode::Hole,
            10 => RefusalCode::Answerer,
            0 => return Err(DecodeError::Unknown(0)),
            other => RefusalCode::Other(other),
        };
        Ok(Self { chain, from, code })
    }
}
