//! Columns and tables that are not there yet.

use std::collections::BTreeMap;

use crate::models::diesel_type::DieselType;
use crate::models::error::{ModelsError, Problem};
use crate::models::models::{ModelColumn, ModelTable};
use crate::schema::{Auto, Column, Name, Schema, Sequence, SqlType, Table, TableOptions, naming};
use crate::sql::Dialect;

use super::column::{greatest, is_row_number};
use super::key;
use super::laying::Laying;
use super::options::Numbering;
use super::row_id;

/// Types that extensions of PostgreSQL bring; what those bring is not listed in a schema.
const OF_EXTENSIONS: &[&str] = &[
    "citext",
    "cube",
    "earth",
    "geography",
    "geometry",
    "halfvec",
    "hstore",
    "isbn",
    "lquery",
    "ltree",
    "ltxtquery",
    "raster",
    "seg",
    "sparsevec",
    "vector",
];

impl Laying<'_> {
    /// A table of a model.
    pub(super) fn create(
        &mut self,
        model: &ModelTable,
        name: &Name,
        schema: &Schema,
    ) -> Result<Table, ModelsError> {
        let mut table = Table {
            name: name.clone(),
            options: self.new_table_options(),
            ..Table::default()
        };
        let has_row_id = self.dialect() == Dialect::Sqlite && row_id::is_key_of(model);
        for column in &model.columns {
            if has_row_id && model.primary_key.contains(&column.name) {
                continue;
            }
            table.columns.push(self.new_column(model, column)?);
            self.new_columns.insert((name.clone(), column.name.clone()));
        }
        if let Some(columns) = key::columns(&table, model, self.dialect()) {
            if self.dialect() != Dialect::Sqlite {
                for column in &mut table.columns {
                    column.nullable &= !columns.contains(&column.name);
                }
            }
            table.primary_key = Some(key::new(self.dialect(), schema, name, columns));
        }
        self.number(&mut table, model, schema);
        let before = table.clone();
        for column in &mut table.columns {
            // The number of a row is never NULL, however it is stated.
            column.nullable &= !is_row_number(self.dialect(), &before, column);
        }
        Ok(table)
    }

    /// What a new table is declared with.
    fn new_table_options(&self) -> TableOptions {
        let given = self.options.table_options.clone();
        match self.dialect() {
            Dialect::Sqlite | Dialect::Postgres => given,
            Dialect::Mysql => {
                let of_others = |field: fn(&TableOptions) -> &Option<String>| {
                    most_frequent(
                        self.current
                            .tables
                            .iter()
                            .map(|table| field(&table.options)),
                    )
                };
                TableOptions {
                    engine: given
                        .engine
                        .clone()
                        .or_else(|| of_others(|one| &one.engine)),
                    collation: given
                        .collation
                        .clone()
                        .or_else(|| of_others(|one| &one.collation)),
                    ..given
                }
            }
        }
    }

    /// A column of a model.
    pub(super) fn new_column(
        &self,
        model: &ModelTable,
        column: &ModelColumn,
    ) -> Result<Column, ModelsError> {
        Ok(Column {
            name: column.name.clone(),
            sql_type: self.sql_type(model, column)?,
            nullable: column.diesel_type.is_nullable(),
            ..Column::default()
        })
    }

    /// The type that a column of a model should have.
    pub(super) fn sql_type(
        &self,
        model: &ModelTable,
        column: &ModelColumn,
    ) -> Result<SqlType, ModelsError> {
        let refers = self
            .models
            .joins
            .iter()
            .any(|join| join.child == model.ident && join.column == column.ident);
        let sql_type = if refers || model.primary_key.contains(&column.name) {
            self.sql_types.of_key(column)?
        } else {
            self.sql_types.of(column)?
        };
        self.check_existence(column)?;
        Ok(sql_type)
    }

    /// Refuses an own type of PostgreSQL that is not there: which values it has, no model says.
    fn check_existence(&self, column: &ModelColumn) -> Result<(), ModelsError> {
        let explained = self.sql_types.is_written(&column.diesel_type);
        let is_of_diesel = column
            .diesel_type
            .name()
            .is_some_and(|name| self.sql_types.is_of_diesel(name));
        let name = self
            .sql_types
            .declared(&column.diesel_type)
            .and_then(|declared| declared.postgres.as_ref());
        let (Some(name), Dialect::Postgres, false, false) =
            (name, self.dialect(), explained, is_of_diesel)
        else {
            return Ok(());
        };
        let wanted = self.own(name);
        let exists = self.current.enums.iter().any(|one| one.name == wanted)
            || self.current.domains.iter().any(|one| one.name == wanted)
            || self
                .current
                .unmanaged
                .iter()
                .any(|kind| kind.names.contains(&wanted))
            || wanted.namespace.as_deref() == Some("pg_catalog")
            || OF_EXTENSIONS.contains(&wanted.name.as_str());
        if exists {
            return Ok(());
        }
        Err(ModelsError::new(
            Problem::MissingType {
                name: wanted.to_string(),
            },
            column.place.clone(),
        ))
    }

    /// Lets the key of a new table number itself.
    fn number(&self, table: &mut Table, model: &ModelTable, schema: &Schema) {
        let asked: Vec<&str> = model
            .columns
            .iter()
            .filter(|column| column.auto_increment || is_serial(&column.diesel_type))
            .map(|column| column.name.as_str())
            .collect();
        let key = table.primary_key.clone().unwrap_or_default().columns;
        let refers = self.models.joins.iter().any(|join| {
            let column = model.columns.iter().find(|one| one.ident == join.column);
            join.child == model.ident && column.is_some_and(|one| key.contains(&one.name))
        });
        let by_default = key.len() == 1 && !refers && self.options.numbering != Numbering::None;
        let name = table.name.clone();
        for column in &mut table.columns {
            let is_asked = asked.contains(&column.name.as_str());
            let is_key = by_default && key.contains(&column.name);
            if is_asked || is_key {
                self.number_column(&name, column, schema, is_key);
            }
        }
    }

    fn number_column(&self, table: &Name, column: &mut Column, schema: &Schema, is_key: bool) {
        match self.dialect() {
            // The key is the number of the row only under this name, however many bits the program reads.
            Dialect::Sqlite => {
                if is_key && matches!(column.sql_type.as_str(), "SMALLINT" | "BIGINT") {
                    column.sql_type = SqlType::new("INTEGER");
                }
            }
            Dialect::Mysql => {
                if super::default::is_number(&column.sql_type, Dialect::Mysql) {
                    column.auto = Some(Auto::Increment);
                }
            }
            Dialect::Postgres => {
                let Some(maximum) = greatest(&column.sql_type) else {
                    return;
                };
                let is_taken = |name: &str| key::is_relation(schema, table, name);
                let name = naming::chosen(table, Some(&column.name), "seq", is_taken);
                let sequence = Sequence {
                    name: table.sibling(name),
                    sql_type: column.sql_type.clone(),
                    start: 1,
                    increment: 1,
                    minimum: 1,
                    maximum,
                    cache: 1,
                    cycle: false,
                };
                column.auto = Some(match self.options.numbering {
                    Numbering::Identity => Auto::Identity {
                        always: false,
                        sequence,
                    },
                    Numbering::Serial | Numbering::None => Auto::Serial(sequence),
                });
            }
        }
    }

    /// Whether a model says that a column is a whole number.
    pub(super) fn is_whole_number(&self, column: &ModelColumn) -> bool {
        ["SmallInt", "Integer", "BigInt"].into_iter().any(|name| {
            DieselType::plain(name).same_as(column.diesel_type.not_null(), self.dialect())
        })
    }
}

/// What most have, and of several the first by name.
fn most_frequent<'a>(all: impl Iterator<Item = &'a Option<String>>) -> Option<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for one in all.flatten() {
        *counts.entry(one).or_default() += 1;
    }
    let most = counts.values().max().copied()?;
    let found = counts.into_iter().find(|(_, count)| *count == most);
    found.map(|(one, _)| one.clone())
}

/// `Serial`, which means a type and that it numbers itself.
fn is_serial(diesel_type: &DieselType) -> bool {
    diesel_type
        .name()
        .is_some_and(|name| matches!(name, "SmallSerial" | "Serial" | "BigSerial"))
}
