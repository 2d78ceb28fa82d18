//! Vault, keys, sealed bodies, passphrases: the one way to seal.
//!
//! - [`Vault`] is the file that keeps an installation's one [`VaultKey`] behind its officers' passphrases.
//! - [`EpochKey`] and [`RecordKey`] are the keys of bodies; [`seal_body`] and [`open_body`] use them.
//! - [`AgreementSecret`], [`seal_to`] and [`open_from`] seal to one reader's public key (HPKE).
//! - [`DatabasePages`] tells whole pages of an encrypted database from damaged ones.
//! - [`Entropy`] is where every random byte comes from: an argument, never the system's by itself.
//!
//! Byte tables: `docs/at-rest-format.md`. Nothing here knows a path, a file or a network.

mod aead;
mod agreement;
mod body;
mod codec;
mod cost;
mod database_page;
mod delay;
pub mod dictionary;
mod entropy;
mod error;
mod passphrase;
mod record_key;
mod recovery;
mod vault;
mod vault_key;

pub use agreement::{AgreementSecret, open_from, seal_to};
pub use body::{BodyContext, MAX_PLAIN, MAX_SEALED, SUITE, generation_of, open_body, seal_body, suite_of};
pub use cost::{Cost, CostError};
pub use database_page::DatabasePages;
pub use delay::delay_after;
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use error::{OpenError, SealError};
pub use passphrase::{Passphrase, WeakPassphrase};
pub use record_key::{EpochKey, RecordKey};
pub use recovery::{RecoveryCode, RecoveryCodeError};
pub use vault::{Login, LoginError, UnlockError, Vault, VaultError, VaultFileError};
pub use vault_key::VaultKey;
