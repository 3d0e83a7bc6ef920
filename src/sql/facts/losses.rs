//! What a statement throws away for good.

mod alter_table;
mod delete;
mod rebuild;

use self::alter_table::alter_table;
use self::delete::{delete, deletes_in_with};
pub use self::rebuild::script_losses;
use super::ObjectName;
use super::reader::Reader;
use crate::sql::Dialect;

/// One thing that a statement would lose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// A table with its rows.
    DropTable {
        /// The table.
        name: ObjectName,
    },
    /// What is not copied of a table that is made anew.
    Rebuild {
        /// The table.
        table: ObjectName,
        /// The columns that are read for the copy; `*` where all of them are.
        kept: Vec<String>,
    },
    /// A column with its values.
    DropColumn {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
    },
    /// A partition with its rows, on MySQL.
    DropPartition {
        /// The table.
        table: ObjectName,
        /// The partition.
        partition: String,
    },
    /// All rows of a table, or of some partitions of it.
    Truncate {
        /// The table.
        name: ObjectName,
    },
    /// Rows of a table.
    Delete {
        /// The table.
        table: ObjectName,
        /// A condition or a limit says which rows.
        filtered: bool,
    },
    /// A schema with everything in it.
    DropSchema {
        /// The schema.
        name: ObjectName,
    },
    /// A database with everything in it.
    DropDatabase {
        /// The database.
        name: ObjectName,
    },
}

/// What a statement loses, in the order it names it.
#[must_use]
pub fn losses(text: &str, dialect: Dialect) -> Vec<Loss> {
    let mut reader = Reader::new(text, dialect);
    let Some(head) = reader.next() else {
        return Vec::new();
    };
    if head.is("DROP") {
        drop(reader)
    } else if head.is("ALTER") {
        reader.eat_any(&["ONLINE", "OFFLINE"]);
        reader.eat_any(&["IGNORE", "FOREIGN"]);
        if reader.eat("TABLE") {
            alter_table(reader)
        } else {
            Vec::new()
        }
    } else if head.is("TRUNCATE") {
        reader.eat("TABLE");
        names(reader)
            .into_iter()
            .map(|name| Loss::Truncate { name })
            .collect()
    } else if head.is("DELETE") {
        delete(reader)
    } else if head.is("WITH") {
        deletes_in_with(reader)
    } else if head.is("CREATE") && dialect == Dialect::Mysql {
        // MariaDB drops the old table first.
        let replaces = reader.eat_all(&["OR", "REPLACE", "TABLE"]);
        let name = if replaces { reader.object_name() } else { None };
        name.map(|name| Loss::DropTable { name })
            .into_iter()
            .collect()
    } else {
        Vec::new()
    }
}

/// `DROP TABLE`, `DROP SCHEMA`, `DROP DATABASE`; a temporary table is no loss.
fn drop(mut reader: Reader<'_>) -> Vec<Loss> {
    let dialect = reader.dialect();
    reader.eat("FOREIGN");
    if reader.eat_any(&["TABLE", "TABLES"]) {
        names(reader)
            .into_iter()
            .map(|name| Loss::DropTable { name })
            .collect()
    } else if reader.eat("DATABASE") || dialect == Dialect::Mysql && reader.eat("SCHEMA") {
        names(reader)
            .into_iter()
            .map(|name| Loss::DropDatabase { name })
            .collect()
    } else if reader.eat("SCHEMA") {
        names(reader)
            .into_iter()
            .map(|name| Loss::DropSchema { name })
            .collect()
    } else {
        Vec::new()
    }
}

/// A list of names, after `IF EXISTS` and `ONLY`.
fn names(mut reader: Reader<'_>) -> Vec<ObjectName> {
    reader.eat_all(&["IF", "EXISTS"]);
    let mut names = Vec::new();
    loop {
        only(&mut reader);
        let Some(name) = reader.object_name() else {
            return names;
        };
        names.push(name);
        reader.eat_punctuation(")");
        reader.eat_punctuation("*");
        if !reader.eat_punctuation(",") {
            return names;
        }
    }
}

/// `ONLY` before a table of PostgreSQL, which may put the name in brackets.
fn only(reader: &mut Reader<'_>) {
    if reader.dialect() == Dialect::Postgres && reader.eat("ONLY") {
        reader.eat_punctuation("(");
    }
}

#[cfg(test)]
mod tests;
