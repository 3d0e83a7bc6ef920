//! The file that names a folder's newest migration, so that git itself conflicts where two branches
//! add one.
//!
//! Diesel passes over plain files, so the folder stays one that it can run.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::directory::{Directory, DirectoryError};
use super::finding::{Finding, Severity};
use super::graph::Graph;
use super::writer::WriteError;
use super::writer::place::lock;
use super::writer::staging::{Staging, sync_directory};

/// The file's name.
pub const POINTER: &str = "latest.txt";

/// What the file of a folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// There is none.
    Absent,
    /// Its text.
    Text(String),
    /// What git left of two texts, with the line of the first mark.
    Conflict(usize),
}

impl Pointer {
    /// Reads the file of a folder.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn read(folder: &Path) -> Result<Self, WriteError> {
        let path = folder.join(POINTER);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self::of(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::Absent),
            Err(error) => Err(WriteError::io("read", &path, error)),
        }
    }

    fn of(text: &str) -> Self {
        let is_mark = |line: &str| {
            ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
                .iter()
                .any(|mark| line.starts_with(mark))
        };
        match text.lines().position(is_mark) {
            Some(line) => Self::Conflict(line + 1),
            // Git may have changed the line endings.
            None => Self::Text(text.replace("\r\n", "\n")),
        }
    }
}

/// What the file of a folder has to hold: a line for each head. Above one that has labels stands a line
/// that says them, which keeps git from taking changes of two heads for a conflict.
fn text(graph: &Graph, folder: &Path) -> String {
    let mut heads: Vec<_> = graph
        .heads()
        .filter(|head| head.path.parent() == Some(folder))
        .collect();
    // Not by version: a line keeps its place whichever of them grows.
    heads.sort_by(|a, b| (&a.branches, &a.version).cmp(&(&b.branches, &b.version)));
    heads.into_iter().fold(String::new(), |text, head| {
        if head.branches.is_empty() {
            format!("{text}{}\n", head.name)
        } else {
            format!("{text}# {}\n{}\n", head.branches.join(", "), head.name)
        }
    })
}

/// Writes the file of every folder that has migrations, unless it is right, and gives those that were
/// written.
///
/// The folders are read under their locks, so that the last of several programs leaves the truth.
///
/// # Errors
/// A folder cannot be read or written.
pub fn keep_pointers(folders: &[PathBuf]) -> Result<Vec<PathBuf>, WriteError> {
    let sorted: BTreeSet<&PathBuf> = folders.iter().filter(|folder| folder.is_dir()).collect();
    let _locks: Vec<_> = sorted.iter().map(|folder| lock(folder)).collect();
    let directory =
        Directory::load(folders).map_err(|DirectoryError::Unreadable { folder, source }| {
            WriteError::io("read", &folder, source)
        })?;
    let graph = Graph::load(&directory);
    let mut written = Vec::new();
    for folder in sorted {
        let text = text(&graph, folder);
        let is_right = match Pointer::read(folder)? {
            Pointer::Absent => text.is_empty(),
            Pointer::Text(found) => found == text,
            Pointer::Conflict(_) => false,
        };
        if is_right {
            continue;
        }
        let staging = Staging::create(folder, POINTER)?;
        staging.write(POINTER, &text)?;
        let path = folder.join(POINTER);
        fs::rename(staging.path().join(POINTER), &path)
            .map_err(|error| WriteError::io("write", &path, error))?;
        sync_directory(folder);
        written.push(path);
    }
    Ok(written)
}

/// What is wrong with the files of the folders.
#[must_use]
pub fn pointer_findings(directory: &Directory, graph: &Graph) -> Vec<Finding> {
    directory
        .folders()
        .iter()
        .filter_map(|folder| finding(graph, folder))
        .collect()
}

fn finding(graph: &Graph, folder: &Path) -> Option<Finding> {
    let path = folder.join(POINTER);
    let wanted = text(graph, folder);
    match Pointer::read(folder) {
        Err(error) => Some(Finding::new(
            Severity::Error,
            "pointer-unreadable",
            path,
            error.to_string(),
            "check who may read it",
        )),
        Ok(Pointer::Conflict(line)) => Some(
            Finding::new(
                Severity::Error,
                "pointer-conflict",
                path,
                "git could not merge it: two branches added migrations",
                "put one after the other: manage rebase; or join them: manage merge",
            )
            .at(line, 1),
        ),
        Ok(Pointer::Absent) if wanted.is_empty() => None,
        Ok(Pointer::Absent) => Some(Finding::new(
            Severity::Warning,
            "pointer-missing",
            path,
            "there is no file that names the newest migration",
            "write it: manage rebase",
        )),
        Ok(Pointer::Text(found)) if found == wanted => None,
        Ok(Pointer::Text(_)) => Some(Finding::new(
            Severity::Error,
            "pointer-stale",
            path,
            "it does not name the newest migration",
            "write it again: manage rebase",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(folder: &Path, name: &str, metadata: Option<&str>) {
        let path = folder.join(name);
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("up.sql"), "SELECT 1;\n").unwrap();
        if let Some(metadata) = metadata {
            let text = format!("run_in_transaction = true\n[manage]\n{metadata}\n");
            fs::write(path.join("metadata.toml"), text).unwrap();
        }
    }

    fn codes(folder: &Path) -> Vec<&'static str> {
        let directory = Directory::load(&[folder.to_owned()]).unwrap();
        pointer_findings(&directory, &Graph::load(&directory))
            .iter()
            .map(|finding| finding.code)
            .collect()
    }

    #[test]
    fn the_file_names_the_newest_and_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let folders = [folder.path().to_owned()];
        let path = folder.path().join(POINTER);
        assert_eq!(keep_pointers(&folders).unwrap(), Vec::<PathBuf>::new());
        assert_eq!(codes(folder.path()), Vec::<&str>::new());
        migration(folder.path(), "1_a", None);
        assert_eq!(codes(folder.path()), ["pointer-missing"]);
        assert_eq!(
            keep_pointers(&folders).unwrap(),
            std::slice::from_ref(&path)
        );
        assert_eq!(keep_pointers(&folders).unwrap(), Vec::<PathBuf>::new());
        assert_eq!(fs::read_to_string(&path).unwrap(), "1_a\n");
        migration(folder.path(), "2_b", None);
        assert_eq!(codes(folder.path()), ["pointer-stale"]);
        keep_pointers(&folders).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "2_b\n");
        assert_eq!(codes(folder.path()), Vec::<&str>::new());
    }

    #[test]
    fn what_git_left_is_told_with_its_line_and_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        migration(folder.path(), "1_a", None);
        let path = folder.path().join(POINTER);
        fs::write(&path, "<<<<<<< HEAD\n1_a\n=======\n1_b\n>>>>>>> other\n").unwrap();
        assert_eq!(codes(folder.path()), ["pointer-conflict"]);
        assert_eq!(Pointer::read(folder.path()).unwrap(), Pointer::Conflict(1));
        keep_pointers(&[folder.path().to_owned()]).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "1_a\n");
    }

    #[test]
    fn heads_that_are_meant_to_be_side_by_side_have_a_line_each() {
        let folder = tempfile::tempdir().unwrap();
        migration(folder.path(), "1_a", None);
        migration(folder.path(), "2_b", Some("depends_on = ['1']"));
        migration(
            folder.path(),
            "3_c",
            Some("depends_on = ['1']\nlabels = ['billing']"),
        );
        keep_pointers(&[folder.path().to_owned()]).unwrap();
        assert_eq!(
            fs::read_to_string(folder.path().join(POINTER)).unwrap(),
            "2_b\n# billing\n3_c\n"
        );
    }

    #[test]
    fn line_endings_are_not_what_matters() {
        let folder = tempfile::tempdir().unwrap();
        migration(folder.path(), "1_a", None);
        fs::write(folder.path().join(POINTER), "1_a\r\n").unwrap();
        assert_eq!(codes(folder.path()), Vec::<&str>::new());
    }
}
