//! The blocks that can be open in a body of MySQL or MariaDB.

use super::Place;

/// One open block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    /// The byte of the word that opened it.
    pub(super) start: usize,
}

/// What opened a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `BEGIN`.
    Block,
    If,
    /// `CASE` as a statement.
    Case,
    /// `CASE` inside an expression.
    Expression,
    Loop,
    Repeat {
        /// The condition of `UNTIL` has begun; `END` follows it without a semicolon.
        until: bool,
    },
    While {
        /// The condition is not over.
        head: bool,
    },
    For {
        /// The range is not over.
        head: bool,
    },
    /// `CREATE PACKAGE`, which holds routines.
    Package,
    /// Declarations before a `BEGIN`, in MariaDB's Oracle mode.
    Declarations,
}

impl Kind {
    /// What follows the word that opens the block.
    pub(super) fn starts_with(self) -> Place {
        match self {
            Self::Block | Self::Loop | Self::Repeat { .. } | Self::Package => Place::Start,
            Self::If
            | Self::Case
            | Self::Expression
            | Self::While { .. }
            | Self::For { .. }
            | Self::Declarations => Place::Inside,
        }
    }

    /// Whether it lists declarations and routines, to which a `BEGIN` may belong.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::Package | Self::Declarations)
    }

    /// The word that opens the block, as a person wrote it.
    pub(super) fn opener(self) -> &'static str {
        match self {
            Self::Block => "BEGIN",
            Self::If => "IF",
            Self::Case | Self::Expression => "CASE",
            Self::Loop => "LOOP",
            Self::Repeat { .. } => "REPEAT",
            Self::While { .. } => "WHILE",
            Self::For { .. } => "FOR",
            Self::Package => "PACKAGE",
            Self::Declarations => "DECLARE",
        }
    }
}
