//! The command: which connections, and how it ends.

use super::show::{Format, Shown};
use super::{database, files};
use crate::commands::registry::{Command, Outcome};
use crate::commands::waiting::WaitFlag;
use crate::commands::workspace::named_folders;
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::migration::{Directory, Graph, Severity};
use crate::settings::{Connection, Moment, Origin, SettingsError};
use crate::ui::{self, Found};

/// Read every migration's files and say what is wrong with them
///
/// No database is needed; with --with-database it is asked as well, and nothing is written to it. Exits
/// with 3 if there is an error or a warning. With -v also notes, which are only worth knowing.
#[derive(clap::Args, Debug)]
pub(crate) struct Check {
    /// Ask the database too: what is applied, and whether the files still say the same
    #[arg(long)]
    with_database: bool,

    #[command(flatten)]
    wait: WaitFlag,

    /// text, json, or github: annotations of a pull request
    #[arg(long, value_name = "FORMAT", value_enum, hide_possible_values = true)]
    format: Option<Format>,

    /// What exits with 3: error, warning or note [default: warning]
    #[arg(long, value_name = "LEVEL", value_enum, hide_possible_values = true)]
    fail_level: Option<Level>,
}

/// How bad a finding has to be.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Level {
    Error,
    Warning,
    Note,
}

impl Level {
    fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
        }
    }
}

impl Command for Check {
    const NAME: &'static str = "check";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        if self.format == Some(Format::Json) {
            context.ui.answer_in_json();
        }
        self.wait.begin(context);
        let context = &*context;
        let names = context.connection_names()?;
        let mut bad = false;
        let mut failed: Vec<(String, CommandError)> = Vec::new();
        for name in &names {
            match self.one(context, name) {
                Ok(found) => bad |= found,
                Err(error) if names.len() == 1 => return Err(named(context, error, name)),
                Err(error) => {
                    let error = named(context, error, name);
                    let error = error.detail(format!("on connection `{name}`"));
                    ui::error(&context.ui, &error);
                    if context.ui.is_json() {
                        let mut json = ui::error_json(&error);
                        json["connection"] = name.as_str().into();
                        context.ui.answer(&json.to_string());
                    }
                    failed.push((name.clone(), error));
                }
            }
        }
        bad |= self.others(context, &names)?;
        if !failed.is_empty() {
            let names_of_failed = failed.into_iter().map(|(name, _)| name).collect();
            return Err(Unchecked {
                failed: names_of_failed,
                of: names.len(),
            }
            .into());
        }
        Ok(if bad {
            Outcome::Findings
        } else {
            Outcome::Done
        })
    }
}

fn named(context: &Context, error: CommandError, name: &str) -> CommandError {
    if context.is_default() {
        error
    } else {
        error.on_connection(name)
    }
}

/// Names the programs that the settings would start: whoever got the project from somebody else can look at
/// them before they run.
fn tell_hooks(context: &Context, connection: &Connection) {
    // That they cannot be understood is a finding.
    let Ok(hooks) = connection.hooks() else {
        return;
    };
    for moment in [Moment::PreMigrate, Moment::PostMigrate, Moment::PostWrite] {
        for hook in hooks.at(moment) {
            context
                .ui
                .detail(&format!("{} runs {}", hook.key, hook.written));
        }
    }
}

impl Check {
    /// Checks one connection; whether anything is bad.
    fn one(&self, context: &Context, name: &str) -> Result<bool, CommandError> {
        let connection = context.settings()?.connection(Some(name))?;
        let directory = Directory::load(&named_folders(context, &connection)?)?;
        let graph = Graph::load(&directory);
        tell_hooks(context, &connection);
        let on = context.on(name);
        let mut found = files::findings(&connection, &directory, &graph, &on)?;
        let live = if self.with_database {
            // What the files say is told even if the database cannot be asked.
            match database::findings(context, &connection, &directory, &graph, &on) {
                Ok(more) => {
                    found.extend(more);
                    Ok(())
                }
                Err(error) => Err(error),
            }
        } else {
            Ok(())
        };
        let asked = self.with_database && live.is_ok();
        let bad = self.show(context, &directory, name, &found, asked);
        live.map(|()| bad)
    }

    /// The other connections of the settings: that they can be understood.
    fn others(&self, context: &Context, names: &[String]) -> Result<bool, CommandError> {
        let settings = context.settings()?;
        let Origin::File { path, .. } = &settings.origin else {
            return Ok(false);
        };
        let mut bad = false;
        for name in settings.names() {
            if names.iter().any(|own| own == name) {
                continue;
            }
            if let Err(error) = settings.connection(Some(name)) {
                let found = unresolved(context.shown(path), error);
                let shown = self.shown(context, name);
                shown.print(std::slice::from_ref(&found));
                shown.count(1, "its settings");
                bad |= found.severity >= self.level();
            }
        }
        Ok(bad)
    }

    fn show(
        &self,
        context: &Context,
        directory: &Directory,
        name: &str,
        found: &[Found],
        asked: bool,
    ) -> bool {
        let shown = self.shown(context, name);
        let number = shown.print(found);
        let mut place = ui::count(directory.entries().len(), "migration");
        if directory.folders().len() > 1 {
            place.push_str(" of ");
            place.push_str(&ui::count(directory.folders().len(), "folder"));
        }
        if asked {
            place.push_str(" and the database");
        }
        shown.count(number, &place);
        found.iter().any(|one| one.severity >= self.level())
    }

    fn shown<'a>(&self, context: &'a Context, connection: &'a str) -> Shown<'a> {
        Shown {
            context,
            connection,
            format: self.format,
            // What decides about the exit code is shown.
            from: if context.ui.is_verbose() {
                Severity::Note
            } else {
                Severity::Warning.min(self.level())
            },
        }
    }

    fn level(&self) -> Severity {
        self.fail_level.map_or(Severity::Warning, Level::severity)
    }
}

/// What a connection's settings say that cannot be understood.
fn unresolved(path: std::path::PathBuf, error: SettingsError) -> Found {
    let error = CommandError::from(error);
    let mut found = Found::new(
        Severity::Error,
        "settings",
        error.messages().join(": "),
        error.hints().to_vec(),
    );
    found.places.push(path);
    found
}

/// Some of the connections could not be checked.
#[derive(Debug, thiserror::Error)]
#[error("{} of {of} connections could not be checked: {}", .failed.len(), list(.failed))]
struct Unchecked {
    failed: Vec<String>,
    of: usize,
}

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    ui::list(&quoted, 10)
}

impl Explain for Unchecked {
    fn hints(&self) -> Vec<String> {
        match self.failed.as_slice() {
            [] => Vec::new(),
            [first, ..] => vec![format!(
                "mend what is said above, then: manage check -d {first}"
            )],
        }
    }
}
