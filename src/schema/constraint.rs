//! Keys and constraints.

use serde::Serialize;

use super::name::Name;

/// The primary key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PrimaryKey {
    /// Its name; `None` where it has none (SQLite) or always the same one (MySQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// When it is checked.
    #[serde(skip_serializing_if = "Deferral::is_immediate")]
    pub deferral: Deferral,
    /// Its columns as SQLite has them written, where a direction or a collation stands among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// `ON CONFLICT` of SQLite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<String>,
    /// The comment on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A unique constraint. On MySQL every unique index of plain columns is an [`super::Index`] instead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unique {
    /// Its name; `None` where it has none (SQLite).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// `INCLUDE` of PostgreSQL.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// `NULLS NOT DISTINCT` of PostgreSQL.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
    /// When it is checked.
    #[serde(skip_serializing_if = "Deferral::is_immediate")]
    pub deferral: Deferral,
    /// Its columns as SQLite has them written, where a direction or a collation stands among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// `ON CONFLICT` of SQLite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<String>,
    /// The comment on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A check constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name; `None` where it has none (SQLite).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The expression, as the server prints it, without outer parentheses.
    pub expression: String,
    /// `NOT VALID` of PostgreSQL: rows that were there before have not been looked at.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// `NO INHERIT` of PostgreSQL.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_inherit: bool,
    /// `NOT ENFORCED` of MySQL.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_enforced: bool,
    /// The comment on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// An exclusion constraint of PostgreSQL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Exclusion {
    /// Its name.
    pub name: String,
    /// From `EXCLUDE` on, as the server prints it.
    pub definition: String,
    /// The comment on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A foreign key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ForeignKey {
    /// Its name; `None` where it has none (SQLite).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The columns that refer, in order.
    pub columns: Vec<String>,
    /// The table they refer to.
    pub parent: Name,
    /// The columns they refer to, in order. On SQLite, where they may be left out, those of the
    /// parent's primary key are filled in.
    pub parent_columns: Vec<String>,
    /// What happens when the row referred to is deleted.
    pub on_delete: Action,
    /// What happens when its key changes.
    pub on_update: Action,
    /// How NULLs in several columns count.
    #[serde(rename = "match", skip_serializing_if = "Match::is_simple")]
    pub matching: Match,
    /// When it is checked.
    #[serde(skip_serializing_if = "Deferral::is_immediate")]
    pub deferral: Deferral,
    /// `NOT VALID` of PostgreSQL.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// The comment on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// What a foreign key does. `RESTRICT` and `NO ACTION` are one on MySQL: it is `NoAction` there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Refuses, at the end of the statement or transaction.
    #[default]
    NoAction,
    /// Refuses at once.
    Restrict,
    /// Deletes or changes the rows that refer.
    Cascade,
    /// Writes NULL into these columns (PostgreSQL 15 can name some; empty: all).
    SetNull(Vec<String>),
    /// Writes their default into these columns (empty: all).
    SetDefault(Vec<String>),
}

/// How NULLs in a key of several columns count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// One NULL and nothing is checked.
    #[default]
    Simple,
    /// All are NULL, or none.
    Full,
}

impl Match {
    /// Whether it is what everybody has.
    #[must_use]
    pub fn is_simple(&self) -> bool {
        *self == Self::Simple
    }
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferral {
    /// With each statement.
    #[default]
    Immediate,
    /// `DEFERRABLE INITIALLY IMMEDIATE`.
    Deferrable,
    /// `DEFERRABLE INITIALLY DEFERRED`.
    Deferred,
}

impl Deferral {
    /// Whether it is what everybody has.
    #[must_use]
    pub fn is_immediate(&self) -> bool {
        *self == Self::Immediate
    }
}
