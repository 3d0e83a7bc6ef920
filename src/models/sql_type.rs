//! The type that a new column gets, in the words of its server.
//!
//! It is written as the server prints it, so that a column that was made of it is no difference afterwards.

mod mysql;
mod postgres;
mod spelling;
mod sqlite;

use std::collections::BTreeMap;

use crate::schema::SqlType;
use crate::sql::{Dialect, Server};

use super::diesel_type::DieselType;
use super::error::{ModelsError, Problem};
use super::models::{DeclaredType, ModelColumn};

/// Tells the SQL type of a type of Diesel or of a project.
#[derive(Clone, Copy, Debug)]
pub struct SqlTypes<'a> {
    server: Server,
    declared: &'a [DeclaredType],
    written: &'a BTreeMap<String, String>,
}

/// What is asked of a type beside its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// `#[max_length = …]`.
    pub(super) max_length: Option<u64>,
    /// Whether the column is part of a key, where MySQL wants a length.
    pub(super) in_key: bool,
}

/// What a server makes of a name: a type, or nothing.
type Answer = Option<String>;

impl<'a> SqlTypes<'a> {
    /// The types of a server, with what the models declare (`sql_types`) and what the settings say
    /// (`types:`, which goes first): names of Rust, texts of SQL.
    #[must_use]
    pub fn new(
        server: Server,
        declared: &'a [DeclaredType],
        written: &'a BTreeMap<String, String>,
    ) -> Self {
        Self {
            server,
            declared,
            written,
        }
    }

    /// The type for a column; whether it may be NULL is not part of it.
    ///
    /// # Errors
    /// A type that nobody says anything about.
    pub fn of(self, column: &ModelColumn) -> Result<SqlType, ModelsError> {
        self.wanted(column, false)
    }

    /// The type for a column of a key.
    ///
    /// # Errors
    /// A type that nobody says anything about.
    pub fn of_key(self, column: &ModelColumn) -> Result<SqlType, ModelsError> {
        self.wanted(column, true)
    }

    fn wanted(self, column: &ModelColumn, in_key: bool) -> Result<SqlType, ModelsError> {
        let wanted = Wanted {
            max_length: column.max_length,
            in_key,
        };
        match self.find(column.diesel_type.not_null(), wanted) {
            Some(text) => Ok(SqlType(text)),
            None => Err(ModelsError::new(
                self.problem(&column.diesel_type),
                column.place.clone(),
            )),
        }
    }

    /// Whether it is a type that Diesel has for this server.
    pub(super) fn is_of_diesel(self, name: &str) -> bool {
        self.plain(name, Wanted::default()).is_some()
    }

    /// Whether the settings say something about the type or the one inside it.
    pub(super) fn is_written(self, diesel_type: &DieselType) -> bool {
        let inside = diesel_type
            .name()
            .is_some_and(|name| self.written.contains_key(name));
        inside || self.written(diesel_type.not_null()).is_some()
    }

    /// The text that the settings give for a type as a whole, as the server would print it.
    fn written(self, diesel_type: &DieselType) -> Option<String> {
        let text = self.written.get(&diesel_type.to_string())?;
        Some(spelling::printed(text, self.server))
    }

    /// What the models declare the innermost type to be.
    pub(super) fn declared(self, diesel_type: &DieselType) -> Option<&'a DeclaredType> {
        let name = diesel_type.name()?;
        let speaks = |one: &&DeclaredType| match self.server.dialect() {
            Dialect::Sqlite => one.sqlite.is_some(),
            Dialect::Postgres => one.postgres.is_some(),
            Dialect::Mysql => one.mysql.is_some(),
        };
        self.declared
            .iter()
            .filter(speaks)
            .find(|one| one.ident == name)
    }

    pub(super) fn find(self, diesel_type: &DieselType, wanted: Wanted) -> Answer {
        if let Some(text) = self.written(diesel_type) {
            return Some(text);
        }
        match diesel_type {
            DieselType::Nullable(inner) => self.find(inner, wanted),
            DieselType::Plain(name) => self
                .plain(name, wanted)
                .or_else(|| self.own(diesel_type, wanted)),
            DieselType::Array(inner) => {
                let inner = self.find(inner, wanted)?;
                postgres::array(self.server, inner)
            }
            DieselType::Unsigned(inner) => {
                let DieselType::Plain(name) = inner.not_null() else {
                    return None;
                };
                mysql::unsigned(self.server, name)
            }
            DieselType::Range(inner) => self.postgres(|| postgres::range(inner)),
            DieselType::Multirange(inner) => self.postgres(|| postgres::multirange(inner)),
            // A composite type has a name that is not in here.
            DieselType::Record(_) => None,
        }
    }

    fn postgres(self, answer: impl FnOnce() -> Answer) -> Answer {
        match self.server.dialect() {
            Dialect::Postgres => answer(),
            Dialect::Sqlite | Dialect::Mysql => None,
        }
    }

    /// A type of Diesel's own.
    fn plain(self, name: &str, wanted: Wanted) -> Answer {
        match self.server.dialect() {
            Dialect::Sqlite => sqlite::plain(name, wanted),
            Dialect::Postgres => postgres::plain(name, wanted),
            Dialect::Mysql => mysql::plain(self.server, name, wanted),
        }
    }

    /// A type that the models declare.
    fn own(self, diesel_type: &DieselType, wanted: Wanted) -> Answer {
        let declared = self.declared(diesel_type)?;
        match self.server.dialect() {
            Dialect::Sqlite => sqlite::declared(declared.sqlite.as_deref()?, wanted),
            Dialect::Postgres => Some(postgres::declared(declared.postgres.as_ref()?, wanted)),
            Dialect::Mysql => mysql::declared(self.server, declared.mysql.as_deref()?, wanted),
        }
    }

    fn problem(self, diesel_type: &DieselType) -> Problem {
        let values = self.server.dialect() == Dialect::Mysql
            && self
                .declared(diesel_type)
                .and_then(|one| one.mysql.as_deref())
                .is_some_and(mysql::has_values);
        let shown = diesel_type.not_null().to_string();
        if values {
            return Problem::UnknownValues { diesel_type: shown };
        }
        // What is round a type of Diesel is what this server does not have.
        let name = diesel_type
            .name()
            .filter(|name| !self.is_of_diesel(name))
            .map_or_else(|| shown.clone(), str::to_owned);
        Problem::UnknownType {
            diesel_type: shown,
            name,
            backend: self.server.dialect(),
        }
    }
}

#[cfg(test)]
mod tests;
