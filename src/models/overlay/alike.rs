//! Whether the type of a column is the one that its model states.

use crate::models::diesel_type::{DieselColumnType, DieselType, TypeOptions};
use crate::models::models::ModelColumn;
use crate::models::rust_name;
use crate::models::sql_type::Wanted;
use crate::schema::{Column, Name, SqlType, Table};
use crate::sql::Dialect;

use super::laying::Laying;

/// What a column and its model have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alike {
    /// The model could have been printed from the column.
    Same,
    /// All but the length, which should be this.
    Length(u64),
    /// Nothing.
    Other,
}

impl Laying<'_> {
    /// Compares a column with its model, but for whether it may be NULL.
    pub(super) fn alike(&self, table: &Table, column: &Column, stated: &ModelColumn) -> Alike {
        let model = stated.diesel_type.not_null();
        let wanted = Wanted {
            max_length: stated.max_length,
            in_key: false,
        };
        let made_of_it = self.sql_types.find(model, wanted);
        let is_it = |made: &str| made == column.sql_type.as_str();
        if made_of_it
            .as_deref()
            .is_some_and(|made| is_it(self.own_text(made)))
        {
            return Alike::Same;
        }
        if self.is_explained(model) {
            return Alike::Other;
        }
        let Ok(printed) = self.printed().of_column(table, column) else {
            // What `diesel` cannot print is stated by hand, and may be stated as anything.
            return Alike::Same;
        };
        let same = self.is_printed_as(table, column, model)
            || self.is_declared_as(&printed, model)
            || made_of_it.is_some_and(|made| self.prints_alike(table, column, &made));
        if !same {
            return Alike::Other;
        }
        match stated.max_length {
            Some(length) if self.has_other_length(&printed, model, length) => Alike::Length(length),
            Some(_) | None => Alike::Same,
        }
    }

    /// Whether the settings say what the type is; then that is meant word for word.
    fn is_explained(&self, model: &DieselType) -> bool {
        let is_own = model
            .name()
            .is_none_or(|name| !self.sql_types.is_of_diesel(name));
        is_own && self.sql_types.is_written(model)
    }

    /// Whether `diesel print-schema` prints the model's type for it, under any of the options that change
    /// what it prints.
    fn is_printed_as(&self, table: &Table, column: &Column, model: &DieselType) -> bool {
        let given = &self.options.type_options;
        let undeclared = TypeOptions {
            declare_custom_types: false,
            ..given.clone()
        };
        let wide = TypeOptions {
            sqlite_integer_primary_key_is_bigint: given.sqlite_integer_primary_key_is_bigint
                || self.refers_to_bigint(table, column),
            ..given.clone()
        };
        [given, &undeclared, &wide].into_iter().any(|options| {
            self.printed_with(options)
                .of_column(table, column)
                .is_ok_and(|printed| self.same(printed.diesel_type.not_null(), model))
        })
    }

    /// Whether a column refers to a key of SQLite that the models call a `BigInt`, as an option of `diesel`
    /// makes them. The row numbers themselves are looked at elsewhere.
    fn refers_to_bigint(&self, table: &Table, column: &Column) -> bool {
        let bigint = DieselType::plain("BigInt");
        table
            .foreign_keys
            .iter()
            .filter(|key| key.columns == [column.name.clone()])
            .filter_map(|key| self.scope.model(&key.parent))
            .any(|parent| match parent.primary_key.as_slice() {
                [key] => parent
                    .column(key)
                    .is_some_and(|key| bigint.same_as(key.diesel_type.not_null(), self.dialect())),
                _ => false,
            })
    }

    /// Whether a program can take the one for the other.
    fn same(&self, one: &DieselType, other: &DieselType) -> bool {
        one.same_as(other, self.dialect()) || {
            let is_moment = |of: &DieselType| {
                let DieselType::Plain(name) = of else {
                    return false;
                };
                match self.dialect() {
                    // Both are read and written as the same type of Rust.
                    Dialect::Mysql => matches!(name.as_str(), "Datetime" | "Timestamp"),
                    Dialect::Sqlite => {
                        matches!(name.as_str(), "Timestamp" | "TimestamptzSqlite")
                    }
                    Dialect::Postgres => false,
                }
            };
            is_moment(one) && is_moment(other)
        }
    }

    /// Whether the type that the models declare by that name is the column's.
    fn is_declared_as(&self, printed: &DieselColumnType, model: &DieselType) -> bool {
        let (Some(custom), Some(declared)) = (&printed.custom, self.sql_types.declared(model))
        else {
            return false;
        };
        let is_array = |one: &DieselType| matches!(one.not_null(), DieselType::Array(_));
        if is_array(&printed.diesel_type) != is_array(model) {
            return false;
        }
        match self.dialect() {
            Dialect::Sqlite => false,
            Dialect::Postgres => declared.postgres.as_ref().is_some_and(|name| {
                self.own(name)
                    == self.own(&Name {
                        namespace: custom.schema.clone(),
                        name: custom.sql_name.clone(),
                    })
            }),
            Dialect::Mysql => declared
                .mysql
                .as_ref()
                .is_some_and(|name| rust_name(name, None).eq_ignore_ascii_case(&custom.sql_name)),
        }
    }

    /// A type without the namespace that the connection is in anyway, as the server prints it.
    fn own_text<'t>(&self, text: &'t str) -> &'t str {
        let own = self.options.namespace.as_deref().unwrap_or("public");
        match text.split_once('.') {
            Some((namespace, rest)) if namespace == own => rest,
            Some(_) | None => text,
        }
    }

    /// The name without the namespace that the connection is in anyway.
    pub(super) fn own(&self, name: &Name) -> Name {
        let own = self.options.namespace.as_deref().unwrap_or("public");
        match &name.namespace {
            Some(namespace) if namespace == own => Name::new(name.name.clone()),
            Some(_) | None => name.clone(),
        }
    }

    /// Whether a column that were made of the model would be printed as this one is: a decimal
    /// number is a `Double` on SQLite.
    fn prints_alike(&self, table: &Table, column: &Column, made: &str) -> bool {
        let other = Column {
            sql_type: SqlType::new(made),
            ..column.clone()
        };
        let types = self.printed();
        match (
            types.of_column(table, column),
            types.of_column(table, &other),
        ) {
            (Ok(one), Ok(other)) => {
                one.custom.is_none()
                    && other.custom.is_none()
                    && self.same(&one.diesel_type, &other.diesel_type)
            }
            _ => false,
        }
    }

    /// Whether the model states a length, and another one than the column has.
    fn has_other_length(
        &self,
        printed: &DieselColumnType,
        model: &DieselType,
        length: u64,
    ) -> bool {
        // On SQLite a length means nothing, and elsewhere it is not told of everything.
        let DieselType::Plain(name) = model else {
            return false;
        };
        let tells = match self.dialect() {
            Dialect::Sqlite => false,
            Dialect::Postgres | Dialect::Mysql => matches!(
                name.as_str(),
                "Text" | "Varchar" | "VarChar" | "Char" | "Bpchar" | "Binary" | "Varbinary" | "Bit"
            ),
        };
        tells && printed.max_length != Some(length)
    }
}
