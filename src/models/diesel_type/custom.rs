//! What is found out about the type of a column, and what can be chosen about it.

use thiserror::Error;

use crate::settings::{Pattern, PrintSchema};

use super::diesel_type::DieselType;

/// The type of a column, as `diesel print-schema` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DieselColumnType {
    /// The type, `Nullable` if the column is.
    pub diesel_type: DieselType,
    /// What `#[max_length = …]` says.
    pub max_length: Option<u64>,
    /// The type that has to be declared for it, if it is none of Diesel's.
    pub custom: Option<CustomType>,
}

/// A type that a project declares itself, in its `sql_types`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustomType {
    /// Its name in Rust.
    pub rust_name: String,
    /// Its name in SQL; on MySQL, where types have none, what it is: `enum`, `year`.
    pub sql_name: String,
    /// The schema it is in, if that is not the one Diesel looks in by itself: `pg_catalog` too.
    pub schema: Option<String>,
}

/// What a project can choose about types.
#[derive(Clone, Debug)]
pub struct TypeOptions {
    /// Whether an `INTEGER PRIMARY KEY` of SQLite, and what refers to one, is a `BigInt`.
    pub sqlite_integer_primary_key_is_bigint: bool,
    /// The domains of PostgreSQL that are types of their own; others are what they are made of.
    pub domains_as_custom_types: Vec<Pattern>,
    /// Whether types that Diesel does not have are declared.
    pub declare_custom_types: bool,
    /// The types that are not declared all the same, by their names in Rust.
    pub undeclared: Vec<Pattern>,
}

impl Default for TypeOptions {
    fn default() -> Self {
        Self {
            sqlite_integer_primary_key_is_bigint: false,
            domains_as_custom_types: Vec::new(),
            declare_custom_types: true,
            undeclared: Vec::new(),
        }
    }
}

impl From<&PrintSchema> for TypeOptions {
    fn from(options: &PrintSchema) -> Self {
        Self {
            sqlite_integer_primary_key_is_bigint: options.sqlite_integer_primary_key_is_bigint,
            domains_as_custom_types: options.domains_as_custom_types.clone(),
            declare_custom_types: options.declare_custom_types,
            undeclared: options.undeclared.clone(),
        }
    }
}

/// A type for which Diesel has no name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("Diesel has no type for `{sql_type}` of `{table}.{column}`")]
pub struct UnsupportedType {
    /// The table or view.
    pub table: String,
    /// The column.
    pub column: String,
    /// Its type.
    pub sql_type: String,
}
