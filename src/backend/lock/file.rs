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

/// How often a file is opened that others take away at the same moment.
const ATTEMPTS: usize = 100;

/// The most that is read of what a file says, in bytes.
const MOST_READ: u64 = 4096;

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
            refuse_special(path)?;
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(path)
                .map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // Whoever had it took the file away when it was done: then this is the lock of nothing.
            if !is_at(&file, path) {
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

/// Who has it, as the file says.
pub(super) fn holder(path: &Path) -> Result<Option<Holder>, LockError> {
    let failed = |source| LockError::File {
        path: path.to_owned(),
        source,
    };
    refuse_special(path)?;
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    match file.try_lock_shared() {
        // Let go of with the file.
        Ok(()) => return Ok(None),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let mut text = Vec::new();
    // Where it cannot be read, somebody has it all the same.
    let _ = file.take(MOST_READ).read_to_end(&mut text);
    Ok(Some(said(&String::from_utf8_lossy(&text))))
}

/// A link would have the file that it leads to written over, and a pipe is waited for without end: a
/// repository that somebody else wrote can hold both.
fn refuse_special(path: &Path) -> Result<(), LockError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(LockError::NotPlain(path.to_owned())),
        // What is wrong with it is said by whoever opens it.
        Ok(_) | Err(_) => Ok(()),
    }
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
        assert!(matches!(refused, LockError::NotPlain(_)), "{refused}");
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
