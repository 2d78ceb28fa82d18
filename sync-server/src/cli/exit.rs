//! Exit codes, and what is said when something was not done.

use super::print;
use desk::app::{DeskError, ErrorKind};
use std::process::ExitCode;

/// The codes, for the end of every help text.
pub const HELP: &str = "\
Коди завершення / exit codes:
  0  зроблено / done
  1  відмовлено, хибні дані / refused, invalid input
  2  хибний виклик / usage
  3  немає зв’язку / no connection
  4  дані пошкоджено / damaged data
  5  зайнято іншою програмою / in use
  6  опечатано, хибний пароль, немає прав / sealed, wrong passphrase, not allowed";

/// Says on standard error what went wrong; for programs as JSON on standard output, too.
pub fn tell(error: &DeskError, json: bool) -> ExitCode {
    let code = match error.kind {
        ErrorKind::Refused | ErrorKind::Held | ErrorKind::NotFound => 1,
        ErrorKind::NoConnection => 3,
        ErrorKind::Damaged => 4,
        ErrorKind::Busy => 5,
        ErrorKind::NotAllowed | ErrorKind::Sealed => 6,
    };
    if json {
        let (uk, en) = (&error.sentence.uk, &error.sentence.en);
        print::line(&serde_json::json!({ "error": { "kind": error.kind.text(), "uk": uk, "en": en } }).to_string());
    }
    print::complain(&error.to_string());
    ExitCode::from(code)
}
