//! What can be wrong with the settings, and what to do about it.

use std::io;
use std::sync::Arc;

use super::database_url::UrlProblem;
use super::place::{Place, Subject, shown_text};

/// Why the settings cannot be used.
///
/// No variant holds a value that was interpolated: it may be a password that found its way into
/// the wrong key.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file cannot be read.
    #[error("cannot read `{path}`")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: Arc<io::Error>,
    },
    /// A path leads to a directory, a pipe or a device.
    #[error("`{path}` is not a file")]
    NotAFile {
        /// The path.
        path: String,
    },
    /// A file is larger than anything a person would write.
    #[error("`{path}` is larger than {} KiB", .limit / 1024)]
    TooLarge {
        /// The file.
        path: String,
        /// The largest size, in bytes.
        limit: u64,
    },
    /// A file that was found, and that somebody else put there.
    #[error("`{path}` belongs to another user ({owner}), so it is not followed")]
    Foreign {
        /// The file or folder.
        path: String,
        /// The number of the user.
        owner: u32,
    },
    /// A `${file:…}` where no secret belongs.
    #[error("`{}` cannot be read from a file, at {place}", shown_text(.key))]
    NoPlaceForFile {
        /// The key.
        key: String,
        /// Where.
        place: Place,
    },
    /// A secret of several lines, which is something else than a password.
    #[error("`{path}` holds more than one line, so it is no password or URL")]
    SeveralLines {
        /// The file.
        path: String,
    },
    /// A file is not UTF-8.
    #[error("`{path}` is not UTF-8 in line {line}")]
    NotUtf8 {
        /// The file.
        path: String,
        /// The line that is not.
        line: usize,
    },
    /// A line of `.env` makes no sense.
    #[error("malformed line at {place}")]
    DotEnv {
        /// Where.
        place: Place,
    },
    /// There is nothing to go by.
    #[error("there is no settings file and no Diesel project in `{folder}` or above it")]
    NoProject {
        /// The working directory.
        folder: String,
    },
    /// A profile has no file.
    #[error("there is no profile `{}`", shown_text(.profile))]
    UnknownProfile {
        /// The profile.
        profile: String,
        /// The file it would have.
        file: String,
        /// The profiles that have one.
        known: Vec<String>,
        /// The known one that was likely meant.
        suggestion: Option<String>,
    },
    /// A profile of a project that has no settings file.
    #[error("the profile `{}` was asked for, but there is no settings file", shown_text(.profile))]
    ProfileWithoutSettings {
        /// The profile.
        profile: String,
    },
    /// The file is not YAML.
    #[error("invalid YAML at {place}")]
    Syntax {
        /// Where.
        place: Place,
        /// The reader's words.
        source: ReaderError,
        /// What to change.
        hint: Option<&'static str>,
    },
    /// There is nothing in the file.
    #[error("`{path}` is empty")]
    Empty {
        /// The file.
        path: String,
    },
    /// A key that means nothing.
    #[error("unknown key `{}` at {place}", shown_text(.key))]
    UnknownKey {
        /// The key.
        key: String,
        /// Where.
        place: Place,
        /// The known one that was likely meant.
        suggestion: Option<String>,
        /// Those that could stand there.
        known: Vec<String>,
    },
    /// A key that stands twice in one mapping.
    #[error("duplicate key `{}` at {place}", shown_text(.key))]
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it stands for the second time.
        place: Place,
    },
    /// A list where a word belongs, and the like.
    #[error("`{}` must be {expected}, not {found}, at {place}", shown_text(.key))]
    WrongType {
        /// The key.
        key: String,
        /// What it must be.
        expected: String,
        /// What it is.
        found: &'static str,
        /// Where.
        place: Place,
    },
    /// No connection is named.
    #[error("`connections` names no connection in `{path}`")]
    NoConnections {
        /// The file.
        path: String,
    },
    /// A connection's name that could not be typed, or would lead out of the project.
    #[error("`{}` is no name for a connection at {place}", shown_text(.name))]
    ConnectionName {
        /// The name.
        name: String,
        /// Where.
        place: Place,
    },
    /// A connection that was asked for and is not there.
    #[error("there is no connection `{}`", shown_text(.name))]
    UnknownConnection {
        /// The name.
        name: String,
        /// Those that are there.
        known: Vec<String>,
        /// The one that was likely meant.
        suggestion: Option<String>,
    },
    /// A `print_schema.<key>` that was asked for and is not there.
    #[error("there is no `print_schema.{}` in diesel.toml", shown_text(.key))]
    UnknownSchemaKey {
        /// The key.
        key: String,
        /// Those that are there.
        known: Vec<String>,
        /// The one that was likely meant.
        suggestion: Option<String>,
    },
    /// `default:` names none.
    #[error("`default` names no connection at {place}")]
    UnknownDefault {
        /// Where.
        place: Place,
        /// Those that are there.
        known: Vec<String>,
        /// The one that was likely meant.
        suggestion: Option<String>,
    },
    /// Several connections, and none to prefer.
    #[error("there are several connections and none of them is the default")]
    NoDefault {
        /// Their names.
        known: Vec<String>,
    },
    /// A variable that is not set.
    #[error("the variable `{variable}` is not set, but `{}` needs it at {place}", shown_text(.key))]
    MissingVariable {
        /// The variable.
        variable: String,
        /// The key.
        key: String,
        /// Where.
        place: Place,
    },
    /// `${` without `}`.
    #[error("a `${{` is never closed in `{}` at {place}", shown_text(.key))]
    UnclosedExpression {
        /// The key.
        key: String,
        /// Where.
        place: Place,
    },
    /// `${…}` with something else than a name in it.
    #[error("a `${{...}}` cannot be understood in `{}` at {place}", shown_text(.key))]
    MalformedExpression {
        /// The key.
        key: String,
        /// Where.
        place: Place,
    },
    /// The file of a `${file:…}`.
    #[error("a `${{file:...}}` cannot be read in `{}` at {place}", shown_text(.key))]
    SecretFile {
        /// The key.
        key: String,
        /// Where.
        place: Place,
        /// Why.
        source: Box<SettingsError>,
    },
    /// A value that is not what its key needs.
    #[error("`{}` {expected}, at {place}", shown_text(.key))]
    BadValue {
        /// The key.
        key: String,
        /// Where.
        place: Place,
        /// What it must be, starting with `must`.
        expected: String,
        /// The word that was likely meant.
        suggestion: Option<String>,
    },
    /// A URL and parts of one.
    #[error("connection `{connection}` has both `url` and `{part}` at {place}")]
    BothSpellings {
        /// The connection.
        connection: String,
        /// The part.
        part: &'static str,
        /// Where the part stands.
        place: Place,
    },
    /// Parts of a URL, but no driver.
    #[error("connection `{connection}` has `{part}` but no `driver` at {place}")]
    NoDriver {
        /// The connection.
        connection: String,
        /// A part that is there.
        part: &'static str,
        /// Where it stands.
        place: Place,
    },
    /// `driver: sqlite` without a file.
    #[error("SQLite connection `{connection}` has no `database` at {place}")]
    NoDatabase {
        /// The connection.
        connection: String,
        /// Where its driver stands.
        place: Place,
    },
    /// A part of a server's URL for SQLite.
    #[error("SQLite connection `{connection}` has no use for `{part}` at {place}")]
    NotForSqlite {
        /// The connection.
        connection: String,
        /// The part.
        part: &'static str,
        /// Where it stands.
        place: Place,
    },
    /// Neither a URL nor parts.
    #[error("connection `{connection}` has neither `url` nor `driver` at {place}")]
    NoUrl {
        /// The connection.
        connection: String,
        /// Where it stands.
        place: Place,
    },
    /// A Diesel project without its variable.
    #[error("`DATABASE_URL` is not set")]
    NoDatabaseUrl,
    /// A URL that cannot be understood.
    #[error("cannot use the database URL in {subject}")]
    BadUrl {
        /// What gave it.
        subject: Subject,
        /// What is wrong.
        #[source]
        problem: UrlProblem,
    },
    /// `diesel.toml` is not TOML.
    #[error("{message} at {place}")]
    DieselToml {
        /// What is wrong.
        message: String,
        /// Where.
        place: Place,
        /// What to write.
        hint: &'static str,
    },
}

/// What the YAML reader has to say, without the position, which is told apart.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct ReaderError(pub String);

#[cfg(test)]
mod tests;
