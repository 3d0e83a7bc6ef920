//! The command: its arguments, and which branches it joins.

use super::error::MergeError;
use super::join::{Options, write};
use super::report;
use super::targets;
use crate::commands::each::each;
use crate::commands::registry::{Command, Outcome, TARGETS};
use crate::commands::workspace::{OnAbsent, load_directory};
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::Graph;
use crate::settings::Connection;

/// Join parted branches by a migration proved to be safe
///
/// The branches are applied on a scratch database in one order and in the others, and in version order, and
/// what comes of it is compared: the schema, the rows that the migrations leave, and the way back. Where it
/// is the same, a migration is written that follows all of them and changes nothing. Where it is not, what
/// differs is shown and asked about. The connection's own database is not touched.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(in crate::commands) struct Merge {
    /// Which heads to join: two or more targets [default: those that have parted]
    #[arg(value_name = "HEADS")]
    heads: Vec<String>,

    /// What it is for, in a few words [default: made from the heads' names]
    #[arg(short, long, value_name = "MESSAGE")]
    message: Option<String>,

    /// The folder's name after the version [default: made from the message or the heads' names]
    #[arg(short, long, value_name = "NAME")]
    name: Option<String>,

    /// The version [default: the time in UTC]
    #[arg(long = "version", visible_alias = "rev-id", value_name = "VERSION")]
    version: Option<String>,

    /// Give the branch that goes on from here a label; repeatable
    #[arg(long = "label", visible_alias = "branch-label", value_name = "LABEL")]
    labels: Vec<String>,

    /// Print what would be written, and stop
    #[arg(long)]
    dry_run: bool,

    /// Write it even if the branches do not go together, or that could not be tried
    #[arg(long)]
    unproved: bool,

    /// Join migrations that something follows already, too
    #[arg(long, requires = "heads")]
    splice: bool,
}

impl Command for Merge {
    const NAME: &'static str = "merge";

    const ALIASES: &'static [&'static str] = &["merge-migrations"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        let options = Options {
            heads: self.heads,
            message: self.message,
            name: self.name,
            version: self.version,
            labels: self.labels,
            dry_run: self.dry_run,
            unproved: self.unproved,
            splice: self.splice,
        };
        run(context, &options)
    }
}

/// Joins what has parted, or what is asked for, on every connection the command is for.
///
/// # Errors
/// What is asked for cannot be joined, or does not go together and nobody said to join it all the same.
pub(in crate::commands) fn run(
    context: &Context,
    options: &Options,
) -> Result<Outcome, CommandError> {
    each(context, |connection| one(context, &connection, options))
}

fn one(
    context: &Context,
    connection: &Connection,
    options: &Options,
) -> Result<Outcome, CommandError> {
    let directory = load_directory(context, connection, OnAbsent::Refuse)?;
    let graph = Graph::load(&directory);
    targets::check(&directory, &graph)?;
    let divergences = targets::find(&graph, &options.heads, options.splice)?;
    if divergences.is_empty() {
        report::nothing(context, connection, &graph);
        return Ok(Outcome::Done);
    }
    if options.version.is_some() && divergences.len() > 1 {
        return Err(MergeError::OneVersion(divergences.len()).into());
    }
    let mut joined = Vec::new();
    for divergence in &divergences {
        joined.push(write(context, connection, divergence, options)?);
    }
    report::done(context, connection, &joined);
    Ok(Outcome::Done)
}
