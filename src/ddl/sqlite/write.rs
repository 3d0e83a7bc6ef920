//! The statements, in their order.

use super::guard::{self, Guards};
use super::programs::Programs;
use super::rebuild::{self, Surroundings};
use super::rename::{self, unused};
use super::spelling::quoted;
use super::tables::{Step, Tables, Way};
use super::{index, references, table};
use crate::ddl::{DdlError, Script};
use crate::schema::change::{Change, Decisions, Difference};
use crate::schema::{Schema, Table};
use crate::sql::Server;

/// Writes the statements that lead from one schema to another.
pub(in crate::ddl) fn write(
    _: Server,
    difference: &Difference,
    decisions: &Decisions,
) -> Result<Script, DdlError> {
    refuse(difference)?;
    let tables = Tables::of(difference, decisions);
    let programs = Programs::of(difference, &tables);
    let in_danger = references::in_danger(difference, &tables);
    let mut statements = programs.drops.clone();
    for drop in triggers_in_the_way(&tables) {
        if !statements.contains(&drop) {
            statements.push(drop);
        }
    }
    statements.extend(rename::statements(&difference.from, &difference.renames));
    statements.extend(dropped_indexes(&tables));
    statements.extend(
        tables
            .dropped
            .iter()
            .map(|table| format!("DROP TABLE {}", quoted(&table.name.name))),
    );
    let mut names = Names::of(difference);
    for step in &tables.steps {
        match &step.way {
            Way::Create => statements.push(table::create(step.to, &step.to.name.name)),
            Way::InPlace(own) => statements.extend(own.iter().cloned()),
            Way::Rebuild(base) => {
                let around = Surroundings {
                    new_name: &names.take(&step.to.name.name),
                    has_programs: programs.stand_by(&step.to.name),
                    decisions,
                };
                statements.extend(rebuild::statements(base, step.to, around));
            }
        }
    }
    statements.extend(tables.steps.iter().flat_map(new_indexes));
    statements.extend(programs.creates);
    let rebuilt: Vec<String> = tables
        .rebuilt()
        .map(|(_, to)| format!("`{}`", to.name))
        .collect();
    let mut script = Script {
        statements,
        transactional: true,
        remarks: Vec::new(),
    };
    if !rebuilt.is_empty() {
        script.remarks.push(format!(
            "SQLite cannot change {} in place: a new table gets the rows and then the name, and \
             `__manage_guard` makes the script fail if a row were lost.",
            rebuilt.join(", ")
        ));
    }
    let checks = in_danger.is_some() || references::become_stricter(difference, &tables);
    let is_checkable =
        references::are_checkable(&difference.base) && references::are_checkable(&difference.to);
    if checks && is_checkable {
        script.guard(Guards::RowsAndReferences);
    } else if in_danger.is_some() || !rebuilt.is_empty() {
        script.guard(Guards::Rows);
    }
    if let Some(table) = in_danger {
        script.bring_transaction();
        script.remarks.push(format!(
            "The old `{}` goes while rows refer to it, and they would go too if foreign keys were on. \
             These can be turned off only where no transaction is open, so the script brings its own.",
            table.name
        ));
    }
    Ok(script)
}

impl Script {
    /// Puts what makes it fail round the statements.
    fn guard(&mut self, guards: Guards) {
        let (before, after) = match guards {
            Guards::Rows => (None, None),
            Guards::RowsAndReferences => {
                (Some(guard::count_broken()), Some(guard::not_more_broken()))
            }
        };
        let own = std::mem::take(&mut self.statements);
        self.statements.push(guard::open(guards));
        self.statements.extend(before);
        self.statements.extend(own);
        self.statements.extend(after);
        self.statements.push(guard::close());
    }

    /// Puts a transaction round the statements, and has foreign keys off round it.
    fn bring_transaction(&mut self) {
        let own = std::mem::take(&mut self.statements);
        let before = ["PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"];
        let after = ["COMMIT", "PRAGMA foreign_keys = ON"];
        self.statements.extend(before.map(str::to_owned));
        self.statements.extend(own);
        self.statements.extend(after.map(str::to_owned));
        self.transactional = false;
    }
}

/// Triggers that mention a table which goes as theirs does: with foreign keys on, dropping a table
/// deletes its rows first, and then its triggers have to make sense.
fn triggers_in_the_way(tables: &Tables<'_>) -> Vec<String> {
    let mut drops = Vec::new();
    for table in &tables.dropped {
        for trigger in &table.triggers {
            let mentioned = |other: &&Table| {
                other.name != table.name && trigger.definition.contains(&other.name.name)
            };
            if tables.dropped.iter().any(mentioned) {
                drops.push(format!("DROP TRIGGER {}", quoted(&trigger.name)));
            }
        }
    }
    drops
}

/// What is there in other databases only.
fn refuse(difference: &Difference) -> Result<(), DdlError> {
    for change in &difference.changes {
        let is_known = match change {
            Change::Namespace(_)
            | Change::Extension(_)
            | Change::Enum(_)
            | Change::Domain(_)
            | Change::Sequence(_)
            | Change::Exclusion { .. }
            | Change::Routine(_) => false,
            Change::View(edit) => !edit.subject().materialized,
            Change::Table(_)
            | Change::RenameTable { .. }
            | Change::RenameColumn { .. }
            | Change::TableComment { .. }
            | Change::TableOptions { .. }
            | Change::Column { .. }
            | Change::PrimaryKey { .. }
            | Change::Unique { .. }
            | Change::Check { .. }
            | Change::ForeignKey { .. }
            | Change::Index { .. }
            | Change::Trigger { .. } => true,
        };
        if !is_known {
            return Err(DdlError::NoWay {
                what: change.describe(),
                hint: "SQLite has no such thing; write the migration by hand: \
                       manage makemigrations --empty"
                    .to_owned(),
            });
        }
    }
    Ok(())
}

/// The indexes of tables that stay as they are. Those of the others go with the table.
fn dropped_indexes(tables: &Tables<'_>) -> Vec<String> {
    let steps = tables.steps.iter().filter(|step| !step.is_made());
    steps
        .flat_map(|step| &step.indexes)
        .filter_map(|edit| edit.before())
        .map(|index| format!("DROP INDEX {}", quoted(&index.name)))
        .collect()
}

fn new_indexes(step: &Step<'_>) -> Vec<String> {
    let create = |one| index::create(one, &step.to.name.name);
    if step.is_made() {
        return step.to.indexes.iter().map(create).collect();
    }
    let edits = step.indexes.iter().copied();
    edits.filter_map(|edit| edit.after()).map(create).collect()
}

/// The names that something has, at one time or another.
struct Names(Vec<String>);

impl Names {
    fn of(difference: &Difference) -> Self {
        let mut names = Vec::new();
        for schema in [&difference.from, &difference.base, &difference.to] {
            add_names(schema, &mut names);
        }
        Self(names)
    }

    /// A name for the new table until the old one is gone.
    fn take(&mut self, table: &str) -> String {
        let name = unused(&format!("new_{table}"), |name| {
            self.0.contains(&name.to_ascii_lowercase())
        });
        self.0.push(name.to_ascii_lowercase());
        name
    }
}

fn add_names(schema: &Schema, names: &mut Vec<String>) {
    let mut add = |name: &str| names.push(name.to_ascii_lowercase());
    for table in &schema.tables {
        add(&table.name.name);
        table.indexes.iter().for_each(|index| add(&index.name));
    }
    schema.views.iter().for_each(|view| add(&view.name.name));
    for unmanaged in &schema.unmanaged {
        unmanaged.names.iter().for_each(|name| add(&name.name));
    }
}
