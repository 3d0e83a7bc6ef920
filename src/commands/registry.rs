//! The one list of commands.

use clap::ArgMatches;

use super::check::Check;
use super::downgrade::Downgrade;
use super::init::Init;
use super::inspectdb::Inspectdb;
use super::makemigrations::Makemigrations;
use super::migrate::Migrate;
use super::showmigrations::Showmigrations;
use super::verify::Verify;
use crate::context::Context;
use crate::error::CommandError;

/// The grammar of targets, for the help of the commands that take one.
pub(crate) const TARGETS: &str = "\
Targets: head, base (zero), a folder's name, version or the name after it, a unique
         beginning of any of these, -N, +N, X~N";

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
}

/// A command as the command line holds it.
pub(crate) struct Registered {
    pub(crate) name: &'static str,
    pub(crate) clap: fn() -> clap::Command,
    pub(crate) run: fn(&ArgMatches, &mut Context) -> Result<Outcome, CommandError>,
}

/// The built-in commands, in the order of the help.
pub(crate) fn builtin() -> Vec<Registered> {
    vec![
        register::<Init>(),
        register::<Makemigrations>(),
        register::<Migrate>(),
        register::<Downgrade>(),
        register::<Showmigrations>(),
        register::<Inspectdb>(),
        register::<Check>(),
        register::<Verify>(),
    ]
}

pub(crate) fn register<C: Command>() -> Registered {
    Registered {
        name: C::NAME,
        clap: || {
            C::augment_args(clap::Command::new(C::NAME)).visible_aliases(C::ALIASES.iter().copied())
        },
        run: |matches, context| {
            C::from_arg_matches(matches)
                .unwrap_or_else(|error| error.exit())
                .run(context)
        },
    }
}
