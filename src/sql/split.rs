//! Cuts a file into the statements that the server would see.
//!
//! The parts of all statements and the tail, joined, are the file again, so that nothing is ever
//! lost or sent twice, and every statement knows where in the file it stands.

mod body;
mod error;
mod mysql;
mod postgres;
mod sqlite;

use self::body::{Body, Watch};
pub use self::error::{SplitError, SplitProblem};
use super::Dialect;
use super::lexer::{LexError, Lexer, Token, TokenKind};
use super::position::Walk;

/// A file, cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script<'a> {
    /// What the server is to execute, in order.
    pub statements: Vec<Statement<'a>>,
    /// What follows the last statement: white space, comments, empty statements.
    pub tail: &'a str,
}

/// One statement and what surrounds it, all borrowed from the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement<'a> {
    /// White space, comments, empty statements and a byte order mark before it.
    pub leading: &'a str,
    /// From its first token to its last, without the terminator.
    pub text: &'a str,
    /// The `;` and what stands between it and the text; empty if the file ends without one.
    pub terminator: &'a str,
    /// The byte of the file at which `text` starts.
    pub offset: usize,
    /// The line at which `text` starts, from 1.
    pub line: usize,
    /// The column at which `text` starts, from 1, in characters.
    pub column: usize,
}

/// Cuts a whole file.
pub fn split(source: &str, dialect: Dialect) -> Result<Script<'_>, SplitError> {
    let mut cutter = statements(source, dialect);
    let statements = cutter.by_ref().collect::<Result<_, _>>()?;
    Ok(Script {
        statements,
        tail: cutter.tail(),
    })
}

/// Cuts a file one statement at a time, for those who need not hold them all.
#[must_use]
pub fn statements(source: &str, dialect: Dialect) -> Statements<'_> {
    Statements {
        source,
        dialect,
        lexer: Lexer::new(source, dialect),
        place: Walk::new(source),
        rest: 0,
        failed: false,
    }
}

/// The statements of a file, one by one; after an error there are no more.
#[derive(Clone, Debug)]
pub struct Statements<'a> {
    source: &'a str,
    dialect: Dialect,
    lexer: Lexer<'a>,
    place: Walk<'a>,
    /// The byte after the last statement.
    rest: usize,
    failed: bool,
}

impl<'a> Statements<'a> {
    /// What follows the statements given so far; at the end, the tail of the file.
    #[must_use]
    pub fn tail(&self) -> &'a str {
        &self.source[self.rest..]
    }

    fn cut(&mut self) -> Result<Option<Statement<'a>>, SplitError> {
        let Some(first) = self.first_token()? else {
            return Ok(None);
        };
        let mut body = Body::new(self.dialect);
        let mut watch = Watch::On;
        let mut token = first;
        let mut last = first.end;
        loop {
            match token.kind {
                TokenKind::Whitespace | TokenKind::Comment => {}
                TokenKind::Semicolon if watch == Watch::Off || body.ends_here() => {
                    return Ok(Some(self.statement(first.start, last, token.end)));
                }
                TokenKind::Semicolon => last = token.end,
                TokenKind::Word
                | TokenKind::QuotedIdentifier
                | TokenKind::String
                | TokenKind::DollarQuoted
                | TokenKind::Number
                | TokenKind::Parameter
                | TokenKind::Punctuation
                | TokenKind::ExecutableStart
                | TokenKind::ExecutableEnd => {
                    last = token.end;
                    self.refuse_psql_command(token)?;
                    if watch == Watch::On {
                        watch = body
                            .take(token, token.text(self.source))
                            .map_err(|problem| self.error(problem, token.start))?;
                    }
                }
            }
            match self.token()? {
                Some(next) => token = next,
                None => break,
            }
        }
        if let Some((opener, offset)) = body.unclosed() {
            return Err(self.error(SplitProblem::UnclosedBody { opener }, offset));
        }
        Ok(Some(self.statement(first.start, last, last)))
    }

    /// Passes over white space, comments and empty statements.
    fn first_token(&mut self) -> Result<Option<Token>, SplitError> {
        while let Some(token) = self.token()? {
            match token.kind {
                TokenKind::Whitespace | TokenKind::Comment | TokenKind::Semicolon => {}
                TokenKind::Word
                | TokenKind::QuotedIdentifier
                | TokenKind::String
                | TokenKind::DollarQuoted
                | TokenKind::Number
                | TokenKind::Parameter
                | TokenKind::Punctuation
                | TokenKind::ExecutableStart
                | TokenKind::ExecutableEnd => {
                    self.refuse_client_command(token)?;
                    return Ok(Some(token));
                }
            }
        }
        Ok(None)
    }

    fn token(&mut self) -> Result<Option<Token>, SplitError> {
        self.lexer
            .next()
            .transpose()
            .map_err(|LexError { unclosed, offset }| {
                let problem = SplitProblem::unclosed(unclosed, &self.source[offset..]);
                self.error(problem, offset)
            })
    }

    /// Refuses what a statement cannot start with because only a client would read it.
    fn refuse_client_command(&self, first: Token) -> Result<(), SplitError> {
        let rest = &self.source[first.start..];
        let is_command = match self.dialect {
            Dialect::Sqlite => {
                let mut bytes = rest.bytes();
                bytes.next() == Some(b'.') && bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
            }
            // A backslash is refused wherever it stands, see below.
            Dialect::Postgres => false,
            Dialect::Mysql => first.text(self.source).eq_ignore_ascii_case("delimiter"),
        };
        if is_command {
            Err(self.client_command(first.start))
        } else {
            Ok(())
        }
    }

    /// The server knows no backslash outside quotes: psql does, and `\gexec` stands at the end.
    fn refuse_psql_command(&self, token: Token) -> Result<(), SplitError> {
        if self.dialect == Dialect::Postgres && self.source.as_bytes()[token.start] == b'\\' {
            return Err(self.client_command(token.start));
        }
        Ok(())
    }

    fn client_command(&self, offset: usize) -> SplitError {
        let command = self.source[offset..]
            .split_whitespace()
            .next()
            .unwrap_or_default();
        let problem = SplitProblem::ClientCommand {
            command: command.chars().take(20).collect(),
            dialect: self.dialect,
        };
        self.error(problem, offset)
    }

    fn error(&self, problem: SplitProblem, offset: usize) -> SplitError {
        SplitError::new(problem, self.dialect, self.source, offset)
    }

    fn statement(&mut self, start: usize, end: usize, terminated: usize) -> Statement<'a> {
        self.place.to(start);
        let statement = Statement {
            leading: &self.source[self.rest..start],
            text: &self.source[start..end],
            terminator: &self.source[end..terminated],
            offset: start,
            line: self.place.line,
            column: self.place.column,
        };
        self.rest = terminated;
        statement
    }
}

impl<'a> Iterator for Statements<'a> {
    type Item = Result<Statement<'a>, SplitError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let cut = self.cut().transpose();
        self.failed = matches!(cut, Some(Err(_)));
        cut
    }
}

#[cfg(test)]
mod tests;
