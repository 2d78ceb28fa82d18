//! The command line's side of the control.

use super::{Command, FILE};
use crate::app::{DeskError, ErrorKind};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

/// Connecting to this machine takes no time.
const CONNECT: Duration = Duration::from_secs(2);
/// Checking everything may take long.
const ANSWER: Duration = Duration::from_secs(600);

/// True if a desk runs over the folder and answers.
pub fn is_running(folder: &Path) -> bool {
    connect(folder).is_some()
}

fn connect(folder: &Path) -> Option<(TcpStream, String)> {
    let text = std::fs::read_to_string(folder.join(FILE)).ok()?;
    let (address, token) = text.trim_end().split_once('\n')?;
    let address: SocketAddr = address.parse().ok()?;
    let stream = TcpStream::connect_timeout(&address, CONNECT).ok()?;
    Some((stream, token.to_owned()))
}

/// Asks the desk that runs over the folder; `None` if none does.
pub fn ask(folder: &Path, login: Option<&str>, command: &Command) -> Option<Result<Value, DeskError>> {
    let (stream, token) = connect(folder)?;
    let question = json!({ "token": token, "login": login, "command": command });
    Some(converse(stream, &question))
}

fn converse(mut stream: TcpStream, question: &Value) -> Result<Value, DeskError> {
    stream.set_read_timeout(Some(ANSWER))?;
    stream.write_all(format!("{question}\n").as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let broken = || {
        DeskError::refused(
            "центр не відповів: перегляньте його журнал і повторіть",
            "the desk did not answer: look at its log and try again",
        )
    };
    let mut answer: Value = serde_json::from_str(&text).map_err(|_| broken())?;
    if let Some(value) = answer.get_mut("ok") {
        return Ok(value.take());
    }
    let error = answer.get("error").ok_or_else(broken)?;
    let word = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let kind = ErrorKind::from_text(&word("kind")).unwrap_or(ErrorKind::Refused);
    Err(DeskError::new(kind, word("uk"), word("en")))
}
