//! Indexes, as they stand in `CREATE TABLE` and after `ADD`.

use super::column::quote;
use crate::schema::{Index, IndexKey, KeyPart};
use crate::sql::Dialect;

/// From `KEY` or `UNIQUE KEY` on.
pub(super) fn clause(index: &Index) -> String {
    let (word, using) = match index.method.as_deref() {
        Some(word @ ("FULLTEXT" | "SPATIAL")) => (format!("{word} KEY"), String::new()),
        method => {
            let word = if index.unique { "UNIQUE KEY" } else { "KEY" };
            let using = method.map(|method| format!(" USING {method}"));
            (word.to_owned(), using.unwrap_or_default())
        }
    };
    let keys: Vec<_> = index.keys.iter().map(key).collect();
    let options = index.options.as_ref().map(|options| format!(" {options}"));
    let comment = index
        .comment
        .as_ref()
        .map(|comment| format!(" COMMENT {}", Dialect::Mysql.quote_literal(comment)));
    format!(
        "{word} {} ({}){using}{}{}",
        quote(&index.name),
        keys.join(", "),
        options.unwrap_or_default(),
        comment.unwrap_or_default(),
    )
}

fn key(key: &IndexKey) -> String {
    let mut text = match &key.part {
        KeyPart::Column(name) => quote(name),
        KeyPart::Expression(expression) => format!("({expression})"),
    };
    if let Some(length) = key.length {
        text = format!("{text}({length})");
    }
    if key.descending {
        text.push_str(" DESC");
    }
    text
}

/// Whether a column is in an index.
pub(super) fn mentions(index: &Index, column: &str) -> bool {
    index.keys.iter().any(|key| match &key.part {
        KeyPart::Column(name) => name == column,
        KeyPart::Expression(expression) => expression.contains(&quote(column)),
    })
}
