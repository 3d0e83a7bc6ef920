//! Commands in hints, with what has to be typed with them to mean the same place again.

/// Every command that is about a connection, as hints name it.
pub(crate) const COMMANDS: [&str; 29] = [
    "accept",
    "branches",
    "check",
    "createdb",
    "current",
    "dbshell",
    "downgrade",
    "drift",
    "dropdb",
    "edit",
    "heads",
    "history",
    "inspectdb",
    "lock",
    "makemigrations",
    "merge",
    "migrate",
    "rebase",
    "redo",
    "resetdb",
    "restore",
    "resume",
    "setup",
    "show",
    "showmigrations",
    "sqlmigrate",
    "squashmigrations",
    "stamp",
    "verify",
];

/// A hint whose commands have these flags too, such as ` --profile live`.
pub(crate) fn with_flags(hint: &str, flags: &str) -> String {
    const PROGRAM: &str = "manage ";
    let mut text = String::with_capacity(hint.len() + flags.len());
    let mut rest = hint;
    while let Some(at) = rest.find(PROGRAM) {
        let (before, from) = rest.split_at(at + PROGRAM.len());
        let length = from
            .find(|next: char| !next.is_ascii_lowercase())
            .unwrap_or(from.len());
        let (word, after) = from.split_at(length);
        text.push_str(before);
        text.push_str(word);
        // `manage` may be the end of another word, and what follows it a word of a sentence.
        let is_program = !before[..at].ends_with(|last: char| last.is_alphanumeric());
        if is_program && COMMANDS.contains(&word) {
            text.push_str(flags);
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_get_the_flags_and_sentences_do_not() {
        let with = |hint| with_flags(hint, " --profile live");
        assert_eq!(
            with("run: manage redo -1, and then: manage migrate two"),
            "run: manage redo --profile live -1, and then: manage migrate --profile live two"
        );
        assert_eq!(
            with("see who it is: manage lock status"),
            "see who it is: manage lock --profile live status"
        );
        for sentence in [
            "what manage applies",
            "--on-missing prune",
            "manage init",
            "manage",
        ] {
            assert_eq!(with(sentence), sentence);
        }
    }
}
