//! Makes the ciphertext that a commitment is there against, and shows that it is refused.

use super::*;

/// An element of GCM's field: the first bit of the first byte is the lowest (NIST SP 800-38D, 6.3).
type Element = u128;
const ONE: Element = 1 << 127;

fn times(a: Element, b: Element) -> Element {
    let (mut product, mut shifted) = (0, b);
    for bit in 0..128 {
        if a >> (127 - bit) & 1 == 1 {
            product ^= shifted;
        }
        let carry = shifted & 1;
        shifted = (shifted >> 1) ^ (carry * (0xe1 << 120));
    }
    product
}

fn squared(a: Element, times_over: u32) -> Element {
    (0..times_over).fold(a, |a, _| times(a, a))
}

/// a^(2^128 - 2).
fn inverse(a: Element) -> Element {
    (1..128).fold(ONE, |product, power| times(product, squared(a, power)))
}

fn tag_of(key: &Secret<32>, nonce: [u8; NONCE], aad: &[u8]) -> Element {
    let mut buffer = Vec::new();
    aead::seal(key, nonce, aad, &mut buffer, 0);
    u128::from_be_bytes(buffer.try_into().unwrap())
}

/// GCM's H and the mask of the tag, read off the tags of nothing.
fn hash_key_and_mask(key: &Secret<32>, nonce: [u8; NONCE]) -> (Element, Element) {
    let square = tag_of(key, nonce, &ONE.to_be_bytes()) ^ tag_of(key, nonce, &[0; 16]);
    (squared(square, 127), tag_of(key, nonce, &[]))
}

/// 32 bytes and a tag that open under both keys.
fn two_key_ciphertext(keys: [&Secret<32>; 2], nonce: [u8; NONCE], header: &[u8]) -> [u8; SEALED] {
    let lengths = (header.len() as u128 * 8) << 64 | 256;
    let first = 0x1234_5678_u128;
    // tag = second · H² ⊕ rest, for each key.
    let parts = keys.map(|key| {
        let (h, mask) = hash_key_and_mask(key, nonce);
        let over_header = header.chunks(16).fold(0, |y, chunk| {
            let mut block = [0; 16];
            block[..chunk.len()].copy_from_slice(chunk);
            times(y ^ u128::from_be_bytes(block), h)
        });
        let over_first = times(over_header ^ first, h);
        let square = times(h, h);
        (square, times(over_first, square) ^ times(lengths, h) ^ mask)
    });
    let second = times(parts[0].1 ^ parts[1].1, inverse(parts[0].0 ^ parts[1].0));
    let tag = times(second, parts[0].0) ^ parts[0].1;
    let mut sealed = [0; SEALED];
    sealed[..16].copy_from_slice(&first.to_be_bytes());
    sealed[16..32].copy_from_slice(&second.to_be_bytes());
    sealed[32..].copy_from_slice(&tag.to_be_bytes());
    sealed
}

#[test]
fn a_ciphertext_for_two_keys_is_refused() {
    let (mine, theirs) = (Secret::new([1; 32]), Secret::new([2; 32]));
    let (header, nonce) = (b"the header of a slot, over one block".as_slice(), [7; NONCE]);
    let sealed = two_key_ciphertext([&wrapping_key(&mine), &wrapping_key(&theirs)], nonce, header);
    // AES-GCM opens it under both: the attack is real.
    for secret in [&mine, &theirs] {
        let mut buffer = sealed;
        assert!(aead::open(&wrapping_key(secret), nonce, header, &mut buffer).is_some());
    }
    let mut commitment = [0; 32];
    commitment.copy_from_slice(hmac::sign(&commitment_key(&mine), header).as_ref());
    let wrapped = Wrapped { nonce, sealed, commitment };
    assert!(wrapped.open(&mine, header).is_ok());
    assert_eq!(wrapped.open(&theirs, header).unwrap_err(), UnwrapError::WrongKey);
}
