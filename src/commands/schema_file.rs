//! The schema file of a connection: its text, and keeping it like the database.

use std::io;
use std::path::{Path, PathBuf};

use super::pattern::is_like;
use super::whole_file::write_whole;
use super::workspace::Workspace;
use crate::backend::{Database, DatabaseError};
use crate::context::{Context, SchemaFile};
use crate::error::{CommandError, Explain};
use crate::migration::outside;
use crate::models::{self, LeftOut, PatchError};
use crate::schema::Schema;
use crate::settings::{PrintSchema, read_named_text};
use crate::sql::Server;

/// A printed schema, with the project's patch laid over it, and the tables that are not in it.
pub(super) fn printed(
    schema: &Schema,
    server: Server,
    options: &PrintSchema,
) -> Result<(String, Vec<LeftOut>), SchemaFileError> {
    let printed = models::print(schema, server, options);
    let Some(path) = &options.patch_file else {
        return Ok((printed.text, printed.left_out));
    };
    let changes = read_named_text(path).map_err(|error| SchemaFileError::Unreadable {
        path: path.clone(),
        error,
    })?;
    let text =
        models::patched(&printed.text, &changes).map_err(|error| SchemaFileError::Patch {
            path: path.clone(),
            error,
        })?;
    Ok((text, printed.left_out))
}

/// The schema files of a connection, as they stood before its database was changed.
pub(super) struct KeptFiles {
    files: Vec<Kept>,
}

struct Kept {
    options: PrintSchema,
    path: PathBuf,
    /// The project's folder.
    root: PathBuf,
    /// Whether the file holds what people wrote into it, which must not be lost.
    is_edited: bool,
}

impl KeptFiles {
    /// Looks which files there are.
    ///
    /// A file that makemigrations reads is written by people. It is still kept like the database as
    /// long as it is what was printed last: who adds a column by hand has a file that differs.
    pub(super) fn look(context: &Context, workspace: &mut Workspace) -> Result<Self, CommandError> {
        let settings = context.settings()?;
        let mut before = None;
        let mut files = Vec::new();
        if context.schema_file == SchemaFile::Leave {
            return Ok(Self { files });
        }
        for options in settings.kept_schemas(&workspace.connection) {
            let Some(path) = options.file.clone() else {
                continue;
            };
            let is_edited = is_source(&settings.root, &workspace.connection.models, &path)
                && holds_tables(&path)
                && {
                    let before = before.get_or_insert_with(|| read(workspace).ok());
                    let printed = before
                        .as_ref()
                        .and_then(|(schema, server)| printed(schema, *server, &options).ok());
                    !printed.is_some_and(|(text, _)| says(&path, &text))
                };
            files.push(Kept {
                options,
                path,
                root: settings.root.clone(),
                is_edited,
            });
        }
        Ok(Self { files })
    }

    /// Writes them anew where they do not say what the database is now.
    ///
    /// The migrations are done by then, so what goes wrong here is a warning and fails nothing.
    pub(super) fn write(self, context: &Context, workspace: &mut Workspace) {
        if self.files.is_empty() {
            return;
        }
        let (schema, server) = match read(workspace) {
            Ok(read) => read,
            Err(error) => return warn(context, &error.into()),
        };
        for kept in self.files {
            if let Err(error) = kept.write(context, &schema, server) {
                warn(context, &error);
            }
        }
    }
}

impl Kept {
    fn write(
        &self,
        context: &Context,
        schema: &Schema,
        server: Server,
    ) -> Result<(), CommandError> {
        let shown = context.shown(&self.path);
        let (text, left_out) = printed(schema, server, &self.options)?;
        if !left_out.is_empty() {
            return Err(SchemaFileError::LeftOut(left_out).into());
        }
        // A file that cannot be read is not written over.
        let before = current(&self.path)?;
        if before.is_some_and(|before| models::same_but_for_layout(&before, &text)) {
            return Ok(());
        }
        if context.schema_file == SchemaFile::Lock {
            context.ui.warning(&format!(
                "`{}` is not what the database is now, and is locked",
                shown.display()
            ));
            context.ui.hint(&format!(
                "to write it anew: manage inspectdb --output {}",
                shown.display()
            ));
            context.find();
            return Ok(());
        }
        if self.is_edited {
            // Between a change of the models and its migration that is how it should be.
            context.ui.detail(&format!(
                "`{}` has edits that are not from the database, and stays as it is",
                shown.display()
            ));
            return Ok(());
        }
        self.refuse_elsewhere()?;
        write_whole(&self.path, &text)?;
        context.ui.status(&format!("wrote {}", shown.display()));
        Ok(())
    }
}

impl Kept {
    /// The settings may come from anybody, so what they name is not written over whatever it is.
    fn refuse_elsewhere(&self) -> Result<(), SchemaFileError> {
        let before = current(&self.path)?.unwrap_or_default();
        let is_schema = ["table!", "@generated"]
            .iter()
            .any(|mark| before.contains(mark));
        let refused = |why| {
            Err(SchemaFileError::Refused {
                path: self.path.clone(),
                why,
            })
        };
        if !is_schema && !before.trim().is_empty() {
            return refused("it holds something else than a schema");
        }
        let is_outside = outside(&self.path).is_some() || !self.path.starts_with(&self.root);
        if is_outside && !is_schema {
            return refused("it lies outside of the project");
        }
        Ok(())
    }
}

/// Reads the schema as `diesel` sees it.
fn read(workspace: &mut Workspace) -> Result<(Schema, Server), DatabaseError> {
    let database = &mut *workspace.database;
    let mut schema = database.introspect()?;
    as_declared(&mut schema, database)?;
    Ok((schema, database.server()?))
}

/// Makes the columns nullable that `diesel` believes to be.
pub(super) fn as_declared(
    schema: &mut Schema,
    database: &mut dyn Database,
) -> Result<(), DatabaseError> {
    for (table, name) in database.nullable_by_declaration()? {
        let table = schema.table_mut(&table);
        let column = table.and_then(|table| {
            let columns = &mut table.columns;
            columns.iter_mut().find(|column| column.name == name)
        });
        if let Some(column) = column {
            column.nullable = true;
        }
    }
    Ok(())
}

fn warn(context: &Context, error: &CommandError) {
    context.ui.warning(&format!(
        "the schema file is as it was: {}",
        error.messages().join(": ")
    ));
    for hint in error.hints() {
        context.ui.hint(hint);
    }
}

/// Whether there is anything in the file that could be lost.
fn holds_tables(path: &Path) -> bool {
    current(path).is_ok_and(|text| text.is_some_and(|text| text.contains("table!")))
}

/// Whether the file says the same, in whatever layout.
fn says(path: &Path, text: &str) -> bool {
    current(path).is_ok_and(|current| {
        current.is_some_and(|current| models::same_but_for_layout(&current, text))
    })
}

/// Whether the file is one of the models, which people write themselves.
fn is_source(root: &Path, models: &[String], path: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let path = real(path);
    models
        .iter()
        .any(|model| match_path(&root.join(model), &path) || real(&root.join(model)) == path)
}

/// Whether a path is like a pattern: `*` is any name or part of one, `**` any folders.
fn match_path(pattern: &Path, path: &Path) -> bool {
    fn folders(pattern: &[&str], path: &[&str]) -> bool {
        match (pattern, path) {
            ([], []) => true,
            (["**", rest @ ..], _) => {
                folders(rest, path) || (!path.is_empty() && folders(pattern, &path[1..]))
            }
            ([name, pattern @ ..], [first, path @ ..]) => {
                is_like(name, first) && folders(pattern, path)
            }
            _ => false,
        }
    }
    let (pattern, path) = (pattern.to_string_lossy(), path.to_string_lossy());
    let pattern: Vec<_> = pattern
        .split(['/', '\\'])
        .filter(|part| *part != ".")
        .collect();
    let path: Vec<_> = path.split(['/', '\\']).collect();
    folders(&pattern, &path)
}

/// The text of the file, if it is there.
pub(super) fn current(path: &Path) -> Result<Option<String>, SchemaFileError> {
    match read_named_text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SchemaFileError::Unreadable {
            path: path.to_owned(),
            error,
        }),
    }
}

/// Why there is no text for a schema file.
#[derive(Debug, thiserror::Error)]
pub(super) enum SchemaFileError {
    /// A file cannot be read.
    #[error("cannot read `{}`", .path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
    /// What stands there is not to be written over.
    #[error("`{}` is not written: {why}", .path.display())]
    Refused { path: PathBuf, why: &'static str },
    /// The patch cannot be laid over what was printed.
    #[error("cannot apply the patch `{}`", .path.display())]
    Patch {
        path: PathBuf,
        #[source]
        error: PatchError,
    },
    /// Tables would be missing from the file.
    #[error("`{}` cannot be printed: {}", .0[0].table, .0[0].reason)]
    LeftOut(Vec<LeftOut>),
}

impl Explain for SchemaFileError {
    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Unreadable { .. } => "check the path, and who may read it",
            Self::Refused { path, .. } => {
                return vec![format!(
                    "if it is the right file, write it once: manage inspectdb --output {}",
                    path.display()
                )];
            }
            Self::Patch { .. } => {
                "correct it against what `manage inspectdb` prints without `patch_file`"
            }
            Self::LeftOut(_) => {
                "leave the table out in diesel.toml: print_schema.filter = { except_tables = [\"^name$\"] }"
            }
        };
        vec![hint.to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_like_a_pattern_folder_by_folder() {
        let like = |pattern: &str, path: &str| match_path(Path::new(pattern), Path::new(path));
        assert!(like("/a/src/**/*.rs", "/a/src/schema.rs"));
        assert!(like("/a/src/**/*.rs", "/a/src/b/c/schema.rs"));
        assert!(like("/a/./src/schema.rs", "/a/src/schema.rs"));
        assert!(!like("/a/src/*.rs", "/a/src/b/schema.rs"));
        assert!(!like("/a/src/*.sql", "/a/src/schema.rs"));
    }
}
