//! Reading a text file that nobody vouches for: never more than a set number of bytes.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::error::SettingsError;
use super::place::shown_path;

/// The largest settings, `.env` or `diesel.toml` file that is read.
pub(crate) const LARGEST_SETTINGS: u64 = 1024 * 1024;

/// The largest file that `${file:…}` may name.
pub(crate) const LARGEST_SECRET: u64 = 8 * 1024;

/// Reads a UTF-8 file of at most `limit` bytes; `directory` is what messages are relative to.
pub(crate) fn read_text(
    path: &Path,
    limit: u64,
    directory: &Path,
) -> Result<String, SettingsError> {
    let shown = || shown_path(path, directory);
    let unreadable = |source: io::Error| SettingsError::Unreadable {
        path: shown(),
        source: Arc::new(source),
    };
    // Asked before opening: to open a pipe would wait for whoever writes to it.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(SettingsError::NotAFile { path: shown() });
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(SettingsError::TooLarge {
            path: shown(),
            limit,
        });
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        SettingsError::NotUtf8 {
            path: shown(),
            line,
        }
    })
}

/// The largest file that is read whole because a setting names it.
const LARGEST_NAMED: u64 = 64 * 1024 * 1024;

/// Reads a file that a setting names; a pipe, a device and what is larger than any such file are refused.
pub(crate) fn read_named(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    // What a folder is, the system says itself.
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a plain file",
        ));
    }
    if metadata.is_file() && metadata.len() > LARGEST_NAMED {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is larger than {} MiB", LARGEST_NAMED / 1024 / 1024),
        ));
    }
    fs::read(path)
}

/// The same, as text.
pub(crate) fn read_named_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read_named(path)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}
