//! Corpora: one file a target in `tests/fuzz/corpora`, one input a line, in hexadecimal.

use std::path::{Path, PathBuf};

/// Where they lie.
pub fn corpora_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpora")
}

/// The inputs of one target.
///
/// # Panics
/// If there is no such file, or it is no hexadecimal.
pub fn corpus(target: &str) -> Vec<Vec<u8>> {
    let path = corpora_folder().join(target);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| from_hex(line).unwrap_or_else(|| panic!("{}: {line}", path.display()))).collect()
}

/// A golden file.
///
/// # Panics
/// If there is no such file.
pub fn golden(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/v1").join(format!("{name}.hex"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    from_hex(&text).unwrap_or_else(|| panic!("{name}: not hexadecimal"))
}

/// Bytes of hexadecimal digits; white space does not matter.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let (pairs, rest) = digits.as_ref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// A corpus as it is kept.
pub fn to_lines(inputs: &[Vec<u8>]) -> String {
    let line = |input: &Vec<u8>| input.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n";
    inputs.iter().map(line).collect()
}
