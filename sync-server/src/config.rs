//! What the program takes from its environment, and nothing else does.

use clock::SystemClock;
use desk::app::Tools;
use peer::decoder::ChildProcess;
use sealing::{Cost, SystemEntropy};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;

/// The environment as it was at the start.
pub struct Config {
    /// The command line, the program's name first.
    pub arguments: Vec<OsString>,
    /// Where this program lies: it starts itself as hub and as decoder.
    pub program: PathBuf,
    /// `VALIZA_DIR`: the centre's folder where the command line names none.
    pub dir: Option<PathBuf>,
}

impl Config {
    /// Looks once.
    #[allow(clippy::disallowed_methods)] // here the environment is looked at
    pub fn from_environment() -> Self {
        let arguments: Vec<OsString> = std::env::args_os().collect();
        let named = || PathBuf::from(arguments.first().cloned().unwrap_or_else(|| "sync-server".into()));
        let program = std::env::current_exe().unwrap_or_else(|_| named());
        let dir = std::env::var_os("VALIZA_DIR").map(PathBuf::from);
        Self { arguments, program, dir }
    }

    /// What a desk needs. `fast` takes the cheapest passphrase stretching that is allowed.
    pub fn tools(&self, fast: bool) -> Tools {
        let program = self.program.clone();
        Tools {
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(|| Box::new(SystemEntropy::new())),
            program: program.clone(),
            decoder: Arc::new(move || Box::new(ChildProcess::new(program.clone(), vec!["decoder".to_owned()]))),
            cost: if fast { Cost::FLOOR } else { Cost::PRODUCTION },
        }
    }
}

/// Logs to standard error; how much, `VALIZA_LOG` says (`info`, `debug`, `hub=debug`).
pub fn log() {
    let filter = EnvFilter::try_from_env("VALIZA_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let ansi = std::io::stderr().is_terminal();
    // A second start in one process keeps the first one's log.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(ansi).try_init();
}
