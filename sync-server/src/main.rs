//! The centre: hub and desk in one binary.

fn main() {}
