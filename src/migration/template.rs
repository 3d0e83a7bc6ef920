//! The SQL files of a hand-written migration, before a hand has written them.
//!
//! Each holds one statement that every server takes and that does nothing: a file of comments alone
//! cannot run on PostgreSQL, not even to be reverted.

use crate::sql::Dialect;

/// The statement that stands for nothing to do.
const NOTHING: &str = "SELECT 1;\n";

/// What the templates say where SQL is to be written.
const UP_MARK: &str = "-- Your SQL goes here; replace the SELECT below.\n";
const DOWN_MARK: &str = "-- Undo here what up.sql does; replace the SELECT below.\n";

/// Whether a file is a template that nobody has written into.
pub fn is_untouched(text: &str) -> bool {
    (text.contains(UP_MARK) || text.contains(DOWN_MARK))
        && text.ends_with(&format!("\n\n{NOTHING}"))
}

/// Writes the up.sql of a migration that a person will fill in.
pub fn up(message: &str, dialect: Dialect) -> String {
    let mut text = headline("", message);
    text.push_str(UP_MARK);
    text.push_str(advice(dialect));
    text.push('\n');
    text.push_str(NOTHING);
    text
}

/// Writes the down.sql that belongs to it.
pub fn down(message: &str) -> String {
    let mut text = headline("Revert: ", message);
    text.push_str(DOWN_MARK);
    text.push_str(
        "-- If that cannot be done, delete this file: the migration is then irreversible.\n",
    );
    text.push('\n');
    text.push_str(NOTHING);
    text
}

/// Writes either file of a migration that only joins two heads.
pub fn merge(message: &str) -> String {
    let mut text = headline("", message);
    text.push_str(
        "-- Joins migrations that were written side by side; it changes nothing itself.\n",
    );
    text.push('\n');
    text.push_str(NOTHING);
    text
}

/// What most often goes wrong in a migration on this database.
fn advice(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "-- SQLite: ALTER TABLE cannot change a column or a constraint; that takes a new table\n\
             -- with the rows copied, under the old name in the end.\n"
        }
        Dialect::Postgres => {
            "-- PostgreSQL: CREATE INDEX CONCURRENTLY needs a migration of its own, with\n\
             -- run_in_transaction = false in its metadata.toml.\n"
        }
        Dialect::Mysql => {
            "-- MySQL, MariaDB: each CREATE, ALTER and DROP is committed at once; one to a migration\n\
             -- leaves nothing half done.\n"
        }
    }
}

/// Puts the message into one comment line, whatever it holds.
pub(super) fn headline(prefix: &str, message: &str) -> String {
    // Every separator of lines or paragraphs becomes a space, or what follows it would be SQL.
    let is_gap = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<&str> = message
        .split(is_gap)
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return String::new();
    }
    // The marks of block comments are spread, so that the file may be put into one.
    let message = words.join(" ").replace("*/", "* /").replace("/*", "/ *");
    format!("-- {prefix}{message}\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_files_say_what_to_do_and_do_nothing() {
        insta::assert_snapshot!(up("Add users", Dialect::Sqlite), @"
        -- Add users
        -- Your SQL goes here; replace the SELECT below.
        -- SQLite: ALTER TABLE cannot change a column or a constraint; that takes a new table
        -- with the rows copied, under the old name in the end.

        SELECT 1;
        ");
        insta::assert_snapshot!(up("Add users", Dialect::Postgres), @"
        -- Add users
        -- Your SQL goes here; replace the SELECT below.
        -- PostgreSQL: CREATE INDEX CONCURRENTLY needs a migration of its own, with
        -- run_in_transaction = false in its metadata.toml.

        SELECT 1;
        ");
        insta::assert_snapshot!(up("Add users", Dialect::Mysql), @"
        -- Add users
        -- Your SQL goes here; replace the SELECT below.
        -- MySQL, MariaDB: each CREATE, ALTER and DROP is committed at once; one to a migration
        -- leaves nothing half done.

        SELECT 1;
        ");
        insta::assert_snapshot!(down("Add users"), @"
        -- Revert: Add users
        -- Undo here what up.sql does; replace the SELECT below.
        -- If that cannot be done, delete this file: the migration is then irreversible.

        SELECT 1;
        ");
        insta::assert_snapshot!(merge("Merge a and b"), @"
        -- Merge a and b
        -- Joins migrations that were written side by side; it changes nothing itself.

        SELECT 1;
        ");
        insta::assert_snapshot!(merge(" \n"), @"
        -- Joins migrations that were written side by side; it changes nothing itself.

        SELECT 1;
        ");
    }

    #[test]
    fn a_message_stays_one_comment_line() {
        insta::assert_snapshot!(
            down("Drop it\nDROP TABLE users;\r\u{2028}*/ DELETE /*/ \u{85}\0--"),
            @"
        -- Revert: Drop it DROP TABLE users; * / DELETE / * / --
        -- Undo here what up.sql does; replace the SELECT below.
        -- If that cannot be done, delete this file: the migration is then irreversible.

        SELECT 1;
        ",
        );
    }

    proptest! {
        #[test]
        fn the_only_statement_is_the_select(message in any::<String>()) {
            for text in [up(&message, Dialect::Mysql), down(&message), merge(&message)] {
                let statements: Vec<&str> = text
                    .split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'])
                    .filter(|line| !line.is_empty() && !line.starts_with("-- "))
                    .collect();
                prop_assert_eq!(statements, ["SELECT 1;"]);
                prop_assert!(!text.contains("*/") && !text.contains("/*") && !text.contains('\0'));
            }
        }
    }
}
