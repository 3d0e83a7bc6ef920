//! The files of a connection's models: which there are, and what they say.

use std::io;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::settings::{Connection, read_named_text};

/// The models of a connection, as text.
pub(super) enum Declared {
    /// Diesel's `table!` files.
    Tables(Vec<Source>),
    /// SQL files that make the desired state.
    Sql(Vec<Source>),
}

/// A file that was read.
pub(super) struct Source {
    /// As a person here would write it.
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl Declared {
    /// The same where a migration can be written without them: files that are not there yet are worth a
    /// note.
    pub(super) fn read_if_there(
        context: &Context,
        connection: &Connection,
    ) -> Result<Option<Self>, CommandError> {
        let root = &context.settings()?.root;
        for pattern in &connection.models {
            if find(root, pattern)?.is_empty() && !is_printed(connection, &root.join(pattern)) {
                context.ui.note(&format!(
                    "there are no models at `{pattern}` yet, so the files are for you to fill in"
                ));
                return Ok(None);
            }
        }
        Self::read(context, connection)
    }

    /// Reads them; `None` where the connection has none.
    ///
    /// # Errors
    /// A file is missing or cannot be read, or files of both kinds are named.
    pub(super) fn read(
        context: &Context,
        connection: &Connection,
    ) -> Result<Option<Self>, CommandError> {
        let root = &context.settings()?.root;
        let mut paths = Vec::new();
        for pattern in &connection.models {
            let found = find(root, pattern)?;
            if found.is_empty() {
                if is_printed(connection, &root.join(pattern)) {
                    continue;
                }
                return Err(DeclaredError::Nothing(pattern.clone()).into());
            }
            paths.extend(found);
        }
        paths.dedup();
        if paths.is_empty() {
            return Ok(None);
        }
        let is_sql = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "sql");
        let (sql, tables): (Vec<_>, Vec<_>) = paths.into_iter().partition(is_sql);
        if let (Some(sql), Some(table)) = (sql.first(), tables.first()) {
            return Err(DeclaredError::Both(sql.clone(), table.clone()).into());
        }
        let read = |paths: Vec<PathBuf>| {
            paths
                .into_iter()
                .map(|path| Source::read(context, &path))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Some(if sql.is_empty() {
            Self::Tables(read(tables)?)
        } else {
            Self::Sql(read(sql)?)
        }))
    }

    /// The files, in words.
    pub(super) fn names(&self) -> String {
        let (Self::Tables(sources) | Self::Sql(sources)) = self;
        let first = sources.first().map(|source| source.path.display());
        match (first, sources.len()) {
            (None, _) => String::new(),
            (Some(first), 1) => first.to_string(),
            (Some(first), count) => format!("{first} and {} more", count - 1),
        }
    }
}

impl Source {
    fn read(context: &Context, path: &Path) -> Result<Self, DeclaredError> {
        match read_named_text(path) {
            Ok(text) => Ok(Self {
                path: context.shown(path),
                text,
            }),
            Err(source) => Err(DeclaredError::Unreadable {
                path: path.to_owned(),
                source,
            }),
        }
    }
}

/// Whether the schema is printed to it; then it need not be there yet, and what was asked for must be.
fn is_printed(connection: &Connection, path: &Path) -> bool {
    connection.schema_file.as_deref() == Some(path)
}

/// The files that a path, a folder or a pattern names, sorted.
fn find(root: &Path, pattern: &str) -> Result<Vec<PathBuf>, DeclaredError> {
    let path = root.join(pattern);
    if path.is_file() {
        return Ok(vec![path]);
    }
    let patterns = if path.is_dir() {
        ["rs", "sql"]
            .map(|ending| path.join("**").join(format!("*.{ending}")))
            .to_vec()
    } else {
        vec![path]
    };
    let mut found = Vec::new();
    for pattern in patterns {
        let matches =
            glob::glob(&pattern.to_string_lossy()).map_err(|error| DeclaredError::Pattern {
                pattern: pattern.clone(),
                problem: error.msg.to_owned(),
            })?;
        found.extend(matches.filter_map(Result::ok).filter(|path| path.is_file()));
    }
    found.sort();
    Ok(found)
}

/// What is wrong with the models' files.
#[derive(Debug, thiserror::Error)]
enum DeclaredError {
    #[error("there are no models at `{0}`")]
    Nothing(String),
    #[error("`{}` and `{}` cannot both be models", .0.display(), .1.display())]
    Both(PathBuf, PathBuf),
    #[error("cannot read the models in `{}`", .path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is no pattern of files: {problem}", .pattern.display())]
    Pattern { pattern: PathBuf, problem: String },
}

impl Explain for DeclaredError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Nothing(_) => vec![
                "write them there, or correct `models:` in the settings".to_owned(),
                "for a hand-written migration: manage makemigrations --empty \"Add users\""
                    .to_owned(),
            ],
            Self::Both(..) => vec![
                "let `models:` name either .rs files of table! or .sql files of the desired state"
                    .to_owned(),
            ],
            Self::Unreadable { .. } => vec!["check the rights of the file".to_owned()],
            Self::Pattern { .. } => vec!["correct `models:` in the settings".to_owned()],
        }
    }
}
