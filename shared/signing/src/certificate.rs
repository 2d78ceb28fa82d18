//! Who may write which chain: desk certificates by the root, suitcase and hub certificates by a desk.
//!
//! | field | desk | suitcase | hub |
//! |---|---|---|---|
//! | version `u8` = 1 | ✓ | ✓ | ✓ |
//! | tenant, 16 bytes | ✓ | ✓ | ✓ |
//! | chains, 16 bytes each | register, case | its chain | |
//! | Ed25519 key, 32 bytes | ✓ | ✓ | ✓ |
//! | X25519 key, 32 bytes | ✓ | ✓ | |
//! | short number `u16`, roles `u8` | | ✓ | |
//! | predecessor: option of chain | the desk before it | the chain before a rebirth | |
//! | not before, not after: `i64` ms since 1970 | ✓ | ✓ | ✓ |
//! | signature, 64 bytes | root | desk | desk |

use crate::canonical::{DecodeError, Reader, Writer};
use crate::{AgreementPublicKey, Label, RootPublic, Signature, SigningKey, VerifyingKey};
use ids::{ChainId, TenantId};

/// Why a certificate is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The bytes are no certificate.
    #[error("пошкоджене посвідчення / a damaged certificate: {0}")]
    Decode(#[from] DecodeError),
    /// Signed by somebody else, or changed after it was signed.
    #[error("посвідчення підписане не цим центром / the certificate is not signed by this centre")]
    Signature,
    /// Of another community.
    #[error("посвідчення іншої громади / a certificate of another community")]
    Tenant,
}

/// From when until when, in milliseconds since 1970, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// First moment.
    pub not_before: i64,
    /// Last moment.
    pub not_after: i64,
}

impl Validity {
    /// True within.
    pub fn covers(&self, time: i64) -> bool {
        (self.not_before..=self.not_after).contains(&time)
    }

    fn write(&self, w: &mut Writer) {
        w.i64(self.not_before).i64(self.not_after);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { not_before: r.i64()?, not_after: r.i64()? })
    }
}

/// What a suitcase is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Role {
    /// An administrator's suitcase.
    Officer = 1,
    /// A starosta's or a remote workplace's laptop.
    Starosta = 2,
}

/// A set of roles; unknown bits of a later version are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles(pub u8);

impl Roles {
    /// One role.
    pub const fn of(role: Role) -> Self {
        Self(role as u8)
    }

    /// True if the role is in the set.
    pub const fn has(self, role: Role) -> bool {
        self.0 & role as u8 != 0
    }
}

fn version(r: &mut Reader<'_>) -> Result<(), DecodeError> {
    match r.u8()? {
        1 => Ok(()),
        other => Err(DecodeError::Unknown(other)),
    }
}

fn chain(w: &mut Writer, id: ChainId) {
    w.fixed(id.as_bytes());
}

fn read_chain(r: &mut Reader<'_>) -> Result<ChainId, DecodeError> {
    Ok(ChainId::from_bytes(r.fixed()?))
}

/// The root says: these two chains are the centre's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskCertificate {
    /// Whose centre.
    pub tenant: TenantId,
    /// The chain that everybody reads.
    pub register: ChainId,
    /// The sealed chain.
    pub case: ChainId,
    /// Signs both chains.
    pub signing: VerifyingKey,
    /// Epoch keys and other news for the centre are sealed to it.
    pub agreement: AgreementPublicKey,
    /// The register of the installation before this one, after a restore.
    pub predecessor: Option<ChainId>,
    /// How long.
    pub validity: Validity,
}

impl DeskCertificate {
    fn body(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).fixed(self.tenant.as_bytes());
        chain(&mut w, self.register);
        chain(&mut w, self.case);
        w.fixed(&self.signing.0).fixed(&self.agreement.0).option(self.predecessor, chain);
        self.validity.write(&mut w);
        w.finish()
    }

    /// Fields and the root's signature.
    pub fn sign(&self, root: &SigningKey) -> Vec<u8> {
        signed(self.body(), Label::DeskCertificate, root)
    }

    /// Reads and checks the root's signature. The validity is the caller's to judge: it needs a time.
    pub fn verify(bytes: &[u8], root: &RootPublic) -> Result<Self, CertificateError> {
        verified(bytes, Label::DeskCertificate, &root.signing, |r| {
            version(r)?;
            Ok(Self {
                tenant: TenantId::from_bytes(r.fixed()?),
                register: read_chain(r)?,
                case: read_chain(r)?,
                signing: VerifyingKey(r.fixed()?),
                agreement: AgreementPublicKey(r.fixed()?),
                predecessor: r.option(read_chain)?,
                validity: Validity::read(r)?,
            })
        })
    }
}

/// A desk says: this chain is suitcase number so-and-so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuitcaseCertificate {
    /// Whose suitcase.
    pub tenant: TenantId,
    /// The one live chain of this certificate.
    pub chain: ChainId,
    /// Signs the chain.
    pub signing: VerifyingKey,
    /// The first reception key.
    pub agreement: AgreementPublicKey,
    /// The number that people say: «валіза 7».
    pub number: u16,
    /// What it is for.
    pub roles: Roles,
    /// The chain before a rebirth.
    pub predecessor: Option<ChainId>,
    /// How long.
    pub validity: Validity,
}

impl SuitcaseCertificate {
    fn body(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).fixed(self.tenant.as_bytes());
        chain(&mut w, self.chain);
        w.fixed(&self.signing.0).fixed(&self.agreement.0).u16(self.number).u8(self.roles.0);
        w.option(self.predecessor, chain);
        self.validity.write(&mut w);
        w.finish()
    }

    /// Fields and the desk's signature.
    pub fn sign(&self, desk: &SigningKey) -> Vec<u8> {
        signed(self.body(), Label::SuitcaseCertificate, desk)
    }

    /// Reads and checks the desk's signature. The validity is the caller's to judge: it needs a time.
    pub fn verify(bytes: &[u8], desk: &VerifyingKey) -> Result<Self, CertificateError> {
        verified(bytes, Label::SuitcaseCertificate, desk, |r| {
            version(r)?;
            Ok(Self {
                tenant: TenantId::from_bytes(r.fixed()?),
                chain: read_chain(r)?,
                signing: VerifyingKey(r.fixed()?),
                agreement: AgreementPublicKey(r.fixed()?),
                number: r.u16()?,
                roles: Roles(r.u8()?),
                predecessor: r.option(read_chain)?,
                validity: Validity::read(r)?,
            })
        })
    }
}

/// A desk says: answers signed by this key are our hub's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HubCertificate {
    /// Whose hub.
    pub tenant: TenantId,
    /// Signs anchors and answers.
    pub signing: VerifyingKey,
    /// How long.
    pub validity: Validity,
}

impl HubCertificate {
    fn body(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.u8(1).fixed(self.tenant.as_bytes()).fixed(&self.signing.0);
        self.validity.write(&mut w);
        w.finish()
    }

    /// Fields and the desk's signature.
    pub fn sign(&self, desk: &SigningKey) -> Vec<u8> {
        signed(self.body(), Label::HubCertificate, desk)
    }

    /// Reads and checks the desk's signature.
    pub fn verify(bytes: &[u8], desk: &VerifyingKey) -> Result<Self, CertificateError> {
        verified(bytes, Label::HubCertificate, desk, |r| {
            version(r)?;
            Ok(Self {
                tenant: TenantId::from_bytes(r.fixed()?),
                signing: VerifyingKey(r.fixed()?),
                validity: Validity::read(r)?,
            })
        })
    }
}

fn signed(body: Vec<u8>, label: Label, key: &SigningKey) -> Vec<u8> {
    let signature = key.sign(label, &body);
    let mut bytes = body;
    bytes.extend_from_slice(&signature.0);
    bytes
}

fn verified<T>(
    bytes: &[u8],
    label: Label,
    key: &VerifyingKey,
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, DecodeError>,
) -> Result<T, CertificateError> {
    let (body, signature) = bytes.split_last_chunk::<64>().ok_or(DecodeError::Truncated)?;
    if !key.verifies(label, body, &Signature(*signature)) {
        return Err(CertificateError::Signature);
    }
    let mut reader = Reader::new(body);
    let value = read(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;

    const ALWAYS: Validity = Validity { not_before: 0, not_after: i64::MAX };

    fn key(n: u8) -> SigningKey {
        SigningKey::from_seed(&Secret::new([n; 32]))
    }

    fn suitcase() -> SuitcaseCertificate {
        SuitcaseCertificate {
            tenant: TenantId::from_bytes([1; 16]),
            chain: ChainId::from_bytes([2; 16]),
            signing: key(3).public(),
            agreement: AgreementPublicKey([4; 32]),
            number: 7,
            roles: Roles::of(Role::Officer),
            predecessor: Some(ChainId::from_bytes([5; 16])),
            validity: ALWAYS,
        }
    }

    #[test]
    fn a_certificate_is_read_back() {
        let desk = key(1);
        assert_eq!(SuitcaseCertificate::verify(&suitcase().sign(&desk), &desk.public()), Ok(suitcase()));
        let hub = HubCertificate { tenant: suitcase().tenant, signing: key(9).public(), validity: ALWAYS };
        assert_eq!(HubCertificate::verify(&hub.sign(&desk), &desk.public()), Ok(hub));
        let root = RootPublic { signing: key(8).public(), agreement: AgreementPublicKey([0; 32]) };
        let certificate = DeskCertificate {
            tenant: hub.tenant,
            register: ChainId::from_bytes([6; 16]),
            case: ChainId::from_bytes([7; 16]),
            signing: desk.public(),
            agreement: AgreementPublicKey([8; 32]),
            predecessor: None,
            validity: ALWAYS,
        };
        assert_eq!(DeskCertificate::verify(&certificate.sign(&key(8)), &root), Ok(certificate));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let desk = key(1);
        let bytes = suitcase().sign(&desk);
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(SuitcaseCertificate::verify(&flipped, &desk.public()).is_err(), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(SuitcaseCertificate::verify(&bytes[..length], &desk.public()).is_err(), "length {length}");
        }
    }

    #[test]
    fn a_foreign_desk_and_another_label_are_refused() {
        let bytes = suitcase().sign(&key(1));
        assert_eq!(SuitcaseCertificate::verify(&bytes, &key(2).public()), Err(CertificateError::Signature));
        assert_eq!(HubCertificate::verify(&bytes, &key(1).public()), Err(CertificateError::Signature));
    }
}
