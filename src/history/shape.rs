//! Whether our table is as this version of the tool writes it.

use super::record::Action;
use super::table::TABLE;
use crate::backend::{Database, DatabaseError, ErrorClass, Query};

/// The columns that are read and written.
const COLUMNS: [&str; 18] = [
    "id",
    "version",
    "name",
    "action",
    "up_sql",
    "down_sql",
    "raw_checksum",
    "normalized_checksum",
    "fingerprint",
    "run_in_transaction",
    "up_size",
    "up_modified",
    "milliseconds",
    "performed_at",
    "performed_by",
    "host",
    "tool",
    "reason",
];

/// What our table looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// There is none.
    Absent,
    /// This role may not read it.
    Hidden,
    /// It has no such columns: an older version made it, or somebody changed it.
    Lacks(Vec<&'static str>),
    /// It holds deeds that this version has no word for: a newer one wrote them.
    Newer(Vec<String>),
    /// It is as it should be.
    Known,
}

/// Looks at our table without writing anything.
///
/// # Errors
/// What the server says.
pub fn shape(database: &mut dyn Database) -> Result<Shape, DatabaseError> {
    if database.tables_exist(&[TABLE])?.first() != Some(&true) {
        return Ok(Shape::Absent);
    }
    if let Err(error) = probe(database, &COLUMNS.join(", ")) {
        if error.class == ErrorClass::Permission {
            return Ok(Shape::Hidden);
        }
        let lacks: Vec<_> = COLUMNS
            .into_iter()
            .filter(|column| probe(database, column).is_err())
            .collect();
        // With all of them gone, something else is wrong.
        return if lacks.len() < COLUMNS.len() {
            Ok(Shape::Lacks(lacks))
        } else {
            Err(error)
        };
    }
    let words = database.rows(&Query::new(format!(
        "SELECT DISTINCT action FROM {TABLE} ORDER BY action"
    )))?;
    let unknown: Vec<String> = words
        .iter()
        .map(|row| row.text(0).to_owned())
        .filter(|word| Action::parse(word).is_none())
        .collect();
    Ok(if unknown.is_empty() {
        Shape::Known
    } else {
        Shape::Newer(unknown)
    })
}

fn probe(database: &mut dyn Database, columns: &str) -> Result<(), DatabaseError> {
    database.batch(&format!("SELECT {columns} FROM {TABLE} WHERE 1 = 0"))
}
