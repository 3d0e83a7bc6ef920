//! One text that is the same for equal schemas and for no others.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

/// How a manifest is made; another number wherever equal schemas would get other lines than before.
pub(super) const FORMAT: u8 = 1;

/// The digest of a schema, in 64 hexadecimal digits.
///
/// The first two say how it was made, so that what another version of this program recorded is never
/// taken for a change of the schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of the lines that say all about a schema.
    pub(super) fn of(lines: impl Iterator<Item = String>) -> Self {
        let mut digest = Sha256::new();
        for line in lines {
            digest.update(line.as_bytes());
            digest.update(b"\n");
        }
        let mut text = format!("{FORMAT:02x}{}", hexadecimal(&digest.finalize()));
        text.truncate(64);
        Self(text)
    }

    /// As it was recorded; `None` if it was made in another way than today's.
    #[must_use]
    pub fn recorded(text: &str) -> Option<Self> {
        let text = text.trim_end();
        let is_ours = text.len() == 64 && text.starts_with(&format!("{FORMAT:02x}"));
        is_ours.then(|| Self(text.to_owned()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As many digits as a person compares.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(2..14).unwrap_or_default()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}
