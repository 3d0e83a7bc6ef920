//! What an SQL expression mentions, and where it needs parentheses.

use std::collections::BTreeSet;

use crate::sql::Dialect;
use crate::sql::lexer::{Lexer, TokenKind};

/// Whether a name stands in a text, quoted or not, outside of strings and comments.
pub(super) fn mentions(sql: &str, name: &str) -> bool {
    words(sql).contains(name)
}

/// The names in a text, outside of strings and comments; those in the body of a routine too.
pub(super) fn words(sql: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    collect(sql, &mut words);
    words
}

fn collect(sql: &str, words: &mut BTreeSet<String>) {
    for token in Lexer::new(sql, Dialect::Postgres).flatten() {
        let text = token.text(sql);
        match token.kind {
            TokenKind::Word => drop(words.insert(text.to_lowercase())),
            TokenKind::QuotedIdentifier => drop(words.insert(unquoted(text))),
            TokenKind::DollarQuoted => collect(body(text), words),
            TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::String
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Semicolon
            | TokenKind::Punctuation
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd => {}
        }
    }
}

/// A quoted name without its quotes.
pub(super) fn unquoted(text: &str) -> String {
    text.trim_matches('"').replace("\"\"", "\"")
}

/// What is between the tags of a dollar quote.
fn body(text: &str) -> &str {
    let tag = text[1..].find('$').map_or(0, |end| end + 2);
    text.get(tag..text.len() - tag).unwrap_or_default()
}

/// The strings in a text, with what follows each.
pub(super) fn strings(sql: &str) -> Vec<(&str, &str)> {
    Lexer::new(sql, Dialect::Postgres)
        .flatten()
        .filter(|token| token.kind == TokenKind::String)
        .map(|token| (token.text(sql), &sql[token.end..]))
        .collect()
}

/// An expression as `DEFAULT` takes it: operators only inside of parentheses.
pub(super) fn operand(sql: &str) -> String {
    let mut depth = 0_usize;
    let mut at_start = true;
    for token in Lexer::new(sql, Dialect::Postgres).flatten() {
        let text = token.text(sql);
        let apart = match token.kind {
            TokenKind::Word => matches!(
                text.to_uppercase().as_str(),
                "AND"
                    | "OR"
                    | "NOT"
                    | "IS"
                    | "IN"
                    | "LIKE"
                    | "ILIKE"
                    | "SIMILAR"
                    | "BETWEEN"
                    | "AT"
                    | "COLLATE"
                    | "ISNULL"
                    | "NOTNULL"
                    | "SELECT"
            ),
            TokenKind::Punctuation => match text {
                "(" | "[" => {
                    depth += 1;
                    false
                }
                ")" | "]" => {
                    depth = depth.saturating_sub(1);
                    false
                }
                "::" | "." | "," | ":" => false,
                "-" | "+" => !at_start,
                _ => true,
            },
            TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::QuotedIdentifier
            | TokenKind::String
            | TokenKind::DollarQuoted
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Semicolon
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd => false,
        };
        if apart && depth == 0 {
            return format!("({sql})");
        }
        at_start = false;
    }
    sql.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_put_into_parentheses() {
        assert_eq!(operand("0"), "0");
        assert_eq!(operand("-1"), "-1");
        assert_eq!(
            operand("'a b'::character varying"),
            "'a b'::character varying"
        );
        assert_eq!(operand("lower('A' || 'b')"), "lower('A' || 'b')");
        assert_eq!(operand("1 + 2"), "(1 + 2)");
        assert_eq!(operand("a IS NULL"), "(a IS NULL)");
        assert_eq!(operand("ARRAY[1, 2]"), "ARRAY[1, 2]");
    }

    #[test]
    fn a_name_is_found_outside_of_strings_only() {
        assert!(mentions("lower(name) = 'x'", "name"));
        assert!(mentions("\"Name\" > 1", "Name"));
        assert!(!mentions("'name'::text", "name"));
        assert!(!mentions("names > 0", "name"));
        assert!(mentions("$body$ SELECT f() $body$", "f"));
    }
}
