//! Words that are commands of other tools, and what is typed here instead.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};

use super::group;

/// Words of Django, Alembic and its wrappers, `diesel`, `sqlx`, `sea-orm` and `dbmate`.
const WORDS: [(&[&str], &str); 17] = [
    (
        &["add", "generate", "new"],
        "manage makemigrations --empty \"What it does\"",
    ),
    (&["apply", "deploy", "run", "up"], "manage migrate"),
    (&["down", "rollback", "undo"], "manage downgrade"),
    (&["status", "info"], "manage showmigrations"),
    (&["version"], "manage current, or manage --version"),
    (
        &["diff", "optimizemigration"],
        "manage makemigrations --check",
    ),
    (&["create"], "manage createdb"),
    (&["drop"], "manage dropdb"),
    (&["drop-all"], "manage downgrade base, or manage dropdb"),
    (
        &["fresh", "refresh", "reset", "flush", "sqlflush"],
        "manage resetdb",
    ),
    (&["test", "testserver"], "manage verify"),
    (&["validate", "lint"], "manage check"),
    (&["baseline"], "manage stamp"),
    (
        &["repair", "resolve", "force"],
        "manage migrate, which asks, or manage stamp",
    ),
    (
        &["list-templates", "list_templates"],
        "manage init; there are no templates, only settings.yaml",
    ),
    (
        &["dumpdata", "dump-data", "loaddata", "shell"],
        "manage dbshell",
    ),
    (&["startproject", "startapp"], "manage init"),
];

/// Says in the error about an unknown word what is typed here instead, or which command is nearest.
pub(super) fn explain(error: &mut clap::Error) {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return;
    };
    if let Some((_, here)) = WORDS
        .iter()
        .find(|(words, _)| words.contains(&word.as_str()))
    {
        let tip = StyledStr::from(format!("here it is: {here}"));
        // What merely looks like the word is of no use then.
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
        return;
    }
    if let Some(ContextValue::Strings(similar)) = error.get(ContextKind::SuggestedSubcommand) {
        // They come with the nearest last.
        let nearest = similar
            .iter()
            .rfind(|name| !group::NAMES.contains(&name.as_str()))
            .cloned();
        error.remove(ContextKind::SuggestedSubcommand);
        if let Some(nearest) = nearest {
            error.insert(
                ContextKind::SuggestedSubcommand,
                ContextValue::Strings(vec![nearest]),
            );
        }
    }
}
