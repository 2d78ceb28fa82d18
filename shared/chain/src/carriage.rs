//! Messages that somebody else brings: letters from a stick or from another suitcase, on their last way to the hub.
//!
//! A *letter* is the bytes of a [`crate::Request`], signed by its sender. Nothing new is trusted: the hub answers each
//! letter as if its sender had brought it, and signs the answer over the letter's hash. The carrier only shows, with a
//! token of its own, that it is here and now.
//!
//! | carriage | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | tenant, carrier's chain | 16, 16 |
//! | token of the carrier | option of: time 8, seq count, MAC 16 |
//! | letters | count, then bytes each |
//! | signature of the carrier | 64 |
//!
//! | answer to a carriage | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | token for the carrier | 8, count, 16 |
//! | flags: 1 the carrier's token was stale and no letter was looked at; others are passed over | 1 |
//! | one for each letter | count, then each: code; with code 0 the answer's bytes |
//! | signature of the answerer, over the hash of the carriage and all before it | 64 |

use crate::exchange::Token;
use crate::limits;
use ids::{ChainId, TenantId};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{Hash, Label, Signature, SigningKey, VerifyingKey};

/// What a carrier brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carriage {
    /// Whose community.
    pub tenant: TenantId,
    /// Who carries.
    pub carrier: ChainId,
    /// The carrier's own, from an exchange or from the last answer to a carriage.
    pub token: Option<Token>,
    /// [`crate::Request`]s as their senders signed them, at most [`limits::CARRIAGE_LETTERS`].
    pub letters: Vec<Vec<u8>>,
}

/// Why a letter has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// It is no request.
    #[error("лист пошкоджено / the letter is damaged")]
    Form,
    /// Not signed by the sender that it names.
    #[error("лист не підписав той, кого в ньому названо / the letter is not signed by its sender")]
    Signature,
    /// Its sender belongs to another community.
    #[error("лист іншої громади / the letter is of another community")]
    Tenant,
    /// The answer to this carriage is full: to be brought again.
    #[error("не вмістилося: його буде принесено ще раз / no room was left: it is brought again")]
    Room,
    /// The hub cannot store just now: to be brought again.
    #[error(
        "вузол обміну зараз не може записати: його буде принесено ще раз / the hub cannot store now: it is brought again"
    )]
    Store,
    /// Of a later version than the hub reads. The letter stays, and is brought again when the hub was updated.
    #[error(
        "вузол обміну має старішу версію і листа не читає: вузол треба оновити, лист збережено / the hub is of an older version and does not read the letter: it has to be updated, the letter is kept"
    )]
    Later,
    /// A reason of a later version; it has no further fields. The letter stays, and is brought again.
    #[error(
        "вузол обміну не прийняв листа з причини, новішої за цю програму: оновіть її, лист збережено / not taken, for a reason newer than this program: update it, the letter is kept"
    )]
    Other(u8),
}

impl Undelivered {
    const fn code(self) -> u8 {
        match self {
            Self::Form => 1,
            Self::Signature => 2,
            Self::Tenant => 3,
            Self::Room => 4,
            Self::Store => 5,
            Self::Later => 6,
            Self::Other(code) => code,
        }
    }

    /// Of any code but 0, which is no reason.
    fn from_code(code: u8) -> Self {
        let known = [Self::Form, Self::Signature, Self::Tenant, Self::Room, Self::Store, Self::Later];
        known.into_iter().find(|one| one.code() == code).unwrap_or(Self::Other(code))
    }

    /// Nothing becomes better by bringing it again.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Form | Self::Signature | Self::Tenant)
    }

    /// Nothing becomes better by bringing it again at once.
    pub const fn is_settled(self) -> bool {
        self.is_final() || matches!(self, Self::Later)
    }
}

fn expect_version(r: &mut Reader<'_>) -> Result<(), DecodeError> {
    match r.u8()? {
        1 => Ok(()),
        other => Err(DecodeError::Unknown(other)),
    }
}

impl Carriage {
    /// All bytes, signed by the carrier.
    pub fn encode(&self, key: &SigningKey) -> Vec<u8> {
        let mut w = Writer::with_capacity(256 + self.letters.iter().map(|letter| letter.len() + 8).sum::<usize>());
        w.u8(1).fixed(self.tenant.as_bytes()).fixed(self.carrier.as_bytes());
        w.option(self.token, |w, token| token.write(w));
        w.count(self.letters.len() as u64);
        self.letters.iter().for_each(|letter| {
            w.bytes(letter);
        });
        let mut bytes = w.finish();
        let signature = key.sign(Label::Carriage, &bytes);
        bytes.extend_from_slice(&signature.0);
        bytes
    }

    /// Reads; who signed is asked next, by [`Carriage::is_signed`], when the carrier's key is known.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > limits::CARRIAGE {
            return Err(DecodeError::TooLong);
        }
        let (fields, _) = bytes.split_last_chunk::<64>().ok_or(DecodeError::Truncated)?;
        let mut r = Reader::new(fields);
        expect_version(&mut r)?;
        let (tenant, carrier) = (TenantId::from_bytes(r.fixed()?), ChainId::from_bytes(r.fixed()?));
        let token = r.option(Token::read)?;
        let count = r.count_to(limits::CARRIAGE_LETTERS)?;
        let letters = (0..count).map(|_| Ok(r.bytes(limits::MESSAGE)?.to_vec())).collect::<Result<_, DecodeError>>()?;
        r.end()?;
        Ok(Self { tenant, carrier, token, letters })
    }

    /// True if `key` signed these bytes.
    pub fn is_signed(bytes: &[u8], key: &VerifyingKey) -> bool {
        bytes
            .split_last_chunk::<64>()
            .is_some_and(|(fields, signature)| key.verifies(Label::Carriage, fields, &Signature(*signature)))
    }

    /// What the answer's signature covers beside the answer.
    pub fn hash(bytes: &[u8]) -> Hash {
        Hash::of(Label::Carriage, bytes)
    }
}

/// What the hub gives the carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriageAnswer {
    /// To be shown next time.
    pub token: Token,
    /// The carrier's token was stale, so no letter was looked at: bring them again with the new one.
    pub stale: bool,
    /// Flags of later versions, in their places: passed over.
    pub further: u8,
    /// For each letter, in order, the bytes of its [`crate::Answer`], or why there are none.
    pub answers: Vec<Result<Vec<u8>, Undelivered>>,
}

impl CarriageAnswer {
    /// All bytes, signed by the answerer as the answer to `carriage`.
    pub fn encode(&self, carriage: &Hash, key: &SigningKey) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1);
        self.token.write(&mut w);
        w.u8(u8::from(self.stale) | self.further & !1).count(self.answers.len() as u64);
        for answer in &self.answers {
            match answer {
                Ok(bytes) => w.u8(0).bytes(bytes),
                Err(why) => w.u8(why.code()),
            };
        }
        let mut bytes = w.finish();
        let signature = key.sign(Label::CarriageAnswer, &covered(carriage, &bytes));
        bytes.extend_from_slice(&signature.0);
        bytes
    }

    /// Reads an answer to `carriage` that one of `keys` signed. Anything else is `None`: no answer.
    pub fn decode(bytes: &[u8], carriage: &Hash, keys: &[VerifyingKey]) -> Option<Result<Self, DecodeError>> {
        let (fields, signature) = bytes.split_last_chunk::<64>()?;
        let covered = covered(carriage, fields);
        keys.iter().find(|key| key.verifies(Label::CarriageAnswer, &covered, &Signature(*signature)))?;
        Some(Self::read(fields))
    }

    fn read(fields: &[u8]) -> Result<Self, DecodeError> {
        if fields.len() > limits::CARRIAGE_ANSWER {
            return Err(DecodeError::TooLong);
        }
        let mut r = Reader::new(fields);
        expect_version(&mut r)?;
        let token = Token::read(&mut r)?;
        let flags = r.u8()?;
        let count = r.count_to(limits::CARRIAGE_LETTERS)?;
        let answer = |r: &mut Reader<'_>| match r.u8()? {
            0 => Ok(Ok(r.bytes(limits::MESSAGE)?.to_vec())),
            code => Ok(Err(Undelivered::from_code(code))),
        };
        let answers = (0..count).map(|_| answer(&mut r)).collect::<Result<_, DecodeError>>()?;
        r.end()?;
        Ok(Self { token, stale: flags & 1 != 0, further: flags & !1, answers })
    }
}

fn covered(carriage: &Hash, fields: &[u8]) -> Vec<u8> {
    let mut bytes = carriage.0.to_vec();
    bytes.extend_from_slice(fields);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::LineageId;
    use signing::Secret;

    fn key(n: u8) -> SigningKey {
        SigningKey::from_seed(&Secret::new([n; 32]))
    }

    fn token() -> Token {
        let (tenant, carrier) = (TenantId::from_bytes([1; 16]), ChainId::from_bytes([2; 16]));
        Token::give(&Secret::new([4; 32]), tenant, carrier, LineageId::from_bytes([5; 16]), 7, 300)
    }

    fn carriage() -> Carriage {
        Carriage {
            tenant: TenantId::from_bytes([1; 16]),
            carrier: ChainId::from_bytes([2; 16]),
            token: Some(token()),
            letters: vec![vec![0xaa; 200], Vec::new()],
        }
    }

    #[test]
    fn a_carriage_is_read_back_and_every_cut_or_flipped_byte_is_noticed() {
        let bytes = carriage().encode(&key(2));
        assert_eq!(Carriage::decode(&bytes), Ok(carriage()));
        assert!(Carriage::is_signed(&bytes, &key(2).public()));
        assert!(!Carriage::is_signed(&bytes, &key(3).public()));
        for at in 0..bytes.len() {
            assert!(Carriage::decode(&bytes[..at]).is_err(), "length {at}");
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert!(!Carriage::is_signed(&flipped, &key(2).public()), "byte {at}");
        }
    }

    #[test]
    fn an_answer_belongs_to_one_carriage_and_one_hub() {
        let why =
            [Undelivered::Form, Undelivered::Signature, Undelivered::Tenant, Undelivered::Room, Undelivered::Store];
        let mut answers: Vec<_> = why.map(Err).into();
        answers.push(Err(Undelivered::Later));
        answers.push(Err(Undelivered::Other(77)));
        answers.push(Ok(vec![0xbb; 100]));
        let answer = CarriageAnswer { token: token(), stale: false, further: 0x42, answers };
        let asked = Carriage::hash(b"asked");
        let bytes = answer.encode(&asked, &key(9));
        let keys = [key(8).public(), key(9).public()];
        assert_eq!(CarriageAnswer::decode(&bytes, &asked, &keys), Some(Ok(answer)));
        assert_eq!(CarriageAnswer::decode(&bytes, &Carriage::hash(b"another"), &keys), None);
        assert_eq!(CarriageAnswer::decode(&bytes, &asked, &keys[..1]), None);
        for at in 0..bytes.len() {
            assert_eq!(CarriageAnswer::decode(&bytes[..at], &asked, &keys), None, "length {at}");
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert_eq!(CarriageAnswer::decode(&flipped, &asked, &keys), None, "byte {at}");
        }
    }

    #[test]
    fn fields_that_a_hub_would_not_write_are_refused_although_signed() {
        let asked = Carriage::hash(b"asked");
        let answer = CarriageAnswer { token: token(), stale: true, further: 0, answers: vec![Err(Undelivered::Form)] };
        let bytes = answer.encode(&asked, &key(9));
        let fields = &bytes[..bytes.len() - 64];
        let signed = |fields: &[u8]| {
            let signature = key(9).sign(Label::CarriageAnswer, &covered(&asked, fields));
            CarriageAnswer::decode(&[fields, &signature.0].concat(), &asked, &[key(9).public()])
        };
        assert!(matches!(signed(fields), Some(Ok(_))));
        for at in 0..fields.len() {
            assert!(matches!(signed(&fields[..at]), Some(Err(_))), "length {at}");
        }
        let with_last = |code: u8| [&fields[..fields.len() - 1], &[code]].concat();
        let later = signed(&with_last(77)).expect("signed").expect("readable");
        assert_eq!(later.answers, [Err(Undelivered::Other(77))], "a code of a later version is kept");
        assert_eq!(signed(&[fields, &[0]].concat()), Some(Err(DecodeError::Trailing)));
    }

    #[test]
    fn no_more_letters_than_the_limit() {
        let most = Carriage { letters: vec![Vec::new(); limits::CARRIAGE_LETTERS], ..carriage() };
        assert!(Carriage::decode(&most.encode(&key(2))).is_ok());
        let more = Carriage { letters: vec![Vec::new(); limits::CARRIAGE_LETTERS + 1], ..carriage() };
        assert_eq!(Carriage::decode(&more.encode(&key(2))), Err(DecodeError::TooLong));
        let long = vec![0; limits::CARRIAGE + 1];
        assert_eq!(Carriage::decode(&long), Err(DecodeError::TooLong));
    }
}
