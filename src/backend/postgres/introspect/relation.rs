//! Tables and views, before what belongs to them is filled in.

use std::collections::BTreeMap;

use crate::backend::database::Session;
use crate::backend::error::DatabaseError;
use crate::backend::query::{Query, Row};
use crate::schema::{Column, Name, Partition, Table, TableOptions, View};

/// The schemas that are the server's own, and the temporary ones.
pub(super) const USER_SCHEMA: &str = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// The namespace of an object, NULL if it is the connection's own.
pub(super) const NAMESPACE: &str = "CASE WHEN n.nspname IS DISTINCT FROM current_schema() \
    THEN n.nspname END::text";

/// A table or a view, and what others need to know to refer to it.
pub(super) struct Relation {
    pub(super) name: Name,
    pub(super) kind: Kind,
    /// Whether an extension, or a tool whose tables begin with `__`, owns it.
    pub(super) foreign: bool,
    /// The columns as they are numbered, which has gaps.
    pub(super) numbers: BTreeMap<i64, String>,
    pub(super) table: Table,
    pub(super) view: View,
}

/// What a relation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    View,
    MaterializedView,
    Other,
}

/// Relations by their number in the catalogue.
pub(super) type Relations = BTreeMap<i64, Relation>;

impl Relation {
    /// The names of columns by their numbers.
    pub(super) fn columns(&self, numbers: &[i64]) -> Vec<String> {
        numbers
            .iter()
            .filter_map(|number| self.numbers.get(number).cloned())
            .collect()
    }

    pub(super) fn is_partition(&self) -> bool {
        self.table.options.partition_of.is_some()
    }

    /// The column of that number.
    pub(super) fn column_mut(&mut self, number: i64) -> Option<&mut Column> {
        let name = self.numbers.get(&number)?;
        self.table
            .columns
            .iter_mut()
            .find(|column| column.name == *name)
    }
}

/// A name from two columns of an answer.
pub(super) fn name(row: &Row, at: usize) -> Name {
    Name {
        namespace: row.optional(at).map(str::to_owned),
        name: row.text(at + 1).to_owned(),
    }
}

/// A text that may be absent; empty counts as absent.
pub(super) fn some(row: &Row, at: usize) -> Option<String> {
    row.optional(at)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// Numbers as the server prints an array `{1,2}` or a vector `1 2`.
pub(super) fn numbers(text: &str) -> Vec<i64> {
    text.trim_matches(['{', '}'])
        .split([',', ' '])
        .filter_map(|number| number.parse().ok())
        .collect()
}

/// Reads tables and views without their columns.
pub(super) fn read(session: &mut dyn Session) -> Result<Relations, DatabaseError> {
    let query = Query::new(format!(
        "SELECT c.oid::text, {NAMESPACE}, c.relname::text, c.relkind::text, \
         (c.relpersistence = 'u')::text, array_to_string(c.reloptions, ', '), \
         CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, \
         CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END, \
         i.inhparent::text, d.description, \
         (e.objid IS NOT NULL OR starts_with(c.relname::text, '__'))::text \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition \
         LEFT JOIN pg_description d ON d.objoid = c.oid \
         AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0 \
         LEFT JOIN pg_depend e ON e.classid = 'pg_class'::regclass AND e.objid = c.oid \
         AND e.deptype = 'e' \
         WHERE c.relkind IN ('r', 'p', 'v', 'm') AND {USER_SCHEMA} ORDER BY c.oid"
    ));
    let rows = session.rows(&query)?;
    let mut relations = Relations::new();
    for row in &rows {
        let Some(number) = row.integer(0) else {
            continue;
        };
        let kind = match row.text(3) {
            "r" | "p" => Kind::Table,
            "v" => Kind::View,
            "m" => Kind::MaterializedView,
            _ => Kind::Other,
        };
        let own = name(row, 1);
        let options = TableOptions {
            unlogged: row.is_true(4),
            storage: some(row, 5),
            partition_by: some(row, 6),
            ..TableOptions::default()
        };
        let relation = Relation {
            kind,
            foreign: row.is_true(10),
            numbers: BTreeMap::new(),
            table: Table {
                name: own.clone(),
                comment: some(row, 9),
                options,
                ..Table::default()
            },
            view: View {
                name: own.clone(),
                materialized: kind == Kind::MaterializedView,
                options: some(row, 5).map(|options| format!("WITH ({options})")),
                comment: some(row, 9),
                ..View::default()
            },
            name: own,
        };
        relations.insert(number, relation);
    }
    for row in &rows {
        let (Some(number), Some(parent)) = (row.integer(0), row.integer(8)) else {
            continue;
        };
        let parent = relations.get(&parent).map(|parent| parent.name.clone());
        if let (Some(parent), Some(relation)) = (parent, relations.get_mut(&number)) {
            relation.table.options.partition_of = Some(Partition {
                parent,
                bound: row.text(7).to_owned(),
            });
        }
    }
    Ok(relations)
}
