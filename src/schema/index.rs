//! An index that is not the inside of a primary key or unique constraint.

use serde::Serialize;

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Whether it allows a value only once.
    pub unique: bool,
    /// `btree`, `gin`, `FULLTEXT` …; `None` is what everybody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What is indexed, in order.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE` of PostgreSQL.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// The condition of a partial index, as the server prints it, without outer parentheses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// `NULLS NOT DISTINCT` of PostgreSQL.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
    /// What stands in `WITH (…)`, or other options, as the server prints them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<String>,
    /// The comment on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexKey {
    /// What is indexed.
    #[serde(flatten)]
    pub part: KeyPart,
    /// From high to low.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
    /// Where NULLs are, where that is not what the direction implies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nulls: Option<Nulls>,
    /// The collation, where it is not the column's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// The operator class of PostgreSQL, where it is not the type's own, with its parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operators: Option<String>,
    /// How many characters of it, on MySQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
}

impl IndexKey {
    /// A column, from low to high.
    pub fn column(name: impl Into<String>) -> Self {
        Self::of(KeyPart::Column(name.into()))
    }

    /// An expression, from low to high.
    pub fn expression(text: impl Into<String>) -> Self {
        Self::of(KeyPart::Expression(text.into()))
    }

    fn of(part: KeyPart) -> Self {
        Self {
            part,
            descending: false,
            nulls: None,
            collation: None,
            operators: None,
            length: None,
        }
    }
}

/// What a key of an index is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPart {
    /// A column, by its name.
    Column(String),
    /// An expression, as the server prints it, without outer parentheses.
    Expression(String),
}

/// Where NULLs are in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// Before everything else.
    First,
    /// After everything else.
    Last,
}
