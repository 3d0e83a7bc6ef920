//! What a plan would take away, counted in the database as it is.

use std::collections::BTreeSet;

use crate::backend::{ErrorClass, Query, Session};
use crate::migration::{Execution, Plan};
use crate::sql::{self, Dialect, Loss, ObjectName};

/// Counting stops here: more is as bad.
const MOST: u64 = 1_000_000;

/// One thing that would be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The migration that takes it.
    pub migration: String,
    /// What is taken.
    pub loss: Loss,
    /// How many rows, or values that are not NULL; `None` where that could not be counted.
    pub rows: Option<u64>,
    /// Whether there are more rows than were counted.
    pub more: bool,
}

impl Measured {
    /// Whether it is known to hold nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == Some(0)
    }
}

/// Counts what the steps of a plan drop or delete. What is not there (any more) is left out.
pub fn measure(plan: &Plan, session: &mut dyn Session) -> Vec<Measured> {
    let mut measured = Vec::new();
    let mut seen = BTreeSet::new();
    for step in &plan.steps {
        if step.execution == Execution::Fake {
            continue;
        }
        let Ok(script) = sql::split(&step.script.text, session.dialect()) else {
            continue;
        };
        let statements: Vec<_> = script
            .statements
            .iter()
            .map(|statement| statement.text)
            .collect();
        let mut losses = Vec::new();
        for loss in sql::script_losses(&statements, session.dialect()) {
            losses.extend(plain(loss, session));
        }
        for loss in losses {
            if !seen.insert(format!("{loss:?}")) {
                continue;
            }
            let rows = match count(&loss, session) {
                Count::NotThere => continue,
                Count::Unknown => None,
                Count::Rows(rows) => Some(rows),
            };
            measured.push(Measured {
                migration: step.name.clone(),
                loss,
                rows: rows.map(|rows| rows.min(MOST)),
                more: rows.is_some_and(|rows| rows > MOST),
            });
        }
    }
    measured
}

/// A table made anew, as the columns that it loses.
fn plain(loss: Loss, session: &mut dyn Session) -> Vec<Loss> {
    let Loss::Rebuild { table, kept } = loss else {
        return vec![loss];
    };
    if kept.iter().any(|column| column == "*") {
        return Vec::new();
    }
    let Some(columns) = columns(&table, session) else {
        return vec![Loss::DropTable { name: table }];
    };
    columns
        .into_iter()
        .filter(|column| !kept.iter().any(|kept| kept.eq_ignore_ascii_case(column)))
        .map(|column| Loss::DropColumn {
            table: table.clone(),
            column,
        })
        .collect()
}

/// The columns of a table that are not computed; `None` where they cannot be told.
fn columns(table: &ObjectName, session: &mut dyn Session) -> Option<Vec<String>> {
    let query = match session.dialect() {
        Dialect::Sqlite => "SELECT name FROM pragma_table_xinfo({}) WHERE hidden = 0 AND {} = ''",
        Dialect::Postgres => {
            "SELECT CAST(column_name AS text) FROM information_schema.columns \
             WHERE table_name = {} AND table_schema = coalesce(nullif({}, ''), current_schema()) \
             AND is_generated = 'NEVER'"
        }
        Dialect::Mysql => {
            "SELECT column_name FROM information_schema.columns \
             WHERE table_name = {} AND table_schema = coalesce(nullif({}, ''), DATABASE()) \
             AND extra NOT LIKE '%GENERATED'"
        }
    };
    let query = Query::new(query)
        .text(table.name.as_str())
        .text(table.schema.as_deref().unwrap_or_default());
    let rows = session.rows(&query).ok()?;
    (!rows.is_empty()).then(|| rows.iter().map(|row| row.text(0).to_owned()).collect())
}

enum Count {
    /// There is no such table or column (any more).
    NotThere,
    /// What is in it cannot be counted.
    Unknown,
    Rows(u64),
}

fn count(loss: &Loss, session: &mut dyn Session) -> Count {
    let dialect = session.dialect();
    let (table, condition) = match loss {
        Loss::DropTable { name } | Loss::Truncate { name } => (name, None),
        Loss::Delete { table, .. } => (table, None),
        Loss::DropColumn { table, column } => (table, Some(column)),
        Loss::Rebuild { .. }
        | Loss::DropPartition { .. }
        | Loss::DropSchema { .. }
        | Loss::DropDatabase { .. } => {
            return Count::Unknown;
        }
    };
    let condition = condition.map_or(String::new(), |column| {
        format!(" WHERE {} IS NOT NULL", dialect.quote_identifier(column))
    });
    let text = dialect.text_type();
    let query = Query::new(format!(
        "SELECT CAST(count(*) AS {text}) FROM (SELECT 1 AS one FROM {}{condition} LIMIT {}) AS counted",
        quoted(table, dialect),
        MOST + 1,
    ));
    let rows = match session.rows(&query) {
        Ok(rows) => rows,
        Err(error) if error.class == ErrorClass::Permission => return Count::Unknown,
        Err(_) => return Count::NotThere,
    };
    let rows = rows.first().and_then(|row| row.integer(0));
    rows.and_then(|rows| u64::try_from(rows).ok())
        .map_or(Count::Unknown, Count::Rows)
}

fn quoted(name: &ObjectName, dialect: Dialect) -> String {
    match &name.schema {
        Some(schema) => format!(
            "{}.{}",
            dialect.quote_identifier(schema),
            dialect.quote_identifier(&name.name)
        ),
        None => dialect.quote_identifier(&name.name),
    }
}
