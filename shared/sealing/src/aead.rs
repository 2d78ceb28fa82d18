//! AES-256-GCM of `ring`, in place.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use signing::Secret;

/// Bytes of a nonce.
pub const NONCE: usize = 12;
/// Bytes of a tag.
pub const TAG: usize = 16;

fn key(secret: &Secret<32>) -> LessSafeKey {
    let key = UnboundKey::new(&AES_256_GCM, secret.expose()).expect("a key has 32 bytes");
    LessSafeKey::new(key)
}

/// Turns `buffer` from `from` on into ciphertext and appends the tag. The nonce must be fresh for this key.
pub fn seal(secret: &Secret<32>, nonce: [u8; NONCE], aad: &[u8], buffer: &mut Vec<u8>, from: usize) {
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = key(secret)
        .seal_in_place_separate_tag(nonce, Aad::from(aad), &mut buffer[from..])
        .expect("nothing of 64 GiB is sealed in one piece");
    buffer.extend_from_slice(tag.as_ref());
}

/// Turns ciphertext and tag into what was sealed; `None` if key, nonce, aad or bytes are not those of the sealing.
pub fn open<'b>(secret: &Secret<32>, nonce: [u8; NONCE], aad: &[u8], buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    key(secret).open_in_place(nonce, Aad::from(aad), buffer).ok().map(|plain| &*plain)
}
