//! Several folders of one connection: which a migration lies in, and what they are called.

use std::path::{Path, PathBuf};

use super::directory::{Directory, Entry};

impl Directory {
    /// What the folders are called, where there are several; else nothing.
    #[must_use]
    pub fn folder_names(&self) -> Vec<String> {
        match self.folders() {
            [] | [_] => Vec::new(),
            several => names(several),
        }
    }

    /// Which of the folders a migration lies in, from 0.
    #[must_use]
    pub fn folder_of(&self, entry: &Entry) -> usize {
        self.folders()
            .iter()
            .position(|folder| entry.path.parent() == Some(folder))
            .unwrap_or_default()
    }
}

/// What the folders are called: each by its own name or its parent's, where that says enough; else by as
/// much of its path as no other ends with.
fn names(folders: &[PathBuf]) -> Vec<String> {
    let short: Vec<String> = folders.iter().map(|path| label(path)).collect();
    let is_alone =
        |name: &str, names: &[String]| names.iter().filter(|other| *other == name).count() == 1;
    let longest = folders.iter().map(|path| path.iter().count()).max();
    folders
        .iter()
        .zip(&short)
        .map(|(folder, name)| {
            if is_alone(name, &short) {
                return name.clone();
            }
            (2..=longest.unwrap_or_default())
                .map(|length| {
                    let ends: Vec<_> = folders.iter().map(|path| end(path, length)).collect();
                    (end(folder, length), ends)
                })
                .find(|(name, ends)| is_alone(name, ends))
                .map_or_else(|| folder.display().to_string(), |(name, _)| name)
        })
        .collect()
}

/// The last parts of a path.
fn end(path: &Path, length: usize) -> String {
    let parts: Vec<_> = path.iter().collect();
    let from = parts.len().saturating_sub(length);
    let end: PathBuf = parts[from..].iter().collect();
    end.display().to_string()
}

/// What a folder is called: its own name, or its parent's where that says nothing.
fn label(folder: &Path) -> String {
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    match name(folder) {
        Some(own) if own == "migrations" => folder.parent().and_then(name).unwrap_or(own),
        Some(own) => own,
        None => folder.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_called_by_what_tells_them_apart() {
        let told = |paths: &[&str]| {
            let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            names(&paths).join(" ")
        };
        assert_eq!(told(&["migrations", "billing"]), "migrations billing");
        assert_eq!(told(&["shop/migrations", "audit/migrations"]), "shop audit");
        assert_eq!(
            told(&["shop/db", "audit/db", "core"]),
            "shop/db audit/db core"
        );
        assert_eq!(
            told(&["a/shop/migrations", "b/shop/migrations"]),
            "a/shop/migrations b/shop/migrations"
        );
        assert_eq!(told(&["db", "shop/db"]), "db shop/db");
    }
}
