//! Running one command of a developer's task, visibly.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The root of the repository, as it lay when this program was built.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(ROOT)
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The command ended with exit code 0.
    Passed,
    /// It ended with another code, was killed, or could not be started.
    Failed,
}

/// Says a line on the error stream, where the steps' own progress goes as well.
pub fn say(line: &str) {
    // Nobody is left to tell if the error stream is closed.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Says a line of the result on the output stream, for whoever reads that alone.
pub fn tell(line: &str) {
    // Nobody is left to tell if the output stream is closed.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A command to be run at the root of the repository, shown before it runs.
#[derive(Debug)]
pub struct Step {
    name: &'static str,
    command: Command,
}

impl Step {
    /// A step that runs `program`.
    pub fn new(name: &'static str, program: &str) -> Self {
        let mut command = Command::new(program);
        command.current_dir(root());
        Self { name, command }
    }

    /// The same with these arguments added.
    #[must_use]
    pub fn arguments(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(arguments);
        self
    }

    /// The same with a variable set in the command's environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// The same with nothing to read.
    #[must_use]
    pub fn without_input(mut self) -> Self {
        self.command.stdin(Stdio::null());
        self
    }

    /// What it is called in the closing table.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Outcome {
        self.announce();
        match self.command.status() {
            Ok(status) if status.success() => Outcome::Passed,
            Ok(_) => Outcome::Failed,
            Err(error) => self.not_started(&error),
        }
    }

    /// Runs it to its end and hands every line of both its streams to `line`, after showing it.
    pub fn run_reading(mut self, mut line: impl FnMut(&str)) -> Outcome {
        self.announce();
        let spawned = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = match spawned {
            Ok(child) => child,
            Err(error) => return self.not_started(&error),
        };
        for read in lines_of(&mut child) {
            say(&read);
            line(&read);
        }
        match child.wait() {
            Ok(status) if status.success() => Outcome::Passed,
            _ => Outcome::Failed,
        }
    }

    fn announce(&self) {
        let arguments = self.command.get_args().map(OsStr::to_string_lossy);
        let words: Vec<_> = std::iter::once(self.command.get_program().to_string_lossy()).chain(arguments).collect();
        say(&format!("\n== {}: {}", self.name, words.join(" ")));
    }

    fn not_started(&self, error: &std::io::Error) -> Outcome {
        say(&format!("{} could not be started: {error}", self.command.get_program().to_string_lossy()));
        Outcome::Failed
    }
}

/// The lines of both streams of a child in the order of their arrival, until both are closed. A thread for each
/// stream, so that neither pipe fills up while the other is being read.
fn lines_of(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let streams: [Option<Box<dyn std::io::Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as _),
        child.stderr.take().map(|stream| Box::new(stream) as _),
    ];
    for stream in streams.into_iter().flatten() {
        let sender = sender.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                // The receiver is gone only when the task itself is ending.
                let _ = sender.send(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
        });
    }
    receiver.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_tells_success_from_failure_and_from_a_missing_program() {
        assert_eq!(Step::new("true", "true").run(), Outcome::Passed);
        assert_eq!(Step::new("false", "false").run(), Outcome::Failed);
        assert_eq!(Step::new("missing", "no-such-program-here").run(), Outcome::Failed);
    }

    #[test]
    fn both_streams_are_read_to_their_end() {
        let mut lines = Vec::new();
        let script = "echo one; echo two >&2; printf three; exit 4";
        let step = Step::new("shell", "sh").arguments(["-c", script]);
        let outcome = step.run_reading(|line| lines.push(line.to_owned()));
        lines.sort();
        assert_eq!((outcome, lines), (Outcome::Failed, ["one", "three", "two"].map(String::from).to_vec()));
    }
}
