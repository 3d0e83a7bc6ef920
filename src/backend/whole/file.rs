//! A SQLite database as a whole: a file, and those that SQLite puts beside it.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::WholeError;
use crate::backend::maintenance::Others;
use crate::backend::open::{Access, open};
use crate::settings::{DatabaseUrl, Environment, SqliteUrl};

/// What every SQLite file that was written to begins with.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// What SQLite puts behind the name for files of its own.
const BESIDE: [&str; 3] = ["-journal", "-wal", "-shm"];

/// Makes an empty file, which is an empty database, and the folders above it. Whether it had to.
pub(super) fn create(path: &Path) -> Result<bool, WholeError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
        fs::create_dir_all(folder).map_err(|source| WholeError::File {
            deed: "make the folder",
            path: folder.to_owned(),
            source,
        })?;
    }
    match fs::File::create_new(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            check(path)?;
            Ok(false)
        }
        Err(source) => Err(failed("create", path, source)),
    }
}

/// Removes the file and those beside it. Whether it was there.
pub(super) fn remove(
    url: &SqliteUrl,
    path: &Path,
    others: Others,
    environment: &Environment,
) -> Result<bool, WholeError> {
    if !path.exists() {
        return Ok(false);
    }
    check(path)?;
    if others == Others::Stay {
        nobody_writes(url, path, environment)?;
    }
    fs::remove_file(path).map_err(|source| failed("remove", path, source))?;
    for suffix in BESIDE {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let beside = PathBuf::from(name);
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed("remove", &beside, error));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(true)
}

/// Nothing but a database is taken for one.
fn check(path: &Path) -> Result<(), WholeError> {
    let failed = |source| failed("read", path, source);
    if path.is_dir() {
        return Err(WholeError::NotADatabase(path.to_owned()));
    }
    let mut beginning = Vec::new();
    fs::File::open(path)
        .map_err(failed)?
        .take(HEADER.len() as u64)
        .read_to_end(&mut beginning)
        .map_err(failed)?;
    if beginning.is_empty() || beginning == HEADER {
        return Ok(());
    }
    Err(WholeError::NotADatabase(path.to_owned()))
}

/// Whoever writes to a file that is removed writes into nowhere.
fn nobody_writes(
    url: &SqliteUrl,
    path: &Path,
    environment: &Environment,
) -> Result<(), WholeError> {
    let url = DatabaseUrl::Sqlite(url.clone());
    let refused = |source| WholeError::Drop {
        name: path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        source,
    };
    let mut database = open(&url, Access::Write, environment)?;
    database
        .batch("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE; ROLLBACK")
        .map_err(refused)
}

fn failed(deed: &'static str, path: &Path, source: io::Error) -> WholeError {
    WholeError::File {
        deed,
        path: path.to_owned(),
        source,
    }
}
