//! The lock on a SQLite file: the operating system's, on a file beside it.
//!
//! It ends with its process, whatever ended that, so nothing has to be cleaned up and nothing expires.
//! What the file says is for those who wait; whether it is locked is all that counts.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::backoff::random;
use super::claim::Claim;
use super::error::LockError;
use super::holder::Holder;

/// What is added to the name of the database.
const SUFFIX: &str = ".manage-lock";

/// More of a file is not read to learn who has it, in bytes.
const LONGEST: u64 = 8 * 1024;

/// How often a file is opened that others take away at the same moment.
const ATTEMPTS: usize = 100;

/// A locked file.
#[derive(Debug)]
pub(super) struct LockedFile {
    path: PathBuf,
    file: File,
    token: String,
}

/// Where the lock of a database is: one file, however the database's path is written.
pub(super) fn path(database: &Path) -> PathBuf {
    let whole = database.canonicalize().unwrap_or_else(|_| {
        // It is not there yet; its folder is.
        let folder = match database.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        folder.join(database.file_name().unwrap_or_default())
    });
    let mut name = whole.into_os_string();
    name.push(SUFFIX);
    PathBuf::from(name)
}

impl LockedFile {
    /// Tries once; `None` if somebody else has it.
    pub(super) fn take(path: &Path, claim: &Claim) -> Result<Option<Self>, LockError> {
        let failed = |source| LockError::File {
            path: path.to_owned(),
            source,
        };
        for _ in 0..ATTEMPTS {
            let (mut file, is_ours) = match open(path, true) {
                Ok(file) => (file, true),
                // Another user's can still be locked, and somebody may have done so.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    match open(path, false) {
                        Ok(file) => (file, false),
                        Err(_) => return Err(denied(path, error)),
                    }
                }
                Err(error) => return Err(refused(path, error)),
            };
            let unlike = unlike(&file).map_err(failed)?;
            if let Some(unlike) = unlike {
                return Err(strange(path, unlike));
            }
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // Whoever had it took the file away when it was done: then this is the lock of nothing.
            if !is_at(&file, path) {
                continue;
            }
            if !is_signature(&mut file).map_err(failed)? {
                return Err(strange(path, Unlike::Text));
            }
            if !is_ours {
                // Nobody has it, and it cannot be signed.
                fs::remove_file(path).map_err(|error| denied(path, error))?;
                continue;
            }
            let token = format!("{:016x}{:016x}", random(), random());
            let mut locked = Self {
                path: path.to_owned(),
                file,
                token,
            };
            locked.sign(claim).map_err(failed)?;
            return Ok(Some(locked));
        }
        Ok(None)
    }

    /// Writes who we are.
    fn sign(&mut self, claim: &Claim) -> io::Result<()> {
        let line = |text: &str| text.replace(['\n', '\r'], " ");
        let text = format!(
            "pid: {}\nuser: {}\nhost: {}\nsince: {}\ndoing: {}\ntoken: {}\n",
            claim.pid,
            line(&claim.user),
            line(&claim.host),
            line(&claim.since),
            line(&claim.doing),
            self.token
        );
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(text.as_bytes())?;
        self.file.flush()
    }

    /// What the one who holds it is known by.
    pub(super) fn token(&self) -> String {
        token(&self.token)
    }

    /// Whether the file that is locked is still the one that others would lock.
    pub(super) fn holds(&self) -> bool {
        is_at(&self.file, &self.path)
    }
}

/// Takes the file away while it is still locked: whoever opened it before finds out that it is gone.
impl Drop for LockedFile {
    fn drop(&mut self) {
        if CAN_TELL_FILES && self.holds() {
            // A file that stays is no lock.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Opens what stands there, to be written or to be looked at. It waits for nobody and follows no link.
fn open(path: &Path, writes: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(writes).create(writes);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    options.truncate(false).open(path)
}

/// What stands there and is no lock of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unlike {
    Folder,
    Link,
    /// A pipe, a device.
    Other,
    /// A file with something else in it.
    Text,
}

impl Unlike {
    fn words(self) -> &'static str {
        match self {
            Self::Folder => "a folder",
            Self::Link => "a link",
            Self::Other => "not a file",
            Self::Text => "a file with something else in it",
        }
    }
}

fn unlike(file: &File) -> io::Result<Option<Unlike>> {
    let kind = file.metadata()?.file_type();
    Ok(if kind.is_file() {
        None
    } else if kind.is_dir() {
        Some(Unlike::Folder)
    } else {
        Some(Unlike::Other)
    })
}

/// Whether it holds what we write, or as much of it as a process has written that was killed then.
fn is_signature(file: &mut File) -> io::Result<bool> {
    const BEGINNING: &[u8] = b"pid: ";
    let mut begins = Vec::new();
    file.rewind()?;
    let length = u64::try_from(BEGINNING.len()).unwrap_or_default();
    Read::by_ref(file).take(length).read_to_end(&mut begins)?;
    file.rewind()?;
    Ok(BEGINNING.starts_with(&begins))
}

/// Why it could not be opened, where what stands there is the reason.
fn refused(path: &Path, error: io::Error) -> LockError {
    match fs::symlink_metadata(path).map(|there| there.file_type()) {
        Ok(kind) if kind.is_symlink() => strange(path, Unlike::Link),
        Ok(kind) if kind.is_dir() => strange(path, Unlike::Folder),
        Ok(kind) if !kind.is_file() => strange(path, Unlike::Other),
        Ok(_) | Err(_) => LockError::File {
            path: path.to_owned(),
            source: error,
        },
    }
}

/// The right is missing: to the folder, or to the file of another user.
fn denied(path: &Path, error: io::Error) -> LockError {
    match fs::symlink_metadata(path).map(|there| there.file_type()) {
        Ok(kind) if kind.is_file() => LockError::NotOurs {
            path: path.to_owned(),
            source: error,
        },
        Ok(_) | Err(_) => refused(path, error),
    }
}

fn strange(path: &Path, unlike: Unlike) -> LockError {
    LockError::Strange {
        path: path.to_owned(),
        what: unlike.words(),
    }
}

/// Who has it, as the file says.
pub(super) fn holder(path: &Path) -> Result<Option<Holder>, LockError> {
    let failed = |source| LockError::File {
        path: path.to_owned(),
        source,
    };
    let mut file = match open(path, false) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(denied(path, error));
        }
        Err(error) => return Err(refused(path, error)),
    };
    if let Some(unlike) = unlike(&file).map_err(failed)? {
        return Err(strange(path, unlike));
    }
    match file.try_lock_shared() {
        // Let go of with the file.
        Ok(()) if is_signature(&mut file).map_err(failed)? => return Ok(None),
        Ok(()) => return Err(strange(path, Unlike::Text)),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let mut text = Vec::new();
    // Where it cannot be read, somebody has it all the same.
    let _ = file.take(LONGEST).read_to_end(&mut text);
    Ok(Some(said(&String::from_utf8_lossy(&text))))
}

fn said(text: &str) -> Holder {
    let find = |key: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| {
            let value = line.strip_prefix(key)?.strip_prefix(": ")?;
            (!value.is_empty()).then(|| value.to_owned())
        })
    };
    Holder {
        // Any other number would mean many processes to whoever ends it.
        pid: find("pid")
            .and_then(|pid| pid.parse().ok())
            .filter(|pid| *pid > 1),
        user: find("user"),
        host: find("host"),
        since: find("since"),
        application: find("doing"),
        token: find("token").map(|text| token(&text)),
    }
}

fn token(text: &str) -> String {
    format!("file:{text}")
}

#[cfg(unix)]
const CAN_TELL_FILES: bool = true;

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(ours), Ok(theirs)) => ours.ino() == theirs.ino() && ours.dev() == theirs.dev(),
        (Ok(_) | Err(_), _) => false,
    }
}

#[cfg(not(unix))]
const CAN_TELL_FILES: bool = false;

/// A file that is open cannot be taken away here, and we don't.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim() -> Claim {
        Claim {
            doing: "manage migrate".to_owned(),
            user: "ann".to_owned(),
            host: "web\n-1".to_owned(),
            since: "2026-01-02 03:04:05".to_owned(),
            pid: 7,
        }
    }

    fn take(path: &Path) -> Option<LockedFile> {
        LockedFile::take(path, &claim()).unwrap()
    }

    #[test]
    fn one_has_it_and_others_read_who_that_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(&folder.path().join("app.db"));
        assert!(path.ends_with("app.db.manage-lock"));
        let ours = take(&path).unwrap();
        assert!(take(&path).is_none());
        let holder = holder(&path).unwrap().unwrap();
        assert_eq!(
            holder.to_string(),
            "manage migrate by ann on web -1 (pid 7) since 2026-01-02 03:04:05 UTC"
        );
        assert_eq!(holder.token, Some(ours.token()));
        drop(ours);
        assert!(!path.exists());
        assert!(super::holder(&path).unwrap().is_none());
    }

    #[test]
    fn a_file_that_was_left_behind_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(&folder.path().join("app.db"));
        fs::write(&path, "pid: 1\n").unwrap();
        assert!(holder(&path).unwrap().is_none());
        assert!(take(&path).is_some_and(|file| file.holds()));
    }

    #[test]
    fn a_number_that_means_many_processes_is_none() {
        for pid in ["-1", "0", "1", "x", ""] {
            assert_eq!(said(&format!("pid: {pid}\n")).pid, None, "{pid}");
        }
        assert_eq!(said("pid: 77\n").pid, Some(77));
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(&folder.path().join("app.db"));
        let other = folder.path().join("other");
        fs::write(&other, "precious").unwrap();
        std::os::unix::fs::symlink(&other, &path).unwrap();
        let refused = LockedFile::take(&path, &claim()).unwrap_err();
        assert!(matches!(refused, LockError::Strange { .. }), "{refused}");
        assert!(holder(&path).is_err());
        assert_eq!(fs::read_to_string(&other).unwrap(), "precious");
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_whose_file_was_taken_away_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(&folder.path().join("app.db"));
        let ours = take(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(!ours.holds());
        let theirs = take(&path).unwrap();
        // What is there by then is not ours to take away.
        drop(ours);
        assert!(theirs.holds());
    }
}
