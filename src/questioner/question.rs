//! The questions.

use crate::models::Join;
use crate::schema::{Column, Name, SqlType};

/// Something a person has to decide. Names are those after the renames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether a new table is an old one under another name.
    RenamedTable {
        /// The new name.
        to: Name,
        /// The tables that are gone and resemble it, the most alike first.
        candidates: Vec<Name>,
    },
    /// Whether a new column is an old one under another name.
    RenamedColumn {
        /// The table.
        table: Name,
        /// The new column.
        to: Column,
        /// The columns that are gone and resemble it, the most alike first.
        candidates: Vec<Column>,
    },
    /// What existing rows get in a column that is new and required.
    Fill {
        /// The table.
        table: Name,
        /// The column.
        column: Column,
    },
    /// What existing rows get instead of NULL in a column that becomes required.
    Nulls {
        /// The table.
        table: Name,
        /// The column as it becomes.
        column: Column,
    },
    /// How values become another type that the server does not convert them to by itself.
    Cast {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// What the type was.
        from: SqlType,
        /// What it becomes.
        to: SqlType,
    },
    /// What becomes of rows that hold an enum value which goes.
    EnumValue {
        /// The enum type, or table and column of an enum column.
        owner: Name,
        /// The value.
        value: String,
        /// The values there are afterwards; new ones first, since one of them may be the old one renamed.
        values: Vec<String>,
    },
    /// Whether a `joinable!` of the models means a foreign key that the database does not have.
    ForeignKey(Join),
    /// Whether a table with all its rows is meant to go.
    DropTable(Name),
    /// Whether a column with all its values is meant to go.
    DropColumn {
        /// The table.
        table: Name,
        /// The column.
        column: Column,
    },
}

impl Question {
    /// What the question is about, in a line, where nobody can be asked.
    #[must_use]
    pub fn about(&self) -> String {
        match self {
            Self::RenamedTable { to, candidates } => {
                let names: Vec<_> = candidates.iter().map(|name| format!("`{name}`")).collect();
                format!("is table `{to}` new, or {} renamed?", names.join(" or "))
            }
            Self::RenamedColumn {
                table,
                to,
                candidates,
            } => {
                let names: Vec<_> = candidates
                    .iter()
                    .map(|column| format!("`{}`", column.name))
                    .collect();
                format!(
                    "is column `{table}.{}` new, or {} renamed?",
                    to.name,
                    names.join(" or ")
                )
            }
            Self::Fill { table, column } => format!(
                "what do existing rows get in `{table}.{}` ({}, not null)?",
                column.name, column.sql_type
            ),
            Self::Nulls { table, column } => format!(
                "what do rows get that hold NULL in `{table}.{}` ({})?",
                column.name, column.sql_type
            ),
            Self::Cast {
                table,
                column,
                from,
                to,
            } => format!("how does `{table}.{column}` become {to} from {from}?"),
            Self::EnumValue { owner, value, .. } => {
                format!("what becomes of rows that hold `{value}` of `{owner}`?")
            }
            Self::ForeignKey(join) => format!(
                "is `{}.{}`, which the models join to `{}`, a foreign key?",
                join.child, join.column, join.parent
            ),
            Self::DropTable(table) => format!("is table `{table}` with all its rows meant to go?"),
            Self::DropColumn { table, column } => format!(
                "is column `{table}.{}` with all its values meant to go?",
                column.name
            ),
        }
    }

    /// The flags that answer it, as they are typed.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        match self {
            Self::RenamedTable { to, candidates } => candidates
                .iter()
                .map(|from| format!("--rename-table {from}:{to}"))
                .chain([format!("--no-rename {to}")])
                .collect(),
            Self::RenamedColumn {
                table,
                to,
                candidates,
            } => candidates
                .iter()
                .map(|from| format!("--rename {table}.{}:{}", from.name, to.name))
                .chain([format!("--no-rename {table}.{}", to.name)])
                .collect(),
            Self::Fill { table, column } => vec![
                format!("--fill {table}.{}=VALUE", column.name),
                format!("--nullable {table}.{}", column.name),
            ],
            Self::Nulls { table, column } => vec![
                format!("--fill {table}.{}=VALUE", column.name),
                format!("--no-fill {table}.{}", column.name),
                format!("--nullable {table}.{}", column.name),
            ],
            Self::Cast { table, column, .. } => {
                vec![format!("--cast {table}.{column}=EXPRESSION")]
            }
            Self::EnumValue {
                owner,
                value,
                values,
            } => values
                .first()
                .map(|to| format!("--enum-value {owner}.{value}={to}"))
                .into_iter()
                .chain([format!("--allow-drop {owner}.{value}")])
                .collect(),
            Self::ForeignKey(join) => vec![
                format!("--foreign-key {}.{}", join.child, join.column),
                format!("--no-foreign-key {}.{}", join.child, join.column),
            ],
            Self::DropTable(table) => vec![format!("--allow-drop {table}")],
            Self::DropColumn { table, column } => {
                vec![format!("--allow-drop {table}.{}", column.name)]
            }
        }
    }
}
