//! A column.

use std::fmt;

use serde::Serialize;

use super::type_::Sequence;

/// A type as the server prints it: `character varying(50)`, `int(10) unsigned`, `VARCHAR(50)`.
///
/// On SQLite it is the declared type in upper case with single spaces; empty where none is declared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SqlType(pub String);

impl SqlType {
    /// A type of that text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A column of a table or a view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub sql_type: SqlType,
    /// Whether it may hold NULL. A column of a primary key is what the server says it is.
    pub nullable: bool,
    /// The default, an SQL expression as the server prints it. The `nextval` of a serial column is in
    /// [`Self::auto`] and not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What it is computed from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    /// How it numbers itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto: Option<Auto>,
    /// The collation, where it is not the one the type or table has anyway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// `ON UPDATE` of MySQL: an expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<String>,
    /// `NOT NULL ON CONFLICT` of SQLite: `IGNORE`, `REPLACE` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub null_conflict: Option<String>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl Column {
    /// Whether an `INSERT` that does not name it fails: it may not be NULL and gets no value by itself.
    #[must_use]
    pub fn is_required(&self) -> bool {
        !self.nullable && self.default.is_none() && self.generated.is_none() && self.auto.is_none()
    }
}

/// What a generated column is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Generated {
    /// The expression, as the server prints it, without outer parentheses.
    pub expression: String,
    /// Whether the value is stored; otherwise it is computed when it is read.
    pub stored: bool,
}

/// How a column numbers itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Auto {
    /// `serial` of PostgreSQL: a default that calls `nextval` on a sequence the column owns.
    Serial(Sequence),
    /// `GENERATED … AS IDENTITY` of PostgreSQL.
    Identity {
        /// `ALWAYS`; otherwise `BY DEFAULT`.
        always: bool,
        /// Its sequence. The name is the server's choice and not compared.
        sequence: Sequence,
    },
    /// `AUTO_INCREMENT` of MySQL, `AUTOINCREMENT` of SQLite.
    Increment,
}
