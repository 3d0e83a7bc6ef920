//! Whether a file still says what it said.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::sql::{self, Dialect};

/// Two digests of one SQL text, in hexadecimal.
///
/// The raw one differs for any change. The normalised one stays the same when only line endings,
/// comments, white space or a last semicolon changed, so that a checkout on another system or a
/// mended comment is no edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// SHA-256 of the text as it is.
    pub raw: String,
    /// SHA-256 of the text as [`sql::normalize`] gives it.
    pub normalized: String,
}

impl Checksum {
    /// Computes both.
    #[must_use]
    pub fn of(text: &str, dialect: Dialect) -> Self {
        Self {
            raw: digest(text),
            normalized: digest(&sql::normalize(text, dialect)),
        }
    }
}

pub(super) fn digest(text: &str) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}
