//! Statements that begin or end a transaction, which the executor does itself.

use super::reader::{Piece, Reader};
use crate::sql::Dialect;

/// What a statement does to the transaction round it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionControl {
    /// It begins one, or commits what was before and begins one.
    Begin,
    /// It ends one and keeps the work.
    Commit,
    /// It ends one and drops the work.
    Rollback,
    /// It sets, releases or goes back to a savepoint, and leaves the transaction open.
    Savepoint,
}

/// What a statement does to a savepoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Savepoint {
    /// It sets one of this name.
    Set(String),
    /// It releases the newest of this name, and those that were set after it.
    Released(String),
    /// It goes back to the newest of this name, which stays.
    ReturnedTo(String),
}

/// What a statement does to a savepoint, if anything.
#[must_use]
pub fn savepoint(text: &str, dialect: Dialect) -> Option<Savepoint> {
    let mut reader = Reader::new(text, dialect);
    let head = reader.next()?;
    if head.is("SAVEPOINT") {
        return reader.identifier().map(Savepoint::Set);
    }
    if head.is("RELEASE") {
        reader.eat("SAVEPOINT");
        return reader.identifier().map(Savepoint::Released);
    }
    if !head.is("ROLLBACK") {
        return None;
    }
    reader.find(|piece| piece.is("TO"))?;
    reader.eat("SAVEPOINT");
    reader.identifier().map(Savepoint::ReturnedTo)
}

/// What a statement does to the transaction round it, if anything.
///
/// A block such as `BEGIN NOT ATOMIC` is none of it.
#[must_use]
pub fn transaction_control(text: &str, dialect: Dialect) -> Option<TransactionControl> {
    let mut reader = Reader::new(text, dialect);
    let head = reader.next()?;
    if head.is("SAVEPOINT") || head.is("RELEASE") {
        return Some(TransactionControl::Savepoint);
    }
    if head.is("ROLLBACK") {
        return rollback(reader);
    }
    if head.is("COMMIT") {
        // `COMMIT PREPARED` is about another transaction.
        return (!reader.sees("PREPARED")).then_some(TransactionControl::Commit);
    }
    match dialect {
        Dialect::Sqlite => sqlite(head),
        Dialect::Postgres => postgres(head, &reader),
        Dialect::Mysql => mysql(head, reader),
    }
}

fn sqlite(head: Piece<'_>) -> Option<TransactionControl> {
    if head.is("BEGIN") {
        Some(TransactionControl::Begin)
    } else if head.is("END") {
        Some(TransactionControl::Commit)
    } else {
        None
    }
}

fn postgres(head: Piece<'_>, reader: &Reader<'_>) -> Option<TransactionControl> {
    if head.is("BEGIN") {
        (!reader.sees("ATOMIC")).then_some(TransactionControl::Begin)
    } else if head.is("START") {
        reader
            .sees("TRANSACTION")
            .then_some(TransactionControl::Begin)
    } else if head.is("END") {
        Some(TransactionControl::Commit)
    } else if head.is("ABORT") {
        Some(TransactionControl::Rollback)
    } else if head.is("PREPARE") {
        // The work is put aside to be committed later; the transaction is over.
        reader
            .sees("TRANSACTION")
            .then_some(TransactionControl::Commit)
    } else {
        None
    }
}

fn mysql(head: Piece<'_>, mut reader: Reader<'_>) -> Option<TransactionControl> {
    if head.is("BEGIN") {
        reader.eat("WORK");
        reader.is_at_end().then_some(TransactionControl::Begin)
    } else if head.is("START") {
        reader
            .sees("TRANSACTION")
            .then_some(TransactionControl::Begin)
    } else if head.is("SET") {
        sets_autocommit(reader).then_some(TransactionControl::Begin)
    } else if head.is("XA") {
        distributed(&mut reader)
    } else {
        None
    }
}

/// `ROLLBACK`, or `ROLLBACK TO` a savepoint.
fn rollback(mut reader: Reader<'_>) -> Option<TransactionControl> {
    if reader.sees("PREPARED") {
        return None;
    }
    let keeps_transaction = reader.any(|piece| piece.is("TO"));
    Some(if keeps_transaction {
        TransactionControl::Savepoint
    } else {
        TransactionControl::Rollback
    })
}

/// Whether a `SET` assigns to `autocommit`, by itself or among others.
fn sets_autocommit(mut reader: Reader<'_>) -> bool {
    while let Some(piece) = reader.next() {
        let variable = piece.text.rsplit(['@', '.']).next().unwrap_or_default();
        if variable.eq_ignore_ascii_case("autocommit")
            && (reader.eat_punctuation("=") || reader.eat_punctuation(":="))
        {
            return true;
        }
    }
    false
}

/// The `XA` statements of MySQL.
fn distributed(reader: &mut Reader<'_>) -> Option<TransactionControl> {
    let verb = reader.next()?;
    if verb.is_any(&["START", "BEGIN"]) {
        Some(TransactionControl::Begin)
    } else if verb.is_any(&["END", "PREPARE", "COMMIT"]) {
        Some(TransactionControl::Commit)
    } else if verb.is("ROLLBACK") {
        Some(TransactionControl::Rollback)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: Option<TransactionControl> = Some(TransactionControl::Begin);
    const COMMIT: Option<TransactionControl> = Some(TransactionControl::Commit);
    const ROLLBACK: Option<TransactionControl> = Some(TransactionControl::Rollback);
    const SAVEPOINT: Option<TransactionControl> = Some(TransactionControl::Savepoint);

    fn check(dialect: Dialect, cases: &[(&str, Option<TransactionControl>)]) {
        for (text, expected) in cases {
            assert_eq!(transaction_control(text, dialect), *expected, "{text}");
        }
    }

    #[test]
    fn a_savepoint_is_known_by_its_name() {
        for dialect in Dialect::ALL {
            for (text, expected) in [
                ("-- a\nSAVEPOINT a", Some(Savepoint::Set("a".to_owned()))),
                ("RELEASE a;", Some(Savepoint::Released("a".to_owned()))),
                (
                    "RELEASE SAVEPOINT a",
                    Some(Savepoint::Released("a".to_owned())),
                ),
                (
                    "ROLLBACK TRANSACTION TO a",
                    Some(Savepoint::ReturnedTo("a".to_owned())),
                ),
                (
                    "ROLLBACK TO SAVEPOINT a",
                    Some(Savepoint::ReturnedTo("a".to_owned())),
                ),
                ("ROLLBACK", None),
                ("COMMIT", None),
                ("", None),
            ] {
                assert_eq!(savepoint(text, dialect), expected, "{text}");
            }
        }
    }

    #[test]
    fn every_dialect_has_commit_rollback_and_savepoints() {
        for dialect in Dialect::ALL {
            check(
                dialect,
                &[
                    ("-- a\nbegin", BEGIN),
                    ("COMMIT;", COMMIT),
                    ("ROLLBACK", ROLLBACK),
                    ("ROLLBACK TO SAVEPOINT a", SAVEPOINT),
                    ("SAVEPOINT a", SAVEPOINT),
                    ("RELEASE SAVEPOINT a", SAVEPOINT),
                    ("SELECT 1", None),
                    ("\"begin\"", None),
                    ("", None),
                ],
            );
        }
    }

    #[test]
    fn sqlite_begins_in_several_modes() {
        check(
            Dialect::Sqlite,
            &[
                ("BEGIN IMMEDIATE TRANSACTION", BEGIN),
                ("END TRANSACTION", COMMIT),
                ("ROLLBACK TRANSACTION TO a", SAVEPOINT),
            ],
        );
    }

    #[test]
    fn postgres_has_two_words_for_each() {
        check(
            Dialect::Postgres,
            &[
                ("BEGIN ISOLATION LEVEL SERIALIZABLE", BEGIN),
                ("START TRANSACTION READ ONLY", BEGIN),
                ("END", COMMIT),
                ("COMMIT AND CHAIN", COMMIT),
                ("PREPARE TRANSACTION 'a'", COMMIT),
                ("ABORT", ROLLBACK),
                ("COMMIT PREPARED 'a'", None),
                ("ROLLBACK PREPARED 'a'", None),
                ("PREPARE a AS SELECT 1", None),
                ("BEGIN ATOMIC", None),
            ],
        );
    }

    #[test]
    fn mysql_begins_by_autocommit_too_but_not_by_a_block() {
        check(
            Dialect::Mysql,
            &[
                ("BEGIN WORK", BEGIN),
                ("START TRANSACTION WITH CONSISTENT SNAPSHOT", BEGIN),
                ("SET autocommit = 0", BEGIN),
                ("SET sql_mode = '', @@session.autocommit := 0", BEGIN),
                ("/*!40101 SET autocommit=0 */", BEGIN),
                ("XA START 'a'", BEGIN),
                ("XA PREPARE 'a'", COMMIT),
                ("XA ROLLBACK 'a'", ROLLBACK),
                ("XA RECOVER", None),
                ("BEGIN NOT ATOMIC SELECT 1; END", None),
                ("SET @a = 1", None),
                ("START SLAVE", None),
                ("END", None),
            ],
        );
    }
}
