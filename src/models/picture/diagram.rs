//! What all pictures show, before it is drawn.

use std::collections::BTreeMap;

use crate::schema::{ForeignKey, KeyPart, Name, Schema, Table};

/// Boxes and the lines between them.
pub(super) struct Diagram {
    pub(super) boxes: Vec<TableBox>,
    pub(super) links: Vec<Link>,
}

/// A table.
pub(super) struct TableBox {
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
}

/// A column.
pub(super) struct Row {
    pub(super) name: String,
    /// The type, short: the values of an enum are left out.
    pub(super) sql_type: String,
    pub(super) nullable: bool,
    pub(super) is_primary: bool,
    pub(super) is_foreign: bool,
    pub(super) is_unique: bool,
}

impl Row {
    /// `PK`, `FK` and `UK`, as far as they hold.
    pub(super) fn marks(&self) -> Vec<&'static str> {
        let marks = [
            (self.is_primary, "PK"),
            (self.is_foreign, "FK"),
            (self.is_unique && !self.is_primary, "UK"),
        ];
        marks
            .into_iter()
            .filter_map(|(holds, mark)| holds.then_some(mark))
            .collect()
    }
}

/// A foreign key. Boxes and rows are told by their number.
pub(super) struct Link {
    pub(super) child: usize,
    pub(super) parent: usize,
    pub(super) child_row: usize,
    pub(super) parent_row: usize,
    /// The columns that refer: `user_id`, `(a, b)`.
    pub(super) label: String,
    /// Whether a row must refer to one.
    pub(super) is_required: bool,
    /// Whether no two rows refer to the same.
    pub(super) is_single: bool,
}

impl Diagram {
    pub(super) fn of(schema: &Schema) -> Self {
        let numbers: BTreeMap<&Name, usize> = schema
            .tables
            .iter()
            .enumerate()
            .map(|(number, table)| (&table.name, number))
            .collect();
        let boxes = schema.tables.iter().map(table_box).collect();
        let links = schema
            .tables
            .iter()
            .enumerate()
            .flat_map(|(child, table)| {
                table
                    .foreign_keys
                    .iter()
                    .map(move |key| (child, table, key))
            })
            .filter_map(|(child, table, key)| {
                let parent = *numbers.get(&key.parent)?;
                Some(Link {
                    child,
                    parent,
                    child_row: row_of(table, key.columns.first()?)?,
                    parent_row: key
                        .parent_columns
                        .first()
                        .and_then(|column| row_of(&schema.tables[parent], column))
                        .unwrap_or_default(),
                    label: label(key),
                    is_required: key.columns.iter().all(|name| is_required(table, name)),
                    is_single: is_unique(table, &key.columns),
                })
            })
            .collect();
        Self { boxes, links }
    }
}

fn table_box(table: &Table) -> TableBox {
    let rows = table.columns.iter().map(|column| Row {
        name: column.name.clone(),
        sql_type: short(column.sql_type.as_str()),
        nullable: column.nullable,
        is_primary: table
            .primary_key
            .as_ref()
            .is_some_and(|key| key.columns.contains(&column.name)),
        is_foreign: table
            .foreign_keys
            .iter()
            .any(|key| key.columns.contains(&column.name)),
        is_unique: is_unique(table, std::slice::from_ref(&column.name)),
    });
    TableBox {
        title: table.name.to_string(),
        rows: rows.collect(),
    }
}

/// The type without what would make a picture wide.
fn short(sql_type: &str) -> String {
    let lower = sql_type.to_lowercase();
    for word in ["enum(", "set("] {
        if lower.starts_with(word) {
            return lower[..word.len() - 1].to_owned();
        }
    }
    sql_type
        .replace("timestamp without time zone", "timestamp")
        .replace("timestamp with time zone", "timestamptz")
        .replace("character varying", "varchar")
}

fn row_of(table: &Table, column: &str) -> Option<usize> {
    table.columns.iter().position(|one| one.name == column)
}

fn label(key: &ForeignKey) -> String {
    match key.columns.as_slice() {
        [column] => column.clone(),
        columns => format!("({})", columns.join(", ")),
    }
}

fn is_required(table: &Table, column: &str) -> bool {
    table.column(column).is_some_and(|column| !column.nullable)
}

/// Whether exactly these columns are a key, of whatever kind.
fn is_unique(table: &Table, columns: &[String]) -> bool {
    let same = |others: &[String]| {
        others.len() == columns.len() && columns.iter().all(|column| others.contains(column))
    };
    let primary = table.primary_key.as_ref().map(|key| key.columns.clone());
    let uniques = table.uniques.iter().map(|unique| unique.columns.clone());
    let indexes = table
        .indexes
        .iter()
        .filter(|index| index.unique && index.predicate.is_none())
        .map(|index| {
            index
                .keys
                .iter()
                .map(|key| match &key.part {
                    KeyPart::Column(column) => column.clone(),
                    // An expression is the key of no columns.
                    KeyPart::Expression(_) => String::new(),
                })
                .collect()
        });
    primary
        .into_iter()
        .chain(uniques)
        .chain(indexes)
        .any(|key: Vec<String>| same(&key))
}

#[cfg(test)]
pub(super) mod samples;
