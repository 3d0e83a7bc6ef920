//! A terminal with the command in it.

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rexpect::process::Signal;
use rexpect::process::{PtyProcess, WaitStatus};

use crate::support::{Filters, Project};

pub(crate) const ENTER: &str = "\r";
pub(crate) const ESCAPE: &str = "\u{1b}";
pub(crate) const DOWN: &str = "\u{1b}[B";
pub(crate) const CTRL_C: &str = "\u{3}";

/// Whatever is waited for has come by then, on the slowest machine.
const LONGEST: Duration = Duration::from_secs(60);
/// How often Ctrl-C is pressed by somebody who sees nothing happen.
const IMPATIENCE: Duration = Duration::from_secs(2);

const ROWS: NonZeroU16 = NonZeroU16::new(24).expect("not zero");

/// The command on a screen, waiting for a key or at work.
pub(crate) struct Terminal {
    process: PtyProcess,
    keys: File,
    output: Receiver<Vec<u8>>,
    parser: vt100::Parser,
    filters: Filters,
    printed: Vec<u8>,
}

/// The last screen, and how the command ended.
pub(crate) struct Ended {
    pub(crate) status: Option<i32>,
    pub(crate) shows_cursor: bool,
    pub(crate) screen: String,
    /// All that reached the terminal, byte for byte.
    pub(crate) printed: Vec<u8>,
}

/// Starts the command on a screen of 80 columns, in colour.
#[track_caller]
pub(crate) fn open(project: &Project, arguments: &str) -> Terminal {
    Terminal::open(project, arguments, 80, &[])
}

impl Terminal {
    /// Starts the command on a screen of some width; a variable that is set to nothing is not set.
    #[track_caller]
    pub(crate) fn open(
        project: &Project,
        arguments: &str,
        columns: u16,
        variables: &[(&str, &str)],
    ) -> Self {
        Self::redirected(project, arguments, columns, variables, "")
    }

    /// The same, with a stream or two led elsewhere as a shell writes it: `2>errors`.
    #[track_caller]
    pub(crate) fn redirected(
        project: &Project,
        arguments: &str,
        columns: u16,
        variables: &[(&str, &str)],
        streams: &str,
    ) -> Self {
        let command = project.manage(arguments).into_command();
        let mut command = in_terminal(&command, columns, streams);
        command
            .env_remove("NO_COLOR")
            .env_remove("COLUMNS")
            .env("TERM", "xterm-256color");
        command.envs(variables.iter().copied());
        let process = PtyProcess::new(command).expect("a terminal can be opened");
        let keys = process.get_file_handle().expect("the terminal takes keys");
        let mut screen = process
            .get_file_handle()
            .expect("the terminal has a screen");
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Reading fails when the last program on the terminal is gone.
            while let Ok(length @ 1..) = screen.read(&mut bytes) {
                if sender.send(bytes[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        let parser = vt100::Parser::new(ROWS, NonZeroU16::new(columns).expect("not zero"), 0);
        let mut filters = Filters::default();
        filters.replace(project.root().display().to_string(), "$PROJECT");
        Self {
            process,
            keys,
            output,
            parser,
            filters,
            printed: Vec::new(),
        }
    }

    /// Waits until a text stands on the screen, which is then the answer.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) -> String {
        let deadline = Instant::now() + LONGEST;
        while !self.rows().iter().any(|row| row.contains(text)) {
            let comes = self.take(deadline);
            assert!(comes, "`{text}` did not come:\n{}", self.screen());
        }
        self.screen()
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        self.keys
            .write_all(keys.as_bytes())
            .expect("the terminal takes keys");
        self
    }

    /// Sends the command a signal, and nobody else on the terminal.
    pub(crate) fn signal(&mut self, signal: Signal) {
        self.process.signal(signal).expect("the command is there");
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ended {
        let deadline = Instant::now() + LONGEST;
        while self.take(deadline) {}
        assert!(
            Instant::now() < deadline,
            "still running:\n{}",
            self.screen()
        );
        self.ended()
    }

    /// Presses Ctrl-C until the command ends.
    ///
    /// Once is enough, unless it comes in the moment between the question and the first look at the
    /// keyboard.
    #[track_caller]
    pub(crate) fn interrupt(mut self) -> Ended {
        let deadline = Instant::now() + LONGEST;
        while Instant::now() < deadline {
            self.press(CTRL_C);
            let patience = Instant::now() + IMPATIENCE;
            while self.take(patience) {}
            if Instant::now() < patience {
                return self.ended();
            }
        }
        panic!("Ctrl-C does nothing:\n{}", self.screen());
    }

    fn ended(self) -> Ended {
        let status = match self.process.wait() {
            Ok(WaitStatus::Exited(_, code)) => Some(code),
            Ok(_) | Err(_) => None,
        };
        Ended {
            status,
            shows_cursor: !self.parser.screen().hide_cursor(),
            screen: self.screen(),
            printed: self.printed,
        }
    }

    /// Takes in what comes; says whether there may be more before the deadline.
    fn take(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.output.recv_timeout(left) {
            Ok(bytes) => {
                self.parser.process(&bytes);
                self.printed.extend(&bytes);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    /// What stands on the screen.
    pub(crate) fn screen(&self) -> String {
        self.filters.apply(self.rows().join("\n").trim_end())
    }

    /// The rows of the screen; what is wider than it goes on in the next.
    fn rows(&self) -> Vec<String> {
        let screen = self.parser.screen();
        let (_, columns) = screen.size();
        screen
            .rows(0, columns.get())
            .map(|row| row.trim_end().to_owned())
            .collect()
    }

    /// The column in which a text begins, in its lowest row, as the eye counts: some letters are two
    /// columns wide.
    pub(crate) fn column(&self, text: &str) -> Option<u16> {
        let screen = self.parser.screen();
        let (rows, columns) = screen.size();
        (0..rows.get()).rev().find_map(|row| {
            (0..columns.get()).find(|column| {
                let mut rest = text;
                (*column..columns.get()).all(|column| {
                    let cell = screen
                        .cell(row, column)
                        .map(vt100::Cell::contents)
                        .unwrap_or_default();
                    let goes_on = !rest.is_empty() && rest.starts_with(cell);
                    if goes_on && !cell.is_empty() {
                        rest = &rest[cell.len()..];
                    }
                    goes_on && !rest.is_empty()
                });
                rest.is_empty()
            })
        })
    }

    /// Whether any letter on the screen has a colour.
    pub(crate) fn is_coloured(&self) -> bool {
        let screen = self.parser.screen();
        let (rows, columns) = screen.size();
        (0..rows.get()).any(|row| {
            (0..columns.get()).any(|column| {
                screen
                    .cell(row, column)
                    .is_some_and(|cell| cell.fgcolor() != vt100::Color::Default)
            })
        })
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.screen.clone();
        match self.status {
            Some(0) => {}
            Some(code) => text = format!("{text}\n[exit {code}]"),
            None => text.push_str("\n[killed]"),
        }
        if !self.shows_cursor {
            text.push_str("\n[no cursor]");
        }
        f.write_str(text.trim_start_matches('\n'))
    }
}

/// The same command, on a terminal of the right size.
fn in_terminal(command: &Command, columns: u16, streams: &str) -> Command {
    let mut shell = Command::new("sh");
    // Without the terminal's own echo: a key that comes in the moment between the drawing of a question
    // and the first look at the keys would be written into the question.
    shell
        .arg("-c")
        .arg(format!(
            "stty -echo rows {ROWS} columns {columns} && exec \"$0\" \"$@\" {streams}"
        ))
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    if !command
        .get_envs()
        .any(|(name, _)| name == OsStr::new("PATH"))
    {
        shell.env("PATH", "/usr/local/bin:/usr/bin:/bin");
    }
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}
