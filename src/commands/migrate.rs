//! `manage migrate`: apply pending migrations, or go back to an earlier one.

use super::answers::{ConflictFlags, OutOfOrderFlag};
use super::carry_out::{Extent, Order, carry_out};
use super::confirm::Consent;
use super::each::each;
use super::models_notice;
use super::registry::{Command, Outcome, TARGETS};
use super::resolve::{Resolver, warn};
use super::workspace::Workspace;
use crate::backend::Direction;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, Conflicts};
use crate::migration::{Execution, Route, Target, TargetError};
use crate::settings::Connection;

/// Apply pending migrations, or go back to an earlier one
///
/// Without a target, everything pending is applied, in version order. A target that is applied
/// already means going back to it: that is shown and asked first, as `downgrade` does.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Migrate {
    /// Where to go [default: head]
    #[arg(value_parser = target, allow_hyphen_values = true)]
    target: Option<Target>,

    /// Show what would run, and stop
    #[arg(long, conflicts_with_all = ["sql", "check"])]
    plan: bool,

    /// Print the SQL instead of running it
    #[arg(long, conflicts_with = "check")]
    sql: bool,

    /// Exit with 3 if anything would run
    #[arg(long)]
    check: bool,

    /// Record without running
    #[arg(long)]
    fake: bool,

    #[command(flatten)]
    consent: Consent,

    #[command(flatten)]
    out_of_order: OutOfOrderFlag,

    #[command(flatten)]
    conflicts: ConflictFlags,
}

pub(super) fn target(text: &str) -> Result<Target, String> {
    // The value is a target or a mistyped flag; clap cannot tell once hyphens are allowed.
    if text.starts_with('-') && !text[1..].starts_with(|first: char| first.is_ascii_digit()) {
        return Err("there is no such flag; see --help".to_owned());
    }
    Target::parse(text).map_err(|error: TargetError| error.to_string())
}

impl Command for Migrate {
    const NAME: &'static str = "migrate";
    const ALIASES: &'static [&'static str] = &["upgrade"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| self.one(context, connection))
    }
}

impl Migrate {
    fn extent(&self) -> Extent {
        match (self.plan, self.sql, self.check) {
            (true, ..) => Extent::Plan,
            (_, true, _) => Extent::Sql,
            (.., true) => Extent::Check,
            (false, false, false) => Extent::Run,
        }
    }

    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let extent = self.extent();
        let mut workspace = Workspace::open(context, connection, extent.access())?;
        let mut conflicts = Conflicts::default();
        if extent.runs() {
            self.resolve(context, &mut workspace)?;
        } else {
            conflicts = workspace.conflicts();
            warn(context, &conflicts.clone().list());
        }
        let route = self.route(&workspace)?;
        let order = Order {
            extent,
            execution: if self.fake {
                Execution::Fake
            } else {
                Execution::Run
            },
            consent: &self.consent,
            again: again("migrate", self.target.as_ref()),
        };
        let outcome = carry_out(context, &mut workspace, &route, &order)?;
        if extent.runs() && self.target.is_none() && !self.fake {
            models_notice::notice(context, &mut workspace);
        }
        // What would stop the real run is a finding too, even with nothing to apply.
        if extent == Extent::Check && !conflicts.is_empty() {
            return Ok(Outcome::Findings);
        }
        Ok(outcome)
    }

    fn route(&self, workspace: &Workspace) -> Result<Route, CommandError> {
        let known = workspace.known();
        let landmarks = executor::landmarks(&known);
        let target = self.target.clone().unwrap_or_else(Target::head);
        let position = target.resolve(&landmarks)?;
        Ok(Route::to(&landmarks, &position))
    }

    fn resolve(&self, context: &Context, workspace: &mut Workspace) -> Result<(), CommandError> {
        let resolver = Resolver {
            context,
            flags: &self.conflicts,
            answers: self
                .conflicts
                .over(self.out_of_order.over(workspace.connection.on)),
        };
        let route = self.route(workspace)?;
        let backwards = route.direction == Direction::Down && !route.is_empty();
        let newest = route.versions.iter().max().cloned();
        let applied = workspace.memory.ledger.versions();
        resolver.resolve(workspace, |version| {
            if backwards {
                route.versions.contains(version)
            } else {
                // What lies beyond the target is not concerned.
                newest.as_ref().is_none_or(|newest| version <= newest) || applied.contains(version)
            }
        })
    }
}

/// The same command once more. After a part of the way a step counts from elsewhere, so it is left out.
pub(super) fn again(command: &str, target: Option<&Target>) -> String {
    match target {
        Some(target) if !target.as_str().starts_with(['-', '+']) => {
            format!("manage {command} {target}")
        }
        Some(_) | None => format!("manage {command}"),
    }
}
