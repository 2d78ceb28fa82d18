//! Asking for a passphrase without showing it.

use super::output;
use crate::app::AppError;
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// From a file (its first line), or typed.
pub fn obtain(file: Option<&Path>, question: &str) -> Result<String, AppError> {
    match file {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| AppError::File { path: path.display().to_string(), error })?;
            Ok(text.lines().next().unwrap_or_default().to_owned())
        }
        None => typed(question),
    }
}

/// A line that may be seen while it is typed.
pub fn obtain_line(question: &str) -> Result<String, AppError> {
    if std::io::stdin().is_terminal() {
        let _ = write!(std::io::stderr(), "{question}");
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| AppError::File { path: "stdin".into(), error })?;
    Ok(line.trim().to_owned())
}

fn typed(question: &str) -> Result<String, AppError> {
    let terminal = std::io::stdin().is_terminal();
    if terminal {
        let _ = write!(std::io::stderr(), "{question}");
        echo(false);
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    if terminal {
        echo(true);
        output::complain("");
    }
    read.map_err(|error| AppError::File { path: "stdin".into(), error })?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Switches the terminal's echo. Where there is no `stty` the passphrase is seen while it is typed.
fn echo(on: bool) {
    let setting = if on { "echo" } else { "-echo" };
    let _ = Command::new("stty").arg(setting).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
}
