//! Models that are SQL: run on a scratch database, so that the server itself says what they mean.

use std::path::PathBuf;

use crate::backend::{Database, DatabaseError};
use crate::commands::declared::Source;
use crate::error::Explain;
use crate::proof::leads_out;
use crate::schema::Schema;
use crate::sql::{self, Dialect};

/// Runs the files on an empty scratch database and reads what there is then.
pub(super) fn schema(
    sources: &[Source],
    database: &mut dyn Database,
    own: Option<&str>,
) -> Result<Schema, SqlModelsError> {
    let dialect = database.dialect();
    for source in sources {
        let script = sql::split(&source.text, dialect).map_err(|error| SqlModelsError::Split {
            path: source.path.clone(),
            problem: Box::new(error),
        })?;
        if let Some((offset, what)) = leads_out(&source.text, dialect, own) {
            let (line, column) = sql::locate(&source.text, offset);
            return Err(SqlModelsError::Elsewhere {
                path: source.path.clone(),
                line,
                column,
                what,
            });
        }
        for statement in script.statements {
            database.batch(statement.text).map_err(|error| {
                let offset = error.position.map_or(statement.offset, |position| {
                    statement.offset + sql::offset_of_char(statement.text, position)
                });
                let (line, column) = sql::locate(&source.text, offset);
                SqlModelsError::Statement {
                    path: source.path.clone(),
                    line,
                    column,
                    excerpt: sql::excerpt(&source.text, offset),
                    source: Box::new(error),
                }
            })?;
        }
    }
    settle(database)?;
    Ok(database.introspect()?)
}

/// Undoes what the files did to the session, as the header of a dump does: what follows must see what
/// everybody sees.
fn settle(database: &mut dyn Database) -> Result<(), DatabaseError> {
    match database.dialect() {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => {
            database.batch("COMMIT")?;
            database.batch("RESET ROLE")?;
            database.batch("RESET search_path")?;
            database.batch("RESET standard_conforming_strings")
        }
        Dialect::Mysql => {
            database.batch("COMMIT")?;
            database.batch("UNLOCK TABLES")
        }
    }
}

/// Why SQL models make no schema.
#[derive(Debug, thiserror::Error)]
pub(super) enum SqlModelsError {
    #[error("{}:{}:{}: {problem}", .path.display(), .problem.line(), .problem.column())]
    Split {
        path: PathBuf,
        problem: Box<sql::SplitError>,
    },
    #[error("`{what}` at {}:{line}:{column} leads out of the scratch database", .path.display())]
    Elsewhere {
        path: PathBuf,
        line: usize,
        column: usize,
        what: String,
    },
    #[error("the models failed at {}:{line}:{column}", .path.display())]
    Statement {
        path: PathBuf,
        line: usize,
        column: usize,
        excerpt: Vec<String>,
        #[source]
        source: Box<DatabaseError>,
    },
    #[error("the scratch database failed")]
    Database(#[from] DatabaseError),
}

impl Explain for SqlModelsError {
    fn details(&self) -> Vec<String> {
        match self {
            Self::Split { .. } => Vec::new(),
            Self::Elsewhere { .. } => vec!["it was not run".to_owned()],
            Self::Statement {
                excerpt, source, ..
            } => {
                let scratch = "this was on a scratch database; no other one was touched";
                excerpt
                    .iter()
                    .cloned()
                    .chain(source.details())
                    .chain([scratch.to_owned()])
                    .collect()
            }
            Self::Database(error) => error.details(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Split { problem, .. } => problem.hints(),
            Self::Elsewhere { .. } => {
                vec!["write the models for one database, which is not named in them".to_owned()]
            }
            Self::Statement { .. } => {
                vec!["mend the models, then run: manage makemigrations".to_owned()]
            }
            Self::Database(error) => error.hints(),
        }
    }
}
