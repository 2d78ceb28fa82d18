//! Invents residents of a real hromada and prints their requests as `field-agent record` reads them.
//!
//! `cargo run -p valiza-tests --example invent -- --residents 40 --seed 7 --hromada Глобинська [--day 2026-11-21] [--unseen]`

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a program: it reads its arguments and prints")]

use anyhow::{Context, bail};
use valiza_tests::invented::{TODAY, TRAINING, UNSEEN, forms};

fn main() -> anyhow::Result<()> {
    let (mut residents, mut seed, mut hromada, mut day, mut pool) = (40, 7, "Глобинська".to_owned(), TODAY, &TRAINING);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "--unseen" {
            pool = &UNSEEN;
            continue;
        }
        let value = arguments.next().with_context(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--residents" => residents = value.parse().context("--residents needs a number")?,
            "--seed" => seed = value.parse().context("--seed needs a number")?,
            "--hromada" => hromada = value,
            "--day" => day = value.parse().context("--day needs a day such as 2026-11-21")?,
            other => bail!("unknown argument {other}: use --residents, --seed, --hromada, --day, --unseen"),
        }
    }
    let forms = forms(pool, &hromada, residents, seed, day).with_context(|| format!("no hromada {hromada}"))?;
    println!("{}", serde_json::to_string_pretty(&forms)?);
    Ok(())
}
