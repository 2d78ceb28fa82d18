//! The certificate by which peers recognise their hub: an X.509 leaf signed by the community's root, TLS 1.3 only.
//!
//! Peers trust one key, the root's, as issuer `CN=Valiza root`, and no authority of the world. TLS hides who talks to
//! whom and lets a peer tell a hotel's network from its hub; what is believed inside is signed message by message.

use clock::Time;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ED25519, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use signing::{Secret, Validity};
use std::sync::Arc;
use std::time::Duration;

/// The name under which the root signs; peers look for it.
const ISSUER: &str = "Valiza root";

/// PKCS #8 of an Ed25519 seed up to the seed itself (RFC 8410, 7).
const PKCS8: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A name is neither a host name nor an address, or there is none.
    #[error("«{0}» не є назвою вузла чи IP-адресою / «{0}» is neither a host name nor an IP address")]
    Name(String),
    /// The certificate could not be made.
    #[error("не вдалося створити сертифікат: {0} / the certificate could not be made: {0}")]
    Issue(#[from] rcgen::Error),
    /// Certificate and key do not belong together, or are damaged.
    #[error(
        "сертифікат вузла пошкоджено або він від іншого ключа: створіть його знову / the hub's certificate is damaged or of another key: issue it again ({0})"
    )]
    Config(#[from] rustls::Error),
}

fn pkcs8(seed: &Secret<32>) -> PrivatePkcs8KeyDer<'static> {
    let mut bytes = PKCS8.to_vec();
    bytes.extend_from_slice(seed.expose());
    bytes.into()
}

fn leaf_seed(hub_seed: &Secret<32>) -> Secret<32> {
    hub_seed.derive("hub-tls", &[])
}

/// Issues the certificate (DER) of the hub whose keys come from `hub_seed`, for host names and IP addresses. Days of
/// `validity` are rounded outwards. Give it a wide one: a suitcase whose clock stands at 1970 must reach its hub.
pub fn issue(
    root_signing_seed: &Secret<32>,
    hub_seed: &Secret<32>,
    names: &[String],
    validity: Validity,
) -> Result<Vec<u8>, TlsError> {
    let root = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8(root_signing_seed), &PKCS_ED25519)?;
    let leaf = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8(&leaf_seed(hub_seed)), &PKCS_ED25519)?;
    let mut params = certificate(names, "Valiza hub")?;
    let day = Duration::from_secs(24 * 3600);
    let (year, month, first) = date(Time(validity.not_before.saturating_sub(day.as_millis() as i64)), (1970, 1, 1));
    params.not_before = date_time_ymd(year, month, first);
    let (year, month, last) = date(Time(validity.not_after).plus(day), (9999, 12, 31));
    params.not_after = date_time_ymd(year, month, last);
    let issuer = Issuer::new(certificate(&[], ISSUER)?, root);
    Ok(params.signed_by(&leaf, &issuer)?.der().to_vec())
}

fn certificate(names: &[String], common_name: &str) -> Result<CertificateParams, TlsError> {
    let one = |name: &String| CertificateParams::new([name.clone()]).map(|one| one.subject_alt_names);
    let mut params = CertificateParams::default();
    for name in names {
        let valid = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:*".contains(&b));
        if !valid {
            return Err(TlsError::Name(name.chars().take(80).collect()));
        }
        params.subject_alt_names.extend(one(name).map_err(|_| TlsError::Name(name.clone()))?);
    }
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

/// Year, month, day; or `otherwise` for years that X.509 does not write.
fn date(time: Time, otherwise: (i32, u8, u8)) -> (i32, u8, u8) {
    let day = time.kyiv().filter(|day| (1970..=9999).contains(&day.year()));
    day.map_or(otherwise, |day| (i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs()))
}

/// What a listener needs: this certificate, TLS 1.3, nothing older.
pub fn server_config(certificate: Vec<u8>, hub_seed: &Secret<32>) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = pkcs8(&leaf_seed(hub_seed)).into();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], key)?;
    config.send_tls13_tickets = 1;
    Ok(Arc::new(config))
}
