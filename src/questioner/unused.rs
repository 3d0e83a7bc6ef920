//! Answers that answer nothing: a slip of the pen, which must not pass for consent.

use std::collections::BTreeSet;

use super::answers::{Answers, Fill};
use super::decide::Decided;
use super::enum_value;
use crate::error::{Explain, Kind};
use crate::models::Join;
use crate::schema::change::{Change, Difference, Edit};
use crate::schema::{Name, Schema};

/// Checks that no flag that may do without a value took the message for one.
///
/// # Errors
/// A name in several words that nothing is called.
pub fn check_names(
    answers: &Answers,
    current: &Schema,
    desired: &Schema,
) -> Result<(), UnusedAnswer> {
    let is_known = |name: &str| {
        let is_table = |schema: &Schema| schema.table(&Name::parse(name)).is_some();
        // What has a dot names a part of something, and is checked when all is decided.
        name.contains('.') || is_table(current) || is_table(desired)
    };
    for (flag, names) in [
        ("--allow-drop", &answers.allow_drop),
        ("--no-rename", &answers.new),
    ] {
        let mut words = names.iter().filter(|name| name.contains(' '));
        if let Some(name) = words.find(|name| !is_known(name)) {
            return Err(UnusedAnswer {
                flag,
                name: name.clone(),
            });
        }
    }
    Ok(())
}

/// Checks that every answer is about something that differs. `joins` are those that no foreign key stands
/// behind.
///
/// # Errors
/// The first that is not.
pub fn check_used(
    answers: &Answers,
    decided: &Decided,
    joins: &[Join],
) -> Result<(), UnusedAnswer> {
    let Differing {
        drops,
        fills,
        casts,
        values,
        new,
    } = differing(&decided.difference);
    let dotted = |(name, part): &(Name, String)| format!("{name}.{part}");
    let joins: BTreeSet<String> = joins
        .iter()
        .map(|join| format!("{}.{}", join.child, join.column))
        .collect();
    let first = (answers.allow_drop.iter())
        .find(|name| !drops.contains(*name))
        .map(|name| ("--allow-drop", name.clone()))
        .or_else(|| {
            let name = answers.new.iter().find(|name| !new.contains(*name))?;
            Some(("--no-rename", name.clone()))
        })
        .or_else(|| {
            let (at, fill) = answers.fills.iter().find(|(at, fill)| match fill {
                Fill::Value(_) | Fill::None => !fills.contains(*at),
                Fill::Nullable => !decided.loosened.contains(*at),
            })?;
            let flag = match fill {
                Fill::Value(_) => "--fill",
                Fill::None => "--no-fill",
                Fill::Nullable => "--nullable",
            };
            Some((flag, dotted(at)))
        })
        .or_else(|| {
            let mut all = answers.casts.keys();
            Some(("--cast", dotted(all.find(|at| !casts.contains(*at))?)))
        })
        .or_else(|| {
            let mut all = answers.enum_values.keys();
            let at = all.find(|at| !values.contains(*at))?;
            Some(("--enum-value", dotted(at)))
        })
        .or_else(|| {
            let mut all = answers.foreign_keys.iter();
            let (name, is_key) = all.find(|(name, _)| !joins.contains(*name))?;
            let flag = if *is_key {
                "--foreign-key"
            } else {
                "--no-foreign-key"
            };
            Some((flag, name.clone()))
        });
    match first {
        None => Ok(()),
        Some((flag, name)) => Err(UnusedAnswer { flag, name }),
    }
}

/// What answers can be about.
#[derive(Default)]
struct Differing {
    drops: BTreeSet<String>,
    fills: BTreeSet<(Name, String)>,
    casts: BTreeSet<(Name, String)>,
    values: BTreeSet<(Name, String)>,
    new: BTreeSet<String>,
}

fn differing(difference: &Difference) -> Differing {
    let mut found = Differing::default();
    for change in &difference.changes {
        match change {
            Change::Table(Edit::Drop(table)) => {
                found.drops.insert(table.name.to_string());
            }
            Change::Table(Edit::Add(table)) => {
                found.new.insert(table.name.to_string());
            }
            Change::Column {
                table,
                edit: Edit::Drop(column),
            } => {
                found.drops.insert(format!("{table}.{}", column.name));
                found.drops.insert(table.to_string());
            }
            Change::Column {
                table,
                edit: Edit::Add(column),
            } => {
                found.new.insert(format!("{table}.{}", column.name));
                found.fills.insert((table.clone(), column.name.clone()));
            }
            Change::Column {
                table,
                edit: Edit::Alter { from, to },
            } => {
                let at = (table.clone(), to.name.clone());
                if from.nullable != to.nullable {
                    found.fills.insert(at.clone());
                }
                if from.sql_type != to.sql_type {
                    found.casts.insert(at);
                }
            }
            Change::Namespace(_)
            | Change::Extension(_)
            | Change::Enum(_)
            | Change::Domain(_)
            | Change::Sequence(_)
            | Change::Table(Edit::Alter { .. })
            | Change::RenameTable { .. }
            | Change::RenameColumn { .. }
            | Change::TableComment { .. }
            | Change::TableOptions { .. }
            | Change::PrimaryKey { .. }
            | Change::Unique { .. }
            | Change::Check { .. }
            | Change::Exclusion { .. }
            | Change::ForeignKey { .. }
            | Change::Index { .. }
            | Change::Trigger { .. }
            | Change::View(_)
            | Change::Routine(_) => {}
        }
        for (owner, value) in enum_value::removed(change) {
            found.drops.insert(format!("{owner}.{value}"));
            found.values.insert((owner, value));
        }
    }
    found
}

/// An answer to no question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{flag} {name}` is about nothing that differs")]
pub struct UnusedAnswer {
    flag: &'static str,
    name: String,
}

impl Explain for UnusedAnswer {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        let mut hints = vec!["see what differs: manage makemigrations --check".to_owned()];
        if self.name.contains(' ') {
            hints.push(format!(
                "if it is the message, write it first: manage makemigrations \"{}\" {}",
                self.name, self.flag
            ));
        }
        hints
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questioner::decide;
    use crate::schema::change::Renames;
    use crate::schema::{Column, Table};
    use crate::sql::{Product, Server};

    #[test]
    fn a_name_that_is_nothing_is_refused() {
        let with = |columns: &[&str]| Schema {
            tables: vec![Table {
                name: Name::new("users"),
                columns: columns
                    .iter()
                    .map(|name| Column {
                        name: (*name).to_owned(),
                        ..Column::default()
                    })
                    .collect(),
                ..Table::default()
            }],
            ..Schema::default()
        };
        let server = Server {
            product: Product::Sqlite,
            version: (3, 45, 0),
        };
        let check = |name: &str| {
            let mut answers = Answers::default();
            answers.allow_drop.insert(name.to_owned());
            let (current, desired) = (with(&["a", "b"]), with(&["a", "c"]));
            let decided = decide(server, current, desired, Renames::default(), &answers);
            check_used(&answers, &decided, &[]).map_err(|error| error.to_string())
        };
        assert_eq!(check("users.b"), Ok(()));
        assert_eq!(
            check("Add users").unwrap_err(),
            "`--allow-drop Add users` is about nothing that differs"
        );
    }
}
