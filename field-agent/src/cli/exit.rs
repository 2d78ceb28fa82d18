//! Exit codes, and what is said when something was not done.

use super::output;
use crate::app::{AppError, ErrorKind};
use std::process::ExitCode;

pub const DONE: u8 = 0;
pub const REFUSED: u8 = 1;
pub const USAGE: u8 = 2;
pub const NO_CONNECTION: u8 = 3;
pub const DAMAGED: u8 = 4;
pub const BUSY: u8 = 5;
pub const LOCKED: u8 = 6;
pub const NOT_LOCKED: u8 = 7;

/// Says on standard error what went wrong; as JSON on standard output for programs.
pub fn tell(error: &AppError, json: bool) -> ExitCode {
    let code = match error.kind() {
        ErrorKind::Refused => REFUSED,
        ErrorKind::NoConnection => NO_CONNECTION,
        ErrorKind::Damaged => DAMAGED,
        ErrorKind::Busy => BUSY,
        ErrorKind::Locked => LOCKED,
        ErrorKind::NotLocked => NOT_LOCKED,
    };
    if json {
        let findings = match error {
            AppError::Findings(findings) => findings.as_slice(),
            _ => &[],
        };
        output::json(&serde_json::json!({ "error": error.to_string(), "code": code, "findings": findings }));
    }
    output::complain(&error.to_string());
    ExitCode::from(code)
}
