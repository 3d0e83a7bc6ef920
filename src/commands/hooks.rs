//! The project's own commands around what is done: backups before, notices after, formatters of files.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::hook_variables as variables;
use super::hook_wait::{set_apart, wait, was_interrupted};
use super::locked;
use crate::backend::Direction;
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind, Signal};
use crate::migration::Version;
use crate::settings::{Connection, Hook, Moment};

/// The flag that is for hooks alone.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct TagFlag {
    /// Hand a word to the hooks of the settings
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Option<String>,
}

/// What hooks around a run are told about it.
pub(super) struct Around<'a> {
    /// The command that was typed.
    pub(super) command: &'static str,
    /// Which way; `None` where some migrations are recorded and others forgotten.
    pub(super) direction: Option<Direction>,
    /// The migrations, in the order they run: versions with names.
    pub(super) migrations: Vec<(&'a Version, &'a str)>,
    /// Whether rows are written and nothing is run.
    pub(super) fake: bool,
    /// What `--tag` said.
    pub(super) tag: Option<&'a str>,
    /// What a `manage` that a hook starts knows the lock by that is held for it.
    pub(super) lock: Option<String>,
}

impl Around<'_> {
    fn direction(&self) -> &'static str {
        match self.direction {
            Some(Direction::Up) => "up",
            Some(Direction::Down) => "down",
            None => "both",
        }
    }
}

/// Whether the settings' hooks for a run can be understood: asked before a person is.
///
/// # Errors
/// A variable is missing, or a command makes no sense.
pub(super) fn check(context: &Context, connection: &Connection) -> Result<(), CommandError> {
    wanted(context, connection, Moment::PreMigrate)?;
    Ok(())
}

/// Runs what is to run before what is applied changes.
///
/// # Errors
/// A command failed; nothing was run then.
pub(super) fn pre_migrate(
    context: &Context,
    connection: &Connection,
    around: &Around<'_>,
) -> Result<(), CommandError> {
    migrate(
        context,
        connection,
        Moment::PreMigrate,
        around,
        "nothing was run",
    )
}

/// Runs what is to run after what is applied has changed. `done` says what stays if a command fails.
///
/// # Errors
/// A command failed.
pub(super) fn post_migrate(
    context: &Context,
    connection: &Connection,
    around: &Around<'_>,
    done: &str,
) -> Result<(), CommandError> {
    migrate(context, connection, Moment::PostMigrate, around, done)
}

fn migrate(
    context: &Context,
    connection: &Connection,
    moment: Moment,
    around: &Around<'_>,
    stands: &str,
) -> Result<(), CommandError> {
    let hooks = wanted(context, connection, moment)?;
    if hooks.is_empty() {
        return Ok(());
    }
    let lines = |texts: Vec<&str>| texts.join("\n");
    let mut set = variables::of_project(context, connection)?;
    set.extend(variables::of_database(connection.url()?));
    set.extend(
        [
            ("MANAGE_COMMAND", around.command.to_owned()),
            ("MANAGE_DIRECTION", around.direction().to_owned()),
            (
                "MANAGE_VERSIONS",
                lines(around.migrations.iter().map(|one| one.0.as_str()).collect()),
            ),
            (
                "MANAGE_NAMES",
                lines(around.migrations.iter().map(|one| one.1).collect()),
            ),
            ("MANAGE_FAKE", u8::from(around.fake).to_string()),
            ("MANAGE_TAG", around.tag.unwrap_or_default().to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), Some(value))),
    );
    if let Some(token) = &around.lock {
        set.push((locked::TOKEN.to_owned(), Some(token.clone())));
    }
    let words = [
        ("{connection}", connection.name.clone()),
        ("{direction}", around.direction().to_owned()),
        ("{tag}", around.tag.unwrap_or_default().to_owned()),
    ];
    for hook in hooks {
        let arguments = hook.arguments.iter().map(|text| filled(text, &words));
        run(&Running {
            context,
            connection,
            moment,
            hook,
            arguments: arguments.collect(),
            set: &set,
            stands,
        })?;
    }
    Ok(())
}

/// Runs what is to run after the files of migrations were written, once for each folder.
///
/// An argument that names a file which is not there (a migration without `down.sql`) is left out, and so
/// is a command none of whose files are there.
///
/// # Errors
/// A command failed; the files stay.
pub(super) fn post_write(
    context: &Context,
    connection: &Connection,
    folders: &[PathBuf],
) -> Result<(), CommandError> {
    let hooks = wanted(context, connection, Moment::PostWrite)?;
    if hooks.is_empty() {
        return Ok(());
    }
    let project = variables::of_project(context, connection)?;
    for folder in folders {
        let folder = context.environment.directory.join(folder);
        let files = [
            ("{path}", "MANAGE_PATH", folder.clone()),
            ("{up}", "MANAGE_UP", folder.join("up.sql")),
            ("{down}", "MANAGE_DOWN", folder.join("down.sql")),
            (
                "{metadata}",
                "MANAGE_METADATA",
                folder.join("metadata.toml"),
            ),
        ];
        let (there, absent): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(_, _, path)| path.exists());
        let mut set = project.clone();
        set.extend(
            there
                .iter()
                .map(|(_, name, path)| ((*name).to_owned(), Some(path.display().to_string()))),
        );
        set.extend(absent.iter().map(|(_, name, _)| ((*name).to_owned(), None)));
        let mut words = vec![("{connection}", connection.name.clone())];
        words.extend(
            there
                .iter()
                .map(|(word, _, path)| (*word, path.display().to_string())),
        );
        for hook in hooks {
            let names = |text: &String, files: &[(&str, &str, PathBuf)]| {
                files.iter().any(|(word, _, _)| text.contains(word))
            };
            let is_left_out = |text: &&String| names(text, &absent) && !names(text, &there);
            if hook.arguments.iter().any(|text| is_left_out(&text))
                && !hook.arguments.iter().any(|text| names(text, &there))
            {
                continue;
            }
            let arguments = hook
                .arguments
                .iter()
                .filter(|text| !is_left_out(text))
                .map(|text| filled(text, &words));
            run(&Running {
                context,
                connection,
                moment: Moment::PostWrite,
                hook,
                arguments: arguments.collect(),
                set: &set,
                stands: &format!(
                    "`{}` is written, and stays",
                    context.shown(&folder).display()
                ),
            })?;
        }
    }
    Ok(())
}

/// The hooks of a moment: none where they are switched off, and none for a `manage` that a hook started.
fn wanted<'a>(
    context: &Context,
    connection: &'a Connection,
    moment: Moment,
) -> Result<&'a [Hook], CommandError> {
    if !context.hooks {
        return Ok(&[]);
    }
    let hooks = connection.hooks()?.at(moment);
    let outer = context.environment.variables.get(variables::HOOK);
    if let Some(outer) = outer.filter(|outer| !outer.is_empty())
        && !hooks.is_empty()
    {
        context.ui.detail(&format!(
            "{} hooks are not run: this was started by one, {outer}",
            moment.key()
        ));
        return Ok(&[]);
    }
    Ok(hooks)
}

/// A text with its placeholders filled; `${up}` is a variable of a shell and none of them.
fn filled(text: &str, words: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let word = words
            .iter()
            .find(|(word, _)| from.starts_with(word) && !out.ends_with('$'));
        if let Some((word, value)) = word {
            out.push_str(value);
            rest = &from[word.len()..];
        } else {
            out.push('{');
            rest = &from[1..];
        }
    }
    out.push_str(rest);
    out
}

/// One command, ready to be started.
struct Running<'a> {
    context: &'a Context,
    connection: &'a Connection,
    moment: Moment,
    hook: &'a Hook,
    arguments: Vec<String>,
    set: &'a [(String, Option<String>)],
    /// What holds if it fails.
    stands: &'a str,
}

fn run(running: &Running<'_>) -> Result<(), CommandError> {
    let (context, hook) = (running.context, running.hook);
    let settings = context.settings()?;
    // What is written may hold the password all the same.
    let scrub = |text: &str| {
        let url = running.connection.url();
        url.map_or_else(|_| text.to_owned(), |url| url.scrub(text))
    };
    let written = scrub(&hook.written);
    if let Some(signal) = context.interrupt.seen() {
        return Err(HookError {
            key: hook.key.clone(),
            written,
            stands: running.stands.to_owned(),
            problem: Problem::Stopped(signal),
        }
        .into());
    }
    context
        .ui
        .status(&format!("Running {}: {written}", hook.key));
    let mut command = Command::new(program(&settings.root, &hook.program));
    command
        .args(&running.arguments)
        .current_dir(&settings.root)
        .envs(&settings.environment().variables)
        .stdin(if context.ui.is_interactive() {
            Stdio::inherit()
        } else {
            Stdio::null()
        })
        // stdout belongs to the answer.
        .stdout(if context.ui.is_quiet() {
            Stdio::null()
        } else {
            Stdio::from(io::stderr())
        })
        .env(variables::HOOK, running.moment.key());
    for (name, value) in running.set {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let reach = set_apart(&mut command);
    let presses = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&presses);
    let _held = context.interrupt.hold_on(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    let problem = match command.spawn() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Problem::NoProgram {
            program: hook.program.clone(),
            path: settings
                .environment()
                .variables
                .get("PATH")
                .cloned()
                .filter(|_| !is_path(&hook.program)),
        },
        Err(error) => Problem::NotStarted(error),
        Ok(mut child) => match wait(context, &mut child, reach, &presses) {
            Err(error) => Problem::NotStarted(error),
            // Both may have got it, and the command ends before ours is passed on.
            Ok(_) if presses.load(Ordering::SeqCst) > 0 || context.interrupt.is_seen() => {
                Problem::Stopped(context.interrupt.seen().unwrap_or(Signal::Interrupt))
            }
            Ok(status) if status.success() => return Ok(()),
            Ok(status) if was_interrupted(status) => Problem::Stopped(Signal::Interrupt),
            Ok(status) => Problem::Ended(status),
        },
    };
    Err(HookError {
        key: hook.key.clone(),
        written,
        stands: running.stands.to_owned(),
        problem,
    }
    .into())
}

/// A program with a path is looked for where the settings are, not where somebody happens to stand.
fn program(root: &Path, program: &str) -> PathBuf {
    if is_path(program) {
        root.join(program)
    } else {
        PathBuf::from(program)
    }
}

fn is_path(program: &str) -> bool {
    Path::new(program).components().count() > 1
}

/// A command of the project's own did not do its work.
#[derive(Debug, thiserror::Error)]
#[error("{}", .problem.text(.key, .written))]
struct HookError {
    key: String,
    written: String,
    stands: String,
    #[source]
    problem: Problem,
}

/// Why not.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("there is no program `{program}`")]
    NoProgram {
        program: String,
        /// Where it was looked for.
        path: Option<String>,
    },
    #[error(transparent)]
    NotStarted(io::Error),
    #[error("it ended with {0}")]
    Ended(ExitStatus),
    #[error("{}", asked(*.0))]
    Stopped(Signal),
}

fn asked(signal: Signal) -> String {
    match signal {
        Signal::Interrupt => "Ctrl-C was pressed".to_owned(),
        Signal::Terminate | Signal::Hangup => format!("{signal} asked to end"),
    }
}

impl Problem {
    fn text(&self, key: &str, written: &str) -> String {
        match self {
            Self::NoProgram { .. } | Self::NotStarted(_) => {
                format!("hook `{key}` cannot be run: {written}")
            }
            Self::Ended(_) => format!("hook `{key}` failed: {written}"),
            Self::Stopped(_) => format!("hook `{key}` was stopped: {written}"),
        }
    }
}

impl Explain for HookError {
    fn kind(&self) -> Kind {
        match self.problem {
            Problem::Stopped(_) => Kind::Cancelled,
            Problem::NoProgram { .. } | Problem::NotStarted(_) | Problem::Ended(_) => Kind::Failure,
        }
    }

    fn details(&self) -> Vec<String> {
        let mut details = Vec::new();
        if let Problem::NoProgram {
            path: Some(path), ..
        } = &self.problem
        {
            details.push(format!("looked for in PATH: {path}"));
        }
        details.push(self.stands.clone());
        details
    }

    fn hints(&self) -> Vec<String> {
        match &self.problem {
            Problem::NoProgram { program, path } => vec![if path.is_some() {
                format!("install `{program}`, or give its path in the settings")
            } else {
                "correct its path; it is relative to the settings".to_owned()
            }],
            Problem::NotStarted(_) | Problem::Ended(_) => {
                vec!["do without the hooks: --no-hooks".to_owned()]
            }
            Problem::Stopped(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_once_and_variables_of_a_shell_are_left_alone() {
        let words = [("{up}", "a{tag}".to_owned()), ("{tag}", "t".to_owned())];
        let all =
            ["{up}", "x{up}y{tag}", "${up}", "{", "{}{u{up}"].map(|text| filled(text, &words));
        assert_eq!(all, ["a{tag}", "xa{tag}yt", "${up}", "{", "{}{ua{tag}"]);
    }
}
