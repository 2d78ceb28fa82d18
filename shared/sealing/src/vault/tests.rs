use super::*;
use crate::{AgreementSecret, SeededEntropy};
use proptest::prelude::*;
use ring::digest::{SHA256, digest};

const PASSPHRASE: &str = "їжак вулик ґанок човен ліхтар";
const OTHER: &str = "калина мольфар сопілка ватра";

fn login(text: &str) -> Login {
    Login::new(text).unwrap()
}

fn typed(text: &str) -> Passphrase {
    Passphrase::typed(text)
}

fn vault(entropy: &mut dyn Entropy) -> (Vault, VaultKey) {
    Vault::create(&login("oksana"), &Passphrase::new(PASSPHRASE).unwrap(), Cost::FLOOR, entropy).unwrap()
}

/// What a forger does after changing the content.
fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let content = bytes.len() - 32;
    let checksum = digest(&SHA256, &bytes[..content]);
    bytes[content..].copy_from_slice(checksum.as_ref());
    bytes
}

#[test]
fn officers_open_one_key_with_their_own_passphrases() {
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
    let (mut vault, key) = vault(entropy);
    vault.add_officer(&key, &login("ivan"), &typed(OTHER), Cost::FLOOR, entropy).unwrap();
    let vault = Vault::decode(&vault.encode()).unwrap();
    assert_eq!(vault.logins().map(Login::as_str).collect::<Vec<_>>(), ["oksana", "ivan"]);
    assert_eq!(vault.cost_of("ivan"), Some(Cost::FLOOR));
    for (login, passphrase) in [("oksana", PASSPHRASE), ("ivan", OTHER)] {
        assert_eq!(vault.unlock(login, &typed(passphrase)).unwrap().0.expose(), key.0.expose());
    }
    assert_eq!(vault.unlock("ivan", &typed(PASSPHRASE)).unwrap_err(), UnlockError::WrongPassphrase);
    assert_eq!(vault.unlock("oksana", &typed("")).unwrap_err(), UnlockError::WrongPassphrase);
    assert_eq!(vault.unlock("olha", &typed(OTHER)).unwrap_err(), UnlockError::NoSuchOfficer);
}

#[test]
fn a_new_passphrase_replaces_the_old_one_in_the_new_file_only() {
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
    let (mut vault, key) = vault(entropy);
    let image = vault.encode();
    let (old, new) = (typed(PASSPHRASE), typed(OTHER));
    let wrong = vault.change_passphrase("oksana", &new, &new, Cost::FLOOR, entropy);
    assert_eq!(wrong, Err(UnlockError::WrongPassphrase));
    assert_eq!(vault.encode(), image);
    vault.change_passphrase("oksana", &old, &new, Cost::FLOOR, entropy).unwrap();
    assert_eq!(vault.unlock("oksana", &old).unwrap_err(), UnlockError::WrongPassphrase);
    assert_eq!(vault.unlock("oksana", &new).unwrap().0.expose(), key.0.expose());
    // The honest limit: a copy of the old file still opens.
    assert!(Vault::decode(&image).unwrap().unlock("oksana", &old).is_ok());
}

#[test]
fn slots_are_added_and_removed_by_those_who_have_the_key() {
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
    let (mut vault, key) = vault(entropy);
    let (stranger, ivan) = (VaultKey::generate(entropy), login("ivan"));
    let mut add = |vault: &mut Vault, key: &VaultKey, login: &Login| {
        vault.add_officer(key, login, &typed(OTHER), Cost::FLOOR, entropy)
    };
    assert_eq!(add(&mut vault, &stranger, &ivan), Err(VaultError::OtherVault));
    assert_eq!(add(&mut vault, &key, &login("oksana")), Err(VaultError::LoginTaken));
    assert_eq!(vault.remove_officer(&key, "oksana"), Err(VaultError::LastOfficer));
    add(&mut vault, &key, &ivan).unwrap();
    assert_eq!(vault.remove_officer(&stranger, "oksana"), Err(VaultError::OtherVault));
    assert_eq!(vault.remove_officer(&key, "olha"), Err(VaultError::NoSuchOfficer));
    vault.remove_officer(&key, "oksana").unwrap();
    assert_eq!(vault.unlock("oksana", &typed(PASSPHRASE)).unwrap_err(), UnlockError::NoSuchOfficer);
    assert!(vault.unlock("ivan", &typed(OTHER)).is_ok());
}

#[test]
fn a_recovery_code_opens_once() {
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
    let (mut vault, key) = vault(entropy);
    let desk = AgreementSecret::generate(entropy);
    vault.set_recovery(&key, &desk.public(), entropy).unwrap();
    let mut vault = Vault::decode(&vault.encode()).unwrap();
    let (reader, sealed) = vault.recovery().unwrap();
    assert_eq!(reader, &desk.public());
    let words = RecoveryCode::open(&desk, vault.id(), sealed).unwrap().words().join(" ");
    let code = RecoveryCode::from_words(&words).unwrap();
    let other = RecoveryCode::generate(entropy);
    assert_eq!(vault.recover(&other).unwrap_err(), UnlockError::WrongCode);
    assert_eq!(vault.recover(&code).unwrap().0.expose(), key.0.expose());
    assert_eq!(vault.recover(&code).unwrap_err(), UnlockError::NoRecovery);
    assert!(vault.recovery().is_none());
}

#[test]
fn a_damaged_file_is_told_from_another_file_and_a_newer_one() {
    let (vault, _) = vault(&mut SeededEntropy::new(1));
    let bytes = vault.encode();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(Vault::decode(&changed).is_err(), "byte {place}");
        assert!(Vault::decode(&bytes[..place]).is_err(), "cut at {place}");
    }
    let mut damaged = bytes.clone();
    damaged[100] ^= 1;
    assert_eq!(Vault::decode(&damaged), Err(VaultFileError::Damaged));
    assert_eq!(Vault::decode(b""), Err(VaultFileError::NotAVault));
    assert_eq!(Vault::decode(b"SQLite format 3\0"), Err(VaultFileError::NotAVault));
    let mut newer = bytes;
    newer[12] = 9;
    assert_eq!(Vault::decode(&newer), Err(VaultFileError::Newer(9)));
}

/// Where the fields of the first officer's slot (login «oksana») begin.
const SLOT: usize = 12 + 1 + 16 + 32 + 1;
const COST: usize = SLOT + 1 + 6;
const SALT: usize = COST + 12;

#[test]
fn who_has_the_key_gives_an_officer_another_passphrase() {
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
    let (mut vault, key) = vault(entropy);
    vault.reset_officer(&key, &login("oksana"), &typed(OTHER), Cost::FLOOR, entropy).unwrap();
    vault.reset_officer(&key, &login("ivan"), &typed(PASSPHRASE), Cost::FLOOR, entropy).unwrap();
    assert!(vault.unlock("oksana", &typed(PASSPHRASE)).is_err());
    for (login, passphrase) in [("oksana", OTHER), ("ivan", PASSPHRASE)] {
        assert_eq!(vault.unlock(login, &typed(passphrase)).unwrap().0.expose(), key.0.expose());
    }
    let strange = VaultKey::generate(entropy);
    let refused = vault.reset_officer(&strange, &login("oksana"), &typed(OTHER), Cost::FLOOR, entropy);
    assert!(matches!(refused, Err(VaultError::OtherVault)));
}

#[test]
fn a_forged_cost_is_refused_before_a_passphrase_is_tried() {
    let (vault, _) = vault(&mut SeededEntropy::new(1));
    let bytes = vault.encode();
    assert_eq!(bytes[COST..COST + 4], (64u32 * 1024).to_be_bytes());
    let before = peak_memory_kib();
    for (offset, value) in [(0, 1), (0, u32::MAX), (0, 2 * 1024 * 1024 + 1), (4, 1), (4, u32::MAX), (8, 0), (8, 5)] {
        let mut forged = bytes.clone();
        forged[COST + offset..COST + offset + 4].copy_from_slice(&u32::to_be_bytes(value));
        let refused = Vault::decode(&with_checksum(forged));
        assert!(matches!(refused, Err(VaultFileError::Cost(_))), "{offset}: {value}");
    }
    assert!(peak_memory_kib() - before < 8 * 1024);
}

/// The most memory this process has had, in KiB.
fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn no_field_of_a_slot_can_be_forged() {
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
    let (vault, _) = vault(entropy);
    let bytes = vault.encode();
    let (passphrase, nonce) = (typed(PASSPHRASE), SALT + 16);
    let places = [
        ("vault id", 13),
        ("key check", 13 + 16),
        ("login", SLOT + 1),
        ("memory", COST + 3),
        ("passes", COST + 7),
        ("lanes", COST + 11),
        ("salt", SALT),
        ("nonce", nonce),
        ("wrapped key", nonce + 12),
        ("tag", nonce + 12 + 47),
        ("commitment", nonce + 12 + 48),
    ];
    for (field, place) in places {
        let mut forged = bytes.clone();
        forged[place] ^= 2;
        let opened = Vault::decode(&with_checksum(forged)).map(|vault| vault.unlock("oksana", &passphrase).is_ok());
        assert!(!matches!(opened, Ok(true)), "{field}");
    }
    assert!(Vault::decode(&with_checksum(bytes)).unwrap().unlock("oksana", &passphrase).is_ok());
}

#[test]
fn a_slot_does_not_move_to_another_vault() {
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
    let (mine, _) = vault(entropy);
    let (mut theirs, _) = vault(entropy);
    theirs.officers = mine.officers.clone();
    assert_eq!(theirs.unlock("oksana", &typed(PASSPHRASE)).unwrap_err(), UnlockError::WrongPassphrase);
    // Not even with the id: the key is not the one of the check.
    theirs.id = mine.id;
    assert_eq!(theirs.unlock("oksana", &typed(PASSPHRASE)).unwrap_err(), UnlockError::Damaged);
}

proptest! {
    #[test]
    fn no_file_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let bytes = [b"VALIZA-VAULT\x01".as_slice(), &body, &[0; 32]].concat();
        if let Ok(vault) = Vault::decode(&with_checksum(bytes.clone())) {
            prop_assert_eq!(vault.encode(), with_checksum(bytes));
        }
        prop_assert!(Vault::decode(&body).is_err());
    }
}
