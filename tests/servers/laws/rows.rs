//! Rows that are there before a change and afterwards.

use std::collections::BTreeSet;
use std::fmt::Write;

use diesel_manage::schema::change::{Decisions, Renames};
use diesel_manage::schema::{Auto, Column, Name, Schema, Table};
use diesel_manage::sql::{Dialect, Product, Server};

use super::ground::Ground;
use super::random::Random;
use super::types::{Kind, kind, relatives, value};

/// Which table and column of one schema is which of the other.
pub(crate) struct Way<'a> {
    pub(crate) server: Server,
    pub(crate) from: &'a Schema,
    pub(crate) to: &'a Schema,
    pub(crate) renames: &'a Renames,
}

impl<'a> Way<'a> {
    /// The table that a table of the second schema was.
    fn before(&self, table: &Table) -> Option<&'a Table> {
        let renamed = self.renames.tables.iter().find(|(_, to)| *to == table.name);
        let name = match renamed {
            Some((from, _)) => from,
            // Its name may have been another's, which is called otherwise now.
            None if self
                .renames
                .tables
                .iter()
                .any(|(from, _)| *from == table.name) =>
            {
                return None;
            }
            None => &table.name,
        };
        self.from.table(name)
    }

    fn column_before(&self, table: &Table, column: &str) -> Option<&'a Column> {
        let before = self.before(table)?;
        let of_table = || {
            self.renames
                .columns
                .iter()
                .filter(|one| one.table == table.name)
        };
        let name = match of_table().find(|one| one.to == column) {
            Some(renamed) => renamed.from.as_str(),
            None if of_table().any(|one| one.from == column) => return None,
            None => column,
        };
        before.column(name)
    }

    /// Tables that were and are, with the columns that were and are.
    pub(crate) fn common(&self) -> Vec<Common<'a>> {
        let mut all = Vec::new();
        for to in &self.to.tables {
            let Some(from) = self.before(to) else {
                continue;
            };
            let columns = to.columns.iter().filter_map(|column| {
                let before = self.column_before(to, &column.name)?;
                let computed = before.generated.is_some() || column.generated.is_some();
                (!computed).then_some((before, column))
            });
            all.push(Common {
                from,
                to,
                columns: columns.collect(),
            });
        }
        all
    }

    /// How many rows a table may have at most for the change to be possible.
    pub(crate) fn limit(&self) -> usize {
        let mut limit = 3;
        for table in &self.to.tables {
            let Some(before) = self.before(table) else {
                continue;
            };
            if table.options.strict && !before.options.strict {
                limit = 0;
            }
            let is_new = |name: &String| self.column_before(table, name).is_none();
            let gets_value = |name: &String| {
                let column = table.column(name);
                is_new(name) && column.is_some_and(|one| !one.nullable || one.default.is_some())
            };
            for columns in unique_columns(table) {
                if columns.iter().any(gets_value) {
                    limit = limit.min(1);
                }
                // A new number in a new key is nobody's choice.
                let numbers = |name: &String| {
                    is_new(name) && table.column(name).is_some_and(|one| one.auto.is_some())
                };
                if columns.iter().any(numbers) {
                    limit = limit.min(1);
                }
            }
            for column in &table.columns {
                if let Some(before) = self.column_before(table, &column.name)
                    && !fits(self.server, before, column)
                {
                    limit = 0;
                }
            }
            for key in &table.foreign_keys {
                let stays_null = |name: &String| {
                    is_new(name)
                        && table
                            .column(name)
                            .is_some_and(|one| one.nullable && one.default.is_none())
                };
                if key.columns.iter().any(stays_null) {
                    continue;
                }
                // What is filled fits one row, unless it is all that refers.
                if key.columns.len() > 1 && key.columns.iter().any(is_new) {
                    limit = limit.min(1);
                }
                let parent = self.to.table(&key.parent);
                let known = parent.is_some_and(|parent| {
                    key.parent_columns
                        .iter()
                        .all(|name| self.column_before(parent, name).is_some())
                });
                let numbered =
                    |name: &String| table.column(name).is_some_and(|one| one.auto.is_some());
                if !known
                    || key
                        .columns
                        .iter()
                        .any(|name| is_new(name) && numbered(name))
                {
                    limit = 0;
                }
            }
        }
        limit
    }

    /// What a person would have to say, so that rows with the greatest number are right.
    pub(crate) fn decisions(&self) -> Decisions {
        let mut decisions = Decisions::default();
        for table in &self.to.tables {
            if self.before(table).is_none() {
                continue;
            }
            for column in &table.columns {
                let key = || (table.name.clone(), column.name.clone());
                let sql = column.sql_type.as_str();
                let before = self.column_before(table, &column.name);
                let is_filled = match before {
                    None => column.is_required(),
                    Some(before) => before.nullable && !column.nullable,
                };
                if is_filled && column.generated.is_none() {
                    decisions.fills.insert(key(), value(self.server, sql, 3));
                }
                if let Some(before) = before
                    && !fits(self.server, before, column)
                    && before.sql_type != column.sql_type
                {
                    decisions.casts.insert(key(), value(self.server, sql, 3));
                }
            }
        }
        decisions
    }
}

/// Whether the generated values can stay in a column that changes.
fn fits(server: Server, before: &Column, after: &Column) -> bool {
    let (from, to) = (before.sql_type.as_str(), after.sql_type.as_str());
    let same_kind = kind(from) == kind(to) && kind(from) == Kind::Enum;
    let numbering = |column: &Column| match &column.auto {
        None | Some(Auto::Serial(_)) => 0,
        Some(Auto::Identity { .. }) => 1,
        Some(Auto::Increment) => 2,
    };
    let same_numbering = numbering(before) == numbering(after) || from == to;
    before.generated == after.generated
        && same_numbering
        && (from == to || relatives(server, from).contains(&to) || same_kind)
}

/// The columns of everything that allows a value only once.
fn unique_columns(table: &Table) -> Vec<Vec<String>> {
    use diesel_manage::schema::KeyPart;
    let mut all: Vec<Vec<String>> = Vec::new();
    all.extend(table.primary_key.iter().map(|key| key.columns.clone()));
    all.extend(table.uniques.iter().map(|unique| unique.columns.clone()));
    for index in table.indexes.iter().filter(|index| index.unique) {
        let names = index.keys.iter().map(|key| match &key.part {
            KeyPart::Column(name) => name.clone(),
            KeyPart::Expression(text) => text.clone(),
        });
        all.push(names.collect());
    }
    all
}

/// A table that is in both schemas.
pub(crate) struct Common<'a> {
    pub(crate) from: &'a Table,
    pub(crate) to: &'a Table,
    pub(crate) columns: Vec<(&'a Column, &'a Column)>,
}

impl Common<'_> {
    /// Whether a row's place in the file has to be kept.
    fn keeps_rowid(&self, server: Server) -> bool {
        let key = |table: &Table| table.primary_key.as_ref().map(|key| key.columns.clone());
        server.product == Product::Sqlite
            && !self.from.options.without_rowid
            && !self.to.options.without_rowid
            && key(self.from) == key(self.to)
            && self.columns.iter().all(|(from, to)| from.name == to.name)
    }
}

/// Puts rows into all tables: three, with some NULLs, or one.
pub(crate) fn seed(
    ground: &mut Ground,
    server: Server,
    schema: &Schema,
    referred: &BTreeSet<(Name, String)>,
    number: usize,
    random: &mut Random,
) -> Result<(), String> {
    let dialect = server.dialect();
    let (off, on) = match dialect {
        Dialect::Sqlite => ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        Dialect::Postgres => (
            "SET session_replication_role = replica",
            "RESET session_replication_role",
        ),
        Dialect::Mysql => ("SET FOREIGN_KEY_CHECKS = 0", "SET FOREIGN_KEY_CHECKS = 1"),
    };
    let mut sql = format!("{off};\n");
    for table in &schema.tables {
        let columns: Vec<&Column> = table
            .columns
            .iter()
            .filter(|column| column.generated.is_none())
            .collect();
        let key = table
            .primary_key
            .as_ref()
            .map(|key| key.columns.clone())
            .unwrap_or_default();
        let alias = |column: &&&Column| {
            column.sql_type.as_str() == "INTEGER" && key == [column.name.clone()]
        };
        let with_rowid = dialect == Dialect::Sqlite
            && !table.options.without_rowid
            && !columns.iter().any(|column| alias(&column));
        let mut names: Vec<String> = columns
            .iter()
            .map(|column| dialect.quote_identifier(&column.name))
            .collect();
        if with_rowid {
            names.push("rowid".to_owned());
        }
        for row in 4 - number..=3 {
            let mut values: Vec<String> = Vec::new();
            for column in &columns {
                let place = (table.name.clone(), column.name.clone());
                let null = row == 3
                    && number > 1
                    && column.nullable
                    && !key.contains(&column.name)
                    && !referred.contains(&place)
                    && random.chance(60);
                values.push(if null {
                    "NULL".to_owned()
                } else {
                    value(server, column.sql_type.as_str(), row)
                });
            }
            if with_rowid {
                values.push((row * 10).to_string());
            }
            let overriding = if dialect == Dialect::Postgres {
                "OVERRIDING SYSTEM VALUE "
            } else {
                ""
            };
            let _ = writeln!(
                sql,
                "INSERT INTO {} ({}) {overriding}VALUES ({});",
                quoted(dialect, &table.name),
                names.join(", "),
                values.join(", "),
            );
        }
    }
    sql.push_str(on);
    ground
        .try_batch(&sql)
        .map_err(|error| format!("{error}\n{sql}"))
}

fn quoted(dialect: Dialect, name: &Name) -> String {
    let own = dialect.quote_identifier(&name.name);
    match &name.namespace {
        Some(namespace) => format!("{}.{own}", dialect.quote_identifier(namespace)),
        None => own,
    }
}

/// One side of what both schemas have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    From,
    To,
}

type Rows = Vec<Vec<Option<String>>>;

/// The rows of the common tables, with the columns that both have.
pub(crate) fn read(
    ground: &mut Ground,
    server: Server,
    common: &[Common<'_>],
    side: Side,
) -> Result<Vec<Rows>, String> {
    let dialect = server.dialect();
    let mut all = Vec::new();
    for one in common {
        let table = match side {
            Side::From => one.from,
            Side::To => one.to,
        };
        let mut columns: Vec<String> = Vec::new();
        for (from, to) in &one.columns {
            let column = match side {
                Side::From => from,
                Side::To => to,
            };
            let name = dialect.quote_identifier(&column.name);
            let bytes = kind(column.sql_type.as_str()) == Kind::Bytes;
            columns.push(match dialect {
                Dialect::Sqlite => format!("CAST({name} AS TEXT)"),
                Dialect::Postgres => format!("{name}::text"),
                Dialect::Mysql if bytes => format!("HEX({name})"),
                Dialect::Mysql => format!("CAST({name} AS CHAR)"),
            });
        }
        if one.keeps_rowid(server) {
            columns.push("CAST(rowid AS TEXT)".to_owned());
        }
        if columns.is_empty() {
            columns.push("'a row'".to_owned());
        }
        let sql = format!(
            "SELECT {} FROM {}",
            columns.join(", "),
            quoted(dialect, &table.name)
        );
        let mut rows = ground.rows(&sql)?;
        for value in rows.iter_mut().flatten().flatten() {
            if value.contains('.')
                && value
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.')
            {
                *value = value.trim_end_matches('0').to_owned();
            }
        }
        all.push(rows);
    }
    Ok(all)
}

/// What is not as it was; a NULL may have become something where the column does not take one.
pub(crate) fn lost(common: &[Common<'_>], before: &[Rows], after: &[Rows]) -> Vec<String> {
    let mut lost = Vec::new();
    for ((one, before), after) in common.iter().zip(before).zip(after) {
        if before.len() != after.len() {
            lost.push(format!(
                "{}: {} rows became {}",
                one.to.name,
                before.len(),
                after.len()
            ));
            continue;
        }
        let mut left: Vec<&Vec<Option<String>>> = after.iter().collect();
        for row in before {
            let is_it = |other: &&Vec<Option<String>>| {
                row.iter()
                    .zip(other.iter())
                    .enumerate()
                    .all(|(at, (was, is))| {
                        let filled = one.columns.get(at).is_some_and(|(from, to)| {
                            from.nullable && !to.nullable && was.is_none() && is.is_some()
                        });
                        was == is || filled
                    })
            };
            match left.iter().position(is_it) {
                Some(at) => drop(left.remove(at)),
                None => lost.push(format!(
                    "{}: the row {} is not among {}",
                    one.to.name,
                    shown(row),
                    after
                        .iter()
                        .map(|row| shown(row))
                        .collect::<Vec<_>>()
                        .join(" ; ")
                )),
            }
        }
    }
    lost
}

fn shown(row: &[Option<String>]) -> String {
    let cells: Vec<&str> = row.iter().flatten().map(String::as_str).collect();
    format!("({})", cells.join(", "))
}
