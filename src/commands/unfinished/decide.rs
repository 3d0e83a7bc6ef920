//! What to do about an unfinished migration: a flag says it, or the settings, or a person.

use super::error::{CannotResume, CannotUndo, NOTHING_CHANGED, Stopped};
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{Doubt, Halt, Unfinished};
use crate::history::JournalRun;
use crate::migration::file_name;
use crate::settings::{InDoubt, Unfinished as Answer};
use crate::ui::{self, Choice, Question};

const AS_IT_IS: &str = "record it as it is, and run nothing more of it";

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Go on at a statement, counted from 0.
    Resume(usize),
    /// Record it, and run nothing.
    Record,
    /// Take back what is in effect.
    TakeBack,
    /// Forget it: somebody has taken it back.
    Forget,
}

/// Asks about one whose files say nothing about it, which is why it can neither go on nor be taken back.
pub(super) fn without_files(
    context: &Context,
    run: &JournalRun,
    why: &CommandError,
    flags: fn(Answer) -> &'static str,
) -> Result<Answer, CommandError> {
    let (summary, lines) = about(why);
    let choices = [
        (Answer::Done, AS_IT_IS.to_owned()),
        (Answer::Undone, ui::undone_by_hand_of(run)),
        (Answer::Stop, "change nothing".to_owned()),
    ];
    let ui = &context.ui;
    ui.context_of_question(&format!("warning: {summary}"));
    for line in &lines {
        ui.context_of_question(&format!("  {line}"));
    }
    let shown: Vec<_> = choices
        .iter()
        .map(|(answer, text)| Choice::new(answer.to_string(), text.as_str()))
        .collect();
    let question = Question {
        ask: "What now".to_owned(),
        unattended: format!("{summary}, and nobody can be asked what to do"),
        about: Vec::new(),
        flags: choices[..2]
            .iter()
            .map(|(answer, text)| format!("{}  ({text})", flags(*answer)))
            .collect(),
    };
    let index = ui.choose(&question, &shown)?;
    match choices.get(index) {
        Some((answer @ (Answer::Done | Answer::Undone), _)) => Ok(*answer),
        Some(_) | None => Err(Stopped(summary).into()),
    }
}

/// What an error says, for whoever goes on all the same.
pub(super) fn about(why: &CommandError) -> (String, Vec<String>) {
    let lines = why.details().iter();
    (
        why.messages().join(": "),
        lines
            .filter(|line| ![NOTHING_CHANGED, "nothing was run"].contains(&line.as_str()))
            .cloned()
            .collect(),
    )
}

/// What is known before anybody is asked.
pub(super) struct Asked<'a> {
    pub(super) context: &'a Context,
    pub(super) found: &'a Unfinished,
    pub(super) answer: Option<Answer>,
    pub(super) in_doubt: Option<InDoubt>,
    /// Whether nobody has to be asked where nothing is in doubt.
    pub(super) goes_on: bool,
    /// `-d NAME`, where it has to be said.
    pub(super) on: String,
    /// The flags of the command that was typed, for each answer.
    pub(super) flags: fn(Answer) -> &'static str,
}

impl Asked<'_> {
    pub(super) fn decide(&self) -> Result<Way, CommandError> {
        let found = self.found;
        if self.answer.is_none() && self.goes_on && found.is_clear() {
            return self.resume();
        }
        let (summary, lines) = ui::unfinished(found);
        let answer = match self.answer {
            // Why it cannot be is said by the error.
            Some(Answer::Resume) if !self.can_resume() => Answer::Resume,
            Some(answer) => {
                self.context.ui.warning(&summary);
                for line in &lines {
                    self.context.ui.status(&format!("  {line}"));
                }
                answer
            }
            None => self.ask(&summary, lines)?,
        };
        match answer {
            Answer::Resume if found.is_recorded => Ok(Way::Record),
            Answer::Resume => self.resume(),
            Answer::Done => Ok(Way::Record),
            Answer::Undo => match &found.undo {
                Ok(_) => Ok(Way::TakeBack),
                Err(why) => Err(CannotUndo {
                    name: found.run.name.clone(),
                    why: why.clone(),
                    direction: found.run.direction,
                    on: self.on.clone(),
                }
                .into()),
            },
            Answer::Undone => Ok(Way::Forget),
            Answer::Stop => Err(Stopped(summary).into()),
        }
    }

    fn ask(&self, summary: &str, mut lines: Vec<String>) -> Result<Answer, CommandError> {
        let found = self.found;
        let mut choices = Vec::new();
        if !found.is_recorded {
            if self.can_resume() {
                choices.push((Answer::Resume, self.resume_text()));
            }
            match &found.undo {
                Ok(undo) if !undo.is_empty() => {
                    lines.push("to take back what is in effect:".to_owned());
                    lines.extend(undo.iter().map(|(_, sql)| format!("  {sql}")));
                    choices.push((Answer::Undo, "take back what is in effect".to_owned()));
                }
                Ok(_) => choices.push((
                    Answer::Undo,
                    "forget it; nothing of it is in effect".to_owned(),
                )),
                Err(why) => lines.push(format!("it cannot be taken back: {why}")),
            }
        }
        choices.push((Answer::Done, self.done_text()));
        choices.extend(ui::undone_by_hand(found).map(|text| (Answer::Undone, text)));
        choices.push((Answer::Stop, "change nothing".to_owned()));
        let ui = &self.context.ui;
        if ui.is_interactive() {
            ui.context_of_question(&format!("warning: {summary}"));
            for line in &lines {
                ui.context_of_question(&format!("  {line}"));
            }
        }
        let shown: Vec<_> = choices
            .iter()
            .map(|(answer, text)| Choice::new(answer.to_string(), text.as_str()))
            .collect();
        let question = Question {
            ask: "What now".to_owned(),
            unattended: format!("{summary}, and nobody can be asked what to do"),
            about: lines,
            flags: self
                .restore()
                .or_else(|| found.lost.as_ref().map(|_| self.make_again()))
                .into_iter()
                .chain(
                    choices
                        .iter()
                        .filter(|(answer, _)| *answer != Answer::Stop)
                        .map(|(answer, text)| format!("{}  ({text})", (self.flags)(*answer))),
                )
                .collect(),
        };
        let index = ui.choose(&question, &shown)?;
        Ok(choices
            .get(index)
            .map_or(Answer::Stop, |(answer, _)| *answer))
    }

    fn can_resume(&self) -> bool {
        self.found.changed.is_none() && self.found.lost.is_none()
    }

    /// What to do where a statement in effect is another one now.
    fn restore(&self) -> Option<String> {
        let changed = self.found.changed.as_ref()?;
        Some(format!(
            "bring statement {} of {} back as it was, then run the same command again",
            changed.statement + 1,
            file_name(self.found.run.direction)
        ))
    }

    /// What to do where the rest needs what a session knew that is gone.
    fn make_again(&self) -> String {
        let found = self.found;
        let next = found.next().unwrap_or(found.run.done) + 1;
        format!(
            "let {} make it again at statement {next}, then run the same command again (what stands before is not run twice)",
            file_name(found.run.direction)
        )
    }

    fn resume_text(&self) -> String {
        match self.found.next() {
            None => "go on with it; asks about the statement in doubt".to_owned(),
            Some(next) if next >= self.found.statements => {
                "all its statements are in effect: record it".to_owned()
            }
            Some(next) => format!("go on at statement {}", next + 1),
        }
    }

    fn done_text(&self) -> String {
        if self.found.is_recorded {
            return "forget the earlier run".to_owned();
        }
        AS_IT_IS.to_owned()
    }

    fn resume(&self) -> Result<Way, CommandError> {
        let found = self.found;
        if let Some(hint) = self.restore() {
            let (_, lines) = ui::unfinished(found);
            return Err(CannotResume {
                name: found.run.name.clone(),
                why: lines,
                hint,
                direction: found.run.direction,
                on: self.on.clone(),
            }
            .into());
        }
        if let Some(lost) = &found.lost {
            return Err(CannotResume {
                name: found.run.name.clone(),
                why: vec![lost.clone()],
                hint: self.make_again(),
                direction: found.run.direction,
                on: self.on.clone(),
            }
            .into());
        }
        match (&found.halt, found.next()) {
            (_, Some(next)) => Ok(Way::Resume(next)),
            (Halt::InDoubt(doubt), None) => self.about_doubt(doubt),
            (Halt::Between | Halt::Refused { .. }, None) => Ok(Way::Resume(found.run.done)),
        }
    }

    fn about_doubt(&self, doubt: &Doubt) -> Result<Way, CommandError> {
        let answer = match self.in_doubt {
            Some(answer) => answer,
            None => self.ask_about(doubt)?,
        };
        Ok(Way::Resume(match answer {
            InDoubt::Retry => doubt.statement,
            InDoubt::Done => doubt.through + 1,
        }))
    }

    fn ask_about(&self, doubt: &Doubt) -> Result<InDoubt, CommandError> {
        let number = doubt.statement + 1;
        let choices = [
            (InDoubt::Retry, "it is not in effect: run it again"),
            (InDoubt::Done, "it is in effect: go on after it"),
        ];
        let shown: Vec<_> = choices
            .iter()
            .map(|(answer, text)| Choice::new(answer.to_string(), *text))
            .collect();
        let question = Question {
            ask: format!("What about statement {number}"),
            unattended: format!(
                "the database does not tell whether statement {number} is in effect, and nobody can be asked"
            ),
            about: vec![doubt.summary.clone()],
            flags: choices
                .iter()
                .map(|(answer, text)| format!("--in-doubt {answer}  ({text})"))
                .collect(),
        };
        let index = self.context.ui.choose(&question, &shown)?;
        Ok(choices
            .get(index)
            .map_or(InDoubt::Retry, |(answer, _)| *answer))
    }
}
