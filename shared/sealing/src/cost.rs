//! What one try at a passphrase costs: Argon2id v19 (RFC 9106), within a floor and a cap.

use crate::{Passphrase, UnlockError};
use argon2::{Algorithm, Argon2, Params, Version};
use signing::Secret;
use zeroize::Zeroize;

const FLOOR_MEMORY: u32 = 64 * 1024;
const CAP_MEMORY: u32 = 2 * 1024 * 1024;
const FLOOR_PASSES: u32 = 3;
const CAP_PASSES: u32 = 10;
const CAP_LANES: u32 = 4;

/// Parameters within floor and cap; there is no other way to have a `Cost`, so none is ever tried that is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// A cost below the floor (a guess would be cheap) or above the cap (the laptop would choke).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "ціна спроби пароля поза межами (пам’ять {memory_kib} КіБ, проходів {passes}, потоків {lanes}): файл сховища підроблено або пошкоджено, візьміть його копію / the passphrase cost is out of bounds (memory {memory_kib} KiB, passes {passes}, lanes {lanes}): the vault file is forged or damaged, take its copy"
)]
pub struct CostError {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// 256 MiB, three passes, one lane: about a third of a second.
    pub const PRODUCTION: Self = Self { memory_kib: 256 * 1024, passes: 3, lanes: 1 };
    /// 64 MiB, three passes, one lane: the least that is taken; for small machines, demonstrations and tests.
    pub const FLOOR: Self = Self { memory_kib: FLOOR_MEMORY, passes: FLOOR_PASSES, lanes: 1 };

    /// Checks the bounds before anything is allocated.
    pub const fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, CostError> {
        let memory_fits = memory_kib >= FLOOR_MEMORY && memory_kib <= CAP_MEMORY;
        let passes_fit = passes >= FLOOR_PASSES && passes <= CAP_PASSES;
        if memory_fits && passes_fit && lanes >= 1 && lanes <= CAP_LANES {
            Ok(Self { memory_kib, passes, lanes })
        } else {
            Err(CostError { memory_kib, passes, lanes })
        }
    }

    /// Memory in KiB.
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub const fn passes(self) -> u32 {
        self.passes
    }

    /// Lanes (Argon2's «parallelism»).
    pub const fn lanes(self) -> u32 {
        self.lanes
    }

    /// Argon2id of the passphrase; fails only where the memory is not to be had.
    pub(crate) fn stretch(self, passphrase: &Passphrase, salt: &[u8; 16]) -> Result<Secret<32>, UnlockError> {
        let no_memory = UnlockError::Memory { mib: self.memory_kib / 1024 };
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(|_| no_memory)?;
        let mut out = [0; 32];
        let done = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
            passphrase.bytes(),
            salt,
            &mut out,
        );
        let stretched = Secret::new(out);
        out.zeroize();
        done.map(|()| stretched).map_err(|_| no_memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_cost_is_refused_before_memory_is_taken() {
        assert!(Cost::new(1, 3, 1).is_err());
        assert!(Cost::new(FLOOR_MEMORY - 1, 3, 1).is_err());
        assert!(Cost::new(FLOOR_MEMORY, 2, 1).is_err());
        assert!(Cost::new(u32::MAX, 3, 1).is_err(), "4 TiB");
        assert!(Cost::new(CAP_MEMORY + 1, 3, 1).is_err());
        assert!(Cost::new(FLOOR_MEMORY, 11, 1).is_err());
        assert!(Cost::new(FLOOR_MEMORY, 3, 0).is_err());
        assert!(Cost::new(FLOOR_MEMORY, 3, 5).is_err());
        assert_eq!(Cost::new(256 * 1024, 3, 1), Ok(Cost::PRODUCTION));
        assert_eq!(Cost::new(64 * 1024, 3, 1), Ok(Cost::FLOOR));
    }

    #[test]
    fn a_known_answer_of_argon2id() {
        // The same by the OpenSSL implementation of Argon2id.
        let passphrase = Passphrase::typed("correct horse battery staple");
        let out = Cost::FLOOR.stretch(&passphrase, b"0123456789abcdef").unwrap();
        let hex: String = out.expose().iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "94c86f541abdb3d9aabfea59aa03963549483e9c0b1a79336e76b54cee6c917e");
    }
}
