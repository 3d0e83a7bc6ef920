//! Makes the texts that a server prints fit to be read again, in a database of another name.

use crate::sql::Dialect;
use crate::sql::lexer::{Lexer, Token, TokenKind};

/// Takes the database's own name from before other names, and writes quotes in strings as `''`.
///
/// Also tells what stood behind that name where it was the first of two, which in a view is a table.
pub(super) fn readable(text: &str, database: &str) -> (String, Vec<String>) {
    let Ok(tokens) = Lexer::new(text, Dialect::Mysql).collect::<Result<Vec<_>, _>>() else {
        return (text.to_owned(), Vec::new());
    };
    let own = Dialect::Mysql.quote_identifier(database);
    let is_alias = has_alias(&tokens, text, &own);
    let mut readable = String::with_capacity(text.len());
    let mut read = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let piece = token.text(text);
        let is_dot = |place: usize| {
            tokens
                .get(place)
                .is_some_and(|token| token.text(text) == ".")
        };
        let named = tokens
            .get(at + 2)
            .filter(|token| token.kind == TokenKind::QuotedIdentifier);
        let qualified = token.kind == TokenKind::QuotedIdentifier
            && at.checked_sub(1).is_none_or(|before| !is_dot(before))
            && is_dot(at + 1);
        if qualified
            && piece == own
            && let Some(named) = named
            && (is_dot(at + 3) || !is_alias || follows_from(&tokens[..at], text))
        {
            if !is_dot(at + 3) {
                read.push(unquoted(named.text(text)));
            }
            at += 2;
            continue;
        }
        if token.kind == TokenKind::String && piece.starts_with('\'') {
            readable.push_str(&piece.replace("\\'", "''"));
        } else {
            readable.push_str(piece);
        }
        at += 1;
    }
    (readable, read)
}

/// Whether a table of a view is called by the database's name there, so that a name before a column may
/// be either.
fn has_alias(tokens: &[Token], text: &str, own: &str) -> bool {
    (1..tokens.len()).any(|at| {
        let (before, after) = (tokens.get(at - 1), tokens.get(at + 1));
        tokens[at].text(text) == own
            && before.is_some_and(|token| token.kind == TokenKind::Whitespace)
            && at >= 2
            && tokens[at - 2].text(text).ends_with(['`', ')'])
            && after.is_none_or(|token| token.text(text) != ".")
    })
}

/// Whether a table is what comes next.
fn follows_from(before: &[Token], text: &str) -> bool {
    before
        .iter()
        .rev()
        .find(|token| token.kind != TokenKind::Whitespace && token.text(text) != "(")
        .is_some_and(|token| {
            let word = token.text(text);
            ["from", "join"]
                .iter()
                .any(|one| word.eq_ignore_ascii_case(one))
        })
}

fn unquoted(name: &str) -> String {
    name.trim_matches('`').replace("``", "`")
}

/// What MySQL 8 escapes once too often in its catalogue: `_utf8mb4\'x\'`.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            plain.extend(characters.next());
        } else {
            plain.push(character);
        }
    }
    plain
}
