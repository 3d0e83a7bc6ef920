//! A git repository around a project.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use super::project::Project;

/// The work tree is the project's folder.
pub(crate) struct Git {
    root: PathBuf,
}

impl Git {
    /// Whether the program is there.
    pub(crate) fn is_there() -> bool {
        Command::new("git")
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// A repository whose first commit on `main` is what the project holds.
    pub(crate) fn init(project: &Project) -> Self {
        let git = Self {
            root: project.root().to_owned(),
        };
        git.ok("init -q -b main .");
        git.commit("Begin");
        git
    }

    /// Runs git; the arguments are divided at blanks.
    pub(crate) fn run(&self, arguments: &str) -> Output {
        Command::new("git")
            .args(arguments.split_whitespace())
            .current_dir(&self.root)
            .envs([
                ("GIT_CONFIG_GLOBAL", "/dev/null"),
                ("GIT_CONFIG_NOSYSTEM", "1"),
                ("GIT_AUTHOR_NAME", "tester"),
                ("GIT_AUTHOR_EMAIL", "tester@localhost"),
                ("GIT_COMMITTER_NAME", "tester"),
                ("GIT_COMMITTER_EMAIL", "tester@localhost"),
                ("GIT_EDITOR", "true"),
            ])
            .stdin(Stdio::null())
            .output()
            .expect("git can be started")
    }

    /// Runs it, and it succeeds; what it prints.
    #[track_caller]
    pub(crate) fn ok(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "git {arguments}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs it, and it stops at conflicts; their paths.
    #[track_caller]
    pub(crate) fn conflicts(&self, arguments: &str) -> Vec<String> {
        assert!(!self.run(arguments).status.success(), "git {arguments}");
        self.ok("diff --name-only --diff-filter=U")
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// Commits everything.
    #[track_caller]
    pub(crate) fn commit(&self, message: &str) {
        self.ok("add -A");
        self.ok(&format!("commit -q -m {message}"));
    }
}
