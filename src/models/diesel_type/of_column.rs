//! The type that a column of a database has in Diesel.

use crate::models::rust_name;
use crate::schema::{Column, Schema, Table, View};
use crate::sql::{Dialect, Product};

use super::custom::{CustomType, DieselColumnType, TypeOptions, UnsupportedType};
use super::diesel_type::DieselType;
use super::provided::is_provided;
use super::{mysql, postgres, sqlite};

/// Tells the types of the columns of a schema, as `diesel print-schema` names them.
#[derive(Clone, Copy, Debug)]
pub struct Types<'a> {
    schema: &'a Schema,
    dialect: Dialect,
    product: Option<Product>,
    options: &'a TypeOptions,
}

/// A type before it is known whether somebody declares it.
pub(super) struct Found {
    /// Its name in Rust.
    pub(super) rust_name: String,
    /// Its name in SQL.
    pub(super) sql_name: String,
    /// The schema it is in.
    pub(super) schema: Option<String>,
    /// What is round it.
    pub(super) wrapper: Wrapper,
    /// The greatest length.
    pub(super) max_length: Option<u64>,
}

/// What stands between `Nullable` and the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrapper {
    None,
    Array,
    Unsigned,
}

impl<'a> Types<'a> {
    /// The types of that schema.
    #[must_use]
    pub fn new(schema: &'a Schema, dialect: Dialect, options: &'a TypeOptions) -> Self {
        Self {
            schema,
            dialect,
            product: None,
            options,
        }
    }

    /// The same for a known product: on MariaDB `json` is another word for `longtext`.
    #[must_use]
    pub fn on(self, product: Product) -> Self {
        Self {
            product: Some(product),
            ..self
        }
    }

    /// The type of a column of a table.
    pub fn of_column(
        self,
        table: &Table,
        column: &Column,
    ) -> Result<DieselColumnType, UnsupportedType> {
        self.of(&table.name.name, Some(table), column)
    }

    /// The type of a column of a view.
    pub fn of_view_column(
        self,
        view: &View,
        column: &Column,
    ) -> Result<DieselColumnType, UnsupportedType> {
        self.of(&view.name.name, None, column)
    }

    fn of(
        self,
        relation: &str,
        table: Option<&Table>,
        column: &Column,
    ) -> Result<DieselColumnType, UnsupportedType> {
        let found = match self.dialect {
            Dialect::Sqlite => sqlite::find(column, table, self.schema, self.options),
            Dialect::Postgres => Some(postgres::find(column, self.schema, self.options)),
            Dialect::Mysql => mysql::find(column, self.product),
        };
        let found = found.ok_or_else(|| UnsupportedType {
            table: relation.to_owned(),
            column: column.name.clone(),
            sql_type: column.sql_type.to_string(),
        })?;
        let custom = self.custom(&found, relation, column);
        let name = custom
            .as_ref()
            .map_or(found.rust_name, |custom| custom.rust_name.clone());
        let inner = DieselType::Plain(name);
        let wrapped = match found.wrapper {
            Wrapper::None => inner,
            Wrapper::Array => DieselType::Array(Box::new(inner.nullable())),
            Wrapper::Unsigned => DieselType::Unsigned(Box::new(inner)),
        };
        Ok(DieselColumnType {
            diesel_type: if column.nullable {
                wrapped.nullable()
            } else {
                wrapped
            },
            max_length: found.max_length,
            custom,
        })
    }

    /// The type to declare, if there is one to declare.
    fn custom(self, found: &Found, relation: &str, column: &Column) -> Option<CustomType> {
        let undeclared = &self.options.undeclared;
        if !self.options.declare_custom_types
            || is_provided(&found.rust_name, self.dialect)
            || undeclared.iter().any(|one| one.is_match(&found.rust_name))
        {
            return None;
        }
        let rust_name = match self.dialect {
            Dialect::Sqlite | Dialect::Postgres => found.rust_name.clone(),
            // No two enums are the same type there, so each column has its own.
            Dialect::Mysql => {
                let table = rust_name(relation, None);
                let column = rust_name(&column.name, Some(&table));
                mysql::custom_name(&table, &column, &found.rust_name)
            }
        };
        Some(CustomType {
            rust_name,
            sql_name: found.sql_name.clone(),
            schema: found.schema.clone(),
        })
    }
}

#[cfg(test)]
mod tests;
