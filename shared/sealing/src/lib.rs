//! Vault, keys, sealed bodies, passphrases: the one way to seal.
