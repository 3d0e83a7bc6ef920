//! Closed sets of words that settings and flags share.

use std::fmt;

/// A word that is none of the known ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownChoice {
    /// The words that would have been understood.
    pub known: Vec<&'static str>,
}

impl fmt::Display for UnknownChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "must be {}", one_of(&self.known))
    }
}

impl std::error::Error for UnknownChoice {}

/// `a`, `b` or `c`.
pub(crate) fn one_of<T: fmt::Display>(words: &[T]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// A type that is one of a few words.
pub(crate) trait Choice: Copy + Sized + 'static {
    /// Every value, in the order to show them.
    const VALUES: &'static [Self];

    /// The word for this value.
    fn word(self) -> &'static str;

    /// The value for a word.
    fn of(word: &str) -> Result<Self, UnknownChoice> {
        Self::VALUES
            .iter()
            .copied()
            .find(|value| value.word() == word)
            .ok_or_else(|| UnknownChoice {
                known: Self::VALUES.iter().map(|value| value.word()).collect(),
            })
    }
}

/// Declares an enum whose values have words, with `ALL`, `name`, `FromStr` and `Display`.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// Every value, in the order to show them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word for this value, in settings and on the command line.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl $crate::settings::choice::Choice for $name {
            const VALUES: &'static [Self] = Self::ALL;

            fn word(self) -> &'static str {
                self.name()
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::settings::choice::UnknownChoice;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                $crate::settings::choice::Choice::of(word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

pub(crate) use choice;
