//! Checking and repairing the hub on this machine.

use super::{Common, print};
use crate::app::{self, NewDatabase, RepairPlan, Repaired};
use crate::config;
use clap::Args;
use desk::app::{DeskError, ErrorKind};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Runs of missing numbers that are printed for people; programs get all.
const PRINTED: usize = 20;

/// What `hub-repair` takes.
#[derive(Args)]
pub struct HubRepair {
    /// Ще одна база, з якої взяти те, чого бракує: відкладена раніше або з копії / one more database to take from what is missing: one set aside before, or of a backup
    #[arg(long = "also", value_name = "FILE")]
    also: Vec<PathBuf>,
    /// Навіть якщо база каже, що її записала інша версія програми / even if the database says that another version wrote it
    #[arg(long)]
    any_version: bool,
}

/// `hub-verify`.
pub fn hub_verify(common: &Common) -> Result<(), DeskError> {
    let verified = app::verify_hub(common.dir())?;
    if common.json {
        let app::VerifiedHub { chains, entries, faults } = &verified;
        print::line(&json!({ "chains": chains, "entries": entries, "faults": faults }).to_string());
    } else {
        print::line(&format!("Ланцюгів {}, записів {} / chains, entries", verified.chains, verified.entries));
        verified.faults.iter().for_each(|fault| print::line(fault));
    }
    match verified.faults.len() {
        0 if common.json => Ok(()),
        0 => {
            print::line("Усе гаразд / all is well");
            Ok(())
        }
        count => Err(DeskError::new(
            ErrorKind::Damaged,
            format!("пошкоджень: {count}; зупиніть вузол і виконайте hub-repair"),
            format!("damages: {count}; stop the hub and run hub-repair"),
        )),
    }
}

/// `hub-repair`.
pub fn hub_repair(common: &Common, what: &HubRepair) -> Result<(), DeskError> {
    config::log();
    let plan = RepairPlan { dir: common.dir(), also: &what.also, any_version: what.any_version };
    let repaired = app::repair_hub(&plan)?;
    if common.json {
        print::line(&told(&repaired).to_string());
        return Ok(());
    }
    repaired.put_back.iter().for_each(|line| print::line(line));
    match &repaired.database {
        Some(new) => tell(new),
        None if repaired.put_back.is_empty() => {
            print::line("Усе гаразд, лагодити нічого / all is well, nothing to repair")
        }
        None => print::line("База ціла / the database is whole"),
    }
    Ok(())
}

fn told(repaired: &Repaired) -> Value {
    let database = repaired.database.as_ref().map(|NewDatabase { aside, chains, entries, lost }| {
        let lost: Vec<Value> = lost
            .iter()
            .map(|lost| json!({ "chain": lost.chain.to_string(), "from": lost.from, "to": lost.to }))
            .collect();
        json!({ "aside": aside, "chains": chains, "entries": entries, "lost": lost })
    });
    json!({ "put_back": repaired.put_back, "database": database })
}

fn tell(new: &NewDatabase) {
    let NewDatabase { aside, chains, entries, lost } = new;
    print::line(&format!(
        "Нова база: ланцюгів {chains}, записів {entries}. Пошкоджена лежить поряд: {aside} / a new database of {chains} chains, {entries} entries; the damaged one lies beside"
    ));
    for lost in lost.iter().take(PRINTED) {
        let (chain, from, to) = (lost.chain, lost.from, lost.to);
        let range = if from == to { format!("№ {from}") } else { format!("№ {from}–{to}") };
        print::line(&format!("ланцюг {chain}: бракує {range} / missing"));
    }
    if lost.len() > PRINTED {
        print::line(&format!("… ще {} / more", lost.len() - PRINTED));
    }
    print::line(if lost.is_empty() {
        "Усе, що пошкоджена база називала, є. Запустіть вузол: центр і валізи звірять решту / nothing that the damaged one named is missing. Start the hub: desk and suitcases compare the rest"
    } else {
        "Запустіть вузол: чого бракує, повернуть центр і валізи, щойно вийдуть на зв’язок / start the hub: desk and suitcases give back what is missing at their next contact"
    });
}
