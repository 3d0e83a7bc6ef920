//! What is wrong with a metadata.toml, and what Diesel makes of it.

use super::{DEPENDS_ON, MANAGE};
use crate::error::Explain;

/// One thing that is wrong with a metadata.toml, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct MetadataProblem {
    fault: MetadataFault,
    position: Option<(usize, usize)>,
}

impl MetadataProblem {
    /// Places a fault at a byte of the text.
    pub(super) fn at(text: &str, offset: usize, fault: MetadataFault) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        // No editor counts the byte order mark.
        let column = before[line_start..]
            .trim_start_matches('\u{feff}')
            .chars()
            .count()
            + 1;
        Self {
            fault,
            position: Some((line, column)),
        }
    }

    /// Tells of something that is nowhere in the file.
    pub(super) fn of_file(fault: MetadataFault) -> Self {
        Self {
            fault,
            position: None,
        }
    }

    /// What kind of mistake it is.
    pub fn fault(&self) -> &MetadataFault {
        &self.fault
    }

    /// The line and the column, from 1; nothing if the problem is what the file does not say.
    pub fn position(&self) -> Option<(usize, usize)> {
        self.position
    }

    /// The `run_in_transaction` that Diesel silently uses because of this problem, if it touches it.
    pub fn effective(&self) -> Option<bool> {
        match &self.fault {
            MetadataFault::NotUtf8
            | MetadataFault::Unparsable { .. }
            | MetadataFault::TransactionType { .. } => Some(true),
            MetadataFault::TransactionMissing { .. } => Some(false),
            MetadataFault::Type { .. }
            | MetadataFault::EmptyVersion
            | MetadataFault::UnknownKey { .. }
            | MetadataFault::TwoPlaces => None,
        }
    }

    /// Whether the author certainly meant something that is not read, so that running would be a
    /// guess: how the migration runs, or what it depends on.
    ///
    /// A file without `run_in_transaction` may have been meant as it is, and many projects have one.
    pub fn is_fatal(&self) -> bool {
        match &self.fault {
            MetadataFault::NotUtf8
            | MetadataFault::Unparsable { .. }
            | MetadataFault::TransactionType { .. }
            | MetadataFault::EmptyVersion => true,
            MetadataFault::Type { key, .. } => key == MANAGE || key.contains(DEPENDS_ON),
            MetadataFault::UnknownKey { nearest, .. } => *nearest == Some(DEPENDS_ON),
            MetadataFault::TransactionMissing { .. } | MetadataFault::TwoPlaces => false,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        let write_it = "write `run_in_transaction = true` (or `false`) as the first line";
        match &self.fault {
            MetadataFault::NotUtf8 => "save metadata.toml as UTF-8".to_owned(),
            MetadataFault::Unparsable { .. } => match self.position {
                Some((line, column)) => {
                    format!("mend metadata.toml at line {line}, column {column}")
                }
                None => "mend metadata.toml".to_owned(),
            },
            MetadataFault::TransactionMissing {
                instead: Some(instead),
            } => {
                format!("remove `{instead}` and {write_it}")
            }
            MetadataFault::TransactionType { .. }
            | MetadataFault::TransactionMissing { instead: None } => write_it.to_owned(),
            MetadataFault::Type { key, expected, .. } => format!("make `{key}` {expected}"),
            MetadataFault::EmptyVersion => "name a version, such as \"20260101120000\"".to_owned(),
            MetadataFault::UnknownKey {
                key,
                nearest: Some(nearest),
            } => {
                format!("did you mean `{nearest}`? rename `{key}`")
            }
            MetadataFault::UnknownKey { key, nearest: None } => format!("remove `{key}`"),
            MetadataFault::TwoPlaces => {
                "keep the `depends_on` below `[manage]` and remove the other".to_owned()
            }
        }
    }
}

impl Explain for MetadataProblem {
    fn hints(&self) -> Vec<String> {
        vec![self.hint()]
    }
}

/// The kinds of mistakes in a metadata.toml.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataFault {
    /// The content is not text.
    #[error("the file is not UTF-8; Diesel ignores it and runs the migration in a transaction")]
    NotUtf8,
    /// The text is not TOML.
    #[error(
        "not valid TOML ({message}); Diesel ignores the file and runs the migration in a transaction"
    )]
    Unparsable {
        /// What the parser says.
        message: String,
    },
    /// The value that Diesel reads is neither true nor false.
    #[error(
        "`run_in_transaction` is {found}, not true or false; Diesel ignores the file and runs the \
         migration in a transaction"
    )]
    TransactionType {
        /// The type of the value, with its article.
        found: &'static str,
    },
    /// The file is there, but not the key; Diesel then takes the opposite of what no file means.
    #[error("`run_in_transaction` is missing; Diesel runs the migration without a transaction")]
    TransactionMissing {
        /// A key that may have been meant.
        instead: Option<String>,
    },
    /// A value of ours has the wrong type; it is ignored.
    #[error("`{key}` is {found}, not {expected}")]
    Type {
        /// The key, with its table.
        key: String,
        /// The type that is needed, with its article.
        expected: &'static str,
        /// The type of the value, with its article.
        found: &'static str,
    },
    /// A dependency without a name; it is ignored.
    #[error("`depends_on` names an empty version")]
    EmptyVersion,
    /// A key of `[manage]` that means nothing.
    #[error("`manage.{key}` is not a known key")]
    UnknownKey {
        /// The key.
        key: String,
        /// A known key that looks like it.
        nearest: Option<&'static str>,
    },
    /// `depends_on` stands both at the top and below `[manage]`; the latter holds.
    #[error("`depends_on` stands in two places; the one below `[manage]` is used")]
    TwoPlaces,
}
