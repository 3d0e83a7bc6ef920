//! Cuts a text into tokens exactly where the server's own lexer would.
//!
//! Tokens are byte ranges of the text; put together they are the text again. Nothing is copied, so
//! that a file of many megabytes costs one pass and no memory.

mod mysql;
mod postgres;
mod scan;
mod sqlite;

use super::Dialect;

/// What a token is, as far as cutting and recognising statements needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Spaces, tabs, line ends, a byte order mark.
    Whitespace,
    /// A comment, with its marks.
    Comment,
    /// A keyword or an unquoted name.
    Word,
    /// A name in quotes.
    QuotedIdentifier,
    /// A string in quotes, with its prefix.
    String,
    /// A string of PostgreSQL between two tags such as `$$` or `$body$`.
    DollarQuoted,
    /// A number.
    Number,
    /// A placeholder or a variable: `?`, `$1`, `:name`, `@name`.
    Parameter,
    /// A `;` outside everything that could hold one.
    Semicolon,
    /// An operator, a bracket or a comma; also a character that means nothing.
    Punctuation,
    /// The `/*!` or `/*!50003` of MySQL, after which the comment is code.
    ExecutableStart,
    /// The `*/` that belongs to an executable comment.
    ExecutableEnd,
}

/// One token: its kind and the bytes it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// The byte it starts at.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
}

impl Token {
    /// The token's own text, given the text it was cut from.
    #[must_use]
    pub fn text(self, source: &str) -> &str {
        &source[self.start..self.end]
    }
}

/// What is opened and never closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclosed {
    /// A string.
    String,
    /// A quoted identifier.
    Identifier,
    /// A dollar quote of PostgreSQL.
    DollarQuote,
    /// A block comment.
    Comment,
}

/// The text ends inside a token that starts at `offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text ends before what starts at byte {offset} is closed")]
pub struct LexError {
    /// What is never closed.
    pub unclosed: Unclosed,
    /// The byte at which it is opened.
    pub offset: usize,
}

/// What a scanner makes of the bytes before it: a kind and the byte after the token.
type Scanned = Result<(TokenKind, usize), Unclosed>;

/// The tokens of a text, one by one; after an error there are no more.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    source: &'a str,
    dialect: Dialect,
    position: usize,
    /// Where the executable comment starts that we are in, on MySQL.
    executable: Option<usize>,
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning of a text.
    #[must_use]
    pub fn new(source: &'a str, dialect: Dialect) -> Self {
        Self {
            source,
            dialect,
            position: 0,
            executable: None,
        }
    }

    fn scan(&mut self) -> Scanned {
        let (bytes, start) = (self.source.as_bytes(), self.position);
        if bytes[start..].starts_with(scan::BYTE_ORDER_MARK) {
            return Ok((TokenKind::Whitespace, start + scan::BYTE_ORDER_MARK.len()));
        }
        match self.dialect {
            Dialect::Sqlite => sqlite::scan(bytes, start),
            Dialect::Postgres => postgres::scan(self.source, start),
            Dialect::Mysql => {
                let scanned = mysql::scan(bytes, start, self.executable.is_some())?;
                if scanned.0 == TokenKind::ExecutableStart {
                    self.executable.get_or_insert(start);
                } else if scanned.0 == TokenKind::ExecutableEnd {
                    self.executable = None;
                }
                Ok(scanned)
            }
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Result<Token, LexError>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.position;
        if start >= self.source.len() {
            let offset = self.executable.take()?;
            return Some(Err(LexError {
                unclosed: Unclosed::Comment,
                offset,
            }));
        }
        match self.scan() {
            Ok((kind, end)) => {
                self.position = end;
                Some(Ok(Token { kind, start, end }))
            }
            Err(unclosed) => {
                self.position = self.source.len();
                self.executable = None;
                Some(Err(LexError {
                    unclosed,
                    offset: start,
                }))
            }
        }
    }
}

#[cfg(test)]
mod tests;
