//! Which table of the models is which table of the database.

use std::collections::BTreeSet;

use crate::models::diesel_type::Types;
use crate::models::error::{ModelsError, Problem};
use crate::models::models::{ModelTable, Models};
use crate::schema::{Name, Schema, Table};
use crate::sql::Dialect;

use super::options::OverlayOptions;

/// The tables of both sides, paired.
pub(super) struct Scope<'a> {
    current: &'a Schema,
    options: &'a OverlayOptions,
    /// The tables of the models that are looked at, by the name that they have or get.
    pairs: Vec<(&'a ModelTable, Name)>,
    says_nothing: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        current: &'a Schema,
        models: &'a Models,
        options: &'a OverlayOptions,
    ) -> Result<Self, ModelsError> {
        let mut pairs: Vec<(&ModelTable, Name)> = Vec::new();
        for model in &models.tables {
            let name = resolved(current, models, options, &model.name);
            if is_something_else(current, &name) || !(options.includes)(&name) {
                continue;
            }
            if let Some((earlier, _)) = pairs.iter().find(|(_, other)| *other == name) {
                let problem = Problem::DuplicateTable {
                    table: model.name.to_string(),
                    earlier: earlier.place.clone(),
                };
                return Err(ModelsError::new(problem, model.place.clone()));
            }
            pairs.push((model, name));
        }
        Ok(Self {
            current,
            options,
            pairs,
            says_nothing: models.tables.is_empty(),
        })
    }

    /// The tables of the models with their names in the database.
    pub(super) fn matched(&self) -> impl Iterator<Item = (&'a ModelTable, Name)> {
        self.pairs
            .iter()
            .map(|(model, name)| (*model, name.clone()))
    }

    /// The model of a table.
    pub(super) fn model(&self, name: &Name) -> Option<&'a ModelTable> {
        self.pairs
            .iter()
            .find(|(_, other)| other == name)
            .map(|(model, _)| *model)
    }

    /// The table that has that name in Rust; nothing where several have it, each in a module of its own.
    pub(super) fn by_ident(&self, ident: &str) -> Option<(&'a ModelTable, &Name)> {
        let mut found = self.pairs.iter().filter(|(model, _)| model.ident == ident);
        let (model, name) = found.next()?;
        found.next().is_none().then_some((*model, name))
    }

    /// The tables that the models would name if they were to stay, with their partitions.
    pub(super) fn gone(&self) -> BTreeSet<Name> {
        let mut gone = self.unnamed();
        // A partition may be divided itself.
        loop {
            let parts: Vec<Name> = self
                .current
                .tables
                .iter()
                .filter(|table| {
                    let whole = table.options.partition_of.as_ref();
                    whole.is_some_and(|whole| gone.contains(&whole.parent))
                        && !gone.contains(&table.name)
                })
                .map(|table| table.name.clone())
                .collect();
            if parts.is_empty() {
                return gone;
            }
            gone.extend(parts);
        }
    }

    fn unnamed(&self) -> BTreeSet<Name> {
        self.current
            .tables
            .iter()
            .filter(|table| {
                self.model(&table.name).is_none()
                    && (self.options.includes)(&table.name)
                    && self.speaks_of(&table.name)
                    && self.could_be_printed(table)
            })
            .map(|table| table.name.clone())
            .collect()
    }

    /// Whether the models are about the namespace of the table: `diesel` prints one at a time.
    fn speaks_of(&self, name: &Name) -> bool {
        let own = name.namespace.is_none() && self.says_nothing;
        own || self
            .pairs
            .iter()
            .any(|(_, other)| other.namespace == name.namespace)
    }

    /// Whether `diesel print-schema` prints such a table, so that its absence says something.
    fn could_be_printed(&self, table: &Table) -> bool {
        let has_key = table.primary_key.is_some() || self.dialect() == Dialect::Sqlite;
        let types = Types::new(self.current, self.dialect(), &self.options.type_options)
            .on(self.options.server.product);
        let has_types = table
            .columns
            .iter()
            .all(|column| types.of_column(table, column).is_ok());
        has_key
            && has_types
            && table.options.partition_of.is_none()
            && !table.name.name.starts_with("__")
    }

    fn dialect(&self) -> Dialect {
        self.options.server.dialect()
    }
}

/// Whether there is something of that name that is read like a table and made otherwise: a view, which is
/// often declared as a table, for there was no other way; a foreign or a virtual table.
fn is_something_else(current: &Schema, name: &Name) -> bool {
    let is_unmanaged = |name: &Name| {
        current
            .unmanaged
            .iter()
            .any(|kind| kind.kind.contains("table") && kind.names.contains(name))
    };
    current.table(name).is_none()
        && (current.views.iter().any(|view| view.name == *name) || is_unmanaged(name))
}

/// The name of the table in the database that a model means.
fn resolved(current: &Schema, models: &Models, options: &OverlayOptions, wanted: &Name) -> Name {
    let mut wanted = wanted.clone();
    if is_own_namespace(current, options, &wanted) {
        wanted.namespace = None;
    }
    let exists = |name: &Name| {
        current.table(name).is_some() || current.views.iter().any(|view| view.name == *name)
    };
    if exists(&wanted) || options.server.dialect() == Dialect::Postgres {
        return wanted;
    }
    // A table that another model names exactly is that model's.
    let alike: Vec<&Name> = current
        .tables
        .iter()
        .map(|table| &table.name)
        .filter(|name| {
            name.namespace == wanted.namespace
                && name.name.to_lowercase() == wanted.name.to_lowercase()
                && !models.tables.iter().any(|model| model.name == **name)
        })
        .collect();
    match alike.as_slice() {
        [one] => (*one).clone(),
        _ => wanted,
    }
}

/// Whether a namespace is the one that the connection is in anyway.
fn is_own_namespace(current: &Schema, options: &OverlayOptions, name: &Name) -> bool {
    let Some(namespace) = &name.namespace else {
        return false;
    };
    if options.namespace.is_some() {
        return options.namespace.as_ref() == Some(namespace);
    }
    let usual = match options.server.dialect() {
        Dialect::Sqlite => "main",
        Dialect::Postgres => "public",
        Dialect::Mysql => return false,
    };
    namespace == usual && !current.namespaces.contains(namespace)
}
