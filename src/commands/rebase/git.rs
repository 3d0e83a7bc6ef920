//! What git knows of the folders: facts, and none where it is not there or does not say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder in a git work tree.
pub(super) struct Repository {
    folder: PathBuf,
    /// Where git keeps its files.
    own: PathBuf,
}

impl Repository {
    /// The work tree that a folder lies in.
    pub(super) fn of(folder: &Path) -> Option<Self> {
        let own = git(folder, &["rev-parse", "--absolute-git-dir"])?;
        Some(Self {
            folder: folder.to_owned(),
            own: PathBuf::from(own.trim_end_matches(['\n', '\r'])),
        })
    }

    /// The folder's entries that git keeps, or is about to.
    pub(super) fn kept(&self) -> Option<BTreeSet<String>> {
        Some(first_parts(&git(&self.folder, &["ls-files", "-z"])?))
    }

    /// The folder's entries in a commit; none if the commit is not there.
    pub(super) fn entries(&self, commit: &str) -> Option<BTreeSet<String>> {
        let commit = format!("{commit}^{{commit}}");
        let commit = git(
            &self.folder,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &commit,
            ],
        )?;
        Some(first_parts(&git(
            &self.folder,
            &["ls-tree", "--name-only", "-z", commit.trim()],
        )?))
    }

    /// The remote's main branch, such as `origin/main`.
    pub(super) fn published(&self) -> Option<String> {
        self.short("refs/remotes/origin/HEAD")
    }

    /// The branch that is checked out.
    pub(super) fn branch(&self) -> Option<String> {
        self.short("HEAD")
    }

    fn short(&self, reference: &str) -> Option<String> {
        let name = git(&self.folder, &["symbolic-ref", "--short", "-q", reference])?;
        Some(name.trim().to_owned())
    }

    /// The commit that a rebase under way puts others onto.
    pub(super) fn rebased_onto(&self) -> Option<String> {
        ["rebase-merge/onto", "rebase-apply/onto"]
            .iter()
            .find_map(|file| fs::read_to_string(self.own.join(file)).ok())
            .map(|commit| commit.trim().to_owned())
    }

    /// The two sides of a merge under way, or of the one that was just made: ours, then theirs.
    pub(super) fn merged(&self) -> Option<(&'static str, &'static str)> {
        if self.own.join("MERGE_HEAD").exists() {
            return Some(("HEAD", "MERGE_HEAD"));
        }
        let parents = git(&self.folder, &["rev-list", "--parents", "-n", "1", "HEAD"])?;
        // The commit itself, and two parents.
        (parents.split_whitespace().count() == 3).then_some(("HEAD^1", "HEAD^2"))
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8(output.stdout).ok()
}

/// The first part of every path in a list with zero bytes between.
fn first_parts(list: &str) -> BTreeSet<String> {
    list.split('\0')
        .filter_map(|path| path.split('/').next())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
