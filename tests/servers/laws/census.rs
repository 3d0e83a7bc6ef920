//! What a schema consists of, as far as no server prints it in its own way.

use diesel_manage::schema::{Action, Column, KeyPart, Schema, Table};
use diesel_manage::sql::{Dialect, Server};

/// A line for everything; the same before and after a server has had it.
pub(crate) fn census(server: Server, schema: &Schema) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut add = |line: String| lines.push(line);
    for namespace in &schema.namespaces {
        add(format!("namespace {namespace}"));
    }
    for one in &schema.enums {
        add(format!(
            "enum {} {:?} {:?}",
            one.name, one.values, one.comment
        ));
    }
    for one in &schema.domains {
        add(format!(
            "domain {} {} {}",
            one.name,
            one.base,
            one.checks.len()
        ));
    }
    for one in &schema.sequences {
        add(format!("sequence {one:?}"));
    }
    for view in &schema.views {
        let columns: Vec<_> = view
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        add(format!(
            "view {} {columns:?} {}",
            view.name, view.materialized
        ));
    }
    for table in &schema.tables {
        for line in part(server, table) {
            add(format!("table {} {line}", table.name));
        }
    }
    lines.sort();
    lines
}

fn part(server: Server, table: &Table) -> Vec<String> {
    let mysql = server.dialect() == Dialect::Mysql;
    let sqlite = server.dialect() == Dialect::Sqlite;
    let options = &table.options;
    let mut lines = vec![format!(
        "itself {:?} {} {} {}",
        table.comment, options.strict, options.without_rowid, options.unlogged
    )];
    lines.extend(table.columns.iter().map(column));
    if let Some(key) = &table.primary_key {
        // A server gives a name to what has none.
        let name = key.name.clone().filter(|_| !mysql && !sqlite);
        lines.push(format!(
            "primary key {name:?} {:?} {:?}",
            key.columns, key.deferral
        ));
    }
    for one in &table.uniques {
        let name = &one.name;
        lines.push(format!(
            "unique {name:?} {:?} {:?} {:?}",
            one.columns, one.deferral, one.comment
        ));
    }
    for one in &table.checks {
        lines.push(format!("check {:?} {:?}", one.name, one.comment));
    }
    for key in &table.foreign_keys {
        lines.push(format!(
            "foreign key {:?} {:?} {} {:?} {} {} {:?}",
            key.name,
            key.columns,
            key.parent,
            key.parent_columns,
            action(&key.on_delete),
            action(&key.on_update),
            key.deferral
        ));
    }
    for index in &table.indexes {
        // The one that a foreign key of MySQL brings.
        let brought = |name: &Option<String>| name.as_deref() == Some(&*index.name);
        if mysql && table.foreign_keys.iter().any(|key| brought(&key.name)) {
            continue;
        }
        let keys: Vec<String> = index
            .keys
            .iter()
            .map(|key| {
                let name = match &key.part {
                    KeyPart::Column(name) => name.as_str(),
                    KeyPart::Expression(_) => "an expression",
                };
                format!("{name} {} {:?}", key.descending, key.length)
            })
            .collect();
        lines.push(format!(
            "index {} {} {:?} {keys:?} {:?} {} {:?}",
            index.name,
            index.unique,
            index.method,
            index.include,
            index.predicate.is_some(),
            index.comment
        ));
    }
    for trigger in &table.triggers {
        lines.push(format!("trigger {}", trigger.name));
    }
    lines
}

fn column(column: &Column) -> String {
    format!(
        "column {} {} null {} default {} {:?} {} {:?} {:?}",
        column.name,
        column.sql_type,
        column.nullable,
        column.default.is_some(),
        column.generated.as_ref().map(|generated| generated.stored),
        match &column.auto {
            None => "",
            Some(diesel_manage::schema::Auto::Serial(_)) => "serial",
            Some(diesel_manage::schema::Auto::Identity { always: true, .. }) => "always",
            Some(diesel_manage::schema::Auto::Identity { always: false, .. }) => "by default",
            Some(diesel_manage::schema::Auto::Increment) => "increment",
        },
        column.on_update.is_some(),
        column.comment
    )
}

fn action(action: &Action) -> &'static str {
    match action {
        Action::NoAction => "no action",
        Action::Restrict => "restrict",
        Action::Cascade => "cascade",
        Action::SetNull(_) => "set null",
        Action::SetDefault(_) => "set default",
    }
}
