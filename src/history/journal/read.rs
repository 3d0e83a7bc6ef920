//! What the journal tells of a run that did not end.

use std::collections::BTreeMap;

use super::row::{JournalState, word};
use super::table::JOURNAL;
use crate::backend::{Database, DatabaseError, Direction, Query};
use crate::history::table::Moment;
use crate::migration::Version;

/// The runs that are under way, or never ended. There is one at the most, unless rows were written by
/// hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    runs: Vec<JournalRun>,
}

/// One migration that was begun and not recorded. Statements are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRun {
    /// The migration.
    pub version: Version,
    /// Its directory's name then.
    pub name: String,
    /// Which way it ran.
    pub direction: Direction,
    /// What the last row says.
    pub state: JournalState,
    /// How many statements, from the first, are in effect.
    pub done: usize,
    /// The statement that was begun or refused, if the last row is about one.
    pub statement: Option<usize>,
    /// How many statements there were.
    pub statements: usize,
    /// A digest of each statement that was noted, by its number.
    pub checksums: BTreeMap<usize, String>,
    /// The texts of the statements that committed by themselves, with their numbers.
    pub texts: Vec<(usize, String)>,
    /// What the server said last.
    pub error: Option<String>,
    /// When the last row was written, in UTC, to the second.
    pub at: String,
    /// The server's number for the session that wrote it.
    pub session: Option<i64>,
    /// Who ran it.
    pub by: String,
    /// On which machine.
    pub host: String,
}

impl Journal {
    /// Reads it; the table has to be there.
    ///
    /// # Errors
    /// What the server says.
    pub(in crate::history) fn read_at(
        moment: Moment,
        database: &mut dyn Database,
    ) -> Result<Self, DatabaseError> {
        let ending = moment.ending(database.dialect());
        let text = database.dialect().text_type();
        let rows = database.rows(&Query::new(format!(
            "SELECT version, name, direction, state, CAST(done AS {text}), \
             CAST(statement AS {text}), CAST(statements AS {text}), CAST(first AS {text}), \
             checksums, statement_sql, error, CAST(noted_at AS {text}), CAST(session AS {text}), \
             performed_by, host FROM {JOURNAL} ORDER BY id{ending}"
        )))?;
        let mut journal = Self::default();
        for row in &rows {
            let count = |column| {
                row.integer(column)
                    .and_then(|number| usize::try_from(number).ok())
            };
            // A word written by a later version of this tool says nothing to this one.
            let Some(state) = JournalState::parse(row.text(3)) else {
                continue;
            };
            let direction = if row.text(2) == word(Direction::Down) {
                Direction::Down
            } else {
                Direction::Up
            };
            let version = Version::recorded(row.text(0));
            let run = journal.run_of(version, direction);
            row.text(1).clone_into(&mut run.name);
            run.state = state;
            run.done = count(4).unwrap_or_default();
            run.statement = count(5);
            run.statements = count(6).unwrap_or_default();
            let first = count(7).unwrap_or_default();
            // What an earlier row says of these and of later ones holds no longer.
            run.checksums.split_off(&first);
            let checksums = row.text(8).lines().map(str::to_owned);
            run.checksums.extend((first..).zip(checksums));
            if let (Some(statement), Some(sql)) = (run.statement, row.optional(9)) {
                run.texts.retain(|(number, _)| *number < statement);
                run.texts.push((statement, sql.to_owned()));
            }
            run.error = row.optional(10).map(str::to_owned);
            run.at = row.text(11).chars().take(19).collect();
            run.session = row.integer(12);
            row.text(13).clone_into(&mut run.by);
            row.text(14).clone_into(&mut run.host);
        }
        Ok(journal)
    }

    fn run_of(&mut self, version: Version, direction: Direction) -> &mut JournalRun {
        let found = self
            .runs
            .iter()
            .position(|run| run.version == version && run.direction == direction);
        let at = found.unwrap_or_else(|| {
            self.runs.push(JournalRun::new(version, direction));
            self.runs.len() - 1
        });
        &mut self.runs[at]
    }

    /// The runs, in the order they began.
    #[must_use]
    pub fn runs(&self) -> &[JournalRun] {
        &self.runs
    }

    /// Whether nothing is under way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// A journal of given runs, for tests.
    #[must_use]
    pub fn of(runs: Vec<JournalRun>) -> Self {
        Self { runs }
    }
}

impl JournalRun {
    /// A run of which nothing is known yet.
    #[must_use]
    pub fn new(version: Version, direction: Direction) -> Self {
        Self {
            version,
            name: String::new(),
            direction,
            state: JournalState::Stopped,
            done: 0,
            statement: None,
            statements: 0,
            checksums: BTreeMap::new(),
            texts: Vec::new(),
            error: None,
            at: String::new(),
            session: None,
            by: String::new(),
            host: String::new(),
        }
    }

    /// The recorded text of a statement.
    #[must_use]
    pub fn text(&self, statement: usize) -> Option<&str> {
        let found = self.texts.iter().find(|(number, _)| *number == statement);
        found.map(|(_, text)| text.as_str())
    }
}
