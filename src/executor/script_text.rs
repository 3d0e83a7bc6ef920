//! A plan as SQL text, for a person or for the server's own client.

use std::fmt::Write;

use crate::backend::Direction;
use crate::migration::{Execution, Plan, Step};
use crate::sql::{self, Dialect};

/// The SQL of all steps, each with the ledger's row, in the transactions they would run in.
#[must_use]
pub fn offline(plan: &Plan, has_ledger: bool, dialect: Dialect) -> String {
    let mut out = String::new();
    if !has_ledger && plan.direction == Direction::Up && !plan.steps.is_empty() {
        out.push_str(
            "CREATE TABLE IF NOT EXISTS __diesel_schema_migrations (\n    \
             version VARCHAR(50) PRIMARY KEY NOT NULL,\n    \
             run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP\n);\n\n",
        );
    }
    for step in &plan.steps {
        one(&mut out, step, dialect);
    }
    out
}

fn one(out: &mut String, step: &Step, dialect: Dialect) {
    let verb = match step.direction {
        Direction::Up => "apply",
        Direction::Down => "revert",
    };
    let begin = match dialect {
        Dialect::Sqlite => "BEGIN IMMEDIATE;\n",
        Dialect::Postgres => "BEGIN;\n",
        Dialect::Mysql => "START TRANSACTION;\n",
    };
    let version = dialect.quote_literal(step.version.as_str());
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "-- {verb} {}",
        step.name.replace(char::is_control, " ")
    );
    if step.transactional {
        out.push_str(begin);
    }
    if step.execution == Execution::Run {
        statements(out, &step.script.text, dialect);
    }
    // As the runner does: the ledger's name is unqualified.
    if dialect == Dialect::Postgres && wanders(step) {
        out.push_str("RESET search_path;\n");
    }
    let _ = match step.direction {
        Direction::Up => writeln!(
            out,
            "INSERT INTO __diesel_schema_migrations (version) VALUES ({version});"
        ),
        Direction::Down => writeln!(
            out,
            "DELETE FROM __diesel_schema_migrations WHERE version = {version};"
        ),
    };
    if step.transactional {
        out.push_str("COMMIT;\n");
    }
    out.push('\n');
}

/// Whether a step may leave the session with another search path.
fn wanders(step: &Step) -> bool {
    step.execution == Execution::Run
        && sql::split(&step.script.text, Dialect::Postgres).is_ok_and(|script| {
            script
                .statements
                .iter()
                .any(|statement| statement.text.to_ascii_lowercase().contains("search_path"))
        })
}

/// The text as it is, ended so that what follows is a statement of its own.
fn statements(out: &mut String, text: &str, dialect: Dialect) {
    let text = text.trim_start_matches('\u{feff}').trim_end();
    out.push_str(text);
    let ended = sql::split(text, dialect).is_ok_and(|script| {
        script
            .statements
            .last()
            .is_none_or(|last| !last.terminator.is_empty())
    });
    // On a line of its own: the last line may end in a comment.
    out.push_str(if ended { "\n" } else { "\n;\n" });
}
