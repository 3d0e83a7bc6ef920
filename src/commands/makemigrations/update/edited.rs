//! Whether a person wrote into a migration: then it is not written again without a word.

use super::super::tables::Host;
use crate::backend::Direction;
use crate::commands::rehearsal::{rehearse, scratch};
use crate::context::Context;
use crate::ddl::{self, Script};
use crate::error::CommandError;
use crate::migration::{Directory, Node, generated, is_template, read_sql};
use crate::proof::ProofError;
use crate::questioner::{Answers, Question as Open, decide, renames};
use crate::schema::Schema;
use crate::schema::change::RenamedColumn;
use crate::settings::Connection;
use crate::sql::Server;
use crate::ui::{Choice, PromptError, Question};

/// How many renames are answered before something else must be wrong.
const MOST_RENAMES: usize = 200;

/// Its two files, as they are.
struct Files {
    up: String,
    down: Option<String>,
}

/// Refuses a migration whose SQL makemigrations would not have written so, unless a person lets it go.
pub(super) fn refuse(
    context: &Context,
    connection: &Connection,
    directory: &Directory,
    node: &Node,
) -> Result<(), CommandError> {
    let read = |direction| {
        let file = read_sql(&node.path, direction).ok()?;
        Some(file.text.replace("\r\n", "\n"))
    };
    let files = Files {
        up: read(Direction::Up).unwrap_or_default(),
        down: read(Direction::Down),
    };
    if is_template(&files.up) && files.down.as_deref().is_none_or(is_template) {
        return Ok(());
    }
    if is_generated(context, connection, directory, node, &files)? {
        return Ok(());
    }
    ask(context, node, &files)
}

fn ask(context: &Context, node: &Node, files: &Files) -> Result<(), CommandError> {
    let question = Question {
        ask: "Rewrite it all the same".to_owned(),
        unattended: format!(
            "the SQL of `{}` is not what makemigrations would write, and what was written by hand would go",
            node.name
        ),
        about: Vec::new(),
        flags: vec![
            "let it go: --discard-edits".to_owned(),
            "to write another migration after it, leave out --update".to_owned(),
        ],
    };
    let choices = [
        Choice::new("no", "keep it, change nothing"),
        Choice::new("yes", "what was written by hand goes"),
        Choice::new("show", "show the SQL first"),
    ];
    let ui = &context.ui;
    if ui.is_interactive() {
        ui.context_of_question(&format!("warning: {}", question.unattended));
    }
    loop {
        match ui.choose(&question, &choices)? {
            1 => return Ok(()),
            2 => {
                for text in std::iter::once(&files.up).chain(&files.down) {
                    ui.context_of_question(text.trim());
                }
            }
            _ => return Err(PromptError::Cancelled.into()),
        }
    }
}

/// Whether the files are what would be written for what they do. Where that cannot be tried, they are not.
fn is_generated(
    context: &Context,
    connection: &Connection,
    directory: &Directory,
    node: &Node,
    files: &Files,
) -> Result<bool, CommandError> {
    let environment = context.settings()?.environment();
    let mut scratch = scratch(context, connection, &environment)?.map_err(CommandError::from)?;
    let server = Host::of(scratch.database())?.server;
    let mut at = |directory: &Directory| -> Result<Schema, CommandError> {
        let again = "manage makemigrations --update";
        rehearse(context, connection, directory, &mut scratch, again)?;
        Ok(scratch.database().introspect().map_err(ProofError::from)?)
    };
    let before = at(&directory.filtered(|entry| entry.version != node.version))?;
    // A file that fails is nothing that was written by us and left alone.
    let Ok(after) = at(&directory.filtered(|entry| entry.version == node.version)) else {
        return Ok(false);
    };
    Ok([false, true]
        .into_iter()
        .any(|renaming| is_written(server, &before, &after, renaming, files)))
}

/// Whether the way from one schema to the other is written like that, with everything renamed that can be
/// or nothing.
fn is_written(
    server: Server,
    before: &Schema,
    after: &Schema,
    renaming: bool,
    files: &Files,
) -> bool {
    let mut answers = Answers {
        no_rename: !renaming,
        ..Answers::default()
    };
    for _ in 0..MOST_RENAMES {
        let Ok((renames, open)) = renames(server, before, after, &answers) else {
            return false;
        };
        if let Some(open) = open.first() {
            if !answer(open, &mut answers) {
                return false;
            }
            continue;
        }
        let decided = decide(server, before.clone(), after.clone(), renames, &answers);
        let (difference, decisions) = (&decided.difference, &decided.decisions);
        let up = ddl::write(server, difference, decisions);
        let down = ddl::write(server, &difference.reverse(), &decisions.reverse());
        let is_down = match (&down, &files.down) {
            (Ok(script), Some(text)) => is_text("-- Revert: ", script, text),
            (Err(_), None) => true,
            (Ok(_), None) | (Err(_), Some(_)) => false,
        };
        return is_down && up.is_ok_and(|script| is_text("-- ", &script, &files.up));
    }
    false
}

/// Says yes to a rename.
fn answer(open: &Open, answers: &mut Answers) -> bool {
    match open {
        Open::RenamedTable { to, candidates } => candidates.first().is_some_and(|from| {
            answers.renamed_tables.push((from.clone(), to.clone()));
            true
        }),
        Open::RenamedColumn {
            table,
            to,
            candidates,
        } => candidates.first().is_some_and(|from| {
            answers.renamed_columns.push(RenamedColumn {
                table: table.clone(),
                from: from.name.clone(),
                to: to.name.clone(),
            });
            true
        }),
        Open::Fill { .. }
        | Open::Nulls { .. }
        | Open::Cast { .. }
        | Open::EnumValue { .. }
        | Open::ForeignKey(_)
        | Open::DropTable(_)
        | Open::DropColumn { .. } => false,
    }
}

/// Whether a script is written like that, under whatever headline.
fn is_text(prefix: &str, script: &Script, text: &str) -> bool {
    let headline = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix(prefix));
    let prefix = prefix.trim_start_matches("-- ");
    generated(
        prefix,
        headline.unwrap_or_default(),
        &script.remarks,
        &script.statements,
    ) == text
}
