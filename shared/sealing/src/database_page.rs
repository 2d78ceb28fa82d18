//! Whether a page of an encrypted database is what was written, asked of its bytes alone.
//!
//! SQLCipher 4 ends a page of 4,096 bytes with 16 bytes of nonce and 64 of HMAC-SHA512 over the sealed bytes, the nonce and
//! the page's number (`u32`, least significant byte first). The key of the HMAC is PBKDF2-HMAC-SHA512, 2 rounds, 32 bytes, of
//! the database's key with the file's first 16 bytes, each XOR 0x3a, as salt; those 16 bytes stand in clear before the first
//! page's sealed ones.

use ring::{hmac, pbkdf2};
use signing::Secret;
use std::num::NonZeroU32;
use zeroize::Zeroizing;

const TAG: usize = 64;
const SALT: usize = 16;
const SALT_MASK: u8 = 0x3a;
const ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

/// Tells whole pages of one database from damaged ones.
pub struct DatabasePages {
    key: hmac::Key,
}

impl DatabasePages {
    /// Bytes of a page.
    pub const BYTES: usize = 4096;

    /// For the database with this key, whose file begins with `salt`.
    pub fn new(key: &Secret<32>, salt: &[u8; SALT]) -> Self {
        let mut of_pages = Zeroizing::new([0; 32]);
        let salt = salt.map(|byte| byte ^ SALT_MASK);
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, ROUNDS, &salt, key.expose(), of_pages.as_mut());
        Self { key: hmac::Key::new(hmac::HMAC_SHA512, of_pages.as_ref()) }
    }

    /// Whether `page` is what was written as the page of this number, from 1. A page of zeros is none.
    pub fn is_whole(&self, number: u32, page: &[u8; Self::BYTES]) -> bool {
        let (sealed, tag) = page.split_at(Self::BYTES - TAG);
        let sealed = if number == 1 { &sealed[SALT..] } else { sealed };
        let mut message = hmac::Context::with_key(&self.key);
        message.update(sealed);
        message.update(&number.to_le_bytes());
        // Nobody learns anything from the time that this takes: the file is the owner's.
        message.sign().as_ref() == tag
    }
}
