//! `--sql`: a plan as a script, from the files alone where the ends of a range say it all.

use std::path::{Path, PathBuf};

use super::registry::Outcome;
use super::resolve::warn;
use super::whole_file::write_whole;
use super::workspace::{OnAbsent, Workspace, load_directory};
use crate::backend::{self, Access, Capabilities, Direction};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{self, Conflicts, Frame, KnownMigration, Preparation, Stretch};
use crate::history::{JournalRun, Memory};
use crate::migration::{Execution, Finding, Graph, Plan, Range, Route, Target, Version};
use crate::settings::Connection;
use crate::ui;

use std::collections::{BTreeMap, BTreeSet};

/// Where the script goes.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct ScriptFlags {
    /// Write the SQL to DIR/CONNECTION.sql instead
    #[arg(long, value_name = "DIR", requires = "sql")]
    output_dir: Option<PathBuf>,
}

/// A script that was ordered for a range.
pub(super) struct Ordered<'a> {
    pub(super) range: &'a str,
    pub(super) direction: Direction,
    pub(super) execution: Execution,
    pub(super) flags: &'a ScriptFlags,
}

/// Whether a target is a range of a script.
pub(super) fn is_range(target: Option<&Target>) -> Option<&str> {
    target
        .map(Target::as_str)
        .filter(|text| Range::is_range(text))
}

/// Writes the script of a range. No database is opened unless an end of it counts from where one stands.
pub(super) fn range(
    context: &Context,
    connection: Connection,
    ordered: &Ordered<'_>,
) -> Result<Outcome, CommandError> {
    let range = Range::parse(ordered.range)?;
    // The lower end first, whichever way it goes.
    let (lower, upper) = match ordered.direction {
        Direction::Up => (range.from, range.to),
        Direction::Down => (range.to, range.from),
    };
    let lower = lower.unwrap_or_else(Target::base);
    let upper = upper.unwrap_or_else(Target::head);
    let (plan, odd, stretch, known, connection) =
        if executor::needs_database(&lower) || executor::needs_database(&upper) {
            let mut workspace = Workspace::open(context, connection, Access::Read)?;
            let known = workspace.known();
            let stretch = between(&lower, &upper, ordered, &known, &workspace.graph)?;
            warn(context, &workspace.conflicts().list());
            let dialect = workspace.dialect();
            let (plan, odd) = Preparation {
                directory: &workspace.directory,
                memory: &workspace.memory,
                dialect,
                capabilities: workspace.database.capabilities(),
                execution: ordered.execution,
            }
            .plan(
                &route(&stretch, ordered.direction),
                &mut *workspace.database,
            )?;
            (plan, odd, stretch, known, workspace.connection)
        } else {
            let directory = load_directory(context, &connection, OnAbsent::Refuse)?;
            let graph = Graph::load(&directory);
            let known = executor::known_offline(&directory);
            let stretch = between(&lower, &upper, ordered, &known, &graph)?;
            let conflicts = Conflicts {
                diverged: graph.divergences(),
                duplicates: directory.duplicates(),
                ..Conflicts::default()
            };
            warn(context, &conflicts.list());
            let backend = connection.backend()?;
            let (plan, odd) = Preparation {
                directory: &directory,
                memory: &Memory::default(),
                dialect: backend::dialect(backend),
                capabilities: Capabilities::of(backend),
                execution: ordered.execution,
            }
            .plan_offline(&route(&stretch, ordered.direction))?;
            (plan, odd, stretch, known, connection)
        };
    let ends =
        [&stretch.after, &stretch.through].map(|end| executor::name_of_position(end, &known));
    let way = match ordered.direction {
        Direction::Up => format!("{} to {}", ends[0], ends[1]),
        Direction::Down => format!("{} back to {}", ends[1], ends[0]),
    };
    print(
        context,
        &connection,
        &Script {
            plan: &plan,
            odd: &odd,
            way,
            has_ledger: false,
            in_effect: BTreeMap::new(),
            flags: ordered.flags,
        },
    )
}

fn between(
    lower: &Target,
    upper: &Target,
    ordered: &Ordered<'_>,
    known: &BTreeMap<Version, KnownMigration>,
    graph: &Graph,
) -> Result<Stretch, CommandError> {
    Stretch::between(lower, upper, known, graph).map_err(|error| match error {
        executor::StretchError::Reversed { .. } => OtherWay {
            range: ordered.range.to_owned(),
            direction: ordered.direction,
        }
        .into(),
        error @ executor::StretchError::Target(_) => error.into(),
    })
}

fn route(stretch: &Stretch, direction: Direction) -> Route {
    let mut versions = stretch.versions.clone();
    if direction == Direction::Down {
        versions.reverse();
    }
    Route {
        direction,
        versions,
    }
}

/// What is particular about the script of a route.
pub(super) struct Extras<'a> {
    pub(super) execution: Execution,
    /// Migrations that are only recorded, whatever the others are.
    pub(super) recorded: &'a BTreeSet<Version>,
    pub(super) flags: &'a ScriptFlags,
}

/// Writes the script of a route that was found by what a database has applied.
pub(super) fn route_of(
    context: &Context,
    workspace: &mut Workspace,
    route: &Route,
    extras: &Extras<'_>,
) -> Result<Outcome, CommandError> {
    let (mut plan, odd) = Preparation {
        directory: &workspace.directory,
        memory: &workspace.memory,
        dialect: workspace.dialect(),
        capabilities: workspace.database.capabilities(),
        execution: extras.execution,
    }
    .plan(route, &mut *workspace.database)?;
    for step in &mut plan.steps {
        if extras.recorded.contains(&step.version) {
            step.execution = Execution::Fake;
        }
    }
    let name = |version: Option<&Version>| {
        version.map_or_else(
            || "base".to_owned(),
            |version| executor::name_of(&workspace.directory, &workspace.memory, version),
        )
    };
    let now = name(workspace.memory.ledger.newest());
    let way = match route.direction {
        Direction::Up => format!("{now} to {}", name(route.versions.last())),
        Direction::Down => {
            let stays = plan
                .base
                .iter()
                .rfind(|version| !route.versions.contains(version));
            format!("{now} back to {}", name(stays))
        }
    };
    let has_ledger = workspace.memory.has_ledger();
    let in_effect = in_effect(context, workspace, &plan)?;
    print(
        context,
        &workspace.connection,
        &Script {
            plan: &plan,
            odd: &odd,
            way,
            has_ledger,
            in_effect,
            flags: extras.flags,
        },
    )
}

/// How many statements of what is unfinished a script of its rest leaves out.
fn in_effect(
    context: &Context,
    workspace: &mut Workspace,
    plan: &Plan,
) -> Result<BTreeMap<Version, usize>, CommandError> {
    let mut in_effect = BTreeMap::new();
    for step in &plan.steps {
        let mut runs = workspace.memory.journal.runs().iter();
        let is_it = |run: &&JournalRun| {
            run.version == step.version
                && run.direction == step.direction
                && step.execution == Execution::Run
        };
        let Some(run) = runs.find(is_it).cloned() else {
            continue;
        };
        let found = executor::Unfinished::find(
            &run,
            step,
            &workspace.memory.ledger,
            &mut *workspace.database,
        )?;
        match found.next() {
            Some(next) if found.changed.is_none() && found.lost.is_none() => {
                in_effect.insert(step.version.clone(), next);
            }
            Some(_) | None => {
                return Err(NotPrinted {
                    name: run.name.clone(),
                    why: ui::unfinished(&found).1,
                    on: context.on(workspace.name()),
                }
                .into());
            }
        }
    }
    Ok(in_effect)
}

/// What is left of an unfinished migration is not known.
#[derive(Debug, thiserror::Error)]
#[error("`{name}` is unfinished, and what is left of it to be printed is not known")]
struct NotPrinted {
    name: String,
    why: Vec<String>,
    on: String,
}

impl crate::error::Explain for NotPrinted {
    fn details(&self) -> Vec<String> {
        self.why.clone()
    }

    fn hints(&self) -> Vec<String> {
        vec![format!(
            "bring it to an end first: manage resume{}",
            self.on
        )]
    }
}

/// Writes the script of a plan that only records.
pub(super) fn of_plan(
    context: &Context,
    workspace: &Workspace,
    plan: &Plan,
) -> Result<Outcome, CommandError> {
    let last = |direction| {
        plan.steps
            .iter()
            .rfind(|step| step.direction == direction)
            .map(|step| step.name.clone())
    };
    let way = match (last(Direction::Up), last(Direction::Down)) {
        (Some(up), _) => format!("up to {up}"),
        (None, Some(down)) => format!("down to before {down}"),
        (None, None) => "nothing".to_owned(),
    };
    print(
        context,
        &workspace.connection,
        &Script {
            plan,
            odd: &[],
            way,
            has_ledger: workspace.memory.has_ledger(),
            in_effect: BTreeMap::new(),
            flags: &ScriptFlags::default(),
        },
    )
}

struct Script<'a> {
    plan: &'a Plan,
    odd: &'a [Finding],
    way: String,
    has_ledger: bool,
    /// Of what is unfinished, how many statements are in effect.
    in_effect: BTreeMap<Version, usize>,
    flags: &'a ScriptFlags,
}

fn print(
    context: &Context,
    connection: &Connection,
    script: &Script<'_>,
) -> Result<Outcome, CommandError> {
    for finding in script.odd {
        ui::finding(&context.ui, finding);
    }
    let backend = connection.backend()?;
    let database = connection.url().ok().and_then(|url| match backend {
        crate::settings::Backend::Mysql => url.database_name(),
        crate::settings::Backend::Sqlite | crate::settings::Backend::Postgres => None,
    });
    let identity = context.identity();
    let text = executor::offline(
        script.plan,
        &Frame {
            connection: &connection.name,
            way: &script.way,
            tool: &identity.tool,
            backend,
            database: database.as_deref(),
            has_ledger: script.has_ledger,
            in_effect: &script.in_effect,
        },
    );
    let Some(folder) = &script.flags.output_dir else {
        answer(context, &connection.name, &text);
        return Ok(Outcome::Done);
    };
    let path = folder.join(format!("{}.sql", file_name(&connection.name)));
    let text = if text.is_empty() {
        // Whoever runs one script for each connection finds one.
        format!("-- Nothing to do for connection `{}`.\n", connection.name)
    } else {
        text
    };
    write_whole(&context.environment.directory.join(&path), &text)?;
    if context.ui.is_json() {
        let json = serde_json::json!({
            "connection": connection.name,
            "path": path.display().to_string(),
            "migrations": script.plan.steps.len(),
        });
        context.ui.answer(&json.to_string());
    } else {
        context.ui.answer(&path.display().to_string());
    }
    context.ui.status(&format!(
        "{}: wrote {} to {}.",
        connection.name,
        ui::count(script.plan.steps.len(), "migration"),
        path.display()
    ));
    Ok(Outcome::Done)
}

fn answer(context: &Context, connection: &str, text: &str) {
    if context.ui.is_json() {
        let json = serde_json::json!({ "connection": connection, "sql": text });
        context.ui.answer(&json.to_string());
    } else {
        context.ui.answer(text.trim_end());
    }
}

/// A connection's name as that of a file.
fn file_name(connection: &str) -> String {
    let name = Path::new(connection);
    if name.components().count() == 1 && name.file_name().is_some() && !connection.contains('\\') {
        connection.to_owned()
    } else {
        connection.replace(['/', '\\', '.'], "_")
    }
}

/// A range leads the other way than the command.
#[derive(Debug, thiserror::Error)]
#[error("`{range}` leads {}", match .direction { Direction::Up => "back", Direction::Down => "forwards" })]
struct OtherWay {
    range: String,
    direction: Direction,
}

impl crate::error::Explain for OtherWay {
    fn kind(&self) -> crate::error::Kind {
        crate::error::Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        let command = match self.direction {
            Direction::Up => "downgrade",
            Direction::Down => "migrate",
        };
        vec![format!("manage {command} --sql {}", self.range)]
    }
}
