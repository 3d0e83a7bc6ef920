//! The definition of a column.

use crate::schema::{Auto, Check, Column, Table};
use crate::sql::{Dialect, Product, Server};

/// Quotes a name.
pub(super) fn quote(name: &str) -> String {
    Dialect::Mysql.quote_identifier(name)
}

/// Quotes a list of names.
pub(super) fn quote_all(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| quote(name)).collect();
    quoted.join(", ")
}

/// Everything that a column is, from its name on: a `MODIFY` forgets what it does not repeat.
pub(super) fn definition(server: Server, table: &Table, column: &Column) -> String {
    let mut text = format!("{} {}", quote(&column.name), column.sql_type);
    if let Some(collation) = &column.collation {
        push(&mut text, &["COLLATE", collation]);
    }
    let kind = kind(&column.sql_type.0);
    if let Some(generated) = &column.generated {
        let stored = if generated.stored {
            "STORED"
        } else {
            "VIRTUAL"
        };
        let expression = format!("({})", generated.expression);
        push(&mut text, &["GENERATED ALWAYS AS", &expression, stored]);
    }
    // MariaDB has no NOT NULL for what is computed.
    if !column.nullable && (column.generated.is_none() || server.product == Product::Mysql) {
        push(&mut text, &["NOT NULL"]);
    } else if kind == "timestamp" && column.generated.is_none() {
        // Older servers think that it is not, unless told.
        push(&mut text, &["NULL"]);
    }
    if let Some(default) = &column.default {
        push(
            &mut text,
            &["DEFAULT", &default_value(server, &kind, default)],
        );
    }
    if let Some(on_update) = &column.on_update {
        push(&mut text, &["ON UPDATE", on_update]);
    }
    if column.auto == Some(Auto::Increment) {
        push(&mut text, &["AUTO_INCREMENT"]);
    }
    if let Some(comment) = &column.comment {
        push(
            &mut text,
            &["COMMENT", &Dialect::Mysql.quote_literal(comment)],
        );
    }
    if let Some(check) = inline_check(server, table, &column.name) {
        push(&mut text, &["CHECK", &format!("({})", check.expression)]);
    }
    text
}

fn push(text: &mut String, words: &[&str]) {
    for word in words {
        text.push(' ');
        text.push_str(word);
    }
}

/// The check that is a part of a column. On MariaDB it has the column's name, and no other.
pub(super) fn inline_check<'a>(
    server: Server,
    table: &'a Table,
    column: &str,
) -> Option<&'a Check> {
    if server.product != Product::Mariadb {
        return None;
    }
    let mut checks = table.checks.iter();
    checks.find(|check| check.name.as_deref() == Some(column))
}

/// What a type is called before its brackets, in lower case.
pub(super) fn kind(sql_type: &str) -> String {
    let end = sql_type.find(['(', ' ']).unwrap_or(sql_type.len());
    sql_type[..end].to_ascii_lowercase()
}

/// A default as it has to stand after `DEFAULT`.
pub(super) fn default_value(server: Server, kind: &str, default: &str) -> String {
    let large = matches!(
        kind,
        "tinytext"
            | "text"
            | "mediumtext"
            | "longtext"
            | "tinyblob"
            | "blob"
            | "mediumblob"
            | "longblob"
            | "json"
            | "geometry"
    );
    let bare =
        is_clock(default) || is_literal(default) && !(large && server.product == Product::Mysql);
    if bare {
        default.to_owned()
    } else {
        format!("({default})")
    }
}

/// Whether it is the time of now, which may be a default without brackets.
fn is_clock(expression: &str) -> bool {
    let lower = expression.to_ascii_lowercase();
    let rest = lower
        .strip_prefix("current_timestamp")
        .or_else(|| lower.strip_prefix("now("));
    rest.is_some_and(|rest| {
        rest.chars()
            .all(|character| character.is_ascii_digit() || matches!(character, '(' | ')'))
    })
}

/// Whether an expression is one value, written down.
pub(super) fn is_literal(expression: &str) -> bool {
    use crate::sql::lexer::{Lexer, TokenKind};
    let expression = expression.trim();
    let unsigned = expression.strip_prefix(['-', '+']).unwrap_or(expression);
    let mut tokens = Lexer::new(unsigned, Dialect::Mysql);
    let Some(Ok(token)) = tokens.next() else {
        return false;
    };
    if tokens.next().is_some() {
        return false;
    }
    let word = unsigned.to_ascii_uppercase();
    token.kind == TokenKind::Number
        || token.kind == TokenKind::String && unsigned == expression
        || matches!(word.as_str(), "NULL" | "TRUE" | "FALSE")
}
