//! What has to be done to a column that stays.

use std::collections::BTreeMap;

use super::column::{definition, kind, quote};
use super::nothing::is_text;
use crate::schema::change::Decisions;
use crate::schema::{Column, Table};
use crate::sql::Server;

/// What has to be done to a column that stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Treatment {
    /// Its definition is written anew.
    Modify,
    /// Its values are computed into a new column, which takes its place.
    Replace {
        /// The value, as an expression.
        value: String,
    },
    /// It is dropped and added: its values are computed by the server.
    Remake,
}

/// The columns that are in both tables and differ, by name.
pub(super) fn treatments(
    server: Server,
    base: &Table,
    to: &Table,
    decisions: &Decisions,
) -> BTreeMap<String, Treatment> {
    let mut treatments = BTreeMap::new();
    for after in &to.columns {
        let Some(before) = base.column(&after.name) else {
            continue;
        };
        if whole(server, base, before) == whole(server, to, after) {
            continue;
        }
        let cast = decisions
            .casts
            .get(&(to.name.clone(), after.name.clone()))
            .filter(|_| before.sql_type != after.sql_type);
        let treatment = match (&before.generated, &after.generated, cast) {
            (_, Some(_), _) => Treatment::Remake,
            (Some(_), None, None) => Treatment::Replace {
                value: quote(&after.name),
            },
            (_, None, Some(cast)) => Treatment::Replace {
                value: cast.clone(),
            },
            (None, None, None) => Treatment::Modify,
        };
        treatments.insert(after.name.clone(), treatment);
    }
    remake_dependents(base, to, &mut treatments);
    treatments
}

/// What is computed from a column that goes for a moment goes with it.
fn remake_dependents(base: &Table, to: &Table, treatments: &mut BTreeMap<String, Treatment>) {
    loop {
        let moved: Vec<String> = treatments
            .iter()
            .filter(|(_, treatment)| **treatment != Treatment::Modify)
            .map(|(name, _)| quote(name))
            .collect();
        let dependent = to.columns.iter().find(|column| {
            let generated = column.generated.as_ref();
            base.column(&column.name).is_some()
                && !treatments.contains_key(&column.name)
                && generated.is_some_and(|generated| {
                    moved.iter().any(|name| generated.expression.contains(name))
                })
        });
        let Some(dependent) = dependent else {
            return;
        };
        treatments.insert(dependent.name.clone(), Treatment::Remake);
    }
}

/// A column with the collation that it really has.
pub(super) fn collated(table: &Table, column: &Column) -> Column {
    let mut column = column.clone();
    if column.collation.is_none() && is_text(&column.sql_type.0) {
        column.collation.clone_from(&table.options.collation);
    }
    column
}

/// The definition of a column that does not lean on its table.
fn whole(server: Server, table: &Table, column: &Column) -> String {
    definition(server, table, &collated(table, column))
}

/// Whether values are stored otherwise afterwards, so that no foreign key may be there meanwhile.
pub(super) fn moves(base: &Table, to: &Table, name: &str, treatment: Option<&Treatment>) -> bool {
    let (Some(before), Some(after)) = (base.column(name), to.column(name)) else {
        return true;
    };
    match treatment {
        Some(Treatment::Replace { .. } | Treatment::Remake) => true,
        Some(Treatment::Modify) | None => {
            before.sql_type != after.sql_type
                || before.auto != after.auto
                || collated(base, before).collation != collated(to, after).collation
        }
    }
}

/// Whether a new column may be filled by the default of a moment: one that the server computes for each
/// row would have to be allowed as a default.
pub(super) fn takes_default(sql_type: &str) -> bool {
    !matches!(
        kind(sql_type).as_str(),
        "geometry"
            | "point"
            | "linestring"
            | "polygon"
            | "multipoint"
            | "multilinestring"
            | "multipolygon"
            | "geometrycollection"
            | "geomcollection"
    )
}
