//! `--update`: the newest migration is written again, instead of another one after it.

use std::fs;
use std::path::PathBuf;

use super::command::Makemigrations;
use super::place::{Extent, Place};
use super::place_error::PlaceError;
use crate::backend::{self, Access};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::ExecuteError;
use crate::history::Memory;
use crate::migration::{
    Directory, Draft, Graph, Metadata, Node, Slug, Spelling, Version, read_metadata,
};
use crate::settings::Connection;

mod edited;
mod error;

use error::UpdateError;

/// Whether the newest migration is written again.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Rewriting the newest")]
pub(super) struct UpdateFlags {
    /// Rewrite the newest migration, which is not applied yet
    #[arg(long, conflicts_with_all = ["empty", "check", "from_database", "splice"])]
    pub(super) update: bool,

    /// It is applied nowhere; the database is not asked
    #[arg(long, hide_short_help = true, requires = "update")]
    assume_unapplied: bool,

    /// What was written into it by hand may go
    #[arg(long, hide_short_help = true, requires = "update")]
    discard_edits: bool,
}

/// The migration that is written again, and the ones without it.
pub(super) struct Updated {
    name: String,
    path: PathBuf,
    metadata: Metadata,
    /// What it follows, and the dependencies that are added.
    depends_on: Option<Vec<Version>>,
    labels: Vec<String>,
    /// All but this one.
    pub(super) others: Directory,
}

impl Updated {
    /// Finds it, and refuses where somebody may rely on it.
    ///
    /// # Errors
    /// There is none, others follow it, it is applied, or it was edited by hand.
    pub(super) fn choose(
        context: &Context,
        connection: &Connection,
        arguments: &Makemigrations,
        directory: &Directory,
    ) -> Result<Self, CommandError> {
        let place = Place::choose(
            context,
            connection,
            &arguments.place,
            directory.clone(),
            Extent::Show,
        )?;
        let graph = Graph::load(directory);
        let node = place
            .parent
            .as_ref()
            .and_then(|version| graph.find(version))
            .ok_or(UpdateError::Nothing)?;
        let metadata =
            read_metadata(&node.path).map_or_else(|_| Metadata::absent(), |(metadata, _)| metadata);
        refuse(&graph, node)?;
        if !arguments.update.assume_unapplied {
            unapplied(context, connection, node)?;
        }
        let others = directory.filtered(|entry| entry.version != node.version);
        if !arguments.update.discard_edits {
            edited::refuse(context, connection, directory, node)?;
        }
        let added = place
            .depends_on
            .iter()
            .filter(|version| **version != node.version);
        let added: Vec<Version> = added.cloned().collect();
        if let Some(late) = added.iter().find(|version| **version > node.version)
            && arguments.version.is_none()
        {
            return Err(PlaceError::TooLate {
                dependency: graph
                    .find(late)
                    .map_or_else(|| late.to_string(), |node| node.name.clone()),
                version: node.name.clone(),
            }
            .into());
        }
        let written = metadata.depends_on.clone();
        let depends_on = if added.is_empty() {
            written
        } else {
            let before = || {
                graph
                    .parents(node)
                    .map(|node| node.version.clone())
                    .collect()
            };
            let mut all = written.unwrap_or_else(before);
            all.extend(added);
            all.sort();
            all.dedup();
            Some(all)
        };
        Ok(Self {
            name: node.name.clone(),
            path: node.path.clone(),
            depends_on,
            labels: [metadata.labels.clone(), place.labels].concat(),
            metadata,
            others,
        })
    }

    /// Its directory's name as it is.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its directory as it is.
    pub(super) fn path(&self) -> &PathBuf {
        &self.path
    }

    /// The same migration, with nothing in it: version and name stay unless others were given.
    pub(super) fn blank(
        &self,
        arguments: &Makemigrations,
        message: &str,
    ) -> Result<Draft, CommandError> {
        let version = match &arguments.version {
            Some(asked) => {
                let others = self.others.entries().iter().map(|entry| &entry.version);
                Spelling::given(asked, others)?
            }
            None => Spelling::of_directory(&self.name),
        };
        let own = self.name.split_once('_').map(|(_, name)| name);
        let slug = match (arguments.given_name(), own) {
            (Some(given), _) => Slug::from_message(given)?,
            (None, Some(own)) if !own.is_empty() => Slug::of_directory(own),
            (None, _) => Slug::from_message(message)?,
        };
        Ok(Draft {
            directory: self.path.parent().map(PathBuf::from).unwrap_or_default(),
            version,
            slug,
            up: String::new(),
            down: None,
            metadata: Metadata {
                depends_on: self.depends_on.clone(),
                labels: self.labels.clone(),
                ..self.metadata.clone()
            },
        })
    }

    /// Whether its files say what the draft says already.
    pub(super) fn says(&self, draft: &Draft) -> bool {
        let read = |file| fs::read_to_string(self.path.join(file)).ok();
        self.name == draft.name()
            && read("up.sql").as_deref() == Some(draft.up.as_str())
            && read("down.sql") == draft.down
            && self.metadata == draft.metadata
    }
}

/// Refuses a migration that others were built on, or that is more than its SQL.
fn refuse(graph: &Graph, node: &Node) -> Result<(), UpdateError> {
    let name = || node.name.clone();
    if let Some(child) = graph.children(node).next() {
        return Err(UpdateError::DependedOn {
            name: name(),
            by: child.name.clone(),
        });
    }
    if graph.joined(node).len() > 1 {
        return Err(UpdateError::Merge(name()));
    }
    if replaces(node) {
        return Err(UpdateError::Squash(name()));
    }
    Ok(())
}

/// Whether it stands for others that it replaces.
fn replaces(node: &Node) -> bool {
    let text = fs::read_to_string(node.path.join("metadata.toml")).unwrap_or_default();
    text.parse::<toml_edit::DocumentMut>()
        .is_ok_and(|document| {
            document
                .get("manage")
                .and_then(|manage| manage.get("replaces"))
                .is_some()
        })
}

/// Refuses a migration that the database has.
fn unapplied(context: &Context, connection: &Connection, node: &Node) -> Result<(), CommandError> {
    let unknown = |error: CommandError| {
        error
            .detail(format!(
                "whether `{}` is applied cannot be told; nothing was changed",
                node.name
            ))
            .hint("if it is applied nowhere, add: --assume-unapplied")
    };
    let environment = context.settings()?.environment();
    let url = connection.url().map_err(|error| unknown(error.into()))?;
    let mut database =
        backend::open(url, Access::Read, &environment).map_err(|error| unknown(error.into()))?;
    let memory =
        Memory::read(&mut *database).map_err(|error| unknown(ExecuteError::from(error).into()))?;
    if memory.ledger.contains(&node.version) {
        return Err(UpdateError::Applied {
            name: node.name.clone(),
            on: context.on(&connection.name),
        }
        .into());
    }
    Ok(())
}
