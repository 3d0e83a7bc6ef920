//! The lock on MySQL and MariaDB: a named lock of a session, which ends with the session.
//!
//! Names are the whole server's, so a database has one of its own. It is tried and never waited for:
//! what a server makes of a wait without end differs, and one that nobody waits for any more stays in
//! the queue.

use super::grip::{Facts, name_hash};
use super::holder::Holder;
use super::lease::Table;
use super::line::Line;
use crate::backend::database::Database;
use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::query::Query;
use crate::sql::Dialect;

/// A name is 64 characters at most.
const HASH: usize = 40;

/// The name of a database's lock.
pub(super) fn name(database: &str) -> String {
    let hash = name_hash(database);
    format!("manage:{}", hash.get(..HASH).unwrap_or(&hash))
}

/// What the name is made of: where names of databases are the same in either case, so is this one.
pub(super) const DATABASE: &str =
    "SELECT CAST(IF(@@lower_case_table_names = 0, DATABASE(), LOWER(DATABASE())) AS CHAR)";

/// The session that holds it.
pub(super) struct Named {
    line: Line,
    name: String,
    session: String,
    lease: Table,
}

impl Named {
    pub(super) async fn new(mut line: Line) -> Result<Self, DatabaseError> {
        // A long migration is a long silence here.
        line.rows("SET SESSION wait_timeout = 2147483").await?;
        let session = line.value("SELECT CAST(CONNECTION_ID() AS CHAR)").await?;
        let database = line.value(DATABASE).await?;
        Ok(Self {
            line,
            name: name(database.as_deref().unwrap_or_default()),
            session: session.unwrap_or_default(),
            lease: Table::new(Dialect::Mysql, database.as_deref()),
        })
    }

    pub(super) fn facts(&self) -> Facts {
        Facts {
            fence: format!("IS_USED_LOCK('{}') = {}", self.name, self.session),
            token: token(&self.session),
            is_shared: false,
            key: None,
        }
    }

    /// Takes it, unless somebody has it or has the lease.
    pub(super) async fn take(&mut self) -> Result<bool, DatabaseError> {
        let take = format!("SELECT CAST(GET_LOCK('{}', 0) AS CHAR)", self.name);
        match self.line.value(&take).await?.as_deref() {
            Some("1") => {}
            Some("0") => return Ok(false),
            // The server says neither yes nor no when it was out of memory, or the session was killed.
            Some(_) | None => {
                let message = "the server did not say whether the lock was taken";
                return Err(DatabaseError::new(ErrorClass::Statement, message));
            }
        }
        if self.lease.is_held(&mut self.line).await? {
            self.release().await?;
            return Ok(false);
        }
        Ok(true)
    }

    pub(super) async fn holds(&mut self) -> Result<bool, DatabaseError> {
        let asked = format!(
            "SELECT CAST(IS_USED_LOCK('{}') = {1} AND CONNECTION_ID() = {1} AS CHAR)",
            self.name, self.session
        );
        self.line.is_true(&asked).await
    }

    pub(super) async fn release(&mut self) -> Result<bool, DatabaseError> {
        let release = format!("SELECT CAST(RELEASE_LOCK('{}') AS CHAR)", self.name);
        self.line.is_true(&release).await
    }

    pub(super) fn into_line(self) -> Line {
        self.line
    }
}

/// Looks from the working connection whether the lock is known there as the one that is held: behind a
/// proxy it may lead to another server.
pub(super) fn is_proved(fence: &str, witness: &mut dyn Database) -> Result<bool, DatabaseError> {
    let rows = witness.rows(&Query::new(format!("SELECT CAST({fence} AS CHAR)")))?;
    Ok(rows.first().is_some_and(|row| row.is_true(0)))
}

/// Who has it, as the server's lists tell.
pub(super) fn holder(database: &mut dyn Database) -> Result<Option<Holder>, DatabaseError> {
    let rows = database.rows(&Query::new(DATABASE))?;
    let name = name(rows.first().map(|row| row.text(0)).unwrap_or_default());
    let used = database.rows(&Query::new("SELECT CAST(IS_USED_LOCK({}) AS CHAR)").text(name))?;
    let Some(session) = used.first().and_then(|row| row.integer(0)) else {
        return Ok(None);
    };
    // Without the right to see others' sessions the number is all there is.
    let rows = database.rows(
        &Query::new(
            "SELECT CAST(user AS CHAR), CAST(SUBSTRING_INDEX(host, ':', 1) AS CHAR) \
             FROM information_schema.processlist WHERE id = {}",
        )
        .integer(session),
    )?;
    let row = rows.first();
    let text = |column| row.and_then(|row| row.optional(column)).map(str::to_owned);
    Ok(Some(Holder {
        pid: Some(session),
        user: text(0),
        host: text(1),
        token: Some(token(&session.to_string())),
        ..Holder::default()
    }))
}

fn token(session: &str) -> String {
    format!("mysql:{session}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_database_has_a_name_of_its_own_that_a_server_takes() {
        let long = "x".repeat(1000);
        let names = ["app", "app2", "", "ä'`\"", &long].map(name);
        for one in &names {
            assert!(one.len() <= 64 && one.is_ascii(), "{one}");
            assert_eq!(names.iter().filter(|other| *other == one).count(), 1);
        }
    }
}
