//! How what is written in one place lies over what is written in another: a profile over the
//! settings, a connection over the one it merges with `<<`.

use serde::{Deserialize, Deserializer};

/// Something that can be laid over another of its kind.
pub(crate) trait Overlay {
    /// What holds when `self` is laid over `base`.
    #[must_use]
    fn over(self, base: Self) -> Self;
}

/// The value of a key that may be absent, or present with nothing in it.
///
/// A key with nothing in it hides the value below it, which is how a profile takes one away.
#[derive(Clone, Debug, Default)]
pub(crate) enum Given<T> {
    /// The key is not there.
    #[default]
    Absent,
    /// The key is there, its value is null.
    Null,
    /// The key has a value.
    Value(T),
}

impl<T> Given<T> {
    pub(crate) fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    pub(crate) fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }
}

impl<T: Overlay> Overlay for Given<T> {
    fn over(self, base: Self) -> Self {
        match (self, base) {
            (Self::Absent, base) => base,
            (Self::Null, _) => Self::Null,
            (Self::Value(value), Self::Value(base)) => Self::Value(value.over(base)),
            (Self::Value(value), Self::Absent | Self::Null) => Self::Value(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::deserialize(deserializer)? {
            Some(value) => Self::Value(value),
            None => Self::Null,
        })
    }
}
