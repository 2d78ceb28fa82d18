//! TLS 1.3 with one trusted key: the community's root. No certificate authority of the world is asked.

use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::pki_types::{Der, TrustAnchor};
use signing::VerifyingKey;
use std::sync::Arc;

/// DER of the name `CN=Valiza root`, under which the root signs its hubs' certificates (RFC 5280, 4.1.2.4), without the
/// outer SEQUENCE, as a trust anchor's subject is written.
const SUBJECT: &[u8] = b"\x31\x14\x30\x12\x06\x03\x55\x04\x03\x0c\x0bValiza root";

/// DER of an Ed25519 key's SubjectPublicKeyInfo up to the key itself (RFC 8410, 4), without the outer SEQUENCE.
const ED25519: &[u8] = b"\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

/// A client that believes certificates signed by the root's key and no others.
pub fn client_config(root: &VerifyingKey) -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut key = ED25519.to_vec();
    key.extend_from_slice(&root.0);
    let anchor =
        TrustAnchor { subject: Der::from(SUBJECT), subject_public_key_info: Der::from(key), name_constraints: None };
    let roots = RootCertStore { roots: vec![anchor] };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
