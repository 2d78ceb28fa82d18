//! The process that sets PDF: the same program with another first word, no environment, little memory and time.

use super::{IS_BUILT_IN, MAX_JOB, MAX_PDF, PdfError};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// A paper takes a tenth of a second; the longest one some.
const PATIENCE: Duration = Duration::from_secs(20);
/// Address space in KiB and processor seconds.
const LIMITS: &str = "ulimit -v 2097152; ulimit -t 20; exec \"$0\" \"$@\"";

/// The process's side: reads one job, writes the PDF.
pub fn serve(input: impl Read, mut output: impl Write) -> Result<(), PdfError> {
    let mut job = Vec::new();
    input.take(MAX_JOB as u64 + 1).read_to_end(&mut job)?;
    if job.len() > MAX_JOB {
        return Err(PdfError::TooLong);
    }
    output.write_all(&made(&job)?)?;
    Ok(output.flush()?)
}

#[cfg(feature = "pdf")]
fn made(job: &[u8]) -> Result<Vec<u8>, PdfError> {
    super::render(job)
}

#[cfg(not(feature = "pdf"))]
fn made(_: &[u8]) -> Result<Vec<u8>, PdfError> {
    Err(PdfError::NotBuilt)
}

/// Has a job done: `program render-pdf` must call [`serve`] on its standard input and output.
pub fn ask(program: &Path, job: Vec<u8>) -> Result<Vec<u8>, PdfError> {
    if !IS_BUILT_IN {
        return Err(PdfError::NotBuilt);
    }
    if job.len() > MAX_JOB {
        return Err(PdfError::TooLong);
    }
    let mut child = start(program)?;
    let answer = answer(&mut child, job);
    if answer.is_err() {
        let _ = child.kill();
    }
    let ended = child.wait()?;
    match answer {
        Ok(pdf) if ended.success() && pdf.starts_with(b"%PDF-") => Ok(pdf),
        Ok(_) => Err(io::Error::other(format!("render-pdf: {ended}")).into()),
        Err(error) => Err(error.into()),
    }
}

fn start(program: &Path) -> io::Result<Child> {
    let mut command = if cfg!(unix) {
        let mut shell = Command::new("/bin/sh");
        shell.arg("-c").arg(LIMITS).arg(program);
        shell
    } else {
        Command::new(program)
    };
    command.arg("render-pdf").env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
}

/// What the process writes until it ends. Writing and reading go on at once, so that neither pipe fills up.
fn answer(child: &mut Child, job: Vec<u8>) -> io::Result<Vec<u8>> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    std::thread::Builder::new().name("pdf in".into()).spawn(move || input.write_all(&job))?;
    let (done, answer) = channel();
    std::thread::Builder::new().name("pdf out".into()).spawn(move || {
        let mut pdf = Vec::new();
        let read = output.take(MAX_PDF as u64).read_to_end(&mut pdf);
        let _ = done.send(read.map(|_| pdf));
    })?;
    answer.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

#[cfg(all(test, not(feature = "pdf")))]
mod tests {
    use super::*;

    #[test]
    fn without_the_feature_it_says_so() {
        assert!(matches!(ask(Path::new("/nowhere"), Vec::new()), Err(PdfError::NotBuilt)));
        assert!(matches!(serve(&b"{}"[..], Vec::new()), Err(PdfError::NotBuilt)));
    }

    #[test]
    fn a_job_has_a_limit() {
        assert!(matches!(serve(io::repeat(b' '), Vec::new()), Err(PdfError::TooLong)));
    }
}
