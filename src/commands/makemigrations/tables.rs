//! `table!` models, laid over a schema.

use super::filter::Filter;
use crate::backend::{self, Database};
use crate::commands::declared::Source;
use crate::context::Context;
use crate::error::CommandError;
use crate::models::{self, Joins, Models, Overlay, OverlayOptions, TypeOptions};
use crate::proof::ProofError;
use crate::schema::change::diff;
use crate::schema::{Schema, TableOptions};
use crate::settings::{self, Connection};
use crate::sql::Server;

/// `table!` files, and how they are to be read.
pub(super) struct Tables {
    models: Models,
    options: TypeOptions,
    namespace: Option<String>,
    filter: Filter,
}

/// What has to be known of a server besides its schema.
pub(super) struct Host {
    pub(super) server: Server,
    namespace: Option<String>,
    table_options: TableOptions,
}

impl Host {
    pub(super) fn of(database: &mut dyn Database) -> Result<Self, ProofError> {
        Ok(Self {
            server: database.server()?,
            namespace: database.namespace()?,
            table_options: database.table_defaults()?,
        })
    }
}

impl Tables {
    /// Reads them, as the program that speaks to this kind of server is compiled with them.
    pub(super) fn read(
        context: &Context,
        connection: &Connection,
        sources: &[Source],
    ) -> Result<Self, CommandError> {
        let files: Vec<_> = sources
            .iter()
            .map(|source| (&source.path, &source.text))
            .collect();
        let dialect = backend::dialect(connection.backend()?);
        let printed = context.settings()?.print_schema(connection, None)?;
        Ok(Self {
            models: models::parse(&files)?.of(dialect)?,
            options: TypeOptions {
                sqlite_integer_primary_key_is_bigint: printed.sqlite_integer_primary_key_is_bigint,
                domains_as_custom_types: printed.domains_as_custom_types.clone(),
                declare_custom_types: printed.declare_custom_types,
                undeclared: printed.undeclared.clone(),
            },
            namespace: printed.namespace.clone(),
            filter: Filter::new(&connection.tables, printed.tables)?,
        })
    }

    /// Which tables they are about.
    pub(super) fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Lays them over a schema.
    pub(super) fn over(
        &self,
        base: &Schema,
        host: &Host,
        connection: &Connection,
        joins: Joins,
    ) -> Result<Overlay, CommandError> {
        let filter = self.filter.clone();
        let options = OverlayOptions {
            types: connection.types.clone(),
            type_options: self.options.clone(),
            includes: Box::new(move |name| filter.takes(name)),
            namespace: self.namespace.clone().or_else(|| host.namespace.clone()),
            table_options: host.table_options.clone(),
            joins,
            ..OverlayOptions::new(host.server)
        };
        Ok(models::overlay(base, &self.models, &options)?)
    }
}

/// How many changes the models have that a database does not.
pub(in crate::commands) fn unwritten(
    context: &Context,
    connection: &Connection,
    sources: &[Source],
    database: &mut dyn Database,
) -> Result<usize, CommandError> {
    let tables = Tables::read(context, connection, sources)?;
    let host = Host::of(database)?;
    let schema = database.introspect().map_err(ProofError::from)?;
    let joins = match connection.joins {
        settings::Joins::ForeignKeys => Joins::All,
        settings::Joins::Queries => Joins::None,
    };
    let wanted = tables.over(&schema, &host, connection, joins)?;
    Ok(diff(&schema, &wanted.schema).len())
}
