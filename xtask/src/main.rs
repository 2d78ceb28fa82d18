//! The developers' and newcomers' commands: demo, test, bench.

fn main() {}
