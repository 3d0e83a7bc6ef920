//! Tables that are new.

use super::column::{definition, inline_check, quote_all};
use super::constraint::{check, foreign_key, quote_name};
use super::implied::comes_by_itself;
use super::index;
use crate::schema::{ForeignKey, Table, TableOptions};
use crate::sql::{Dialect, Server};

/// The statement that makes a table, with those foreign keys that can be made with it.
pub(super) fn create(server: Server, table: &Table, keys: &[&ForeignKey]) -> String {
    let mut lines: Vec<_> = table
        .columns
        .iter()
        .map(|column| definition(server, table, column))
        .collect();
    if let Some(key) = &table.primary_key {
        lines.push(format!("PRIMARY KEY ({})", quote_all(&key.columns)));
    }
    let indexes = table.indexes.iter();
    lines.extend(
        indexes
            .filter(|index| !comes_by_itself(table, index))
            .map(index::clause),
    );
    for one in &table.checks {
        let inline = one
            .name
            .as_deref()
            .and_then(|name| table.column(name))
            .is_some_and(|column| inline_check(server, table, &column.name) == Some(one));
        if !inline {
            lines.push(check(one));
        }
    }
    lines.extend(keys.iter().map(|key| foreign_key(key)));
    let mut options = options(&TableOptions::default(), &table.options);
    if let Some(comment) = &table.comment {
        options.push(format!("COMMENT={}", Dialect::Mysql.quote_literal(comment)));
    }
    // Begins with a space, if there is any.
    options.insert(0, String::new());
    format!(
        "CREATE TABLE {} (\n  {}\n){}",
        quote_name(&table.name),
        lines.join(",\n  "),
        options.join(" ").trim_end()
    )
}

/// The options of a table that are not what they were.
pub(super) fn options(from: &TableOptions, to: &TableOptions) -> Vec<String> {
    let mut options = Vec::new();
    if let Some(engine) = to.engine.as_ref().filter(|_| from.engine != to.engine) {
        options.push(format!("ENGINE={engine}"));
    }
    if let Some(collation) = to
        .collation
        .as_ref()
        .filter(|_| from.collation != to.collation)
    {
        options.push(format!("DEFAULT COLLATE={collation}"));
    }
    let (before, after) = (storage(from), storage(to));
    for option in before.iter().filter(|option| !after.contains(option)) {
        let (name, _) = option.split_once('=').unwrap_or((option, ""));
        let again = |other: &&str| {
            other
                .split_once('=')
                .is_some_and(|(other, _)| other == name)
        };
        if !after.iter().any(again) {
            options.push(format!("{name}={}", unset(name)));
        }
    }
    options.extend(
        after
            .iter()
            .filter(|option| !before.contains(option))
            .map(|option| (*option).to_owned()),
    );
    options
}

fn storage(options: &TableOptions) -> Vec<&str> {
    options
        .storage
        .as_deref()
        .map(|storage| storage.split(' ').collect())
        .unwrap_or_default()
}

/// What takes an option back.
fn unset(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "avg_row_length" | "checksum" | "delay_key_write" | "key_block_size" | "max_rows"
        | "min_rows" | "table_checksum" => "0",
        "compression" | "connection" => "''",
        _ => "DEFAULT",
    }
}
