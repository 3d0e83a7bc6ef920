//! What is wrong with a dependency.

use std::path::PathBuf;

use crate::migration::finding::{Finding, Severity};
use crate::migration::version::Version;

/// A dependency that Diesel's order cannot honour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No migration has the version.
    Unknown {
        /// Who depends on it.
        name: String,
        /// Its directory.
        path: PathBuf,
        /// The version that nothing has.
        dependency: Version,
    },
    /// The dependency sorts after the migration, so that Diesel runs it too late.
    Order {
        /// Who depends on it.
        name: String,
        /// Its directory.
        path: PathBuf,
        /// The name of what it depends on.
        dependency: String,
    },
    /// Migrations that wait for each other.
    Cycle {
        /// The directory of the first of them.
        path: PathBuf,
        /// Their names, in the order of the dependencies; the first follows the last.
        names: Vec<String>,
    },
}

impl Fault {
    /// The version that is missing, where that is the fault.
    #[must_use]
    pub fn unknown(&self) -> Option<&Version> {
        match self {
            Self::Unknown { dependency, .. } => Some(dependency),
            Self::Order { .. } | Self::Cycle { .. } => None,
        }
    }

    /// The fault as a finding about the migration's metadata.toml.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let finding = |code, path: &PathBuf, message: String, hint: String| {
            Finding::new(
                Severity::Error,
                code,
                path.join("metadata.toml"),
                message,
                hint,
            )
        };
        match self {
            Self::Unknown {
                name,
                path,
                dependency,
            } => finding(
                "unknown-dependency",
                path,
                format!("`{name}` depends on {dependency}, and no folder has this version"),
                "bring its folder back, or name another version in `depends_on`".to_owned(),
            ),
            Self::Order {
                name,
                path,
                dependency,
            } => finding(
                "dependency-order",
                path,
                format!(
                    "`{name}` depends on `{dependency}`, which sorts after it; `diesel` would run it first"
                ),
                format!("give it a version after that one: manage rebase {name}"),
            ),
            Self::Cycle { path, names } => finding(
                "dependency-cycle",
                path,
                match names.as_slice() {
                    [only] => format!("`{only}` depends on itself"),
                    several => format!(
                        "{} depend on each other in a circle",
                        several
                            .iter()
                            .map(|name| format!("`{name}`"))
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                },
                "take one of them out of `depends_on`".to_owned(),
            ),
        }
    }
}
