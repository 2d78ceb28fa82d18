//! Bytes that were written once must open for ever; these were, with seeded entropy. They are never made anew: a
//! change of format gets a version, and golden files, of its own.

use ids::{ChainId, RecordId, TenantId};
use sealing::{
    AgreementSecret, BodyContext, Cost, Entropy, EpochKey, Login, Passphrase, RecordKey, RecoveryCode, SeededEntropy,
    Vault, VaultKey, open_body, open_from, seal_body, seal_to,
};
use signing::Secret;

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
    digits.chunks(2).map(|pair| byte(pair).expect("a golden file is written in hex")).collect()
}

fn to_hex(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect()
}

fn place() -> BodyContext {
    BodyContext {
        tenant: TenantId::from_bytes([0x11; 16]),
        chain: ChainId::from_bytes([0x22; 16]),
        seq: 0x0102,
        kind: 1,
        record: Some(RecordId::from_bytes([0x33; 16])),
    }
}

fn record_key() -> RecordKey {
    EpochKey::from_bytes(Secret::new([0x44; 32])).record_key(RecordId::from_bytes([0x33; 16]))
}

#[test]
fn a_vault_of_version_1() {
    const GOLDEN: &str = include_str!("golden/vault-1.hex");
    const PASSPHRASE: &str = "їжак вулик ґанок човен ліхтар";
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
    let desk = AgreementSecret::from_bytes(Secret::new([0x55; 32]));
    let passphrase = Passphrase::new(PASSPHRASE).unwrap();
    let (mut made, key) = Vault::create(&Login::new("o.shevchuk").unwrap(), &passphrase, Cost::FLOOR, entropy).unwrap();
    made.set_recovery(&key, &desk.public(), entropy).unwrap();
    assert_eq!(to_hex(&made.encode()), GOLDEN);

    let mut kept = Vault::decode(&from_hex(GOLDEN)).unwrap();
    let opened = kept.unlock("o.shevchuk", &Passphrase::typed(PASSPHRASE)).unwrap();
    assert_eq!(opened.database_key().expose(), key.database_key().expose());
    let code = RecoveryCode::open(&desk, kept.id(), kept.recovery().unwrap().1).unwrap();
    assert_eq!(kept.recover(&code).unwrap().database_key().expose(), key.database_key().expose());
}

#[test]
fn a_body_that_is_stored_as_it_is() {
    const GOLDEN: &str = include_str!("golden/body-1-stored.hex");
    let plain: Vec<u8> = (0..20u8).map(|n| n.wrapping_mul(151) ^ 0x5a).collect();
    let sealed = seal_body(&record_key(), 300, &place(), &plain, &mut SeededEntropy::new(2)).unwrap();
    assert_eq!(to_hex(&sealed), GOLDEN);
    assert_eq!(open_body(|_| Some(record_key()), &place(), &from_hex(GOLDEN)), Ok(plain));
}

#[test]
fn a_body_that_is_compressed_without_a_dictionary() {
    // Programs with a newer dictionary seal this differently, so it is only opened.
    const GOLDEN: &str = include_str!("golden/body-1-zstd.hex");
    let opened = open_body(|_| Some(record_key()), &place(), &from_hex(GOLDEN)).unwrap();
    assert_eq!(String::from_utf8(opened).unwrap(), "виїзд ".repeat(30));
}

#[test]
fn a_key_sealed_to_a_reader() {
    const GOLDEN: &str = include_str!("golden/sealed-to-1.hex");
    let reader = AgreementSecret::from_bytes(Secret::new([0x55; 32]));
    let sealed = seal_to(&reader.public(), b"grant", b"place", &[0x66; 32], &mut SeededEntropy::new(3)).unwrap();
    assert_eq!(to_hex(&sealed), GOLDEN);
    assert_eq!(open_from(&reader, b"grant", b"place", &from_hex(GOLDEN)), Ok(vec![0x66; 32]));
}

#[test]
fn a_secret_wrapped_under_the_vault_key() {
    const GOLDEN: &str = include_str!("golden/wrapped-1.hex");
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(4);
    let key = VaultKey::generate(entropy);
    assert_eq!(to_hex(&key.wrap("record-key", b"place", &[0x66; 32], entropy)), GOLDEN);
    assert_eq!(key.unwrap("record-key", b"place", &from_hex(GOLDEN)).unwrap().as_slice(), [0x66; 32]);
}
