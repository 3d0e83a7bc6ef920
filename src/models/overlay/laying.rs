//! The steps of an overlay, and what all of them know.

use std::collections::{BTreeMap, BTreeSet};

use crate::models::diesel_type::{TypeOptions, Types};
use crate::models::error::ModelsError;
use crate::models::models::{ModelTable, Models};
use crate::models::sql_type::SqlTypes;
use crate::schema::{Name, Schema};
use crate::sql::Dialect;

use super::options::OverlayOptions;
use super::scope::Scope;
use super::{Overlay, dropped, join, partition};

/// What every step knows, and what the steps have come to.
pub(super) struct Laying<'a> {
    pub(super) current: &'a Schema,
    pub(super) models: &'a Models,
    pub(super) options: &'a OverlayOptions,
    pub(super) sql_types: SqlTypes<'a>,
    pub(super) scope: Scope<'a>,
    /// The columns that are not there yet, by table and name.
    pub(super) new_columns: BTreeSet<(Name, String)>,
    /// The columns that go, by table.
    pub(super) dropped: BTreeMap<Name, BTreeSet<String>>,
    pub(super) remarks: Vec<String>,
}

impl<'a> Laying<'a> {
    pub(super) fn new(
        current: &'a Schema,
        models: &'a Models,
        options: &'a OverlayOptions,
    ) -> Result<Self, ModelsError> {
        Ok(Self {
            current,
            models,
            options,
            sql_types: SqlTypes::new(options.server, &models.types, &options.types),
            scope: Scope::new(current, models, options)?,
            new_columns: BTreeSet::new(),
            dropped: BTreeMap::new(),
            remarks: Vec::new(),
        })
    }

    pub(super) fn run(mut self) -> Result<Overlay, ModelsError> {
        let mut schema = self.current.clone();
        let gone = self.scope.gone();
        schema.tables.retain(|table| !gone.contains(&table.name));
        let matched: Vec<(&ModelTable, Name)> = self.scope.matched().collect();
        for (model, name) in matched {
            if let Some(table) = schema.table_mut(&name) {
                self.lay(table, model)?;
            } else {
                let table = self.create(model, &name, &schema)?;
                schema.tables.push(table);
            }
        }
        partition::follow(&mut schema, &self);
        dropped::references(&mut schema, &gone, &self);
        self.remark_on_views(&gone);
        let joins = join::lay(&mut schema, &mut self);
        schema.sort();
        Ok(Overlay {
            schema,
            joins,
            remarks: self.remarks,
        })
    }

    /// Tells of views that could not be read any more: the models say nothing of them, so they stay.
    fn remark_on_views(&mut self, gone: &BTreeSet<Name>) {
        for view in &self.current.views {
            for table in view.reads.iter().filter(|table| gone.contains(table)) {
                self.remarks.push(format!(
                    "view `{}` reads table `{table}`, which is not in the models",
                    view.name
                ));
            }
        }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.options.server.dialect()
    }

    /// What `diesel print-schema` would call the types of the schema that there is.
    pub(super) fn printed(&self) -> Types<'a> {
        self.printed_with(&self.options.type_options)
    }

    /// The same under other options.
    pub(super) fn printed_with<'o>(&self, options: &'o TypeOptions) -> Types<'o>
    where
        'a: 'o,
    {
        Types::new(self.current, self.dialect(), options).on(self.options.server.product)
    }
}
