//! The answers of SQLite, grouped by table.

use std::collections::BTreeMap;

use diesel::{QueryResult, SqliteConnection};

use crate::backend::query::{Ask, Query, Row};

/// Everything that was asked.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    /// Tables that are compared.
    pub(super) tables: Vec<Entry>,
    pub(super) views: Vec<Entry>,
    /// With the table or view each belongs to.
    pub(super) triggers: Vec<(String, Entry)>,
    /// Virtual tables, sorted.
    pub(super) virtuals: Vec<String>,
    /// Tables that virtual tables keep their rows in, sorted.
    pub(super) shadows: Vec<String>,
    /// The statements of indexes, by name.
    pub(super) indexes: BTreeMap<String, String>,
    columns: Groups,
    index_columns: Groups,
    foreign_keys: Groups,
}

/// One object, and the statement that SQLite keeps of it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) sql: String,
    pub(super) without_rowid: bool,
    pub(super) strict: bool,
}

/// Rows by the table or view in their first column.
type Groups = BTreeMap<String, Vec<Row>>;

const OBJECTS: &str = "SELECT type, name, tbl_name, sql FROM sqlite_schema \
    WHERE type IN ('table', 'view', 'index', 'trigger') ORDER BY name";

const KINDS: &str =
    "SELECT name, type, wr, strict, ncol FROM pragma_table_list WHERE schema = 'main'";

// A module that is not there keeps nobody from reading the other tables.
const COLUMNS: &str = "SELECT s.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk, c.hidden \
    FROM sqlite_schema s JOIN pragma_table_xinfo(s.name, 'main') c \
    WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL %' ORDER BY s.name, c.cid";

// A view that reads what is not there has no columns, and asking for them is an error.
const VIEW_COLUMNS: &str = "SELECT s.name, c.name, c.type \
    FROM (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'view' AND ncol > 0) s \
    JOIN pragma_table_xinfo(s.name, 'main') c ORDER BY s.name, c.cid";

const INDEX_COLUMNS: &str = "SELECT s.name, i.name, i.\"unique\", i.origin, c.cid, c.name, c.\"desc\", c.coll \
    FROM sqlite_schema s JOIN pragma_index_list(s.name, 'main') i \
    JOIN pragma_index_xinfo(i.name, 'main') c \
    WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL %' AND c.key ORDER BY s.name, i.name, c.seqno";

const FOREIGN_KEYS: &str = "SELECT s.name, k.id, k.\"table\", k.\"from\", k.\"to\", k.on_update, k.on_delete \
    FROM sqlite_schema s JOIN pragma_foreign_key_list(s.name, 'main') k \
    WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL %' ORDER BY s.name, k.id, k.seq";

impl Catalogue {
    /// Asks, each thing once for all tables.
    pub(super) fn read(connection: &mut SqliteConnection) -> QueryResult<Self> {
        let objects = connection.ask(&Query::new(OBJECTS))?;
        let kinds: BTreeMap<String, Row> = connection
            .ask(&Query::new(KINDS))?
            .into_iter()
            .map(|row| (row.text(0).to_owned(), row))
            .collect();
        let mut columns = grouped(connection.ask(&Query::new(COLUMNS))?);
        columns.extend(grouped(connection.ask(&Query::new(VIEW_COLUMNS))?));
        let mut catalogue = Self {
            columns,
            index_columns: grouped(connection.ask(&Query::new(INDEX_COLUMNS))?),
            foreign_keys: grouped(connection.ask(&Query::new(FOREIGN_KEYS))?),
            ..Self::default()
        };
        for row in &objects {
            catalogue.add(row, kinds.get(row.text(1)));
        }
        Ok(catalogue)
    }

    fn add(&mut self, row: &Row, kind: Option<&Row>) {
        let name = row.text(1).to_owned();
        let entry = Entry {
            sql: row.text(3).to_owned(),
            without_rowid: kind.is_some_and(|kind| kind.is_true(2)),
            strict: kind.is_some_and(|kind| kind.is_true(3)),
            name,
        };
        match (row.text(0), kind.map(|kind| kind.text(1))) {
            ("table", _) if is_bookkeeping(&entry.name) => {}
            ("table", Some("virtual")) => self.virtuals.push(entry.name),
            ("table", Some("shadow")) => self.shadows.push(entry.name),
            ("table", _) => self.tables.push(entry),
            ("view", _) => self.views.push(entry),
            ("trigger", _) => self.triggers.push((row.text(2).to_owned(), entry)),
            ("index", _) => drop(self.indexes.insert(entry.name, entry.sql)),
            _ => {}
        }
    }

    /// Name, type, not null, default, place in the primary key and kind of each column, from the second
    /// column of the row on.
    pub(super) fn columns(&self, table: &str) -> &[Row] {
        of(&self.columns, table)
    }

    /// Index, unique, origin, place in the table, column, descending and collation of each key of an
    /// index, from the second column of the row on.
    pub(super) fn index_columns(&self, table: &str) -> &[Row] {
        of(&self.index_columns, table)
    }

    /// Number, parent, column, parent's column, on update and on delete of each column of a foreign key,
    /// from the second column of the row on.
    pub(super) fn foreign_keys(&self, table: &str) -> &[Row] {
        of(&self.foreign_keys, table)
    }
}

/// What SQLite and tools keep for themselves.
fn is_bookkeeping(name: &str) -> bool {
    const OWN: &str = "sqlite_";
    name.starts_with("__")
        || name
            .get(..OWN.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(OWN))
}

fn grouped(rows: Vec<Row>) -> Groups {
    let mut groups = Groups::new();
    for row in rows {
        groups.entry(row.text(0).to_owned()).or_default().push(row);
    }
    groups
}

fn of<'a>(groups: &'a Groups, table: &str) -> &'a [Row] {
    groups.get(table).map(Vec::as_slice).unwrap_or_default()
}
