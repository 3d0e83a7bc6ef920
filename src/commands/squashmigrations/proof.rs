//! Whether the one does what the originals do, tried on the scratch database.

use super::command::{Files, Squashmigrations};
use super::from_schema;
use super::successor::Plan;
use crate::backend::{Direction, Scratch};
use crate::commands::rehearsal;
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::executor::Interrupt;
use crate::history::Identity;
use crate::migration::{Execution, Origin, Route, Script, Stamp, Step, Version};
use crate::proof::{self, Contents, ProofError, Trial, Workbench};
use crate::schema::Schema;
use crate::settings::{Connection, Environment};
use crate::ui::{self, Question};

/// What came of it.
pub(super) enum Proved {
    /// It reaches what the originals reach, with as many rows, comes back, and works again.
    Yes,
    /// The same, but there is no way back to prove.
    UpOnly,
    /// It does not, or it could not be tried.
    Not {
        /// Why, in a line.
        why: String,
        /// More about it.
        details: Vec<String>,
    },
}

impl Proved {
    /// In a line.
    pub(super) fn line(&self) -> String {
        match self {
            Self::Yes => {
                "proved: up reaches what the originals reach, down comes back, up works again"
                    .to_owned()
            }
            Self::UpOnly => {
                "proved: up reaches what the originals reach; there is no way back".to_owned()
            }
            Self::Not { why, .. } => format!("not proved: {why}"),
        }
    }

    pub(super) fn is_proved(&self) -> bool {
        match self {
            Self::Yes | Self::UpOnly => true,
            Self::Not { .. } => false,
        }
    }
}

/// What the originals lead to, and from where.
pub(super) struct Ends {
    pub(super) from: Schema,
    pub(super) to: Schema,
    pub(super) rows: Contents,
}

/// Replays the originals, then tries the one: up, down, up.
pub(super) fn prove(
    context: &Context,
    connection: &Connection,
    files: &Files<'_>,
    arguments: &Squashmigrations,
    plan: &mut Plan,
) -> Result<Proved, CommandError> {
    let environment = context.settings()?.environment();
    let mut scratch = match rehearsal::scratch(context, connection, &environment)? {
        Ok(scratch) => scratch,
        Err(error) if arguments.from_schema => return Err(error.into()),
        Err(error) => {
            return Ok(Proved::Not {
                why: "there is no scratch database to try it on".to_owned(),
                details: CommandError::from(error).messages(),
            });
        }
    };
    let identity = context.identity();
    let own = connection.url()?.database_name();
    let mut bench = Bench {
        scratch: &mut scratch,
        environment: &environment,
        identity: &identity,
        interrupt: &context.interrupt,
        own: own.as_deref(),
    };
    let ends = bench.ends(files)?;
    if arguments.from_schema {
        let server = bench
            .scratch
            .database()
            .server()
            .map_err(ProofError::from)?;
        from_schema::write(context, files, arguments, &ends, server, plan)?;
    }
    let step = step(context, plan, files);
    let trial = Trial {
        step: &step,
        from: &ends.from,
        to: &ends.to,
    };
    let flaw = proof::prove(&trial, &mut bench.workbench())?;
    if let Some(signal) = context.interrupt.seen() {
        return Err(ProofError::Interrupted(signal).into());
    }
    if let Some(flaw) = flaw {
        return Ok(Proved::Not {
            why: ui::flaw(&flaw),
            details: ui::flaw_explained(&flaw),
        });
    }
    let rows = proof::contents(&ends.to, bench.scratch.database());
    let lost: Vec<String> = proof::differ(&ends.rows, &rows)
        .iter()
        .filter(|table| table.count.0 != table.count.1)
        .map(|table| {
            format!(
                "`{}`: {} with the originals, {} with the one",
                table.table,
                ui::count(table.count.0, "row"),
                table.count.1
            )
        })
        .collect();
    if !lost.is_empty() {
        if arguments.from_schema {
            from_schema::accept_loss(context, arguments, plan, &lost)?;
        } else {
            return Ok(Proved::Not {
                why: "it leaves other rows".to_owned(),
                details: lost,
            });
        }
    }
    Ok(if plan.successor.down.is_none() {
        Proved::UpOnly
    } else {
        Proved::Yes
    })
}

struct Bench<'a> {
    scratch: &'a mut Scratch,
    environment: &'a Environment,
    identity: &'a Identity,
    interrupt: &'a Interrupt,
    own: Option<&'a str>,
}

impl Bench<'_> {
    fn workbench(&mut self) -> Workbench<'_> {
        Workbench {
            database: self.scratch.database(),
            identity: self.identity,
            interrupt: self.interrupt,
            again: "manage squashmigrations",
            own: self.own,
        }
    }

    /// Runs the originals, and then leaves the scratch database where the one begins.
    fn ends(&mut self, files: &Files<'_>) -> Result<Ends, CommandError> {
        let last = files.squash.members.last();
        let through = |version: &&Version| last.is_some_and(|last| *version <= last);
        let all = files.directory.entries().iter().map(|entry| &entry.version);
        let all: Vec<Version> = all.filter(through).cloned().collect();
        self.apply(files, all.clone())?;
        let to = self.introspect()?;
        let rows = proof::contents(&to, self.scratch.database());
        self.scratch
            .empty(self.environment)
            .map_err(ProofError::from)?;
        let others = all
            .into_iter()
            .filter(|version| !files.is_member(version))
            .collect();
        self.apply(files, others)?;
        let from = self.introspect()?;
        Ok(Ends { from, to, rows })
    }

    fn introspect(&mut self) -> Result<Schema, ProofError> {
        Ok(self.scratch.database().introspect()?)
    }

    fn apply(&mut self, files: &Files<'_>, versions: Vec<Version>) -> Result<(), ProofError> {
        let route = Route {
            direction: Direction::Up,
            versions,
        };
        let mut workbench = self.workbench();
        let steps = workbench.steps(files.directory, &route)?;
        workbench.run(Direction::Up, steps)?;
        Ok(())
    }
}

fn step(context: &Context, plan: &Plan, files: &Files<'_>) -> Step {
    let successor = &plan.successor;
    let folder = context.shown(&successor.directory).join(&successor.name);
    Step {
        version: files
            .squash
            .members
            .last()
            .cloned()
            .unwrap_or_else(|| Version::of_directory(&successor.name)),
        name: successor.name.clone(),
        direction: Direction::Up,
        execution: Execution::Run,
        transactional: successor.metadata.run_in_transaction,
        script: Script {
            text: successor.up.clone(),
            origin: Origin::File(folder.join("up.sql")),
        },
        down: successor.down.clone(),
        stamp: Stamp::default(),
        metadata: None,
    }
}

/// Lets one that is not proved pass only if that was asked for.
pub(super) fn accept(
    context: &Context,
    proved: &Proved,
    unproved: bool,
) -> Result<(), CommandError> {
    let Proved::Not { details, .. } = proved else {
        return Ok(());
    };
    if unproved {
        for line in details {
            context.ui.status(&format!("  {line}"));
        }
        return Ok(());
    }
    let error = Unproved(proved.line());
    if context.ui.is_interactive() {
        context.ui.warning(&error.to_string());
        for line in details {
            context.ui.context_of_question(&format!("  {line}"));
        }
        if context
            .ui
            .confirm(&Question::optional("Write it all the same"))?
        {
            return Ok(());
        }
        return Err(ui::PromptError::Cancelled.into());
    }
    let mut error = CommandError::from(error);
    for line in details {
        error = error.detail(line.as_str());
    }
    Err(error.detail("nothing was written"))
}

/// It could not be proved.
#[derive(Debug, thiserror::Error)]
#[error("the squashed migration is {0}")]
struct Unproved(String);

impl Explain for Unproved {
    fn kind(&self) -> Kind {
        Kind::Failure
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "to see its SQL, add: --dry-run".to_owned(),
            "to write it all the same and mend it by hand, add: --unproved".to_owned(),
        ]
    }
}
