//! Tables that a script makes anew: a copy of the rows gets the old name, so the table is not lost, and of
//! its columns only those that are not copied.

use super::{Loss, ObjectName, losses};
use crate::sql::Dialect;
use crate::sql::facts::reader::{Piece, Reader};
use crate::sql::lexer::TokenKind;

/// What a whole script loses, in the order of its statements. Unlike the losses of its statements one by
/// one, a table that is made anew is a [`Loss::Rebuild`].
#[must_use]
pub fn script_losses(statements: &[&str], dialect: Dialect) -> Vec<Loss> {
    let mut all = Vec::new();
    for (index, text) in statements.iter().enumerate() {
        for loss in losses(text, dialect) {
            let Loss::DropTable { name } = loss else {
                all.push(loss);
                continue;
            };
            let (before, after) = (&statements[..index], &statements[index + 1..]);
            let kept = after
                .iter()
                .find_map(|text| renamed_to(text, &name, dialect))
                .and_then(|copy| {
                    before
                        .iter()
                        .rev()
                        .find_map(|text| copied(text, &copy, &name, dialect))
                });
            all.push(match kept {
                Some(columns) => Loss::Rebuild {
                    table: name,
                    kept: columns,
                },
                None => Loss::DropTable { name },
            });
        }
    }
    all
}

/// The table that `ALTER TABLE … RENAME TO name` gives the name to.
fn renamed_to(text: &str, name: &ObjectName, dialect: Dialect) -> Option<ObjectName> {
    let mut reader = Reader::new(text, dialect);
    if !reader.eat_all(&["ALTER", "TABLE"]) {
        return None;
    }
    let table = reader.object_name()?;
    (reader.eat_all(&["RENAME", "TO"]) && same(&reader.object_name()?, name, dialect))
        .then_some(table)
}

/// The columns that `INSERT INTO copy … SELECT … FROM table` reads; a `*` is in the list as it stands.
fn copied(
    text: &str,
    copy: &ObjectName,
    table: &ObjectName,
    dialect: Dialect,
) -> Option<Vec<String>> {
    let mut reader = Reader::new(text, dialect);
    if !reader.eat_all(&["INSERT", "INTO"]) || !same(&reader.object_name()?, copy, dialect) {
        return None;
    }
    if reader.eat_punctuation("(") {
        reader.close_bracket();
    }
    if !reader.eat("SELECT") {
        return None;
    }
    let mut columns = Vec::new();
    let mut depth = 0_usize;
    loop {
        if depth == 0 && reader.eat("FROM") {
            return same(&reader.object_name()?, table, dialect).then_some(columns);
        }
        let mut ahead = reader.clone();
        let piece: Piece<'_> = ahead.next()?;
        if piece.is_punctuation("(") {
            depth += 1;
        } else if piece.is_punctuation(")") {
            depth = depth.saturating_sub(1);
        } else if piece.is_punctuation("*") {
            columns.push("*".to_owned());
        } else if matches!(piece.kind, TokenKind::Word | TokenKind::QuotedIdentifier) {
            columns.extend(reader.identifier());
        }
        reader = ahead;
    }
}

/// Whether two names are one table's; SQLite and most installations of the others don't look at case.
fn same(a: &ObjectName, b: &ObjectName, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Postgres => a == b,
        Dialect::Sqlite | Dialect::Mysql => a.name.eq_ignore_ascii_case(&b.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rebuilt(statements: &[&str]) -> Vec<Loss> {
        script_losses(statements, Dialect::Sqlite)
    }

    fn users() -> ObjectName {
        ObjectName {
            schema: None,
            name: "users".to_owned(),
        }
    }

    #[test]
    fn a_table_that_is_copied_and_renamed_is_not_lost() {
        let losses = rebuilt(&[
            "CREATE TABLE new_users (id INTEGER, name TEXT)",
            "INSERT INTO new_users (id, name) SELECT id, CAST(coalesce(\"name\", '') AS TEXT) FROM users",
            "DROP TABLE users",
            "ALTER TABLE new_users RENAME TO users",
        ]);
        let [Loss::Rebuild { table, kept }] = losses.as_slice() else {
            panic!("{losses:?}");
        };
        assert_eq!(*table, users());
        assert!(kept.contains(&"id".to_owned()) && kept.contains(&"name".to_owned()));
        assert!(!kept.contains(&"age".to_owned()));
    }

    #[test]
    fn a_table_whose_rows_are_not_copied_is_lost() {
        let lost = [Loss::DropTable { name: users() }];
        assert_eq!(
            rebuilt(&[
                "CREATE TABLE new_users (id INTEGER)",
                "DROP TABLE users",
                "ALTER TABLE new_users RENAME TO users",
            ]),
            lost
        );
        assert_eq!(
            rebuilt(&[
                "INSERT INTO new_users SELECT * FROM users",
                "DROP TABLE users",
            ]),
            lost
        );
        assert_eq!(
            rebuilt(&[
                "INSERT INTO new_users SELECT * FROM others",
                "DROP TABLE users",
                "ALTER TABLE new_users RENAME TO users",
            ]),
            lost
        );
    }
}
