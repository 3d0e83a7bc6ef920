//! The tokens of a text that mean something.

use super::Dialect;
use super::facts::identifier;
use super::lexer::{Lexer, TokenKind};

/// One token that means something, with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text, as it stands there.
    pub text: &'a str,
    /// The byte it starts at.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
}

impl Piece<'_> {
    /// Whether it is this keyword, not quoted.
    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is this operator, bracket or comma.
    #[must_use]
    pub fn is_punctuation(&self, text: &str) -> bool {
        self.kind == TokenKind::Punctuation && self.text == text
    }

    /// The name that it stands for, without quotes, if it can be one.
    #[must_use]
    pub fn name(&self, dialect: Dialect) -> Option<String> {
        identifier(self.kind, self.text, dialect)
    }
}

/// The tokens of a text without white space and comments; after one that never ends there are no more.
#[must_use]
pub fn pieces(source: &str, dialect: Dialect) -> Vec<Piece<'_>> {
    Lexer::new(source, dialect)
        .map_while(Result::ok)
        .filter(|token| !matches!(token.kind, TokenKind::Whitespace | TokenKind::Comment))
        .map(|token| Piece {
            kind: token.kind,
            text: token.text(source),
            start: token.start,
            end: token.end,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_white_space_are_passed_over() {
        let found = pieces("a /* b */ -- c\n = \"d\"\"e\"", Dialect::Sqlite);
        let texts: Vec<_> = found.iter().map(|piece| piece.text).collect();
        assert_eq!(texts, ["a", "=", "\"d\"\"e\""]);
        assert_eq!(found[2].name(Dialect::Sqlite).as_deref(), Some("d\"e"));
        assert!(found[0].is("A") && found[1].is_punctuation("="));
    }

    #[test]
    fn what_never_ends_is_left_out() {
        assert_eq!(pieces("a 'b", Dialect::Sqlite).len(), 1);
    }
}
