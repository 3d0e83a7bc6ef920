//! What is wrong with the models, where, and what to do about it.

use crate::error::Explain;

use crate::sql::Dialect;

use super::diesel_type::TypeSyntax;
use super::place::Place;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A file that cannot be cut into tokens.
    #[error("the file is not Rust: {reason}")]
    NotRust {
        /// What the lexer says.
        reason: String,
    },
    /// Something that is not in the grammar of Diesel's macros.
    #[error("expected {expected}")]
    Grammar {
        /// What should stand there.
        expected: &'static str,
    },
    /// Something that is not the type of a column.
    #[error("the type of a column is wrong: {0}")]
    Type(TypeSyntax),
    /// A column of the primary key that the table doesn't have.
    #[error("table `{table}` has no column `{column}`, which is to be its primary key")]
    NoKeyColumn {
        /// The table.
        table: String,
        /// The column, as it is called in Rust.
        column: String,
    },
    /// One column twice.
    #[error("table `{table}` has a second column `{column}`")]
    DuplicateColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The first of them.
        earlier: Place,
    },
    /// A type that no server has and nobody explains.
    #[error("nothing says which SQL type `{diesel_type}` is on {backend}")]
    UnknownType {
        /// The type as a whole.
        diesel_type: String,
        /// The name in it that is not known.
        name: String,
        /// The kind of server.
        backend: Dialect,
    },
    /// An enum or set of MySQL, of which a model has the name only.
    #[error("nothing says which values `{diesel_type}` has")]
    UnknownValues {
        /// The type.
        diesel_type: String,
    },
    /// A type of PostgreSQL that has to be there before a column can have it.
    #[error("the type `{name}` does not exist in the database")]
    MissingType {
        /// Its name in SQL.
        name: String,
    },
    /// One table twice.
    #[error("table `{table}` is declared a second time, and otherwise")]
    DuplicateTable {
        /// The table.
        table: String,
        /// The first of them.
        earlier: Place,
    },
}

/// A problem and its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at {place}")]
pub struct ModelsError {
    problem: Box<Problem>,
    place: Box<Place>,
    excerpt: Vec<String>,
}

impl ModelsError {
    pub(super) fn new(problem: Problem, place: Place) -> Self {
        Self {
            problem: Box::new(problem),
            place: Box::new(place),
            excerpt: Vec::new(),
        }
    }

    pub(super) fn with_excerpt(self, excerpt: Vec<String>) -> Self {
        Self { excerpt, ..self }
    }

    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Where.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }
}

impl Explain for ModelsError {
    fn details(&self) -> Vec<String> {
        let mut details = self.excerpt.clone();
        if let Problem::DuplicateColumn { earlier, .. } | Problem::DuplicateTable { earlier, .. } =
            self.problem()
        {
            details.push(format!("the first one is at {earlier}"));
        }
        details
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self.problem() {
            Problem::NotRust { .. } => {
                "mend the file, or leave it out of `models:` in the settings".to_owned()
            }
            Problem::Grammar { .. } | Problem::Type(_) => "write it as `diesel print-schema` does: \
                 table! { users (id) { id -> Integer, name -> Nullable<Text>, } }"
                .to_owned(),
            Problem::NoKeyColumn { table, .. } => format!(
                "name the columns of its primary key: {table} (first_column, second_column) {{ ... }}"
            ),
            Problem::DuplicateColumn { .. } => {
                "delete one of them, or name its column: #[sql_name = \"...\"]".to_owned()
            }
            Problem::UnknownType { name, .. } => {
                let quote = if name.contains('<') { "\"" } else { "" };
                format!("write it under `types:` in the settings: {quote}{name}{quote}: <its SQL type>")
            }
            Problem::UnknownValues { diesel_type } => format!(
                "write it under `types:` in the settings: {diesel_type}: \"enum('first','second')\""
            ),
            Problem::MissingType { name } => format!(
                "which values it has is not in the models; create it first, in a migration of its own: \
                 CREATE TYPE {name} AS ENUM ('first', 'second');"
            ),
            Problem::DuplicateTable { .. } => "put each under the `#[cfg(feature = \"...\")]` of its backend \
                 (sqlite, postgres, mysql), or name only one of the files under `models:` in the settings"
                .to_owned(),
        };
        vec![hint]
    }
}
