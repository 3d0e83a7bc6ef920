//! PostgreSQL's file of passwords, by libpq's rules.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::backend::notice::NoticeSink;
use crate::settings::Secret;

/// The connection that a password is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    /// The host as it was named; `localhost` for the usual sockets.
    pub(super) host: &'a str,
    pub(super) port: u16,
    pub(super) database: &'a str,
    pub(super) user: &'a str,
}

/// The file that is there if nothing else is said.
pub(super) fn default_path(variables: &BTreeMap<String, String>) -> Option<PathBuf> {
    if cfg!(windows) {
        let folder = variables.get("APPDATA")?;
        Some(Path::new(folder).join("postgresql").join("pgpass.conf"))
    } else {
        let home = variables.get("HOME").filter(|home| !home.is_empty())?;
        Some(Path::new(home).join(".pgpass"))
    }
}

/// The password for a connection, if the file is there, safe and has one.
pub(super) fn look_up(path: &Path, entry: Entry<'_>, notices: &NoticeSink) -> Option<Secret> {
    let metadata = fs::metadata(path).ok()?;
    if !metadata.is_file() {
        notices.warn(format!(
            "the password file `{}` is ignored: it is not a plain file",
            path.display()
        ));
        return None;
    }
    if is_open_to_others(&metadata) {
        notices.warn(format!(
            "the password file `{path}` is ignored: others may read it; chmod 0600 {path}",
            path = path.display()
        ));
        return None;
    }
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            notices.warn(format!(
                "the password file `{}` is ignored: {error}",
                path.display()
            ));
            return None;
        }
    };
    find(&String::from_utf8_lossy(&bytes), entry).map(Secret::new)
}

#[cfg(unix)]
fn is_open_to_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

/// Windows keeps the file in a folder that is the user's own.
#[cfg(not(unix))]
fn is_open_to_others(_: &fs::Metadata) -> bool {
    false
}

/// The password on the first line that fits.
fn find(text: &str, entry: Entry<'_>) -> Option<String> {
    let port = entry.port.to_string();
    let wanted = [entry.host, &port, entry.database, entry.user];
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| {
            let mut rest = line;
            for name in wanted {
                rest = match_field(rest, name)?;
            }
            Some(split_field(rest).0)
        })
}

/// What follows a field and its colon, if the field fits.
fn match_field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    if let Some(rest) = line.strip_prefix("*:") {
        return Some(rest);
    }
    let (field, rest) = split_field(line);
    if field == name { rest } else { None }
}

/// A field without its escapes, and what follows its colon.
fn split_field(line: &str) -> (String, Option<&str>) {
    let mut field = String::new();
    let mut characters = line.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            ':' => return (field, Some(&line[at + 1..])),
            '\\' => field.push(characters.next().map_or('\\', |(_, escaped)| escaped)),
            _ => field.push(character),
        }
    }
    (field, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: Entry<'static> = Entry {
        host: "db.example.com",
        port: 5433,
        database: "shop",
        user: "app",
    };

    fn password(text: &str) -> Option<String> {
        find(text, ENTRY)
    }

    #[test]
    fn the_first_line_that_fits_wins() {
        let text = "other:5433:shop:app:no\n\
                    db.example.com:5433:shop:app:one\n\
                    db.example.com:5433:shop:app:two\n";
        assert_eq!(password(text).as_deref(), Some("one"));
    }

    #[test]
    fn a_star_fits_everything_but_only_as_a_whole_field() {
        assert_eq!(password("*:*:*:*:any").as_deref(), Some("any"));
        assert_eq!(password("*:5433:*:app:any").as_deref(), Some("any"));
        assert_eq!(password("db.*:5433:shop:app:no"), None);
    }

    #[test]
    fn every_field_has_to_fit() {
        assert_eq!(password("db.example.com:5432:shop:app:no"), None);
        assert_eq!(password("db.example.com:5433:shops:app:no"), None);
        assert_eq!(password("db.example.com:5433:shop:ap:no"), None);
        assert_eq!(password("db.example.com:5433:shop:app"), None);
    }

    #[test]
    fn comments_and_rubbish_are_passed_over() {
        let text = "# *:*:*:*:no\n\n:::\nrubbish\r\n*:*:*:*:yes\r\n";
        assert_eq!(password(text).as_deref(), Some("yes"));
    }

    #[test]
    fn colons_and_backslashes_are_escaped() {
        let entry = Entry {
            host: "::1",
            user: r"a\b",
            ..ENTRY
        };
        let line = r"\:\:1:5433:shop:a\\b:p\:q\\r";
        assert_eq!(find(line, entry).as_deref(), Some(r"p:q\r"));
    }

    #[test]
    fn an_unescaped_colon_ends_the_password() {
        assert_eq!(password("*:*:*:*:abc:def").as_deref(), Some("abc"));
    }

    #[test]
    fn an_empty_password_is_one() {
        assert_eq!(password("*:*:*:*:").as_deref(), Some(""));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_ignored_with_a_notice() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pgpass");
        fs::write(&path, "*:*:*:*:secret\n").unwrap();
        let notices = NoticeSink::new();

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(look_up(&path, ENTRY, &notices).is_none());
        let messages: Vec<_> = notices
            .take()
            .into_iter()
            .map(|notice| notice.message)
            .collect();
        assert_eq!(
            messages,
            [format!(
                "the password file `{0}` is ignored: others may read it; chmod 0600 {0}",
                path.display()
            )]
        );

        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let secret = look_up(&path, ENTRY, &notices).unwrap();
        assert_eq!(secret.expose(), "secret");
        assert_eq!(notices.take(), []);
    }

    #[test]
    fn a_missing_file_is_no_news() {
        let notices = NoticeSink::new();
        assert!(look_up(Path::new("/nowhere/pgpass"), ENTRY, &notices).is_none());
        assert_eq!(notices.take(), []);
    }
}
