//! Programs called `manage-<name>`, which are commands too, as they are for git.

use std::ffi::OsString;
use std::io;
use std::process::{Command, ExitCode};

use clap::ArgMatches;

/// A word that is no command, with all that stands behind it.
pub(super) struct External {
    name: String,
    arguments: Vec<OsString>,
    settings: Vec<(&'static str, OsString)>,
}

impl External {
    /// Takes the word and its arguments out of a command line that was parsed for that.
    pub(super) fn of(matches: &ArgMatches) -> Option<Self> {
        let (name, arguments) = matches.subcommand()?;
        // A path is not a name.
        if name.contains(['/', '\\']) {
            return None;
        }
        Some(Self {
            name: name.to_owned(),
            arguments: arguments.get_many::<OsString>("")?.cloned().collect(),
            settings: settings(matches),
        })
    }

    /// Whether it is this word.
    pub(super) fn is(&self, word: &str) -> bool {
        self.name == word
    }

    /// What stands behind it.
    pub(super) fn arguments(&self) -> &[OsString] {
        &self.arguments
    }

    /// Runs the program, if there is one.
    pub(super) fn run(&self) -> Option<io::Result<ExitCode>> {
        let mut command = Command::new(format!("manage-{}", self.name));
        command
            .args(&self.arguments)
            .envs(self.settings.iter().map(|(name, value)| (name, value)));
        match become_it(&mut command) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            outcome => Some(outcome),
        }
    }
}

/// What was typed before the word is told by the variables that mean the same.
fn settings(matches: &ArgMatches) -> Vec<(&'static str, OsString)> {
    let file = matches
        .get_one::<std::path::PathBuf>("settings")
        .map(|file| ("MANAGE_SETTINGS", file.clone().into_os_string()));
    let profile = matches
        .get_one::<String>("profile")
        .map(|profile| ("MANAGE_PROFILE", OsString::from(profile)));
    file.into_iter().chain(profile).collect()
}

/// Signals and the exit code are then the program's own affair.
#[cfg(unix)]
fn become_it(command: &mut Command) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> io::Result<ExitCode> {
    let status = command.status()?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
