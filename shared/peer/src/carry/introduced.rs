//! TLS 1.3 between two suitcases of one community: each shows the key that the register certifies for it, as a raw
//! public key (RFC 7250). There are no certificates to make, to keep or to run out; who is revoked is not spoken to.

use crate::{Peer, PeerError};
use chain::Register;
use ids::ChainId;
use rustls::client::AlwaysResolvesClientRawPublicKeys;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::AlwaysResolvesServerRawPublicKeys;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme};
use std::sync::{Arc, Weak};
use zeroize::Zeroizing;

/// DER of an Ed25519 key's SubjectPublicKeyInfo up to the key itself (RFC 8410, 4).
const PUBLIC: &[u8; 12] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
/// DER of a PKCS #8 Ed25519 private key up to the seed (RFC 8410, 7).
const PRIVATE: &[u8; 16] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";

/// The suitcase in force whose key this is.
pub(super) fn suitcase_of(register: &Register, shown: &[u8]) -> Option<ChainId> {
    let (before, key) = shown.split_first_chunk::<12>()?;
    let known = register.suitcases().find(|one| before == PUBLIC && one.signing.0 == *key);
    known.map(|one| one.chain).filter(|chain| register.revocation(*chain).is_none())
}

/// Believes suitcases of the community. It does not keep a suitcase open that was locked.
#[derive(Debug)]
struct OfOurCommunity {
    peer: WeakPeer,
    provider: Arc<CryptoProvider>,
}

/// Nothing of a peer is printed.
struct WeakPeer(Weak<Peer>);

impl std::fmt::Debug for WeakPeer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Peer")
    }
}

impl OfOurCommunity {
    fn check(&self, shown: &CertificateDer<'_>) -> Result<(), Error> {
        let register = self.peer.0.upgrade().and_then(|peer| peer.register().ok());
        let known = register.and_then(|register| suitcase_of(&register, shown));
        known.map(|_| ()).ok_or(Error::InvalidCertificate(rustls::CertificateError::ApplicationVerificationFailure))
    }

    fn signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let key = SubjectPublicKeyInfoDer::from(shown.as_ref());
        verify_tls13_signature_with_raw_key(message, &key, signed, &self.provider.signature_verification_algorithms)
    }

    fn schemes() -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

const ONLY_13: &str = "TLS 1.3 only";

impl ServerCertVerifier for OfOurCommunity {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(end_entity).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General(ONLY_13.into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(message, shown, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        Self::schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

impl ClientCertVerifier for OfOurCommunity {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.check(end_entity).map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General(ONLY_13.into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.signature(message, shown, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        Self::schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

/// This suitcase's own key, as TLS takes it.
fn own_key(peer: &Peer) -> Result<Arc<CertifiedKey>, PeerError> {
    let (private, public) = peer.with_ledger(|ledger| {
        let identity = &ledger.identity;
        let private = Zeroizing::new([&PRIVATE[..], identity.seed.expose()].concat());
        Ok((private, [&PUBLIC[..], &identity.signing_key().public().0].concat()))
    })?;
    let key = ring::sign::any_eddsa_type(&PrivatePkcs8KeyDer::from(&private[..])).map_err(refused)?;
    Ok(Arc::new(CertifiedKey::new(vec![CertificateDer::from(public)], key)))
}

fn refused(error: Error) -> PeerError {
    PeerError::Refused(format!("TLS: {error}"))
}

fn community(peer: &Arc<Peer>) -> Arc<OfOurCommunity> {
    let provider = Arc::new(ring::default_provider());
    Arc::new(OfOurCommunity { peer: WeakPeer(Arc::downgrade(peer)), provider })
}

/// For the one that carries.
pub(super) fn server_config(peer: &Arc<Peer>) -> Result<Arc<ServerConfig>, PeerError> {
    let community = community(peer);
    let builder = ServerConfig::builder_with_provider(Arc::clone(&community.provider));
    let builder = builder.with_protocol_versions(&[&rustls::version::TLS13]).map_err(refused)?;
    let keys = Arc::new(AlwaysResolvesServerRawPublicKeys::new(own_key(peer)?));
    Ok(Arc::new(builder.with_client_cert_verifier(community).with_cert_resolver(keys)))
}

/// For the one that hands over.
pub(super) fn client_config(peer: &Arc<Peer>) -> Result<Arc<ClientConfig>, PeerError> {
    let community = community(peer);
    let builder = ClientConfig::builder_with_provider(Arc::clone(&community.provider));
    let builder = builder.with_protocol_versions(&[&rustls::version::TLS13]).map_err(refused)?;
    let keys = Arc::new(AlwaysResolvesClientRawPublicKeys::new(own_key(peer)?));
    let mut config = builder.dangerous().with_custom_certificate_verifier(community).with_client_cert_resolver(keys);
    // The name of an address says nothing here.
    config.enable_sni = false;
    Ok(Arc::new(config))
}
