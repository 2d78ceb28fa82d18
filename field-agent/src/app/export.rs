//! Taking records out in forms that other programs read.

use super::{Agent, AppError};
use peer::{Filter, Order, PeerError};
use records::Document;
use records::schema::Kind;
use std::path::{Path, PathBuf};

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// What [`Agent::request`] gives, as JSON.
    Json,
    /// A standard automerge file with the whole history, which any automerge library opens.
    Automerge,
}

impl ExportFormat {
    const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Automerge => "automerge",
        }
    }
}

impl Agent {
    /// One request as the bytes of a file.
    pub fn export(&self, number: &str, format: ExportFormat) -> Result<Vec<u8>, AppError> {
        match format {
            ExportFormat::Json => {
                let page = self.request(number)?;
                serde_json::to_vec_pretty(&page).map_err(|error| AppError::Input(error.to_string()))
            }
            ExportFormat::Automerge => Ok(self.find_view(number)?.1.save()),
        }
    }

    /// As [`Agent::export`], into a new file.
    pub fn export_to(&self, number: &str, format: ExportFormat, path: &Path) -> Result<(), AppError> {
        write_new(path, &self.export(number, format)?)
    }

    /// Every request as a file of its own, named by its number, in a folder that is made if need be. As automerge files
    /// residents and visits too, named by kind and record. Nothing is written if one of the names is taken.
    pub fn export_all(&self, format: ExportFormat, folder: &Path) -> Result<Vec<PathBuf>, AppError> {
        peer::make_folder(folder).map_err(|error| of_folder(folder, error))?;
        let rows = self.peer.read(|view| view.list(&Filter::default(), Order::Oldest, 0, usize::MAX >> 1))?;
        let mut files = Vec::new();
        for row in rows {
            let stem = match (row.kind, format) {
                (Kind::Request, _) => row.number.unwrap_or_else(|| row.record.to_string()),
                (kind, ExportFormat::Automerge) => format!("{}-{}", kind.name(), row.record),
                (_, ExportFormat::Json) => continue,
            };
            let path = folder.join(format!("{stem}.{}", format.extension()));
            // All of them, or none.
            must_be_free(&path)?;
            files.push((path, row.kind, row.record));
        }
        for (path, kind, record) in &files {
            let bytes = match kind {
                Kind::Request => self.export(&record.to_string(), format)?,
                _ => self.peer.read(|view| view.document(*record).map(|document: Document| document.save()))?,
            };
            write_new(path, &bytes)?;
        }
        Ok(files.into_iter().map(|(path, ..)| path).collect())
    }
}

/// Writes a file that must not be there yet, readable by its owner only: it holds personal data in clear.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    Ok(peer::write_new(path, bytes, 0o600)?)
}

/// Refuses a name that is taken, before anything is done that a file is to tell of.
pub fn must_be_free(path: &Path) -> Result<(), AppError> {
    Ok(peer::must_be_free(path)?)
}

/// A full disk has words of its own; of all else the folder is named.
fn of_folder(path: &Path, error: PeerError) -> AppError {
    match error {
        PeerError::Io(error) => AppError::File { path: path.display().to_string(), error },
        known => known.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn both_forms_are_written_and_nothing_is_written_over() {
        let (bench, agent) = agent();
        let saved = agent.save(&sample_form(), None).unwrap();
        let json: serde_json::Value =
            serde_json::from_slice(&agent.export(&saved.number, ExportFormat::Json).unwrap()).unwrap();
        assert_eq!(json["applicant"], "Коваленко Ганна Петрівна");
        assert_eq!(json["place"], "here");
        let folder = bench.dir.path().join("export");
        let written = agent.export_all(ExportFormat::Automerge, &folder).unwrap();
        assert_eq!(written.len(), 3);
        for path in &written {
            let bytes = std::fs::read(path).unwrap();
            assert_eq!(&bytes[..4], [0x85, 0x6f, 0x4a, 0x83], "automerge's magic bytes");
        }
        assert!(matches!(
            agent.export_all(ExportFormat::Automerge, &folder),
            Err(AppError::Peer(PeerError::Taken { .. }))
        ));
        assert_eq!(agent.export_all(ExportFormat::Json, &folder).unwrap().len(), 1);
    }
}
