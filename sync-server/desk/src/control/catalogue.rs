//! Questions about the catalogue of services.

use crate::app::{Change, Desk, DeskError, Holder, HolderState, PublishedRelease, ReleaseRow, Uploaded, typed_day};
use clock::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Files by name.
pub type Files = BTreeMap<String, String>;

/// What the command line asks about the catalogue. Days are as people type them.
#[derive(Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are those of the use cases in `app`")]
pub enum CatalogueQuestion {
    /// All releases.
    List {},
    /// One release.
    Show { number: u32 },
    /// The files of a release.
    Files { number: u32 },
    /// Checks files and compares them with the newest release, or another.
    Check { files: Files, base: Option<u32> },
    /// What one release changed against another.
    Difference { from: u32, to: u32 },
    /// Publishes files, for everybody or on trial for some suitcases.
    Publish { files: Files, from: String, suitcases: Vec<u16>, base: Option<u32>, reason: String },
    /// The contents of an older release as the next one.
    RollBack { number: u32, from: String, reason: String },
    /// Gives a suitcase back what everybody uses.
    EndTrial { suitcase: u16, reason: String },
    /// Which suitcase has which release.
    Who {},
}

pub(super) fn catalogue(desk: &Desk, by: &str, question: CatalogueQuestion) -> Result<Value, DeskError> {
    match question {
        CatalogueQuestion::List {} => {
            let rows: Vec<Value> = desk.release_rows(by)?.iter().map(release).collect();
            Ok(json!({ "releases": rows }))
        }
        CatalogueQuestion::Show { number } => {
            let page = desk.release_page(by, number)?;
            let mut told = release(&page.row);
            told["compared_with"] = json!(page.before);
            told["changes"] = changes(&page.changes);
            told["services"] = json!(page.groups.iter().map(|(_, lines)| lines.len()).sum::<usize>());
            told["fees_unknown"] = json!(page.lacks.0);
            told["terms_unknown"] = json!(page.lacks.1);
            Ok(told)
        }
        CatalogueQuestion::Files { number } => {
            let files: Files = desk.release_files(by, number)?.into_iter().collect();
            Ok(json!({ "number": number, "files": files }))
        }
        CatalogueQuestion::Check { files, base } => {
            let checked = desk.check_files(by, uploaded(files), base)?;
            let faults = checked.faults.iter().map(|fault| {
                let sentence = fault.sentence();
                json!({ "place": fault.place(), "file": fault.file, "line": fault.line.map(|(line, _)| line),
                        "column": fault.line.map(|(_, column)| column), "service": fault.service,
                        "field": fault.field, "uk": sentence.uk, "en": sentence.en })
            });
            let faults: Vec<Value> = faults.collect();
            Ok(json!({ "compared_with": checked.base, "faults": faults, "changes": changes(&checked.changes) }))
        }
        CatalogueQuestion::Difference { from, to } => {
            let found = desk.release_difference(by, from, to)?;
            Ok(json!({ "from": from, "to": to, "changes": changes(&found) }))
        }
        CatalogueQuestion::Publish { files, from, suitcases, base, reason } => {
            let day = typed_day(&from)?;
            Ok(published(&desk.publish_files(by, uploaded(files), day, &suitcases, base, &reason)?))
        }
        CatalogueQuestion::RollBack { number, from, reason } => {
            Ok(published(&desk.roll_back(by, number, typed_day(&from)?, &reason)?))
        }
        CatalogueQuestion::EndTrial { suitcase, reason } => Ok(published(&desk.end_trial(by, suitcase, &reason)?)),
        CatalogueQuestion::Who {} => {
            desk.account(by)?;
            let rows: Vec<Value> = desk.release_holders()?.iter().map(holder).collect();
            Ok(json!({ "holders": rows }))
        }
    }
}

fn uploaded(files: Files) -> Vec<Uploaded> {
    files.into_iter().map(|(name, text)| Uploaded { name, bytes: text.into_bytes() }).collect()
}

fn changes(changes: &[Change]) -> Value {
    let words = changes.iter().map(|change| {
        let words = change.words();
        json!({ "service": change.slug, "uk": words.uk, "en": words.en })
    });
    Value::Array(words.collect())
}

fn release(row: &ReleaseRow) -> Value {
    let published = row.published.as_ref();
    json!({
        "number": row.number,
        "effective_from": row.effective_from,
        "state": row.state.text(),
        "digest": row.digest,
        "differences": row.changes,
        "suitcases": row.suitcases,
        "by": published.map(|one| &one.by),
        "at": published.map(|one| Time(one.at).to_string()),
        "reason": published.map(|one| &one.reason),
        "refused": row.refused.as_ref().map(|why| format!("{} / {}", why.uk, why.en)),
    })
}

fn published(done: &PublishedRelease) -> Value {
    let cautions: Vec<Value> = done.cautions.iter().map(|text| json!({ "uk": text.uk, "en": text.en })).collect();
    json!({ "number": done.number, "effective_from": done.effective_from.to_string(), "bytes": done.bytes,
            "changes": changes(&done.changes), "against_in_force": changes(&done.sooner), "cautions": cautions })
}

fn holder(holder: &Holder) -> Value {
    let (state, reason) = match &holder.state {
        HolderState::Has => ("has", None),
        HolderState::NotYet => ("not-yet", None),
        HolderState::Refused(reason) => ("refused", Some(reason)),
    };
    json!({
        "suitcase": holder.suitcase,
        "name": holder.name,
        "has": holder.has,
        "newest": holder.newest,
        "state": state,
        "reason": reason,
        "trial": holder.trial,
        "heard_at": holder.heard_at.map(|at| Time(at).to_string()),
    })
}
