//! From `CREATE` to the body of a routine, a trigger, an event or a package.
//!
//! A header holds no semicolon, so it is enough to find where the body starts: at a word that
//! opens a block, or at one that starts a plain statement, which ends at its first semicolon.

use super::frame::Kind;
use super::{Compound, Place};
use crate::sql::lexer::TokenKind;

/// How far the header has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// After `CREATE` or `ALTER`, before the word that says what.
    Verb(Verb),
    /// After the `=` of `DEFINER = user`.
    Value(Verb),
    /// Before the name of the object.
    Name(Object),
    /// Between the name of a routine and its body.
    Routine {
        /// `RETURNS` was seen, so that `RETURN` is a statement.
        returns: bool,
        /// The last word was one after which `SET` belongs to a type.
        in_type: bool,
    },
    /// Between the name of a trigger and `FOR EACH ROW`.
    Trigger,
    /// After `EACH`.
    Each,
    /// After `FOLLOWS` or `PRECEDES`.
    OtherTrigger,
    /// Between the name of an event and `DO`.
    Event,
    /// Between the name of a package and its first item.
    Package,
    /// After the `AS` of a routine, at this byte: declarations, or the text of another language.
    As(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    Alter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Routine,
    Trigger,
    Event,
    Package,
}

impl Object {
    fn after_name(self) -> Header {
        match self {
            Self::Routine => Header::Routine {
                returns: false,
                in_type: false,
            },
            Self::Trigger => Header::Trigger,
            Self::Event => Header::Event,
            Self::Package => Header::Package,
        }
    }
}

/// Where a body of a trigger or an event starts; its rules are those of a routine.
const BODY: Header = Header::Routine {
    returns: true,
    in_type: false,
};

impl Compound {
    pub(super) fn header(&mut self, header: Header, word: &str, at: usize) {
        if self.brackets > 0 {
            return;
        }
        let next = match header {
            Header::Verb(verb) => {
                self.place = after_verb(verb, word);
                return;
            }
            Header::Value(verb) => Header::Verb(verb),
            Header::Name(object) => match (object, word) {
                (_, "if" | "not" | "exists") | (Object::Package, "body") => header,
                _ => object.after_name(),
            },
            Header::Routine { returns, in_type } => {
                self.routine(returns, in_type, word, at);
                return;
            }
            Header::Trigger if word == "each" => Header::Each,
            Header::Each if word == "row" => BODY,
            Header::Trigger | Header::Each => Header::Trigger,
            Header::OtherTrigger => BODY,
            Header::Event if word == "do" => BODY,
            Header::Event => Header::Event,
            Header::Package => {
                self.package(word, at);
                return;
            }
            Header::As(start) => {
                self.open(Kind::Declarations, start);
                self.start(word, at);
                return;
            }
        };
        self.place = Place::Header(next);
    }

    fn routine(&mut self, returns: bool, in_type: bool, word: &str, at: usize) {
        self.place = match word {
            "begin" | "if" | "case" | "loop" | "repeat" | "while" | "for" => {
                self.open_body(word, at);
                return;
            }
            "as" | "is" => Place::Header(Header::As(at)),
            "follows" | "precedes" => Place::Header(Header::OtherTrigger),
            "returns" => Place::Header(Header::Routine {
                returns: true,
                in_type: true,
            }),
            "char" | "character" => Place::Header(Header::Routine {
                returns,
                in_type: true,
            }),
            // `RETURNS SET('a', 'b')` and `CHARACTER SET utf8mb4` are types.
            "set" if in_type => Place::Header(Header::Routine {
                returns,
                in_type: false,
            }),
            // In Oracle mode `RETURN` stands where `RETURNS` does otherwise.
            "return" if !returns => Place::Header(header_of_return()),
            word if starts_plain_statement(word) => Place::Inside,
            _ => Place::Header(Header::Routine {
                returns,
                in_type: false,
            }),
        };
    }

    /// The body of a routine is one block; a `BEGIN` there is no transaction.
    fn open_body(&mut self, word: &str, at: usize) {
        if word == "begin" {
            self.open(Kind::Block, at);
        } else {
            self.start(word, at);
        }
    }

    fn package(&mut self, word: &str, at: usize) {
        match word {
            "as" | "is" => {
                self.open(Kind::Package, at);
            }
            "procedure" | "function" | "declare" | "begin" => {
                self.open(Kind::Package, at);
                self.start(word, at);
            }
            _ => {}
        }
    }

    pub(super) fn header_punctuation(&mut self, header: Header, text: &str) {
        let next = match header {
            Header::Verb(verb) if text == "=" => Header::Value(verb),
            Header::Routine { returns, .. } => Header::Routine {
                returns,
                in_type: false,
            },
            Header::Verb(_)
            | Header::Value(_)
            | Header::Name(_)
            | Header::Trigger
            | Header::Each
            | Header::OtherTrigger
            | Header::Event
            | Header::Package
            | Header::As(_) => header,
        };
        self.place = Place::Header(next);
    }

    /// A string, a number, a quoted name or a variable in a header.
    pub(super) fn header_operand(&mut self, header: Header, kind: TokenKind) {
        let next = match header {
            Header::Verb(verb) | Header::Value(verb) => Header::Verb(verb),
            Header::Name(object) => object.after_name(),
            Header::Routine { returns, .. } => Header::Routine {
                returns,
                in_type: false,
            },
            Header::OtherTrigger => BODY,
            Header::As(start) => {
                if kind == TokenKind::QuotedIdentifier {
                    self.open(Kind::Declarations, start);
                } else {
                    self.place = Place::Inside;
                }
                return;
            }
            Header::Trigger | Header::Each | Header::Event | Header::Package => header,
        };
        self.place = Place::Header(next);
    }
}

fn header_of_return() -> Header {
    Header::Routine {
        returns: false,
        in_type: true,
    }
}

/// What a word between `CREATE` or `ALTER` and the name makes of the statement.
fn after_verb(verb: Verb, word: &str) -> Place {
    let header = match (verb, word) {
        (_, "definer" | "current_user" | "current_role")
        | (Verb::Create, "or" | "replace" | "aggregate") => Header::Verb(verb),
        (Verb::Create, "procedure" | "function") => Header::Name(Object::Routine),
        (Verb::Create, "trigger") => Header::Name(Object::Trigger),
        (_, "event") => Header::Name(Object::Event),
        (Verb::Create, "package") => Header::Name(Object::Package),
        _ => return Place::Inside,
    };
    Place::Header(header)
}

/// Whether a word starts a statement that has no block of its own and cannot be part of a header.
fn starts_plain_statement(word: &str) -> bool {
    const WORDS: &str = "alter analyze binlog cache call change check checksum commit create \
        deallocate delete desc describe do drop execute explain fetch flush get grant handler help \
        insert install iterate kill leave load lock open optimize prepare purge rename repair \
        replace reset resignal return revoke rollback savepoint select set show shutdown signal \
        start stop truncate uninstall unlock update use values with xa";
    WORDS.split(' ').any(|statement| statement == word)
}
