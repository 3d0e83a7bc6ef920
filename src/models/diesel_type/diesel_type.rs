//! A type as it stands in a `table!`.

use std::fmt;

/// The SQL type of a column in the words of Diesel: `Nullable<Text>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DieselType {
    /// A type by its name, of Diesel's or a project's own, without the path before it: `Int4`.
    Plain(String),
    /// `Nullable<…>`.
    Nullable(Box<DieselType>),
    /// `Array<…>` of PostgreSQL.
    Array(Box<DieselType>),
    /// `Unsigned<…>` of MySQL.
    Unsigned(Box<DieselType>),
    /// `Range<…>` of PostgreSQL.
    Range(Box<DieselType>),
    /// `Multirange<…>` of PostgreSQL.
    Multirange(Box<DieselType>),
    /// `Record<(…)>` of PostgreSQL.
    Record(Vec<DieselType>),
}

impl DieselType {
    /// A type by its name.
    pub fn plain(name: impl Into<String>) -> Self {
        Self::Plain(name.into())
    }

    /// The same type, which may be NULL.
    #[must_use]
    pub fn nullable(self) -> Self {
        Self::Nullable(Box::new(self))
    }

    /// Whether it may be NULL.
    #[must_use]
    pub fn is_nullable(&self) -> bool {
        matches!(self, Self::Nullable(_))
    }

    /// The type without the `Nullable` round it, so that type and nullability can be compared apart.
    #[must_use]
    pub fn not_null(&self) -> &Self {
        match self {
            Self::Nullable(inner) => inner.not_null(),
            Self::Plain(_)
            | Self::Array(_)
            | Self::Unsigned(_)
            | Self::Range(_)
            | Self::Multirange(_)
            | Self::Record(_) => self,
        }
    }

    /// The innermost name, where there is one: `Text` of `Nullable<Array<Nullable<Text>>>`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Plain(name) => Some(name),
            Self::Nullable(inner)
            | Self::Array(inner)
            | Self::Unsigned(inner)
            | Self::Range(inner)
            | Self::Multirange(inner) => inner.name(),
            Self::Record(_) => None,
        }
    }
}

/// As Rust source: `Nullable<Array<Nullable<Text>>>`.
impl fmt::Display for DieselType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(name) => f.write_str(name),
            Self::Nullable(inner) => write!(f, "Nullable<{inner}>"),
            Self::Array(inner) => write!(f, "Array<{inner}>"),
            Self::Unsigned(inner) => write!(f, "Unsigned<{inner}>"),
            Self::Range(inner) => write!(f, "Range<{inner}>"),
            Self::Multirange(inner) => write!(f, "Multirange<{inner}>"),
            Self::Record(fields) => {
                f.write_str("Record<(")?;
                for (index, field) in fields.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{field}")?;
                }
                // A tuple of one needs its comma.
                f.write_str(if fields.len() == 1 { ",)>" } else { ")>" })
            }
        }
    }
}
