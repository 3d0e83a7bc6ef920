//! Plans as SQL text that the servers' own clients take as it is: `sqlite3`, `psql` and `mariadb`.
//!
//! A script does what the executor does, transactions and all. What a client would read in another way
//! than the server is spelled so that both mean the same.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::mode::mode;
use crate::backend::{Direction, Mode};
use crate::history::CREATE_LEDGER;
use crate::migration::{Execution, Plan, Step, Version};
use crate::settings::Backend;
use crate::sql::{self, Dialect, Script};

mod client;
mod references;
mod segments;
mod session;

/// What a script says about itself, and for which database it is.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// The connection's name.
    pub connection: &'a str,
    /// From where to where: the middle of a sentence.
    pub way: &'a str,
    /// This tool and its version.
    pub tool: &'a str,
    /// The kind of server.
    pub backend: Backend,
    /// The database's name on its server, to come back to after a file that leaves it.
    pub database: Option<&'a str>,
    /// Whether the ledger is known to be there.
    pub has_ledger: bool,
    /// Of what is unfinished, how many statements are in effect and left out.
    pub in_effect: &'a BTreeMap<Version, usize>,
}

/// The SQL of all steps, each with the ledger's row, in the transactions they would run in.
#[must_use]
pub fn offline(plan: &Plan, frame: &Frame<'_>) -> String {
    if plan.steps.is_empty() {
        return String::new();
    }
    let dialect = crate::backend::dialect(frame.backend);
    let mut out = heading(plan, frame);
    if plan
        .steps
        .iter()
        .any(|step| step.execution == Execution::Run)
    {
        out.push_str(session::opening(dialect));
    }
    let checks = dialect == Dialect::Sqlite && plan.steps.iter().any(references::concerns);
    if checks {
        out.push_str(references::PREPARE);
    }
    if !frame.has_ledger && plan.direction == Direction::Up {
        out.push('\n');
        out.push_str(CREATE_LEDGER);
    }
    let mut unsettled = false;
    for step in &plan.steps {
        out.push('\n');
        let verb = match step.direction {
            Direction::Up => "apply",
            Direction::Down => "revert",
        };
        let in_effect = frame.in_effect.get(&step.version).copied().unwrap_or(0);
        let left_out = match in_effect {
            0 => String::new(),
            1 => "; statement 1 is in effect already, and left out".to_owned(),
            count => format!("; statements 1 to {count} are in effect already, and left out"),
        };
        out.push_str(&comment(&format!("{verb} {}{left_out}", step.name)));
        if unsettled {
            out.push_str(session::opening(dialect));
        }
        let writer = Writer {
            step,
            backend: frame.backend,
            ledger: true,
            checks: checks && references::concerns(step),
            restore: session::restore(step, dialect, frame.database),
            in_effect,
        };
        writer.write(&mut out);
        unsettled = dialect == Dialect::Sqlite && references::sets_pragma(step);
    }
    out
}

/// The SQL of one step for a reader: its transaction where it is one, and the ledger's row if wanted.
#[must_use]
pub fn reading(step: &Step, backend: Backend, ledger: bool) -> String {
    let mut out = String::new();
    Writer {
        step,
        backend,
        ledger,
        checks: false,
        restore: Vec::new(),
        in_effect: 0,
    }
    .write(&mut out);
    out
}

fn heading(plan: &Plan, frame: &Frame<'_>) -> String {
    let has = |direction| plan.steps.iter().any(|step| step.direction == direction);
    let is_fake = plan
        .steps
        .iter()
        .all(|step| step.execution == Execution::Fake);
    let verb = match (plan.direction, is_fake) {
        (Direction::Up, false) => "Applies",
        (Direction::Down, false) => "Reverts",
        (_, true) if has(Direction::Up) && has(Direction::Down) => "Forgets and records",
        (_, true) if has(Direction::Down) => "Forgets",
        (_, true) => "Records",
    };
    let migrations = match plan.steps.len() {
        1 => "1 migration".to_owned(),
        count => format!("{count} migrations"),
    };
    let run = match frame.backend {
        Backend::Sqlite => "sqlite3 -bail FILE < SCRIPT",
        Backend::Postgres => "psql -X -v ON_ERROR_STOP=1 -d DATABASE -f SCRIPT",
        // Without this option the client takes the comments out of the bodies of routines.
        Backend::Mysql => "mariadb --comments DATABASE < SCRIPT (or mysql)",
    };
    [
        format!(
            "{verb} {migrations} of connection `{}`: {}.",
            frame.connection, frame.way
        ),
        format!("Run it with: {run}"),
        format!(
            "Written by {}. Diesel's rows are in it, those of manage's own history are not.",
            frame.tool
        ),
    ]
    .iter()
    .map(|line| comment(line))
    .collect()
}

/// One line of comment, whatever the text holds.
fn comment(text: &str) -> String {
    format!("-- {}\n", text.replace(char::is_control, " "))
}

struct Writer<'a> {
    step: &'a Step,
    backend: Backend,
    ledger: bool,
    /// Whether references are checked before anything is recorded.
    checks: bool,
    /// What puts the session back after the step's statements.
    restore: Vec<String>,
    /// How many statements, from the first, are in effect and left out.
    in_effect: usize,
}

impl Writer<'_> {
    fn write(&self, out: &mut String) {
        let dialect = crate::backend::dialect(self.backend);
        let script = match self.step.execution {
            Execution::Run => sql::split(&self.step.script.text, dialect).ok(),
            Execution::Fake => None,
        };
        let mut script = script.unwrap_or(Script {
            statements: Vec::new(),
            tail: "",
        });
        let mode = mode(self.step, &script.statements, self.backend);
        if self.in_effect > 0 {
            let again = sql::again(&script.statements, self.in_effect, dialect);
            let sent = again.sent.iter().map(|index| script.statements[*index]);
            script.statements = sent.collect();
        }
        match segments::of(&script, mode, self.backend) {
            Mode::Transaction => {
                out.push_str(begin(dialect));
                self.body(out, &script, dialect);
                self.record(out, dialect);
                out.push_str("COMMIT;\n");
            }
            Mode::Segments => {
                segments::write(out, &script);
                self.after(out);
                self.record(out, dialect);
            }
            Mode::Statements | Mode::RecordOnly => {
                self.body(out, &script, dialect);
                self.record(out, dialect);
            }
        }
    }

    fn body(&self, out: &mut String, script: &Script<'_>, dialect: Dialect) {
        for statement in &script.statements {
            client::statement(out, statement, dialect);
        }
        client::rest(out, script.tail, dialect);
        self.after(out);
    }

    fn after(&self, out: &mut String) {
        for line in &self.restore {
            out.push_str(line);
            out.push('\n');
        }
        if self.checks {
            out.push_str(references::CHECK);
        }
    }

    fn record(&self, out: &mut String, dialect: Dialect) {
        if !self.ledger {
            return;
        }
        let version = dialect.quote_literal(self.step.version.as_str());
        // Writing to a string cannot fail.
        let _ = match self.step.direction {
            Direction::Up => writeln!(
                out,
                "INSERT INTO __diesel_schema_migrations (version) VALUES ({version});"
            ),
            Direction::Down => writeln!(
                out,
                "DELETE FROM __diesel_schema_migrations WHERE version = {version};"
            ),
        };
    }
}

fn begin(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "BEGIN IMMEDIATE;\n",
        Dialect::Postgres => "BEGIN;\n",
        Dialect::Mysql => "START TRANSACTION;\n",
    }
}

#[cfg(test)]
mod tests;
