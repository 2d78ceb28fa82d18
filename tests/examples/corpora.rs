//! Lays a target's corpus out as the files that a fuzzer wants, and keeps what it found.
//!
//! `corpora names`, `corpora lay TARGET FOLDER`, `corpora keep TARGET FOLDER`: the smallest inputs first, as many as the
//! corpora have room for.

use anyhow::{Context, bail};
use std::path::Path;
use valiza_tests::decoders::{TARGETS, by_name, corpora_folder, inputs, to_lines};

/// Bytes of inputs that one target may keep; in hexadecimal they are twice as many.
const ROOM: usize = 20 * 1024;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["names"] => TARGETS.iter().for_each(|target| println!("{}", target.name)),
        ["lay", target, folder] => lay(target, Path::new(folder))?,
        ["keep", target, folder] => keep(target, Path::new(folder))?,
        _ => bail!("corpora names | lay TARGET FOLDER | keep TARGET FOLDER"),
    }
    Ok(())
}

fn lay(target: &str, folder: &Path) -> anyhow::Result<()> {
    let target = by_name(target).context("no such target")?;
    std::fs::create_dir_all(folder)?;
    for (number, input) in inputs(target).iter().enumerate() {
        std::fs::write(folder.join(format!("{number:06}")), input)?;
    }
    Ok(())
}

fn keep(target: &str, folder: &Path) -> anyhow::Result<()> {
    let target = by_name(target).context("no such target")?;
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder)? {
        found.push(std::fs::read(file?.path())?);
    }
    found.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    found.dedup();
    let mut room = ROOM;
    found.retain(|input| {
        let fits = input.len() <= room;
        room = room.saturating_sub(input.len() + 1);
        fits
    });
    std::fs::write(corpora_folder().join(target.name), to_lines(&found))?;
    println!("{}: {} inputs kept", target.name, found.len());
    Ok(())
}
