//! Who keeps a statement waiting for a lock.

use std::fmt;
use std::time::Duration;

use crate::sql::{self, Dialect};

/// A session that has a lock somebody else waits for, as far as the server tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocker {
    /// What is locked: a table, as the server names it.
    pub object: Option<String>,
    /// Its number on the server; `None` for a transaction that was prepared and belongs to no session.
    pub session: Option<i64>,
    /// The user it logged in as.
    pub user: Option<String>,
    /// The program, as it named itself.
    pub application: Option<String>,
    /// From which machine.
    pub host: Option<String>,
    /// What it is doing, in the server's words: `idle in transaction`.
    pub state: Option<String>,
    /// For how long its transaction, or else its statement, is going on.
    pub lasts: Option<Duration>,
    /// Its newest statement on one line, without what nobody should see.
    pub statement: Option<String>,
    /// What to type to end it.
    pub ends_by: Option<String>,
}

impl Blocker {
    /// The most characters of a statement that are shown.
    const WIDTH: usize = 80;

    /// What to do about those who are in the way, if there are any.
    #[must_use]
    pub fn way_out(blockers: &[Self]) -> Option<String> {
        blockers.first()?;
        let end = blockers.iter().find_map(|one| one.ends_by.as_ref());
        Some(match end {
            Some(end) => format!("let it end, or end it ({end})"),
            None => "let it end".to_owned(),
        })
    }

    /// A statement of another session as it may be shown.
    pub(super) fn shown(text: &str, dialect: Dialect) -> Option<String> {
        if text.trim().is_empty() {
            return None;
        }
        if sql::keeps_secret(text, dialect) {
            return Some("(a statement with a password)".to_owned());
        }
        Some(sql::summary(text, dialect, Self::WIDTH))
    }
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(session) = self.session else {
            return f.write_str("a prepared transaction");
        };
        write!(f, "session {session}")?;
        let mut about = Vec::new();
        match (&self.application, &self.user) {
            (Some(application), Some(user)) => about.push(format!("{application} by {user}")),
            (Some(application), None) => about.push(application.clone()),
            (None, Some(user)) => about.push(format!("by {user}")),
            (None, None) => {}
        }
        if let Some(host) = &self.host {
            about.push(format!("on {host}"));
        }
        if !about.is_empty() {
            write!(f, " ({})", about.join(" "))?;
        }
        if let Some(state) = &self.state {
            write!(f, ", {state}")?;
            if let Some(lasts) = self.lasts {
                write!(f, " for {} s", lasts.as_secs())?;
            }
        }
        match &self.statement {
            Some(statement) => write!(f, ": {statement}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blocker_is_told_with_what_is_known_of_it() {
        let mut blocker = Blocker {
            session: Some(4711),
            ..Blocker::default()
        };
        assert_eq!(blocker.to_string(), "session 4711");
        blocker.application = Some("psql".to_owned());
        blocker.user = Some("app".to_owned());
        blocker.host = Some("10.0.0.3".to_owned());
        blocker.state = Some("idle in transaction".to_owned());
        blocker.lasts = Some(Duration::from_secs(12));
        blocker.statement = Blocker::shown("SELECT *\n  FROM users", Dialect::Postgres);
        assert_eq!(
            blocker.to_string(),
            "session 4711 (psql by app on 10.0.0.3), idle in transaction for 12 s: SELECT * FROM users"
        );
        assert_eq!(Blocker::default().to_string(), "a prepared transaction");
    }

    #[test]
    fn a_statement_with_a_password_is_not_shown() {
        let shown = Blocker::shown("ALTER ROLE app PASSWORD 'pw-77'", Dialect::Postgres);
        assert_eq!(shown.as_deref(), Some("(a statement with a password)"));
        assert_eq!(Blocker::shown(" ", Dialect::Postgres), None);
    }
}
