//! `doctor`: what somebody who runs a centre should know before it hurts.

use super::hub_folder::HubFolder;
use super::{backups_of, desk_folder, hub_folder, hub_spare};
use clock::{Clock, SystemClock, Time};
use desk::app::backup::{DRILL, Done, OVERDUE, RESTORED, newest};
use desk::app::{DeskError, ErrorKind};
use desk::control::{self, Command};
use peer::sync::{Link, LinkError, tls};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;

const MIB: u64 = 1 << 20;
/// Below this a database cannot go on for long.
const LITTLE: u64 = 512 * MIB;
/// Below this work stops soon.
const NONE: u64 = 64 * MIB;
/// A certificate should be renewed so long before it ends.
const DAYS: i64 = 60;
/// A hub's certificate ends so far ahead that nobody will see it; the number of days would only startle.
const UNLIMITED: i64 = 50 * 366;
/// A clock that differs more from the hub's makes papers doubtful, ms.
const SKEW: i64 = 2 * 60 * 1000;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// As it should be.
    Well,
    /// Somebody should see to it.
    Attend,
    /// Something does not work.
    Fault,
}

impl Grade {
    /// Its name in JSON.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Attend => "attend",
            Self::Fault => "fault",
        }
    }

    /// Its word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Well => "добре / well",
            Self::Attend => "зверніть увагу / attend",
            Self::Fault => "несправність / fault",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What: `disk`, `clock`, `backup`, `drill`, `certificate`, `hub`, `desk`, `kit`, `suitcases`.
    pub about: &'static str,
    /// How it is.
    pub grade: Grade,
    /// A sentence, Ukrainian first.
    pub uk: String,
    /// The same in English.
    pub en: String,
    /// It is about a connection.
    pub connection: bool,
}

fn found(about: &'static str, grade: Grade, uk: impl Into<String>, en: impl Into<String>) -> Finding {
    Finding { about, grade, uk: uk.into(), en: en.into(), connection: false }
}

/// Looks at everything that can be seen without a passphrase. What needs an open desk is asked of the one that runs.
pub async fn examine(dir: &Path) -> Vec<Finding> {
    let now = SystemClock::new().now();
    let (hub, desk) = (hub_folder(dir), desk_folder(dir));
    let (has_hub, has_desk) = (HubFolder::is_in(&hub), desk.join("vault").exists());
    let mut all = Vec::new();
    if !has_hub && !has_desk {
        let place = dir.display();
        let uk = format!("у папці {place} немає ні вузла обміну, ні робочого місця: вкажіть іншу (--dir)");
        all.push(found("folder", Grade::Fault, uk, format!("neither hub nor desk in {place}: name another (--dir)")));
        return all;
    }
    all.push(disk(dir));
    all.push(clock(now));
    all.extend(backups(dir, now));
    if has_hub {
        all.extend(look_at_hub(&hub, now).await);
    }
    if has_desk {
        all.extend(look_at_desk(&desk, now));
    }
    all
}

/// Free space, told by the system's `df`.
fn disk(dir: &Path) -> Finding {
    let output = std::process::Command::new("df").arg("-Pk").arg(dir).stdin(Stdio::null()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let free = text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    let Some(free) = free.map(|kib| kib * 1024) else {
        return found("disk", Grade::Attend, "вільне місце на диску невідоме", "the disk's free space is unknown");
    };
    let grade = match free {
        ..NONE => Grade::Fault,
        NONE..LITTLE => Grade::Attend,
        _ => Grade::Well,
    };
    let mib = free / MIB;
    found("disk", grade, format!("вільно на диску: {mib} МіБ"), format!("free on the disk: {mib} MiB"))
}

fn clock(now: Time) -> Finding {
    let shown = local(now);
    if now.is_plausible() {
        return found("clock", Grade::Well, format!("годинник показує {shown}"), format!("the clock says {shown}"));
    }
    let uk = format!("годинник показує {shown}: встановіть його");
    found("clock", Grade::Fault, uk, format!("the clock says {shown}: set it"))
}

/// In Kyiv, to the minute.
fn local(time: Time) -> String {
    control::when(&time.to_string()).unwrap_or_else(|| time.to_string())
}

fn backups(dir: &Path, now: Time) -> Vec<Finding> {
    let history = backups_of(dir, None).map(|backups| backups.history()).unwrap_or_default();
    let (made, failed) = (newest(&history, Done::Made), newest(&history, Done::Failed));
    let last = match made {
        _ if failed.is_some_and(|failed| made.is_none_or(|made| made.at < failed.at)) => {
            let at = failed.map(|failed| local(failed.at)).unwrap_or_default();
            let uk = format!("остання резервна копія не вдалася ({at}): перегляньте журнал і повторіть (backup)");
            found("backup", Grade::Fault, uk, format!("the last backup failed ({at}): see the log, try again (backup)"))
        }
        None => {
            found("backup", Grade::Attend, "резервних копій ще не було (backup)", "no backup was made yet (backup)")
        }
        Some(made) => {
            let old = now.since(made.at) > OVERDUE;
            let (at, place) = (local(made.at), made.place.display());
            let grade = if old { Grade::Attend } else { Grade::Well };
            found(
                "backup",
                grade,
                format!("остання резервна копія: {at}, {place}"),
                format!("last backup: {at}, {place}"),
            )
        }
    };
    let drill = match newest(&history, Done::Drilled) {
        Some(drill) if drill.faults > 0 => {
            let (uk, en) = ("остання проба відновлення знайшла пошкодження", "the last drill found damage");
            found("drill", Grade::Fault, uk, en)
        }
        Some(drill) if now.since(drill.at) <= DRILL => {
            let at = local(drill.at);
            found("drill", Grade::Well, format!("остання проба відновлення: {at}"), format!("last drill: {at}"))
        }
        Some(drill) => {
            let at = local(drill.at);
            let uk = format!("відновлення з копії пробували понад три місяці тому, {at} (backup drill)");
            found("drill", Grade::Attend, uk, format!("the last drill was over three months ago, {at} (backup drill)"))
        }
        None => {
            let uk = "відновлення з копії ще не пробували (backup drill)";
            found("drill", Grade::Attend, uk, "bringing a backup back was not tried yet (backup drill)")
        }
    };
    vec![last, drill]
}

async fn look_at_hub(path: &Path, now: Time) -> Vec<Finding> {
    let fault = |error: &DeskError| {
        vec![found("hub", Grade::Fault, error.sentence.uk.to_string(), error.sentence.en.to_string())]
    };
    let usable = match hub_spare::usable(path) {
        Ok(usable) => usable,
        Err(error) => return fault(&error),
    };
    let told = usable.faults.iter().filter_map(|fault| fault.split_once(" / "));
    let mut all: Vec<Finding> = told.map(|(uk, en)| found("hub", Grade::Attend, uk, en)).collect();
    let until = hub::tls::not_after(&usable.folder.certificate);
    all.push(certificate("сертифікат вузла обміну", "the hub's certificate", until, now));
    all.push(reach(&usable.folder, now).await);
    all
}

fn certificate(uk: &str, en: &str, until: Option<i64>, now: Time) -> Finding {
    let Some(until) = until else {
        let (uk, en) = (format!("{uk}: строк невідомий"), format!("{en}: its end is unknown"));
        return found("certificate", Grade::Attend, uk, en);
    };
    let days = (until - now.0) / (24 * 3600 * 1000);
    if days > UNLIMITED {
        return found("certificate", Grade::Well, format!("{uk}: без строку"), format!("{en}: without end"));
    }
    let grade = match days {
        ..0 => Grade::Fault,
        0..DAYS => Grade::Attend,
        _ => Grade::Well,
    };
    found("certificate", grade, format!("{uk}: лишилося днів {days}"), format!("{en}: {days} days left"))
}

/// Asks the hub where it listens, as a peer would.
async fn reach(folder: &HubFolder, now: Time) -> Finding {
    let port = folder.listen.rsplit(':').next().unwrap_or_default();
    let host = folder.names.first().map_or("127.0.0.1", String::as_str);
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let address = format!("https://{host}:{port}");
    let asked = async {
        let config = tls::client_config(&folder.root.signing).map_err(|_| LinkError::NotOurs)?;
        Link::new(&address, config)?.get("/v1/health", 4096).await
    };
    let answer = match asked.await {
        Ok(answer) => answer,
        Err(error) => {
            let error = DeskError::from(error).sentence;
            let (uk, en) = (
                format!("вузол {address} не відповідає: {}", error.uk),
                format!("the hub {address} does not answer: {}", error.en),
            );
            return Finding { connection: true, ..found("hub", Grade::Fault, uk, en) };
        }
    };
    let health: Value = serde_json::from_slice(&answer).unwrap_or_default();
    let faults = health["scrub"]["faults"].as_u64().unwrap_or(0);
    if faults > 0 {
        let uk = format!(
            "вузол {address} знайшов у себе пошкодження, місць: {faults}; зупиніть його і виконайте hub-repair"
        );
        let en = format!("the hub {address} found {faults} damages in what it keeps; stop it and run hub-repair");
        return found("hub", Grade::Fault, uk, en);
    }
    let apart = health["time"].as_i64().map_or(0, |time| (time - now.0).abs());
    if apart > SKEW {
        let seconds = apart / 1000;
        let uk = format!("годинник вузла {address} відрізняється на {seconds} с: звірте годинники");
        return found(
            "hub",
            Grade::Attend,
            uk,
            format!("the clock of {address} differs by {seconds} s: set the clocks"),
        );
    }
    found("hub", Grade::Well, format!("вузол {address} відповідає"), format!("the hub {address} answers"))
}

fn look_at_desk(path: &Path, now: Time) -> Vec<Finding> {
    let mut all = Vec::new();
    if super::backups::came_back_with_its_hub(path) {
        all.push(kit_needed());
    } else if path.join(RESTORED).exists() {
        let uk = "робоче місце відновлено з копії і ще не відкривали: запустіть його і введіть пароль";
        all.push(found("desk", Grade::Attend, uk, "the desk was restored and not opened since: run and unseal it"));
    }
    let status = match control::ask(path, None, &Command::Status {}) {
        None => {
            all.push(found("desk", Grade::Attend, "робоче місце не запущено (run)", "the desk does not run (run)"));
            return all;
        }
        Some(Err(error)) if error.kind == ErrorKind::Sealed => {
            let uk = "робоче місце опечатано: введіть пароль на сторінці або командою unseal";
            all.push(found(
                "desk",
                Grade::Attend,
                uk,
                "the desk is sealed: enter the passphrase on the page or with unseal",
            ));
            return all;
        }
        Some(Err(error)) => {
            all.push(found("desk", Grade::Fault, error.sentence.uk.to_string(), error.sentence.en.to_string()));
            return all;
        }
        Some(Ok(status)) => status,
    };
    let damaged = status["damaged"].as_array().map_or(0, Vec::len);
    if damaged > 0 {
        let uk =
            format!("на диску робочого місця пошкоджено збережене, місць: {damaged}; зупиніть його і виконайте repair");
        let en = format!("the desk found {damaged} damages in what it keeps; stop it and run repair");
        all.push(found("desk", Grade::Fault, uk, en));
    }
    all.extend(laptops(&status));
    let (hub, waiting) = (status["hub"].as_str().unwrap_or_default(), status["waiting_entries"].as_u64().unwrap_or(0));
    all.push(found("desk", Grade::Well, "робоче місце відкрите і працює", "the desk is open and works"));
    all.push(match status["trouble"].as_str() {
        // The hub answers; only nobody knows any more what the desk lacks.
        _ if status["kit_needed"] == true => kit_needed(),
        Some(trouble) => {
            let (uk, en) = trouble.split_once(" / ").unwrap_or((trouble, trouble));
            let uk = format!("вузол {hub} з робочого місця не досяжний ({uk}); чекає записів: {waiting}");
            let en = format!("the desk does not reach {hub} ({en}); entries waiting: {waiting}");
            Finding { connection: true, ..found("link", Grade::Fault, uk, en) }
        }
        None => found("link", Grade::Well, format!("обмін із {hub} іде"), format!("the exchange with {hub} works")),
    });
    let until = status["certified_until_ms"].as_i64();
    all.push(certificate("сертифікат робочого місця", "the desk's certificate", until, now));
    all
}

/// Hub and desk came back from a copy, or the hub began anew meanwhile.
fn kit_needed() -> Finding {
    let (uk, en) = super::KIT_NEEDED;
    found("kit", Grade::Fault, uk, en)
}

/// Laptops that began anew: nothing of theirs is among the requests until a person decides.
fn laptops(status: &Value) -> Option<Finding> {
    let count = |key: &str| status[key].as_u64().unwrap_or(0);
    let (waiting, alarms) = (count("rebirths"), count("alarms"));
    let (uk, en) = match (waiting, alarms) {
        (0, _) => return None,
        (n, 0) => (
            format!("ноутбуків почало заново: {n}; записане ними чекає рішення на сторінці «Валізи» (rebirths)"),
            format!("laptops that began anew: {n}; what they recorded waits for you on the page «Валізи» (rebirths)"),
        ),
        (_, n) => (
            format!(
                "тривога: під одним ім’ям працюють два ноутбуки, випадків: {n}; вирішіть на сторінці «Валізи» (rebirths)"
            ),
            format!("alarm: two laptops work under one name, cases: {n}; decide on the page «Валізи» (rebirths)"),
        ),
    };
    Some(found("suitcases", Grade::Attend, uk, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laptops_that_began_anew_are_named_and_two_at_once_are_an_alarm() {
        let told = |rebirths: u64, alarms: u64| {
            laptops(&serde_json::json!({ "rebirths": rebirths, "alarms": alarms })).map(|found| found.uk)
        };
        assert_eq!(told(0, 0), None);
        assert!(told(2, 0).unwrap().contains("почало заново: 2"));
        assert!(told(2, 1).unwrap().contains("тривога"));
        assert_eq!(laptops(&Value::Null), None, "of a desk that says nothing of it");
    }

    #[test]
    fn a_certificate_without_end_is_said_to_have_none_and_others_count_days() {
        let now = Time(1_795_318_950_105);
        let day = 24 * 3600 * 1000;
        let told = |until: i64| certificate("сертифікат", "certificate", Some(until), now);
        assert_eq!(told(7_258_118_400_000).uk, "сертифікат: без строку");
        assert_eq!((told(now.0 + 59 * day).grade, told(now.0 - day).grade), (Grade::Attend, Grade::Fault));
        assert_eq!(told(now.0 + 100 * day).uk, "сертифікат: лишилося днів 100");
    }

    #[test]
    fn what_was_never_done_is_said_so() {
        let dir = tempfile::tempdir().unwrap();
        let told = backups(dir.path(), Time(1_795_318_950_105));
        assert_eq!(told[0].uk, "резервних копій ще не було (backup)");
        assert_eq!(told[1].uk, "відновлення з копії ще не пробували (backup drill)");
        assert_eq!(local(Time(1_795_318_950_105)), "22.11.2026 05:42");
    }
}
