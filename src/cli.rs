//! From arguments to an exit code.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, Args, FromArgMatches};

use crate::commands::{Command, Outcome, Registered, TARGETS, builtin, register};
use crate::context::{Context, Selection};
use crate::executor::Interrupt;
use crate::settings::{Environment, Request};
use crate::ui::{self, Color, Options, Ui, Verbosity};

/// The command line: the built-in commands, and those that a project adds.
pub struct Cli {
    commands: Vec<Registered>,
}

/// The options of every command.
#[derive(Args, Debug)]
struct Everywhere {
    /// Use this connection of settings.yaml; may be repeated
    #[arg(
        short = 'd',
        long = "database",
        alias = "bind-key",
        value_name = "NAME",
        global = true
    )]
    database: Vec<String>,

    /// Use every connection, in the order of the file
    #[arg(long, global = true, conflicts_with = "database")]
    all: bool,

    /// Read these settings [default: settings.yaml here or above]
    #[arg(long, alias = "config", value_name = "FILE", global = true)]
    settings: Option<PathBuf>,

    /// Lay settings.NAME.yaml over the settings
    #[arg(long, value_name = "NAME", global = true)]
    profile: Option<String>,

    /// Use this database instead of the connection's own
    #[arg(long, value_name = "URL", global = true, conflicts_with = "all")]
    database_url: Option<String>,

    /// Use this folder of migrations
    #[arg(long, value_name = "DIR", global = true, conflicts_with = "all")]
    migration_dir: Option<PathBuf>,

    /// Roll back without being asked
    #[arg(short, long, alias = "no-prompt", global = true)]
    yes: bool,

    /// Never ask; stop where a question has no flag
    #[arg(long, alias = "noinput", global = true)]
    no_input: bool,

    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,

    /// Say nothing but answers and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,

    /// Say more: statements, times, what was read
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,

    /// Colour: auto, always or never
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        global = true
    )]
    color: Color,
}

const HELP: &str = "\
{about}

{usage-heading} {usage}

{all-args}{after-help}
Exit codes: 0 done, 1 error, 2 usage, 3 findings, 4 a question that needs a person
            or a flag, 130 cancelled";

impl Default for Cli {
    fn default() -> Self {
        Self::new()
    }
}

impl Cli {
    /// The built-in commands.
    #[must_use]
    pub fn new() -> Self {
        Self {
            commands: builtin(),
        }
    }

    /// Adds a command of the project's own; one of the same name gives way to it.
    #[must_use]
    pub fn command<C: Command>(mut self) -> Self {
        self.commands.retain(|command| command.name != C::NAME);
        self.commands.push(register::<C>());
        self
    }

    /// Parses the process's arguments, runs the command and returns its exit code.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let matches = match self.clap().try_get_matches() {
            Ok(matches) => matches,
            Err(error) => {
                // Help goes to stdout, mistakes to stderr; clap knows which.
                let _ = error.print();
                return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
            }
        };
        let interrupt = Interrupt::install();
        let environment = match Environment::capture() {
            Ok(environment) => environment,
            Err(error) => return no_directory(&error),
        };
        let everywhere = match Everywhere::from_arg_matches(&matches) {
            Ok(everywhere) => everywhere,
            Err(error) => error.exit(),
        };
        let ui = Ui::new(everywhere.options(), &environment, interrupt.clone());
        let yes = everywhere.yes;
        let (request, selection) = everywhere.split();
        let mut context = Context::new(ui, environment, interrupt, request, selection);
        context.yes = yes;
        let outcome = match matches.subcommand() {
            Some((name, arguments)) => self
                .commands
                .iter()
                .find(|command| command.name == name)
                .map(|command| (command.run)(arguments, &mut context)),
            None => None,
        };
        if context.ui.has_lost_answer() {
            context
                .ui
                .warning("the answer could not be written in full");
            return ExitCode::FAILURE;
        }
        match outcome {
            Some(Ok(Outcome::Done)) => ExitCode::SUCCESS,
            Some(Ok(Outcome::Findings)) => ExitCode::from(3),
            Some(Err(error)) => {
                ui::error(&context.ui, &error);
                if context.ui.is_json() {
                    context.ui.answer(&ui::error_json(&error).to_string());
                }
                ExitCode::from(error.kind().exit_code())
            }
            None => ExitCode::from(2),
        }
    }

    /// The whole command line as clap has it, to be grafted into another program's.
    #[must_use]
    pub fn clap(&self) -> clap::Command {
        let root = clap::Command::new("manage")
            .version(env!("CARGO_PKG_VERSION"))
            .subcommand_required(true)
            .arg_required_else_help(true)
            .disable_help_subcommand(true)
            .disable_help_flag(true)
            .disable_version_flag(true)
            .max_term_width(100)
            .help_template(HELP)
            .after_help(TARGETS);
        Everywhere::augment_args(root)
            .about("Migrations for Diesel projects, on SQLite, PostgreSQL and MySQL/MariaDB")
            .mut_args(|argument| argument.help_heading("Everywhere"))
            .arg(
                Arg::new("help")
                    .short('h')
                    .long("help")
                    .help("Print help")
                    .help_heading("Everywhere")
                    .global(true)
                    .action(ArgAction::Help),
            )
            .arg(
                Arg::new("version")
                    .short('V')
                    .long("version")
                    .help("Print the version")
                    .help_heading("Everywhere")
                    .action(ArgAction::Version),
            )
            .subcommands(self.commands.iter().map(|command| (command.clap)()))
    }
}

/// The names without repeats: nobody means to revert twice.
fn once_each(names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    names
        .into_iter()
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

/// The one error that comes before there is anything to print it with.
fn no_directory(error: &std::io::Error) -> ExitCode {
    let ui = Ui::new(
        Options::default(),
        &Environment::default(),
        Interrupt::default(),
    );
    ui.warning(&format!("the working directory cannot be read ({error})"));
    ui.hint("change to a folder that is there");
    ExitCode::FAILURE
}

impl Everywhere {
    fn options(&self) -> Options {
        Options {
            verbosity: match (self.quiet, self.verbose) {
                (true, _) => Verbosity::Quiet,
                (false, 0) => Verbosity::Normal,
                (false, _) => Verbosity::Verbose,
            },
            json: self.json,
            no_input: self.no_input,
            color: self.color,
        }
    }

    fn split(self) -> (Request, Selection) {
        let selection = match (self.all, self.database.is_empty()) {
            (true, _) => Selection::All,
            (false, true) => Selection::Default,
            (false, false) => Selection::Named(once_each(self.database)),
        };
        let request = Request {
            file: self.settings,
            profile: self.profile,
            database_url: self.database_url,
            migration_dir: self.migration_dir,
        };
        (request, selection)
    }
}
