//! `manage completions`: what a shell needs to complete what is typed.

use clap::{ArgMatches, FromArgMatches};
use clap_complete::Shell;

use super::registry::{Command, Outcome};
use crate::context::Context;
use crate::error::CommandError;

/// Print completions for a shell
///
/// The project's own commands are among them. To have them in every new shell:
///
/// bash: manage completions bash > ~/.local/share/bash-completion/completions/manage
///
/// zsh: manage completions zsh > _manage, in a folder of $fpath
///
/// fish: manage completions fish > ~/.config/fish/completions/manage.fish
#[derive(clap::Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Command for Completions {
    const NAME: &'static str = "completions";

    /// Without the command line there is nothing to complete; [`run`] is what is registered.
    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        self.print(context, clap::Command::new("manage"));
        Ok(Outcome::Done)
    }
}

impl Completions {
    fn print(&self, context: &Context, mut line: clap::Command) {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut line, "manage", &mut script);
        let script = String::from_utf8_lossy(&script);
        context.ui.answer(script.trim_end());
    }
}

/// Completions for this command line.
pub(super) fn run(matches: &ArgMatches, context: &Context, line: clap::Command) -> Outcome {
    let command = Completions::from_arg_matches(matches).unwrap_or_else(|error| error.exit());
    command.print(context, line);
    Outcome::Done
}
