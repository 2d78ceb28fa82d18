//! How a desk that was lost begins again: whoever holds the kit asks the hub for the community's register. The hub
//! tells nobody else; everything secret comes later, through the exchange, to the desk that the root certified.
//!
//! The asker's clock may be wrong, so freshness is shown as in the exchange: the first question has no token and is
//! answered with one alone; the next one shows it. The answer is signed over the question's hash, and the question has
//! a nonce, so that neither is worth anything again.
//!
//! | question | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | root's Ed25519, X25519 | 32, 32 |
//! | nonce, in the place of the sender in the token's MAC | 16 |
//! | what the answer before said | option of: tenant 16, hub's Ed25519 32, token 8, count, 16 |
//! | the last entry of the register that was received | option of: chain 16, seq count |
//! | signature of the root | 64 |
//!
//! | answer | bytes |
//! |---|---|
//! | version = 1 | 1 |
//! | tenant | 16 |
//! | hub's Ed25519 | 32 |
//! | token | 8, count, 16 |
//! | flags: 1 no fresh token was shown and nothing is told, 2 more of the register follows; others are passed over | 1 |
//! | segments of the register | count, then each |
//! | end of the case chain: number, hash | 8, 32 |
//! | signature of the hub, over the hash of the question and all before it | 64 |

use crate::entry::Link;
use crate::exchange::Token;
use crate::limits;
use crate::segment::Segment;
use crate::verdict::{below_limit, read_seq};
use ids::{ChainId, TenantId};
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{AgreementPublicKey, Hash, Label, RootPublic, Signature, SigningKey, VerifyingKey};

/// What the hub's last answer said, shown to it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The community's name on the hub.
    pub tenant: TenantId,
    /// Whom the question is for.
    pub hub: VerifyingKey,
    /// That the asker is here and now.
    pub token: Token,
}

/// The question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestoreRequest {
    /// Whose community.
    pub root: RootPublic,
    /// Drawn for this restore.
    pub nonce: [u8; 16],
    /// `None` in the first question, which is answered with a token alone.
    pub shown: Option<Shown>,
    /// The last entry of the register that the asker has: it goes on behind that.
    pub after: Option<(ChainId, u64)>,
}

fn expect_version(r: &mut Reader<'_>) -> Result<(), DecodeError> {
    match r.u8()? {
        1 => Ok(()),
        other => Err(DecodeError::Unknown(other)),
    }
}

impl RestoreRequest {
    /// Signed by the root.
    pub fn encode(&self, root: &SigningKey) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).fixed(&self.root.signing.0).fixed(&self.root.agreement.0).fixed(&self.nonce);
        w.option(self.shown, |w, shown| {
            w.fixed(shown.tenant.as_bytes()).fixed(&shown.hub.0);
            shown.token.write(w);
        });
        w.option(self.after, |w, (chain, seq)| {
            w.fixed(chain.as_bytes()).count(seq);
        });
        let mut bytes = w.finish();
        let signature = root.sign(Label::Restore, &bytes);
        bytes.extend_from_slice(&signature.0);
        bytes
    }

    /// Reads and checks that the sender holds the kit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (fields, signature) = bytes.split_last_chunk::<64>().ok_or(DecodeError::Truncated)?;
        let mut r = Reader::new(fields);
        expect_version(&mut r)?;
        let root = RootPublic { signing: VerifyingKey(r.fixed()?), agreement: AgreementPublicKey(r.fixed()?) };
        let nonce = r.fixed()?;
        let shown = r.option(|r| {
            let (tenant, hub) = (TenantId::from_bytes(r.fixed()?), VerifyingKey(r.fixed()?));
            Ok(Shown { tenant, hub, token: Token::read(r)? })
        })?;
        let after = r.option(|r| Ok((ChainId::from_bytes(r.fixed()?), read_seq(r)?)))?;
        r.end()?;
        if root.verifies(Label::Restore, fields, &Signature(*signature)) {
            Ok(Self { root, nonce, shown, after })
        } else {
            Err(DecodeError::NotCanonical)
        }
    }

    /// What stands in the place of the sender's chain in the MAC of its tokens.
    pub const fn asker(&self) -> ChainId {
        ChainId::from_bytes(self.nonce)
    }

    /// What the answer's signature covers beside the answer.
    pub fn hash(bytes: &[u8]) -> Hash {
        Hash::of(Label::Restore, bytes)
    }
}

/// What the hub answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreAnswer {
    /// The community's name on the hub.
    pub tenant: TenantId,
    /// The key that signed, which the new desk certifies for this hub.
    pub hub: VerifyingKey,
    /// To be shown next time.
    pub token: Token,
    /// No fresh token was shown, so nothing is told: ask again with the new one.
    pub stale: bool,
    /// More of the register stands behind these segments.
    pub more: bool,
    /// Flags of later versions, in their places: passed over.
    pub further: u8,
    /// The register behind what was named; empty if the hub lost it, too.
    pub register: Vec<Segment>,
    /// The last entry that the hub holds of the case chain of the desk at work, whatever is missing before it.
    pub case_end: Link,
}

impl RestoreAnswer {
    /// What is said to a question without a fresh token: the next one, and nothing else.
    pub const fn ask_again(tenant: TenantId, hub: VerifyingKey, token: Token) -> Self {
        Self { tenant, hub, token, stale: true, more: false, further: 0, register: Vec::new(), case_end: Link::EMPTY }
    }

    /// All bytes, signed by the hub as the answer to `question`.
    pub fn encode(&self, question: &Hash, key: &SigningKey) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).fixed(self.tenant.as_bytes()).fixed(&self.hub.0);
        self.token.write(&mut w);
        w.u8(u8::from(self.stale) | u8::from(self.more) << 1 | self.further & !3);
        w.count(self.register.len() as u64);
        self.register.iter().for_each(|segment| segment.write(&mut w));
        w.u64(self.case_end.seq).fixed(&self.case_end.hash.0);
        let mut bytes = w.finish();
        let signature = key.sign(Label::RestoreAnswer, &covered(question, &bytes));
        bytes.extend_from_slice(&signature.0);
        bytes
    }

    /// Reads an answer to `question` that the hub which it names has signed. Anything else is `None`: no answer. Whether
    /// that hub is the community's is known when the register is.
    pub fn decode(bytes: &[u8], question: &Hash) -> Option<Result<Self, DecodeError>> {
        let (fields, signature) = bytes.split_last_chunk::<64>()?;
        let hub = VerifyingKey(*fields.get(17..)?.first_chunk::<32>()?);
        let signed = hub.verifies(Label::RestoreAnswer, &covered(question, fields), &Signature(*signature));
        signed.then(|| Self::read(fields))
    }

    fn read(fields: &[u8]) -> Result<Self, DecodeError> {
        if fields.len() > limits::MESSAGE {
            return Err(DecodeError::TooLong);
        }
        let mut r = Reader::new(fields);
        expect_version(&mut r)?;
        let (tenant, hub) = (TenantId::from_bytes(r.fixed()?), VerifyingKey(r.fixed()?));
        let token = Token::read(&mut r)?;
        let flags = r.u8()?;
        let count = r.count_to(limits::MESSAGE_SEGMENTS)?;
        let register = (0..count).map(|_| Segment::read(&mut r)).collect::<Result<_, _>>()?;
        let case_end = Link { seq: below_limit(r.u64()?)?, hash: Hash(r.fixed()?) };
        r.end()?;
        let (stale, more, further) = (flags & 1 != 0, flags & 2 != 0, flags & !3);
        Ok(Self { tenant, hub, token, stale, more, further, register, case_end })
    }
}

fn covered(question: &Hash, fields: &[u8]) -> Vec<u8> {
    [&question.0, fields].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::LineageId;
    use signing::{Root, Secret};

    fn key(n: u8) -> SigningKey {
        SigningKey::from_seed(&Secret::new([n; 32]))
    }

    fn token() -> Token {
        let (tenant, asker) = (TenantId::from_bytes([1; 16]), ChainId::from_bytes([2; 16]));
        Token::give(&Secret::new([4; 32]), tenant, asker, LineageId::from_bytes([5; 16]), 7, 0)
    }

    #[test]
    fn only_the_kit_asks() {
        let root = Root::from_seed(Secret::new([5; 32])).signing_key();
        let public = RootPublic { signing: root.public(), agreement: AgreementPublicKey([6; 32]) };
        let first = RestoreRequest { root: public, nonce: [2; 16], shown: None, after: None };
        let shown = Shown { tenant: TenantId::from_bytes([1; 16]), hub: key(9).public(), token: token() };
        let next = RestoreRequest { shown: Some(shown), after: Some((ChainId::from_bytes([3; 16]), 300)), ..first };
        for question in [first, next] {
            let bytes = question.encode(&root);
            assert_eq!(RestoreRequest::decode(&bytes), Ok(question));
            assert!(bytes.len() <= limits::ENROLMENT);
            for at in 0..bytes.len() {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1;
                assert!(RestoreRequest::decode(&flipped).is_err(), "byte {at}");
                assert!(RestoreRequest::decode(&bytes[..at]).is_err(), "length {at}");
            }
            let other = Root::from_seed(Secret::new([7; 32])).signing_key();
            assert!(RestoreRequest::decode(&question.encode(&other)).is_err());
        }
    }

    #[test]
    fn an_answer_belongs_to_one_question_and_to_the_hub_that_it_names() {
        let answer = RestoreAnswer {
            tenant: TenantId::from_bytes([1; 16]),
            hub: key(9).public(),
            token: token(),
            stale: false,
            more: true,
            further: 0x40,
            register: Vec::new(),
            case_end: Link { seq: 4, hash: Hash([4; 32]) },
        };
        let asked = RestoreRequest::hash(b"asked");
        let bytes = answer.encode(&asked, &key(9));
        assert_eq!(RestoreAnswer::decode(&bytes, &asked), Some(Ok(answer.clone())));
        assert_eq!(RestoreAnswer::decode(&bytes, &RestoreRequest::hash(b"another")), None);
        assert_eq!(RestoreAnswer::decode(&answer.encode(&asked, &key(8)), &asked), None, "by another than it names");
        for at in 0..bytes.len() {
            assert_eq!(RestoreAnswer::decode(&bytes[..at], &asked), None, "length {at}");
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert_eq!(RestoreAnswer::decode(&flipped, &asked), None, "byte {at}");
        }
    }

    #[test]
    fn fields_that_a_hub_would_not_write_are_refused_although_signed() {
        let asked = RestoreRequest::hash(b"asked");
        let answer = RestoreAnswer::ask_again(TenantId::from_bytes([1; 16]), key(9).public(), token());
        let bytes = answer.encode(&asked, &key(9));
        let fields = &bytes[..bytes.len() - 64];
        let signed = |fields: &[u8]| {
            let signature = key(9).sign(Label::RestoreAnswer, &covered(&asked, fields));
            RestoreAnswer::decode(&[fields, &signature.0].concat(), &asked)
        };
        assert_eq!(signed(fields), Some(Ok(answer)));
        for at in 49..fields.len() {
            assert!(matches!(signed(&fields[..at]), Some(Err(_))), "length {at}");
        }
        assert_eq!(signed(&[fields, &[0]].concat()), Some(Err(DecodeError::Trailing)));
        assert_eq!(signed(&[&[2], &fields[1..]].concat()), Some(Err(DecodeError::Unknown(2))));
    }
}
