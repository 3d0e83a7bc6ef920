//! `CREATE INDEX`.

use super::spelling::{collation, quoted};
use crate::schema::{Index, IndexKey, KeyPart};

/// The whole statement.
pub(super) fn create(index: &Index, table: &str) -> String {
    let keys: Vec<_> = index.keys.iter().map(key).collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let condition = index
        .predicate
        .as_ref()
        .map(|predicate| format!(" WHERE {predicate}"))
        .unwrap_or_default();
    format!(
        "CREATE {unique}INDEX {} ON {} ({}){condition}",
        quoted(&index.name),
        quoted(table),
        keys.join(", ")
    )
}

fn key(key: &IndexKey) -> String {
    let mut text = match &key.part {
        KeyPart::Column(name) => quoted(name),
        KeyPart::Expression(text) => text.clone(),
    };
    if let Some(name) = &key.collation {
        text.push_str(" COLLATE ");
        text.push_str(&collation(name));
    }
    if key.descending {
        text.push_str(" DESC");
    }
    text
}
