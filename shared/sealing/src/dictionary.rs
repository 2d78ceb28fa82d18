//! The zstd dictionaries with which bodies are compressed before they are sealed.
//!
//! A dictionary is trained on invented residents only, ships with the program, and keeps its number for ever: a body
//! names it. A program that does not have it keeps the body and waits for an upgrade.

/// The payload stands as it is.
pub const STORED: u8 = 0;
/// The payload is compressed without a dictionary.
pub const PLAIN_ZSTD: u8 = 2;
/// Never given to a dictionary.
pub const RESERVED: u8 = 255;

/// A trained dictionary under its number.
#[derive(Clone, Copy)]
pub struct Dictionary {
    /// As a body names it: not [`STORED`], [`PLAIN_ZSTD`] or [`RESERVED`].
    pub id: u8,
    /// A dictionary as zstd trains it.
    pub bytes: &'static [u8],
}

/// All dictionaries this program knows, the newest last: bodies are sealed with the last one and opened with any.
/// One line each: `Dictionary { id: 1, bytes: include_bytes!("../dictionaries/1.zdict") },`.
pub const DICTIONARIES: &[Dictionary] = &[Dictionary { id: 1, bytes: include_bytes!("../dictionaries/1.zdict") }];

/// Why no dictionary came of the samples.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "словник не навчився з {samples} зразків: дайте більше або різноманітніші / no dictionary could be trained from {samples} samples: give more or more varied ones"
)]
pub struct TrainError {
    samples: usize,
}

/// Trains a dictionary of at most `size` bytes. The same samples in the same order give the same bytes for one
/// version of zstd.
pub fn train(samples: &[Vec<u8>], size: usize) -> Result<Vec<u8>, TrainError> {
    zstd::dict::from_samples(samples, size).map_err(|_| TrainError { samples: samples.len() })
}
