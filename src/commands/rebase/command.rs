//! The command: what is moved, and how far it goes.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::error::{Applied, NoMigration};
use super::mine::{Mine, mine};
use super::standing::{Standing, quoted};
use super::{report, rows};
use crate::commands::confirm::Consent;
use crate::commands::each::each;
use crate::commands::linear;
use crate::commands::locked::LockFlag;
use crate::commands::migrate::target;
use crate::commands::registry::{Command, Outcome, TARGETS};
use crate::commands::workspace::{OnAbsent, load_directory};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor;
use crate::history::Memory;
use crate::migration::{
    self, Directory, Graph, Position, Target, Version, with_followers, with_their_sides,
};
use crate::settings::Connection;
use crate::ui;

/// Give migrations new versions after all others
///
/// For two branches that both added migrations: yours go after theirs, with new versions, and your first
/// one then depends on their last. Without a name, the branch that moves is the one that no database has,
/// or that git knows to be yours; where neither tells, you are asked. Only files change, unless
/// --move-applied is given.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Rebase {
    /// What to move, with the rest of its branch and what depends on it [default: the branch that is
    /// yours]
    #[arg(value_name = "MIGRATION", value_parser = target)]
    migrations: Vec<Target>,

    /// Show what would change, and stop
    #[arg(long, visible_alias = "dry-run")]
    plan: bool,

    /// Move what is applied too: the ledger's rows get the new versions, nothing is run
    #[arg(long)]
    move_applied: bool,

    #[command(flatten)]
    consent: Consent,

    #[command(flatten)]
    lock: LockFlag,
}

impl Command for Rebase {
    const NAME: &'static str = "rebase";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| self.one(context, &connection))
    }
}

/// One connection's files, and what is to happen with them.
struct Work<'a> {
    context: &'a Context,
    connection: &'a Connection,
    standing: Standing,
    mine: Mine,
    rebase: migration::Rebase,
}

impl Rebase {
    fn one(&self, context: &Context, connection: &Connection) -> Result<Outcome, CommandError> {
        let directory = load_directory(context, connection, OnAbsent::Refuse)?;
        let graph = Graph::load(&directory);
        let standing = Standing::look(context, connection)?;
        standing.tell(context);
        let mine = if self.migrations.is_empty() {
            mine(context, connection, &directory, &graph, &standing)?
        } else {
            self.named(connection, &directory, &graph, &standing)?
        };
        let moved = with_followers(&graph, &mine.versions);
        let paths: BTreeSet<PathBuf> = directory
            .entries()
            .iter()
            .filter(|entry| moved.contains(&entry.version))
            .map(|entry| entry.path.clone())
            .collect();
        let rebase = migration::Rebase::of(
            &directory,
            &graph,
            &paths,
            &standing.applied(),
            context.clock.now(),
        )?;
        let work = Work {
            context,
            connection,
            standing,
            mine,
            rebase,
        };
        if work.rebase.is_empty() {
            return work.nothing(self.plan);
        }
        if !self.move_applied {
            match work.applied() {
                None => {}
                Some(applied) if self.plan => context.ui.warning(&applied.to_string()),
                Some(applied) => return Err(applied.into()),
            }
        }
        work.show(!self.plan);
        if self.plan {
            return Ok(Outcome::Done);
        }
        work.carry_out(&self.consent, self.lock)
    }

    /// The migrations that were named.
    fn named(
        &self,
        connection: &Connection,
        directory: &Directory,
        graph: &Graph,
        standing: &Standing,
    ) -> Result<Mine, CommandError> {
        let nothing = Memory::default();
        let memory = standing
            .seen
            .iter()
            .find(|seen| seen.connection.name == connection.name)
            .map_or(&nothing, |seen| &seen.memory);
        let known = executor::known(directory, memory);
        let mut versions: Vec<Version> = Vec::new();
        for target in &self.migrations {
            match executor::position(target, &known, graph)? {
                Position::Migration(version) if directory.find(&version).is_some() => {
                    versions.push(version);
                }
                Position::Migration(_) | Position::Base => {
                    return Err(NoMigration(target.to_string()).into());
                }
            }
        }
        Ok(Mine {
            versions: with_their_sides(graph, &versions),
            ..Mine::default()
        })
    }
}

impl Work<'_> {
    /// Nothing has to move; the file that names the newest migration may be wrong all the same.
    fn nothing(&self, is_plan: bool) -> Result<Outcome, CommandError> {
        if !is_plan {
            linear::keep(self.context, self.connection)?;
        }
        let ui = &self.context.ui;
        if ui.is_json() {
            let json = self.json(false);
            ui.answer(&json.to_string());
        }
        let name = &self.connection.name;
        ui.status(&if self.mine.versions.is_empty() {
            format!("{name}: the migrations are one line; there is nothing to move.")
        } else {
            format!("{name}: they come after all others already.")
        });
        Ok(Outcome::Done)
    }

    /// The first of them that a database has.
    fn applied(&self) -> Option<Applied> {
        let on = self.context.on(&self.connection.name);
        self.rebase.moves.iter().find_map(|one| {
            let places = self.standing.applied_on(&one.version);
            (!places.is_empty()).then(|| Applied {
                name: one.name.clone(),
                places: quoted(&places),
                instead: self.mine.other.as_ref().map(|other| format!("{other}{on}")),
                again: self
                    .rebase
                    .moves
                    .first()
                    .map(|first| format!("manage rebase {}{on}", first.name)),
            })
        })
    }

    fn show(&self, is_written: bool) {
        let ui = &self.context.ui;
        let mut headline = format!(
            "{}: moving {} after all others",
            self.connection.name,
            ui::count(self.rebase.moves.len(), "migration")
        );
        for because in &self.mine.because {
            headline.push_str("; ");
            headline.push_str(because);
        }
        ui.status(&headline);
        if ui.is_json() {
            if !is_written {
                ui.answer(&self.json(false).to_string());
            }
            return;
        }
        for line in report::lines(&self.rebase) {
            ui.answer(&line);
        }
    }

    fn json(&self, is_written: bool) -> serde_json::Value {
        report::json(
            &self.connection.name,
            &self.rebase,
            &self.mine.because,
            &self.standing,
            is_written,
        )
    }

    fn carry_out(&self, consent: &Consent, timeout: LockFlag) -> Result<Outcome, CommandError> {
        let context = self.context;
        let relocation = self.rebase.relocation()?;
        let rows = rows::rows(&self.standing, &self.rebase);
        rows::confirm(context, &rows, consent)?;
        // Files and rows belong together, so Ctrl-C waits until both are done.
        let held = context.interrupt.hold(|_| {});
        rows::carry_out(context, &rows, timeout, || {
            Ok(migration::relocate(&relocation)?)
        })?;
        linear::keep(context, self.connection)?;
        drop(held);
        let ui = &context.ui;
        if ui.is_json() {
            ui.answer(&self.json(true).to_string());
        }
        let renamed = self
            .rebase
            .moves
            .iter()
            .filter(|one| one.is_renamed())
            .count();
        let mended = self
            .rebase
            .moves
            .iter()
            .filter(|one| one.depends_on.is_some())
            .count();
        ui.status(&format!(
            "{}: {} renamed, `depends_on` of {} written.",
            self.connection.name,
            ui::count(renamed, "folder"),
            ui::count(mended, "migration"),
        ));
        let from = self.rebase.moves.first().and_then(|one| one.follows.last());
        ui.hint(&format!(
            "prove that they work in this order: manage verify{}{}",
            from.map_or_else(String::new, |from| format!(" {from}:head")),
            context.on(&self.connection.name)
        ));
        Ok(Outcome::Done)
    }
}
