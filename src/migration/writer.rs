//! Writes migrations into their folder, so that nobody ever sees half of one.
//!
//! The files are written into a dot-directory, which every tool passes over, and appear by one
//! rename. Two programs that write at once never leave one version twice: the rename happens under
//! a lock of the folder, and where a folder cannot be locked, whoever finds the version taken after
//! the rename takes its own directory back.

use std::path::{Path, PathBuf};

use super::metadata::Metadata;
use super::slug::Slug;
use super::version::{Spelling, Version};

mod error;
pub(super) mod place;
mod relocate;
mod rewrite;
mod squash;
pub(super) mod staging;
pub(super) mod undo;

pub use error::WriteError;
pub use relocate::{Edit, Relocation, Rename, relocate};
pub use rewrite::rewrite;
pub use squash::{Mended, Squashed, Successor, replace};
pub use undo::take_back;

use staging::Staging;

/// A migration that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The folder of the migrations; it is created when it is missing.
    pub directory: PathBuf,
    /// The version as the name will spell it.
    pub version: Spelling,
    /// The name after the version.
    pub slug: Slug,
    /// The SQL that applies it.
    pub up: String,
    /// The SQL that reverts it; an irreversible migration has none.
    pub down: Option<String>,
    /// What stands in its metadata.toml.
    pub metadata: Metadata,
}

impl Draft {
    /// The name that the migration's directory will have.
    pub fn name(&self) -> String {
        format!("{}_{}", self.version, self.slug)
    }
}

/// Writes a new migration and gives the path of its directory.
///
/// A metadata.toml that says only what its absence says is left out.
pub fn write(draft: &Draft) -> Result<PathBuf, WriteError> {
    check(draft)?;
    let metadata = (draft.metadata != Metadata::absent()).then(|| draft.metadata.render());
    create(
        &draft.directory,
        &draft.name(),
        &draft.up,
        draft.down.as_deref(),
        metadata.as_deref(),
    )
}

/// Refuses a file without a statement.
fn check(draft: &Draft) -> Result<(), WriteError> {
    for (file, text) in [
        ("up.sql", Some(&draft.up)),
        ("down.sql", draft.down.as_ref()),
    ] {
        // Diesel refuses an empty file, and PostgreSQL one without a statement.
        if text.is_some_and(|text| text.chars().all(|c| c.is_whitespace() || c == ';')) {
            return Err(WriteError::Empty { file });
        }
    }
    Ok(())
}

/// Writes a migration again whose directory is gone, under the name it had and with the SQL that was
/// recorded, as it was.
pub fn restore(
    directory: &Path,
    name: &str,
    up: &str,
    down: Option<&str>,
    metadata: Option<&str>,
) -> Result<PathBuf, WriteError> {
    place::check_name(name)?;
    create(directory, name, up, down, metadata)
}

fn create(
    directory: &Path,
    name: &str,
    up: &str,
    down: Option<&str>,
    metadata: Option<&str>,
) -> Result<PathBuf, WriteError> {
    place::create_folder(directory)?;
    place::check_free(directory, name, &Version::of_directory(name), None)?;
    let staging = Staging::create(directory, name)?;
    staging.write("up.sql", up)?;
    if let Some(down) = down {
        staging.write("down.sql", down)?;
    }
    if let Some(metadata) = metadata {
        staging.write("metadata.toml", metadata)?;
    }
    staging.finish();
    let path = place::publish(staging.path(), directory, name)?;
    staging.published();
    Ok(path)
}

#[cfg(test)]
mod tests;
