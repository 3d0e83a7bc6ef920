//! What is kept by its definition: views and routines.

use serde::Serialize;

use super::column::Column;
use super::index::Index;
use super::name::Name;
use super::table::Trigger;

/// A view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct View {
    /// Its name.
    pub name: Name,
    /// What it selects: the text after `AS`, without a `;` at its end.
    pub definition: String,
    /// Whether its rows are stored.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub materialized: bool,
    /// Its columns, as the server tells them: names, types.
    pub columns: Vec<Column>,
    /// Its indexes, if it is materialized.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// Its triggers, which stand `INSTEAD OF` what is done to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
    /// What stands between its name and `AS` (a list of columns, `WITH (…)`), or else before `VIEW`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<String>,
    /// The tables and views that it reads, sorted, as far as the server tells.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Name>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A function or a procedure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Routine {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub kind: RoutineKind,
    /// The types of its arguments, which tell routines of one name apart; empty where there are no such.
    pub arguments: String,
    /// The whole `CREATE` statement, as the server prints it, without a `;` at its end.
    pub definition: String,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// What a routine is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutineKind {
    /// It has a value.
    #[default]
    Function,
    /// It is called.
    Procedure,
}
