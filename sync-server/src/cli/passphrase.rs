//! Asking for a passphrase without showing it.

use super::print;
use desk::app::DeskError;
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// From a file (its first line), or typed.
pub fn obtain(file: Option<&Path>, question: &str) -> Result<String, DeskError> {
    match file {
        Some(path) => Ok(read(path)?.lines().next().unwrap_or_default().to_owned()),
        None => typed(question),
    }
}

/// A file's text, or why there is none.
pub fn read(path: &Path) -> Result<String, DeskError> {
    std::fs::read_to_string(path).map_err(|fault| {
        DeskError::refused(
            format!("файл {} не читається: {fault}", path.display()),
            format!("the file {} does not read: {fault}", path.display()),
        )
    })
}

fn typed(question: &str) -> Result<String, DeskError> {
    let terminal = std::io::stdin().is_terminal();
    if terminal {
        let _ = write!(std::io::stderr(), "{question}: ");
        echo(false);
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    if terminal {
        echo(true);
        print::complain("");
    }
    read?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Asks for a line that may be seen; without a terminal nobody is asked and it is empty.
pub fn ask(question: &str) -> Result<String, DeskError> {
    if !std::io::stdin().is_terminal() {
        return Ok(String::new());
    }
    let _ = write!(std::io::stderr(), "{question}: ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// Switches the terminal's echo. Where there is no `stty` the passphrase is seen while it is typed.
fn echo(on: bool) {
    let setting = if on { "echo" } else { "-echo" };
    let _ = Command::new("stty").arg(setting).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
}
