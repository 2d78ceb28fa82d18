//! Locking before the laptop sleeps, so that who steals it asleep finds no key in its memory.
//!
//! On Linux the login manager says on the system's bus when the laptop is about to sleep, and waits (five seconds by
//! default) for those who hold a *delay inhibitor*. Both are asked for by the system's own programs, `systemd-inhibit`
//! and `gdbus`. Where they are missing, the sleep is noticed at waking, by the clock. The inhibitor is held until the
//! program's memory is gone: its holder ends when the pipe to it closes, which starting the program again does.

use super::console::Console;
use std::process::Stdio;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// `cat` ends when the pipe closes; its end ends the listening, and that the inhibitor. The shell itself ends at once,
/// so that no dead child is left behind.
const LISTEN: &str = "exec 3<&0; systemd-inhibit --what=sleep --mode=delay --who=Valiza --why='Valiza locks' \
    sh -c 'gdbus monitor --system --dest org.freedesktop.login1 --object-path /org/freedesktop/login1 & \
    cat <&3 >/dev/null; kill $!' &";

/// The line in which the login manager says that the laptop is about to sleep.
const ABOUT_TO_SLEEP: &str = "PrepareForSleep (true";

/// Locks the vault whenever the laptop is about to sleep. Returns where the system does not say so.
pub async fn lock_before_sleep(console: Arc<Console>) {
    if !cfg!(target_os = "linux") {
        return;
    }
    while listened(&console).await {}
}

/// Listens until the laptop is about to sleep. False: the system does not tell.
async fn listened(console: &Console) -> bool {
    let spawned = Command::new("sh")
        .args(["-c", LISTEN])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut shell) = spawned else { return false };
    let (held, said) = (shell.stdin.take(), shell.stdout.take());
    // It has sent its work to the background.
    let _ = shell.wait().await;
    let Some(said) = said else { return false };
    let mut lines = BufReader::new(said).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if !line.contains(ABOUT_TO_SLEEP) {
            continue;
        }
        if console.agent().is_some() {
            console.lock_vault();
            // Held until this memory is gone.
            std::mem::forget(held);
            std::future::pending::<()>().await;
        }
        return true;
    }
    false
}
