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
