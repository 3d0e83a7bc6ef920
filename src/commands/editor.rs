//! The person's own editor: found in the environment, and run on a file.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};

use crate::error::Explain;
use crate::settings::Environment;

/// Editors that a machine is likely to have, where nobody says which.
#[cfg(not(windows))]
const COMMON: [&str; 6] = ["sensible-editor", "editor", "nano", "vim", "vi", "emacs"];
#[cfg(windows)]
const COMMON: [&str; 1] = ["notepad.exe"];

/// A program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Editor {
    program: String,
    arguments: Vec<String>,
}

impl Editor {
    /// The one that `$VISUAL` or else `$EDITOR` names, with arguments as a shell would part them; else one
    /// that is there.
    pub(super) fn find(environment: &Environment) -> Result<Self, EditorError> {
        for name in ["VISUAL", "EDITOR"] {
            let Some(text) = environment.variables.get(name) else {
                continue;
            };
            if text.trim().is_empty() {
                continue;
            }
            let words = shell_words::split(text).map_err(|error| EditorError::Words {
                name,
                text: text.clone(),
                error,
            })?;
            let mut words = words.into_iter();
            if let Some(program) = words.next() {
                return Ok(Self {
                    program,
                    arguments: words.collect(),
                });
            }
        }
        let path = environment.variables.get("PATH").map_or("", String::as_str);
        COMMON
            .into_iter()
            .find(|program| {
                std::env::split_paths(path).any(|folder| folder.join(program).is_file())
            })
            .map(|program| Self {
                program: program.to_owned(),
                arguments: Vec::new(),
            })
            .ok_or(EditorError::None)
    }

    /// Opens a file, and waits until the person is done.
    pub(super) fn open(&self, file: &Path) -> Result<(), EditorError> {
        let status = Command::new(&self.program)
            .args(&self.arguments)
            .arg(file)
            .status()
            .map_err(|error| EditorError::Start {
                program: self.program.clone(),
                error,
            })?;
        if status.success() {
            Ok(())
        } else {
            Err(EditorError::Ended {
                program: self.program.clone(),
                status,
            })
        }
    }
}

/// Why a file was not edited.
#[derive(Debug, thiserror::Error)]
pub(super) enum EditorError {
    /// The variable cannot be parted into words.
    #[error("`${name}` is not a command line: `{}`", .text.escape_debug())]
    Words {
        name: &'static str,
        text: String,
        #[source]
        error: shell_words::ParseError,
    },
    /// There is no editor.
    #[error("no editor was found")]
    None,
    /// It cannot be started.
    #[error("the editor `{program}` cannot be started")]
    Start {
        program: String,
        #[source]
        error: io::Error,
    },
    /// It says that it failed.
    #[error("the editor `{program}` failed: {status}")]
    Ended { program: String, status: ExitStatus },
}

impl Explain for EditorError {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Words { name, .. } => {
                vec![format!("close its quotes: export {name}=\"code --wait\"")]
            }
            Self::None | Self::Start { .. } => {
                vec!["name one that is there: export EDITOR=nano".to_owned()]
            }
            Self::Ended { .. } => {
                vec!["what it saved is saved; look at the file, and try again".to_owned()]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(variables: &[(&str, &str)]) -> Result<Editor, String> {
        let environment = Environment {
            variables: variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Environment::default()
        };
        Editor::find(&environment).map_err(|error| error.to_string())
    }

    fn editor(program: &str, arguments: &[&str]) -> Editor {
        Editor {
            program: program.to_owned(),
            arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    #[test]
    fn the_visual_editor_comes_first_and_may_have_arguments() {
        assert_eq!(
            find(&[("EDITOR", "vi"), ("VISUAL", "code --wait -n")]),
            Ok(editor("code", &["--wait", "-n"]))
        );
        assert_eq!(
            find(&[("EDITOR", "vi"), ("VISUAL", " ")]),
            Ok(editor("vi", &[]))
        );
    }

    #[test]
    fn words_are_parted_as_a_shell_would_and_nothing_is_run_by_one() {
        assert_eq!(
            find(&[("EDITOR", "'/opt/my editor/bin' --title \"a b\" $HOME;ls")]),
            Ok(editor(
                "/opt/my editor/bin",
                &["--title", "a b", "$HOME;ls"]
            ))
        );
        assert_eq!(
            find(&[("EDITOR", "vi 'open")]),
            Err("`$EDITOR` is not a command line: `vi \\'open`".to_owned())
        );
    }

    #[cfg(not(windows))]
    #[test]
    fn without_a_word_one_that_is_there_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display().to_string();
        assert_eq!(
            find(&[("PATH", &path)]),
            Err("no editor was found".to_owned())
        );
        std::fs::write(folder.path().join("vi"), "").unwrap();
        std::fs::write(folder.path().join("nano"), "").unwrap();
        assert_eq!(find(&[("PATH", &path)]), Ok(editor("nano", &[])));
    }
}
