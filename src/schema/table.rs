//! A table and what belongs to it.

use serde::Serialize;

use super::column::Column;
use super::constraint::{Check, Exclusion, ForeignKey, PrimaryKey, Unique};
use super::index::Index;
use super::name::Name;

/// A table. What it has several of is sorted by name, but for the columns, which are in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The primary key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_key: Option<PrimaryKey>,
    /// Unique constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uniques: Vec<Unique>,
    /// Check constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// Exclusion constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
    /// Foreign keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
    /// Indexes of its own, without those that are the inside of a constraint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// Triggers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What else it is declared with.
    pub options: TableOptions,
}

impl Table {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// What else a table is declared with. Each field belongs to one kind of server and is empty elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableOptions {
    /// `STRICT` of SQLite.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// `WITHOUT ROWID` of SQLite.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_rowid: bool,
    /// `UNLOGGED` of PostgreSQL.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unlogged: bool,
    /// What stands after `PARTITION BY`, as the server prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<String>,
    /// That it is a partition of another table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_of: Option<Partition>,
    /// The storage engine of MySQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The default collation of MySQL, which implies the character set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// What stands in `WITH (…)`, or other options, as the server prints them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
}

/// Which part of another table a table is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Partition {
    /// The whole.
    pub parent: Name,
    /// `FOR VALUES …` or `DEFAULT`, as the server prints it.
    pub bound: String,
}

/// A trigger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// The whole `CREATE TRIGGER` statement, without a `;` at its end.
    pub definition: String,
    /// The comment on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}
