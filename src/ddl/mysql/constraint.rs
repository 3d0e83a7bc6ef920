//! Checks and foreign keys, as they stand in `CREATE TABLE` and after `ADD`.

use super::column::{quote, quote_all};
use crate::schema::{Action, Check, ForeignKey, Name};
use crate::sql::{Product, Server};

/// A table's name, with its database where that is another one.
pub(super) fn quote_name(name: &Name) -> String {
    match &name.namespace {
        Some(database) => format!("{}.{}", quote(database), quote(&name.name)),
        None => quote(&name.name),
    }
}

fn named(name: Option<&str>) -> String {
    name.map(|name| format!("CONSTRAINT {} ", quote(name)))
        .unwrap_or_default()
}

/// A check, with its name.
pub(super) fn check(check: &Check) -> String {
    format!(
        "{}CHECK ({}){}",
        named(check.name.as_deref()),
        check.expression,
        if check.not_enforced {
            " NOT ENFORCED"
        } else {
            ""
        },
    )
}

/// How a check goes.
pub(super) fn drop_check(server: Server, name: &str) -> String {
    let word = if server.product == Product::Mysql {
        "CHECK"
    } else {
        "CONSTRAINT"
    };
    format!("DROP {word} {}", quote(name))
}

/// A foreign key, with its name.
pub(super) fn foreign_key(key: &ForeignKey) -> String {
    let mut text = format!(
        "{}FOREIGN KEY ({}) REFERENCES {} ({})",
        named(key.name.as_deref()),
        quote_all(&key.columns),
        quote_name(&key.parent),
        quote_all(&key.parent_columns),
    );
    for (event, action) in [("DELETE", &key.on_delete), ("UPDATE", &key.on_update)] {
        let action = match action {
            // What there is without a word.
            Action::NoAction | Action::Restrict => continue,
            Action::Cascade => "CASCADE",
            Action::SetNull(_) => "SET NULL",
            Action::SetDefault(_) => "SET DEFAULT",
        };
        for word in [" ON ", event, " ", action] {
            text.push_str(word);
        }
    }
    text
}
