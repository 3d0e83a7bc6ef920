//! The flags that answer what the models leave open.

use crate::questioner::{AnswerError, Answers, Fill};

/// One flag for each question.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Questions")]
pub(super) struct QuestionFlags {
    /// A column is called otherwise: users.name:title
    #[arg(long, value_name = "TABLE.COLUMN:NEW")]
    rename: Vec<String>,

    /// A table is called otherwise: users:people
    #[arg(long, value_name = "TABLE:NEW")]
    rename_table: Vec<String>,

    /// Nothing else is renamed; with a name, that is new
    #[arg(long, value_name = "NEW", num_args = 0..=1, default_missing_value = "")]
    no_rename: Vec<String>,

    /// What existing rows get, an SQL expression: users.age=0
    #[arg(long, value_name = "TABLE.COLUMN=VALUE")]
    fill: Vec<String>,

    /// No row holds NULL there
    #[arg(long, value_name = "TABLE.COLUMN")]
    no_fill: Vec<String>,

    /// Let it be NULL, whatever the models say
    #[arg(long, value_name = "TABLE.COLUMN")]
    nullable: Vec<String>,

    /// How a value becomes the new type: users.age='CAST(age AS int)'
    #[arg(long, value_name = "TABLE.COLUMN=EXPRESSION")]
    cast: Vec<String>,

    /// What rows get that hold a removed value: mood.happy=ok
    #[arg(long, value_name = "TYPE.VALUE=OTHER")]
    enum_value: Vec<String>,

    /// A joinable! means a foreign key
    #[arg(long, value_name = "TABLE.COLUMN")]
    foreign_key: Vec<String>,

    /// A joinable! is there for queries alone
    #[arg(long, value_name = "TABLE.COLUMN")]
    no_foreign_key: Vec<String>,

    /// A drop is meant; without a name, every one
    #[arg(long, value_name = "TABLE[.COLUMN]", num_args = 0..=1, default_missing_value = "")]
    allow_drop: Vec<String>,
}

impl QuestionFlags {
    /// The answers they give.
    pub(super) fn answers(&self) -> Result<Answers, AnswerError> {
        let mut answers = Answers::default();
        for text in &self.rename_table {
            answers.rename_table(text)?;
        }
        for text in &self.rename {
            answers.rename_column(text)?;
        }
        for text in &self.fill {
            answers.fill(text)?;
        }
        for text in &self.no_fill {
            answers.unfilled("--no-fill", text, Fill::None)?;
        }
        for text in &self.nullable {
            answers.unfilled("--nullable", text, Fill::Nullable)?;
        }
        for text in &self.cast {
            answers.cast(text)?;
        }
        for text in &self.enum_value {
            answers.enum_value(text)?;
        }
        for (names, means_key) in [(&self.foreign_key, true), (&self.no_foreign_key, false)] {
            let named = names.iter().map(|name| (name.clone(), means_key));
            answers.foreign_keys.extend(named);
        }
        for name in &self.no_rename {
            if name.is_empty() {
                answers.no_rename = true;
            } else {
                answers.new.insert(name.clone());
            }
        }
        for name in &self.allow_drop {
            if name.is_empty() {
                answers.allow_any_drop = true;
            } else {
                answers.allow_drop.insert(name.clone());
            }
        }
        Ok(answers)
    }
}
