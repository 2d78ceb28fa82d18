//! The suitcase's program.

fn main() {}
