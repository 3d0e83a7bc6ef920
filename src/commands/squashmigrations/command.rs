//! The command: its arguments, and the order of its work.

use super::proof::{self, Proved};
use super::report::View;
use super::standing;
use super::successor;
use crate::commands::hooks;
use crate::commands::linear;
use crate::commands::registry::{Command, Outcome, TARGETS};
use crate::commands::workspace::{OnAbsent, load_directory};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, RouteError};
use crate::migration::{self, Directory, Graph, Position, Squash, Target, Version};
use crate::settings::Connection;

/// Replace a range of migrations by one that does the same
///
/// The one has the version of the last, so that databases which have them all see it as applied, and fresh
/// ones run it; with `diesel` too. The old folders move to migrations/.squashed, which Diesel passes over.
/// It is proved on a scratch database: it reaches the schema that the originals reach, and comes back.
/// Refused where a database of the settings stands inside the range.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Squashmigrations {
    /// The first and the last, or only the last, or a range a:b of those after a up to b [default: all
    /// that the last follows]
    #[arg(value_name = "[START] END", num_args = 1..=2, required = true)]
    range: Vec<String>,

    /// The folder's name after the version [default: made from the first and the last]
    #[arg(short, long, visible_alias = "squashed-name", value_name = "NAME")]
    pub(super) name: Option<String>,

    /// Write what the schema needs in the end, and not what the originals did on the way
    #[arg(long)]
    pub(super) from_schema: bool,

    /// With --from-schema: leave out the rows that the originals write
    #[arg(long, requires = "from_schema")]
    pub(super) without_rows: bool,

    /// Do not look where databases stand; they must have all of the range, or none
    #[arg(long)]
    pub(super) offline: bool,

    /// Print what would be written, and stop
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Write no comments above the parts
    #[arg(long)]
    pub(super) no_header: bool,

    /// Write it even if it could not be proved
    #[arg(long)]
    pub(super) unproved: bool,
}

impl Command for Squashmigrations {
    const NAME: &'static str = "squashmigrations";

    const ALIASES: &'static [&'static str] = &["squash"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        let connection = context.connection()?;
        // A scratch database must not be left behind, so Ctrl-C stops what is tried on it.
        let _held = context.interrupt.hold(|_| {});
        self.one(context, &connection)
    }
}

impl Squashmigrations {
    fn one(&self, context: &Context, connection: &Connection) -> Result<Outcome, CommandError> {
        let directory = load_directory(context, connection, OnAbsent::Refuse)?;
        let graph = Graph::load(&directory);
        let (start, end) = self.ends(&directory, &graph)?;
        let squash = Squash::of(&graph, start.as_ref(), &end)?;
        let files = Files {
            directory: &directory,
            graph: &graph,
            squash: &squash,
        };
        if !self.offline {
            standing::look(context, connection, &files)?;
        }
        let mut plan = successor::plan(context, connection, &files, self)?;
        let proved = proof::prove(context, connection, &files, self, &mut plan)?;
        let view = View {
            context,
            connection,
            files: &files,
            plan: &plan,
            proved: &proved,
        };
        if self.dry_run {
            view.files();
            return Ok(Outcome::Done);
        }
        view.summary();
        if let Proved::Not { .. } = proved {
            proof::accept(context, &proved, self.unproved)?;
        }
        view.ask()?;
        let members: Vec<String> = plan.names.clone();
        let squashed = migration::replace(&plan.successor, &members, plan.mended.clone())?;
        linear::keep(context, connection)?;
        view.written(&squashed);
        hooks::post_write(context, connection, &[squashed.path])?;
        Ok(Outcome::Done)
    }

    /// The first and the last; without a first, all that the last follows.
    fn ends(
        &self,
        directory: &Directory,
        graph: &Graph,
    ) -> Result<(Option<Version>, Version), CommandError> {
        let known = executor::known_offline(directory);
        let find = |text: &str| -> Result<Position, CommandError> {
            let target = Target::parse(text)?;
            Ok(executor::position(&target, &known, graph).map_err(RouteError::from)?)
        };
        let migration = |text: &str| match find(text)? {
            Position::Migration(version) => Ok(version),
            Position::Base => Err(CommandError::from(NoMigration(text.to_owned()))),
        };
        match self.range.as_slice() {
            [one] if migration::Range::is_range(one) => {
                let versions = executor::Stretch::chosen(one, &known, graph)?;
                match (versions.first(), versions.last()) {
                    (Some(first), Some(last)) => Ok((Some(first.clone()), last.clone())),
                    _ => Err(NoMigration(one.clone()).into()),
                }
            }
            [one] => Ok((None, migration(one)?)),
            [start, end] => Ok((Some(migration(start)?), migration(end)?)),
            many => Err(TooMany(many.len()).into()),
        }
    }
}

/// What is squashed, with the files around it.
pub(super) struct Files<'a> {
    pub(super) directory: &'a Directory,
    pub(super) graph: &'a Graph,
    pub(super) squash: &'a Squash,
}

impl Files<'_> {
    /// The directory's name of a version.
    pub(super) fn name(&self, version: &Version) -> String {
        self.directory
            .find(version)
            .map_or_else(|| version.to_string(), |entry| entry.name.clone())
    }

    /// Whether a version is squashed.
    pub(super) fn is_member(&self, version: &Version) -> bool {
        self.squash.members.contains(version)
    }
}

/// A range has no more than two ends.
#[derive(Debug, thiserror::Error)]
#[error("the first and the last are wanted, and {0} were named")]
struct TooMany(usize);

impl crate::error::Explain for TooMany {
    fn kind(&self) -> crate::error::Kind {
        crate::error::Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec!["name the first and the last: manage squashmigrations START END".to_owned()]
    }
}

/// A place before all migrations is none.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` names no migration")]
struct NoMigration(String);

impl crate::error::Explain for NoMigration {
    fn kind(&self) -> crate::error::Kind {
        crate::error::Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec!["name the first and the last: manage squashmigrations START END".to_owned()]
    }
}
