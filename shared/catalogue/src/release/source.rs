//! The files of one release and the one way they are written as bytes.
//!
//! Canonical bytes: version = 1, count of files, then for each, in ascending order of names: name (text), contents
//! (text). The digest is the hash of these bytes under its own label.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use signing::canonical::{Reader, Writer};
use signing::{Hash, Label};

use super::{CONSENT, FRAME, HOLIDAYS, TERRITORIES, delta};
use crate::catalogue::Catalogue;
use crate::load::LoadErrors;
use crate::text::Text;

/// Files of one release.
const MAX_FILES: usize = 64;
/// Bytes of a file's name.
const MAX_NAME: usize = 80;
/// Bytes of one file.
const MAX_FILE: usize = 1024 * 1024;
/// Bytes of a whole release.
pub(super) const MAX_RELEASE: usize = 4 * 1024 * 1024;

/// Why bytes are no release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// Cut, altered, or never the bytes of a release.
    #[error("дані випуску обірвано або змінено / the release's bytes are cut or altered")]
    Damaged,
    /// Over the limits, packed or unpacked.
    #[error("випуск більший за 4 МіБ / the release is over 4 MiB")]
    TooLarge,
    /// Made by a later program.
    #[error("випуск має новіший формат: оновіть програму / the release has a later format: update the program")]
    Later,
    /// The bytes are a difference to a release that is not here, or to another one.
    #[error("бракує випуску, від якого записано різницю / the release that the difference is to is missing")]
    Base,
    /// The number or the day cannot be put into the frame.
    #[error("номер або день не вписати до catalogue.json / the number or day cannot be put into catalogue.json")]
    Frame,
}

/// The files of one release, as they were reviewed. Cheap to clone; equal files are shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseSource {
    files: BTreeMap<String, Arc<str>>,
}

macro_rules! embedded_files {
    ($($name:literal),+ $(,)?) => { [$(($name, include_str!(concat!("../../data/", $name)))),+] };
}

/// The files of the embedded release.
const FILES: [(&str, &str); 17] = embedded_files![
    "catalogue.json",
    "consent.json",
    "holidays.json",
    "services/business.json",
    "services/certificate.json",
    "services/damage.json",
    "services/dracs.json",
    "services/idp.json",
    "services/land.json",
    "services/passport.json",
    "services/pension.json",
    "services/property.json",
    "services/residence.json",
    "services/social.json",
    "services/subsidy.json",
    "services/veteran.json",
    "territories.txt",
];

impl ReleaseSource {
    /// The files that ship with the program.
    pub fn embedded() -> Self {
        Self { files: FILES.into_iter().map(|(name, text)| (name.to_owned(), Arc::from(text))).collect() }
    }

    /// From files as (name, text), in any order. Only names and sizes are looked at: [`ReleaseSource::check`] tells the
    /// rest.
    pub fn from_files(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, LoadErrors> {
        let mut source = Self { files: BTreeMap::new() };
        for (name, text) in files {
            let problem = if !is_file_name(&name) {
                Some(["такого файла у випуску немає", "a release has no such file"])
            } else if source.files.contains_key(&name) {
                Some(["файл є двічі", "the file is there twice"])
            } else {
                None
            };
            if let Some([uk, en]) = problem {
                return Err(LoadErrors::one(
                    &name.chars().take(MAX_NAME).collect::<String>(),
                    Text::new(uk, en),
                    Text::new(
                        "Випуск — це catalogue.json, holidays.json, consent.json, territories.txt і services/<група>.json",
                        "A release is catalogue.json, holidays.json, consent.json, territories.txt and services/<group>.json",
                    ),
                ));
            }
            source.files.insert(name, Arc::from(text));
        }
        source.within_limits()
    }

    /// The same files with one replaced or added.
    pub fn with_file(&self, name: &str, text: &str) -> Result<Self, LoadErrors> {
        let others = self.files().filter(|(one, _)| *one != name);
        let files = others.chain([(name, text)]).map(|(name, text)| (name.to_owned(), text.to_owned()));
        Self::from_files(files)
    }

    fn within_limits(self) -> Result<Self, LoadErrors> {
        let large = self.files.iter().find(|(_, text)| text.len() > MAX_FILE);
        let total: usize = self.files.iter().map(|(name, text)| name.len() + text.len() + 16).sum();
        let fault = match large {
            Some((name, _)) => Some((name.as_str(), "файл більший за 1 МіБ", "the file is over 1 MiB")),
            None if total > MAX_RELEASE => {
                Some((FRAME, "усі файли разом більші за 4 МіБ", "the files are over 4 MiB together"))
            }
            None if self.files.len() > MAX_FILES => Some((FRAME, "файлів понад 64", "there are over 64 files")),
            None => None,
        };
        let Some((name, uk, en)) = fault else { return Ok(self) };
        Err(LoadErrors::one(
            name,
            Text::new(uk, en),
            Text::new(
                "Перевірте, чи це той файл, або скоротіть його",
                "See whether it is the right file, or shorten it",
            ),
        ))
    }

    /// The files, by name.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_ref()))
    }

    /// One file's text.
    pub fn file(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(AsRef::as_ref)
    }

    /// The release as the program uses it, or everything that is wrong with it.
    pub fn check(&self) -> Result<Catalogue, LoadErrors> {
        Catalogue::parse(&self.files().collect::<Vec<_>>())
    }

    /// The bytes that are hashed, and that a difference is a difference of.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let size = self.files.iter().map(|(name, text)| name.len() + text.len() + 8).sum();
        let mut w = Writer::with_capacity(size);
        w.u8(1).count(self.files.len() as u64);
        for (name, text) in &self.files {
            w.text(name).text(text);
        }
        w.finish()
    }

    /// Reads what [`ReleaseSource::canonical_bytes`] wrote.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReleaseError> {
        if bytes.len() > MAX_RELEASE {
            return Err(ReleaseError::TooLarge);
        }
        let mut r = Reader::new(bytes);
        if r.u8().map_err(|_| ReleaseError::Damaged)? != 1 {
            return Err(ReleaseError::Later);
        }
        let mut read = || {
            let mut files: BTreeMap<String, Arc<str>> = BTreeMap::new();
            for _ in 0..r.count_to(MAX_FILES).ok()? {
                let name = r.text(MAX_NAME).ok()?;
                let text = r.text(MAX_FILE).ok()?;
                let in_order = files.last_key_value().is_none_or(|(last, _)| last.as_str() < name);
                if !in_order || !is_file_name(name) {
                    return None;
                }
                files.insert(name.to_owned(), Arc::from(text));
            }
            r.clone().end().ok()?;
            Some(Self { files })
        };
        read().ok_or(ReleaseError::Damaged)
    }

    /// The digest that names the release.
    pub fn digest(&self) -> Hash {
        Hash::of(Label::Release, &self.canonical_bytes())
    }

    /// The same contents under another number, from another day: how an older release comes back. Nothing else in the
    /// files changes.
    pub fn renumbered(&self, number: u32, effective_from: Date) -> Result<Self, ReleaseError> {
        let (before, after) = self.around_edition().ok_or(ReleaseError::Frame)?;
        let release = format!("\"release\": {{\"number\": {number}, \"effective_from\": \"{effective_from}\"}}");
        let mut renumbered = self.clone();
        renumbered.files.insert(FRAME.to_owned(), Arc::from(format!("{before}{release}{after}")));
        // The word might stand elsewhere in the file: whatever was hit, the frame must say what was asked.
        let edition = renumbered.check().map_err(|_| ReleaseError::Frame)?.release;
        let right = edition.number == number && edition.effective_from == effective_from;
        if right { Ok(renumbered) } else { Err(ReleaseError::Frame) }
    }

    /// The digest of everything but number and first day: the same for two releases that say the same.
    pub fn contents_digest(&self) -> Hash {
        let mut bare = self.clone();
        if let Some((before, after)) = self.around_edition() {
            bare.files.insert(FRAME.to_owned(), Arc::from(format!("{before}\"release\": {{}}{after}")));
        }
        bare.digest()
    }

    /// Whether a release may have a file of this name.
    pub fn may_hold(name: &str) -> bool {
        is_file_name(name)
    }

    /// The frame before and after its number and first day.
    fn around_edition(&self) -> Option<(&str, &str)> {
        let (before, rest) = self.file(FRAME)?.split_once("\"release\"")?;
        let (_, after) = rest.split_once('}')?;
        Some((before, after))
    }

    /// The release packed as the difference to another one, or whole.
    pub fn packed(&self, base: Option<&Self>) -> Result<Vec<u8>, ReleaseError> {
        delta::pack(&self.canonical_bytes(), &base.map(Self::canonical_bytes).unwrap_or_default())
    }

    /// Reads what [`ReleaseSource::packed`] wrote against the same base.
    pub fn unpacked(bytes: &[u8], base: Option<&Self>) -> Result<Self, ReleaseError> {
        let plain = delta::unpack(bytes, &base.map(Self::canonical_bytes).unwrap_or_default())?;
        let mut source = Self::parse(&plain)?;
        if let Some(base) = base {
            source.share(base);
        }
        Ok(source)
    }

    /// Files that are the same in both are kept once.
    fn share(&mut self, base: &Self) {
        for (name, text) in &mut self.files {
            if let Some(same) = base.files.get(name).filter(|one| *one == text) {
                *text = Arc::clone(same);
            }
        }
    }
}

/// Names that a release may have files under.
fn is_file_name(name: &str) -> bool {
    let group = name.strip_prefix("services/").and_then(|rest| rest.strip_suffix(".json"));
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    [FRAME, HOLIDAYS, CONSENT, TERRITORIES].contains(&name)
        || group.is_some_and(|group| !group.is_empty() && name.len() <= MAX_NAME && group.chars().all(good))
}
