//! A whole schema.

use serde::Serialize;

use super::name::Name;
use super::table::Table;
use super::type_::{Domain, EnumType, Sequence};
use super::unmanaged::Unmanaged;
use super::view::{Routine, View};

/// Everything that is compared, and a list of what is not. Each list is sorted by name.
///
/// Tables whose names begin with `__` are the bookkeeping of tools and never in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Schema {
    /// Namespaces other than the connection's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
    /// Extensions of PostgreSQL. What they brought is not in the other lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<String>,
    /// Enum types.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enums: Vec<EnumType>,
    /// Domains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<Domain>,
    /// Sequences that no column owns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sequences: Vec<Sequence>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Views.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<View>,
    /// Functions and procedures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routines: Vec<Routine>,
    /// What was seen and is not compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmanaged: Vec<Unmanaged>,
}

impl Schema {
    /// The table of that name.
    #[must_use]
    pub fn table(&self, name: &Name) -> Option<&Table> {
        self.position(name).map(|at| &self.tables[at])
    }

    /// The same, to change it.
    #[must_use]
    pub fn table_mut(&mut self, name: &Name) -> Option<&mut Table> {
        self.position(name).map(|at| &mut self.tables[at])
    }

    /// Looks where the order says, for schemas are large, and everywhere where that is not kept. Of two
    /// with one name it is the first.
    fn position(&self, name: &Name) -> Option<usize> {
        let at = self.tables.partition_point(|table| table.name < *name);
        let is_it = |at: usize| self.tables.get(at).is_some_and(|table| table.name == *name);
        if is_it(at) {
            return Some(at);
        }
        self.tables.iter().position(|table| table.name == *name)
    }

    /// Puts everything into the order that equal schemas share: lists by name, columns as they are.
    pub fn sort(&mut self) {
        self.namespaces.sort();
        self.extensions.sort();
        self.enums.sort_by(|a, b| a.name.cmp(&b.name));
        self.domains.sort_by(|a, b| a.name.cmp(&b.name));
        self.sequences.sort_by(|a, b| a.name.cmp(&b.name));
        self.tables.sort_by(|a, b| a.name.cmp(&b.name));
        self.views.sort_by(|a, b| a.name.cmp(&b.name));
        self.routines
            .sort_by(|a, b| (&a.name, a.kind, &a.arguments).cmp(&(&b.name, b.kind, &b.arguments)));
        self.unmanaged.sort();
        for domain in &mut self.domains {
            domain.checks.sort_by(|a, b| a.name.cmp(&b.name));
        }
        for view in &mut self.views {
            view.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            view.triggers.sort_by(|a, b| a.name.cmp(&b.name));
            view.reads.sort();
        }
        for table in &mut self.tables {
            table.sort();
        }
    }
}

impl Table {
    fn sort(&mut self) {
        self.uniques
            .sort_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
        self.checks
            .sort_by(|a, b| (&a.name, &a.expression).cmp(&(&b.name, &b.expression)));
        self.exclusions.sort_by(|a, b| a.name.cmp(&b.name));
        self.foreign_keys.sort_by(|a, b| {
            (&a.name, &a.columns, &a.parent).cmp(&(&b.name, &b.columns, &b.parent))
        });
        self.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        self.triggers.sort_by(|a, b| a.name.cmp(&b.name));
    }
}
