//! The one list of commands.

use clap::ArgMatches;

use super::accept::Accept;
use super::branches::Branches;
use super::check::Check;
use super::completions::{self, Completions};
use super::createdb::Createdb;
use super::current::Current;
use super::dbshell::Dbshell;
use super::downgrade::Downgrade;
use super::drift::Drift;
use super::dropdb::Dropdb;
use super::edit::Edit;
use super::ensure_version::EnsureVersion;
use super::heads::Heads;
use super::history::History;
use super::init::Init;
use super::inspectdb::Inspectdb;
use super::lock::Lock;
use super::makemigrations::{Makemigrations, Revision};
use super::merge::Merge;
use super::migrate::Migrate;
use super::pending::Pending;
use super::rebase::Rebase;
use super::redo::Redo;
use super::resetdb::Resetdb;
use super::restore::Restore;
use super::resume::Resume;
use super::revert::Revert;
use super::setup::Setup;
use super::show::Show;
use super::showmigrations::Showmigrations;
use super::sqlmigrate::Sqlmigrate;
use super::squashmigrations::Squashmigrations;
use super::stamp::Stamp;
use super::verify::Verify;
use crate::context::Context;
use crate::error::CommandError;

/// The grammar of targets, for the help of the commands that take one.
pub(crate) const TARGETS: &str = "\
Targets: head, base (zero), a folder's name, version or the name after it, a unique
         beginning of any of these, -N, +N, X~N; in a branch: LABEL@X, as in billing@head";

/// A command: a clap struct whose doc comment is its help. Built-in ones and a project's own come in
/// by the same door.
pub trait Command: clap::Args {
    /// The word that is typed.
    const NAME: &'static str;

    /// Other words for it.
    const ALIASES: &'static [&'static str] = &[];

    /// Does it.
    ///
    /// # Errors
    /// Whatever keeps it from being done; printed with its hints, and it decides the exit code.
    fn run(self, context: &mut Context) -> Result<Outcome, CommandError>;
}

/// How a command that did not fail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done. Exit code 0.
    Done,
    /// A check found something. Exit code 3.
    Findings,
    /// Another program did the work, and ended with this exit code.
    Program(u8),
}

impl Outcome {
    /// What two parts of a command come to: what either found was found.
    pub(crate) fn and(self, other: Self) -> Self {
        match self {
            Self::Findings => self,
            Self::Done | Self::Program(_) => other,
        }
    }
}

/// Where a command stands in the help: its table of contents, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// Makes and changes files of migrations.
    Write,
    /// Changes what is applied.
    Run,
    /// Shows, and changes nothing.
    Look,
    /// Says whether something is wrong, by its exit code too.
    Check,
    /// Mends what was interrupted, edited or lost.
    Mend,
    /// Is about the database as a whole, or needed once.
    Database,
    /// A project's own.
    Own,
    /// Another tool's word for what a listed command does a little differently; it has a help and no
    /// line in the contents.
    Unlisted,
}

impl Group {
    /// The line above its commands.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Write => "Write",
            Self::Run => "Run",
            Self::Look => "Look",
            Self::Check => "Check",
            Self::Mend => "Mend",
            Self::Database => "Database and project",
            Self::Own => "This project's own",
            Self::Unlisted => "Unlisted",
        }
    }
}

/// A command as the command line holds it.
pub(crate) struct Registered {
    pub(crate) name: &'static str,
    pub(crate) group: Group,
    pub(crate) clap: fn() -> clap::Command,
    pub(crate) run: Run,
}

/// How a command is run.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// With what every command is given.
    Alone(fn(&ArgMatches, &mut Context) -> Result<Outcome, CommandError>),
    /// And with the whole command line, which it is about.
    WithCommandLine(fn(&ArgMatches, &Context, clap::Command) -> Outcome),
}

/// The built-in commands, in the order of the help.
pub(crate) fn builtin() -> Vec<Registered> {
    vec![
        register::<Makemigrations>(Group::Write),
        register::<Merge>(Group::Write),
        register::<Rebase>(Group::Write),
        register::<Squashmigrations>(Group::Write),
        register::<Edit>(Group::Write),
        register::<Migrate>(Group::Run),
        register::<Downgrade>(Group::Run),
        register::<Redo>(Group::Run),
        register::<Stamp>(Group::Run),
        register::<Showmigrations>(Group::Look),
        register::<Current>(Group::Look),
        register::<History>(Group::Look),
        register::<Heads>(Group::Look),
        register::<Branches>(Group::Look),
        register::<Show>(Group::Look),
        register::<Sqlmigrate>(Group::Look),
        register::<Inspectdb>(Group::Look),
        register::<Check>(Group::Check),
        register::<Verify>(Group::Check),
        register::<Drift>(Group::Check),
        register::<Resume>(Group::Mend),
        register::<Accept>(Group::Mend),
        register::<Restore>(Group::Mend),
        register::<Lock>(Group::Mend),
        register::<Setup>(Group::Database),
        register::<Createdb>(Group::Database),
        register::<Dropdb>(Group::Database),
        register::<Resetdb>(Group::Database),
        register::<Dbshell>(Group::Database),
        register::<Init>(Group::Database),
        Registered {
            run: Run::WithCommandLine(completions::run),
            ..register::<Completions>(Group::Database)
        },
        register::<Revision>(Group::Unlisted),
        register::<Pending>(Group::Unlisted),
        register::<Revert>(Group::Unlisted),
        register::<EnsureVersion>(Group::Unlisted),
    ]
}

pub(crate) fn register<C: Command>(group: Group) -> Registered {
    Registered {
        name: C::NAME,
        group,
        clap: || {
            C::augment_args(clap::Command::new(C::NAME)).visible_aliases(C::ALIASES.iter().copied())
        },
        run: Run::Alone(|matches, context| {
            C::from_arg_matches(matches)
                .unwrap_or_else(|error| error.exit())
                .run(context)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::COMMANDS;

    #[test]
    fn hints_know_every_command_about_a_connection() {
        let mut names: Vec<_> = builtin()
            .into_iter()
            .filter(|command| command.group != Group::Unlisted)
            .map(|command| command.name)
            .filter(|name| !["init", "completions"].contains(name))
            .collect();
        names.sort_unstable();
        assert_eq!(names, COMMANDS);
    }
}
