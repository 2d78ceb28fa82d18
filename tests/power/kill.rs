//! Programs that are killed at any moment while they work: suitcases that record and exchange, the hub that takes in,
//! the desk that absorbs. Which program dies when is thrown; how far it had come by then is not.

use super::hub;
use super::whole::{all_arrives, ended, started};
use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::Duration;
use valiza_tests::apart::Apart;
use valiza_tests::invented::Dice;
use valiza_tests::programs::{Said, Suitcase, form};

/// A suitcase whose commands may be killed.
struct Worker {
    suitcase: Suitcase,
    promised: BTreeSet<String>,
    running: Option<(Child, bool)>,
}

impl Worker {
    fn begin(&mut self, record: Option<&str>) {
        let mut command = self.suitcase.command();
        match record {
            Some(path) => command.args(["record", path]),
            None => command.arg("sync"),
        };
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        self.running = Some((child, record.is_some()));
    }

    /// What it said counts, however it ended.
    fn end(&mut self, kill: bool) {
        let Some((mut child, is_record)) = self.running.take() else { return };
        if kill {
            child.kill().unwrap();
        }
        let said = Said::from(child.wait_with_output().unwrap());
        // A hub that was killed is no connection; a hub that is busy starting is none either.
        assert!(kill || said.code == Some(0) || (!is_record && said.code == Some(3)), "{said:?}");
        if is_record {
            self.promised.extend(said.out.lines().map(str::to_owned));
        }
    }
}

/// Kills so often, and gives back how many died before their work was done.
fn killed(seed: u64, times: usize) {
    let (apart, suitcases) = hub::scene();
    let mut dice = Dice::new(seed);
    let path = apart.root().join("form").display().to_string();
    std::fs::write(&path, form("Коваленко").to_string()).unwrap();
    let mut workers = suitcases.map(|suitcase| Worker { suitcase, promised: BTreeSet::new(), running: None });
    let start = |command: &mut std::process::Command| started(command, &apart.log()).0;
    let (mut hub, mut desk) = (start(&mut apart.hub_command()), start(&mut apart.desk_command()));
    for turn in 0..times {
        for worker in &mut workers {
            worker.begin(Some(path.as_str()).filter(|_| dice.percent(60)));
        }
        std::thread::sleep(Duration::from_millis(dice.between(100, 600) as u64));
        let victim = turn % 4;
        match victim {
            0 | 1 => {}
            2 => {
                ended(hub, Duration::ZERO);
                hub = start(&mut apart.hub_command());
            }
            _ => {
                ended(desk, Duration::ZERO);
                desk = start(&mut apart.desk_command());
            }
        }
        for (at, worker) in workers.iter_mut().enumerate() {
            worker.end(at == victim);
        }
    }
    ended(hub, Duration::ZERO);
    ended(desk, Duration::ZERO);
    settle(apart, &workers);
}

/// Everything runs in peace, and everything arrives.
fn settle(mut apart: Apart, workers: &[Worker]) {
    apart.start();
    let promised: BTreeSet<String> = workers.iter().flat_map(|worker| worker.promised.iter().cloned()).collect();
    assert!(promised.len() >= 5, "too little was done to lose anything: {promised:?}");
    let suitcases: Vec<&Suitcase> = workers.iter().map(|worker| &worker.suitcase).collect();
    all_arrives(&apart, &suitcases, &promised);
    println!("{} promised, all at the centre", promised.len());
}

#[test]
fn nothing_promised_is_lost_by_kills_under_load() {
    killed(1, 16);
}

#[test]
#[ignore = "minutes: kills by the hundred"]
fn nothing_promised_is_lost_by_many_kills() {
    (2..5).for_each(|seed| killed(seed, 60));
}
