//! The centre: hub and desk in one binary.

mod app;
mod cli;
mod config;

use std::process::ExitCode;

fn main() -> ExitCode {
    let config = config::Config::from_environment();
    cli::run(&config, &config.arguments)
}
