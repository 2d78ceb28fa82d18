//! The process: the same program with another first word, no environment, little memory, no keys.

use super::protocol::{decode_judgement, encode_job, read_frame, write_frame};
use super::{Decode, Job, Judgement};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// One change takes microseconds; a second is a sign of malice.
const PATIENCE: Duration = Duration::from_secs(10);
/// A process is replaced after so many changes: what leaked is given back, and the limit on its time starts anew.
const JOBS_A_LIFE: u32 = 20_000;
/// Address space in KiB and processor seconds of one life.
const LIMITS: &str = "ulimit -v 786432; ulimit -t 60; exec \"$0\" \"$@\"";

/// Judges changes in a process that it starts when it is needed and replaces when it dies.
pub struct ChildProcess {
    program: PathBuf,
    arguments: Vec<String>,
    running: Option<Running>,
}

struct Running {
    child: Child,
    jobs: ChildStdin,
    judgements: Receiver<std::io::Result<Vec<u8>>>,
    left: u32,
}

impl ChildProcess {
    /// `program arguments…` must call [`super::serve`] on its standard input and output.
    pub fn new(program: PathBuf, arguments: Vec<String>) -> Self {
        Self { program, arguments, running: None }
    }

    fn start(&self) -> std::io::Result<Running> {
        let mut command = if cfg!(unix) {
            let mut shell = Command::new("/bin/sh");
            shell.arg("-c").arg(LIMITS).arg(&self.program);
            shell
        } else {
            Command::new(&self.program)
        };
        command.args(&self.arguments).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let (Some(jobs), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let (frames, judgements) = channel();
        std::thread::Builder::new().name("decoder".into()).spawn(move || {
            loop {
                let frame = read_frame(&mut output);
                let last = frame.is_err();
                if frames.send(frame).is_err() || last {
                    return;
                }
            }
        })?;
        Ok(Running { child, jobs, judgements, left: JOBS_A_LIFE })
    }

    fn ask(&mut self, job: &Job) -> Option<Judgement> {
        if self.running.as_ref().is_none_or(|running| running.left == 0) {
            self.stop();
            match self.start() {
                Ok(running) => self.running = Some(running),
                Err(error) => {
                    tracing::error!(%error, "the decoder process does not start");
                    return None;
                }
            }
        }
        let running = self.running.as_mut()?;
        running.left -= 1;
        write_frame(&mut running.jobs, &encode_job(job)).ok()?;
        match running.judgements.recv_timeout(PATIENCE) {
            Ok(frame) => decode_judgement(&frame.ok()?).ok(),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        }
    }

    fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

impl Decode for ChildProcess {
    fn judge(&mut self, job: &Job) -> Judgement {
        match self.ask(job) {
            Some(judgement) => judgement,
            None => {
                tracing::warn!(record = %job.record, "the decoder process died over a change; it is set aside");
                self.stop();
                Judgement::Died
            }
        }
    }
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        self.stop();
    }
}
