//! Initial migrations whose tables are there already: recorded instead of run.

use std::collections::BTreeSet;

use super::rehearsal;
use super::workspace::Workspace;
use crate::backend::Direction;
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::executor::ExecuteError;
use crate::migration::{Node, Route, Version};
use crate::proof::{ProofError, Workbench};
use crate::schema::{Name, Schema, Table};
use crate::sql::Dialect;
use crate::ui;

/// Finds the initial migrations of a route that are to be recorded: all tables they make are there, with
/// just their columns. Where none is there, the migration is run.
///
/// A migration is initial if it follows nothing, or only what makes no table: before the first tables of
/// a Diesel project on PostgreSQL stands the one with Diesel's own functions. What it makes is seen by
/// running it on a scratch database.
///
/// # Errors
/// Some of what a migration makes is there and some is not; or it cannot be tried.
pub(super) fn recorded(
    context: &Context,
    workspace: &mut Workspace,
    route: &Route,
    again: &str,
) -> Result<BTreeSet<Version>, CommandError> {
    let mut recorded = BTreeSet::new();
    let (Direction::Up, Some(last)) = (route.direction, route.versions.iter().max()) else {
        return Ok(recorded);
    };
    let live = workspace
        .database
        .introspect()
        .map_err(ExecuteError::from)?;
    let environment = context.settings()?.environment();
    let mut scratch = rehearsal::scratch(context, &workspace.connection, &environment)??;
    let own = workspace.connection.url()?.database_name();
    let mut rehearsal = Rehearsal {
        workspace,
        workbench: Workbench {
            database: scratch.database(),
            identity: &context.identity(),
            interrupt: &context.interrupt,
            again,
            own: own.as_deref(),
        },
        before: Schema::default(),
    };
    let mut without_tables = BTreeSet::new();
    let mut partly = Vec::new();
    let nodes = rehearsal.workspace.graph.nodes();
    for node in nodes.iter().filter(|node| node.version <= *last) {
        let graph = &rehearsal.workspace.graph;
        let is_initial = graph
            .parents(node)
            .all(|parent| without_tables.contains(&parent.version));
        if !is_initial {
            continue;
        }
        let made = rehearsal.made_by(node)?;
        if made.tables.is_empty() {
            without_tables.insert(node.version.clone());
            continue;
        }
        if !route.versions.contains(&node.version) {
            continue;
        }
        match made.found_in(&live, rehearsal.workspace.dialect()) {
            Found::Nothing => {}
            Found::Everything(types) => {
                tell(context, node, &made, &types);
                recorded.insert(node.version.clone());
            }
            Found::Partly(differences) => partly.push((node.name.clone(), differences)),
        }
    }
    if partly.is_empty() {
        Ok(recorded)
    } else {
        Err(InPart(partly).into())
    }
}

fn tell(context: &Context, node: &Node, made: &Made, types: &[String]) {
    context.ui.status(&format!(
        "`{}` makes {} that {} already, with the same columns: it is recorded, not run.",
        node.name,
        ui::count(made.tables.len(), "table"),
        if made.tables.len() == 1 {
            "is there"
        } else {
            "are there"
        }
    ));
    for difference in types {
        context.ui.warning(difference);
    }
}

struct Rehearsal<'a> {
    workspace: &'a Workspace,
    workbench: Workbench<'a>,
    /// What the scratch database holds.
    before: Schema,
}

impl Rehearsal<'_> {
    /// Runs a migration and looks what is there that was not.
    fn made_by(&mut self, node: &Node) -> Result<Made, CommandError> {
        let route = Route {
            direction: Direction::Up,
            versions: vec![node.version.clone()],
        };
        let steps = self.workbench.steps(&self.workspace.directory, &route)?;
        self.workbench.run(Direction::Up, steps)?;
        let after = self.workbench.database.introspect();
        let after = after.map_err(ProofError::from)?;
        let made = Made {
            tables: after
                .tables
                .iter()
                .filter(|table| self.before.table(&table.name).is_none())
                .cloned()
                .collect(),
            views: after
                .views
                .iter()
                .map(|view| &view.name)
                .filter(|name| !self.before.views.iter().any(|view| view.name == **name))
                .cloned()
                .collect(),
        };
        self.before = after;
        Ok(made)
    }
}

/// What a migration makes.
struct Made {
    tables: Vec<Table>,
    views: Vec<Name>,
}

/// How much of it is there.
enum Found {
    Nothing,
    /// With what differs all the same, and is no reason to run it: types.
    Everything(Vec<String>),
    /// What differs.
    Partly(Vec<String>),
}

impl Made {
    fn found_in(&self, live: &Schema, dialect: Dialect) -> Found {
        let is = |one: &str, other: &str| match dialect {
            Dialect::Postgres => one == other,
            Dialect::Sqlite | Dialect::Mysql => one.eq_ignore_ascii_case(other),
        };
        let same = |one: &Name, other: &Name| {
            one.namespace == other.namespace && is(&one.name, &other.name)
        };
        let mut is_anything_there = false;
        let (mut differences, mut types) = (Vec::new(), Vec::new());
        for table in &self.tables {
            let Some(there) = live.tables.iter().find(|one| same(&one.name, &table.name)) else {
                differences.push(format!("table `{}` is not there", table.name));
                continue;
            };
            is_anything_there = true;
            for column in &table.columns {
                let name = format!("{}.{}", table.name, column.name);
                let found = there.columns.iter().find(|one| is(&one.name, &column.name));
                match found {
                    None => differences.push(format!("column `{name}` is not there")),
                    Some(found) if found.sql_type != column.sql_type => types.push(format!(
                        "column `{name}` is {} there, and {} where the migration makes it",
                        found.sql_type, column.sql_type
                    )),
                    Some(_) => {}
                }
            }
            for column in &there.columns {
                if !table.columns.iter().any(|one| is(&one.name, &column.name)) {
                    differences.push(format!(
                        "column `{}.{}` is there, and the migration does not make it",
                        table.name, column.name
                    ));
                }
            }
        }
        for view in &self.views {
            if live.views.iter().any(|one| same(&one.name, view)) {
                is_anything_there = true;
            } else {
                differences.push(format!("view `{view}` is not there"));
            }
        }
        match (is_anything_there, differences.is_empty()) {
            (false, _) => Found::Nothing,
            (true, true) => Found::Everything(types),
            (true, false) => Found::Partly(differences),
        }
    }
}

/// Some of what initial migrations make is there.
#[derive(Debug, thiserror::Error)]
#[error("{}", in_part(.0))]
struct InPart(Vec<(String, Vec<String>)>);

fn in_part(migrations: &[(String, Vec<String>)]) -> String {
    match migrations {
        [(name, _)] => format!("what `{name}` makes is there in part, or with other columns"),
        many => format!(
            "what {} initial migrations make is there in part, or with other columns",
            many.len()
        ),
    }
}

impl Explain for InPart {
    fn details(&self) -> Vec<String> {
        let mut details: Vec<String> = match self.0.as_slice() {
            [(_, differences)] => differences.clone(),
            many => many
                .iter()
                .flat_map(|(name, differences)| {
                    differences
                        .iter()
                        .map(move |difference| format!("`{name}`: {difference}"))
                })
                .collect(),
        };
        details.push("nothing was run".to_owned());
        details
    }

    fn hints(&self) -> Vec<String> {
        let mut hints =
            vec!["bring the tables to what the migration makes, or take them away".to_owned()];
        hints.extend(
            self.0
                .iter()
                .map(|(name, _)| format!("record it as it is: manage migrate --fake {name}")),
        );
        hints
    }
}
