//! What is kept by its text: views and triggers.

use std::collections::BTreeMap;

use super::catalogue::{Catalogue, Entry};
use super::definition;
use super::expression::type_name;
use crate::schema::{Column, Name, Schema, SqlType, Trigger, View};
use crate::sql::{Dialect, pieces};

/// Adds the views, and the triggers to what they belong to.
pub(super) fn add(schema: &mut Schema, catalogue: &Catalogue) {
    let known: BTreeMap<String, &str> = catalogue
        .tables
        .iter()
        .chain(&catalogue.views)
        .map(|entry| (entry.name.to_ascii_lowercase(), entry.name.as_str()))
        .collect();
    schema.views = catalogue
        .views
        .iter()
        .map(|entry| view(entry, catalogue, &known))
        .collect();
    let mut triggers: BTreeMap<String, Vec<Trigger>> = BTreeMap::new();
    for (owner, entry) in &catalogue.triggers {
        let owner = owner.to_ascii_lowercase();
        triggers.entry(owner).or_default().push(Trigger {
            name: entry.name.clone(),
            definition: entry.sql.clone(),
            comment: None,
        });
    }
    let mut of = |name: &Name| {
        triggers
            .remove(&name.name.to_ascii_lowercase())
            .unwrap_or_default()
    };
    for table in &mut schema.tables {
        table.triggers = of(&table.name);
    }
    for view in &mut schema.views {
        view.triggers = of(&view.name);
    }
}

fn view(entry: &Entry, catalogue: &Catalogue, known: &BTreeMap<String, &str>) -> View {
    let statement = definition::view(&entry.sql);
    let mut reads: Vec<Name> = pieces(&statement.definition, Dialect::Sqlite)
        .iter()
        .filter_map(|piece| piece.name(Dialect::Sqlite))
        .filter_map(|name| known.get(&name.to_ascii_lowercase()))
        .filter(|name| **name != entry.name)
        .map(|name| Name::new(*name))
        .collect();
    reads.sort();
    reads.dedup();
    View {
        name: Name::new(entry.name.as_str()),
        columns: catalogue
            .columns(&entry.name)
            .iter()
            .map(|row| Column {
                name: row.text(1).to_owned(),
                sql_type: SqlType(type_name(row.text(2))),
                nullable: true,
                ..Column::default()
            })
            .collect(),
        definition: statement.definition,
        options: statement.options,
        reads,
        ..View::default()
    }
}
