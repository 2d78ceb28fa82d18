//! The desk's half of a backup: `vault` and `valiza.db`.

use super::super::{DeskError, ErrorKind, HUB, Office};
use super::folder::{HalfMade, copy_file};
use super::manifest::Contents;
use std::fs;
use std::path::Path;

const VAULT: &str = "vault";
const DATABASE: &str = "valiza.db";
/// What SQLite leaves beside a database whose program ended without closing it: part of the database.
const LOG: &str = "valiza.db-wal";

impl Office {
    /// Writes the desk's files into an empty folder: a checked copy of the open database, or, while the desk is sealed
    /// and nobody has the database open, its bytes.
    pub(super) fn copy_half(&self, folder: &Path) -> Result<HalfMade, DeskError> {
        // While this is held nobody unseals the desk.
        let sealed = self.sealed();
        let Some(_sealed) = sealed else {
            let desk = self.desk()?;
            copy_file(&self.path().join(VAULT), &folder.join(VAULT))?;
            let copied = desk.peer.copy_to(&folder.join(DATABASE), HUB)?;
            if let Some(fault) = copied.report.faults.first() {
                let (uk, en) = fault.split_once(" / ").unwrap_or((fault, fault));
                return Err(DeskError::new(
                    ErrorKind::Damaged,
                    format!("копії немає: у самому центрі пошкодження ({uk}); виконайте verify"),
                    format!("no backup: the desk itself is damaged ({en}); run verify"),
                ));
            }
            let contents = Contents { opened: true, lineage: copied.lineage, position: None, heads: copied.heads };
            return Ok(HalfMade { tenant: Some((copied.tenant, copied.root.signing)), contents });
        };
        for name in [VAULT, DATABASE, LOG] {
            let from = self.path().join(name);
            let empty = name == LOG && fs::metadata(&from).map_or(0, |about| about.len()) == 0;
            if !empty {
                copy_file(&from, &folder.join(name))?;
            }
        }
        Ok(HalfMade { tenant: None, contents: Contents::default() })
    }
}
