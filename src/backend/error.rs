//! What a server said when it refused.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::error::Explain;

/// An error of a server or of the connection to it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct DatabaseError {
    /// What the server said, without its own prefix.
    pub message: String,
    /// What more the server said: detail and hint, in that order.
    pub details: Vec<String>,
    /// Where in the statement, in characters from 1, if the server tells.
    pub position: Option<usize>,
    /// What class of thing went wrong, as far as it matters to us.
    pub class: ErrorClass,
}

/// Classes of server errors that are treated differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// The connection is gone.
    Lost,
    /// The server, the transaction or the file may only be read.
    ReadOnly,
    /// The role lacks a right.
    Permission,
    /// Somebody else holds a lock that was needed.
    Locked,
    /// Somebody else and we waited for each other, and the server broke us off.
    Deadlock,
    /// A statement took longer than it may.
    TimedOut,
    /// A row with this key exists.
    Duplicate,
    /// The file is not a database, or is damaged.
    NotADatabase,
    /// The disk has no room left.
    Full,
    /// The lock on the database is not ours any more.
    LockLost,
    /// Everything else: the statement itself, mostly.
    Statement,
}

impl ErrorClass {
    /// Whether the same may succeed a moment later, for all that was wrong is what others did meanwhile.
    pub fn may_pass(self) -> bool {
        match self {
            Self::Locked | Self::Deadlock => true,
            Self::Lost
            | Self::ReadOnly
            | Self::Permission
            | Self::TimedOut
            | Self::Duplicate
            | Self::NotADatabase
            | Self::Full
            | Self::LockLost
            | Self::Statement => false,
        }
    }
}

impl DatabaseError {
    /// An error with a message of our own.
    pub fn new(class: ErrorClass, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            details: Vec::new(),
            position: None,
            class,
        }
    }
}

impl From<DieselError> for DatabaseError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, information) = error else {
            // Everything else is the library's own; its words are all there is.
            return Self::new(ErrorClass::Statement, error.to_string());
        };
        let message = information.message().trim().to_owned();
        let mut details = Vec::new();
        if let Some(detail) = information.details() {
            details.push(format!("the server adds: {detail}"));
        }
        if let Some(hint) = information.hint() {
            details.push(format!("the server hints: {hint}"));
        }
        Self {
            class: classify(kind, &message),
            position: information
                .statement_position()
                .and_then(|position| usize::try_from(position).ok()),
            message,
            details,
        }
    }
}

/// Diesel passes no SQLSTATE on, so what its kinds do not tell is read from the words, which neither
/// server translates by default.
fn classify(kind: DatabaseErrorKind, message: &str) -> ErrorClass {
    const WORDS: &[(&str, ErrorClass)] = &[
        ("read-only", ErrorClass::ReadOnly),
        ("readonly database", ErrorClass::ReadOnly),
        ("permission denied", ErrorClass::Permission),
        ("must be owner of", ErrorClass::Permission),
        ("command denied to user", ErrorClass::Permission),
        ("access denied for user", ErrorClass::Permission),
        ("database is locked", ErrorClass::Locked),
        ("database table is locked", ErrorClass::Locked),
        ("lock timeout", ErrorClass::Locked),
        ("lock wait timeout", ErrorClass::Locked),
        ("deadlock", ErrorClass::Deadlock),
        ("could not obtain lock", ErrorClass::Locked),
        ("could not serialize access", ErrorClass::Locked),
        ("statement timeout", ErrorClass::TimedOut),
        ("max_statement_time exceeded", ErrorClass::TimedOut),
        (
            "maximum statement execution time exceeded",
            ErrorClass::TimedOut,
        ),
        ("file is not a database", ErrorClass::NotADatabase),
        ("disk image is malformed", ErrorClass::NotADatabase),
        ("disk is full", ErrorClass::Full),
        ("disk full", ErrorClass::Full),
        ("no space left on device", ErrorClass::Full),
        ("connection closed", ErrorClass::Lost),
        ("connection reset", ErrorClass::Lost),
        ("broken pipe", ErrorClass::Lost),
        ("connection to the server is closed", ErrorClass::Lost),
        ("peer closed connection", ErrorClass::Lost),
        ("terminating connection", ErrorClass::Lost),
        ("server has gone away", ErrorClass::Lost),
        ("connection was killed", ErrorClass::Lost),
    ];
    if matches!(kind, DatabaseErrorKind::UniqueViolation) {
        return ErrorClass::Duplicate;
    }
    if matches!(kind, DatabaseErrorKind::ReadOnlyTransaction) {
        return ErrorClass::ReadOnly;
    }
    if matches!(
        kind,
        DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection
    ) {
        return ErrorClass::Lost;
    }
    let lower = message.to_lowercase();
    WORDS
        .iter()
        .find(|(words, _)| lower.contains(words))
        .map_or(ErrorClass::Statement, |(_, class)| *class)
}

impl Explain for DatabaseError {
    fn details(&self) -> Vec<String> {
        self.details.clone()
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self.class {
            ErrorClass::Lost => "check that the server is up, then run the same command again",
            ErrorClass::ReadOnly => {
                "this is a read-only server, role or file; point the connection's `url` at the one that can be written"
            }
            ErrorClass::Permission => {
                "connect as the owner of the tables, or have the right granted to this role"
            }
            ErrorClass::Locked => {
                "another program is writing; wait for it, then run the same command again"
            }
            ErrorClass::Deadlock => {
                "another session and this one waited for each other; run the same command again, or have it tried again by itself (`lock_retries` of the connection)"
            }
            ErrorClass::TimedOut => {
                "give it more time (`statement_timeout` of the connection), or do less in one statement"
            }
            ErrorClass::NotADatabase => "the file is left as it was; check the connection's `url`",
            ErrorClass::Full => "free some space on the disk, then run the same command again",
            ErrorClass::Duplicate | ErrorClass::LockLost | ErrorClass::Statement => {
                return Vec::new();
            }
        };
        vec![hint.to_owned()]
    }
}
