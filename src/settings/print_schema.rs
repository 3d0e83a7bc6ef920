//! How `diesel.toml` wants a schema file printed.

use std::fmt;
use std::path::PathBuf;

use super::choice::choice;
use super::connection::Connection;
use super::diesel_project::DEFAULT;
use super::error::SettingsError;
use super::nearest::nearest;
use super::settings::Settings;

choice! {
    /// Which comments a printed schema has.
    Docs {
        /// Those of the database, and a sentence where it has none.
        Always = "database-comments-fallback-to-auto-generated-doc-comment",
        /// Those of the database.
        Comments = "only-database-comments",
        /// None.
        None = "no-doc-comments",
    }
}

choice! {
    /// Which tables are allowed to be used in one query.
    SameQuery {
        /// All of them.
        All = "all_tables",
        /// Those that foreign keys lead to from each other.
        Related = "fk_related_tables",
        /// None.
        None = "none",
    }
}

choice! {
    /// How the columns of a table are sorted.
    ColumnSorting {
        /// As the table has them.
        Ordinal = "ordinal_position",
        /// By name.
        Name = "name",
    }
}

/// A regular expression, as it was written.
#[derive(Clone)]
pub struct Pattern(regex::Regex);

impl Pattern {
    /// Reads one.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        regex::Regex::new(text).map(Self)
    }

    /// Whether some part of the text is like it.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.as_str(), f)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

/// Which tables are printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TableChoice {
    /// All.
    #[default]
    All,
    /// Those that are like one of these.
    Only(Vec<Pattern>),
    /// Those that are like none of these.
    Except(Vec<Pattern>),
}

impl TableChoice {
    /// Whether a table of that name is printed.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        let like = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.is_match(name));
        match self {
            Self::All => true,
            Self::Only(patterns) => like(patterns),
            Self::Except(patterns) => !like(patterns),
        }
    }
}

/// `print_schema`, or one `print_schema.<key>`, of a `diesel.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintSchema {
    /// Its key; `default` for `print_schema` itself.
    pub key: String,
    /// The file, absolute.
    pub file: Option<PathBuf>,
    /// Which comments there are.
    pub docs: Docs,
    /// Which tables may be used in one query.
    pub same_query: SameQuery,
    /// Which tables are printed.
    pub tables: TableChoice,
    /// How columns are sorted.
    pub column_sorting: ColumnSorting,
    /// The schema of PostgreSQL or database of MySQL that is printed; it is a module of its own then.
    pub namespace: Option<String>,
    /// A patch to lay over what was printed, absolute.
    pub patch_file: Option<PathBuf>,
    /// What each table imports instead of Diesel's types.
    pub import_types: Vec<String>,
    /// Whether types that Diesel does not have are declared.
    pub declare_custom_types: bool,
    /// The types that are not declared all the same, by their names in Rust.
    pub undeclared: Vec<Pattern>,
    /// What declared types derive besides `diesel::sql_types::SqlType`.
    pub custom_type_derives: Vec<String>,
    /// Whether row numbers of SQLite are `BigInt`.
    pub sqlite_integer_primary_key_is_bigint: bool,
    /// The domains of PostgreSQL that are types of their own.
    pub domains_as_custom_types: Vec<Pattern>,
}

impl Default for PrintSchema {
    fn default() -> Self {
        Self {
            key: DEFAULT.to_owned(),
            file: None,
            docs: Docs::None,
            same_query: SameQuery::All,
            tables: TableChoice::All,
            column_sorting: ColumnSorting::Ordinal,
            namespace: None,
            patch_file: None,
            import_types: Vec::new(),
            declare_custom_types: true,
            undeclared: Vec::new(),
            custom_type_derives: Vec::new(),
            sqlite_integer_primary_key_is_bigint: false,
            domains_as_custom_types: Vec::new(),
        }
    }
}

impl Settings {
    /// How the schema of a connection is printed; with a key, as `print_schema.<key>` says.
    ///
    /// The `diesel.toml` speaks of the default connection, unless a key is asked for. The file is
    /// the connection's own where the settings name one.
    pub fn print_schema(
        &self,
        connection: &Connection,
        key: Option<&str>,
    ) -> Result<PrintSchema, SettingsError> {
        let Some(key) = key else {
            let mut chosen = self
                .diesel_of(connection)
                .and_then(|diesel| diesel.print_schema(&connection.name))
                .cloned()
                .unwrap_or_default();
            chosen.file.clone_from(&connection.schema_file);
            return Ok(chosen);
        };
        let written = self
            .diesel
            .as_ref()
            .map_or(&[][..], |diesel| &diesel.print_schemas);
        let known = || {
            written
                .iter()
                .map(|one| one.key.clone())
                .collect::<Vec<_>>()
        };
        written
            .iter()
            .find(|one| one.key == key)
            .cloned()
            .ok_or_else(|| SettingsError::UnknownSchemaKey {
                key: key.to_owned(),
                suggestion: nearest(key, &known()).map(str::to_owned),
                known: known(),
            })
    }

    /// Every schema file that is kept like the database of a connection.
    #[must_use]
    pub fn kept_schemas(&self, connection: &Connection) -> Vec<PrintSchema> {
        let written = self
            .diesel_of(connection)
            .map_or(&[][..], |diesel| &diesel.print_schemas);
        let mut kept: Vec<_> = written
            .iter()
            .filter(|one| one.file.is_some())
            .cloned()
            .collect();
        let own = connection.schema_file.as_ref();
        if own.is_some() && !kept.iter().any(|one| one.file.as_ref() == own) {
            // The settings name another file than `diesel.toml` does, so that one is not kept.
            kept = self.print_schema(connection, None).into_iter().collect();
        }
        kept
    }

    /// The `diesel.toml`, if it speaks of that connection.
    fn diesel_of(&self, connection: &Connection) -> Option<&super::diesel_project::DieselToml> {
        self.diesel.as_ref().filter(|_| {
            self.default_name()
                .is_ok_and(|name| name == connection.name)
        })
    }
}
