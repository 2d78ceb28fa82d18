//! The certificate by which peers recognise their hub: an X.509 leaf signed by the community's root, TLS 1.3 only.
//!
//! Peers trust one key, the root's, as issuer `CN=Valiza root`, and no authority of the world. TLS hides who talks to
//! whom and lets a peer tell a hotel's network from its hub; what is believed inside is signed message by message.

use clock::Time;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ED25519, PublicKeyData, SignatureAlgorithm, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use signing::{Secret, SigningKey, Validity, VerifyingKey};
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
    issue_for(root_signing_seed, &public(hub_seed), names, validity)
}

/// The key that the certificate of the hub with this seed names.
pub fn public(hub_seed: &Secret<32>) -> VerifyingKey {
    SigningKey::from_seed(&leaf_seed(hub_seed)).public()
}

/// As [`issue`], for a hub on another machine, whose [`public`] came from there: its secrets stay where they are.
pub fn issue_for(
    root_signing_seed: &Secret<32>,
    leaf: &VerifyingKey,
    names: &[String],
    validity: Validity,
) -> Result<Vec<u8>, TlsError> {
    let root = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8(root_signing_seed), &PKCS_ED25519)?;
    let mut params = certificate(names, "Valiza hub")?;
    let day = Duration::from_secs(24 * 3600);
    let (year, month, first) = date(Time(validity.not_before.saturating_sub(day.as_millis() as i64)), (1970, 1, 1));
    params.not_before = date_time_ymd(year, month, first);
    let (year, month, last) = date(Time(validity.not_after).plus(day), (9999, 12, 31));
    params.not_after = date_time_ymd(year, month, last);
    let issuer = Issuer::new(certificate(&[], ISSUER)?, root);
    Ok(params.signed_by(&Leaf(*leaf), &issuer)?.der().to_vec())
}

/// A key whose secret is elsewhere.
struct Leaf(VerifyingKey);

impl PublicKeyData for Leaf {
    fn der_bytes(&self) -> &[u8] {
        &self.0.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ED25519
    }
}

/// Until when a certificate of ours holds, as the start of that day in ms since 1970; `None` if the bytes are no
/// certificate that [`issue`] made.
pub fn not_after(certificate: &[u8]) -> Option<i64> {
    // The validity is the only SEQUENCE of two times (RFC 5280, 4.1.2.5): UTCTime 0x17 or GeneralizedTime 0x18.
    let time = |bytes: &[u8]| -> Option<(String, usize)> {
        let (tag, length) = (*bytes.first()?, usize::from(*bytes.get(1)?));
        let digits = std::str::from_utf8(bytes.get(2..2 + length)?).ok()?.strip_suffix('Z')?;
        let century = if digits.starts_with(['5', '6', '7', '8', '9']) { "19" } else { "20" };
        match (tag, length) {
            (0x17, 13) => Some((format!("{century}{digits}"), 2 + length)),
            (0x18, 15) => Some((digits.to_owned(), 2 + length)),
            _ => None,
        }
    };
    let last = (0..certificate.len()).find_map(|at| {
        let (_, first) = time(&certificate[at..])?;
        time(&certificate[at + first..]).map(|(digits, _)| digits)
    })?;
    let number = |range: std::ops::Range<usize>| last.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
    // Days from a civil date: years that begin in March, so that the leap day comes last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    Some(days * 24 * 3600 * 1000)
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
