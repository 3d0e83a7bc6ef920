//! Where a statement of PostgreSQL ends: routines with an SQL body and rules hold semicolons.

use super::SplitProblem;
use super::body::{Keyword, Watch};
use crate::sql::lexer::{Token, TokenKind};

/// Follows one statement.
#[derive(Debug, Default)]
pub(super) struct Routine {
    head: Head,
    previous: Previous,
    /// How many brackets are open.
    brackets: usize,
    /// The byte of the outermost open bracket.
    bracket: usize,
    /// The `BEGIN` of each `BEGIN ATOMIC` that is open.
    bodies: Vec<usize>,
}

/// What the statement is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Head {
    #[default]
    Start,
    /// `CREATE`, perhaps `OR REPLACE`.
    Create,
    /// A function or a procedure, whose body may be `BEGIN ATOMIC ... END`.
    Routine,
    /// A rule, whose actions may be a list in brackets.
    Rule,
    /// `COPY`, after which data may follow that is no SQL.
    Copy,
}

/// What came before the token, as far as it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Previous {
    #[default]
    Other,
    /// `BEGIN` outside brackets, at this byte.
    Begin(usize),
    /// `ATOMIC` or a semicolon: here a body may end. Every statement of a body has its semicolon,
    /// so that no `END` of a `CASE` and no column called `end` stands here.
    StatementEnd,
    /// `FROM` outside brackets.
    From,
}

impl Routine {
    pub(super) fn take(&mut self, token: Token, text: &str) -> Result<Watch, SplitProblem> {
        let is_word = token.kind == TokenKind::Word;
        if token.kind == TokenKind::Punctuation {
            self.count_bracket(text, token.start);
        }
        let keyword = Keyword::new(if is_word { text } else { "" });
        let previous = std::mem::take(&mut self.previous);
        match (self.head, keyword.as_str()) {
            (Head::Start, "create") => self.head = Head::Create,
            (Head::Start, "copy") => self.head = Head::Copy,
            (Head::Create, "or" | "replace") | (Head::Rule, _) => {}
            (Head::Create, "function" | "procedure") => self.head = Head::Routine,
            (Head::Create, "rule") => self.head = Head::Rule,
            (Head::Start | Head::Create, _) => return Ok(Watch::Off),
            (Head::Routine, word) => self.routine(word, previous, token.start),
            (Head::Copy, "from") if self.brackets == 0 => self.previous = Previous::From,
            (Head::Copy, "stdin") if previous == Previous::From => {
                return Err(SplitProblem::CopyFromStdin);
            }
            (Head::Copy, _) => {}
        }
        Ok(Watch::On)
    }

    fn routine(&mut self, word: &str, previous: Previous, at: usize) {
        match (word, previous) {
            ("begin", _) if self.brackets == 0 => self.previous = Previous::Begin(at),
            ("atomic", Previous::Begin(begin)) => {
                self.bodies.push(begin);
                self.previous = Previous::StatementEnd;
            }
            ("end", Previous::StatementEnd) => {
                self.bodies.pop();
            }
            _ => {}
        }
    }

    fn count_bracket(&mut self, text: &str, at: usize) {
        match text {
            "(" => {
                if self.brackets == 0 {
                    self.bracket = at;
                }
                self.brackets += 1;
            }
            ")" => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
    }

    pub(super) fn ends_here(&mut self) -> bool {
        match self.head {
            Head::Start | Head::Create | Head::Copy => true,
            Head::Routine => {
                self.previous = Previous::StatementEnd;
                self.brackets = 0;
                self.bodies.is_empty()
            }
            Head::Rule => self.brackets == 0,
        }
    }

    pub(super) fn unclosed(&self) -> Option<(&'static str, usize)> {
        match self.head {
            Head::Start | Head::Create | Head::Copy => None,
            Head::Routine => self.bodies.first().map(|begin| ("BEGIN ATOMIC", *begin)),
            Head::Rule => (self.brackets > 0).then_some(("(", self.bracket)),
        }
    }
}
