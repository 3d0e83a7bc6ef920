//! Where a statement of MySQL or MariaDB ends: the server reads compound statements by their
//! grammar, so the blocks of a body are followed here until the outermost is closed.
//!
//! A keyword opens a block only where a statement may start; elsewhere `IF(...)` and
//! `REPEAT(...)` are functions, `CASE` is an expression and `end` may be a column.

mod frame;
mod header;

use self::frame::{Frame, Kind};
use self::header::{Header, Object, Verb};
use super::body::{Keyword, Watch};
use crate::sql::lexer::{Token, TokenKind};

/// Follows one statement, with all the statements inside it.
#[derive(Debug, Default)]
pub(super) struct Compound {
    /// What is open, outermost first.
    frames: Vec<Frame>,
    place: Place,
    previous: Previous,
    brackets: usize,
}

/// What the next token can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// A statement may start.
    #[default]
    Start,
    /// After a word that started a statement: it is a label if a colon follows.
    Label,
    /// Inside a statement or an expression.
    Inside,
    /// After `END`: its kind and its label, up to the semicolon.
    AfterEnd,
    /// After a `BEGIN` outside all blocks, at this byte: a transaction or a block.
    Begin(usize),
    /// After `SET`; `SET STATEMENT ... FOR` comes before a whole statement.
    Set,
    SetStatement,
    /// After `DECLARE`; a handler has a statement of its own.
    Declare,
    Handler,
    /// Before a condition of a handler, after `SQLSTATE`, after `NOT`, after a whole condition.
    Condition,
    ConditionState,
    ConditionNot,
    ConditionEnd,
    /// From `CREATE` or `ALTER` to the body.
    Header(Header),
}

/// What came before the token, as far as it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Previous {
    /// Something after which an expression may end.
    #[default]
    Operand,
    /// An operator, a bracket, a comma or a keyword, after which an operand must follow.
    Operator,
    /// A dot, after which any word is a name.
    Dot,
}

impl Compound {
    pub(super) fn take(&mut self, token: Token, text: &str) -> Watch {
        match token.kind {
            TokenKind::Word => {
                let keyword = Keyword::new(text);
                let name = self.previous == Previous::Dot;
                self.word(if name { "" } else { keyword.as_str() }, token.start);
                self.previous = if name || !expects_operand(keyword.as_str()) {
                    Previous::Operand
                } else {
                    Previous::Operator
                };
            }
            TokenKind::Punctuation => {
                self.punctuation(text);
                self.previous = match text {
                    ")" => Previous::Operand,
                    "." => Previous::Dot,
                    _ => Previous::Operator,
                };
            }
            TokenKind::QuotedIdentifier
            | TokenKind::String
            | TokenKind::DollarQuoted
            | TokenKind::Number
            | TokenKind::Parameter => {
                self.operand(token.kind);
                self.previous = Previous::Operand;
            }
            TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::Semicolon
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd => {}
        }
        let watched = !self.frames.is_empty()
            || !matches!(self.place, Place::Inside | Place::Label | Place::AfterEnd);
        if watched { Watch::On } else { Watch::Off }
    }

    pub(super) fn ends_here(&mut self) -> bool {
        // No expression reaches over a semicolon, whatever we took it for.
        while self
            .frames
            .last()
            .is_some_and(|frame| frame.kind == Kind::Expression)
        {
            self.frames.pop();
        }
        self.place = Place::Start;
        self.previous = Previous::Operand;
        self.brackets = 0;
        self.frames.is_empty()
    }

    pub(super) fn unclosed(&self) -> Option<(&'static str, usize)> {
        let outermost = self
            .frames
            .iter()
            .find(|frame| frame.kind != Kind::Expression)?;
        Some((outermost.kind.opener(), outermost.start))
    }

    fn word(&mut self, word: &str, at: usize) {
        match self.place {
            Place::Start | Place::ConditionEnd => self.start(word, at),
            Place::Label | Place::Inside => self.inside(word, at),
            Place::Begin(_) if word == "work" => self.place = Place::Inside,
            // `NOT ATOMIC`, or a block of MariaDB's Oracle mode.
            Place::Begin(begin) => {
                self.open(Kind::Block, begin);
                self.start(word, at);
            }
            Place::Set => {
                self.place = if word == "statement" {
                    Place::SetStatement
                } else {
                    Place::Inside
                };
            }
            Place::SetStatement if word == "for" && self.brackets == 0 => self.place = Place::Start,
            Place::Declare if word == "handler" => self.place = Place::Handler,
            Place::Handler if word == "for" => self.place = Place::Condition,
            Place::Condition => {
                self.place = match word {
                    "sqlstate" => Place::ConditionState,
                    "not" => Place::ConditionNot,
                    _ => Place::ConditionEnd,
                };
            }
            Place::ConditionNot => self.place = Place::ConditionEnd,
            // `VALUE` may stand before the string of a state.
            Place::AfterEnd
            | Place::SetStatement
            | Place::Declare
            | Place::Handler
            | Place::ConditionState => {}
            Place::Header(header) => self.header(header, word, at),
        }
    }

    /// A word where a statement may start.
    fn start(&mut self, word: &str, at: usize) {
        let top = self.frames.last().map(|frame| frame.kind);
        self.place = match word {
            "begin" => match self.frames.last_mut() {
                None => Place::Begin(at),
                // The block shares its `END` with the declarations before it.
                Some(frame) if frame.kind.is_list() => {
                    frame.kind = Kind::Block;
                    Place::Start
                }
                Some(_) => self.open(Kind::Block, at),
            },
            "if" => self.open(Kind::If, at),
            "case" => self.open(Kind::Case, at),
            "loop" => self.open(Kind::Loop, at),
            "repeat" => self.open(Kind::Repeat { until: false }, at),
            "while" => self.open(Kind::While { head: true }, at),
            "for" => self.open(Kind::For { head: true }, at),
            // After `BEGIN`; and words after which a statement of the same block follows.
            "not" | "atomic" | "else" | "exception" => Place::Start,
            "until" => {
                if let Some(Frame {
                    kind: Kind::Repeat { until },
                    ..
                }) = self.frames.last_mut()
                {
                    *until = true;
                }
                Place::Inside
            }
            "end" => {
                self.frames.pop();
                Place::AfterEnd
            }
            "declare" if top.is_none() => self.open(Kind::Declarations, at),
            "declare" => Place::Declare,
            "set" => Place::Set,
            "create" => Place::Header(Header::Verb(Verb::Create)),
            "alter" => Place::Header(Header::Verb(Verb::Alter)),
            "procedure" | "function" if top.is_some_and(Kind::is_list) => {
                Place::Header(Header::Name(Object::Routine))
            }
            _ => Place::Label,
        };
    }

    /// Opens a block and says what comes next in it.
    fn open(&mut self, kind: Kind, at: usize) -> Place {
        self.frames.push(Frame { kind, start: at });
        self.place = kind.starts_with();
        self.place
    }

    /// A word inside a statement.
    fn inside(&mut self, word: &str, at: usize) {
        self.place = Place::Inside;
        let Some(top) = self.frames.last_mut() else {
            return;
        };
        match (word, top.kind) {
            ("case", _) => {
                self.frames.push(Frame {
                    kind: Kind::Expression,
                    start: at,
                });
            }
            // A column may be called `end`: where an operand is due, it is one.
            ("end", Kind::Expression) if self.previous != Previous::Operator => {
                self.frames.pop();
            }
            ("end", Kind::Repeat { until: true }) if self.previous != Previous::Operator => {
                self.frames.pop();
                self.place = Place::AfterEnd;
            }
            ("do" | "loop", Kind::While { head: true }) => {
                top.kind = Kind::While { head: false };
                self.place = Place::Start;
            }
            ("do" | "loop", Kind::For { head: true }) => {
                top.kind = Kind::For { head: false };
                self.place = Place::Start;
            }
            ("then", Kind::If | Kind::Case | Kind::Block) => self.place = Place::Start,
            _ => {}
        }
    }

    fn punctuation(&mut self, text: &str) {
        match text {
            "(" => self.brackets += 1,
            ")" => self.brackets = self.brackets.saturating_sub(1),
            // A semicolon inside an executable comment.
            ";" => {
                self.ends_here();
                return;
            }
            _ => {}
        }
        match (self.place, text) {
            // A label, or one of MariaDB's Oracle mode: `<<name>>`.
            (Place::Label, ":" | ">>") | (Place::Start, "<<") => self.place = Place::Start,
            (Place::ConditionEnd, ",") => self.place = Place::Condition,
            (Place::Header(header), text) => self.header_punctuation(header, text),
            (
                Place::Start | Place::Label | Place::Begin(_) | Place::Set | Place::ConditionEnd,
                _,
            ) => {
                self.place = Place::Inside;
            }
            (
                Place::Inside
                | Place::AfterEnd
                | Place::SetStatement
                | Place::Declare
                | Place::Handler
                | Place::Condition
                | Place::ConditionState
                | Place::ConditionNot,
                _,
            ) => {}
        }
    }

    /// A string, a number, a quoted name or a variable.
    fn operand(&mut self, kind: TokenKind) {
        self.place = match self.place {
            Place::Header(header) => return self.header_operand(header, kind),
            // A label may be quoted.
            Place::Start if kind == TokenKind::QuotedIdentifier => Place::Label,
            Place::Start
            | Place::Label
            | Place::Inside
            | Place::Begin(_)
            | Place::Set
            | Place::ConditionEnd => Place::Inside,
            Place::Condition | Place::ConditionState | Place::ConditionNot => Place::ConditionEnd,
            Place::AfterEnd | Place::SetStatement | Place::Declare | Place::Handler => self.place,
        };
    }
}

/// Whether an operand must follow a keyword in an expression.
fn expects_operand(word: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "when", "then", "else", "case", "and", "or", "xor", "not", "div", "mod", "between", "like",
        "in", "is", "regexp", "rlike", "binary", "interval", "until", "return",
    ];
    KEYWORDS.contains(&word)
}
