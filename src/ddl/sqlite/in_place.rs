//! What can be done to a table without making it anew.

use super::add_column;
use super::mention::mentions;
use super::spelling::quoted;
use crate::schema::change::{Change, Decisions, Edit};
use crate::schema::{Check, Column, ForeignKey, Index, KeyPart, Table};

/// The `ALTER TABLE` statements; `None` where the table has to be made anew. Indexes and triggers are
/// not among them.
pub(super) fn statements(
    base: &Table,
    to: &Table,
    changes: &[&Change],
    decisions: &Decisions,
) -> Option<Vec<String>> {
    let mut parts = Parts::of(changes)?;
    // What is computed comes after what it may be computed from.
    parts.added.sort_by_key(|column| column.generated.is_some());
    let mut statements = Vec::new();
    let mut keys = parts.keys;
    let mut checks = parts.checks;
    for (at, column) in parts.added.iter().enumerate() {
        let own_keys: Vec<_> = take(&mut keys, |key| key.columns == [column.name.as_str()]);
        let later = &parts.added[at + 1..];
        let is_early = column.generated.as_ref().is_some_and(|generated| {
            let expression = &generated.expression;
            later.iter().any(|other| mentions(expression, &other.name))
        });
        if is_early {
            return None;
        }
        let own_checks: Vec<_> = take(&mut checks, |check| {
            mentions(&check.expression, &column.name)
                && !later
                    .iter()
                    .any(|other| mentions(&check.expression, &other.name))
        });
        let is_filled = decisions
            .fills
            .contains_key(&(to.name.clone(), column.name.clone()));
        let is_taken = base
            .columns
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(&column.name));
        if is_filled || is_taken || !add_column::is_possible(column, &own_keys) {
            return None;
        }
        statements.push(add_column::add(to, column, &own_keys, &own_checks));
    }
    if !keys.is_empty() || !checks.is_empty() {
        return None;
    }
    for column in parts.dropped {
        if is_used(column, base, &parts.gone) {
            return None;
        }
        statements.push(format!(
            "ALTER TABLE {} DROP COLUMN {}",
            quoted(&to.name.name),
            quoted(&column.name)
        ));
    }
    Some(statements)
}

/// What a table's changes are made of, if they are of the kinds that may be possible.
#[derive(Default)]
struct Parts<'a> {
    added: Vec<&'a Column>,
    dropped: Vec<&'a Column>,
    keys: Vec<&'a ForeignKey>,
    checks: Vec<&'a Check>,
    /// Indexes that are not there any more when columns are dropped.
    gone: Vec<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(changes: &[&'a Change]) -> Option<Self> {
        let mut parts = Self::default();
        for change in changes {
            match change {
                Change::Column { edit, .. } => match edit {
                    Edit::Add(column) => parts.added.push(column),
                    Edit::Drop(column) => parts.dropped.push(column),
                    Edit::Alter { from, to } if is_the_same(from, to) => {}
                    Edit::Alter { .. } => return None,
                },
                Change::ForeignKey {
                    edit: Edit::Add(key),
                    ..
                } => parts.keys.push(key),
                Change::Check {
                    edit: Edit::Add(check),
                    ..
                } => parts.checks.push(check),
                Change::Index { edit, .. } => {
                    parts
                        .gone
                        .extend(edit.before().map(|index| index.name.as_str()));
                }
                Change::Trigger { .. }
                | Change::TableComment { .. }
                | Change::RenameTable { .. }
                | Change::RenameColumn { .. } => {}
                Change::TableOptions { .. }
                | Change::PrimaryKey { .. }
                | Change::Unique { .. }
                | Change::Check { .. }
                | Change::Exclusion { .. }
                | Change::ForeignKey { .. }
                | Change::Namespace(_)
                | Change::Extension(_)
                | Change::Enum(_)
                | Change::Domain(_)
                | Change::Sequence(_)
                | Change::Table(_)
                | Change::View(_)
                | Change::Routine(_) => return None,
            }
        }
        Some(parts)
    }
}

/// Whether two columns are one to SQLite, which has no comments.
fn is_the_same(from: &Column, to: &Column) -> bool {
    let bare = |column: &Column| Column {
        comment: None,
        ..column.clone()
    };
    bare(from) == bare(to)
}

/// Whether something in the table needs the column. What only looks like it counts too: a table that is
/// made anew without need is no harm, a statement that fails is.
fn is_used(column: &Column, table: &Table, gone: &[&str]) -> bool {
    let name = column.name.as_str();
    let among = |names: &[String]| names.iter().any(|one| one == name);
    let in_index = |index: &Index| {
        index
            .predicate
            .as_ref()
            .is_some_and(|text| mentions(text, name))
            || index.keys.iter().any(|key| match &key.part {
                KeyPart::Column(one) => one == name,
                KeyPart::Expression(text) => mentions(text, name),
            })
    };
    table
        .primary_key
        .as_ref()
        .is_some_and(|key| among(&key.columns))
        || table.uniques.iter().any(|unique| among(&unique.columns))
        || table.foreign_keys.iter().any(|key| among(&key.columns))
        || table
            .checks
            .iter()
            .any(|check| mentions(&check.expression, name))
        || table
            .columns
            .iter()
            .filter_map(|other| other.generated.as_ref())
            .any(|generated| mentions(&generated.expression, name))
        || table
            .indexes
            .iter()
            .filter(|index| !gone.contains(&index.name.as_str()))
            .any(in_index)
}

/// Takes out of a list what fits.
fn take<'a, T>(list: &mut Vec<&'a T>, fits: impl Fn(&T) -> bool) -> Vec<&'a T> {
    let taken = list.iter().copied().filter(|one| fits(one)).collect();
    list.retain(|one| !fits(one));
    taken
}
