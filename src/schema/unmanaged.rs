//! What was seen and is not compared.

use serde::Serialize;

use super::name::Name;

/// Objects of a kind that is left alone: listed, so that nobody believes they were compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unmanaged {
    /// The kind in the plural: `composite types`, `policies`, `virtual tables`, `events`.
    pub kind: String,
    /// Their names, sorted.
    pub names: Vec<Name>,
}
