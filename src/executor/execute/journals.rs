//! Whether a journal can be kept in this database, found out when a step first needs one.

use crate::backend::{Database, DatabaseError, ErrorClass, Mode};
use crate::executor::event::{Event, Observer};
use crate::history::{JournalPlace, Keeping, create_journal, journal_place};
use crate::sql::{self, Dialect, Statement};

/// The journal of a whole run.
pub(super) struct Journals {
    /// Whether the table is there.
    exists: bool,
    /// Whether it may hold something of an earlier run, which this role can delete.
    pub(super) forgets: bool,
    found: Found,
}

enum Found {
    Unasked,
    Refused,
    At(JournalPlace),
}

impl Journals {
    pub(super) fn new(keeping: Keeping) -> Self {
        Self {
            exists: keeping.journal,
            forgets: keeping.forgets,
            found: Found::Unasked,
        }
    }

    /// Where the journal of a step is kept; nowhere if a transaction protects it, or this role may not.
    ///
    /// # Errors
    /// What the server says; or this role may not, and goes on with what is noted there: what it did
    /// would be done again.
    pub(super) fn place(
        &mut self,
        mode: Mode,
        statements: &[Statement<'_>],
        goes_on: bool,
        database: &mut dyn Database,
        observer: &mut dyn Observer,
    ) -> Result<Option<JournalPlace>, DatabaseError> {
        match mode {
            Mode::Transaction | Mode::RecordOnly => return Ok(None),
            Mode::Statements | Mode::Segments => {}
        }
        if database.dialect() == Dialect::Postgres
            && statements
                .iter()
                .any(|statement| sql::changes_role(statement.text))
        {
            observer.on(&Event::Warning(
                "the file goes on as another role, so no journal is kept of it; if it stops half-way, nobody will know where",
            ));
            return Ok(None);
        }
        if let Found::Unasked = self.found {
            self.found = if create_journal(database, self.exists)? {
                (self.exists, self.forgets) = (true, true);
                Found::At(journal_place(database)?)
            } else if goes_on {
                return Err(DatabaseError::new(
                    ErrorClass::Permission,
                    "this role may not write `__manage_journal`, which says how far an earlier run was"
                        .to_owned(),
                ));
            } else {
                observer.on(&Event::Warning(
                    "this role may not write `__manage_journal`, so if a migration stops half-way, nobody will know where",
                ));
                Found::Refused
            };
        }
        Ok(match &self.found {
            Found::At(place) => Some(place.clone()),
            Found::Unasked | Found::Refused => None,
        })
    }
}
