//! `manage sqlmigrate`: the SQL of migrations, to be read.

use super::each::each;
use super::registry::{Command, Outcome, TARGETS};
use super::workspace::{OnAbsent, Workspace, load_directory};
use crate::backend::{self, Access, Capabilities, Direction};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, Preparation, Stretch};
use crate::history::Memory;
use crate::migration::{Execution, Finding, Graph, Plan, Route, Target, Version};
use crate::settings::Connection;
use crate::ui;

/// Print the SQL of migrations
///
/// BEGIN and COMMIT stand where the migration is a transaction on this kind of database. No database is
/// opened, but for --pending. For a script that a client runs, Diesel's rows and all: migrate --sql.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Sqlmigrate {
    /// Which: a target, or a range a:b of those after a up to b [default: the newest]
    #[arg(
        value_name = "RANGE",
        allow_hyphen_values = true,
        conflicts_with = "pending"
    )]
    range: Option<String>,

    /// Print what is pending, in the order it would run
    #[arg(long)]
    pending: bool,

    /// Print the way back, newest first
    #[arg(long, conflicts_with = "pending")]
    backwards: bool,

    /// Print the row of Diesel's table too
    #[arg(long, visible_alias = "history")]
    with_ledger: bool,
}

impl Command for Sqlmigrate {
    const NAME: &'static str = "sqlmigrate";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| self.one(context, connection))
    }
}

impl Sqlmigrate {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let name = connection.name.clone();
        let backend = connection.backend()?;
        let (plan, odd) = if self.needs_database() {
            self.by_database(context, connection)?
        } else {
            self.by_files(context, &connection)?
        };
        for finding in &odd {
            ui::finding(&context.ui, finding);
        }
        let texts: Vec<String> = plan
            .steps
            .iter()
            .map(|step| executor::reading(step, backend, self.with_ledger))
            .collect();
        if context.ui.is_json() {
            let migrations: Vec<_> = plan
                .steps
                .iter()
                .zip(&texts)
                .map(|(step, text)| {
                    serde_json::json!({
                        "version": step.version.as_str(),
                        "name": step.name,
                        "sql": text,
                    })
                })
                .collect();
            let json = serde_json::json!({
                "connection": name,
                "direction": match plan.direction {
                    Direction::Up => "up",
                    Direction::Down => "down",
                },
                "migrations": migrations,
            });
            context.ui.answer(&json.to_string());
            return Ok(Outcome::Done);
        }
        let several = plan.steps.len() > 1;
        for (index, (step, text)) in plan.steps.iter().zip(&texts).enumerate() {
            if index > 0 {
                context.ui.answer("");
            }
            if several {
                context.ui.answer(&format!("-- {}", step.name));
            }
            context.ui.answer(text.trim_end());
        }
        if plan.steps.is_empty() {
            context
                .ui
                .status(&format!("{name}: there is nothing to print."));
        }
        Ok(Outcome::Done)
    }

    /// From a database: what is pending, or a range with an end that counts from where it stands.
    fn by_database(
        &self,
        context: &Context,
        connection: Connection,
    ) -> Result<(Plan, Vec<Finding>), CommandError> {
        let mut workspace = Workspace::open(context, connection, Access::Read)?;
        let versions = match &self.range {
            Some(range) => Stretch::chosen(range, &workspace.known(), &workspace.graph)?,
            None => workspace
                .directory
                .entries()
                .iter()
                .map(|entry| entry.version.clone())
                .filter(|version| !workspace.memory.ledger.contains(version))
                .collect(),
        };
        let route = self.route(versions);
        Ok(Preparation {
            directory: &workspace.directory,
            memory: &workspace.memory,
            dialect: workspace.dialect(),
            capabilities: workspace.database.capabilities(),
            execution: Execution::Run,
        }
        .plan(&route, &mut *workspace.database)?)
    }

    fn by_files(
        &self,
        context: &Context,
        connection: &Connection,
    ) -> Result<(Plan, Vec<Finding>), CommandError> {
        let directory = load_directory(context, connection, OnAbsent::Refuse)?;
        let graph = Graph::load(&directory);
        let known = executor::known_offline(&directory);
        let range = self.range.as_deref().unwrap_or("head");
        let route = self.route(Stretch::chosen(range, &known, &graph)?);
        let backend = connection.backend()?;
        Ok(Preparation {
            directory: &directory,
            memory: &Memory::default(),
            dialect: backend::dialect(backend),
            capabilities: Capabilities::of(backend),
            execution: Execution::Run,
        }
        .plan_offline(&route)?)
    }

    fn needs_database(&self) -> bool {
        self.pending
            || self.range.as_deref().is_some_and(|range| {
                range
                    .split(':')
                    .filter_map(|end| Target::parse(end).ok())
                    .any(|end| executor::needs_database(&end))
            })
    }

    fn route(&self, mut versions: Vec<Version>) -> Route {
        if !self.backwards {
            return Route {
                direction: Direction::Up,
                versions,
            };
        }
        versions.reverse();
        Route {
            direction: Direction::Down,
            versions,
        }
    }
}
