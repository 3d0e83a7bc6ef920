//! From a schema to the text of a `schema.rs`.

use crate::models::Types;
use crate::schema::{Name, Schema};
use crate::settings::PrintSchema;
use crate::sql::{Dialect, Server};

use super::joins::Joins;
use super::lines;
use super::tables::{PrintedTable, all};

/// What `diesel` begins every schema file with.
const HEADER: &str = "// @generated automatically by Diesel CLI.";

/// A printed schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The text.
    pub text: String,
    /// The tables that cannot be printed, and are not in it.
    pub left_out: Vec<LeftOut>,
}

/// A table that cannot be printed. `diesel` would print nothing at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The table.
    pub table: Name,
    /// Why, as a part of a sentence.
    pub reason: String,
}

/// Prints the tables of a schema as `diesel print-schema` does.
///
/// Tables stand in the order of their names, whatever order the schema has.
#[must_use]
pub fn print(schema: &Schema, server: Server, options: &PrintSchema) -> Printed {
    let dialect = server.dialect();
    let type_options = options.into();
    let types = Types::new(schema, dialect, &type_options).on(server.product);
    let (tables, left_out) = all(schema, dialect, types, options);
    let joins = Joins::find(schema, &tables, dialect, options);
    let depth = usize::from(options.namespace.is_some());
    let body = body(&tables, &joins, dialect, options, depth);
    let mut lines = vec![HEADER.to_owned()];
    match &options.namespace {
        Some(namespace) if body.is_empty() => {
            lines.push(String::new());
            lines.push(format!("pub mod {namespace} {{}}"));
        }
        Some(namespace) => {
            lines.push(String::new());
            lines.push(format!("pub mod {namespace} {{"));
            lines.extend(body);
            lines.push("}".to_owned());
        }
        None if body.is_empty() => {}
        None => {
            lines.push(String::new());
            lines.extend(body);
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    Printed { text, left_out }
}

/// Everything below the header, within the module of the namespace if there is one.
fn body(
    tables: &[PrintedTable<'_>],
    joins: &Joins<'_>,
    dialect: Dialect,
    options: &PrintSchema,
    depth: usize,
) -> Vec<String> {
    let mut paragraphs = Vec::new();
    paragraphs.extend(lines::sql_types(tables, dialect, options, depth));
    for table in tables {
        paragraphs.push(lines::table(table, options, depth));
    }
    let joinables: Vec<_> = joins
        .joinable
        .iter()
        .map(|join| lines::joinable(join, depth))
        .collect();
    if !joinables.is_empty() {
        paragraphs.push(joinables);
    }
    let groups: Vec<_> = joins
        .groups
        .iter()
        .flat_map(|group| lines::same_query(group, depth))
        .collect();
    if !groups.is_empty() {
        paragraphs.push(groups);
    }
    paragraphs.join(&String::new())
}

#[cfg(test)]
mod tests;
