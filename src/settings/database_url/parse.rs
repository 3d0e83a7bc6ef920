//! From a text to a database URL.

use std::path::Path;

use super::backend::Backend;
use super::database_url::DatabaseUrl;
use super::problem::UrlProblem;
use super::{scheme, server, sqlite};
use crate::settings::nearest::nearest;

/// A URL that was understood, and what about it deserves a word.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parsed {
    pub(crate) url: DatabaseUrl,
    pub(crate) notices: Vec<String>,
}

/// Reads a URL; a relative SQLite path is one below `folder`.
///
/// As for `diesel`, a text without a scheme is the path of a SQLite file; unlike there, a text
/// that was hardly meant as one is an error.
pub(crate) fn parse(text: &str, folder: &Path) -> Result<Parsed, UrlProblem> {
    let mut notices = Vec::new();
    let text = text.trim();
    let text = match text.get(..5) {
        Some(start) if start.eq_ignore_ascii_case("jdbc:") => {
            notices.push("the `jdbc:` before the URL is ignored".to_owned());
            &text[5..]
        }
        Some(_) | None => text,
    };
    if text.is_empty() {
        return Err(UrlProblem::Empty);
    }
    if text.contains('\0') {
        return Err(UrlProblem::ZeroByte { part: "characters" });
    }
    let Some((word, rest)) = scheme::split(text) else {
        return without_scheme(text, folder, notices);
    };
    if word.eq_ignore_ascii_case("file") {
        let url = sqlite::from_file_uri(rest, folder)?;
        return Ok(Parsed {
            url: DatabaseUrl::Sqlite(url),
            notices,
        });
    }
    let Some(scheme) = scheme::recognise(word) else {
        return if rest.starts_with("//") {
            const KNOWN: [&str; 5] = ["sqlite", "postgres", "postgresql", "mysql", "mariadb"];
            let base = word.split('+').next().unwrap_or(word);
            let suggestion = nearest(base, &KNOWN)
                .and_then(|near| KNOWN.into_iter().find(|known| *known == near));
            Err(UrlProblem::UnknownScheme {
                scheme: word.to_owned(),
                suggestion,
            })
        } else {
            without_scheme(text, folder, notices)
        };
    };
    if let Some(driver) = &scheme.driver {
        notices.push(scheme::driver_notice(driver));
    }
    let url = match scheme.backend {
        Backend::Sqlite => {
            let url = sqlite::from_sqlite_url(rest, scheme.driver.is_some(), folder, &mut notices)?;
            DatabaseUrl::Sqlite(url)
        }
        backend @ (Backend::Postgres | Backend::Mysql) => {
            let rest = rest
                .strip_prefix("//")
                .ok_or_else(|| UrlProblem::MissingSlashes {
                    scheme: word.to_owned(),
                })?;
            server::parse(rest, backend)?.into_url(backend)
        }
    };
    Ok(Parsed { url, notices })
}

/// The backend that a URL says it is for, even where the rest of it cannot be worked out.
pub(crate) fn guess_backend(text: &str) -> Option<Backend> {
    let text = text.trim();
    let text = text.strip_prefix("jdbc:").unwrap_or(text);
    let (word, _) = scheme::split(text)?;
    if word.eq_ignore_ascii_case("file") {
        return Some(Backend::Sqlite);
    }
    scheme::recognise(word).map(|scheme| scheme.backend)
}

fn without_scheme(
    text: &str,
    folder: &Path,
    mut notices: Vec<String>,
) -> Result<Parsed, UrlProblem> {
    if let Some((word, _)) = text.split_once("//")
        && scheme::recognise(word).is_some()
    {
        // Without its colon the rest may be anything, even a password.
        let scheme = word.split('+').next().unwrap_or_default().trim().to_owned();
        return Err(UrlProblem::MissingColon { scheme });
    }
    if is_key_value(text) {
        return Err(UrlProblem::KeyValue);
    }
    if is_address(text) {
        return Err(UrlProblem::MissingScheme);
    }
    if text != ":memory:" && !looks_like_a_file(text) {
        notices.push(
            "the URL has no scheme, so it is taken for the path of a SQLite file, as `diesel` \
             does; write sqlite:// before it to say so"
                .to_owned(),
        );
    }
    Ok(Parsed {
        url: DatabaseUrl::Sqlite(sqlite::from_path(text, folder)),
        notices,
    })
}

/// Whether a text is of libpq's other form, `host=localhost dbname=app`.
fn is_key_value(text: &str) -> bool {
    const KEYS: [&str; 9] = [
        "dbname", "host", "hostaddr", "passfile", "password", "port", "service", "sslmode", "user",
    ];
    text.split_once('=')
        .is_some_and(|(key, _)| KEYS.contains(&key.trim_end()))
}

/// Whether a text starts as `user:password@` or `host:5432/` do.
fn is_address(text: &str) -> bool {
    let port = |after: &str| {
        let port = after.split('/').next().unwrap_or(after);
        !port.is_empty() && port.chars().all(|c| c.is_ascii_digit())
    };
    text.split_once('@')
        .is_some_and(|(user, _)| user.contains(':'))
        || text.split_once(':').is_some_and(|(_, after)| port(after))
}

/// Whether the last part of a path has an extension, and nothing of a server's address.
fn looks_like_a_file(text: &str) -> bool {
    let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| {
        !extension.is_empty() && extension.chars().all(|c| c.is_ascii_alphanumeric())
    }) && !text.contains(['@', '?'])
        && !text.starts_with("localhost")
}

#[cfg(test)]
mod tests;
