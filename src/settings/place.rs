//! Where something was written, in the words of an error message.

use std::fmt;
use std::path::Path;

/// A file, and the line and column in it where they are known; both count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the working directory where it lies below it.
    pub file: String,
    /// Line and column.
    pub position: Option<(usize, usize)>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some((line, column)) => write!(f, "{}:{line}:{column}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

/// What a value was given by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A key of a settings file.
    Key {
        /// The path of the key.
        key: String,
        /// Where its value stands.
        place: Place,
    },
    /// An environment variable.
    Variable {
        /// Its name.
        name: String,
        /// The `.env` file that sets it, unless the process environment does.
        file: Option<String>,
    },
    /// An option of the command line.
    Flag(&'static str),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { key, place } => write!(f, "`{key}` at {place}"),
            Self::Variable { name, file: None } => write!(f, "`{name}`"),
            Self::Variable {
                name,
                file: Some(file),
            } => write!(f, "`{name}` ({file})"),
            Self::Flag(flag) => write!(f, "`{flag}`"),
        }
    }
}

/// A path as a person at `directory` would type it.
pub(crate) fn shown_path(path: &Path, directory: &Path) -> String {
    match path.strip_prefix(directory) {
        Ok(below) if below.as_os_str().is_empty() => ".".to_owned(),
        Ok(below) => below.display().to_string(),
        Err(_) => path.display().to_string(),
    }
}

/// A text that came from a file, made fit for a message: one line, not too long, no control
/// characters that would reach the terminal.
pub(crate) fn shown_text(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .flat_map(|c| {
            let escaped = c.is_control().then(|| c.escape_default());
            let plain = (!c.is_control()).then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_below_the_working_directory_is_relative() {
        let here = Path::new("/project/app");
        assert_eq!(
            shown_path(Path::new("/project/app/conf/settings.yaml"), here),
            "conf/settings.yaml"
        );
        assert_eq!(
            shown_path(Path::new("/project/settings.yaml"), here),
            "/project/settings.yaml"
        );
        assert_eq!(shown_path(here, here), ".");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(shown_text("a\u{1b}[31m\nb"), "a\\u{1b}[31m\\nb");
        assert_eq!(shown_text(&"x".repeat(61)), format!("{}…", "x".repeat(60)));
    }
}
