//! The hub's folder: `hub.toml` and `hub.key` are enough to start with an empty database and be healed by suitcases and
//! desk; `hub.crt` is the TLS certificate that the root signed, `hub.db` what was taken in, `hub.marker` how much that was.

use super::{error, hub_spare};
use desk::app::{DeskError, ErrorKind};
use hub::store::Tenant;
use hub::{HubKeys, Marker, MarkerError};
use ids::TenantId;
use serde::{Deserialize, Serialize};
use signing::{AgreementPublicKey, RootPublic, Secret, VerifyingKey};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

const SETTINGS: &str = "hub.toml";
const KEY: &str = "hub.key";
const CERTIFICATE: &str = "hub.crt";
/// The files without which a hub is another one; the rest comes back from suitcases and desk.
pub const MADE_ONCE: [&str; 3] = [SETTINGS, KEY, CERTIFICATE];
const MARKER: &str = "hub.marker";
const DATABASE: &str = "hub.db";
const LOCK: &str = "hub.lock";

/// Of `hub.toml`.
const VERSION: u32 = 1;

/// What `hub.toml` of any version says.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// `hub.toml`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Of the file.
    version: u32,
    /// Where the hub listens, `address:port`.
    listen: String,
    /// Host names and addresses under which peers reach it; the certificate names them.
    names: Vec<String>,
    /// The community.
    tenant: String,
    /// Its root's Ed25519 key, hexadecimal.
    root_signing: String,
    /// Its root's X25519 key, hexadecimal.
    root_agreement: String,
}

/// Everything a hub starts with.
pub struct HubFolder {
    path: PathBuf,
    /// Where the hub listens, `address:port`.
    pub listen: String,
    /// Host names and addresses under which peers reach it.
    pub names: Vec<String>,
    /// The community.
    pub tenant: TenantId,
    /// Its root.
    pub root: RootPublic,
    /// From which the hub's keys come.
    pub seed: Secret<32>,
    /// The TLS certificate, DER.
    pub certificate: Vec<u8>,
}

impl HubFolder {
    /// A new one; nothing is written yet.
    pub fn new(
        path: &Path,
        listen: &str,
        names: Vec<String>,
        tenant: TenantId,
        root: RootPublic,
        seed: Secret<32>,
    ) -> Self {
        let listen = listen.to_owned();
        Self { path: path.to_owned(), listen, names, tenant, root, seed, certificate: Vec::new() }
    }

    /// True if a hub is in the folder.
    pub fn is_in(path: &Path) -> bool {
        path.join(SETTINGS).exists() || path.join(hub_spare::SPARE).exists()
    }

    /// An error that says what is in the folder instead of a hub.
    pub fn look_for(path: &Path) -> Result<(), DeskError> {
        if !Self::is_in(path) && super::apart::is_prepared(path) {
            return Err(DeskError::refused(
                "вузол обміну ще не прийняв відповіді центру: виконайте hub-accept",
                "the hub has not taken the centre's answer yet: run hub-accept",
            ));
        }
        if !Self::is_in(path) {
            return Err(DeskError::not_found(
                format!("у папці {} немає вузла обміну: створіть центр (init) або вкажіть іншу папку", path.display()),
                format!("no hub in {}: make a centre (init) or name another folder", path.display()),
            ));
        }
        Ok(())
    }

    /// The community, as its database knows it.
    pub fn community(&self) -> Tenant {
        Tenant { id: self.tenant, root: self.root }
    }

    /// Where the database is in a copy of this folder.
    pub fn database_in(&self, copy: &Path) -> PathBuf {
        copy.join(DATABASE)
    }

    /// The hub's keys.
    pub fn keys(&self) -> HubKeys {
        HubKeys::from_seed(&self.seed)
    }

    /// Where the database is.
    pub fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// Writes everything.
    pub fn write(&self) -> Result<(), DeskError> {
        peer::make_folder(&self.path)?;
        #[cfg(unix)]
        fs::set_permissions(&self.path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let settings = Settings {
            version: VERSION,
            listen: self.listen.clone(),
            names: self.names.clone(),
            tenant: self.tenant.to_string(),
            root_signing: hex(&self.root.signing.0),
            root_agreement: hex(&self.root.agreement.0),
        };
        let text = toml::to_string(&settings).map_err(|fault| error(ErrorKind::Refused, &fault))?;
        let head =
            "# Вузол обміну цієї громади / this community's hub. Адресу `listen` можна змінити / may be changed.\n";
        peer::keep_file(&self.path, KEY, self.seed.expose())?;
        peer::keep_file(&self.path, CERTIFICATE, &self.certificate)?;
        Ok(peer::keep_file(&self.path, SETTINGS, format!("{head}{text}").as_bytes())?)
    }

    /// Reads what [`HubFolder::write`] wrote.
    pub fn read(path: &Path) -> Result<Self, DeskError> {
        Self::look_for(path)?;
        let read = |name: &str| fs::read(path.join(name)).map_err(|fault| damaged(name, &fault));
        Self::of_files(path, &[read(SETTINGS)?, read(KEY)?, read(CERTIFICATE)?])
    }

    /// An error if a later program wrote this `hub.toml`. What does not say its version is another matter.
    pub fn refuse_later(settings: &[u8]) -> Result<(), DeskError> {
        let text = String::from_utf8_lossy(settings);
        match toml::from_str(&text) {
            Ok(Versioned { version }) if version > VERSION => Err(later_version(SETTINGS, version.into())),
            _ => Ok(()),
        }
    }

    /// From the bytes of `hub.toml`, `hub.key`, `hub.crt`.
    pub fn of_files(path: &Path, [settings, key, certificate]: &hub_spare::Files) -> Result<Self, DeskError> {
        Self::refuse_later(settings)?;
        let text = std::str::from_utf8(settings).map_err(|fault| damaged(SETTINGS, &fault))?;
        let settings: Settings = toml::from_str(text).map_err(|fault| damaged(SETTINGS, &fault.message()))?;
        let root_key = |text: &str| from_hex(text).ok_or_else(|| damaged(SETTINGS, &"root"));
        if settings.version != VERSION {
            return Err(damaged(SETTINGS, &"version"));
        }
        Ok(Self {
            path: path.to_owned(),
            listen: settings.listen,
            names: settings.names,
            tenant: settings.tenant.parse().map_err(|fault| damaged(SETTINGS, &fault))?,
            root: RootPublic {
                signing: VerifyingKey(root_key(&settings.root_signing)?),
                agreement: AgreementPublicKey(root_key(&settings.root_agreement)?),
            },
            seed: Secret::from_slice(key).ok_or_else(|| damaged(KEY, &"32"))?,
            certificate: certificate.clone(),
        })
    }

    /// How far the database had come; `None` if that was never written or is damaged, which costs repeats only. An error
    /// if a later program wrote it.
    pub fn marker(&self) -> Result<Option<Marker>, DeskError> {
        let Ok(text) = fs::read_to_string(self.path.join(MARKER)) else { return Ok(None) };
        match Marker::from_text(&text) {
            Ok(marker) => Ok(Some(marker)),
            Err(MarkerError::Damaged) => Ok(None),
            Err(MarkerError::LaterVersion(version)) => Err(later_version(MARKER, version)),
        }
    }

    /// Keeps how far the database has come.
    pub fn keep_marker(&self, marker: &Marker) -> Result<(), DeskError> {
        Ok(peer::keep_file(&self.path, MARKER, marker.to_text().as_bytes())?)
    }
}

/// One of the hub's small files does not read.
pub fn damaged(file: &str, what: &dyn std::fmt::Display) -> DeskError {
    DeskError::new(
        ErrorKind::Damaged,
        format!("файл {file} не читається ({what}): поверніть його з копії"),
        format!("the file {file} does not read ({what}): put it back from a copy"),
    )
}

/// One of the hub's small files is of a later program, which knows what it says: it stays as it is.
fn later_version(file: &str, version: u64) -> DeskError {
    DeskError::refused(
        format!(
            "файл {file} записала новіша програма (версія {version}): оновіть sync-server на цій машині; якщо його лише пошкоджено, поверніть його з копії"
        ),
        format!(
            "a later program wrote the file {file} (version {version}): update sync-server on this machine; if it is only damaged, put it back from a copy"
        ),
    )
}

/// A hub's folder in use: by any number of hubs at once, as when a new version takes over, or by one repair alone.
pub struct Use {
    _lock: File,
}

impl Use {
    /// By a hub that runs.
    pub fn shared(path: &Path) -> Result<Self, DeskError> {
        let lock = Self::open(path)?;
        let taken = lock.try_lock_shared();
        Self::taken(
            lock,
            taken,
            "вузол лагодять (hub-repair): зачекайте, доки скінчиться",
            "the hub is being repaired (hub-repair): wait until that is over",
        )
    }

    /// By nobody else.
    pub fn alone(path: &Path) -> Result<Self, DeskError> {
        let lock = Self::open(path)?;
        let taken = lock.try_lock();
        Self::taken(lock, taken, "вузол обміну працює: спершу зупиніть його", "the hub runs: stop it first")
    }

    fn open(path: &Path) -> Result<File, DeskError> {
        Ok(OpenOptions::new().create(true).truncate(false).write(true).open(path.join(LOCK))?)
    }

    fn taken(lock: File, taken: Result<(), TryLockError>, uk: &str, en: &str) -> Result<Self, DeskError> {
        match taken {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(DeskError::new(ErrorKind::Busy, uk.to_owned(), en.to_owned())),
            Err(TryLockError::Error(fault)) => Err(fault.into()),
        }
    }
}

/// Hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 32 bytes from hexadecimal digits.
pub fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

/// Bytes from hexadecimal digits.
pub fn bytes_from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(path: &Path) -> HubFolder {
        let root = RootPublic { signing: VerifyingKey([1; 32]), agreement: AgreementPublicKey([0xab; 32]) };
        let tenant = TenantId::from_random([3; 16]);
        let mut folder =
            HubFolder::new(path, "127.0.0.1:8443", vec!["127.0.0.1".into()], tenant, root, Secret::new([4; 32]));
        folder.certificate = vec![5, 6];
        folder
    }

    #[test]
    fn a_hub_starts_from_what_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let written = folder(dir.path());
        written.write().unwrap();
        let read = HubFolder::read(dir.path()).unwrap();
        assert_eq!((read.tenant, read.root, &read.names), (written.tenant, written.root, &written.names));
        assert_eq!(read.seed.expose(), written.seed.expose());
        assert_eq!((read.certificate, read.listen), (written.certificate, written.listen));
    }

    #[test]
    fn damaged_files_are_named() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(HubFolder::read(dir.path()).map(|_| ()).unwrap_err().kind, ErrorKind::NotFound);
        folder(dir.path()).write().unwrap();
        fs::write(dir.path().join(KEY), [1; 31]).unwrap();
        let short = HubFolder::read(dir.path()).map(|_| ()).unwrap_err();
        assert!(short.kind == ErrorKind::Damaged && short.sentence.uk.contains("hub.key"), "{short}");
        let settings = fs::read_to_string(dir.path().join(SETTINGS)).unwrap();
        fs::write(dir.path().join(KEY), [1; 32]).unwrap();
        for text in ["", "listen = 5", "version = 1\nlisten = 5", "version = 0", "version = -1", "version = 4294967296"]
        {
            fs::write(dir.path().join(SETTINGS), text).unwrap();
            let broken = HubFolder::read(dir.path()).map(|_| ()).unwrap_err();
            assert!(broken.kind == ErrorKind::Damaged && broken.sentence.en.contains("hub.toml"), "{broken}");
        }
        fs::write(dir.path().join(SETTINGS), settings.replace("version = 1\n", "")).unwrap();
        let unsaid = HubFolder::read(dir.path()).map(|_| ()).unwrap_err();
        assert!(unsaid.kind == ErrorKind::Damaged && unsaid.sentence.en.contains("version"), "{unsaid}");
        fs::write(dir.path().join(SETTINGS), settings).unwrap();
        HubFolder::read(dir.path()).unwrap();
    }

    #[test]
    fn files_of_a_later_program_are_told_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let written = folder(dir.path());
        written.write().unwrap();
        assert_eq!(written.marker().unwrap(), None);
        let marker = Marker { lineage: ids::LineageId::from_random([4; 16]), positions: 7 };
        written.keep_marker(&marker).unwrap();
        assert_eq!(written.marker().unwrap(), Some(marker));
        fs::write(dir.path().join(MARKER), "half").unwrap();
        assert_eq!(written.marker().unwrap(), None, "a damaged one is none");
        fs::write(dir.path().join(MARKER), "valiza-hub-marker 2\nlater").unwrap();
        let later = written.marker().unwrap_err();
        assert!(later.kind == ErrorKind::Refused && later.sentence.uk.contains("оновіть sync-server"), "{later}");
        // Whatever else a later version says.
        fs::write(dir.path().join(SETTINGS), "version = 2\nshards = [1]\n").unwrap();
        let later = HubFolder::read(dir.path()).map(|_| ()).unwrap_err();
        assert!(later.kind == ErrorKind::Refused && later.sentence.uk.contains("hub.toml"), "{later}");
    }
}
