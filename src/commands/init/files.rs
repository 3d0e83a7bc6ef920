//! The files and folders, none of which is written over.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::error::InitError;
use crate::context::Context;

pub(super) fn write_new(path: &Path, text: &str) -> Result<(), InitError> {
    let failed = |source: io::Error| {
        if source.kind() == io::ErrorKind::AlreadyExists {
            InitError::Exists(path.to_owned())
        } else {
            InitError::Write {
                path: path.to_owned(),
                source,
            }
        }
    };
    let mut file = fs::File::create_new(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// Makes the folder, with a file that makes git keep it; returns whether there was something to make.
pub(super) fn make_folder(context: &Context, folder: &Path) -> Result<bool, InitError> {
    if folder.is_dir() {
        return Ok(false);
    }
    if folder.exists() {
        return Err(InitError::InTheWay(context.shown(folder)));
    }
    let failed = |source| InitError::Write {
        path: folder.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(failed)?;
    fs::File::create_new(folder.join(".gitkeep")).map_err(failed)?;
    Ok(true)
}
