//! What schemas consisted of that migrations led to: our table of manifests, under their fingerprints.

use super::own_table::{self, Numbered, Spelling};
use super::table::TABLE as HISTORY;
use crate::backend::{Database, DatabaseError, ErrorClass, Query, Session};
use crate::schema::manifest::{Fingerprint, Manifest};

/// The table's name.
pub(super) const TABLE: &str = "__manage_schema";

/// How many are kept: those that the newest deeds led to.
const KEPT: usize = 30;

/// The longest manifest that is kept, in bytes. Servers refuse packets of a few megabytes.
const LONGEST: usize = 1024 * 1024;

/// Writes a manifest, unless it is there already, and forgets old ones. The history has the deed already
/// that led to it.
///
/// # Errors
/// What the server says; both tables have to be there.
pub fn keep(manifest: &Manifest, session: &mut dyn Session) -> Result<(), DatabaseError> {
    let fingerprint = manifest.fingerprint().as_str();
    let there = session.rows(
        &Query::new(format!(
            "SELECT fingerprint FROM {TABLE} WHERE fingerprint = {{}}"
        ))
        .text(fingerprint),
    )?;
    let text = manifest.text();
    if !there.is_empty() || text.len() > LONGEST {
        return Ok(());
    }
    session.execute(
        &Query::new(format!(
            "INSERT INTO {TABLE} (fingerprint, manifest) VALUES ({{}}, {{}})"
        ))
        .text(fingerprint)
        .text(text),
    )?;
    // MySQL takes no LIMIT in the list of an IN, but in a table of its own.
    session.batch(&format!(
        "DELETE FROM {TABLE} WHERE fingerprint NOT IN (SELECT fingerprint FROM (\
         SELECT fingerprint, max(id) AS newest FROM (\
         SELECT id, fingerprint FROM {HISTORY} WHERE fingerprint IS NOT NULL \
         UNION ALL \
         SELECT id, before_fingerprint FROM {HISTORY} WHERE before_fingerprint IS NOT NULL\
         ) AS deeds GROUP BY fingerprint ORDER BY newest DESC LIMIT {KEPT}) AS kept)"
    ))
}

/// The manifest that was kept under a fingerprint; `None` where there is none, it cannot be read, or another
/// version wrote it.
///
/// # Errors
/// What the server says, but for a role that may not.
pub fn snapshot(
    database: &mut dyn Database,
    fingerprint: &Fingerprint,
) -> Result<Option<Manifest>, DatabaseError> {
    if database.tables_exist(&[TABLE])?.first() != Some(&true) {
        return Ok(None);
    }
    let query = Query::new(format!(
        "SELECT manifest FROM {TABLE} WHERE fingerprint = {{}}"
    ))
    .text(fingerprint.as_str());
    match database.rows(&query) {
        Ok(rows) => Ok(rows
            .first()
            .and_then(|row| Manifest::parse(fingerprint, row.text(0)))),
        Err(error) if error.class == ErrorClass::Permission => Ok(None),
        Err(error) => Err(error),
    }
}

/// Creates the table. Returns whether it can be written: a role that may not create tables can still
/// migrate, and then knows less.
pub(super) fn prepare(database: &mut dyn Database, exists: bool) -> Result<bool, DatabaseError> {
    own_table::prepare(
        database,
        exists,
        TABLE,
        Numbered::ByServer,
        "fingerprint, manifest",
        &columns,
    )
}

fn columns(spelling: &Spelling) -> String {
    format!(
        "fingerprint VARCHAR(64) PRIMARY KEY NOT NULL,
    manifest {} NOT NULL,
    recorded_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP",
        spelling.text
    )
}
