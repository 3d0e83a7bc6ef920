//! From arguments to an exit code.

mod contents;
mod elsewhere;
mod external;
mod group;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};

use self::contents::{contents, heading};
use self::external::External;
use crate::commands::{Command, Group, Outcome, Registered, Run, builtin, register};
use crate::context::{Context, SchemaFile, Selection};
use crate::error::{self, CommandError};
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

    /// Use this folder of migrations; may be repeated
    #[arg(long, value_name = "DIR", global = true, conflicts_with = "all")]
    migration_dir: Vec<PathBuf>,

    /// Roll back without being asked
    #[arg(short, long, alias = "no-prompt", global = true)]
    yes: bool,

    /// Run none of the settings' hooks
    #[arg(long, global = true)]
    no_hooks: bool,

    /// Never ask; stop where a question has no flag
    #[arg(long, alias = "noinput", global = true)]
    no_input: bool,

    /// Leave the schema file as it is when the database has changed
    #[arg(long, global = true)]
    no_schema: bool,

    /// The same, and exit with 3 if it differs then
    #[arg(long, global = true, conflicts_with = "no_schema")]
    locked_schema: bool,

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

    /// Django's word for `--color never`
    #[arg(long, hide = true, global = true, conflicts_with = "color")]
    no_color: bool,

    /// Django's word for `--color always`
    #[arg(long, hide = true, global = true, conflicts_with_all = ["color", "no_color"])]
    force_color: bool,

    /// Django's number for `-q`, nothing, or `-v`
    #[arg(
        long,
        value_name = "LEVEL",
        value_parser = clap::value_parser!(u8).range(0..=3),
        hide = true,
        global = true,
        conflicts_with_all = ["quiet", "verbose"]
    )]
    verbosity: Option<u8>,

    /// With an error, say all that is known of its causes
    #[arg(long, aliases = ["raiseerr", "traceback"], global = true)]
    backtrace: bool,
}

/// The widest that help is laid out.
const WIDTH: usize = 100;

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 error, 2 usage, 3 findings, 4 needs a person or a flag, 130/143 cancelled";

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
        self.commands.push(register::<C>(Group::Own));
        self
    }

    /// Parses the process's arguments, runs the command and returns its exit code.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let matches = match self.clap().try_get_matches() {
            Ok(matches) => matches,
            Err(error) => return self.mistake(error),
        };
        self.run_matches(&matches)
    }

    /// Runs the command of arguments that were parsed already, by [`Self::clap`] inside another program's
    /// command line, and returns the exit code.
    ///
    /// ```no_run
    /// # use std::process::ExitCode;
    /// use diesel_manage::{Cli, clap};
    ///
    /// fn main() -> ExitCode {
    ///     let shop = clap::Command::new("shop").subcommand(Cli::new().clap().name("db"));
    ///     match shop.get_matches().subcommand() {
    ///         Some(("db", matches)) => Cli::new().run_matches(matches),
    ///         _ => ExitCode::SUCCESS,
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn run_matches(&self, matches: &ArgMatches) -> ExitCode {
        let interrupt = Interrupt::install(ui::ended_at_once);
        let environment = match Environment::capture() {
            Ok(environment) => environment,
            Err(error) => return no_directory(&error),
        };
        let everywhere = match Everywhere::from_arg_matches(matches) {
            Ok(everywhere) => everywhere,
            Err(error) => error.exit(),
        };
        if everywhere.backtrace {
            error::keep_backtraces();
        }
        let mut ui = Ui::new(everywhere.options(), &environment, interrupt.clone());
        ui.repeat(everywhere.place());
        let yes = everywhere.yes;
        let hooks = !everywhere.no_hooks;
        let backtrace = everywhere.backtrace;
        let schema_file = everywhere.schema_file();
        let (request, selection) = everywhere.split();
        let mut context = Context::new(ui, environment, interrupt, request, selection);
        context.yes = yes;
        context.hooks = hooks;
        context.schema_file = schema_file;
        let outcome = self.dispatch(matches, &mut context);
        if context.ui.has_lost_answer() {
            context
                .ui
                .warning("the answer could not be written in full");
            return ExitCode::FAILURE;
        }
        match outcome {
            Some(Ok(Outcome::Done)) if context.has_found() => ExitCode::from(3),
            Some(Ok(Outcome::Done)) => ExitCode::SUCCESS,
            Some(Ok(Outcome::Findings)) => ExitCode::from(3),
            Some(Ok(Outcome::Program(code))) => ExitCode::from(code),
            Some(Err(error)) => {
                let error = error
                    .ended_by(context.interrupt.seen())
                    .with_flags(context.ui.flags());
                ui::error(&context.ui, &error);
                if backtrace {
                    ui::backtrace(&context.ui, &error);
                }
                if context.ui.is_json() {
                    context.ui.answer(&ui::error_json(&error).to_string());
                }
                ExitCode::from(error.kind().exit_code())
            }
            None => ExitCode::from(2),
        }
    }

    /// Runs the command that was typed, be it below `db` or not.
    fn dispatch(
        &self,
        matches: &ArgMatches,
        context: &mut Context,
    ) -> Option<Result<Outcome, CommandError>> {
        let (name, arguments) = matches.subcommand()?;
        let Some(command) = self.commands.iter().find(|command| command.name == name) else {
            return self.dispatch(arguments, context);
        };
        Some(match command.run {
            Run::Alone(run) => run(arguments, context),
            Run::WithCommandLine(run) => Ok(run(arguments, context, root(&self.parts()))),
        })
    }

    /// Help, which is no mistake, or a word that may be a program's, or else an error.
    fn mistake(&self, mut error: clap::Error) -> ExitCode {
        if error.kind() == ErrorKind::InvalidSubcommand {
            let line = self.clap().allow_external_subcommands(true);
            let external = line
                .try_get_matches()
                .ok()
                .and_then(|matches| External::of(&matches));
            match external {
                Some(external) if external.is("help") => error = self.help(external.arguments()),
                Some(external) => match external.run() {
                    Some(Ok(code)) => return code,
                    Some(Err(failure)) => error = self.clap().error(ErrorKind::Io, failure),
                    None => {}
                },
                None => {}
            }
        }
        elsewhere::explain(&mut error);
        // Help goes to stdout, mistakes to stderr; clap knows which.
        let _ = error.print();
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    }

    /// The help of whatever is named, as the flag would give it.
    fn help(&self, named: &[OsString]) -> clap::Error {
        let name = OsString::from("manage");
        let flag = OsString::from("--help");
        let words = std::iter::once(&name).chain(named).chain([&flag]);
        match self.clap().try_get_matches_from(words) {
            Err(error) => error,
            // The flag is never passed over.
            Ok(_) => self.clap().error(ErrorKind::DisplayHelp, ""),
        }
    }

    /// The whole command line as clap has it, to be grafted into another program's.
    #[must_use]
    pub fn clap(&self) -> clap::Command {
        let parts = self.parts();
        let template = template(&contents(&parts, WIDTH), &everywhere());
        root(&parts).subcommand(group::group(&parts, template))
    }

    fn parts(&self) -> Vec<(Group, clap::Command)> {
        self.commands
            .iter()
            .map(|command| {
                let hidden = command.group == Group::Unlisted;
                (command.group, (command.clap)().hide(hidden))
            })
            .collect()
    }
}

/// Everything but `db`, which holds the same once more.
fn root(parts: &[(Group, clap::Command)]) -> clap::Command {
    let root = clap::Command::new("manage")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .help_template(template(&contents(parts, WIDTH), &everywhere()));
    with_everywhere(root)
        .about("Migrations for Diesel projects, on SQLite, PostgreSQL and MySQL/MariaDB")
        .after_help(EXIT_CODES)
        .subcommands(parts.iter().map(|(_, command)| command.clone()))
}

/// A command with what every command has.
fn with_everywhere(command: clap::Command) -> clap::Command {
    let command = command
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .max_term_width(WIDTH);
    Everywhere::augment_args(command)
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
}

/// Flags that the help of the whole tells beside another one, so that it fits on a screen.
const BESIDE: [(&str, &str, &str); 3] = [
    (
        "all",
        "database",
        "Use this connection of settings.yaml; may be repeated; --all: every one",
    ),
    (
        "locked_schema",
        "no_schema",
        "Leave the schema file as it is; --locked-schema: 3 if it differs",
    ),
    (
        "backtrace",
        "verbose",
        "Say more: statements, times; --backtrace: all about an error",
    ),
];

/// The help of the whole: contents first.
fn template(contents: &str, options: &str) -> String {
    format!(
        "{{about}}\n\n{{usage-heading}} {{usage}}\n\n{contents}\n{}\n{options}{{after-help}}",
        heading("Everywhere")
    )
}

/// The lines of the flags that every command has.
fn everywhere() -> String {
    let mut list = with_everywhere(clap::Command::new("list")).help_template("{options}");
    for (hidden, beside, help) in BESIDE {
        list = list
            .mut_arg(hidden, |argument| argument.hide(true))
            .mut_arg(beside, |argument| argument.help(help));
    }
    let text = list.render_help().ansi().to_string();
    text.trim_end().to_owned()
}

/// The names without repeats: nobody means to revert twice.
fn once_each(names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    names
        .into_iter()
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let is_plain = |next: char| next.is_alphanumeric() || "_-./:,@%+=".contains(next);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
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
            verbosity: match (self.verbosity, self.quiet, self.verbose) {
                (Some(0), ..) | (None, true, _) => Verbosity::Quiet,
                (Some(1), ..) | (None, false, 0) => Verbosity::Normal,
                (Some(_), ..) | (None, false, _) => Verbosity::Verbose,
            },
            json: self.json,
            no_input: self.no_input,
            color: match (self.no_color, self.force_color) {
                (true, _) => Color::Never,
                (false, true) => Color::Always,
                (false, false) => self.color,
            },
        }
    }

    /// The flags that say which settings are meant, to be typed once more.
    fn place(&self) -> String {
        let path = |path: &PathBuf| path.display().to_string();
        let settings = self.settings.iter().map(|file| ("settings", path(file)));
        let profile = self.profile.iter().map(|name| ("profile", name.clone()));
        let folders = self.migration_dir.iter();
        let folders = folders.map(|folder| ("migration-dir", path(folder)));
        // Before an `@` and after a `?` there may be a password.
        let url = self.database_url.iter().map(|url| match url {
            url if url.contains(['@', '?']) => ("database-url", "URL".to_owned()),
            url => ("database-url", url.clone()),
        });
        let mut typed = String::new();
        for (flag, value) in settings.chain(profile).chain(url).chain(folders) {
            typed.push_str(" --");
            typed.push_str(flag);
            typed.push(' ');
            typed.push_str(&quoted(&value));
        }
        typed
    }

    fn schema_file(&self) -> SchemaFile {
        match (self.no_schema, self.locked_schema) {
            (true, _) => SchemaFile::Leave,
            (false, true) => SchemaFile::Lock,
            (false, false) => SchemaFile::Write,
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

#[cfg(test)]
mod tests;
