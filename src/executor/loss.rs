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
        for statement in &script.statements {
            for loss in sql::losses(statement.text, session.dialect()) {
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
    }
    measured
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
        Loss::DropPartition { .. } | Loss::DropSchema { .. } | Loss::DropDatabase { .. } => {
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
