//! A project in a folder of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::filters::Filters;
use super::invocation::Invocation;
use super::output::Output;
use super::server::Server;

/// Files to run the command in; gone when the test is over.
pub(crate) struct Project {
    // Held for its end.
    _folder: TempDir,
    root: PathBuf,
    variables: BTreeMap<String, String>,
    filters: Filters,
}

impl Project {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("manage-")
            .tempdir()
            .expect("a temporary folder can be made");
        let root = folder.path().canonicalize().expect("the folder is there");
        let mut filters = Filters::default();
        filters.replace(root.display().to_string(), "$PROJECT");
        filters.replace(folder.path().display().to_string(), "$PROJECT");
        Self {
            _folder: folder,
            root,
            variables: BTreeMap::new(),
            filters,
        }
    }

    /// A Diesel project without settings, whose `DATABASE_URL` is a server's database.
    ///
    /// The URL is shown as `$URL` and the database's name as `$DB`.
    pub(crate) fn on(server: &Server) -> Self {
        let mut project = Self::new().url(server.url());
        project.hide(server);
        project
    }

    /// Sets `DATABASE_URL`.
    #[must_use]
    pub(crate) fn url(self, url: &str) -> Self {
        self.variable("DATABASE_URL", url)
    }

    /// Sets a variable for every command that is run here.
    #[must_use]
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Shows a server's address as `$URL` from now on.
    pub(crate) fn hide(&mut self, server: &Server) {
        self.hide_as(server, "");
    }

    /// The same, for one of several: `$URL` and `$DB` with something behind.
    pub(crate) fn hide_as(&mut self, server: &Server, suffix: &str) {
        for shown in server.shown() {
            self.filters.replace(shown, format!("$URL{suffix}"));
        }
        self.filters.replace(server.name(), format!("$DB{suffix}"));
    }

    /// Shows something as something else from now on.
    pub(crate) fn filter(&mut self, text: &str, with: &str) {
        self.filters.replace(text, with);
    }

    /// The folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path in the folder.
    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// Writes a file, and the folders it needs.
    pub(crate) fn file(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).expect("a folder can be made");
        }
        fs::write(&path, content).expect("a file can be written");
        self
    }

    /// Writes `settings.yaml`.
    pub(crate) fn settings(&self, yaml: &str) -> &Self {
        self.file("settings.yaml", yaml)
    }

    /// Writes a migration into `migrations/`.
    pub(crate) fn migration(&self, name: &str, up: &str, down: Option<&str>) -> &Self {
        let folder = self.folder_of(name);
        self.file(folder.join("up.sql"), up);
        if let Some(down) = down {
            self.file(folder.join("down.sql"), down);
        }
        self
    }

    /// Writes the metadata.toml of a migration.
    pub(crate) fn metadata(&self, name: &str, text: &str) -> &Self {
        self.file(self.folder_of(name).join("metadata.toml"), text)
    }

    /// The folder of a migration.
    pub(crate) fn folder_of(&self, name: &str) -> PathBuf {
        self.path("migrations").join(name)
    }

    /// Removes a migration.
    pub(crate) fn remove(&self, name: &str) -> &Self {
        fs::remove_dir_all(self.folder_of(name)).expect("the migration is there");
        self
    }

    /// Copies a folder into `migrations/`.
    pub(crate) fn migrations_from(&self, folder: &Path) -> &Self {
        copy(folder, &self.path("migrations"));
        self
    }

    /// What stands in a file.
    #[track_caller]
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> String {
        let path = self.path(path);
        match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }

    /// Every file and folder below a path, relative to it and sorted.
    pub(crate) fn tree(&self, path: impl AsRef<Path>) -> Vec<String> {
        let top = self.path(path);
        let mut found = Vec::new();
        walk(&top, &top, &mut found);
        found.sort();
        found
    }

    /// The command with its arguments, which blanks part; add those that hold some with `arg`.
    pub(crate) fn manage(&self, arguments: &str) -> Invocation {
        let invocation = Invocation::new(&self.root, self.filters.clone());
        let invocation = self
            .variables
            .iter()
            .fold(invocation, |invocation, (name, value)| {
                invocation.env(name, value)
            });
        arguments
            .split_whitespace()
            .fold(invocation, Invocation::arg)
    }

    /// Runs the command to its end.
    #[must_use = "check how it ended"]
    #[track_caller]
    pub(crate) fn run(&self, arguments: &str) -> Output {
        self.manage(arguments).run()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for item in fs::read_dir(from).expect("the folder can be read") {
        let item = item.expect("the folder can be read");
        let target = to.join(item.file_name());
        if item.path().is_dir() {
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).expect("a file can be copied");
        }
    }
}

fn walk(top: &Path, folder: &Path, found: &mut Vec<String>) {
    let Ok(listing) = fs::read_dir(folder) else {
        return;
    };
    for item in listing {
        let path = item.expect("the folder can be read").path();
        if let Ok(relative) = path.strip_prefix(top) {
            found.push(relative.display().to_string());
        }
        if path.is_dir() {
            walk(top, &path, found);
        }
    }
}
