//! An account's passphrase as a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, base64 without padding.

use argon2::{Algorithm, Argon2, Params, Version};
use sealing::{Cost, Passphrase};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Stretches the passphrase. `None` only where the memory is not to be had.
pub fn stretch(passphrase: &Passphrase, cost: Cost, salt: &[u8; 16]) -> Option<String> {
    let hash = argon2id(passphrase, cost, salt)?;
    let (m, t, p) = (cost.memory_kib(), cost.passes(), cost.lanes());
    Some(format!("$argon2id$v=19$m={m},t={t},p={p}${}${}", base64(salt), base64(&hash)))
}

/// True if the passphrase is the one of the string. Costs out of bounds are not tried. Takes as long whatever the
/// answer is.
pub fn matches(passphrase: &Passphrase, phc: &str) -> bool {
    let Some((cost, salt, expected)) = parse(phc) else { return false };
    let Some(hash) = argon2id(passphrase, cost, &salt) else { return false };
    hash.len() == expected.len() && hash.iter().zip(&expected).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

fn argon2id(passphrase: &Passphrase, cost: Cost, salt: &[u8; 16]) -> Option<[u8; 32]> {
    let params = Params::new(cost.memory_kib(), cost.passes(), cost.lanes(), Some(32)).ok()?;
    let mut hash = [0; 32];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(passphrase.expose(), salt, &mut hash).ok()?;
    Some(hash)
}

fn parse(phc: &str) -> Option<(Cost, [u8; 16], Vec<u8>)> {
    let parts: Vec<&str> = phc.split('$').collect();
    let ["", "argon2id", "v=19", cost, salt, hash] = parts[..] else { return None };
    let mut numbers = cost.split(',').zip(["m=", "t=", "p="]).map(|(part, name)| part.strip_prefix(name)?.parse().ok());
    let mut next = || numbers.next().flatten();
    let cost = Cost::new(next()?, next()?, next()?).ok()?;
    Some((cost, from_base64(salt)?.try_into().ok()?, from_base64(hash)?))
}

fn base64(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let symbol = |group: usize| (0..6).fold(0, |value, i| value << 1 | usize::from(bit(group * 6 + i)));
    (0..(bytes.len() * 8).div_ceil(6)).map(|group| ALPHABET[symbol(group)] as char).collect()
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0u8; text.len() * 6 / 8];
    for (group, symbol) in text.bytes().enumerate() {
        let value = ALPHABET.iter().position(|s| *s == symbol)?;
        for i in (0..6).filter(|i| value >> (5 - i) & 1 == 1) {
            let at = group * 6 + i;
            *bytes.get_mut(at / 8)? |= 1 << (7 - at % 8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (plain, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), text);
            assert_eq!(from_base64(text).unwrap(), plain.as_bytes());
        }
        assert_eq!(from_base64("Zg=="), None);
    }

    #[test]
    fn a_known_answer_and_its_passphrase_alone() {
        // The hash of `sealing`'s known answer, by OpenSSL's Argon2id.
        let right = Passphrase::typed("correct horse battery staple");
        let phc = stretch(&right, Cost::FLOOR, b"0123456789abcdef").unwrap();
        let expected =
            "$argon2id$v=19$m=65536,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$lMhvVBq9s9mqv+pZqgOWNUlIPpwLGnkzbna1TO5skX4";
        assert_eq!(phc, expected);
        assert!(matches(&right, &phc));
        assert!(!matches(&Passphrase::typed("correct horse battery stable"), &phc));
    }

    #[test]
    fn what_is_no_phc_string_matches_nothing() {
        let passphrase = Passphrase::typed("correct horse battery staple");
        let cheap = "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$lMhv";
        for phc in ["", "$", "$argon2i$v=19$m=65536,t=3,p=1$AA$AA", cheap, "$argon2id$v=19$m=4294967295,t=3,p=1$AA$AA"]
        {
            assert!(!matches(&passphrase, phc), "{phc}");
        }
    }
}
