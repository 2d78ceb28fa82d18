//! The folder of a stick: files are written beside, synced, renamed, and read back from the stick itself before anybody
//! is told that it may be taken out.

use super::piece::{FILE, message_hash};
use crate::PeerError;
use signing::Hash;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The folder below a stick's own.
const FOLDER: &str = "valiza";
/// How our files end.
const ENDING: &str = ".vlz";
/// What is being written has this behind its name.
const BESIDE: &str = ".new";
/// Files of ours that are looked at on one stick.
const MOST: usize = 4_096;

/// Why a stick could not be written or read. What is recorded stays; what was written whole before counts.
#[derive(Debug, thiserror::Error)]
pub enum StickError {
    /// There is no such folder.
    #[error(
        "папки {0} немає: перевірте, чи вставлено флешку і чи правильно вказано її папку / there is no folder {0}: is the stick in, and is this its folder?"
    )]
    NoFolder(String),
    /// It is no folder.
    #[error("{0} — це файл, а треба папку флешки / {0} is a file; name the stick's folder")]
    NotAFolder(String),
    /// It is the folder of a suitcase or a centre.
    #[error(
        "{0} — папка самої валізи чи центру, а не флешки: укажіть папку флешки / {0} is the folder of a suitcase or centre itself: name the stick's folder"
    )]
    OwnFolder(String),
    /// Nobody wrote anything of ours here.
    #[error(
        "на флешці немає нічого від «Валізи»: перевірте, чи це та флешка / the stick holds nothing of Valiza: is it the right one?"
    )]
    Empty,
    /// It cannot be written.
    #[error(
        "на флешку не можна писати: зніміть захист від запису (перемикач на корпусі) або візьміть іншу / the stick cannot be written: move its switch, or take another one"
    )]
    ReadOnly,
    /// No room.
    #[error(
        "на флешці бракує місця, ще {} МіБ: звільніть його або візьміть другу флешку й запишіть решту; записане досі дійсне / the stick is full: {} MiB more are needed; free them or write the rest onto another stick; what is on it is valid",
        mib(*.missing), mib(*.missing)
    )]
    Full {
        /// Bytes.
        missing: u64,
    },
    /// It was pulled out.
    #[error(
        "флешку витягнули або вона відпала під час роботи: вставте її і повторіть, робота продовжиться з того самого місця; нічого не втрачено / the stick was pulled out or fell off: put it in and repeat, the work goes on where it stopped; nothing is lost"
    )]
    Gone,
    /// It gives back something else than was written.
    #[error(
        "флешка несправна: прочитане з неї не збігається із записаним; візьміть іншу / the stick is faulty: it gives back something else than was written; take another one"
    )]
    Faulty,
    /// Far more files than a community writes.
    #[error(
        "на флешці понад 4096 файлів «Валізи»: почистіть папку valiza або візьміть іншу флешку / the stick holds over 4096 files of Valiza: clear its folder valiza or take another stick"
    )]
    TooMany,
    /// This peer itself.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The way to the hub.
    #[error(transparent)]
    Sync(#[from] crate::sync::SyncError),
    /// Anything else of the stick's file system.
    #[error("флешка: {0}; спробуйте іншу / the stick: {0}; try another one")]
    Io(io::Error),
}

const fn mib(bytes: u64) -> u64 {
    bytes.div_ceil(1024 * 1024)
}

/// `EIO`, `ENXIO`, `ENODEV`: what a device that is gone answers on Linux and macOS.
const GONE: [i32; 3] = [5, 6, 19];

impl From<io::Error> for StickError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full { missing: FILE as u64 }
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::NotFound => Self::Gone,
            _ if cfg!(unix) && error.raw_os_error().is_some_and(|code| GONE.contains(&code)) => Self::Gone,
            _ => Self::Io(error),
        }
    }
}

/// What is on a stick, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// Of the length that all our files have.
    pub whole: Vec<String>,
    /// Of another length.
    pub cut: Vec<String>,
    /// Was being written when somebody pulled the stick; the names that the files would have had.
    pub beside: Vec<String>,
}

/// An inserted stick.
#[derive(Debug, Clone)]
pub struct Stick {
    /// The folder that a person named.
    root: PathBuf,
    /// Where our files are.
    folder: PathBuf,
}

impl Stick {
    /// The stick whose folder a person named; its folder `valiza` may be named as well.
    pub fn at(path: &Path) -> Result<Self, StickError> {
        let shown = || path.display().to_string();
        match fs::metadata(path) {
            Ok(found) if !found.is_dir() => return Err(StickError::NotAFolder(shown())),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(StickError::NoFolder(shown())),
            Err(error) => return Err(error.into()),
        }
        let is_inside = path.file_name().is_some_and(|name| name == FOLDER);
        let folder = if is_inside { path.to_owned() } else { path.join(FOLDER) };
        let own = |folder: &Path| {
            ["vault", "valiza.db", "desk/vault", "hub/hub.db"].iter().any(|name| folder.join(name).exists())
        };
        if own(&folder) || own(path) {
            return Err(StickError::OwnFolder(shown()));
        }
        Ok(Self { root: path.to_owned(), folder })
    }

    /// The folder that a person named.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The files that are ours by name, each list in order.
    pub fn files(&self) -> Result<Listing, StickError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.root.is_dir() => {
                return Ok(Default::default());
            }
            Err(error) => return Err(error.into()),
        };
        let mut listing = Listing::default();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let (name, is_beside) = name.strip_suffix(BESIDE).map_or((name, false), |name| (name, true));
            let Some(name) = own_name(name) else { continue };
            let found = entry.metadata()?;
            if !found.is_file() {
                continue;
            }
            match (is_beside, found.len() == FILE as u64) {
                (true, _) => listing.beside.push(name),
                (false, true) => listing.whole.push(name),
                (false, false) => listing.cut.push(name),
            }
            if listing.whole.len() + listing.cut.len() + listing.beside.len() > MOST {
                return Err(StickError::TooMany);
            }
        }
        let Listing { whole, cut, beside } = &mut listing;
        [whole, cut, beside].into_iter().for_each(|names| names.sort_unstable());
        Ok(listing)
    }

    /// A file's bytes, never more than a file has.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, StickError> {
        let mut bytes = Vec::with_capacity(FILE + 1);
        File::open(self.folder.join(name))?.take(FILE as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// True if a file is there and holds what was written.
    pub fn holds(&self, name: &str, digest: Hash) -> Result<bool, StickError> {
        match self.read(name) {
            Ok(bytes) => Ok(message_hash(&bytes) == digest),
            Err(StickError::Gone) if self.root.is_dir() && !self.folder.join(name).exists() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes a new file, and reads it back from the stick.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StickError> {
        if !self.folder.is_dir() {
            fs::create_dir(&self.folder)?;
            sync_folder(&self.root)?;
        }
        let (beside, place) = (self.folder.join(format!("{name}{BESIDE}")), self.folder.join(name));
        let written = write_through(&beside, bytes).and_then(|()| Ok(fs::rename(&beside, &place)?));
        if let Err(error) = written {
            // Half a file is of no use; if even that cannot be done, the next writing does it.
            let _ = fs::remove_file(&beside);
            return Err(error);
        }
        sync_folder(&self.folder)?;
        if self.read(name)? == bytes { Ok(()) } else { Err(StickError::Faulty) }
    }

    /// Takes a file away that this peer wrote, and what may be left of its writing. True if there was one.
    pub fn remove(&self, name: &str) -> Result<bool, StickError> {
        let gone = |path: PathBuf| match fs::remove_file(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.root.is_dir() => Ok(false),
            Err(error) => Err(StickError::from(error)),
        };
        let beside = gone(self.folder.join(format!("{name}{BESIDE}")))?;
        Ok(gone(self.folder.join(name))? || beside)
    }

    /// Everything that was written and removed is on the stick when this returns.
    pub fn settle(&self) -> Result<(), StickError> {
        if self.folder.is_dir() { sync_folder(&self.folder) } else { Ok(()) }
    }
}

/// A fresh name for a file: 16 digits of its own 8 random bytes.
pub fn name_of(random: [u8; 8]) -> String {
    let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}{ENDING}")
}

/// The name if it is one of ours; a stick may have turned it into capitals.
fn own_name(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let digits = lower.strip_suffix(ENDING)?;
    (digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())).then(|| name.to_owned())
}

fn write_through(path: &Path, bytes: &[u8]) -> Result<(), StickError> {
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    forget_cached(&file);
    Ok(())
}

/// What is read back next comes from the stick and not from this computer's memory, where the system can do that.
#[cfg(target_os = "linux")]
fn forget_cached(file: &File) {
    // A file system that cannot is none to fail for: then what was synced is compared with memory.
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn forget_cached(_: &File) {}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<(), StickError> {
    Ok(File::open(folder)?.sync_all()?)
}

/// Elsewhere a folder cannot be opened to be synced; the file's own sync carries its name.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<(), StickError> {
    Ok(())
}

/// Free bytes of the file system, where that can be asked.
pub fn free_bytes(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    return rustix::fs::statvfs(path).ok().map(|found| found.f_bavail.saturating_mul(found.f_frsize));
    #[cfg(not(unix))]
    return None;
}

/// Folders under which systems mount what is plugged in.
const PLUGGED_IN: [&str; 4] = ["/media/", "/run/media/", "/mnt/", "/Volumes/"];

/// Sticks that are plugged in and mounted, as far as the system tells.
pub fn mounted() -> Vec<PathBuf> {
    let listed = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let mut found: Vec<PathBuf> = listed.lines().filter_map(mount_point).map(PathBuf::from).collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(16);
    found
}

/// The second word of a line, where blanks are written `\040`; of devices only: what systems keep in memory or fetch from
/// elsewhere is no stick.
fn mount_point(line: &str) -> Option<String> {
    let mut words = line.split(' ');
    let place = words.next().filter(|device| device.starts_with("/dev/")).and(words.next())?;
    let place = place.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    PLUGGED_IN.iter().any(|folder| place.starts_with(folder)).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stick() -> (tempfile::TempDir, Stick) {
        let dir = tempfile::tempdir().unwrap();
        let stick = Stick::at(dir.path()).unwrap();
        (dir, stick)
    }

    #[test]
    fn a_file_is_written_read_back_and_taken_away() {
        let (dir, stick) = stick();
        assert_eq!(stick.files().unwrap(), Default::default());
        let (name, bytes) = (name_of([0xab; 8]), vec![7; FILE]);
        stick.write(&name, &bytes).unwrap();
        assert_eq!(name, "abababababababab.vlz");
        assert_eq!(stick.files().unwrap().whole, std::slice::from_ref(&name));
        assert!(stick.holds(&name, message_hash(&bytes)).unwrap());
        assert!(!stick.holds(&name, message_hash(b"other")).unwrap());
        let names: Vec<_> = fs::read_dir(dir.path().join("valiza")).unwrap().flatten().collect();
        assert_eq!(names.len(), 1, "nothing is left beside");
        assert_eq!(Stick::at(&dir.path().join("valiza")).unwrap().files().unwrap().whole, std::slice::from_ref(&name));
        assert!(stick.remove(&name).unwrap());
        assert!(!stick.remove(&name).unwrap());
        assert!(!stick.holds(&name, message_hash(&bytes)).unwrap());
    }

    #[test]
    fn what_others_have_on_the_stick_is_none_of_ours() {
        let (dir, stick) = stick();
        let folder = dir.path().join("valiza");
        fs::create_dir(&folder).unwrap();
        for name in ["фото.jpg", "abababababababab.vlz.new", "ababababababab.vlz", "xyxyxyxyxyxyxyxy.vlz"] {
            fs::write(folder.join(name), vec![0; FILE]).unwrap();
        }
        fs::create_dir(folder.join("abababababababab.vlz")).unwrap();
        fs::write(folder.join("cdcdcdcdcdcdcdcd.vlz"), b"cut").unwrap();
        fs::write(folder.join("EFEFEFEFEFEFEFEF.VLZ"), vec![0; FILE]).unwrap();
        let Listing { whole, cut, beside } = stick.files().unwrap();
        assert_eq!((whole, cut), (vec!["EFEFEFEFEFEFEFEF.VLZ".to_owned()], vec!["cdcdcdcdcdcdcdcd.vlz".to_owned()]));
        assert_eq!(beside, ["abababababababab.vlz"]);
    }

    #[test]
    fn wrong_folders_are_said() {
        let (dir, _) = stick();
        let path = dir.path().join("file");
        fs::write(&path, "x").unwrap();
        assert!(matches!(Stick::at(&path), Err(StickError::NotAFolder(_))));
        assert!(matches!(Stick::at(&dir.path().join("none")), Err(StickError::NoFolder(_))));
        fs::write(dir.path().join("vault"), "x").unwrap();
        assert!(matches!(Stick::at(dir.path()), Err(StickError::OwnFolder(_))));
    }

    #[test]
    fn a_stick_that_is_gone_is_no_empty_stick() {
        let (dir, stick) = stick();
        stick.write(&name_of([1; 8]), &vec![1; FILE]).unwrap();
        drop(dir);
        assert!(matches!(stick.files(), Err(StickError::Gone)));
        assert!(matches!(stick.write(&name_of([2; 8]), &vec![1; FILE]), Err(StickError::Gone)));
        assert!(matches!(stick.remove(&name_of([1; 8])), Err(StickError::Gone)));
    }

    #[test]
    fn mounted_sticks_are_told_from_disks() {
        let lines =
            "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /media/olena/МОЯ\\040ФЛЕШКА vfat rw 0 0\nproc /proc proc rw 0 0";
        let found: Vec<String> = lines.lines().filter_map(mount_point).collect();
        assert_eq!(found, ["/media/olena/МОЯ ФЛЕШКА"]);
    }

    #[test]
    fn only_devices_that_are_plugged_in_are_offered() {
        let place = |line| mount_point(line);
        assert_eq!(place("/dev/sdb1 /media/olena/KINGSTON\\04064 vfat rw 0 0").unwrap(), "/media/olena/KINGSTON 64");
        assert_eq!(place("/dev/mapper/luks-1 /run/media/olena/x ext4 ro 0 0").unwrap(), "/run/media/olena/x");
        for other in
            ["tmpfs /mnt/cache tmpfs rw 0 0", "nas:/share /mnt/nas nfs rw 0 0", "/dev/sda2 /home ext4 rw 0 0", ""]
        {
            assert_eq!(place(other), None, "{other}");
        }
    }
}
