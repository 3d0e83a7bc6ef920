//! What the session of a script is before it begins, and again after a file that changed it.

use crate::migration::{Execution, Step};
use crate::sql::{self, Dialect};

/// What our own connections are, and a client's need not be.
pub(super) fn opening(dialect: Dialect) -> &'static str {
    match dialect {
        // The rebuild of a table must not take rows elsewhere with it. In a transaction it does nothing.
        Dialect::Sqlite => "PRAGMA foreign_keys = OFF;\n",
        Dialect::Postgres => "SET client_encoding = 'UTF8';\nSET TimeZone = 'UTC';\n",
        Dialect::Mysql => "SET NAMES utf8mb4;\nSET time_zone = '+00:00';\n",
    }
}

/// What puts the session back before anything is recorded, as the executor does: the ledger's name has
/// nothing before it.
pub(super) fn restore(step: &Step, dialect: Dialect, database: Option<&str>) -> Vec<String> {
    if step.execution == Execution::Fake {
        return Vec::new();
    }
    let Ok(script) = sql::split(&step.script.text, dialect) else {
        return Vec::new();
    };
    let texts = script.statements.iter().map(|statement| statement.text);
    match dialect {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => postgres(texts),
        Dialect::Mysql => mysql(texts, database),
    }
}

fn postgres<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut path = false;
    let mut rest = false;
    for text in texts {
        let lower = text.to_ascii_lowercase();
        let all = sql::forgets_prepared(text) || lower.starts_with("reset");
        path |= all || lower.contains("search_path");
        rest |= all
            || ["client_encoding", "timezone", "time zone", "names"]
                .iter()
                .any(|setting| lower.contains(setting))
                && sql::mentions_search_path(text);
    }
    let mut lines = Vec::new();
    if path {
        lines.push("RESET search_path;".to_owned());
    }
    if rest {
        lines.push(opening(Dialect::Postgres).trim_end().to_owned());
    }
    lines
}

fn mysql<'a>(texts: impl Iterator<Item = &'a str>, database: Option<&str>) -> Vec<String> {
    let mut lines = Vec::new();
    for text in texts.filter(|text| sql::concerns_session(text, Dialect::Mysql)) {
        let lower = text.to_ascii_lowercase();
        if lower.contains("names") || lower.contains("char") {
            lines.push("SET NAMES utf8mb4;".to_owned());
        }
        if lower.contains("time_zone") {
            lines.push("SET time_zone = '+00:00';".to_owned());
        }
        if lower.starts_with("use")
            && let Some(name) = database
        {
            lines.push(format!("USE {};", Dialect::Mysql.quote_identifier(name)));
        }
    }
    lines.sort();
    lines.dedup();
    lines
}
