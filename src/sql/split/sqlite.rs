//! Where a statement of SQLite ends: the rule of `sqlite3_complete()`.

use super::body::{Keyword, Watch};
use crate::sql::lexer::{Token, TokenKind};

/// A trigger's body holds semicolons and ends with `; END ;`, in which no `END` of a `CASE` can
/// stand.
#[derive(Debug, Default)]
pub(super) struct Trigger {
    state: State,
    start: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    /// `EXPLAIN`, perhaps `QUERY PLAN`.
    Explain,
    /// `CREATE`, perhaps `TEMP`.
    Create,
    /// Inside a trigger, after something ordinary.
    Inside,
    /// Inside a trigger, after a semicolon.
    Semicolon,
    /// Inside a trigger, after a semicolon and `END`.
    End,
}

impl Trigger {
    pub(super) fn take(&mut self, token: Token, text: &str) -> Watch {
        let keyword = Keyword::new(if token.kind == TokenKind::Word {
            text
        } else {
            ""
        });
        self.state = match (self.state, keyword.as_str()) {
            (State::Start, "explain") | (State::Explain, "query" | "plan") => State::Explain,
            (State::Start | State::Explain, "create") => {
                self.start = token.start;
                State::Create
            }
            (State::Create, "temp" | "temporary") => State::Create,
            (State::Semicolon, "end") => State::End,
            (State::Create, "trigger") | (State::Inside | State::Semicolon | State::End, _) => {
                State::Inside
            }
            (State::Start | State::Explain | State::Create, _) => return Watch::Off,
        };
        Watch::On
    }

    pub(super) fn ends_here(&mut self) -> bool {
        match self.state {
            State::Start | State::Explain | State::Create | State::End => true,
            State::Inside | State::Semicolon => {
                self.state = State::Semicolon;
                false
            }
        }
    }

    pub(super) fn unclosed(&self) -> Option<(&'static str, usize)> {
        match self.state {
            State::Start | State::Explain | State::Create | State::End => None,
            State::Inside | State::Semicolon => Some(("CREATE TRIGGER", self.start)),
        }
    }
}
