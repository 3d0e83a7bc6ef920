//! What a command printed and how it ended.

use std::fmt;

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// Both streams, with what differs from run to run taken out, and the exit code.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// The exit code; nothing where a signal ended the process.
    pub(crate) status: Option<i32>,
    /// The answer.
    pub(crate) stdout: String,
    /// The answer as it was printed, for whoever wants to use it.
    pub(crate) answer: String,
    /// The conversation.
    pub(crate) stderr: String,
    /// The most memory the process held, in bytes, where the system tells.
    pub(crate) peak: Option<u64>,
}

impl Output {
    /// Stops the test unless the command succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.exits(0)
    }

    /// Stops the test unless the command ended with this code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert!(self.status == Some(code), "not exit code {code}:\n{self}");
        self
    }

    /// Stops the test unless this is all the command said, the exit code included.
    #[track_caller]
    pub(crate) fn shows(&self, expected: &str) {
        let (expected, actual) = (dedent(expected), self.to_string());
        assert!(
            expected == actual,
            "another output:\n{}",
            difference(&expected, &actual)
        );
    }

    /// Stops the test unless one of the lines, on either stream, is exactly this one.
    #[track_caller]
    pub(crate) fn says(&self, line: &str) -> &Self {
        assert!(
            self.lines().any(|said| said == line),
            "no line `{line}` in:\n{self}"
        );
        self
    }

    /// Stops the test if a text stands anywhere in what was said.
    #[track_caller]
    pub(crate) fn never_says(&self, text: &str) -> &Self {
        assert!(
            !self.lines().any(|said| said.contains(text)),
            "`{text}` stands in:\n{self}"
        );
        self
    }

    /// The lines of both streams, stdout first.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        self.stdout.lines().chain(self.stderr.lines())
    }

    /// One JSON value for each line of stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| match serde_json::from_str(line) {
                Ok(value) => value,
                Err(error) => panic!("not JSON ({error}):\n{self}"),
            })
            .collect()
    }

    fn block(text: &str) -> String {
        match text.trim_end_matches('\n') {
            "" => String::new(),
            text => format!("{text}\n"),
        }
    }
}

/// stdout, then stderr below a line of its own if there is any, then the exit code if it is not 0.
impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Self::block(&self.stdout);
        if !self.stderr.is_empty() {
            text.push_str("--- stderr ---\n");
            text.push_str(&Self::block(&self.stderr));
        }
        let ending = match self.status {
            Some(0) => String::new(),
            Some(code) => format!("[exit {code}]"),
            None => "[killed]".to_owned(),
        };
        text.push_str(&ending);
        f.write_str(text.trim_end_matches('\n'))
    }
}

/// Takes away the first line if it is empty, the last if it is blank, and the indentation that all
/// lines share, so that an expected text can be written where it is used.
pub(crate) fn dedent(text: &str) -> String {
    let Some(text) = text.strip_prefix('\n') else {
        return text.trim_end_matches('\n').to_owned();
    };
    let indentation = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let shared = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(indentation)
        .min()
        .unwrap_or_default();
    let lines: Vec<_> = text
        .lines()
        .map(|line| line.get(shared..).unwrap_or_default())
        .collect();
    lines.join("\n").trim_end_matches(['\n', ' ']).to_owned()
}

/// Two texts line by line: `-` was expected, `+` came.
pub(crate) fn difference(expected: &str, actual: &str) -> String {
    let diff = TextDiff::from_lines(expected, actual);
    let lines: Vec<_> = diff
        .iter_all_changes()
        .map(|change| {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            format!("{sign} {}", change.value().trim_end_matches('\n'))
        })
        .collect();
    lines.join("\n")
}
