//! Rows that refer to rows that are not there.

use std::collections::BTreeMap;

use diesel::SqliteConnection;

use crate::backend::database::BrokenReference;
use crate::backend::query::{Ask, Query};

/// How many rows of a table refer to nothing, by table and table referred to.
#[derive(Default)]
pub(super) struct Broken(BTreeMap<(String, String), usize>);

/// Counts them over the whole database.
pub(super) fn broken(connection: &mut SqliteConnection) -> diesel::QueryResult<Broken> {
    let rows = connection.ask(&Query::new(
        "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2",
    ))?;
    Ok(Broken(
        rows.iter()
            .map(|row| {
                let count = row.integer(2).and_then(|count| usize::try_from(count).ok());
                (
                    (row.text(0).to_owned(), row.text(1).to_owned()),
                    count.unwrap_or_default(),
                )
            })
            .collect(),
    ))
}

impl Broken {
    /// What is broken here and was not there, sorted by table.
    pub(super) fn more_than(&self, before: &Self) -> Vec<BrokenReference> {
        self.0
            .iter()
            .filter_map(|((table, parent), rows)| {
                let key = (table.clone(), parent.clone());
                let more = rows.saturating_sub(before.0.get(&key).copied().unwrap_or_default());
                (more > 0).then(|| BrokenReference {
                    table: table.clone(),
                    parent: parent.clone(),
                    rows: more,
                })
            })
            .collect()
    }
}
