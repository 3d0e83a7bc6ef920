//! Names and texts as SQL.

use crate::schema::Name;
use crate::sql::Dialect;

/// The longest name, in bytes; the server cuts what is longer.
const LONGEST: usize = 63;

/// A name in quotes.
pub(super) fn ident(name: &str) -> String {
    Dialect::Postgres.quote_identifier(name)
}

/// A name with its namespace.
pub(super) fn full(name: &Name) -> String {
    match &name.namespace {
        Some(namespace) => format!("{}.{}", ident(namespace), ident(&name.name)),
        None => ident(&name.name),
    }
}

/// Names in quotes, with commas.
pub(super) fn list(names: &[String]) -> String {
    names
        .iter()
        .map(|name| ident(name))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A text as a literal.
pub(super) fn literal(text: &str) -> String {
    Dialect::Postgres.quote_literal(text)
}

/// What a comment is set to.
pub(super) fn comment(text: Option<&String>) -> String {
    text.map_or_else(|| "NULL".to_owned(), |text| literal(text))
}

/// The name with something appended, not longer than a name can be.
pub(super) fn suffixed(name: &str, suffix: &str) -> String {
    let mut end = name.len().min(LONGEST - suffix.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{suffix}", &name[..end])
}

/// The name that the server gives what belongs to a table and has none.
pub(super) fn automatic(table: &Name, columns: &[String], label: &str) -> String {
    let mut parts = vec![table.name.as_str()];
    parts.extend(columns.iter().map(String::as_str));
    suffixed(&parts.join("_"), &format!("_{label}"))
}
