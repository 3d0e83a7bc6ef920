//! Puts the questions to a person, or says which flags would have answered them.

use super::super::live::Live;
use crate::context::Context;
use crate::error::CommandError;
use crate::models::Join;
use crate::questioner::{Answers, Fill, Question};
use crate::schema::change::RenamedColumn;
use crate::schema::{Column, Name};
use crate::settings::Connection;
use crate::ui::{self, Choice, PromptError};

/// Asks; keeps a connection to the live database for what it can tell.
pub(super) struct Asking<'a> {
    context: &'a Context,
    live: Live<'a>,
}

impl<'a> Asking<'a> {
    pub(super) fn new(context: &'a Context, connection: &'a Connection) -> Self {
        Self {
            context,
            live: Live::new(context, connection),
        }
    }

    /// Adds the answers to questions. One at a time is asked, since its answer may settle the others.
    pub(super) fn ask(
        &mut self,
        questions: &[Question],
        answers: &mut Answers,
    ) -> Result<(), CommandError> {
        if !self.context.ui.is_interactive() {
            return Err(unanswered(questions).into());
        }
        let Some(question) = questions.first() else {
            return Ok(());
        };
        match question {
            Question::RenamedTable { to, candidates } => {
                self.table(question, to, candidates, answers)?;
            }
            Question::RenamedColumn {
                table,
                to,
                candidates,
            } => self.column(question, (table, to), candidates, answers)?,
            Question::Fill { table, column } | Question::Nulls { table, column } => {
                let fill = self.fill(question, table, column)?;
                let at = (table.clone(), column.name.clone());
                answers.fills.insert(at, fill);
            }
            Question::Cast {
                table,
                column,
                from,
                to,
            } => {
                let name = format!("{table}.{column}");
                self.tell(&format!("`{name}` becomes {to} from {from}"));
                let expression = self.expression(question, &name)?;
                answers
                    .casts
                    .insert((table.clone(), column.clone()), expression);
            }
            Question::EnumValue {
                owner,
                value,
                values,
            } => self.enum_value(question, (owner, value), values, answers)?,
            Question::ForeignKey(join) => {
                let is_key = self.foreign_key(question, join)?;
                let at = format!("{}.{}", join.child, join.column);
                answers.foreign_keys.insert(at, is_key);
            }
            Question::DropTable(table) => {
                let rows = aside(self.live.rows(table));
                self.tell(&format!("table `{table}` goes with all its rows{rows}"));
                self.consent(question, format!("Drop table `{table}`"))?;
                answers.allow_drop.insert(table.to_string());
            }
            Question::DropColumn { table, column } => {
                let values = aside(self.live.values(table, &column.name));
                let name = format!("{table}.{}", column.name);
                self.tell(&format!("column `{name}` goes with all its values{values}"));
                self.consent(question, format!("Drop column `{name}`"))?;
                answers.allow_drop.insert(name);
            }
        }
        Ok(())
    }

    fn table(
        &self,
        question: &Question,
        to: &Name,
        candidates: &[Name],
        answers: &mut Answers,
    ) -> Result<(), PromptError> {
        let mut choices: Vec<_> = candidates
            .iter()
            .map(|from| Choice::new(from.to_string(), "under another name"))
            .collect();
        choices.push(Choice::new("new", "a new table"));
        let picked = self.choose(format!("Table `{to}` is"), question, &choices)?;
        match candidates.get(picked) {
            Some(from) => answers.renamed_tables.push((from.clone(), to.clone())),
            None => drop(answers.new.insert(to.to_string())),
        }
        Ok(())
    }

    fn column(
        &self,
        question: &Question,
        (table, to): (&Name, &Column),
        candidates: &[Column],
        answers: &mut Answers,
    ) -> Result<(), PromptError> {
        let mut choices: Vec<_> = candidates
            .iter()
            .map(|from| {
                let what = format!("{} under another name", from.sql_type);
                Choice::new(from.name.clone(), what)
            })
            .collect();
        let what = format!("{}, a new column", to.sql_type);
        choices.push(Choice::new("new", what));
        let ask = format!("Column `{table}.{}` is", to.name);
        let picked = self.choose(ask, question, &choices)?;
        match candidates.get(picked) {
            Some(from) => answers.renamed_columns.push(RenamedColumn {
                table: table.clone(),
                from: from.name.clone(),
                to: to.name.clone(),
            }),
            None => drop(answers.new.insert(format!("{table}.{}", to.name))),
        }
        Ok(())
    }

    /// What rows get, in a new column or instead of NULL.
    fn fill(
        &mut self,
        question: &Question,
        table: &Name,
        column: &Column,
    ) -> Result<Fill, PromptError> {
        let name = format!("{table}.{}", column.name);
        let is_new = matches!(question, Question::Fill { .. });
        let ask = if is_new {
            let rows = aside(self.live.rows(table));
            self.tell(&format!(
                "`{name}` {} is new and not null{rows}",
                column.sql_type
            ));
            "Existing rows get"
        } else {
            let nulls = self.live.nulls(table, &column.name);
            let nulls = aside(nulls.map(|rows| format!("NULL in {rows}")));
            self.tell(&format!(
                "`{name}` {} becomes not null{nulls}",
                column.sql_type
            ));
            "Rows that hold NULL get"
        };
        let mut choices = vec![Choice::new("value", "the value of an SQL expression")];
        if !is_new {
            choices.push(Choice::new(
                "none",
                "nothing: there are none; if there is one, it fails",
            ));
        }
        choices.push(Choice::new(
            "nullable",
            "NULL: let it be NULL, and change the models",
        ));
        let picked = self.choose(ask.to_owned(), question, &choices)?;
        Ok(match picked {
            0 => Fill::Value(self.expression(question, &name)?),
            1 if !is_new => Fill::None,
            _ => Fill::Nullable,
        })
    }

    fn enum_value(
        &self,
        question: &Question,
        (owner, value): (&Name, &String),
        values: &[String],
        answers: &mut Answers,
    ) -> Result<(), PromptError> {
        let mut choices: Vec<_> = values
            .iter()
            .map(|other| Choice::new(other.clone(), "instead"))
            .collect();
        choices.push(Choice::new(
            "nothing",
            "no row holds it; where one does, it fails",
        ));
        let ask = format!("Rows that hold `{value}` of `{owner}` get");
        let picked = self.choose(ask, question, &choices)?;
        match values.get(picked) {
            Some(other) => drop(
                answers
                    .enum_values
                    .insert((owner.clone(), value.clone()), other.clone()),
            ),
            None => drop(answers.allow_drop.insert(format!("{owner}.{value}"))),
        }
        Ok(())
    }

    fn foreign_key(&self, question: &Question, join: &Join) -> Result<bool, PromptError> {
        let ask = format!(
            "Join of `{}.{}` to `{}` is",
            join.child, join.column, join.parent
        );
        let choices = [
            Choice::new("key", "a foreign key, which the database lacks"),
            Choice::new("query", "for queries alone"),
        ];
        Ok(self.choose(ask, question, &choices)? == 0)
    }

    fn choose(
        &self,
        ask: String,
        question: &Question,
        choices: &[Choice],
    ) -> Result<usize, PromptError> {
        self.context.ui.choose(&put(question, ask), choices)
    }

    fn expression(&self, question: &Question, name: &str) -> Result<String, PromptError> {
        let ask = format!("Value of `{name}`, in SQL");
        self.context.ui.line(&put(question, ask), None)
    }

    /// Says what there is to know before a question, which itself stays short: a terminal draws one that
    /// does not fit into its width badly.
    fn tell(&self, line: &str) {
        self.context.ui.context_of_question(&format!("  {line}"));
    }

    fn consent(&self, question: &Question, ask: String) -> Result<(), PromptError> {
        if self.context.ui.confirm(&put(question, ask))? {
            Ok(())
        } else {
            Err(PromptError::Cancelled)
        }
    }
}

/// What the live database says, in parentheses.
fn aside(fact: Option<String>) -> String {
    fact.map(|fact| format!(" ({fact})")).unwrap_or_default()
}

fn put(question: &Question, ask: String) -> ui::Question {
    ui::Question {
        ask,
        unattended: question.about(),
        about: Vec::new(),
        flags: question.flags(),
    }
}

fn unanswered(questions: &[Question]) -> PromptError {
    let about: Vec<_> = questions.iter().map(Question::about).collect();
    let flags = questions
        .iter()
        .map(|question| question.flags().join("  or  "))
        .collect();
    match about.as_slice() {
        [one] => PromptError::Unanswered {
            what: one.clone(),
            about: Vec::new(),
            flags,
        },
        many => PromptError::Unanswered {
            what: format!("{} questions, and nobody can be asked", many.len()),
            about,
            flags,
        },
    }
}

/// A name as a sentence: `add_users_age` is `Add users age`.
pub(super) fn sentence(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}
