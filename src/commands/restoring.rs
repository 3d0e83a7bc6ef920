//! Writes a migration's folder again, from what was recorded when it was applied.

use std::path::{Path, PathBuf};

use super::workspace::Workspace;
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::executor::ExecuteError;
use crate::history::RecordedSql;
use crate::migration::{self, Directory, Metadata, Version};

/// The texts of the files as they were.
pub(super) struct Texts {
    pub(super) up: String,
    pub(super) down: Option<String>,
    /// `None` where there was no such file, and its absence says the same.
    pub(super) metadata: Option<String>,
    /// The folder that the migration's own was in, as far as that was recorded.
    home: Option<String>,
}

impl Texts {
    /// Looks them up.
    pub(super) fn find(
        workspace: &mut Workspace,
        version: &Version,
        name: &str,
    ) -> Result<Self, CommandError> {
        let recorded = workspace
            .memory
            .sql(&mut *workspace.database, version)
            .map_err(ExecuteError::from)?;
        let had_text = workspace
            .memory
            .record
            .find(version)
            .is_some_and(|recorded| recorded.checksum.is_some());
        match recorded {
            Some(RecordedSql {
                up: Some(up),
                down,
                transactional,
                metadata,
                home,
            }) => Ok(Self {
                up,
                down,
                metadata: metadata.or_else(|| rendered(transactional)),
                home,
            }),
            Some(RecordedSql { up: None, .. }) if had_text => {
                Err(NoTexts::TooLong(name.to_owned()).into())
            }
            Some(RecordedSql { up: None, .. }) | None => {
                Err(NoTexts::NotRecorded(name.to_owned()).into())
            }
        }
    }

    /// The folder of a directory that it came from, else the first one.
    pub(super) fn home<'a>(&self, directory: &'a Directory) -> Option<&'a PathBuf> {
        let folders = directory.folders();
        let home = self.home.as_deref();
        let mut same = folders
            .iter()
            .filter(|folder| Some(migration::home(folder).as_str()) == home);
        same.next().or_else(|| folders.first())
    }

    /// Writes the folder into another one.
    pub(super) fn write(
        &self,
        context: &Context,
        into: &Path,
        name: &str,
    ) -> Result<PathBuf, CommandError> {
        let path = migration::restore(
            into,
            name,
            &self.up,
            self.down.as_deref(),
            self.metadata.as_deref(),
        )?;
        context
            .ui
            .status(&format!("Restored `{}`.", context.shown(&path).display()));
        Ok(path)
    }
}

/// What `metadata.toml` has to say where its text was not recorded.
fn rendered(transactional: bool) -> Option<String> {
    let metadata = Metadata {
        run_in_transaction: transactional,
        ..Metadata::absent()
    };
    (metadata != Metadata::absent()).then(|| metadata.render())
}

/// There is nothing to restore from.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoTexts {
    /// Another tool applied it.
    #[error("the SQL of `{0}` is not recorded, so its folder cannot be restored")]
    NotRecorded(String),
    /// Only its digest was kept.
    #[error(
        "the up.sql of `{0}` is longer than the 1 MB that is kept, so its folder cannot be restored"
    )]
    TooLong(String),
}

impl Explain for NoTexts {
    fn hints(&self) -> Vec<String> {
        vec![
            "bring the folder back, from the branch or release that has it".to_owned(),
            "go on without it: --on-missing ignore".to_owned(),
        ]
    }
}
