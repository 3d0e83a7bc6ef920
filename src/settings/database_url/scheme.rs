//! The words before the first colon of a URL.

use super::backend::Backend;
use crate::settings::place::shown_text;

/// A scheme that was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scheme {
    pub(super) backend: Backend,
    /// What stood after a `+`: the Python driver that `SQLAlchemy` would use.
    pub(super) driver: Option<String>,
}

/// Recognises a scheme, or the value of `driver:`.
pub(super) fn recognise(word: &str) -> Option<Scheme> {
    let word = word.trim().to_ascii_lowercase();
    let (base, driver) = match word.split_once('+') {
        Some((base, driver)) => (base, Some(driver.to_owned())),
        None => (word.as_str(), None),
    };
    let backend = match base {
        "sqlite" | "sqlite3" => Backend::Sqlite,
        "cockroach" | "cockroachdb" | "pgsql" | "postgis" | "postgres" | "postgresql" => {
            Backend::Postgres
        }
        "mariadb" | "mysql" | "mysql2" => Backend::Mysql,
        _ => return None,
    };
    Some(Scheme { backend, driver })
}

/// What to say about the part after the `+`.
pub(super) fn driver_notice(driver: &str) -> String {
    format!(
        "`+{}` names a driver of another language and is ignored",
        shown_text(driver)
    )
}

/// Splits off what looks like a scheme, with the colon taken away.
pub(super) fn split(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    // One letter is a drive, unless two slashes follow.
    let looks_like_one = (scheme.len() > 1 || rest.starts_with("//"))
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_'));
    looks_like_one.then_some((scheme, rest))
}
