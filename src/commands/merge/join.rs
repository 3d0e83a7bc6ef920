//! Joins some heads: proves that the branches go together, asks where they do not, writes the migration.

use std::path::PathBuf;

use super::accept::{self, Heads};
use super::name;
use super::prove::{Verdict, prove};
use super::report;
use super::targets;
use crate::commands::hooks;
use crate::commands::linear;
use crate::commands::workspace::{OnAbsent, load_directory};
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::{
    self, Directory, Divergence, Draft, Graph, Metadata, Node, Slug, Spelling, Version, WriteError,
    merge_template,
};
use crate::settings::Connection;

/// What may be said about a merge.
#[derive(Clone, Debug, Default)]
pub(in crate::commands) struct Options {
    /// The heads, as they were typed; none for those that have parted.
    pub(in crate::commands) heads: Vec<String>,
    /// What it is for.
    pub(in crate::commands) message: Option<String>,
    /// The folder's name after the version.
    pub(in crate::commands) name: Option<String>,
    /// The version.
    pub(in crate::commands) version: Option<String>,
    /// Labels for what follows.
    pub(in crate::commands) labels: Vec<String>,
    /// Whether only to show what would be written.
    pub(in crate::commands) dry_run: bool,
    /// Whether to write it although it is not proved.
    pub(in crate::commands) unproved: bool,
    /// Whether what is joined may have followers.
    pub(in crate::commands) splice: bool,
}

/// A merge that was written, or would be.
pub(super) struct Joined {
    pub(super) path: PathBuf,
    pub(super) draft: Draft,
    /// The names of the heads.
    pub(super) heads: Vec<String>,
    pub(super) verdict: Verdict,
    pub(super) is_written: bool,
}

/// Writes the migration that joins these heads, and gives its folder.
///
/// # Errors
/// The branches do not go together, or that could not be tried, and nobody said to write it all the same.
pub(in crate::commands) fn join(
    context: &Context,
    connection: &Connection,
    heads: &[Version],
) -> Result<PathBuf, CommandError> {
    let directory = load_directory(context, connection, OnAbsent::Refuse)?;
    let graph = Graph::load(&directory);
    targets::check(&directory, &graph)?;
    let mut heads: Vec<&Version> = heads.iter().collect();
    heads.sort();
    heads.dedup();
    let divergence = graph.divergence(&heads);
    let joined = write(context, connection, &divergence, &Options::default())?;
    Ok(joined.path)
}

/// Proves, asks and writes.
pub(super) fn write(
    context: &Context,
    connection: &Connection,
    divergence: &Divergence,
    options: &Options,
) -> Result<Joined, CommandError> {
    // Whatever is wrong with what was asked for is said before anything is tried.
    let (directory, graph, mut draft) = make(context, connection, divergence, options)?;
    let nodes: Vec<&Node> = divergence
        .heads()
        .filter_map(|head| graph.find(head))
        .collect();
    let names: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
    let short = name::short(&names);
    report::branches(context, &graph, divergence);
    let verdict = prove(context, connection, &directory, &graph, divergence)?;
    let heads = Heads {
        typed: &options.heads,
        short: &short,
    };
    let unproved = options.unproved || options.dry_run;
    accept::accept(context, connection, &heads, &verdict, unproved)?;
    report::verdict(context, &verdict, &short);
    let mut joined = Joined {
        path: context.shown(&draft.directory).join(draft.name()),
        heads: names.iter().map(|name| (*name).to_owned()).collect(),
        verdict,
        is_written: false,
        draft: draft.clone(),
    };
    if options.dry_run {
        return Ok(joined);
    }
    joined.path = loop {
        match migration::write(&draft) {
            // Somebody wrote one at the same moment; theirs is there now, so ours comes after it.
            Err(WriteError::VersionTaken { .. }) if options.version.is_none() => {
                (.., draft) = make(context, connection, divergence, options)?;
            }
            outcome => break context.shown(&outcome?),
        }
    };
    linear::keep(context, connection)?;
    hooks::post_write(context, connection, std::slice::from_ref(&joined.path))?;
    joined.draft = draft;
    joined.is_written = true;
    Ok(joined)
}

/// The migration: after all that are there, in the folder of its heads.
fn make(
    context: &Context,
    connection: &Connection,
    divergence: &Divergence,
    options: &Options,
) -> Result<(Directory, Graph, Draft), CommandError> {
    let directory = load_directory(context, connection, OnAbsent::Refuse)?;
    let graph = Graph::load(&directory);
    for label in &options.labels {
        graph.check_label(label)?;
    }
    let nodes: Vec<&Node> = divergence
        .heads()
        .filter_map(|head| graph.find(head))
        .collect();
    let names: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
    let message = match &options.message {
        Some(message) => message.clone(),
        None => name::message(&names),
    };
    let slug = match (&options.name, &options.message) {
        (Some(name), _) | (None, Some(name)) => Slug::from_message(name)?,
        (None, None) => Slug::from_message(&name::slug(&names))?,
    };
    let existing = || directory.entries().iter().map(|entry| &entry.version);
    let version = match &options.version {
        Some(asked) => Spelling::given(asked, existing())?,
        None => Version::next(existing(), context.clock.now())?,
    };
    let folder = nodes
        .first()
        .and_then(|node| node.path.parent())
        .map(PathBuf::from);
    let draft = Draft {
        directory: folder
            .or_else(|| directory.folders().first().cloned())
            .unwrap_or_default(),
        version,
        slug,
        up: merge_template(&message),
        down: Some(merge_template(&message)),
        metadata: Metadata {
            depends_on: Some(divergence.heads().cloned().collect()),
            labels: options.labels.clone(),
            ..Metadata::absent()
        },
    };
    Ok((directory, graph, draft))
}
