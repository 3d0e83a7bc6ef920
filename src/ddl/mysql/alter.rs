//! Everything that happens to one table that stays.

use std::collections::BTreeMap;

use super::column::{default_value, definition, inline_check, kind, quote, quote_all};
use super::constraint::{check, drop_check, foreign_key};
use super::create;
use super::implied::{comes_by_itself, gives_way};
use super::index::{clause, mentions};
use super::rows::Rows;
use super::treatment::{Treatment, collated};
use crate::schema::change::Decisions;
use crate::schema::{Check, Column, ForeignKey, Index, Table};
use crate::sql::{Dialect, Product, Server};

/// One table on its way.
pub(super) struct Altered<'a> {
    pub(super) server: Server,
    /// As it is, with its new name and the new names of its columns.
    pub(super) base: &'a Table,
    /// As it becomes.
    pub(super) to: &'a Table,
    pub(super) treatments: &'a BTreeMap<String, Treatment>,
    /// Foreign keys that go with the rest.
    pub(super) dropped: Vec<&'a ForeignKey>,
    /// Foreign keys that come with the rest.
    pub(super) added: Vec<&'a ForeignKey>,
}

impl Altered<'_> {
    /// The statements, most often one.
    pub(super) fn statements(&self, decisions: &Decisions) -> Vec<String> {
        let rows = Rows::of(self.base, self.to, self.treatments, decisions);
        let mut statements = Vec::new();
        let mut order: Vec<String> = self
            .base
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect();
        let early = self.early(&rows, &mut order);
        statements.extend(alter_table(self.base, &early));
        statements.extend(
            rows.updates
                .iter()
                .map(|update| update.statement(self.base)),
        );
        statements.extend(alter_table(self.base, &self.clauses(&rows, order)));
        let late: Vec<_> = rows
            .filled
            .keys()
            .filter_map(|name| self.to.column(name))
            .map(|column| {
                let name = quote(&column.name);
                match &column.default {
                    Some(default) => format!(
                        "ALTER COLUMN {name} SET DEFAULT {}",
                        default_value(self.server, &kind(&column.sql_type.0), default)
                    ),
                    None => format!("ALTER COLUMN {name} DROP DEFAULT"),
                }
            })
            .collect();
        statements.extend(alter_table(self.base, &late));
        statements
    }

    /// What has to be there before rows are changed.
    fn early(&self, rows: &Rows, order: &mut Vec<String>) -> Vec<String> {
        let widened = rows
            .widened
            .iter()
            .map(|column| format!("MODIFY COLUMN {}", self.definition(column)));
        let mut clauses: Vec<_> = widened.collect();
        for added in &rows.added {
            let name = added.replaces.as_ref().unwrap_or(&added.column.name);
            let place = self.place(name, order, rows);
            clauses.push(self.add(&added.column, order, place));
        }
        clauses
    }

    fn clauses(&self, rows: &Rows, mut order: Vec<String>) -> Vec<String> {
        let mut clauses = Vec::new();
        for key in &self.dropped {
            let name = key.name.as_deref().unwrap_or_default();
            clauses.push(format!("DROP FOREIGN KEY {}", quote(name)));
        }
        clauses.extend(self.dropped_checks());
        let key_stays = self.base.primary_key == self.to.primary_key
            && !self
                .base
                .primary_key
                .as_ref()
                .is_some_and(|key| key.columns.iter().any(|column| self.is_remade(column)));
        if !key_stays && self.base.primary_key.is_some() {
            clauses.push("DROP PRIMARY KEY".to_owned());
        }
        let indexes = self.indexes();
        for index in &indexes.dropped {
            clauses.push(format!("DROP INDEX {}", quote(&index.name)));
        }
        for column in &self.base.columns {
            if self.to.column(&column.name).is_none() || self.is_remade(&column.name) {
                clauses.push(format!("DROP COLUMN {}", quote(&column.name)));
                order.retain(|name| *name != column.name);
            }
        }
        for (from, to) in &indexes.renamed {
            clauses.push(format!("RENAME INDEX {} TO {}", quote(from), quote(to)));
        }
        clauses.extend(self.columns(rows, &mut order));
        if let Some(key) = self.to.primary_key.as_ref().filter(|_| !key_stays) {
            clauses.push(format!("ADD PRIMARY KEY ({})", quote_all(&key.columns)));
        }
        clauses.extend(
            indexes
                .added
                .iter()
                .map(|index| format!("ADD {}", clause(index))),
        );
        clauses.extend(self.added_checks());
        clauses.extend(
            self.added
                .iter()
                .map(|key| format!("ADD {}", foreign_key(key))),
        );
        clauses.extend(create::options(&self.base.options, &self.to.options));
        if self.base.comment != self.to.comment {
            let comment = self.to.comment.as_deref().unwrap_or_default();
            clauses.push(format!("COMMENT={}", Dialect::Mysql.quote_literal(comment)));
        }
        clauses
    }

    fn columns(&self, rows: &Rows, order: &mut Vec<String>) -> Vec<String> {
        let mut clauses = Vec::new();
        for column in &self.to.columns {
            let early = rows.added.iter().find(|added| {
                added.replaces.as_ref().unwrap_or(&added.column.name) == &column.name
            });
            if let Some(early) = early {
                let definition = self.definition(column);
                clauses.push(if early.replaces.is_some() {
                    for name in order.iter_mut().filter(|name| **name == early.column.name) {
                        name.clone_from(&column.name);
                    }
                    format!("CHANGE COLUMN {} {definition}", quote(&early.column.name))
                } else {
                    format!("MODIFY COLUMN {definition}")
                });
                continue;
            }
            match (
                self.base.column(&column.name),
                self.treatments.get(&column.name),
            ) {
                (Some(_), None) => {}
                (Some(_), Some(Treatment::Modify)) => {
                    clauses.push(format!("MODIFY COLUMN {}", self.definition(column)));
                }
                (None, _) | (Some(_), Some(Treatment::Remake | Treatment::Replace { .. })) => {
                    let mut column = column.clone();
                    if let Some(fill) = rows.filled.get(&column.name) {
                        column.default = Some(fill.clone());
                    }
                    let place = self.place(&column.name, order, rows);
                    clauses.push(self.add(&column, order, place));
                }
            }
        }
        clauses
    }

    /// Where a new column belongs among those that are there: behind what stands before it in the end.
    fn place(&self, name: &str, order: &[String], rows: &Rows) -> usize {
        let at = |name: &str| order.iter().position(|other| other == name);
        let stand_in = |name: &str| {
            let mut added = rows.added.iter();
            let added = added.find(|added| added.replaces.as_deref() == Some(name))?;
            at(&added.column.name)
        };
        let before = self
            .to
            .columns
            .iter()
            .take_while(|column| column.name != name);
        before
            .filter_map(|column| stand_in(&column.name).or_else(|| at(&column.name)))
            .last()
            .map_or(0, |at| at + 1)
    }

    fn add(&self, column: &Column, order: &mut Vec<String>, place: usize) -> String {
        let behind = match place.checked_sub(1).and_then(|at| order.get(at)) {
            _ if place == order.len() && self.is_in_order() => String::new(),
            Some(name) => format!(" AFTER {}", quote(name)),
            None => " FIRST".to_owned(),
        };
        order.insert(place, column.name.clone());
        format!("ADD COLUMN {}{behind}", self.definition(column))
    }

    /// Whether the columns that stay are in the order they will have. If not, an earlier migration has
    /// left them as they were, and what is last is not known.
    fn is_in_order(&self) -> bool {
        let there = |one: &Table, other: &Table| -> Vec<String> {
            let names = one.columns.iter().map(|column| column.name.clone());
            names.filter(|name| other.column(name).is_some()).collect()
        };
        there(self.base, self.to) == there(self.to, self.base)
    }

    /// The definition of a column; with its collation, where the table's own is about to change.
    fn definition(&self, column: &Column) -> String {
        let changes = self.base.options.collation != self.to.options.collation;
        if changes {
            definition(self.server, self.to, &collated(self.to, column))
        } else {
            definition(self.server, self.to, column)
        }
    }

    /// Whether a column is dropped, and another one takes its name.
    fn is_remade(&self, column: &str) -> bool {
        matches!(
            self.treatments.get(column),
            Some(Treatment::Remake | Treatment::Replace { .. })
        )
    }

    fn indexes(&self) -> Indexes<'_> {
        let mut indexes = Indexes::default();
        let remade = |index: &Index| {
            let mut names = self.treatments.keys();
            names.any(|name| self.is_remade(name) && mentions(index, name))
        };
        let find = |list: &'_ [Index], name: &str| list.iter().any(|index| index.name == name);
        for index in &self.base.indexes {
            if self.to.indexes.contains(index) && !remade(index) {
                if self.added.iter().any(|key| gives_way(self.to, index, key)) {
                    indexes.dropped.push(index);
                    indexes.added.push(index);
                }
                continue;
            }
            let other = self.to.indexes.iter().find(|other| {
                let renamed = Index {
                    name: other.name.clone(),
                    ..index.clone()
                };
                renamed == **other
                    && other.name != index.name
                    && !find(&self.base.indexes, &other.name)
                    && !find(&self.to.indexes, &index.name)
                    && !remade(index)
                    && !indexes.renamed.iter().any(|(_, to)| *to == other.name)
            });
            match other.filter(|_| renames_indexes(self.server)) {
                Some(other) => indexes.renamed.push((&index.name, &other.name)),
                None => indexes.dropped.push(index),
            }
        }
        for index in &self.to.indexes {
            let stays = self.base.indexes.contains(index) && !remade(index)
                || indexes.renamed.iter().any(|(_, to)| *to == index.name);
            let by_itself = comes_by_itself(self.to, index)
                && !find(&self.base.indexes, &index.name)
                && self
                    .added
                    .iter()
                    .any(|key| key.name.as_deref() == Some(&index.name) || key.name.is_none());
            if !stays && !by_itself {
                indexes.added.push(index);
            }
        }
        indexes
    }

    fn dropped_checks(&self) -> Vec<String> {
        let mut clauses = Vec::new();
        for one in &self.base.checks {
            let name = one.name.as_deref().unwrap_or_default();
            if self.check_stays(one) {
                continue;
            }
            // As a part of a column it goes with the column, or by a definition without it.
            clauses.push(if self.is_inline(self.base, one) {
                format!("DROP CONSTRAINT IF EXISTS {}", quote(name))
            } else {
                drop_check(self.server, name)
            });
        }
        clauses
    }

    fn added_checks(&self) -> Vec<String> {
        let new = self.to.checks.iter().filter(|one| {
            let stays = self.base.checks.contains(one) && self.check_stays(one);
            !stays && !self.is_inline(self.to, one)
        });
        new.map(|one| format!("ADD {}", check(one))).collect()
    }

    fn check_stays(&self, check: &Check) -> bool {
        let mut names = self.treatments.keys();
        self.to.checks.contains(check)
            && !names.any(|name| self.is_remade(name) && check.expression.contains(&quote(name)))
    }

    fn is_inline(&self, table: &Table, check: &Check) -> bool {
        let name = check.name.as_deref().unwrap_or_default();
        table.column(name).is_some() && inline_check(self.server, table, name) == Some(check)
    }
}

/// What happens to indexes.
#[derive(Default)]
struct Indexes<'a> {
    dropped: Vec<&'a Index>,
    renamed: Vec<(&'a str, &'a str)>,
    added: Vec<&'a Index>,
}

fn renames_indexes(server: Server) -> bool {
    match server.product {
        Product::Mariadb => server.version >= (10, 5, 2),
        Product::Mysql | Product::Sqlite | Product::Postgres => true,
    }
}

/// One statement of several changes.
pub(super) fn alter_table(table: &Table, clauses: &[String]) -> Option<String> {
    let name = quote(&table.name.name);
    match clauses {
        [] => None,
        [one] => Some(format!("ALTER TABLE {name} {one}")),
        several => Some(format!("ALTER TABLE {name}\n  {}", several.join(",\n  "))),
    }
}
