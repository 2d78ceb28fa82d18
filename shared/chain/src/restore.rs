//! How a desk that was lost begins again: whoever holds the kit asks the hub for the community's register. The hub
//! tells nobody else; everything secret comes later, through the exchange, to the desk that the root certified.

use crate::entry::Link;
use crate::limits;
use crate::segment::Segment;
use crate::verdict::below_limit;
use ids::TenantId;
use signing::canonical::{DecodeError, Reader, Writer};
use signing::{AgreementPublicKey, Hash, Label, RootPublic, Signature, SigningKey, VerifyingKey};

/// The question. version = 1, root's Ed25519 32 and X25519 32, signature by the root over all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestoreRequest {
    /// Whose community.
    pub root: RootPublic,
}

impl RestoreRequest {
    /// Signed by the root.
    pub fn encode(&self, root: &SigningKey) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).fixed(&self.root.signing.0).fixed(&self.root.agreement.0);
        let mut bytes = w.finish();
        let signature = root.sign(Label::Restore, &bytes);
        bytes.extend_from_slice(&signature.0);
        bytes
    }

    /// Reads and checks that the sender holds the kit.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (fields, signature) = bytes.split_last_chunk::<64>().ok_or(DecodeError::Truncated)?;
        let mut r = Reader::new(fields);
        match r.u8()? {
            1 => {}
            other => return Err(DecodeError::Unknown(other)),
        }
        let root = RootPublic { signing: VerifyingKey(r.fixed()?), agreement: AgreementPublicKey(r.fixed()?) };
        r.end()?;
        if root.verifies(Label::Restore, fields, &Signature(*signature)) {
            Ok(Self { root })
        } else {
            Err(DecodeError::NotCanonical)
        }
    }
}

/// What the hub answers. Unsigned: it comes over TLS that the root vouches for, and the register vouches for itself.
/// version = 1, tenant 16, the hub's Ed25519 32, segments, the end of the case chain: number `u64`, hash 32.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreAnswer {
    /// The community's name on the hub.
    pub tenant: TenantId,
    /// The key that the new desk certifies for this hub.
    pub hub: VerifyingKey,
    /// The whole register; empty if the hub lost it, too.
    pub register: Vec<Segment>,
    /// The last entry that the hub holds of the case chain of the desk at work, whatever is missing before it.
    pub case_end: Link,
}

impl RestoreAnswer {
    /// All bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).fixed(self.tenant.as_bytes()).fixed(&self.hub.0).count(self.register.len() as u64);
        self.register.iter().for_each(|segment| segment.write(&mut w));
        w.u64(self.case_end.seq).fixed(&self.case_end.hash.0);
        w.finish()
    }

    /// Reads what [`RestoreAnswer::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        match r.u8()? {
            1 => {}
            other => return Err(DecodeError::Unknown(other)),
        }
        let tenant = TenantId::from_bytes(r.fixed()?);
        let hub = VerifyingKey(r.fixed()?);
        let count = r.count_to(limits::MESSAGE_SEGMENTS)?;
        let register = (0..count).map(|_| Segment::read(&mut r)).collect::<Result<_, _>>()?;
        let case_end = Link { seq: below_limit(r.u64()?)?, hash: Hash(r.fixed()?) };
        r.end()?;
        Ok(Self { tenant, hub, register, case_end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signing::{Root, Secret};

    #[test]
    fn only_the_kit_asks() {
        let root = Root::from_seed(Secret::new([5; 32])).signing_key();
        let public = RootPublic { signing: root.public(), agreement: AgreementPublicKey([6; 32]) };
        let bytes = RestoreRequest { root: public }.encode(&root);
        assert_eq!(RestoreRequest::decode(&bytes), Ok(RestoreRequest { root: public }));
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert!(RestoreRequest::decode(&flipped).is_err(), "byte {at}");
            assert!(RestoreRequest::decode(&bytes[..at]).is_err(), "length {at}");
        }
        let other = Root::from_seed(Secret::new([7; 32])).signing_key();
        assert!(RestoreRequest::decode(&RestoreRequest { root: public }.encode(&other)).is_err());
    }

    #[test]
    fn an_answer_is_read_back() {
        let case_end = Link { seq: 4, hash: Hash([4; 32]) };
        let answer = RestoreAnswer {
            tenant: TenantId::from_bytes([1; 16]),
            hub: VerifyingKey([2; 32]),
            register: Vec::new(),
            case_end,
        };
        let bytes = answer.encode();
        assert_eq!(RestoreAnswer::decode(&bytes), Ok(answer));
        assert!((0..bytes.len()).all(|cut| RestoreAnswer::decode(&bytes[..cut]).is_err()));
    }
}
