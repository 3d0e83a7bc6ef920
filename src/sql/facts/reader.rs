//! Reads a statement token by token, without its white space and comments.

use super::ObjectName;
use super::object_name::identifier;
use crate::sql::Dialect;
use crate::sql::lexer::{Lexer, TokenKind};

/// One token that means something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
}

impl Piece<'_> {
    /// Whether it is this keyword.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    pub(super) fn is_punctuation(&self, text: &str) -> bool {
        self.kind == TokenKind::Punctuation && self.text == text
    }
}

/// A place in a statement. A copy of it is cheap, and the way to look ahead.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    source: &'a str,
    dialect: Dialect,
    lexer: Lexer<'a>,
}

impl<'a> Reader<'a> {
    /// Starts at the first token of a statement.
    ///
    /// MariaDB's `SET STATEMENT ... FOR` is passed over: what matters comes after it.
    pub(super) fn new(source: &'a str, dialect: Dialect) -> Self {
        let mut reader = Self {
            source,
            dialect,
            lexer: Lexer::new(source, dialect),
        };
        if dialect == Dialect::Mysql {
            let mut ahead = reader.clone();
            if ahead.eat_all(&["SET", "STATEMENT"]) {
                while let Some(piece) = ahead.next() {
                    if piece.is("FOR") {
                        return ahead;
                    }
                }
            }
        }
        // A file's first statement may come with what stands before it.
        while reader
            .peek()
            .is_some_and(|piece| piece.kind == TokenKind::Semicolon)
        {
            reader.next();
        }
        reader
    }

    /// The dialect that is read.
    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Looks at the next token.
    pub(super) fn peek(&self) -> Option<Piece<'a>> {
        self.clone().next()
    }

    /// Whether the statement ends here.
    pub(super) fn is_at_end(&self) -> bool {
        self.peek()
            .is_none_or(|piece| piece.kind == TokenKind::Semicolon)
    }

    /// Whether the next token is this keyword.
    pub(super) fn sees(&self, word: &str) -> bool {
        self.peek().is_some_and(|piece| piece.is(word))
    }

    /// Passes over a keyword, if it comes next.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        self.eat_any(&[word])
    }

    /// Passes over one of these keywords, if it comes next.
    pub(super) fn eat_any(&mut self, words: &[&str]) -> bool {
        let mut ahead = self.clone();
        let eaten = ahead.next().is_some_and(|piece| piece.is_any(words));
        if eaten {
            *self = ahead;
        }
        eaten
    }

    /// Passes over these keywords, if all of them come next.
    pub(super) fn eat_all(&mut self, words: &[&str]) -> bool {
        let mut ahead = self.clone();
        let eaten = words.iter().all(|word| ahead.eat(word));
        if eaten {
            *self = ahead;
        }
        eaten
    }

    /// Passes over an operator, a bracket or a comma, if it comes next.
    pub(super) fn eat_punctuation(&mut self, text: &str) -> bool {
        let mut ahead = self.clone();
        let eaten = ahead.next().is_some_and(|piece| piece.is_punctuation(text));
        if eaten {
            *self = ahead;
        }
        eaten
    }

    /// Passes over everything up to the bracket that closes one just passed.
    pub(super) fn close_bracket(&mut self) {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next() {
                Some(piece) if piece.is_punctuation("(") => depth += 1,
                Some(piece) if piece.is_punctuation(")") => depth -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    /// A name without its quotes.
    pub(super) fn identifier(&mut self) -> Option<String> {
        let mut ahead = self.clone();
        let piece = ahead.next()?;
        let name = identifier(piece.kind, piece.text, self.dialect)?;
        *self = ahead;
        Some(name)
    }

    /// A name that may have a schema before it; what stands before the schema is dropped.
    pub(super) fn object_name(&mut self) -> Option<ObjectName> {
        let mut name = ObjectName {
            schema: None,
            name: self.identifier()?,
        };
        loop {
            let mut ahead = self.clone();
            if !ahead.eat_punctuation(".") {
                return Some(name);
            }
            let Some(next) = ahead.identifier() else {
                return Some(name);
            };
            name = ObjectName {
                schema: Some(name.name),
                name: next,
            };
            *self = ahead;
        }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Piece<'a>;

    /// The next token that means something; a token that never ends, ends the statement.
    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let token = self.lexer.next()?.ok()?;
            match token.kind {
                // The code in an executable comment is read as if it stood outside.
                TokenKind::Whitespace
                | TokenKind::Comment
                | TokenKind::ExecutableStart
                | TokenKind::ExecutableEnd => {}
                TokenKind::Word
                | TokenKind::QuotedIdentifier
                | TokenKind::String
                | TokenKind::DollarQuoted
                | TokenKind::Number
                | TokenKind::Parameter
                | TokenKind::Semicolon
                | TokenKind::Punctuation => {
                    return Some(Piece {
                        kind: token.kind,
                        text: token.text(self.source),
                    });
                }
            }
        }
    }
}
