//! What can be wrong with a database URL. No message repeats more of it than its scheme.

use crate::settings::place::shown_text;

/// Why a text is no database URL, or not one that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlProblem {
    /// Nothing is there.
    #[error("the URL is empty")]
    Empty,
    /// The scheme names no known database.
    #[error("unknown scheme `{}`", shown_text(.scheme))]
    UnknownScheme {
        /// What stood before the colon.
        scheme: String,
        /// The scheme that was likely meant.
        suggestion: Option<&'static str>,
    },
    /// `postgres//` for `postgres://`.
    #[error("`{}//` lacks its colon", shown_text(.scheme))]
    MissingColon {
        /// What stood before the slashes.
        scheme: String,
    },
    /// `postgres:` or `postgres:/` for `postgres://`.
    #[error("`{}:` is not followed by `//`", shown_text(.scheme))]
    MissingSlashes {
        /// What stood before the colon.
        scheme: String,
    },
    /// `user:password@host` without a scheme.
    #[error("the URL has no scheme, but looks like a server's")]
    MissingScheme,
    /// libpq's `host=… dbname=…`.
    #[error("this is a libpq connection string of `key=value` pairs, not a URL")]
    KeyValue,
    /// Several hosts, of which libpq would try one after the other.
    #[error("the URL names several hosts")]
    SeveralHosts,
    /// What stands where the host belongs is none.
    #[error("the host in the URL is not valid")]
    Host,
    /// What stands where the port belongs is none.
    #[error("the port in the URL is not a number from 1 to 65535")]
    Port,
    /// A character with a meaning of its own in user name or password.
    #[error("the user name or password in the URL holds a character that must be percent-encoded")]
    SpecialCharacter,
    /// A `/` in the database name.
    #[error("the database name in the URL holds a `/`")]
    DatabaseSlash,
    /// Percent codes that make no UTF-8.
    #[error("the {part} in the URL are not UTF-8 once decoded")]
    NotUtf8 {
        /// Which part, in the plural.
        part: &'static str,
    },
    /// `%00`.
    #[error("the {part} in the URL hold a zero byte")]
    ZeroByte {
        /// Which part, in the plural.
        part: &'static str,
    },
    /// `file://elsewhere/x`.
    #[error("the `file:` URL names a host, and SQLite opens local files only")]
    FileOnHost,
}

impl UrlProblem {
    /// What to do about it.
    pub(crate) fn hint(&self) -> String {
        let hint = match self {
            Self::Empty => "write sqlite://db.sqlite3 or postgres://user:password@host/database",
            Self::UnknownScheme {
                suggestion: Some(scheme),
                ..
            } => {
                return format!("did you mean `{scheme}`?");
            }
            Self::UnknownScheme {
                suggestion: None, ..
            } => "known schemes are sqlite://, postgres:// and mysql://",
            Self::MissingColon { scheme } | Self::MissingSlashes { scheme } => {
                return format!("write {}://", shown_text(scheme));
            }
            Self::MissingScheme => "put postgres:// or mysql:// before it",
            Self::KeyValue => "write it as postgres://user:password@host:5432/database",
            Self::SeveralHosts => "name the one host to migrate, the primary",
            Self::Host => {
                "write an IPv6 address in brackets, and percent-encode `@`, `:`, `/`, `?` and `#` \
                 in a password"
            }
            Self::Port | Self::SpecialCharacter => {
                "percent-encode `@`, `:`, `/`, `?` and `#` in a password (`@` is %40), or write \
                 `driver`, `host`, `username` and `password` as keys in the settings, where it is \
                 taken as it is"
            }
            Self::DatabaseSlash => "write a `/` that belongs to the name as %2F",
            Self::NotUtf8 { .. } | Self::ZeroByte { .. } => "check the %-codes",
            Self::FileOnHost => "write file:/path/to/db.sqlite3, or file:db.sqlite3",
        };
        hint.to_owned()
    }
}
