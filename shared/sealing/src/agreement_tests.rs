use super::*;
use crate::SeededEntropy;

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

/// Gives the bytes of a test vector.
struct Given(Vec<u8>);

impl Entropy for Given {
    fn fill(&mut self, bytes: &mut [u8]) {
        let rest = self.0.split_off(bytes.len());
        bytes.copy_from_slice(&self.0);
        self.0 = rest;
    }
}

// RFC 9180, appendix A.2.1: base mode, first encryption.
const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
const IKM_E: &str = "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b";
const PK_R: &str = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
const SK_R: &str = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb";
const ENC: &str = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";
const PLAIN: &str = "4265617574792069732074727574682c20747275746820626561757479";
const AAD: &str = "436f756e742d30";
const CIPHERTEXT: &str = "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28";

#[test]
fn the_vectors_of_rfc_9180() {
    let secret = AgreementSecret::from_bytes(Secret::from_slice(&hex(SK_R)).unwrap());
    assert_eq!(secret.public().0.as_slice(), hex(PK_R));
    let expected = [vec![SUITE], hex(ENC), hex(CIPHERTEXT)].concat();
    let sealed = seal_to(&secret.public(), &hex(INFO), &hex(AAD), &hex(PLAIN), &mut Given(hex(IKM_E)));
    assert_eq!(sealed, Ok(expected.clone()));
    assert_eq!(open_from(&secret, &hex(INFO), &hex(AAD), &expected), Ok(hex(PLAIN)));
}

#[test]
fn only_the_reader_opens_and_only_what_was_sealed() {
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
    let (reader, other) = (AgreementSecret::generate(entropy), AgreementSecret::generate(entropy));
    let sealed = seal_to(&reader.public(), b"grant", b"place", b"key", entropy).unwrap();
    assert_eq!(sealed.len(), 3 + 49);
    assert_eq!(open_from(&reader, b"grant", b"place", &sealed), Ok(b"key".to_vec()));
    assert_eq!(open_from(&other, b"grant", b"place", &sealed), Err(OpenError::Tampered));
    assert_eq!(open_from(&reader, b"epoch", b"place", &sealed), Err(OpenError::Tampered));
    assert_eq!(open_from(&reader, b"grant", b"other", &sealed), Err(OpenError::Tampered));
    for bit in 8..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        // X25519 does not look at the highest bit of a public key, but the key schedule does.
        assert_eq!(open_from(&reader, b"grant", b"place", &changed), Err(OpenError::Tampered), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(open_from(&reader, b"grant", b"place", &sealed[..length]).is_err(), "{length}");
    }
    let mut newer = sealed;
    newer[0] = 2;
    assert_eq!(open_from(&reader, b"grant", b"place", &newer), Err(OpenError::UnknownSuite(2)));
}

#[test]
fn public_keys_of_low_order_are_refused() {
    let order_8 = "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800";
    let minus_1 = "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
    let mut one = [0; 32];
    one[0] = 1;
    let keys = [[0; 32].to_vec(), one.to_vec(), hex(order_8), hex(minus_1)];
    let reader = AgreementSecret::generate(&mut SeededEntropy::new(1));
    for key in keys {
        let bad = AgreementPublicKey(key.clone().try_into().unwrap());
        let sealed = seal_to(&bad, b"grant", b"", b"key", &mut SeededEntropy::new(2));
        assert_eq!(sealed, Err(SealError::BadPublicKey));
        // As an encapsulated key it would make the shared secret known to all.
        let forged = [vec![SUITE], key, vec![0; 19]].concat();
        assert_eq!(open_from(&reader, b"grant", b"", &forged), Err(OpenError::Tampered));
    }
}

#[test]
fn the_same_is_never_sealed_the_same() {
    let entropy: &mut dyn Entropy = &mut SeededEntropy::new(1);
    let reader = AgreementSecret::generate(entropy).public();
    let one = seal_to(&reader, b"grant", b"", b"key", entropy).unwrap();
    assert_ne!(one, seal_to(&reader, b"grant", b"", b"key", entropy).unwrap());
}

#[test]
fn an_agreement_secret_does_not_print() {
    let secret = AgreementSecret::generate(&mut SeededEntropy::new(1));
    assert_eq!(format!("{secret:?}"), "AgreementSecret(***)");
}
