//! The answers: from flags, or from a person.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Explain, Kind};
use crate::models::Join;
use crate::schema::Name;
use crate::schema::change::RenamedColumn;

/// What is known so far. Tables are named as they are called afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Tables that are called otherwise: the old name, the new one.
    pub renamed_tables: Vec<(Name, Name)>,
    /// Columns that are called otherwise.
    pub renamed_columns: Vec<RenamedColumn>,
    /// That nothing is renamed but what is named above.
    pub no_rename: bool,
    /// Tables, and columns as `table.column`, that are new and not an old one renamed.
    pub new: BTreeSet<String>,
    /// What existing rows get, by table and column.
    pub fills: BTreeMap<(Name, String), Fill>,
    /// How a value becomes another type, by table and column: an SQL expression.
    pub casts: BTreeMap<(Name, String), String>,
    /// What becomes of an enum value, by owner and value.
    pub enum_values: BTreeMap<(Name, String), String>,
    /// Whether a column that the models join by, as `table.column`, is a foreign key.
    pub foreign_keys: BTreeMap<String, bool>,
    /// That every drop is meant.
    pub allow_any_drop: bool,
    /// Tables, columns as `table.column` and enum values as `type.value` that are meant to go.
    pub allow_drop: BTreeSet<String>,
}

/// What existing rows get in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// The value of an SQL expression.
    Value(String),
    /// Nothing: the column may be NULL, whatever the models say.
    Nullable,
    /// Nothing: there is no row that needs it, and the migration fails where there is.
    None,
}

impl Answers {
    /// Whether a join means a foreign key; `None` where nobody has said.
    #[must_use]
    pub fn foreign_key(&self, join: &Join) -> Option<bool> {
        self.foreign_keys
            .get(&format!("{}.{}", join.child, join.column))
            .copied()
    }

    /// Whether the drop of a thing is meant.
    pub(super) fn allows_drop(&self, thing: &str) -> bool {
        self.allow_any_drop
            || self.allow_drop.contains(thing)
            // Who lets a table go lets its columns go.
            || thing
                .rsplit_once('.')
                .is_some_and(|(table, _)| self.allow_drop.contains(table))
    }

    /// Reads `table.column:new`.
    ///
    /// # Errors
    /// It is not of that form.
    pub fn rename_column(&mut self, text: &str) -> Result<(), AnswerError> {
        let wrong = || AnswerError::new("--rename", text, "table.column:new_name");
        let (from, to) = text.split_once(':').ok_or_else(wrong)?;
        let (table, from) = column(from).ok_or_else(wrong)?;
        if to.is_empty() {
            return Err(wrong());
        }
        self.renamed_columns.push(RenamedColumn {
            table,
            from,
            to: to.to_owned(),
        });
        Ok(())
    }

    /// Reads `table:new`.
    ///
    /// # Errors
    /// It is not of that form.
    pub fn rename_table(&mut self, text: &str) -> Result<(), AnswerError> {
        let wrong = || AnswerError::new("--rename-table", text, "table:new_name");
        let (from, to) = text.split_once(':').ok_or_else(wrong)?;
        if from.is_empty() || to.is_empty() {
            return Err(wrong());
        }
        let from = Name::parse(from);
        let mut to = Name::parse(to);
        // A table stays in its schema unless another one is named.
        if to.namespace.is_none() {
            to.namespace.clone_from(&from.namespace);
        }
        self.renamed_tables.push((from, to));
        Ok(())
    }

    /// Reads `table.column=expression` for a value that rows get.
    ///
    /// # Errors
    /// It is not of that form.
    pub fn fill(&mut self, text: &str) -> Result<(), AnswerError> {
        let (at, value) = assignment("--fill", text, "table.column=expression")?;
        self.fills.insert(at, Fill::Value(value));
        Ok(())
    }

    /// Reads `table.column`, which gets no value: it may be NULL, or is none in any row.
    ///
    /// # Errors
    /// It is not of that form.
    pub fn unfilled(
        &mut self,
        flag: &'static str,
        text: &str,
        fill: Fill,
    ) -> Result<(), AnswerError> {
        let at = column(text).ok_or_else(|| AnswerError::new(flag, text, "table.column"))?;
        self.fills.insert(at, fill);
        Ok(())
    }

    /// Reads `table.column=expression` for a change of type.
    ///
    /// # Errors
    /// It is not of that form.
    pub fn cast(&mut self, text: &str) -> Result<(), AnswerError> {
        let (at, expression) = assignment("--cast", text, "table.column=expression")?;
        self.casts.insert(at, expression);
        Ok(())
    }

    /// Reads `type.value=other`, or `table.column.value=other` for an enum column.
    ///
    /// # Errors
    /// It is not of that form.
    pub fn enum_value(&mut self, text: &str) -> Result<(), AnswerError> {
        let (at, other) = assignment("--enum-value", text, "type.value=other_value")?;
        self.enum_values.insert(at, other);
        Ok(())
    }
}

/// Reads `table.column` or `schema.table.column`.
fn column(text: &str) -> Option<(Name, String)> {
    let (table, column) = text.rsplit_once('.')?;
    (!table.is_empty() && !column.is_empty()).then(|| (Name::parse(table), column.to_owned()))
}

fn assignment(
    flag: &'static str,
    text: &str,
    form: &'static str,
) -> Result<((Name, String), String), AnswerError> {
    let wrong = || AnswerError::new(flag, text, form);
    let (at, value) = text.split_once('=').ok_or_else(wrong)?;
    let at = column(at.trim()).ok_or_else(wrong)?;
    let value = value.trim();
    if value.is_empty() {
        return Err(wrong());
    }
    Ok((at, value.to_owned()))
}

/// A flag's value that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{flag} {text}` cannot be read")]
pub struct AnswerError {
    flag: &'static str,
    text: String,
    form: &'static str,
}

impl AnswerError {
    fn new(flag: &'static str, text: &str, form: &'static str) -> Self {
        Self {
            flag,
            text: text.to_owned(),
            form,
        }
    }
}

impl Explain for AnswerError {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec![format!("write it like this: {} {}", self.flag, self.form)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_as_they_are_typed() {
        let mut answers = Answers::default();
        answers.rename_column("users.name:full_name").unwrap();
        answers.rename_column("app.users.a:b").unwrap();
        answers.rename_table("app.users:people").unwrap();
        answers.fill("users.age = coalesce(a, 'x=y')").unwrap();
        assert_eq!(
            answers.renamed_columns[0],
            RenamedColumn {
                table: Name::new("users"),
                from: "name".into(),
                to: "full_name".into()
            }
        );
        assert_eq!(
            answers.renamed_columns[1].table,
            Name::within("app", "users")
        );
        assert_eq!(answers.renamed_tables[0].1, Name::within("app", "people"));
        assert_eq!(
            answers.fills[&(Name::new("users"), "age".to_owned())],
            Fill::Value("coalesce(a, 'x=y')".into())
        );
    }

    #[test]
    fn what_cannot_be_read_says_how_it_is_written() {
        let mut answers = Answers::default();
        for wrong in ["users", "users.name", "users.name:", ".name:x", "users.:x"] {
            let error = answers.rename_column(wrong).unwrap_err();
            assert_eq!(
                error.hints(),
                ["write it like this: --rename table.column:new_name"]
            );
        }
        assert!(answers.fill("users.age=").is_err());
        assert!(answers.fill("age=1").is_err());
    }
}
