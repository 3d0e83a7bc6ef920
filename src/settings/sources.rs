//! Where values come from: the settings files as text, and the variables they may name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::dotenv::DotEnv;
use super::environment::Environment;
use super::error::SettingsError;
use super::interpolate::{self, Failure, Lookup};
use super::key_path::KeyPath;
use super::place::{Place, Subject, shown_path};
use super::position;
use super::read::{LARGEST_SECRET, read_text};
use super::value::Scalar;

/// A settings file that was read.
#[derive(Clone)]
pub(crate) struct SourceFile {
    /// The file.
    pub(crate) path: PathBuf,
    /// Its text.
    pub(crate) text: String,
}

/// Everything a value may be made of.
#[derive(Clone)]
pub(crate) struct Sources {
    /// The settings files, the uppermost first.
    pub(crate) files: Vec<SourceFile>,
    /// The process environment.
    pub(crate) environment: Environment,
    /// The nearest `.env`.
    pub(crate) dotenv: Option<DotEnv>,
    /// What relative paths in the settings are relative to.
    pub(crate) root: PathBuf,
}

/// A variable that is set, and by what.
pub(crate) struct Variable {
    pub(crate) value: String,
    pub(crate) subject: Subject,
    /// What a relative path in it is relative to.
    pub(crate) folder: PathBuf,
}

impl Sources {
    /// The value of a variable. The process environment wins over `.env`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let dotenv = || self.dotenv.as_ref()?.variables.get(name);
        self.environment
            .variables
            .get(name)
            .or_else(dotenv)
            .map(String::as_str)
    }

    /// A variable of `diesel` or ours that is set to something.
    pub(crate) fn variable(&self, name: &str) -> Option<Variable> {
        let value = self.get(name).filter(|value| !value.is_empty())?.to_owned();
        let dotenv = match &self.dotenv {
            Some(dotenv) if !self.environment.variables.contains_key(name) => Some(dotenv),
            Some(_) | None => None,
        };
        let file = dotenv.map(|dotenv| self.shown(&dotenv.path));
        let folder = dotenv.and_then(|dotenv| dotenv.path.parent());
        Some(Variable {
            value,
            subject: Subject::Variable {
                name: name.to_owned(),
                file,
            },
            folder: folder.unwrap_or(&self.environment.directory).to_owned(),
        })
    }

    /// Both together.
    pub(crate) fn merged_environment(&self) -> Environment {
        let mut variables: BTreeMap<String, String> = self
            .dotenv
            .as_ref()
            .map(|dotenv| dotenv.variables.clone())
            .unwrap_or_default();
        variables.extend(self.environment.variables.clone());
        Environment {
            variables,
            ..self.environment.clone()
        }
    }

    /// A path as the person at the terminal would type it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        shown_path(path, &self.environment.directory)
    }

    /// Where a value stands.
    pub(crate) fn place(&self, path: &KeyPath) -> Place {
        self.find(|text| position::of_value(text, path))
    }

    /// Where a key stands.
    pub(crate) fn key_place(&self, path: &KeyPath) -> Place {
        self.find(|text| position::of_key(text, path))
    }

    /// What to call a value in a message.
    pub(crate) fn subject(&self, path: &KeyPath) -> Subject {
        Subject::Key {
            key: path.to_string(),
            place: self.place(path),
        }
    }

    /// The value with its expressions replaced.
    pub(crate) fn text(&self, path: &KeyPath, written: &Scalar) -> Result<String, SettingsError> {
        let lookup = Values {
            sources: self,
            may_read_files: path.is_read_from_files(),
        };
        interpolate::interpolate(&written.0, &lookup).map_err(|failure| {
            let key = path.to_string();
            let place = self.place(path);
            match failure {
                Failure::Missing(variable) => SettingsError::MissingVariable {
                    variable,
                    key,
                    place,
                },
                Failure::Unclosed => SettingsError::UnclosedExpression { key, place },
                Failure::Malformed | Failure::TooDeep => {
                    SettingsError::MalformedExpression { key, place }
                }
                Failure::NoPlaceForFile => SettingsError::NoPlaceForFile { key, place },
                Failure::File(source) => SettingsError::SecretFile { key, place, source },
            }
        })
    }

    fn find(&self, position: impl Fn(&str) -> Option<position::Position>) -> Place {
        let found = self
            .files
            .iter()
            .find_map(|file| Some((file, position(&file.text)?)));
        match (found, self.files.first()) {
            (Some((file, position)), _) => Place {
                file: self.shown(&file.path),
                position: Some(position),
            },
            (None, Some(file)) => Place {
                file: self.shown(&file.path),
                position: None,
            },
            (None, None) => Place {
                file: self.shown(&self.root),
                position: None,
            },
        }
    }
}

/// What the expressions of one value may refer to.
struct Values<'a> {
    sources: &'a Sources,
    may_read_files: bool,
}

impl Lookup for Values<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        self.sources.get(name).map(str::to_owned)
    }

    /// Settings may come from anybody, and what they read goes to the server that they name. So only what
    /// is like a secret is read: one short line, where a secret belongs.
    fn file(&self, path: &str) -> Result<String, Failure> {
        if !self.may_read_files {
            return Err(Failure::NoPlaceForFile);
        }
        let directory = &self.sources.environment.directory;
        let path = self.sources.root.join(path);
        let refused = |error| Failure::File(Box::new(error));
        let mut text = read_text(&path, LARGEST_SECRET, directory).map_err(refused)?;
        // Editors and `echo` end a file with a line break that is no part of the secret.
        text.truncate(text.trim_end_matches(['\n', '\r']).len());
        if text.contains(['\n', '\r']) {
            return Err(refused(SettingsError::SeveralLines {
                path: shown_path(&path, directory),
            }));
        }
        Ok(text)
    }
}
