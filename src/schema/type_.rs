//! Types and sequences that exist beside the tables.

use serde::Serialize;

use super::column::SqlType;
use super::constraint::Check;
use super::name::Name;

/// An enum type of PostgreSQL. The enums of MySQL are types of their columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EnumType {
    /// Its name.
    pub name: Name,
    /// Its values, in their order.
    pub values: Vec<String>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A domain of PostgreSQL: a type with conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Domain {
    /// Its name.
    pub name: Name,
    /// The type it is made of.
    pub base: SqlType,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// The default, an SQL expression as the server prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The collation, where it is not the type's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// Its conditions, sorted by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A sequence. One that a column owns is in the column's [`super::Auto`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sequence {
    /// Its name.
    pub name: Name,
    /// `smallint`, `integer` or `bigint`.
    pub sql_type: SqlType,
    /// The first number.
    pub start: i64,
    /// The distance between two numbers.
    pub increment: i64,
    /// The smallest number.
    pub minimum: i64,
    /// The greatest number.
    pub maximum: i64,
    /// How many numbers a session takes at once.
    pub cache: i64,
    /// Whether it begins again at its end.
    pub cycle: bool,
}
