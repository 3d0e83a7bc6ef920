//! Where text goes: stdout, stderr, or nowhere.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, IsTerminal, Write};

use console::Term;

use crate::error::{Signal, with_flags};
use crate::executor::Stopping;

use super::style::{Color, Meaning, paint_stderr};
use super::visible::{visible, visible_json, visible_painted};
use crate::settings::Environment;

/// How much is said on stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// What happens.
    #[default]
    Normal,
    /// Each statement, each setting.
    Verbose,
}

/// Prints and asks.
#[derive(Debug)]
pub struct Ui {
    pub(super) verbosity: Verbosity,
    pub(super) json: bool,
    pub(super) interactive: bool,
    pub(super) stderr: Term,
    /// Whether what is printed is read for commands, as GitHub Actions does.
    is_obeyed: bool,
    lost: Cell<bool>,
    /// The flags that say which settings are meant, as commands in hints have to repeat them.
    flags: String,
    pub(super) interrupt: crate::executor::Interrupt,
}

/// What the command line says about output.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// How much to say.
    pub verbosity: Verbosity,
    /// Answer in JSON.
    pub json: bool,
    /// Never ask.
    pub no_input: bool,
    /// When to colour.
    pub color: Color,
}

/// The last word of a process that the second signal ends, said while the others may be at work.
pub fn ended_at_once() {
    let mut stderr = io::stderr();
    // The terminal has written `^C` on the line.
    let begin = if stderr.is_terminal() { "\n" } else { "" };
    // There is nobody left to be told that it cannot be said.
    let _ = stderr.write_all(
        format!("{begin}Ended at once. To see what stands: manage showmigrations\n").as_bytes(),
    );
}

impl Ui {
    /// A person is asked only if stdin and stderr are terminals, and neither `--no-input` nor `CI` says
    /// otherwise.
    #[must_use]
    pub fn new(
        options: Options,
        environment: &Environment,
        interrupt: crate::executor::Interrupt,
    ) -> Self {
        let set = |name: &str| {
            environment
                .variables
                .get(name)
                .is_some_and(|value| !value.is_empty())
        };
        options.color.apply(set("NO_COLOR"));
        let in_ci =
            set("CI") && environment.variables.get("CI").map(String::as_str) != Some("false");
        Self {
            verbosity: options.verbosity,
            json: options.json,
            interactive: !options.no_input
                && !in_ci
                && io::stdin().is_terminal()
                && io::stderr().is_terminal(),
            stderr: Term::stderr(),
            is_obeyed: set("GITHUB_ACTIONS"),
            lost: Cell::new(false),
            flags: String::new(),
            interrupt,
        }
    }

    /// Repeats these flags with every command that is named in a hint.
    pub(crate) fn repeat(&mut self, flags: String) {
        self.flags = flags;
    }

    /// A hint whose commands mean the settings that were meant this time.
    #[must_use]
    pub fn as_typed(&self, hint: &str) -> String {
        with_flags(hint, &self.flags)
    }

    /// The flags that say which settings are meant.
    pub(crate) fn flags(&self) -> &str {
        &self.flags
    }

    /// Whether part of an answer could not be written.
    #[must_use]
    pub fn has_lost_answer(&self) -> bool {
        self.lost.get()
    }

    /// Whether answers are JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Answers in JSON from now on, because a command's own flag asked for it.
    pub fn answer_in_json(&mut self) {
        self.json = true;
    }

    /// Whether details were asked for with `-v`.
    #[must_use]
    pub fn is_verbose(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }

    /// Whether only answers and errors are wanted.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.verbosity == Verbosity::Quiet
    }

    /// Whether a person can be asked.
    #[must_use]
    pub fn is_interactive(&self) -> bool {
        self.interactive
    }

    /// How wide the terminal is that shows the answer, if one does.
    #[must_use]
    pub fn width(&self) -> Option<usize> {
        let stdout = Term::stdout();
        stdout.is_term().then(|| usize::from(stdout.size().1))
    }

    /// Part of the answer: stdout, always.
    ///
    /// A program gets it byte for byte; for a person what would steer the terminal is spelled out.
    pub fn answer(&self, text: &str) {
        let mut stdout = io::stdout().lock();
        let text = match (stdout.is_terminal(), self.json) {
            (true, true) => visible_json(text),
            (true, false) if console::colors_enabled() => visible_painted(text),
            (true, false) => visible(text),
            (false, _) => Cow::Borrowed(text),
        };
        let written = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
        // A reader that went away wants no more; a full disk is another matter.
        if written.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
            self.lost.set(true);
        }
    }

    /// Part of the conversation: stderr, unless `--quiet`.
    pub fn status(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.say(text);
        }
    }

    /// What a question is about: stderr, also with `--quiet` if a person is going to be asked.
    pub fn context_of_question(&self, text: &str) {
        if self.interactive || self.verbosity >= Verbosity::Normal {
            self.say(text);
        }
    }

    /// A detail: stderr, if `--verbose`.
    pub fn detail(&self, text: &str) {
        if self.is_verbose() {
            self.say(&paint_stderr(Meaning::Faint, text));
        }
    }

    /// Something that will surprise somebody: stderr, unless `--quiet`.
    pub fn warning(&self, text: &str) {
        self.labelled(Meaning::Warning, "warning", text);
    }

    /// What to do about it: stderr, unless `--quiet`.
    pub fn hint(&self, text: &str) {
        self.labelled(Meaning::Hint, "hint", &self.as_typed(text));
    }

    /// Something worth knowing: stderr, unless `--quiet`.
    pub fn note(&self, text: &str) {
        self.labelled(Meaning::Name, "note", text);
    }

    /// Says on stderr, from any thread, what a signal to end does.
    pub fn speaker(&self) -> impl Fn(Signal, Stopping) + Send + Sync + 'static {
        let (stderr, speaks) = (self.stderr.clone(), self.verbosity >= Verbosity::Normal);
        move |signal, stopping| {
            let what = match stopping {
                Stopping::Cancels => "Cancelling this statement",
                Stopping::Finishes => "Stopping after this statement",
            };
            let text = match signal {
                // The terminal has written `^C` on the line.
                Signal::Interrupt => {
                    format!("\n{what}. Press Ctrl-C again to stop at once.")
                }
                Signal::Terminate | Signal::Hangup => format!("{what}, as {signal} asks."),
            };
            if speaks {
                let _ = stderr.write_line(&text);
            }
        }
    }

    fn labelled(&self, meaning: Meaning, label: &str, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.say(&format!(
                "{} {text}",
                paint_stderr(meaning, &format!("{label}:"))
            ));
        }
    }

    /// Prints on stderr; what would steer the terminal is spelled out.
    pub(super) fn say(&self, text: &str) {
        let mut text = shown(text);
        if self.is_obeyed {
            text = Cow::Owned(disobeyed(&text));
        }
        // Nothing is left to complain to if stderr is gone.
        let _ = writeln!(&self.stderr, "{text}");
    }
}

/// Text as stderr may show it: with our own colours, where there are any.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    if console::colors_enabled_stderr() {
        visible_painted(text)
    } else {
        visible(text)
    }
}

/// Text of which no line is a command to the one who reads the log: `::error::` and its like.
fn disobeyed(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let start = line.trim_start();
        let indent = &line[..line.len() - start.len()];
        match start.strip_prefix("::") {
            Some(rest) => format!("{indent}\\x3a:{rest}"),
            None => line.replace("##[", "\\x23#["),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_a_command_to_who_reads_the_log() {
        assert_eq!(
            disobeyed("caused by: a\n::error::b\n  ::add-mask::c\n##[command]d\n'x'::text"),
            "caused by: a\n\\x3a:error::b\n  \\x3a:add-mask::c\n\\x23#[command]d\n'x'::text"
        );
    }
}
