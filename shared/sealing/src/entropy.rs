//! Where random bytes come from. Below `main` randomness is an argument, so that a simulation can be run again.

use ring::rand::SecureRandom;
use signing::Secret;

/// Gives random bytes.
pub trait Entropy: Send {
    /// Fills `bytes` wholly.
    fn fill(&mut self, bytes: &mut [u8]);
}

impl dyn Entropy + '_ {
    /// `N` fresh bytes: identifiers, nonces, salts.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// `N` fresh secret bytes.
    pub fn secret<const N: usize>(&mut self) -> Secret<N> {
        let mut bytes = self.array::<N>();
        let secret = Secret::new(bytes);
        zeroize::Zeroize::zeroize(&mut bytes);
        secret
    }
}

/// The operating system's randomness: the one place that asks for it.
pub struct SystemEntropy {
    system: ring::rand::SystemRandom,
}

impl SystemEntropy {
    /// Ready to use; the system is asked at each call of `fill`, so nothing is kept that a copied laptop would repeat.
    #[allow(clippy::new_without_default, reason = "where randomness comes from is said aloud")]
    #[allow(clippy::disallowed_methods, reason = "the one caller; all others take an Entropy")]
    pub fn new() -> Self {
        Self { system: ring::rand::SystemRandom::new() }
    }
}

impl Entropy for SystemEntropy {
    /// # Panics
    /// If the system has no randomness to give: a program that seals must not go on without.
    fn fill(&mut self, bytes: &mut [u8]) {
        self.system.fill(bytes).expect("the operating system gives random bytes");
    }
}

/// The same bytes for the same seed, for tests and simulations. **Never in a program**: whoever knows the seed
/// knows every key.
pub struct SeededEntropy {
    seed: Secret<32>,
    block: u64,
    ready: Vec<u8>,
}

impl SeededEntropy {
    /// Starts the row of bytes of `seed`.
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_be_bytes());
        Self { seed: Secret::new(bytes), block: 0, ready: Vec::new() }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.ready.is_empty() {
                let block = self.seed.derive("seeded-entropy", &self.block.to_be_bytes());
                self.ready.extend(block.expose().iter().rev());
                self.block += 1;
            }
            *byte = self.ready.pop().unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_bytes_however_they_are_asked_for() {
        let (mut whole, mut pieces) = (SeededEntropy::new(5), SeededEntropy::new(5));
        let whole: &mut dyn Entropy = &mut whole;
        let pieces: &mut dyn Entropy = &mut pieces;
        let expected = whole.array::<70>();
        let got: Vec<u8> = (0..7).flat_map(|_| pieces.array::<10>()).collect();
        assert_eq!(got, expected);
        let other: &mut dyn Entropy = &mut SeededEntropy::new(6);
        assert_ne!(other.array::<70>(), expected);
    }

    #[test]
    fn the_system_does_not_repeat_itself() {
        let system: &mut dyn Entropy = &mut SystemEntropy::new();
        assert_ne!(system.array::<32>(), system.array::<32>());
        assert_ne!(system.secret::<32>().expose(), &[0; 32]);
    }
}
