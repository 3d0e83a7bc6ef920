//! Links that lead out of the project: what is read through them may be anything, and nothing is written.
//!
//! A repository that somebody else wrote can hold a link to any file of the one who cloned it.

use std::fs;
use std::path::{Path, PathBuf};

use super::directory::{Directory, Entry};
use super::finding::{Finding, Severity};
use super::writer::WriteError;

/// What the folder of a project holds.
const MARKS: [&str; 5] = [
    ".git",
    "Cargo.toml",
    "diesel.toml",
    "settings.yaml",
    "settings.yml",
];

/// Where a path of a project really lies, if that is outside of the project.
///
/// A path that is written with `..` is no link: whoever wrote it into the settings could read it there.
#[must_use]
pub fn outside(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let real = real(&path)?;
    let project = project(&path)?;
    (!real.starts_with(project)).then_some(real)
}

/// Refuses to write a file, or into a folder, that a link leads out of the project to.
///
/// # Errors
/// It does.
pub fn refuse_outside(path: &Path) -> Result<(), WriteError> {
    match outside(path) {
        None => Ok(()),
        Some(target) => Err(WriteError::Outside {
            path: path.to_owned(),
            target,
        }),
    }
}

/// The path without links, of as much of it as is there.
fn real(path: &Path) -> Option<PathBuf> {
    path.ancestors()
        .find_map(|there| fs::canonicalize(there).ok())
}

/// The project that a path belongs to as it is written: the nearest folder that is a repository or holds
/// settings, and is not itself reached through a link of a project around it.
fn project(path: &Path) -> Option<PathBuf> {
    let mut nearest = None;
    let mut behind_link = None;
    for folder in path.ancestors().skip(1) {
        if nearest.is_none() && MARKS.iter().any(|mark| folder.join(mark).exists()) {
            nearest = Some(folder);
        }
        if folder.is_symlink() {
            behind_link = nearest.take().or(behind_link);
        }
    }
    let folder = nearest.or(behind_link).or_else(|| path.parent())?;
    fs::canonicalize(folder).ok()
}

/// What `check` says about links of the folders and the migrations in them.
pub(super) fn folder_findings(directory: &Directory) -> Vec<Finding> {
    let folders = directory.folders().iter();
    folders.filter_map(|folder| finding(folder)).collect()
}

/// The same, about one migration and its files.
pub(super) fn findings(entry: &Entry) -> Vec<Finding> {
    if let Some(finding) = finding(&entry.path) {
        return vec![finding];
    }
    ["up.sql", "down.sql", "metadata.toml"]
        .iter()
        .filter_map(|file| finding(&entry.path.join(file)))
        .collect()
}

fn finding(path: &Path) -> Option<Finding> {
    if !path.is_symlink() {
        return None;
    }
    let target = outside(path)?;
    Some(Finding::new(
        Severity::Warning,
        "link-outside",
        path,
        format!("the link leads out of the project, to {}", target.display()),
        "put a copy in its place; nothing is written through it",
    ))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_out_of_the_project_is_told_from_one_inside() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let project = root.join("project");
        let migrations = project.join("db/migrations");
        for path in ["project/db/migrations/own", "project/shared/in", "else/out"] {
            fs::create_dir_all(root.join(path)).unwrap();
        }
        fs::write(project.join("settings.yaml"), "").unwrap();
        symlink(project.join("shared/in"), migrations.join("in")).unwrap();
        symlink(root.join("else/out"), migrations.join("out")).unwrap();
        assert_eq!(outside(&migrations), None);
        assert_eq!(outside(&migrations.join("own/up.sql")), None);
        assert_eq!(outside(&migrations.join("in/metadata.toml")), None);
        assert_eq!(
            outside(&migrations.join("out/metadata.toml")),
            Some(root.join("else/out"))
        );
        symlink(root.join("else"), project.join("linked")).unwrap();
        assert_eq!(outside(&project.join("linked")), Some(root.join("else")));
        fs::create_dir(root.join("else/.git")).unwrap();
        assert!(refuse_outside(&project.join("linked/new")).is_err());
        assert!(refuse_outside(&project.join("new/newer")).is_ok());
    }
}
