//! What to do about each error.

use std::io;

use super::error::SettingsError;
use super::hooks::{A_COMMAND, AS_LIST, COMMANDS};
use super::place::shown_text;
use crate::error::Explain;

impl Explain for SettingsError {
    fn hints(&self) -> Vec<String> {
        match self.suggestion() {
            Some(near) => vec![format!("did you mean `{}`?", shown_text(near))],
            None => self.advice().lines().map(str::to_owned).collect(),
        }
    }
}

impl SettingsError {
    /// The word that was likely meant.
    fn suggestion(&self) -> Option<&str> {
        if let Self::UnknownProfile { suggestion, .. }
        | Self::UnknownKey { suggestion, .. }
        | Self::UnknownConnection { suggestion, .. }
        | Self::UnknownSchemaKey { suggestion, .. }
        | Self::UnknownDefault { suggestion, .. }
        | Self::BadValue { suggestion, .. } = self
        {
            return suggestion.as_deref();
        }
        None
    }

    /// Hints, one a line.
    fn advice(&self) -> String {
        let fixed = match self {
            Self::Unreadable { source, .. } => unreadable(source),
            Self::NotAFile { .. } => "name a plain file, or put one in its place",
            Self::TooLarge { .. } => "check that it is the right file",
            Self::Foreign { path, .. } => return named_or_owned(path),
            Self::NoPlaceForFile { .. } => PLACES_FOR_FILES,
            Self::SeveralLines { .. } => "name a file that holds the secret and nothing else",
            Self::NotUtf8 { .. } => "save the file as UTF-8",
            Self::DotEnv { .. } => {
                "write NAME=value, and put a value with spaces, `#` or quotes in it in quotes"
            }
            Self::NoProject { .. } => {
                "start one: manage init\n\
                 or say where the database is: DATABASE_URL=sqlite://db.sqlite3\n\
                 or name the settings: --settings FILE"
            }
            Self::UnknownProfile { known, file, .. } if known.is_empty() => {
                return format!("there is none yet; write the first: {}", shown_text(file));
            }
            Self::UnknownProfile { known, .. } => {
                return format!("profiles here: {}", listed(known));
            }
            Self::ProfileWithoutSettings { .. } => {
                "write a settings file: manage init\n\
                 or leave out `--profile`, and unset MANAGE_PROFILE"
            }
            Self::Syntax { hint, .. } => hint.unwrap_or_default(),
            Self::Empty { .. } | Self::NoConnections { .. } => {
                "write at least: connections: { main: { url: \"sqlite://db.sqlite3\" } }\n\
                 if the file is another program's, name yours: --settings FILE"
            }
            Self::UnknownKey { known, .. } => {
                return format!("known keys here: {}", listed(known));
            }
            Self::DuplicateKey { .. } => "remove one of the two",
            Self::WrongType { expected, .. }
                if [A_COMMAND, COMMANDS].contains(&expected.as_str()) =>
            {
                AS_LIST
            }
            // The message says all there is to say.
            Self::WrongType { .. } | Self::BadValue { .. } => "",
            Self::ConnectionName { .. } => {
                "use letters, digits, `_`, `-` and `.`, and start with a letter, a digit or `_`"
            }
            Self::UnknownConnection { known, .. } => {
                return format!("connections here: {}", listed(known));
            }
            Self::UnknownSchemaKey { known, .. } if known.is_empty() => {
                "add a section: [print_schema.KEY]"
            }
            Self::UnknownSchemaKey { known, .. } => {
                return format!("keys there: {}", listed(known));
            }
            Self::UnknownDefault { known, .. } => {
                return format!("name one of: {}", listed(known));
            }
            Self::NoDefault { known } => {
                let names: Vec<_> = known.iter().map(|name| format!("-d {name}")).collect();
                return format!(
                    "choose one: {}\nor name one in the settings: default: NAME",
                    names.join(", or ")
                );
            }
            Self::MissingVariable { variable, .. } => {
                return format!(
                    "set {variable} in the environment or in .env\n\
                     or give a fallback: ${{{variable}:-...}}"
                );
            }
            Self::UnclosedExpression { .. } => {
                "write ${NAME}\nor, if the text really holds `${`, write $${"
            }
            Self::MalformedExpression { .. } => {
                "write ${NAME}, ${NAME:-fallback} or ${file:path}\n\
                 or, if the text really holds `${`, write $${"
            }
            Self::SecretFile { source, .. } => return source.advice(),
            Self::BothSpellings { .. } => {
                "keep `url`, or `driver`, `host` and their like, not both"
            }
            Self::NoDriver { .. } => "add one: driver: postgres | mysql | sqlite",
            Self::NoDatabase { .. } => "add the file: database: db.sqlite3",
            Self::NotForSqlite { part, .. } => return format!("remove `{part}`"),
            Self::NoUrl { .. } => {
                "add one: url: postgres://user:${PASSWORD}@host/database\n\
                 or, for the default connection, set DATABASE_URL"
            }
            Self::NoDatabaseUrl => {
                "set it in the environment or in .env: DATABASE_URL=sqlite://db.sqlite3\n\
                 or write a settings file: manage init"
            }
            Self::BadUrl { problem, .. } => return problem.hint(),
            Self::DieselToml { hint, .. } => hint,
        };
        fixed.to_owned()
    }
}

const PLACES_FOR_FILES: &str = "`url`, `scratch_url`, `username` and `password` may be read from files\n\
     or set a variable and write ${NAME}";

fn named_or_owned(path: &str) -> String {
    let path = shown_text(path);
    format!(
        "if it is to be followed, name it: --settings {path}\n\
         or, if it is no settings file, make it yours: chown \"$USER\" {path}"
    )
}

fn unreadable(source: &io::Error) -> &'static str {
    if source.kind() == io::ErrorKind::NotFound {
        "check the path"
    } else if source.kind() == io::ErrorKind::PermissionDenied {
        "check who may read it"
    } else {
        ""
    }
}

fn listed(names: &[String]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", shown_text(name)))
        .collect();
    names.join(", ")
}
