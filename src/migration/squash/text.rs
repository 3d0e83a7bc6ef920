//! The SQL of several migrations as one file, which plain `diesel` runs too.

use crate::backend::Direction;
use crate::error::Explain;
use crate::migration::template::headline;
use crate::sql::{self, Dialect, Script, Statement};

/// One of the migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The directory's name.
    pub name: String,
    /// What its up.sql says.
    pub up: String,
    /// What its down.sql says, if it can be reverted.
    pub down: Option<String>,
    /// Whether it runs in a transaction.
    pub transactional: bool,
}

/// All of them, one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The text.
    pub text: String,
    /// Whether it may run in a transaction.
    pub transactional: bool,
    /// What its reader should know: sentences.
    pub remarks: Vec<String>,
}

/// A migration that has to stand alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{what}` in `{name}` cannot be in a transaction, and `diesel` sends a file as one")]
pub struct Unjoinable {
    /// The directory's name.
    pub name: String,
    /// The construct.
    pub what: String,
}

impl Explain for Unjoinable {
    fn details(&self) -> Vec<String> {
        vec!["nothing was written".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec!["squash up to the migration before it, and from the one after it".to_owned()]
    }
}

/// Joins the texts, in reverse for the way back. A member without a way back is passed over there: whoever
/// asks has looked.
///
/// # Errors
/// PostgreSQL: a statement that cannot be in a transaction.
pub fn joined(
    members: &[Member],
    direction: Direction,
    dialect: Dialect,
    headings: bool,
) -> Result<Joined, Unjoinable> {
    let mut parts: Vec<Part<'_>> = members
        .iter()
        .filter_map(|member| {
            let text = match direction {
                Direction::Up => Some(&member.up),
                Direction::Down => member.down.as_ref(),
            };
            text.map(|text| Part::of(member, text, dialect))
        })
        .collect();
    if direction == Direction::Down {
        parts.reverse();
    }
    let mut remarks = Vec::new();
    if dialect == Dialect::Postgres {
        for part in &mut parts {
            part.settle()?;
        }
        let relaxed: Vec<&str> = parts
            .iter()
            .filter(|part| part.relaxed)
            .map(|part| part.name)
            .collect();
        if !relaxed.is_empty() {
            remarks.push(format!(
                "CONCURRENTLY is left out of {}: nobody uses a database that is just made.",
                relaxed.join(", ")
            ));
        }
    }
    // Read-only statements that stand for nothing say nothing here.
    let empty = parts.iter().all(|part| part.is_nothing);
    let transactional = parts.iter().all(|part| part.transactional);
    if !transactional && parts.iter().any(|part| part.transactional) {
        remarks.push(match dialect {
            Dialect::Mysql => {
                "Some of them asked not to run in a transaction, so this one does not.".to_owned()
            }
            Dialect::Sqlite | Dialect::Postgres => {
                "Some of them run in no transaction, so this one runs in none, and those that were \
                 one bring their own BEGIN and COMMIT."
                    .to_owned()
            }
        });
    }
    let mut text = String::new();
    let mut touched = false;
    for part in parts.iter().filter(|part| !part.is_nothing) {
        if !text.is_empty() {
            text.push('\n');
        }
        if headings {
            text.push_str(&headline("", part.name));
        }
        let own = !transactional && part.transactional && dialect != Dialect::Mysql;
        if own && touched {
            // As the runner has it, and as it was for this one when it ran alone.
            text.push_str("PRAGMA foreign_keys = OFF;\n");
        }
        if own {
            text.push_str("BEGIN;\n");
        }
        text.push_str(&part.ended(dialect));
        if part.wanders {
            text.push_str("RESET search_path;\n");
        }
        if own {
            text.push_str("COMMIT;\n");
        }
        touched |= part.sets_foreign_keys;
    }
    if empty {
        text.push_str("SELECT 1;\n");
    }
    Ok(Joined {
        text,
        transactional,
        remarks,
    })
}

struct Part<'a> {
    name: &'a str,
    text: String,
    transactional: bool,
    /// Whether it holds no statement but `SELECT 1`.
    is_nothing: bool,
    /// Whether it leaves another search path behind.
    wanders: bool,
    /// Whether it turns foreign keys of SQLite on or off.
    sets_foreign_keys: bool,
    /// Whether CONCURRENTLY was taken out.
    relaxed: bool,
}

impl<'a> Part<'a> {
    fn of(member: &'a Member, text: &str, dialect: Dialect) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim();
        let statements = split(text, dialect).statements;
        Self {
            name: &member.name,
            transactional: member.transactional,
            is_nothing: statements.iter().all(|statement| {
                let words: Vec<_> = sql::pieces(statement.text, dialect)
                    .iter()
                    .map(|piece| piece.text.to_ascii_lowercase())
                    .collect();
                words == ["select", "1"]
            }),
            wanders: dialect == Dialect::Postgres
                && statements.iter().any(|statement| {
                    let lower = statement.text.to_ascii_lowercase();
                    lower.contains("search_path") && sql::mentions_search_path(statement.text)
                }),
            sets_foreign_keys: dialect == Dialect::Sqlite
                && statements
                    .iter()
                    .any(|statement| sql::is_foreign_keys_pragma(statement.text)),
            relaxed: false,
            text: text.to_owned(),
        }
    }

    /// PostgreSQL: a file that is sent whole is one transaction, so what cannot be in one has to go.
    fn settle(&mut self) -> Result<(), Unjoinable> {
        if self.transactional {
            return Ok(());
        }
        let text = self.text.clone();
        let script = split(&text, Dialect::Postgres);
        let mut settled = String::with_capacity(text.len());
        let mut controls = false;
        for statement in &script.statements {
            settled.push_str(statement.leading);
            controls |= sql::transaction_control(statement.text, Dialect::Postgres).is_some();
            match sql::needs_no_transaction(statement.text, Dialect::Postgres) {
                None => settled.push_str(statement.text),
                Some(what) => match without_concurrently(statement.text) {
                    Some(plain) => {
                        settled.push_str(&plain);
                        self.relaxed = true;
                    }
                    None => {
                        return Err(Unjoinable {
                            name: self.name.to_owned(),
                            what: what.to_owned(),
                        });
                    }
                },
            }
            settled.push_str(statement.terminator);
        }
        settled.push_str(script.tail);
        self.text = settled;
        // Without transactions of its own it was one: Diesel sends it whole.
        self.transactional = !controls;
        Ok(())
    }

    /// The text, ended so that what follows is a statement of its own.
    fn ended(&self, dialect: Dialect) -> String {
        let script = split(&self.text, dialect);
        let Some(Statement { terminator, .. }) = script.statements.last() else {
            return format!("{}\n", self.text);
        };
        if !terminator.is_empty() {
            return format!("{}\n", self.text);
        }
        let end = self.text.len() - script.tail.len();
        format!("{};{}\n", &self.text[..end], &self.text[end..])
    }
}

fn split(text: &str, dialect: Dialect) -> Script<'_> {
    sql::split(text, dialect).unwrap_or(Script {
        statements: Vec::new(),
        tail: text,
    })
}

/// A statement about an index without the word that keeps it out of transactions.
fn without_concurrently(text: &str) -> Option<String> {
    let pieces = sql::pieces(text, Dialect::Postgres);
    let word = pieces
        .iter()
        .take(8)
        .find(|piece| piece.is("CONCURRENTLY"))?;
    let rest = text[word.end..].trim_start();
    let plain = format!("{}{rest}", &text[..word.start]);
    sql::needs_no_transaction(&plain, Dialect::Postgres)
        .is_none()
        .then_some(plain)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn member(name: &str, transactional: bool, up: &str, down: Option<&str>) -> Member {
        Member {
            name: name.to_owned(),
            up: up.to_owned(),
            down: down.map(str::to_owned),
            transactional,
        }
    }

    fn join(members: &[Member], direction: Direction, dialect: Dialect) -> String {
        match joined(members, direction, dialect, true) {
            Ok(joined) => format!(
                "{}[transaction: {}]\n{}",
                joined.text,
                joined.transactional,
                joined.remarks.join("\n")
            ),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn texts_stand_below_their_names_and_each_ends_its_last_statement() {
        let members = [
            member(
                "1_a",
                true,
                "\u{feff}CREATE TABLE a (id INT) -- no end",
                Some("DROP TABLE a"),
            ),
            member("2_merge", true, "-- joins\nSELECT 1;\n", Some("SELECT 1;")),
            member(
                "3_b",
                true,
                "CREATE TABLE b (id INT);\n",
                Some("DROP TABLE b;"),
            ),
        ];
        assert_snapshot!(join(&members, Direction::Up, Dialect::Sqlite), @r"
        -- 1_a
        CREATE TABLE a (id INT); -- no end

        -- 3_b
        CREATE TABLE b (id INT);
        [transaction: true]
        ");
        assert_snapshot!(join(&members, Direction::Down, Dialect::Sqlite), @r"
        -- 3_b
        DROP TABLE b;

        -- 1_a
        DROP TABLE a;
        [transaction: true]
        ");
        assert_snapshot!(join(&members[1..2], Direction::Up, Dialect::Postgres), @r"
        SELECT 1;
        [transaction: true]
        ");
    }

    #[test]
    fn a_rebuild_of_sqlite_leaves_the_others_their_transactions() {
        let members = [
            member("1_a", true, "CREATE TABLE a (id INT);", None),
            member(
                "2_rebuild",
                false,
                "PRAGMA foreign_keys = OFF;\nBEGIN;\nDROP TABLE a;\nCOMMIT;\nPRAGMA foreign_keys = ON;",
                None,
            ),
            member("3_b", true, "CREATE TABLE b (id INT);", None),
        ];
        assert_snapshot!(join(&members, Direction::Up, Dialect::Sqlite), @r"
        -- 1_a
        BEGIN;
        CREATE TABLE a (id INT);
        COMMIT;

        -- 2_rebuild
        PRAGMA foreign_keys = OFF;
        BEGIN;
        DROP TABLE a;
        COMMIT;
        PRAGMA foreign_keys = ON;

        -- 3_b
        PRAGMA foreign_keys = OFF;
        BEGIN;
        CREATE TABLE b (id INT);
        COMMIT;
        [transaction: false]
        Some of them run in no transaction, so this one runs in none, and those that were one bring their own BEGIN and COMMIT.
        ");
    }

    #[test]
    fn an_index_of_postgresql_is_made_in_the_transaction() {
        let members = [
            member(
                "1_a",
                true,
                "SET search_path = x;\nCREATE TABLE a (id int);",
                None,
            ),
            member(
                "2_index",
                false,
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON a (id)",
                None,
            ),
        ];
        assert_snapshot!(join(&members, Direction::Up, Dialect::Postgres), @r"
        -- 1_a
        SET search_path = x;
        CREATE TABLE a (id int);
        RESET search_path;

        -- 2_index
        CREATE UNIQUE INDEX IF NOT EXISTS i ON a (id);
        [transaction: true]
        CONCURRENTLY is left out of 2_index: nobody uses a database that is just made.
        ");
        let vacuum = [member("1_v", false, "VACUUM", None)];
        assert_snapshot!(
            join(&vacuum, Direction::Up, Dialect::Postgres),
            @"`VACUUM` in `1_v` cannot be in a transaction, and `diesel` sends a file as one"
        );
    }
}
