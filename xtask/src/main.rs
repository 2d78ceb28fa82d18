//! The developers' and newcomers' commands, run as `cargo xtask <command>`.

mod bench;
mod command;
mod demo;
mod fuzz;
mod pdf;
mod step;
mod summary;
mod test;
mod tools;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    command::Arguments::parse().run()
}
