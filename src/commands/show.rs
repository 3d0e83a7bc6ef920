//! `manage show`: all about one migration.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::each::each;
use super::files::{Applied, Files};
use super::migrate::target;
use super::registry::{Command, Outcome, TARGETS};
use super::unfinished::tell_under_way;
use crate::backend::{Database, Direction};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{Conflicts, name_of};
use crate::history::Memory;
use crate::migration::{Metadata, Target, Version, read_metadata};
use crate::settings::Connection;
use crate::ui::{self, Shown, View, Whether};

/// Show all about a migration: its place in the graph, its state and its SQL
///
/// The database is asked whether it is applied, if it can be reached; nothing is created there. Of a
/// migration whose folder is gone, what was recorded is shown.
#[derive(clap::Args, Debug)]
#[command(after_help = TARGETS)]
pub(crate) struct Show {
    /// Which; may be several [default: head]
    #[arg(value_name = "TARGET", value_parser = target, allow_negative_numbers = true)]
    targets: Vec<Target>,

    /// Do not ask the database
    #[arg(long)]
    no_database: bool,
}

/// What the database said.
enum Answer {
    Memory(Box<dyn Database>, Memory),
    NotAsked(String),
}

impl Command for Show {
    const NAME: &'static str = "show";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| self.one(context, connection))
    }
}

impl Show {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let files = Files::look(context, connection)?;
        let head = [Target::head()];
        let targets = if self.targets.is_empty() {
            head.as_slice()
        } else {
            &self.targets
        };
        let mut answer = self.ask(context, &files, targets)?;
        let memory = match &answer {
            Answer::Memory(_, memory) => Some(memory),
            Answer::NotAsked(_) => None,
        };
        let mut versions = Vec::new();
        for target in targets {
            if target.as_str().eq_ignore_ascii_case("heads") {
                versions.extend(files.graph.heads().map(|node| node.version.clone()));
            } else {
                versions.push(files.find(target, memory)?);
            }
        }
        let applied = memory.map(|memory| Applied::of(&files, memory));
        let pages = versions
            .into_iter()
            .map(|version| page(&files, version, &mut answer))
            .collect::<Result<Vec<_>, _>>()?;
        let nothing = BTreeSet::new();
        let view = View {
            graph: &files.graph,
            applied: applied.as_ref().map(|applied| &applied.versions),
            current: applied
                .as_ref()
                .map_or(&nothing, |applied| &applied.current),
            descriptions: &BTreeMap::new(),
            verbose: false,
        };
        if context.ui.is_json() {
            let all: Vec<Value> = pages.iter().map(|one| ui::shown_json(&view, one)).collect();
            let json = json!({ "connection": files.connection.name, "migrations": all });
            context.ui.answer(&json.to_string());
        } else {
            let texts: Vec<String> = pages.iter().map(|one| ui::shown(&view, one)).collect();
            context.ui.answer(&texts.join("\n\n"));
        }
        Ok(Outcome::Done)
    }

    /// Asks the database; that it cannot be reached only matters where a target depends on it.
    fn ask(
        &self,
        context: &Context,
        files: &Files,
        targets: &[Target],
    ) -> Result<Answer, CommandError> {
        if targets.iter().any(Target::depends_on_database) {
            return asked(context, files, files.ask(context)?);
        }
        if self.no_database {
            return Ok(Answer::NotAsked("--no-database".to_owned()));
        }
        Ok(match files.ask(context) {
            Ok(answer) => asked(context, files, answer)?,
            Err(error) => Answer::NotAsked(error.messages().join(": ")),
        })
    }
}

/// A run that is at work has left nothing unfinished.
fn asked(
    context: &Context,
    files: &Files,
    (mut database, mut memory): (Box<dyn Database>, Memory),
) -> Result<Answer, CommandError> {
    let url = files.connection.url()?;
    tell_under_way(context, url, &mut *database, &mut memory);
    Ok(Answer::Memory(database, memory))
}

/// Everything about one migration.
fn page<'a>(
    files: &'a Files,
    version: Version,
    answer: &mut Answer,
) -> Result<Shown<'a>, CommandError> {
    let node = files.graph.find(&version);
    let entry = files.directory.find(&version);
    let (state, edited, name, recorded, deed) = match answer {
        Answer::NotAsked(why) => (Whether::NotAsked(why.clone()), false, None, None, None),
        Answer::Memory(database, memory) => {
            let mut runs = memory.journal.runs().iter();
            let unfinished = runs.find(|run| {
                run.version == version
                    && memory.ledger.contains(&version) == (run.direction == Direction::Down)
            });
            let state = match (unfinished, memory.ledger.find(&version)) {
                (Some(run), _) => Whether::Unfinished {
                    direction: run.direction,
                    done: run.done,
                    statements: run.statements,
                },
                (None, None) => Whether::Pending,
                (None, Some(row)) => {
                    let recorded = memory.record.find(&version);
                    Whether::Applied {
                        run_on: row.run_on.clone(),
                        by: recorded.map(|recorded| recorded.by.clone()),
                        milliseconds: recorded.map(|recorded| recorded.milliseconds),
                    }
                }
            };
            let dialect = database.dialect();
            let conflicts = Conflicts::find(&files.directory, &files.graph, memory, dialect);
            let edited = conflicts
                .edited
                .iter()
                .any(|one| one.entry.version == version);
            let recorded = if entry.is_none() {
                memory
                    .sql(&mut **database, &version)
                    .map_err(crate::executor::ExecuteError::from)?
            } else {
                None
            };
            let name = name_of(&files.directory, memory, &version);
            let deed = memory.record.find(&version).cloned();
            (state, edited, Some(name), recorded, deed)
        }
    };
    let sql = |direction| {
        entry
            .and_then(|entry| entry.sql(direction).ok())
            .map(|file| file.text)
    };
    let metadata = match (entry, &recorded) {
        (Some(entry), _) => {
            read_metadata(&entry.path).map_or_else(|_| Metadata::absent(), |(metadata, _)| metadata)
        }
        (None, Some(recorded)) => Metadata {
            run_in_transaction: recorded.transactional,
            ..Metadata::absent()
        },
        (None, None) => Metadata::absent(),
    };
    let (recorded_up, recorded_down) = recorded.map_or((None, None), |sql| (sql.up, sql.down));
    Ok(Shown {
        name: match (entry, name) {
            (Some(entry), _) => entry.name.clone(),
            (None, Some(name)) => name,
            (None, None) => version.to_string(),
        },
        version,
        node,
        metadata,
        state,
        edited,
        recorded: deed,
        up: sql(Direction::Up).or(recorded_up),
        down: sql(Direction::Down).or(recorded_down),
    })
}
