//! Hashes, Ed25519, labels, certificates, the root and its kit.
