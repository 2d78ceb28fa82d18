//! The suitcase's program.

use std::process::ExitCode;

fn main() -> ExitCode {
    let config = field_agent::config::Config::from_environment();
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    field_agent::cli::run(&config, &arguments)
}
