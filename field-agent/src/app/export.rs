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
    /// residents and visits too, named by kind and record. What is there already is not written over.
    pub fn export_all(&self, format: ExportFormat, folder: &Path) -> Result<Vec<PathBuf>, AppError> {
        peer::make_folder(folder).map_err(|error| of_file(folder, error))?;
        let rows = self.peer.read(|view| view.list(&Filter::default(), Order::Oldest, 0, usize::MAX >> 1))?;
        let mut written = Vec::new();
        for row in rows {
            let record = row.record.to_string();
            let (stem, bytes) = match (row.kind, format) {
                (Kind::Request, _) => (row.number.unwrap_or(record.clone()), self.export(&record, format)?),
                (kind, ExportFormat::Automerge) => {
                    let document: Document = self.peer.read(|view| view.document(row.record))?;
                    (format!("{}-{record}", kind.name()), document.save())
                }
                (_, ExportFormat::Json) => continue,
            };
            let path = folder.join(format!("{stem}.{}", format.extension()));
            write_new(&path, &bytes)?;
            written.push(path);
        }
        Ok(written)
    }
}

/// Writes a file that must not be there yet, readable by its owner only: it holds personal data in clear.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| named(path, error))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Its name, too, is on the disk when it is said that it was written.
    let synced = |file: &std::fs::File| file.sync_all().and_then(|()| std::fs::File::open(folder)?.sync_all());
    file.write_all(bytes).and_then(|()| synced(&file)).map_err(|error| of_file(path, error.into()))
}

/// A full disk has words of its own; of all else the file is named.
fn of_file(path: &Path, error: PeerError) -> AppError {
    match error {
        PeerError::Io(error) => named(path, error),
        known => known.into(),
    }
}

fn named(path: &Path, error: std::io::Error) -> AppError {
    AppError::File { path: path.display().to_string(), error }
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
        assert!(matches!(agent.export_all(ExportFormat::Automerge, &folder), Err(AppError::File { .. })));
        assert_eq!(agent.export_all(ExportFormat::Json, &folder).unwrap().len(), 1);
    }
}
