//! One connection at work: its folder, its database, and what the database remembers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::waiting::waiting;
use crate::backend::{self, Access, Database, DatabaseError, Lock, OpenError};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, Conflicts, KnownMigration, Missing, PrepareError};
use crate::history::{Applied, Ledger, Memory};
use crate::migration::{self, Directory, Finding, Graph, Severity, Version};
use crate::settings::{Connection, DatabaseUrl};
use crate::sql::Dialect;
use crate::ui;

pub(super) struct Workspace {
    pub(super) connection: Connection,
    pub(super) url: DatabaseUrl,
    pub(super) directory: Directory,
    pub(super) graph: Graph,
    pub(super) database: Box<dyn Database>,
    pub(super) memory: Memory,
    /// Held from the moment everything is decided; see `locked`.
    pub(super) lock: Option<Lock>,
}

impl Workspace {
    /// Reads the files' names and what the database remembers. Nothing is written.
    ///
    /// What Diesel would stumble over in the folder is an error here, before the database is touched.
    pub(super) fn open(
        context: &Context,
        connection: Connection,
        access: Access,
    ) -> Result<Self, CommandError> {
        let directory = load_directory(context, &connection, OnAbsent::Refuse)?;
        Self::with_directory(context, connection, directory, access)
    }

    /// The same for a look: what is wrong in the folder and in its graph is told, and the rest shown.
    pub(super) fn look(context: &Context, connection: Connection) -> Result<Self, CommandError> {
        let directory = Directory::load(&folders(context, &connection))?;
        for finding in directory.findings() {
            ui::finding(&context.ui, finding);
        }
        let workspace = Self::with_directory(context, connection, directory, Access::Read)?;
        for finding in executor::graph_faults(&workspace.known(), &workspace.graph) {
            ui::finding(&context.ui, &finding);
        }
        Ok(workspace)
    }

    fn with_directory(
        context: &Context,
        connection: Connection,
        directory: Directory,
        access: Access,
    ) -> Result<Self, CommandError> {
        let url = connection.url()?.clone();
        announce(context, &connection)?;
        let mut database = connect(context, &connection, access)?;
        if access == Access::Write {
            database
                .limit(connection.statement_timeout, connection.ddl_lock_timeout)
                .map_err(executor::ExecuteError::from)?;
        }
        let memory = read_memory(&mut *database)?;
        let graph = Graph::load(&directory);
        Ok(Self {
            connection,
            url,
            directory,
            graph,
            database,
            memory,
            lock: None,
        })
    }

    /// Reads everything again, after files or rows were changed.
    pub(super) fn reload(&mut self, context: &Context) -> Result<(), CommandError> {
        self.directory = load_directory(context, &self.connection, OnAbsent::Make)?;
        self.graph = Graph::load(&self.directory);
        self.memory = read_memory(&mut *self.database)?;
        Ok(())
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    pub(super) fn known(&self) -> BTreeMap<Version, KnownMigration> {
        let mut known = executor::known(&self.directory, &self.memory);
        known.retain(|version, migration| {
            migration.on_disk || !executor::is_absorbed(version, &self.graph, &self.memory.ledger)
        });
        known
    }

    pub(super) fn conflicts(&self) -> Conflicts {
        Conflicts::find(&self.directory, &self.graph, &self.memory, self.dialect())
    }

    /// Those that would be left if these rows were forgotten.
    pub(super) fn conflicts_without(&self, forgotten: &[Missing]) -> Conflicts {
        let is_kept = |one: &&Applied| forgotten.iter().all(|row| row.version != one.version);
        let applied = self.memory.ledger.applied().iter().filter(is_kept).cloned();
        let mut memory = self.memory.clone();
        memory.ledger = Ledger::of(applied.collect());
        Conflicts::find(&self.directory, &self.graph, &memory, self.dialect())
    }

    pub(super) fn name(&self) -> &str {
        &self.connection.name
    }
}

/// Says which database is going to be opened, and what about its URL deserves a word.
pub(super) fn announce(context: &Context, connection: &Connection) -> Result<(), CommandError> {
    let url = connection.url()?;
    for notice in &connection.notices {
        context.ui.note(notice);
    }
    context.ui.detail(&format!("{}: {url}", connection.name));
    Ok(())
}

/// Opens the connection's database.
pub(super) fn connect(
    context: &Context,
    connection: &Connection,
    access: Access,
) -> Result<Box<dyn Database>, CommandError> {
    let environment = context.settings()?.environment();
    let url = connection.url()?;
    waiting(
        context,
        &connection.name,
        || backend::open(url, access, &environment),
        OpenError::may_pass,
    )
}

pub(super) fn read_memory(database: &mut dyn Database) -> Result<Memory, CommandError> {
    usable(Memory::read(database))
}

/// What was read, if it is anything that can be worked with.
pub(super) fn usable(memory: Result<Memory, DatabaseError>) -> Result<Memory, CommandError> {
    let memory = memory.map_err(executor::ExecuteError::from)?;
    if memory
        .ledger
        .applied()
        .iter()
        .any(|applied| applied.version.as_str().is_empty())
    {
        return Err(EmptyVersion.into());
    }
    Ok(memory)
}

/// What a folder that is not there means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnAbsent {
    /// A mistake if it was typed, else worth a note.
    Refuse,
    /// It is going to be made.
    Make,
}

/// Loads the folder; findings that stop `diesel` stop us.
pub(super) fn load_directory(
    context: &Context,
    connection: &Connection,
    absent: OnAbsent,
) -> Result<Directory, CommandError> {
    let folders = folders(context, connection);
    if let Some(folder) = folders.iter().find(|folder| !folder.exists())
        && absent != OnAbsent::Make
    {
        if context.names_folder() {
            return Err(NoFolder(folder.clone()).into());
        }
        context
            .ui
            .note(&format!("there is no folder `{}`", folder.display()));
    }
    let mut directory = Directory::load(&folders)?;
    if directory.half_way().next().is_some() {
        for folder in directory.half_way() {
            if migration::take_back(folder)? {
                context.ui.note(&format!(
                    "took back in `{}` what a killed command had begun; run that command again",
                    folder.display()
                ));
            }
        }
        directory = Directory::load(&folders)?;
    }
    let errors: Vec<Finding> = directory
        .findings()
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .cloned()
        .collect();
    if !errors.is_empty() {
        return Err(PrepareError::Findings(errors).into());
    }
    for finding in directory.findings() {
        ui::finding(&context.ui, finding);
    }
    Ok(directory)
}

/// The same, where a folder that was typed has to be there.
pub(super) fn named_folders(
    context: &Context,
    connection: &Connection,
) -> Result<Vec<PathBuf>, CommandError> {
    let folders = folders(context, connection);
    match folders.iter().find(|folder| !folder.exists()) {
        Some(folder) if context.names_folder() => Err(NoFolder(folder.clone()).into()),
        Some(_) | None => Ok(folders),
    }
}

/// The folders, relative where that is shorter: these paths are what errors show.
pub(super) fn folders(context: &Context, connection: &Connection) -> Vec<PathBuf> {
    connection
        .migrations
        .iter()
        .map(|path| context.shown(path))
        .collect()
}

/// The folder that was typed is not there.
#[derive(Debug, thiserror::Error)]
#[error("there is no folder `{}`", .0.display())]
struct NoFolder(PathBuf);

impl crate::error::Explain for NoFolder {
    fn hints(&self) -> Vec<String> {
        vec!["correct --migration-dir; makemigrations makes the folder".to_owned()]
    }
}

/// A client library with a known fault reads the newest version as an empty text, and its tool then
/// runs the newest migration again and may record the empty version.
#[derive(Debug, thiserror::Error)]
#[error("the table of applied migrations holds an empty version")]
struct EmptyVersion;

impl crate::error::Explain for EmptyVersion {
    fn hints(&self) -> Vec<String> {
        vec![
            "some MariaDB client libraries make `diesel` write it; update the library, look at the newest migration, then: DELETE FROM __diesel_schema_migrations WHERE version = ''"
                .to_owned(),
        ]
    }
}
