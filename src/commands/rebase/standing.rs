//! On which databases the migrations of a folder are applied, as far as those can be reached.

use std::collections::BTreeSet;

use crate::backend::{self, Access};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::ExecuteError;
use crate::history::Memory;
use crate::migration::Version;
use crate::settings::{Connection, DatabaseUrl};
use crate::ui;

/// The connections that share a folder.
#[derive(Default)]
pub(super) struct Standing {
    pub(super) seen: Vec<Seen>,
    /// The names of those that could not be reached, and why.
    pub(super) unseen: Vec<(String, String)>,
}

/// A database that was reached.
pub(super) struct Seen {
    pub(super) connection: Connection,
    url: DatabaseUrl,
    pub(super) memory: Memory,
}

impl Standing {
    /// Reads what is applied on every connection that shares a folder with this one. Nothing is written.
    ///
    /// # Errors
    /// There are no settings.
    pub(super) fn look(context: &Context, own: &Connection) -> Result<Self, CommandError> {
        let settings = context.settings()?;
        let mut standing = Self::default();
        standing.add(context, own.clone());
        if context.names_folder() {
            return Ok(standing);
        }
        let others: Vec<String> = settings
            .names()
            .filter(|name| *name != own.name)
            .map(str::to_owned)
            .collect();
        for name in others {
            match settings.connection(Some(&name)) {
                Ok(other) => {
                    if other
                        .migrations
                        .iter()
                        .any(|one| own.migrations.contains(one))
                    {
                        standing.add(context, other);
                    }
                }
                Err(error) => standing.unseen.push((name, error.to_string())),
            }
        }
        Ok(standing)
    }

    fn add(&mut self, context: &Context, connection: Connection) {
        let name = connection.name.clone();
        match read(context, &connection) {
            Ok((url, memory)) => {
                if self.seen.iter().all(|seen| seen.url != url) {
                    self.seen.push(Seen {
                        connection,
                        url,
                        memory,
                    });
                }
            }
            Err(error) => self.unseen.push((name, error.messages().join(": "))),
        }
    }

    /// The names of the connections where a migration is applied.
    pub(super) fn applied_on(&self, version: &Version) -> Vec<&str> {
        self.seen
            .iter()
            .filter(|seen| seen.memory.ledger.contains(version))
            .map(|seen| seen.connection.name.as_str())
            .collect()
    }

    /// Every version that one of the databases has.
    pub(super) fn applied(&self) -> Vec<Version> {
        let all: BTreeSet<Version> = self
            .seen
            .iter()
            .flat_map(|seen| seen.memory.ledger.versions())
            .collect();
        all.into_iter().collect()
    }

    /// Says which databases could not be asked.
    pub(super) fn tell(&self, context: &Context) {
        for (name, why) in &self.unseen {
            context.ui.warning(&format!(
                "`{name}` could not be asked what is applied there: {why}"
            ));
        }
    }
}

fn read(context: &Context, connection: &Connection) -> Result<(DatabaseUrl, Memory), CommandError> {
    let url = connection.url()?.clone();
    let environment = context.settings()?.environment();
    let mut database = backend::open(&url, Access::Read, &environment)?;
    let memory = Memory::read(&mut *database).map_err(ExecuteError::from)?;
    Ok((url, memory))
}

/// Names in backticks, as a list.
pub(super) fn quoted<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    ui::list(&names, 5)
}
