//! What a statement leaves in its session, and what is gone with it.

use std::fmt;

use super::TransactionControl;
use super::reader::{Piece, Reader};
use crate::sql::Dialect;
use crate::sql::lexer::{Lexer, TokenKind};

/// Something that is known to one session alone.
#[derive(Clone, Debug)]
pub enum SessionThing {
    /// A temporary table.
    Table(String),
    /// A variable of MySQL: its name with the `@`.
    Variable(String),
    /// A prepared statement.
    Prepared(String),
    /// The number that the newest row was given.
    RowNumber,
    /// Tables that MySQL keeps for it.
    Locks,
}

impl fmt::Display for SessionThing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(name) => write!(f, "the temporary table `{name}`"),
            Self::Variable(name) => write!(f, "the variable `{name}`"),
            Self::Prepared(name) => write!(f, "the prepared statement `{name}`"),
            Self::RowNumber => f.write_str("the number of the newest row"),
            Self::Locks => f.write_str("the locks of its tables"),
        }
    }
}

/// Names of these have no case, as far as a session goes.
impl PartialEq for SessionThing {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Table(one), Self::Table(other))
            | (Self::Variable(one), Self::Variable(other))
            | (Self::Prepared(one), Self::Prepared(other)) => {
                bare(one).eq_ignore_ascii_case(bare(other))
            }
            (Self::RowNumber, Self::RowNumber) | (Self::Locks, Self::Locks) => true,
            (_, _) => false,
        }
    }
}

impl Eq for SessionThing {}

fn bare(name: &str) -> &str {
    name.trim_matches(['`', '"', '\'', '@'])
}

/// What tells the number of the newest row.
const ROW_NUMBERS: &[&str] = &[
    "LAST_INSERT_ID",
    "@@LAST_INSERT_ID",
    "@@IDENTITY",
    "LAST_INSERT_ROWID",
    "LASTVAL",
    "CURRVAL",
];

/// Functions that say the same in any session, of the same arguments.
const PURE: &[&str] = &[
    "CAST",
    "COALESCE",
    "CONCAT",
    "CONCAT_WS",
    "CONVERT",
    "DATABASE",
    "IF",
    "IFNULL",
    "LOWER",
    "NULLIF",
    "QUOTE",
    "REPLACE",
    "SCHEMA",
    "TRIM",
    "UPPER",
    "VERSION",
];

/// What is another value each time, without a bracket.
const FLEETING: &[&str] = &[
    "SELECT",
    "NEXT",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "UTC_DATE",
    "UTC_TIME",
    "UTC_TIMESTAMP",
    "@@TIMESTAMP",
    "@@ROW_COUNT",
    "@@ERROR_COUNT",
    "@@WARNING_COUNT",
];

/// What one statement has to do with what only its session knows.
#[derive(Clone, Debug, Default)]
pub(super) struct SessionUse {
    /// What it leaves there.
    pub(super) makes: Vec<SessionThing>,
    /// What it takes away.
    pub(super) forgets: Vec<SessionThing>,
    /// Whether it does so only where that is there.
    pub(super) forgives: bool,
    /// Whether running it once more in another session leaves the same.
    pub(super) is_constant: bool,
    /// Whether it changes nothing but the session.
    pub(super) is_within: bool,
    /// Whether it does more to the session than to make what is listed.
    pub(super) sets_more: bool,
}

impl SessionUse {
    pub(super) fn of(text: &str, dialect: Dialect) -> Self {
        let mut reader = Reader::new(text, dialect);
        let Some(head) = reader.next() else {
            return Self::default();
        };
        if head.is("CREATE") {
            return Self {
                makes: temporary(reader).into_iter().collect(),
                ..Self::default()
            };
        }
        if head.is("DROP") && dialect == Dialect::Mysql && reader.eat("PREPARE")
            || head.is("DEALLOCATE")
        {
            reader.eat("PREPARE");
            return Self {
                forgets: prepared(reader),
                is_within: true,
                ..Self::default()
            };
        }
        if head.is("DROP") {
            return dropped(reader);
        }
        if head.is("PREPARE") && !reader.sees("TRANSACTION") {
            return Self {
                makes: prepared(reader),
                is_constant: true,
                is_within: true,
                ..Self::default()
            };
        }
        if dialect == Dialect::Mysql && super::locks_tables(text) {
            return Self {
                makes: vec![SessionThing::Locks],
                is_constant: true,
                is_within: true,
                ..Self::default()
            };
        }
        let is_session = super::concerns_session(text, dialect);
        // A transaction gives them back too.
        let control = super::transaction_control(text, dialect);
        if dialect == Dialect::Mysql
            && (super::unlocks_tables(text) || control == Some(TransactionControl::Begin))
        {
            return Self {
                forgets: vec![SessionThing::Locks],
                forgives: true,
                ..Self::default()
            };
        }
        let mut found = Self {
            is_within: is_session,
            sets_more: is_session,
            ..Self::default()
        };
        if dialect == Dialect::Mysql {
            found.variables(head, text);
        }
        if head.is_any(&["INSERT", "REPLACE"]) {
            found.makes.push(SessionThing::RowNumber);
        }
        found
    }

    /// The variables of MySQL that a statement assigns.
    fn variables(&mut self, head: Piece<'_>, text: &str) {
        let is_set = head.is("SET");
        let pieces: Vec<&str> = Reader::new(text, Dialect::Mysql)
            .map(|piece| piece.text)
            .collect();
        let mut targets = 0;
        let mut depth = 0_usize;
        let mut is_filled = false;
        for (place, piece) in pieces.iter().enumerate() {
            match *piece {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            let next = pieces.get(place + 1).copied().unwrap_or_default();
            // What is set stands at the beginning of each part.
            if is_set && depth == 0 && (next == "=" || next == ":=" || next == ":") {
                targets += 1;
            }
            if piece.eq_ignore_ascii_case("INTO") && next.starts_with('@') {
                is_filled = true;
            } else if !piece.starts_with('@') && *piece != "," {
                is_filled = false;
            }
            if !is_variable(piece) {
                continue;
            }
            let is_assigned = next == ":=" || next == ":" || is_set && depth == 0 && next == "=";
            // A procedure may give its arguments back.
            if is_assigned || is_filled || head.is("CALL") {
                self.makes.push(SessionThing::Variable((*piece).to_owned()));
            }
        }
        self.is_constant = is_constant(&pieces);
        if is_set {
            self.sets_more = targets == 0 || targets > self.makes.len();
        }
        self.is_within |= head.is("SELECT") && !self.makes.is_empty();
    }
}

fn is_variable(piece: &str) -> bool {
    piece.starts_with('@') && !piece.starts_with("@@")
}

fn is_constant(pieces: &[&str]) -> bool {
    let is_word = |piece: &str| {
        piece.starts_with(|first: char| first.is_alphabetic() || "_`".contains(first))
    };
    let among =
        |words: &[&str], piece: &str| words.iter().any(|word| word.eq_ignore_ascii_case(piece));
    !pieces.iter().enumerate().any(|(place, piece)| {
        among(FLEETING, piece)
            || *piece == "("
                && place
                    .checked_sub(1)
                    .and_then(|before| pieces.get(before))
                    .is_some_and(|before| is_word(before) && !among(PURE, before))
    })
}

fn temporary(mut reader: Reader<'_>) -> Option<SessionThing> {
    reader.eat_all(&["OR", "REPLACE"]);
    reader.eat_any(&["GLOBAL", "LOCAL"]);
    if !reader.eat_any(&["TEMP", "TEMPORARY"]) || !reader.eat_any(&["TABLE", "VIEW"]) {
        return None;
    }
    reader.eat_all(&["IF", "NOT", "EXISTS"]);
    let name = reader.object_name()?;
    Some(SessionThing::Table(name.name))
}

fn prepared(mut reader: Reader<'_>) -> Vec<SessionThing> {
    let name = reader.identifier();
    name.map(SessionThing::Prepared).into_iter().collect()
}

/// A temporary table hides one of the same name that stays, so what drops it need not say which it means.
fn dropped(mut reader: Reader<'_>) -> SessionUse {
    reader.eat("TEMPORARY");
    let mut found = SessionUse::default();
    if !reader.eat_any(&["TABLE", "TABLES", "VIEW"]) {
        return found;
    }
    found.forgives = reader.eat_all(&["IF", "EXISTS"]);
    while let Some(name) = reader.object_name() {
        found.forgets.push(SessionThing::Table(name.name));
        if !reader.eat_punctuation(",") {
            break;
        }
    }
    found
}

impl SessionThing {
    /// Whether a statement needs it to be there.
    pub(super) fn is_used_by(&self, text: &str, known: &SessionUse, dialect: Dialect) -> bool {
        let named = match self {
            Self::Locks => {
                return !known.makes.contains(self) && !known.forgets.contains(self);
            }
            Self::Table(name) => mentions(text, dialect, |word| is_name(word, name)),
            // A column may be called like a variable.
            Self::Variable(name) => mentions(text, dialect, |word| {
                is_variable(word) && is_name(word, name)
            }),
            Self::Prepared(name) => {
                let mut reader = Reader::new(text, dialect);
                let is_run = reader.next().is_some_and(|head| head.is("EXECUTE"));
                return is_run
                    && reader
                        .identifier()
                        .is_some_and(|run| run.eq_ignore_ascii_case(name));
            }
            Self::RowNumber => mentions(text, dialect, |word| {
                ROW_NUMBERS.iter().any(|name| is_name(word, name))
            }),
        };
        let own = known
            .makes
            .iter()
            .chain(&known.forgets)
            .filter(|thing| *thing == self && *thing != &Self::RowNumber)
            .count();
        named > own || named > 0 && Reader::new(text, dialect).eat("CALL")
    }
}

fn is_name(word: &str, name: &str) -> bool {
    bare(word).eq_ignore_ascii_case(bare(name))
}

/// How many words of a statement are meant; the body of a function is one token, and its words are read.
fn mentions(text: &str, dialect: Dialect, is_meant: impl Fn(&str) -> bool) -> usize {
    Lexer::new(text, dialect)
        .flatten()
        .map(|token| {
            let word = token.text(text);
            match token.kind {
                TokenKind::String => 0,
                TokenKind::DollarQuoted => word
                    .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                    .filter(|word| is_meant(word))
                    .count(),
                TokenKind::Word
                | TokenKind::QuotedIdentifier
                | TokenKind::Parameter
                | TokenKind::Whitespace
                | TokenKind::Comment
                | TokenKind::ExecutableStart
                | TokenKind::ExecutableEnd
                | TokenKind::Number
                | TokenKind::Semicolon
                | TokenKind::Punctuation => usize::from(is_meant(word)),
            }
        })
        .sum()
}

/// Whether a statement drops tables, and nothing else.
#[must_use]
pub fn drops_tables(text: &str, dialect: Dialect) -> bool {
    let mut reader = Reader::new(text, dialect);
    let drops = reader.eat("DROP");
    reader.eat("TEMPORARY");
    drops && reader.eat_any(&["TABLE", "TABLES"])
}

/// Whether what a statement does is gone with its session.
#[must_use]
pub fn stays_in_session(text: &str, dialect: Dialect) -> bool {
    let found = SessionUse::of(text, dialect);
    found.is_within
        || found.makes.iter().any(|thing| match thing {
            SessionThing::Table(_) => true,
            SessionThing::Variable(_)
            | SessionThing::Prepared(_)
            | SessionThing::RowNumber
            | SessionThing::Locks => false,
        })
}

/// The database that a statement of MySQL changes to.
#[must_use]
pub fn used_database(text: &str) -> Option<String> {
    let mut reader = Reader::new(text, Dialect::Mysql);
    reader.eat("USE").then(|| reader.identifier()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What it leaves, and `*` where running it again leaves the same.
    fn left(text: &str, dialect: Dialect) -> String {
        let found = SessionUse::of(text, dialect);
        let mut things: Vec<_> = found.makes.iter().map(ToString::to_string).collect();
        if found.is_constant {
            things.push("*".to_owned());
        }
        things.join(", ")
    }

    #[test]
    fn what_a_session_knows_is_left_by_statements() {
        let mysql = |text| left(text, Dialect::Mysql);
        assert_eq!(
            mysql("CREATE TEMPORARY TABLE t (a int)"),
            "the temporary table `t`"
        );
        assert_eq!(
            mysql("SET @a = (SELECT max(id) FROM t)"),
            "the variable `@a`"
        );
        assert_eq!(
            mysql("SELECT a, b INTO @a, @b FROM t"),
            "the variable `@a`, the variable `@b`"
        );
        assert_eq!(
            mysql("SET @a = 1, @b = 'x'"),
            "the variable `@a`, the variable `@b`, *"
        );
        assert_eq!(
            mysql("SET @sql = CONCAT('DROP TABLE ', @t)"),
            "the variable `@sql`, *"
        );
        assert_eq!(mysql("SET @now = NOW()"), "the variable `@now`");
        assert_eq!(mysql("SET @now = CURRENT_TIMESTAMP"), "the variable `@now`");
        assert_eq!(mysql("CALL p(1, @out)"), "the variable `@out`");
        assert_eq!(mysql("SET sql_mode = ''"), "*");
        assert_eq!(
            mysql("PREPARE s FROM @sql"),
            "the prepared statement `s`, *"
        );
        assert_eq!(mysql("CREATE TABLE t (a int)"), "");
        assert_eq!(
            mysql("INSERT INTO t VALUES (count(*))"),
            "the number of the newest row"
        );
        assert_eq!(
            left("CREATE TEMP TABLE t (a int)", Dialect::Sqlite),
            "the temporary table `t`"
        );
    }

    #[track_caller]
    fn uses(thing: &SessionThing, text: &str) -> bool {
        let known = SessionUse::of(text, Dialect::Mysql);
        thing.is_used_by(text, &known, Dialect::Mysql)
    }

    #[test]
    fn a_thing_is_used_by_its_name() {
        let table = SessionThing::Table("ids".to_owned());
        assert!(uses(&table, "INSERT INTO t SELECT * FROM `ids`"));
        assert!(!uses(&table, "INSERT INTO t SELECT ids2 FROM x"));
        assert!(!uses(&table, "DROP TEMPORARY TABLE ids"));
        assert!(uses(
            &table,
            "CREATE TEMPORARY TABLE x AS SELECT 1 FROM ids"
        ));
        let variable = SessionThing::Variable("@a".to_owned());
        assert!(uses(&variable, "UPDATE t SET x = @A"));
        assert!(uses(&variable, "SET @a = @a + 1"));
        assert!(!uses(&variable, "SET @a = 1"));
        assert!(!uses(&variable, "CREATE TABLE t (a INT)"));
        let prepared = SessionThing::Prepared("s".to_owned());
        assert!(uses(&prepared, "EXECUTE s USING @a"));
        assert!(!uses(&prepared, "PREPARE s FROM 'SELECT 1'"));
        assert!(!uses(&prepared, "INSERT INTO s VALUES (1)"));
        let number = SessionThing::RowNumber;
        assert!(uses(&number, "INSERT INTO t VALUES (last_insert_id())"));
        assert!(uses(&number, "SET @id = @@identity"));
        assert!(!uses(&number, "INSERT INTO t VALUES ('LAST_INSERT_ID')"));
    }

    #[test]
    fn a_use_names_its_database() {
        assert_eq!(used_database("USE `other`"), Some("other".to_owned()));
        assert_eq!(used_database("UPDATE t SET a = 1"), None);
    }
}
