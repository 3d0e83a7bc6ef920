//! A text that must not reach the screen.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What a hidden text looks like.
pub(crate) const HIDDEN: &str = "***";

/// A password: its `Display` and `Debug` print `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one who connects.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Replaces every occurrence of the text, plain or percent-encoded, by `***`.
    ///
    /// Client libraries repeat connection strings in their errors; this is for those.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        let encoded = utf8_percent_encode(&self.0, NON_ALPHANUMERIC).to_string();
        text.replace(&self.0, HIDDEN).replace(&encoded, HIDDEN)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_stars() {
        let secret = Secret::new("hunter2");
        assert_eq!(
            format!("{secret} {secret:?} {:?}", Some(&secret)),
            "*** *** Some(***)"
        );
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn scrubbing_finds_the_plain_and_the_encoded_form() {
        assert_eq!(
            Secret::new("p@ss/word").scrub("no such host: postgres://u:p%40ss%2Fword@h, p@ss/word"),
            "no such host: postgres://u:***@h, ***"
        );
    }

    #[test]
    fn an_empty_secret_scrubs_nothing() {
        assert_eq!(Secret::new("").scrub("text"), "text");
    }
}
