//! One row of the journal.

use super::table::JournalPlace;
use crate::backend::{DatabaseError, Direction, Query, Session};
use crate::history::checksum::digest;
use crate::history::own_table::overriding;
use crate::history::record::Identity;
use crate::migration::Version;
use crate::sql::{self, Dialect};

/// How many characters of a digest are kept for a statement: a file may have a great many.
const DIGEST: usize = 32;

/// What a row says of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalState {
    /// So many statements are done.
    Done,
    /// And the next one, which commits by itself, was begun.
    Started,
    /// And the next one was refused as a whole.
    Failed,
    /// And the next one was refused, but a part of it may be in effect.
    Broken,
    /// And the run stopped there.
    Stopped,
}

impl JournalState {
    /// The word in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Started => "started",
            Self::Failed => "failed",
            Self::Broken => "broken",
            Self::Stopped => "stopped",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        [
            Self::Done,
            Self::Started,
            Self::Failed,
            Self::Broken,
            Self::Stopped,
        ]
        .into_iter()
        .find(|state| state.name() == word)
    }
}

/// A row to be written. Statements are counted from 0.
#[derive(Clone, Debug)]
pub struct JournalRow<'a> {
    /// The migration.
    pub version: &'a Version,
    /// Its directory's name.
    pub name: &'a str,
    /// Which way it runs.
    pub direction: Direction,
    /// What the row says.
    pub state: JournalState,
    /// How many statements, from the first, are in effect once the row is.
    pub done: usize,
    /// The statement that was begun or refused.
    pub statement: Option<usize>,
    /// How many statements there are.
    pub statements: usize,
    /// The first statement that `checksums` is about.
    pub first: usize,
    /// A digest of each statement from there on.
    pub checksums: &'a [String],
    /// The text of `statement`, unless it has to be kept secret.
    pub sql: Option<&'a str>,
    /// What the server said.
    pub error: Option<&'a str>,
}

impl JournalRow<'_> {
    /// Writes the row. Its number is worked out and not left to the server: what `LAST_INSERT_ID()` and its
    /// like say in the middle of a script is the script's.
    ///
    /// It is written under the condition that guards every write of this run, if there is one; `false` if that does not hold any more, and nothing was written.
    ///
    /// # Errors
    /// What the server says.
    pub fn write(
        &self,
        place: &JournalPlace,
        identity: &Identity,
        fence: Option<&str>,
        session: &mut dyn Session,
    ) -> Result<bool, DatabaseError> {
        let (own, from) = match session.dialect() {
            Dialect::Sqlite => ("NULL", ""),
            Dialect::Postgres => ("pg_backend_pid()", ""),
            Dialect::Mysql => ("CONNECTION_ID()", " FROM DUAL"),
        };
        let overriding = overriding(session.dialect());
        let table = place.as_sql();
        let values = vec!["{}"; 14].join(", ");
        let written = session.execute(
            &Query::new(format!(
                "INSERT INTO {table} (id, version, name, direction, state, done, statement, statements, \
                 first, checksums, statement_sql, error, performed_by, host, tool, session){overriding} \
                 SELECT (SELECT COALESCE(MAX(noted.id), 0) + 1 FROM {table} noted), \
                 {values}, {own}{from} WHERE {}",
                fence.unwrap_or("1 = 1"),
            ))
            .text(self.version.as_str())
            .text(self.name)
            .text(word(self.direction))
            .text(self.state.name())
            .integer(number(self.done))
            .integer_or_null(self.statement.map(number))
            .integer(number(self.statements))
            .integer(number(self.first))
            .text(self.checksums.join("\n"))
            .text_or_null(self.sql.map(str::to_owned))
            .text_or_null(self.error.map(str::to_owned))
            .text(identity.user.as_str())
            .text(identity.host.as_str())
            .text(identity.tool.as_str()),
        )?;
        Ok(written > 0)
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The word for a direction in the table.
pub(super) fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}

/// Stays the same when only comments, white space or line endings of a statement change.
#[must_use]
pub fn statement_checksum(text: &str, dialect: Dialect) -> String {
    let mut digest = digest(&sql::normalize(text, dialect));
    digest.truncate(DIGEST);
    digest
}
