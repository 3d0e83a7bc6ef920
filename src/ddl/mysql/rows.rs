//! What happens to the rows of a table before its columns take their final form.

use std::collections::BTreeMap;

use super::column::{is_literal, kind, quote};
use super::nothing;
use super::treatment::{Treatment, takes_default};
use crate::schema::change::Decisions;
use crate::schema::{Column, Name, SqlType, Table};

/// What happens before, and what is left to do after, the statement that does the rest.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Columns that have to be there before rows are changed; those that take another's place under a
    /// name of their own, and the one whose place it is.
    pub(super) added: Vec<Added>,
    /// Columns that have to hold more before rows are changed.
    pub(super) widened: Vec<Column>,
    /// What is written into rows: the column, an expression, and a condition.
    pub(super) updates: Vec<Update>,
    /// Columns that keep a default only until the rows have it: with the default.
    pub(super) filled: BTreeMap<String, String>,
}

/// A column that is there early.
#[derive(Debug)]
pub(super) struct Added {
    /// It, with NULL allowed.
    pub(super) column: Column,
    /// The column whose place it takes.
    pub(super) replaces: Option<String>,
}

/// One `UPDATE`.
#[derive(Debug)]
pub(super) struct Update {
    pub(super) column: String,
    pub(super) value: String,
    pub(super) condition: Option<String>,
}

impl Rows {
    /// Works out what a table's rows need.
    pub(super) fn of(
        base: &Table,
        to: &Table,
        treatments: &BTreeMap<String, Treatment>,
        decisions: &Decisions,
    ) -> Self {
        let mut rows = Self::default();
        for after in &to.columns {
            match (base.column(&after.name), treatments.get(&after.name)) {
                (None, _) => rows.new_column(to, after, decisions),
                (Some(before), Some(Treatment::Replace { value })) => {
                    rows.replace(base, to, before, after, value, decisions);
                }
                (Some(before), Some(Treatment::Modify)) => {
                    rows.enum_values(to, before, after, decisions);
                    rows.require(to, before, after, decisions);
                }
                (Some(_), Some(Treatment::Remake) | None) => {}
            }
        }
        rows
    }

    fn new_column(&mut self, to: &Table, column: &Column, decisions: &Decisions) {
        let decided = decisions.fills.get(&(to.name.clone(), column.name.clone()));
        if column.generated.is_some() || column.auto.is_some() {
            return;
        }
        let sql_type = &column.sql_type.0;
        let value = match decided {
            Some(value) => value.clone(),
            None if !column.is_required() || nothing::is_implicit(sql_type) => return,
            None => nothing::of(sql_type),
        };
        if is_literal(&value) && takes_default(sql_type) {
            self.filled.insert(column.name.clone(), value);
            return;
        }
        self.added.push(Added {
            column: Column {
                nullable: true,
                default: None,
                ..column.clone()
            },
            replaces: None,
        });
        self.updates.push(Update {
            column: column.name.clone(),
            value,
            condition: None,
        });
    }

    fn replace(
        &mut self,
        base: &Table,
        to: &Table,
        before: &Column,
        after: &Column,
        value: &str,
        decisions: &Decisions,
    ) {
        let taken = |name: &str| base.column(name).is_some() || to.column(name).is_some();
        let name = stand_in(&after.name, "__new", taken);
        self.added.push(Added {
            column: Column {
                name: name.clone(),
                nullable: true,
                default: None,
                on_update: None,
                auto: None,
                ..after.clone()
            },
            replaces: Some(after.name.clone()),
        });
        self.updates.push(Update {
            column: name.clone(),
            value: value.to_owned(),
            condition: None,
        });
        let decided = decisions.fills.get(&(to.name.clone(), after.name.clone()));
        if let Some(value) = decided.filter(|_| before.nullable && !after.nullable) {
            self.fill(&name, value.clone());
        }
    }

    /// A removed value of an enum becomes another one, which may have to be there first.
    fn enum_values(&mut self, to: &Table, before: &Column, after: &Column, decisions: &Decisions) {
        let (old, new) = (
            nothing::values(&before.sql_type.0),
            nothing::values(&after.sql_type.0),
        );
        let owner = Name::within(to.name.name.clone(), after.name.clone());
        let removed: Vec<_> = old
            .iter()
            .filter(|value| !new.contains(value))
            .filter_map(|value| {
                let other = decisions.enum_values.get(&(owner.clone(), value.clone()))?;
                Some((value, other))
            })
            .collect();
        if removed.is_empty() {
            return;
        }
        let literal = |text: &str| crate::sql::Dialect::Mysql.quote_literal(text);
        if removed.iter().any(|(_, other)| !old.contains(other)) {
            let mut union = old.clone();
            union.extend(new.iter().filter(|value| !old.contains(value)).cloned());
            self.widened.push(Column {
                sql_type: SqlType::new(nothing::enum_of(&union)),
                ..before.clone()
            });
        }
        for (value, other) in removed {
            self.updates.push(Update {
                column: after.name.clone(),
                value: literal(other),
                condition: Some(format!("{} = {}", quote(&after.name), literal(value))),
            });
        }
    }

    /// Where nobody has decided, the server refuses rows with NULL: a value of ours would be a loss.
    fn require(&mut self, to: &Table, before: &Column, after: &Column, decisions: &Decisions) {
        let decided = decisions.fills.get(&(to.name.clone(), after.name.clone()));
        let Some(value) = decided.filter(|_| before.nullable && !after.nullable) else {
            return;
        };
        let is_wider = self.widened.iter().any(|column| column.name == after.name);
        if before.sql_type != after.sql_type && !is_wider {
            self.widened.push(Column {
                nullable: true,
                default: None,
                auto: None,
                ..after.clone()
            });
        }
        self.fill(&after.name, value.clone());
    }

    fn fill(&mut self, column: &str, value: String) {
        self.updates.push(Update {
            column: column.to_owned(),
            value,
            condition: Some(format!("{} IS NULL", quote(column))),
        });
    }
}

/// A name for what stands beside another of its name for a while.
pub(super) fn stand_in(name: &str, suffix: &str, taken: impl Fn(&str) -> bool) -> String {
    /// What both servers allow, in characters.
    const LONGEST: usize = 64;
    let with = |suffix: &str| {
        let room = LONGEST.saturating_sub(suffix.len());
        let start: String = name.chars().take(room).collect();
        format!("{start}{suffix}")
    };
    let mut free = with(suffix);
    let mut number = 1;
    while taken(&free) {
        number += 1;
        free = with(&format!("{suffix}{number}"));
    }
    free
}

impl Update {
    /// The statement. Columns that note the time of a change keep what they have: nobody changed the row.
    pub(super) fn statement(&self, base: &Table) -> String {
        let mut assignments = vec![format!("{} = {}", quote(&self.column), self.value)];
        for column in &base.columns {
            let clock = matches!(kind(&column.sql_type.0).as_str(), "timestamp" | "datetime");
            if clock && column.on_update.is_some() && column.name != self.column {
                let name = quote(&column.name);
                assignments.push(format!("{name} = {name}"));
            }
        }
        let condition = self
            .condition
            .as_ref()
            .map(|condition| format!(" WHERE {condition}"));
        format!(
            "UPDATE {} SET {}{}",
            quote(&base.name.name),
            assignments.join(", "),
            condition.unwrap_or_default()
        )
    }
}
