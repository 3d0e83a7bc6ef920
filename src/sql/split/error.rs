//! Why a file cannot be cut, where, and what to do about it.

use crate::error::Explain;
use crate::sql::Dialect;
use crate::sql::lexer::Unclosed;
use crate::sql::position::{excerpt, locate};

/// What stands in the way of cutting a file into statements.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitProblem {
    /// A string that runs to the end of the file.
    #[error("a string is never closed")]
    UnclosedString,
    /// A quoted name that runs to the end of the file.
    #[error("a quoted identifier is never closed")]
    UnclosedIdentifier,
    /// A dollar quote whose tag does not come again.
    #[error("the dollar quote `{tag}` is never closed")]
    UnclosedDollarQuote {
        /// The tag with its dollar signs.
        tag: String,
    },
    /// A block comment that runs to the end of the file.
    #[error("a comment is never closed")]
    UnclosedComment,
    /// A body that holds statements and has no end.
    #[error("the body that starts with `{opener}` is never closed")]
    UnclosedBody {
        /// The words that open it.
        opener: &'static str,
    },
    /// Data among the statements.
    #[error("`COPY ... FROM STDIN` needs data that a migration cannot hold")]
    CopyFromStdin,
    /// A command of the dialect's client program.
    #[error("`{command}` is a command of {client}, not SQL", client = client(*dialect))]
    ClientCommand {
        /// The command as it is written.
        command: String,
        /// Whose client would read it.
        dialect: Dialect,
    },
}

impl SplitProblem {
    /// The problem of a token that never ends, given the text from its start.
    pub(super) fn unclosed(unclosed: Unclosed, text: &str) -> Self {
        match unclosed {
            Unclosed::String => Self::UnclosedString,
            Unclosed::Identifier => Self::UnclosedIdentifier,
            Unclosed::Comment => Self::UnclosedComment,
            Unclosed::DollarQuote => {
                let tag: String = text.split_inclusive('$').take(2).collect();
                Self::UnclosedDollarQuote { tag }
            }
        }
    }
}

/// The program that reads a dialect's client commands.
fn client(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "the sqlite3 shell",
        Dialect::Postgres => "psql",
        Dialect::Mysql => "the mysql client",
    }
}

/// A problem and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct SplitError {
    problem: SplitProblem,
    dialect: Dialect,
    offset: usize,
    line: usize,
    column: usize,
    excerpt: Vec<String>,
}

impl SplitError {
    pub(super) fn new(
        problem: SplitProblem,
        dialect: Dialect,
        source: &str,
        offset: usize,
    ) -> Self {
        let (line, column) = locate(source, offset);
        Self {
            problem,
            dialect,
            offset,
            line,
            column,
            excerpt: excerpt(source, offset),
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn problem(&self) -> &SplitProblem {
        &self.problem
    }

    /// The byte of the file at which it starts.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Its line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Its column, from 1, in characters.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

impl Explain for SplitError {
    fn details(&self) -> Vec<String> {
        self.excerpt.clone()
    }

    fn hints(&self) -> Vec<String> {
        let hint = match &self.problem {
            SplitProblem::UnclosedString => match self.dialect {
                Dialect::Sqlite | Dialect::Postgres => {
                    "close the string; a quote inside it is written twice"
                }
                Dialect::Mysql => {
                    "close the string; a quote inside it is written twice, and a backslash as `\\\\`"
                }
            },
            SplitProblem::UnclosedIdentifier => {
                "close the name with the quote that opens it; a quote inside it is written twice"
            }
            SplitProblem::UnclosedDollarQuote { tag } => {
                return vec![format!("write `{tag}` again where the text ends")];
            }
            SplitProblem::UnclosedComment => match self.dialect {
                Dialect::Postgres => {
                    "write `*/` for every `/*`: in PostgreSQL a comment may hold comments"
                }
                Dialect::Sqlite | Dialect::Mysql => "write `*/` where the comment ends",
            },
            SplitProblem::UnclosedBody { opener } => return vec![body_hint(self.dialect, opener)],
            SplitProblem::CopyFromStdin => {
                "write the rows as `INSERT`, or `COPY ... FROM` a file on the server"
            }
            SplitProblem::ClientCommand { dialect, .. } => match dialect {
                Dialect::Mysql => {
                    "remove the `DELIMITER` lines and end the body with `END;`: \
                     the server reads it as it is"
                }
                Dialect::Sqlite | Dialect::Postgres => {
                    "remove the command; the server reads only SQL"
                }
            },
        };
        vec![hint.to_owned()]
    }
}

fn body_hint(dialect: Dialect, opener: &str) -> String {
    match (dialect, opener) {
        (Dialect::Sqlite, _) => "end the trigger with `END;` after the last statement's `;`".into(),
        (Dialect::Postgres, "(") => "close the list of the rule's actions with `)`".into(),
        (Dialect::Postgres, _) => "end the body with `END;` after the last statement's `;`".into(),
        (Dialect::Mysql, "BEGIN") => {
            "end the block with `END;`, or write `BEGIN;` if it starts a transaction".into()
        }
        (Dialect::Mysql, "PACKAGE" | "DECLARE") => "end the block with `END;`".into(),
        (Dialect::Mysql, opener) => format!("end it with `END {opener};`"),
    }
}
