//! Whether two orders leave the same rows.

use std::collections::BTreeSet;

use crate::proof::RowsDiffer;
use crate::proof::rows::{Contents, TableRows};
use crate::schema::{Auto, Name, Schema};
use crate::sql::Dialect;

/// Columns whose values are another matter than the order: what a clock or chance puts there.
pub(super) type Chance = BTreeSet<(Name, String)>;

/// How the rows of two orders differ.
#[derive(Debug, Default)]
pub(super) struct Difference {
    /// The tables that hold other rows.
    pub(super) tables: Vec<RowsDiffer>,
    /// The columns in which the same rows only have other numbers.
    pub(super) numbers: Vec<String>,
}

/// Compares whole rows, of the columns that both have. A schema that differs is told elsewhere, so a
/// table that only one has is passed over.
pub(super) fn compare(
    schema: &Schema,
    dialect: Dialect,
    one: &Contents,
    other: &Contents,
    chance: &Chance,
) -> Difference {
    let mut difference = Difference::default();
    for (name, rows) in one {
        let Some(others) = other.get(name) else {
            continue;
        };
        if rows.is_cut() || others.is_cut() {
            continue;
        }
        let columns: Vec<&str> = rows
            .columns()
            .filter(|column| others.columns().any(|other| other == *column))
            .filter(|column| !chance.contains(&(name.clone(), (*column).to_owned())))
            .collect();
        if rows.only(&columns) == others.only(&columns) {
            continue;
        }
        let found = RowsDiffer {
            table: name.clone(),
            count: (rows.count(), others.count()),
            columns: if rows.count() == others.count() {
                responsible(&columns, rows, others)
            } else {
                Vec::new()
            },
        };
        match found.columns.as_slice() {
            [only] if numbers_itself(schema, dialect, name, only) => {
                difference.numbers.push(format!("{name}.{only}"));
            }
            _ => difference.tables.push(found),
        }
    }
    difference
}

/// The columns without which the rows are the same: one where one is enough, else those that hold other
/// values, else all.
fn responsible(columns: &[&str], one: &TableRows, other: &TableRows) -> Vec<String> {
    let is_same_without = |left_out: &str| {
        let rest: Vec<&str> = columns
            .iter()
            .copied()
            .filter(|column| *column != left_out)
            .collect();
        one.only(&rest) == other.only(&rest)
    };
    if let Some(column) = columns.iter().find(|column| is_same_without(column)) {
        return vec![(*column).to_owned()];
    }
    let differing: Vec<String> = columns
        .iter()
        .filter(|column| one.only(&[**column]) != other.only(&[**column]))
        .map(|column| (*column).to_owned())
        .collect();
    if differing.is_empty() {
        columns.iter().map(|column| (*column).to_owned()).collect()
    } else {
        differing
    }
}

/// Whether the server gives the column its values, one after the other.
fn numbers_itself(schema: &Schema, dialect: Dialect, table: &Name, column: &str) -> bool {
    let Some(table) = schema.table(table) else {
        return false;
    };
    let Some(found) = table.column(column) else {
        return false;
    };
    let is_row_number = dialect == Dialect::Sqlite
        && found.sql_type.as_str() == "INTEGER"
        && table
            .primary_key
            .as_ref()
            .is_some_and(|key| key.columns == [column]);
    let is_auto = match &found.auto {
        Some(Auto::Serial(_) | Auto::Identity { .. } | Auto::Increment) => true,
        None => false,
    };
    is_auto || is_row_number
}

/// The columns in which a second run of one order has other values than the first.
pub(super) fn by_chance(one: &Contents, again: &Contents) -> Chance {
    one.iter()
        .filter_map(|(name, rows)| Some((name, rows, again.get(name)?)))
        .flat_map(|(name, rows, again)| {
            rows.columns()
                .filter(|column| rows.only(&[*column]) != again.only(&[*column]))
                .map(|column| (name.clone(), column.to_owned()))
        })
        .collect()
}

/// The tables that have more rows than are compared.
pub(super) fn cut(contents: &Contents) -> impl Iterator<Item = &Name> {
    contents
        .iter()
        .filter(|(_, rows)| rows.is_cut())
        .map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, PrimaryKey, SqlType, Table};

    fn contents(rows: &[[&str; 2]]) -> Contents {
        let rows = rows
            .iter()
            .map(|row| row.map(|value| Some(value.to_owned())).to_vec())
            .collect();
        let table = TableRows::of(vec!["id".to_owned(), "name".to_owned()], rows);
        [(Name::new("t"), table)].into()
    }

    fn schema() -> Schema {
        let column = |name: &str, sql_type: &str| Column {
            name: name.to_owned(),
            sql_type: SqlType::new(sql_type),
            ..Column::default()
        };
        Schema {
            tables: vec![Table {
                name: Name::new("t"),
                columns: vec![column("id", "INTEGER"), column("name", "TEXT")],
                primary_key: Some(PrimaryKey {
                    columns: vec!["id".to_owned()],
                    ..PrimaryKey::default()
                }),
                ..Table::default()
            }],
            ..Schema::default()
        }
    }

    fn told(one: &[[&str; 2]], other: &[[&str; 2]], chance: &[&str]) -> String {
        let chance = chance
            .iter()
            .map(|column| (Name::new("t"), (*column).to_owned()))
            .collect();
        let found = compare(
            &schema(),
            Dialect::Sqlite,
            &contents(one),
            &contents(other),
            &chance,
        );
        let tables: Vec<_> = found
            .tables
            .iter()
            .map(|one| format!("{} {:?} {:?}", one.table, one.count, one.columns))
            .collect();
        format!("{} | {}", tables.join(" "), found.numbers.join(" "))
    }

    #[test]
    fn rows_are_compared_whole() {
        let one = [["1", "red"], ["2", "blue"]];
        assert_eq!(told(&one, &[["2", "blue"], ["1", "red"]], &[]), " | ");
        assert_eq!(told(&one, &[["1", "blue"], ["2", "red"]], &[]), " | t.id");
        assert_eq!(told(&one, &[["1", "red"]], &[]), "t (2, 1) [] | ");
        assert_eq!(
            told(&one, &[["1", "red"], ["2", "green"]], &[]),
            "t (2, 2) [\"name\"] | "
        );
        assert_eq!(
            told(&one, &[["3", "red"], ["2", "green"]], &[]),
            "t (2, 2) [\"id\", \"name\"] | "
        );
    }

    #[test]
    fn what_chance_puts_there_is_passed_over() {
        let one = [["1", "10:15:00"]];
        let again = [["1", "10:15:02"]];
        assert_eq!(told(&one, &again, &["name"]), " | ");
        let chance = by_chance(&contents(&one), &contents(&again));
        assert_eq!(chance, [(Name::new("t"), "name".to_owned())].into());
    }
}
