//! A project in a folder of its own, for the tests of this layer.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{Connection, Environment, Request, Settings, SettingsError, load};
use crate::error::Explain;

/// A folder with files, an environment, and what the command line says.
pub(crate) struct Project {
    folder: TempDir,
    pub(crate) environment: Environment,
    pub(crate) request: Request,
}

impl Project {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().canonicalize().unwrap();
        Self {
            folder,
            environment: Environment {
                directory,
                ..Environment::default()
            },
            request: Request::default(),
        }
    }

    /// A folder with a `settings.yaml`.
    pub(crate) fn with_settings(text: &str) -> Self {
        Self::new().file("settings.yaml", text)
    }

    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn folder(self, path: &str) -> Self {
        fs::create_dir_all(self.folder.path().join(path)).unwrap();
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment
            .variables
            .insert(name.to_owned(), value.to_owned());
        self
    }

    /// Goes to a folder below.
    pub(crate) fn within(mut self, path: &str) -> Self {
        self.environment.directory = self.environment.directory.join(path);
        fs::create_dir_all(&self.environment.directory).unwrap();
        self
    }

    pub(crate) fn profile(mut self, name: &str) -> Self {
        self.request.profile = Some(name.to_owned());
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn load(&self) -> Result<Settings, SettingsError> {
        load(&self.request, &self.environment)
    }

    pub(crate) fn connection(&self, name: Option<&str>) -> Result<Connection, SettingsError> {
        self.load()?.connection(name)
    }

    /// The URL of the default connection with its notices, or the error.
    pub(crate) fn url(&self) -> String {
        let connection = match self.connection(None) {
            Ok(connection) => connection,
            Err(error) => return self.show(&error),
        };
        match connection.url() {
            Ok(url) => {
                let mut lines = vec![url.to_string()];
                lines.extend(
                    connection
                        .notices
                        .iter()
                        .map(|notice| format!("notice: {notice}")),
                );
                self.hide(&lines.join("\n"))
            }
            Err(error) => self.show(&error),
        }
    }

    /// The error, as the command line would print it.
    pub(crate) fn error(&self) -> String {
        match self
            .connection(None)
            .and_then(|connection| connection.url().cloned())
        {
            Ok(url) => format!("no error, but {url}"),
            Err(error) => self.show(&error),
        }
    }

    pub(crate) fn show(&self, error: &SettingsError) -> String {
        let mut lines = vec![format!("error: {error}")];
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            lines.push(format!("  caused by: {error}"));
            source = error.source();
        }
        lines.extend(error.hints().iter().map(|hint| format!("hint: {hint}")));
        self.hide(&lines.join("\n"))
    }

    /// Puts `$PROJECT` for the folder, whose name is another one each time.
    pub(crate) fn hide(&self, text: &str) -> String {
        let folder = self.folder.path().canonicalize().unwrap();
        text.replace(folder.to_str().unwrap(), "$PROJECT")
    }
}
