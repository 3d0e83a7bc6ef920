//! What a declaration says and SQLite does not heed.

use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::Query;
use crate::schema::Name;

/// Keys that are declared without `NOT NULL` and are row numbers, which are never NULL all the same.
const NULLABLE_ROW_NUMBERS: &str = "SELECT s.name, c.name FROM sqlite_schema s, \
     pragma_table_info(s.name) c WHERE s.type = 'table' AND c.pk = 1 AND c.\"notnull\" = 0 \
     AND lower(c.type) = 'integer' \
     AND (SELECT count(*) FROM pragma_table_info(s.name) WHERE pk > 0) = 1 \
     ORDER BY 1, 2";

/// The row numbers of tables that are declared without `NOT NULL`.
pub(super) fn nullable_row_numbers(
    session: &mut dyn Session,
) -> Result<Vec<(Name, String)>, DatabaseError> {
    let rows = session.rows(&Query::new(NULLABLE_ROW_NUMBERS))?;
    Ok(rows
        .iter()
        .map(|row| (Name::new(row.text(0)), row.text(1).to_owned()))
        .collect())
}
