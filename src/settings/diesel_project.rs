//! What a Diesel project says without us: `diesel.toml` and the folder of migrations.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, Table, TableLike};

use super::error::SettingsError;
use super::place::{Place, shown_path};
use super::print_schema::PrintSchema;
use super::read::{LARGEST_SETTINGS, read_text};

/// What we take from a `diesel.toml`. It is never written, and what we do not know in it is
/// `diesel`'s business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DieselToml {
    /// The file.
    pub(crate) path: PathBuf,
    /// `migrations_directory.dir`, absolute.
    pub(crate) migrations: Option<PathBuf>,
    /// `print_schema`, or each `print_schema.<key>`.
    pub(crate) print_schemas: Vec<PrintSchema>,
}

/// The key under which `print_schema` itself is kept.
pub(super) const DEFAULT: &str = "default";

/// The section about schema files.
const PRINT_SCHEMA: &str = "print_schema";

impl DieselToml {
    /// Reads a `diesel.toml`; `directory` is what messages are relative to.
    pub(crate) fn read(path: &Path, directory: &Path) -> Result<Self, SettingsError> {
        let text = read_text(path, LARGEST_SETTINGS, directory)?;
        let reader = Reader {
            text: &text,
            file: shown_path(path, directory),
        };
        let document = Document::parse(text.as_str()).map_err(|error| {
            const HINT: &str =
                "the format is described at https://diesel.rs/guides/configuring-diesel-cli";
            reader.error(error.message(), error.span(), HINT)
        })?;
        let folder = path.parent().unwrap_or(directory);
        let mut toml = Self {
            path: path.to_owned(),
            migrations: None,
            print_schemas: Vec::new(),
        };
        if let Some(table) = reader.table(document.as_table(), "migrations_directory")? {
            toml.migrations = reader.path(table, "migrations_directory", "dir", folder)?;
        }
        if let Some(table) = reader.table(document.as_table(), PRINT_SCHEMA)? {
            toml.print_schemas = reader.print_schemas(table, folder)?;
        }
        Ok(toml)
    }

    /// How a connection's schema is printed: by its own key, by `default`, or by the only one there
    /// is.
    pub(crate) fn print_schema(&self, connection: &str) -> Option<&PrintSchema> {
        Self::choose(self.print_schemas.iter(), connection)
    }

    /// The schema file: of the connection's own key, of `default`, or the only one there is.
    pub(crate) fn schema_file(&self, connection: &str) -> Option<&Path> {
        let with_file = self.print_schemas.iter().filter(|one| one.file.is_some());
        Self::choose(with_file, connection)?.file.as_deref()
    }

    fn choose<'a>(
        mut among: impl Iterator<Item = &'a PrintSchema> + Clone,
        connection: &str,
    ) -> Option<&'a PrintSchema> {
        let named = |name: &str| among.clone().find(|one| one.key == name);
        named(connection).or_else(|| named(DEFAULT)).or_else(|| {
            let first = among.next();
            first.filter(|_| among.next().is_none())
        })
    }
}

/// Finds the `diesel.toml` of a folder or of its nearest parent that has one.
pub(crate) fn find_toml(directory: &Path) -> Option<PathBuf> {
    above(directory, "diesel.toml", Path::is_file)
}

/// The folder that is the project's for `diesel`: that of `diesel.toml`, or else of `Cargo.toml`.
pub(crate) fn root(directory: &Path) -> Option<PathBuf> {
    let marker = find_toml(directory).or_else(|| above(directory, "Cargo.toml", Path::is_file))?;
    marker.parent().map(Path::to_owned)
}

/// Finds `migrations/` in a folder or its nearest parent that has one.
pub(crate) fn find_migrations(directory: &Path) -> Option<PathBuf> {
    above(directory, "migrations", Path::is_dir)
}

fn above(directory: &Path, name: &str, is_it: fn(&Path) -> bool) -> Option<PathBuf> {
    directory
        .ancestors()
        .map(|folder| folder.join(name))
        .find(|path| is_it(path))
}

/// Takes values out of a parsed file, and says where they are not what they should be.
pub(super) struct Reader<'a> {
    text: &'a str,
    file: String,
}

impl Reader<'_> {
    fn table<'t>(
        &self,
        table: &'t Table,
        key: &str,
    ) -> Result<Option<&'t dyn TableLike>, SettingsError> {
        let Some(item) = table.get(key) else {
            return Ok(None);
        };
        let hint = "write it as [migrations_directory] or [print_schema], on a line of its own";
        let error = || self.error(&format!("`{key}` must be a table"), item.span(), hint);
        item.as_table_like().ok_or_else(error).map(Some)
    }

    pub(super) fn path(
        &self,
        table: &dyn TableLike,
        within: &str,
        key: &str,
        folder: &Path,
    ) -> Result<Option<PathBuf>, SettingsError> {
        let Some(item) = table.get(key).filter(|item| !Item::is_none(item)) else {
            return Ok(None);
        };
        let hint = "write a path in quotes, such as \"migrations\" or \"src/schema.rs\"";
        let error = || {
            self.error(
                &format!("`{within}.{key}` must be a path"),
                item.span(),
                hint,
            )
        };
        let text = item
            .as_str()
            .filter(|path| !path.is_empty())
            .ok_or_else(error)?;
        Ok(Some(folder.join(text)))
    }

    pub(super) fn error(
        &self,
        message: &str,
        span: Option<Range<usize>>,
        hint: &'static str,
    ) -> SettingsError {
        let position = span.map(|span| {
            let before = self.text.get(..span.start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before
                .rsplit('\n')
                .next()
                .unwrap_or_default()
                .chars()
                .count()
                + 1;
            (line, column)
        });
        // Some of the reader's messages span lines.
        let message = message.lines().next().unwrap_or_default().to_owned();
        let place = Place {
            file: self.file.clone(),
            position,
        };
        SettingsError::DieselToml {
            message,
            place,
            hint,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::Origin;
    use crate::settings::testing::Project;

    fn project() -> Project {
        Project::new().variable("DATABASE_URL", "postgres://u:p@h/d")
    }

    #[test]
    fn a_diesel_project_needs_no_settings() {
        let project = project()
            .file("Cargo.toml", "")
            .file(
                "diesel.toml",
                "[print_schema]\nfile = \"src/schema.rs\"\nwith_docs = true\n\
                 [migrations_directory]\ndir = \"db/migrations\"\n",
            )
            .within("src/bin");
        let settings = project.load().unwrap();
        let config = settings.root.join("diesel.toml");
        assert_eq!(
            settings.origin,
            Origin::Diesel {
                config: Some(config)
            }
        );
        let connection = settings.connection(None).unwrap();
        assert_eq!(connection.name, "default");
        assert_eq!(
            connection.url().unwrap().to_string(),
            "postgres://u:***@h/d"
        );
        assert_eq!(connection.migrations, [settings.root.join("db/migrations")]);
        assert_eq!(
            connection.schema_file,
            Some(settings.root.join("src/schema.rs"))
        );
        assert_eq!(connection.models, ["src/schema.rs"]);
    }

    #[test]
    fn the_folder_of_migrations_is_found_where_diesel_finds_it() {
        let folder = |project: &Project| {
            let folders = project.connection(None).unwrap().migrations;
            project.hide(&folders[0].display().to_string())
        };
        let project = project().file("Cargo.toml", "").within("src");
        assert_eq!(folder(&project), "$PROJECT/migrations");
        let project = project.folder("src/migrations");
        assert_eq!(folder(&project), "$PROJECT/src/migrations");
        let project = project.file("diesel.toml", "migrations_directory = { dir = \"a\" }");
        assert_eq!(folder(&project), "$PROJECT/a");
        let mut project = project.variable("MIGRATION_DIRECTORY", "b");
        assert_eq!(folder(&project), "$PROJECT/src/b");
        project.request.migration_dir = vec!["c".into()];
        assert_eq!(folder(&project), "$PROJECT/src/c");
    }

    #[test]
    fn a_named_diesel_toml_goes_before_a_found_one() {
        let project = project()
            .file("diesel.toml", "migrations_directory.dir = 'a'")
            .file("conf/other.toml", "migrations_directory.dir = 'b'")
            .file(".env", "DIESEL_CONFIG_FILE=conf/other.toml\n")
            .within("src");
        let settings = project.load().unwrap();
        assert_eq!(
            project.hide(&settings.root.display().to_string()),
            "$PROJECT/conf"
        );
        assert_eq!(
            settings.connection(None).unwrap().migrations,
            [settings.root.join("b")]
        );
    }

    #[test]
    fn of_several_schema_files_the_default_one_counts() {
        let schema = |toml: &str| {
            let project = project().file("diesel.toml", toml);
            project.connection(None).unwrap().models
        };
        assert_eq!(schema("[print_schema.a]\nfile = 'a.rs'\n"), ["a.rs"]);
        assert_eq!(
            schema("[print_schema.a]\nfile = 'a.rs'\n[print_schema.default]\nfile = 'b.rs'\n"),
            ["b.rs"]
        );
        assert_eq!(
            schema("[print_schema.a]\nfile = 'a.rs'\n[print_schema.b]\nfile = 'b.rs'\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn without_a_url_the_files_can_still_be_worked_with() {
        let project = Project::new().folder("migrations");
        let connection = project.connection(None).unwrap();
        assert_eq!(
            connection.migrations,
            [project.environment.directory.join("migrations")]
        );
        assert_eq!(
            connection.backend().unwrap_err().to_string(),
            "`DATABASE_URL` is not set"
        );
    }

    #[test]
    fn a_relative_sqlite_path_belongs_to_where_it_was_said() {
        let project = Project::new()
            .file(".env", "DATABASE_URL=a.db\n")
            .within("src");
        insta::assert_snapshot!(project.url(), @"
        sqlite://$PROJECT/a.db
        notice: `DATABASE_URL` ($PROJECT/.env): a relative path is read from $PROJECT, where the file is; `diesel` would read it from the working directory
        ");
        let project = project.variable("DATABASE_URL", "b.db");
        assert_eq!(project.url(), "sqlite://$PROJECT/src/b.db");
        let project = project.variable("DATABASE_URL", "/c/d.db");
        assert_eq!(project.url(), "sqlite:///c/d.db");
    }
}
