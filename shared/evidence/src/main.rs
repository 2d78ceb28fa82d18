//! `check-evidence FILE --root FINGERPRINT [--contents]`

use std::io::Write;
use std::process::ExitCode;

const USAGE: &str = "check-evidence FILE --root ВІДБИТОК [--contents]
  FILE        файл доказів / an evidence file
  --root      відбиток кореня громади, 64 знаки; дізнайтеся його не з цього файла
              the root's fingerprint, 64 digits; learn it from elsewhere than this file
  --contents  показати й зміст записів / show the contents, too
Коди / exit codes: 0 доведено / proved, 1 ні / not, 2 хибний виклик / usage";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    let root_at = arguments.iter().position(|argument| argument == "--root");
    let root = root_at.and_then(|at| evidence::fingerprint(arguments.get(at + 1)?));
    let is_file = |at: usize| !arguments[at].starts_with("--") && root_at.is_none_or(|root| at != root + 1);
    let files: Vec<usize> = (0..arguments.len()).filter(|at| is_file(*at)).collect();
    let known =
        |argument: &String| !argument.starts_with("--") || ["--root", "--contents"].contains(&argument.as_str());
    let ([file], Some(root), true) = (&files[..], root, arguments.iter().all(known)) else {
        let _ = writeln!(std::io::stderr(), "{USAGE}");
        return ExitCode::from(2);
    };
    let bytes = match std::fs::read(&arguments[*file]) {
        Ok(bytes) => bytes,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{}: {error}: перевірте шлях / check the path", arguments[*file]);
            return ExitCode::from(1);
        }
    };
    let report = evidence::check(&bytes, &root);
    for line in evidence::told(&report, arguments.iter().any(|argument| argument == "--contents")) {
        // What others typed drives no terminal.
        let plain: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = writeln!(std::io::stdout(), "{plain}");
    }
    ExitCode::from(u8::from(!report.is_proved()))
}
