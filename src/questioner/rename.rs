//! Which new names are old things.

use std::cmp::Reverse;

use super::answers::Answers;
use super::question::Question;
use crate::error::{Explain, Kind};
use crate::schema::change::{RenamedColumn, Renames};
use crate::schema::{Column, Name, Schema, Table};
use crate::sql::{Product, Server};

/// From here on two names resemble each other.
const SIMILAR: f64 = 0.75;

/// What is renamed, by the answers; and the questions that these leave open. Tables come first: while
/// there is a question about tables, none is asked about columns.
///
/// # Errors
/// An answer names what is not there.
pub fn renames(
    server: Server,
    current: &Schema,
    desired: &Schema,
    answers: &Answers,
) -> Result<(Renames, Vec<Question>), RenameError> {
    let mut tables = answers.renamed_tables.clone();
    if server.product == Product::Sqlite {
        tables.extend(respelled(current, desired));
    }
    for (from, to) in &tables {
        if current.table(from).is_none() {
            return Err(RenameError::NoTable(from.clone()));
        }
        if desired.table(to).is_none() || current.table(to).is_some() {
            return Err(RenameError::NotNew(to.to_string()));
        }
    }
    let mut renames = Renames {
        tables,
        columns: Vec::new(),
    };
    let questions = open_tables(&renames.applied_to(current), desired, answers);
    if !questions.is_empty() {
        return Ok((renames, questions));
    }
    let base = renames.applied_to(current);
    for column in &answers.renamed_columns {
        check(&base, desired, column)?;
    }
    renames.columns.clone_from(&answers.renamed_columns);
    let base = renames.applied_to(current);
    let questions = desired
        .tables
        .iter()
        .filter_map(|to| Some((base.table(&to.name)?, to)))
        .flat_map(|(from, to)| open_columns(from, to, answers))
        .collect();
    Ok((renames, questions))
}

/// Tables whose names differ in case alone. SQLite has no two such tables, so they are the same.
fn respelled(current: &Schema, desired: &Schema) -> Vec<(Name, Name)> {
    let gone = |name: &Name| desired.table(name).is_none();
    desired
        .tables
        .iter()
        .filter(|table| current.table(&table.name).is_none())
        .filter_map(|table| {
            let same = current.tables.iter().find(|one| {
                gone(&one.name) && one.name.name.eq_ignore_ascii_case(&table.name.name)
            })?;
            Some((same.name.clone(), table.name.clone()))
        })
        .collect()
}

fn check(base: &Schema, desired: &Schema, column: &RenamedColumn) -> Result<(), RenameError> {
    let Some(from) = base.table(&column.table) else {
        return Err(RenameError::NoTable(column.table.clone()));
    };
    let wanted = desired
        .table(&column.table)
        .and_then(|table| table.column(&column.to));
    if from.column(&column.from).is_none() {
        return Err(RenameError::NoColumn {
            table: column.table.clone(),
            column: column.from.clone(),
        });
    }
    let is_case_only = column.from != column.to && column.from.eq_ignore_ascii_case(&column.to);
    if wanted.is_none() || (from.column(&column.to).is_some() && !is_case_only) {
        return Err(RenameError::NotNew(format!(
            "{}.{}",
            column.table, column.to
        )));
    }
    Ok(())
}

fn open_tables(current: &Schema, desired: &Schema, answers: &Answers) -> Vec<Question> {
    if answers.no_rename {
        return Vec::new();
    }
    let gone: Vec<&Table> = current
        .tables
        .iter()
        .filter(|table| desired.table(&table.name).is_none())
        .collect();
    desired
        .tables
        .iter()
        .filter(|table| current.table(&table.name).is_none())
        .filter(|table| !answers.new.contains(&table.name.to_string()))
        .filter_map(|table| {
            let candidates = ranked(&gone, |one| table_score(one, table));
            (!candidates.is_empty()).then(|| Question::RenamedTable {
                to: table.name.clone(),
                candidates: candidates.into_iter().map(|one| one.name.clone()).collect(),
            })
        })
        .collect()
}

fn open_columns(from: &Table, to: &Table, answers: &Answers) -> Vec<Question> {
    if answers.no_rename || to.options.partition_of.is_some() {
        return Vec::new();
    }
    let gone: Vec<(usize, &Column)> = from
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| to.column(&column.name).is_none())
        .collect();
    to.columns
        .iter()
        .enumerate()
        .filter(|(_, column)| from.column(&column.name).is_none())
        .filter(|(_, column)| {
            !answers
                .new
                .contains(&format!("{}.{}", to.name, column.name))
        })
        .filter_map(|(at, column)| {
            let candidates = ranked(&gone, |(was_at, one)| {
                column_score(one, column).map(|score| score + u32::from(*was_at == at) * 2)
            });
            (!candidates.is_empty()).then(|| Question::RenamedColumn {
                table: to.name.clone(),
                to: column.clone(),
                candidates: candidates
                    .into_iter()
                    .map(|(_, one)| (*one).clone())
                    .collect(),
            })
        })
        .collect()
}

/// Those with a score, the highest first; equal ones in their order.
fn ranked<T>(all: &[T], score: impl Fn(&T) -> Option<u32>) -> Vec<&T> {
    let mut scored: Vec<_> = all
        .iter()
        .filter_map(|one| Some((score(one)?, one)))
        .collect();
    scored.sort_by_key(|(score, _)| Reverse(*score));
    scored.into_iter().map(|(_, one)| one).collect()
}

/// How alike two tables are in their columns and names; `None` if not at all.
fn table_score(from: &Table, to: &Table) -> Option<u32> {
    let shared = to
        .columns
        .iter()
        .filter(|column| {
            from.column(&column.name)
                .is_some_and(|other| family(other) == family(column))
        })
        .count();
    let most = from.columns.len().max(to.columns.len());
    let is_alike = shared * 2 >= most && shared > 0;
    let named_alike = from.name.name.eq_ignore_ascii_case(&to.name.name)
        || (alike(&from.name.name, &to.name.name) && shared > 0);
    (is_alike || named_alike).then(|| {
        let percent = u32::try_from(shared * 100 / most.max(1)).unwrap_or_default();
        percent + u32::from(named_alike) * 30
    })
}

/// How alike two columns are: of one type, or named alike; `None` if neither.
fn column_score(from: &Column, to: &Column) -> Option<u32> {
    if from.generated.is_some() != to.generated.is_some() {
        return None;
    }
    let same_type = from.sql_type == to.sql_type;
    let same_family = family(from) == family(to);
    let named_alike = alike(&from.name, &to.name);
    (same_family || named_alike).then(|| {
        u32::from(same_type) * 4
            + u32::from(same_family) * 2
            + u32::from(named_alike) * 5
            + u32::from(from.nullable == to.nullable)
            + u32::from(from.default == to.default)
    })
}

/// The type without what stands in parentheses: `character varying(50)` and `(80)` are one family.
fn family(column: &Column) -> String {
    let text = column.sql_type.as_str().to_ascii_lowercase();
    let (before, after) = text.split_once('(').unwrap_or((&text, ""));
    let after = after.split_once(')').map_or("", |(_, after)| after);
    format!("{}{after}", before.trim())
}

fn alike(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let contains = a.len().min(b.len()) >= 3 && (a.contains(&b) || b.contains(&a));
    contains || strsim::jaro_winkler(&a, &b) >= SIMILAR
}

/// An answer about a rename that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenameError {
    /// There is no table of the old name.
    #[error("there is no table `{0}` to rename")]
    NoTable(Name),
    /// There is no column of the old name.
    #[error("there is no column `{table}.{column}` to rename")]
    NoColumn {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
    /// The new name is not that of something new.
    #[error("`{0}` is nothing new in the models")]
    NotNew(String),
}

impl Explain for RenameError {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        vec!["see what differs: manage makemigrations --check".to_owned()]
    }
}

#[cfg(test)]
mod tests;
