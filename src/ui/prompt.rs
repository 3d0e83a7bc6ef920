//! Questions to a person, and what happens when there is none.

use console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};

use super::terminal::{Ui, shown};
use super::visible::visible_line;
use crate::error::{Explain, Kind};

/// One of several answers to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value of the flag that says the same.
    pub value: String,
    /// What it means: the rest of the line.
    pub text: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
        }
    }
}

/// A question, and what to say where nobody can answer it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// As it is asked.
    pub ask: String,
    /// The error where it cannot be asked.
    pub unattended: String,
    /// What it is about, below that error: the migrations concerned.
    pub about: Vec<String>,
    /// The flags that answer it.
    pub flags: Vec<String>,
}

impl Question {
    /// A question that is only asked where somebody is there, and has a default otherwise.
    #[must_use]
    pub fn optional(ask: &str) -> Self {
        Self {
            ask: ask.to_owned(),
            unattended: format!("nobody can be asked: {ask}"),
            about: Vec::new(),
            flags: Vec::new(),
        }
    }
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Nobody is there to answer, and no flag did.
    #[error("{what}")]
    Unanswered {
        /// What had to be decided.
        what: String,
        /// What it is about.
        about: Vec<String>,
        /// The ways to decide it without a prompt.
        flags: Vec<String>,
    },
    /// Escape, Ctrl-C, or "no".
    #[error("stopped at the question; nothing was run")]
    Cancelled,
    /// The terminal failed.
    #[error("the terminal cannot be read")]
    Terminal(#[source] dialoguer::Error),
}

impl Explain for PromptError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unanswered { .. } => Kind::Question,
            Self::Cancelled => Kind::Cancelled,
            Self::Terminal(_) => Kind::Failure,
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Unanswered { about, .. } => {
                let nothing = "nothing was changed".to_owned();
                about.iter().cloned().chain([nothing]).collect()
            }
            Self::Cancelled | Self::Terminal(_) => Vec::new(),
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Unanswered { flags, .. } => flags.clone(),
            Self::Cancelled => Vec::new(),
            Self::Terminal(_) => vec!["answer with flags instead; see --help".to_owned()],
        }
    }
}

/// Shows the cursor again, however a prompt ends.
struct Cursor<'a>(&'a Term);

impl Drop for Cursor<'_> {
    fn drop(&mut self) {
        let _ = self.0.show_cursor();
    }
}

fn theme() -> Box<dyn Theme> {
    if console::colors_enabled_stderr() {
        Box::new(ColorfulTheme::default())
    } else {
        Box::new(SimpleTheme)
    }
}

impl Ui {
    /// Asks for one of several answers; the first is under the cursor.
    ///
    /// # Errors
    /// Nobody is there (its flags then say how to answer), or the person stopped.
    pub fn choose(&self, question: &Question, choices: &[Choice]) -> Result<usize, PromptError> {
        self.someone(question)?;
        let width = choices
            .iter()
            .map(|choice| choice.value.len())
            .max()
            .unwrap_or_default();
        let items: Vec<_> = choices
            .iter()
            .map(|choice| format!("{:width$}  {}", choice.value, choice.text))
            .collect();
        let index = self.pick(&question.ask, &items)?;
        if let Some(choice) = choices.get(index) {
            self.say(&format!("{}: {}", question.ask, choice.value));
        }
        Ok(index)
    }

    /// Asks for one of a list; the first is under the cursor.
    ///
    /// # Errors
    /// Nobody is there, or the person stopped.
    pub fn pick_from(&self, question: &Question, items: &[String]) -> Result<usize, PromptError> {
        self.someone(question)?;
        let index = self.pick(&question.ask, items)?;
        if let Some(item) = items.get(index) {
            self.say(&format!("{}: {item}", question.ask));
        }
        Ok(index)
    }

    /// Items are cut to the terminal: a line that wraps would be left behind when the list is redrawn.
    fn pick(&self, question: &str, items: &[String]) -> Result<usize, PromptError> {
        const MARGIN: usize = 4;
        let width = usize::from(self.stderr.size().1).saturating_sub(MARGIN);
        let items: Vec<_> = items
            .iter()
            .map(|item| visible_line(item))
            .map(|item| console::truncate_str(&item, width, "…").into_owned())
            .collect();
        let question = shown(question);
        let theme = theme();
        self.ask(|term| {
            Select::with_theme(&*theme)
                .with_prompt(&*question)
                .items(&items)
                .default(0)
                .max_length(12)
                .report(false)
                .interact_on_opt(term)
        })
    }

    /// Asks yes or no; Enter alone is no.
    ///
    /// # Errors
    /// Nobody is there, or the person stopped.
    pub fn confirm(&self, question: &Question) -> Result<bool, PromptError> {
        self.someone(question)?;
        let ask = shown(&question.ask);
        let theme = theme();
        self.ask(|term| {
            Confirm::with_theme(&*theme)
                .with_prompt(&*ask)
                .default(false)
                .wait_for_newline(true)
                .interact_on_opt(term)
        })
    }

    /// Asks yes or no about something harmless; Enter alone is yes.
    ///
    /// # Errors
    /// Nobody is there, or the person stopped.
    pub fn confirm_or_default(&self, question: &str) -> Result<bool, PromptError> {
        self.someone(&Question::optional(question))?;
        let ask = shown(question);
        let theme = theme();
        self.ask(|term| {
            Confirm::with_theme(&*theme)
                .with_prompt(&*ask)
                .default(true)
                .interact_on_opt(term)
        })
    }

    /// Asks for a line of text; Enter alone takes the default, if there is one.
    ///
    /// # Errors
    /// Nobody is there, or the person stopped.
    pub fn line(&self, question: &Question, default: Option<&str>) -> Result<String, PromptError> {
        self.someone(question)?;
        let ask = shown(&question.ask);
        let theme = theme();
        self.ask(|term| {
            let mut input = Input::<String>::with_theme(&*theme).with_prompt(&*ask);
            input = match default {
                // It is shown, and what is not shown as it is must not be taken by Enter.
                Some(default) if visible_line(default) == default => {
                    input.default(default.to_owned())
                }
                Some(_) | None => input,
            };
            input.interact_text_on(term).map(Some)
        })
    }

    fn someone(&self, question: &Question) -> Result<(), PromptError> {
        if self.interactive {
            return Ok(());
        }
        Err(PromptError::Unanswered {
            what: question.unattended.clone(),
            about: question.about.clone(),
            flags: question.flags.clone(),
        })
    }

    /// A prompt hides the cursor and reads keys itself, so a signal must reach it and not end the process,
    /// and is sent again until it does: one that comes between two looks at the keyboard is not heard.
    fn ask<T>(
        &self,
        prompt: impl FnOnce(&Term) -> dialoguer::Result<Option<T>>,
    ) -> Result<T, PromptError> {
        let _held = self.interrupt.hold_question();
        let _cursor = Cursor(&self.stderr);
        match prompt(&self.stderr) {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(PromptError::Cancelled),
            Err(dialoguer::Error::IO(error))
                if error.kind() == std::io::ErrorKind::Interrupted
                    || error.kind() == std::io::ErrorKind::UnexpectedEof =>
            {
                // The line with the prompt is still open.
                let _ = self.stderr.write_line("");
                Err(PromptError::Cancelled)
            }
            Err(error) => Err(PromptError::Terminal(error)),
        }
    }
}
