//! One connection's migrations on disk: for what needs no database, or asks it only if it must.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::warn;
use super::workspace::{announce, connect, folders, read_memory};
use crate::backend::{Access, Database};
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::executor::{self, Conflict, KnownMigration};
use crate::history::Memory;
use crate::migration::{Directory, Graph, Node, Position, Target, Version, read_metadata};
use crate::settings::Connection;
use crate::ui;

pub(super) struct Files {
    pub(super) connection: Connection,
    pub(super) directory: Directory,
    pub(super) graph: Graph,
}

impl Files {
    /// Reads names and metadata; what is wrong with them is told, and the rest shown.
    pub(super) fn look(context: &Context, connection: Connection) -> Result<Self, CommandError> {
        let folders = folders(context, &connection);
        for folder in folders.iter().filter(|folder| !folder.exists()) {
            context
                .ui
                .note(&format!("there is no folder `{}`", folder.display()));
        }
        let directory = Directory::load(&folders)?;
        let graph = Graph::load(&directory);
        for finding in directory.findings() {
            ui::finding(&context.ui, finding);
        }
        for fault in graph.faults() {
            ui::finding(&context.ui, &fault.finding());
        }
        let duplicates = directory.duplicates();
        if !duplicates.is_empty() {
            warn(context, &[Conflict::Duplicate(duplicates)]);
        }
        Ok(Self {
            connection,
            directory,
            graph,
        })
    }

    /// Says which database it is, opens it to read, and reads what it remembers.
    pub(super) fn ask(
        &self,
        context: &Context,
    ) -> Result<(Box<dyn Database>, Memory), CommandError> {
        announce(context, &self.connection)?;
        self.ask_again(context)
    }

    /// The same without a word.
    pub(super) fn ask_again(
        &self,
        context: &Context,
    ) -> Result<(Box<dyn Database>, Memory), CommandError> {
        let mut database = connect(context, &self.connection, Access::Read)?;
        let memory = read_memory(&mut *database)?;
        Ok((database, memory))
    }

    /// Everything that a target may name; without a memory nothing is applied.
    pub(super) fn known(&self, memory: Option<&Memory>) -> BTreeMap<Version, KnownMigration> {
        match memory {
            Some(memory) => executor::known(&self.directory, memory),
            None => executor::known(&self.directory, &Memory::default()),
        }
    }

    /// The migration that a target means.
    ///
    /// # Errors
    /// It names no place, or the one before all migrations.
    pub(super) fn find(
        &self,
        target: &Target,
        memory: Option<&Memory>,
    ) -> Result<Version, CommandError> {
        match executor::position(target, &self.known(memory), &self.graph)? {
            Position::Migration(version) => Ok(version),
            Position::Base => Err(NoMigration(target.to_string()).into()),
        }
    }

    /// The descriptions of some migrations, where they have any.
    pub(super) fn descriptions<'a>(
        nodes: impl IntoIterator<Item = &'a Node>,
    ) -> BTreeMap<Version, String> {
        nodes
            .into_iter()
            .filter_map(|node| {
                let (metadata, _) = read_metadata(&node.path).ok()?;
                Some((node.version.clone(), metadata.description?))
            })
            .collect()
    }

    /// The folders as they are told: `migrations`.
    pub(super) fn place(&self) -> String {
        let folders: Vec<_> = self
            .directory
            .folders()
            .iter()
            .map(|folder| folder.display().to_string())
            .collect();
        folders.join(", ")
    }
}

/// What is applied, and where that leads to.
pub(super) struct Applied {
    pub(super) versions: BTreeSet<Version>,
    pub(super) current: BTreeSet<Version>,
}

impl Applied {
    pub(super) fn of(files: &Files, memory: &Memory) -> Self {
        let standing = executor::Standing::of(&files.directory, &files.graph, memory);
        Self {
            versions: memory.ledger.versions().into_iter().collect(),
            current: standing
                .reached
                .into_iter()
                .map(|one| one.version)
                .collect(),
        }
    }
}

/// A target that is before all migrations.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no migration: it is where nothing is applied")]
struct NoMigration(String);

impl Explain for NoMigration {
    fn hints(&self) -> Vec<String> {
        vec![
            "name one of these: manage history".to_owned(),
            "or write the first: manage makemigrations".to_owned(),
        ]
    }
}
