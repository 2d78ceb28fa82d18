//! `run`: hub and desk as two processes that begin and end together.

use super::{backups_of, desk_folder, error};
use crate::config::Config;
use desk::app::{DeskError, ErrorKind, Office, keep_scrubbing, sync_loop};
use desk::control::{self, Control};
use desk::web;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a hub may take to end.
const LEAVING: Duration = Duration::from_secs(12);

/// For the log, where administrators look for why the pages do not open.
const DAMAGED: &str = "робоче місце пошкоджене й не відкрилося; вузол приймає роботу далі: полагодьте (sync-server repair) / \
    the desk is damaged and did not open; the hub goes on taking work in: mend it (sync-server repair)";

/// The same, where a repair would read the same vault and fail the same way.
const NO_VAULT: &str = "робоче місце не відкрилося: сховище (vault) не читається, тож repair його не полагодить; вузол приймає роботу далі. \
    Поверніть робоче місце з резервної копії чи з комплекту, тоді зупиніть цю програму і запустіть run знову / \
    the desk did not open: its vault does not read, so repair cannot mend it; the hub goes on taking work in. \
    Bring the desk back from a backup or with the kit, then stop this program and start run again";

/// What is to run.
pub struct Plan<'a> {
    /// The centre's folder.
    pub dir: &'a Path,
    /// A hub, too, as a child process.
    pub with_hub: bool,
    /// Where the desk's pages are, `address:port`.
    pub desk_listen: &'a str,
    /// Names under which the pages are reached, beside the loopback's.
    pub desk_names: Vec<String>,
    /// A proxy in front of the pages speaks TLS.
    pub behind_tls: bool,
    /// Where backups go that are started on the page; `backups` in the centre's folder if nobody says.
    pub backups: Option<&'a Path>,
    /// The desk looks through everything that it keeps at most so often.
    pub scrub_every: Duration,
    /// Login and passphrase to unseal with; without, the pages ask.
    pub unseal: Option<(Option<String>, String)>,
    /// The cheapest passphrase stretching for new passphrases.
    pub fast: bool,
}

/// Runs until a signal comes or one of the halves ends. `ready` is called with the pages' address.
pub async fn run(config: &Config, plan: Plan<'_>, ready: impl FnOnce(&str, bool)) -> Result<(), DeskError> {
    let office = match Office::hold(&desk_folder(plan.dir), config.tools(plan.fast)) {
        Err(fault) if plan.with_hub && fault.kind == ErrorKind::Damaged => {
            return hub_without_desk(config, plan.dir, fault).await;
        }
        held => held?,
    };
    office.keep_backups(backups_of(plan.dir, plan.backups)?);
    let listener = TcpListener::bind(plan.desk_listen).await.map_err(|fault| {
        DeskError::new(
            ErrorKind::Busy,
            format!("адреса {} зайнята або чужа ({fault}): вкажіть іншу --desk-listen", plan.desk_listen),
            format!("the address {} is in use or not ours ({fault}): name another --desk-listen", plan.desk_listen),
        )
    })?;
    let address = listener.local_addr()?.to_string();
    let mut hub = if plan.with_hub { Some(HubChild::start(config, plan.dir)?) } else { None };
    let sealed = unseal_beside(&hub, &office, plan.unseal).await?;
    let mut entropy = (config.tools(plan.fast).entropy)();
    let control = Control::open(&office, entropy.as_mut()).await?;
    let (stop, stopped) = watch::channel(false);
    let mut desk = JoinSet::new();
    desk.spawn(control::serve(control, Arc::clone(&office)));
    desk.spawn(exchange(Arc::clone(&office)));
    desk.spawn(scrub(Arc::clone(&office), plan.scrub_every));
    let options = web::Options { hosts: hosts(plan.desk_names), behind_tls: plan.behind_tls, ..Default::default() };
    let pages = tokio::spawn(web::serve(Arc::clone(&office), listener, options, until(stopped)));
    let ending = signal();
    ready(&address, sealed);
    let ended = tokio::select! {
        () = ending => Ok(()),
        status = HubChild::ended(&mut hub) => Err(hub_ended(status)),
    };
    tracing::info!("the centre ends");
    stop.send_replace(true);
    let _ = pages.await;
    desk.shutdown().await;
    if let Some(hub) = hub {
        hub.stop().await;
    }
    ended
}

/// Loopback names always; others where they are named.
fn hosts(names: Vec<String>) -> Vec<String> {
    if names.is_empty() {
        return names;
    }
    ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into_iter().chain(names).collect()
}

/// The desk cannot even be looked at: neither its vault nor the spare reads. Suitcases hand over their work all the same,
/// until somebody ends this.
async fn hub_without_desk(config: &Config, dir: &Path, fault: DeskError) -> Result<(), DeskError> {
    let mut hub = Some(HubChild::start(config, dir)?);
    tracing::error!(%fault, "{NO_VAULT}");
    let ended = tokio::select! {
        () = signal() => Err(fault),
        status = HubChild::ended(&mut hub) => Err(hub_ended(status)),
    };
    if let Some(hub) = hub {
        hub.stop().await;
    }
    ended
}

/// True if the desk stays sealed. Neither a passphrase that opens nothing nor a damaged desk is a reason for the hub to be
/// down: suitcases hand over their work while somebody finds the right one or mends the desk. A desk without a hub ends, as
/// nobody would see why it does nothing.
async fn unseal_beside(
    hub: &Option<HubChild>,
    office: &Arc<Office>,
    with: Option<(Option<String>, String)>,
) -> Result<bool, DeskError> {
    match unseal(office, with).await {
        Err(fault) if hub.is_some() && fault.kind == ErrorKind::NotAllowed => {
            tracing::error!(%fault, "the desk stays sealed");
            Ok(true)
        }
        Err(fault) if hub.is_some() && fault.kind == ErrorKind::Damaged => {
            tracing::error!(%fault, "{DAMAGED}");
            Ok(true)
        }
        done => done,
    }
}

/// True if the desk stays sealed.
async fn unseal(office: &Arc<Office>, with: Option<(Option<String>, String)>) -> Result<bool, DeskError> {
    let Some((login, passphrase)) = with else { return Ok(true) };
    let office = Arc::clone(office);
    let opened = tokio::task::spawn_blocking(move || office.unseal_by(login.as_deref(), &passphrase).map(|_| false));
    opened.await.unwrap_or_else(|fault| Err(error(ErrorKind::Refused, &fault)))
}

async fn exchange(office: Arc<Office>) {
    let Some(desk) = office.unsealed().await else { return };
    if let Err(fault) = sync_loop(desk).await {
        tracing::error!(%fault, "the exchange with the hub cannot start");
    }
}

async fn scrub(office: Arc<Office>, every: Duration) {
    if let Some(desk) = office.unsealed().await {
        keep_scrubbing(desk, every).await;
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// The hub as a child. It ends when this process does: its standard input closes then, however this process died.
struct HubChild {
    child: Child,
    // Kept apart from the child: waiting for a child closes its input.
    input: Option<ChildStdin>,
}

impl HubChild {
    fn start(config: &Config, dir: &Path) -> Result<Self, DeskError> {
        let mut command = Command::new(&config.program);
        command.arg("hub").arg("--dir").arg(dir).arg("--tied").stdin(Stdio::piped()).kill_on_drop(true);
        // glibc keeps a pool of freed memory for each of up to 16 threads here; with two the hub stays at two thirds of
        // what it took in a flood, and what it takes does not go on growing.
        command.env("MALLOC_ARENA_MAX", "2");
        // Ctrl-C reaches this process alone, which ends the hub in its turn.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        Ok(Self { child, input })
    }

    async fn ended(hub: &mut Option<Self>) -> Option<ExitStatus> {
        match hub {
            Some(hub) => hub.child.wait().await.ok(),
            None => std::future::pending().await,
        }
    }

    async fn stop(mut self) {
        drop(self.input.take());
        if tokio::time::timeout(LEAVING, self.child.wait()).await.is_err() {
            tracing::warn!("the hub did not end in time and is stopped");
            let _ = self.child.kill().await;
        }
    }
}

fn hub_ended(status: Option<ExitStatus>) -> DeskError {
    let kind = match status.and_then(|status| status.code()) {
        Some(4) => ErrorKind::Damaged,
        Some(5) => ErrorKind::Busy,
        _ => ErrorKind::Refused,
    };
    DeskError::new(kind, "вузол обміну завершився: причина вище в журналі", "the hub ended: the log above says why")
}

/// Done once somebody wants the program to end. Signals are caught from the call on, not from the first wait: who was told
/// that the program runs may end it at once.
#[cfg(unix)]
pub fn signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let caught = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async {
        let (Ok(mut term), Ok(mut int)) = caught else { return std::future::pending().await };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    }
}

/// Somebody wants the program to end.
#[cfg(not(unix))]
pub async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}
