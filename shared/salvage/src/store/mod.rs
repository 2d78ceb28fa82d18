//! All SQL of this crate.

pub mod copy;
pub mod scattered;
pub mod tables;

#[cfg(test)]
mod tests;

/// A name as SQL wants it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
