//! Names and small expressions as they stand in a statement.

use crate::sql::lexer::TokenKind;
use crate::sql::{Dialect, pieces};

/// A name in quotes.
pub(super) fn quoted(name: &str) -> String {
    Dialect::Sqlite.quote_identifier(name)
}

/// Names in quotes, with commas between them.
pub(super) fn list(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| quoted(name)).collect();
    names.join(", ")
}

/// A collation: quoted only where it has to be, as everybody writes it.
pub(super) fn collation(name: &str) -> String {
    let plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '_');
    if plain { name.to_owned() } else { quoted(name) }
}

/// A type: in quotes where it was declared in quotes, which SQLite takes away.
pub(super) fn sql_type(text: &str) -> String {
    let mut open = 0_usize;
    let is_plain = pieces(text, Dialect::Sqlite).iter().all(|piece| {
        let word = piece.kind == TokenKind::Word;
        let size = piece.kind == TokenKind::Number
            || ["(", ")", ",", "+", "-"]
                .iter()
                .any(|mark| piece.is_punctuation(mark));
        open += usize::from(piece.is_punctuation("("));
        word || (size && open == 1)
    });
    if is_plain {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// What kind of value a default is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DefaultKind {
    /// The same for every row.
    Constant,
    /// The time, in one word.
    Time,
    /// Anything else, which stands in brackets.
    Expression,
}

/// Tells what a default is, from its text.
pub(super) fn default_kind(text: &str) -> DefaultKind {
    let pieces = pieces(text, Dialect::Sqlite);
    match pieces.as_slice() {
        [time]
            if ["CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"]
                .iter()
                .any(|word| time.is(word)) =>
        {
            DefaultKind::Time
        }
        [one]
            if matches!(
                one.kind,
                TokenKind::String
                    | TokenKind::Number
                    | TokenKind::Word
                    | TokenKind::QuotedIdentifier
            ) =>
        {
            DefaultKind::Constant
        }
        [sign, number]
            if number.kind == TokenKind::Number
                && (sign.is_punctuation("-") || sign.is_punctuation("+")) =>
        {
            DefaultKind::Constant
        }
        _ => DefaultKind::Expression,
    }
}

/// A default as it stands after the word.
pub(super) fn default(text: &str) -> String {
    match default_kind(text) {
        DefaultKind::Constant | DefaultKind::Time => text.to_owned(),
        DefaultKind::Expression => format!("({text})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_quoted_only_where_they_have_to_be() {
        for plain in ["VARCHAR(50)", "DECIMAL(8,-2) UNSIGNED", "DOUBLE PRECISION"] {
            assert_eq!(sql_type(plain), plain);
        }
        assert_eq!(sql_type("ODD-TYPE"), "\"ODD-TYPE\"");
        assert_eq!(sql_type("ODD ](3"), "\"ODD ](3\"");
    }

    #[test]
    fn defaults_stand_in_brackets_where_they_have_to() {
        for plain in ["1", "-1.5", "'a'", "x'00'", "TRUE", "CURRENT_DATE", "\"a\""] {
            assert_eq!(default(plain), plain);
        }
        assert_eq!(default("datetime('now')"), "(datetime('now'))");
        assert_eq!(default("1 + 2"), "(1 + 2)");
    }
}
