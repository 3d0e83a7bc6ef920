//! Reads of a `CREATE TABLE` what no pragma tells.

use super::cursor::{Cursor, split_at_commas};
use crate::schema::{Deferral, Match};
use crate::sql::Piece;

/// What the statement says. Names are as they are written in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CreateTable<'a> {
    pub(super) columns: Vec<ColumnClause<'a>>,
    pub(super) primary_key: Option<KeyClause>,
    pub(super) autoincrement: bool,
    pub(super) uniques: Vec<KeyClause>,
    pub(super) checks: Vec<CheckClause<'a>>,
    pub(super) foreign_keys: Vec<ForeignKeyClause>,
}

/// A column.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnClause<'a> {
    pub(super) name: String,
    pub(super) collation: Option<String>,
    pub(super) null_conflict: Option<String>,
    pub(super) generated: Option<Vec<Piece<'a>>>,
}

/// A primary key or unique constraint.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct KeyClause {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) conflict: Option<String>,
}

/// A check constraint.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CheckClause<'a> {
    pub(super) name: Option<String>,
    pub(super) expression: Vec<Piece<'a>>,
}

/// A foreign key, in the order of the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ForeignKeyClause {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) matching: Match,
    pub(super) deferral: Deferral,
}

/// Words that begin a constraint of a column, and so end its type.
const COLUMN_CONSTRAINTS: &[&str] = &[
    "CONSTRAINT",
    "NOT",
    "NULL",
    "PRIMARY",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "AS",
    "DEFERRABLE",
];

/// Words that begin a constraint of the table.
const TABLE_CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// Reads a statement as SQLite stores it; what it does not understand it passes over.
pub(super) fn parse(sql: &str) -> CreateTable<'_> {
    let mut table = CreateTable::default();
    let mut cursor = Cursor::new(sql);
    cursor.eat(&["CREATE"]);
    let _ = cursor.word_of(&["TEMP", "TEMPORARY"]);
    cursor.eat(&["TABLE"]);
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    let _ = cursor.name();
    if cursor.eat_mark(".") {
        let _ = cursor.name();
    }
    if !cursor.eat_mark("(") {
        return table;
    }
    let mut in_constraints = false;
    while let Some(piece) = cursor.peek() {
        if cursor.eat_mark(")") {
            break;
        }
        if cursor.eat_mark(",") {
            continue;
        }
        in_constraints |= TABLE_CONSTRAINTS.iter().any(|word| piece.is(word));
        if in_constraints {
            table_constraint(&mut cursor, &mut table);
        } else {
            column(&mut cursor, &mut table);
        }
    }
    table
}

fn column<'a>(cursor: &mut Cursor<'a>, table: &mut CreateTable<'a>) {
    let Some(name) = cursor.name() else {
        skip(cursor);
        return;
    };
    let mut column = ColumnClause {
        name,
        ..ColumnClause::default()
    };
    while !ends(cursor) && !begins_constraint(cursor) {
        skip(cursor);
    }
    let keys_before = table.foreign_keys.len();
    let mut constraint = None;
    while !ends(cursor) {
        if cursor.eat(&["CONSTRAINT"]) {
            constraint = cursor.name();
            continue;
        }
        let own = || vec![column.name.clone()];
        if cursor.eat(&["NOT", "NULL"]) {
            column.null_conflict = conflict(cursor);
        } else if cursor.eat(&["PRIMARY", "KEY"]) {
            let _ = cursor.word_of(&["ASC", "DESC"]);
            table.primary_key = Some(KeyClause {
                name: constraint.take(),
                columns: own(),
                conflict: conflict(cursor),
            });
            table.autoincrement |= cursor.eat(&["AUTOINCREMENT"]);
        } else if cursor.eat(&["UNIQUE"]) {
            table.uniques.push(KeyClause {
                name: constraint.take(),
                columns: own(),
                conflict: conflict(cursor),
            });
        } else if cursor.eat(&["CHECK"]) {
            table.checks.push(check(cursor, constraint.take()));
        } else if cursor.eat(&["COLLATE"]) {
            column.collation = cursor.name();
        } else if cursor.eat(&["REFERENCES"]) {
            let key = references(cursor, constraint.take(), own());
            table.foreign_keys.push(key);
        } else if cursor.sees(&["DEFERRABLE"]) || cursor.sees(&["NOT", "DEFERRABLE"]) {
            // It may stand apart from its foreign key.
            let deferral = deferral(cursor).unwrap_or_default();
            if let Some(key) = table.foreign_keys[keys_before..].last_mut() {
                key.deferral = deferral;
            }
        } else if cursor.eat(&["DEFAULT"]) {
            default(cursor);
        } else if cursor.eat(&["GENERATED", "ALWAYS", "AS"]) || cursor.eat(&["AS"]) {
            column.generated = cursor.brackets();
            let _ = cursor.word_of(&["STORED", "VIRTUAL"]);
        } else {
            skip(cursor);
        }
        constraint = None;
    }
    table.columns.push(column);
}

fn table_constraint<'a>(cursor: &mut Cursor<'a>, table: &mut CreateTable<'a>) {
    let mut name = None;
    while cursor.eat(&["CONSTRAINT"]) {
        name = cursor.name();
    }
    if cursor.eat(&["PRIMARY", "KEY"]) {
        let inside = cursor.brackets().unwrap_or_default();
        table.autoincrement |= inside.iter().any(|piece| piece.is("AUTOINCREMENT"));
        table.primary_key = Some(KeyClause {
            name,
            columns: first_names(&inside),
            conflict: conflict(cursor),
        });
    } else if cursor.eat(&["UNIQUE"]) {
        let inside = cursor.brackets().unwrap_or_default();
        table.uniques.push(KeyClause {
            name,
            columns: first_names(&inside),
            conflict: conflict(cursor),
        });
    } else if cursor.eat(&["CHECK"]) {
        table.checks.push(check(cursor, name));
    } else if cursor.eat(&["FOREIGN", "KEY"]) {
        let columns = first_names(&cursor.brackets().unwrap_or_default());
        if cursor.eat(&["REFERENCES"]) {
            table.foreign_keys.push(references(cursor, name, columns));
        }
    } else if !ends(cursor) {
        skip(cursor);
    }
}

fn check<'a>(cursor: &mut Cursor<'a>, name: Option<String>) -> CheckClause<'a> {
    let expression = cursor.brackets().unwrap_or_default();
    let _ = conflict(cursor);
    CheckClause { name, expression }
}

/// What stands after `REFERENCES`. Where to and what happens, the pragma tells.
fn references(
    cursor: &mut Cursor<'_>,
    name: Option<String>,
    columns: Vec<String>,
) -> ForeignKeyClause {
    let mut key = ForeignKeyClause {
        name,
        columns,
        ..ForeignKeyClause::default()
    };
    let _ = cursor.name();
    let _ = cursor.brackets();
    loop {
        if cursor.eat(&["ON"]) {
            let _ = cursor.word_of(&["DELETE", "UPDATE", "INSERT"]);
            let _ = cursor.eat(&["SET"]) || cursor.eat(&["NO"]);
            let _ = cursor.next();
        } else if cursor.eat(&["MATCH"]) {
            let full = cursor
                .name()
                .is_some_and(|kind| kind.eq_ignore_ascii_case("FULL"));
            key.matching = if full { Match::Full } else { Match::Simple };
        } else if let Some(deferral) = deferral(cursor) {
            key.deferral = deferral;
        } else {
            return key;
        }
    }
}

fn deferral(cursor: &mut Cursor<'_>) -> Option<Deferral> {
    let not = cursor.eat(&["NOT", "DEFERRABLE"]);
    if !not && !cursor.eat(&["DEFERRABLE"]) {
        return None;
    }
    let deferred = cursor.eat(&["INITIALLY", "DEFERRED"]);
    if !deferred {
        cursor.eat(&["INITIALLY", "IMMEDIATE"]);
    }
    Some(match (not, deferred) {
        (true, _) => Deferral::Immediate,
        (false, true) => Deferral::Deferred,
        (false, false) => Deferral::Deferrable,
    })
}

/// `ON CONFLICT`, but for the one that everybody has.
fn conflict(cursor: &mut Cursor<'_>) -> Option<String> {
    if !cursor.eat(&["ON", "CONFLICT"]) {
        return None;
    }
    let resolution = cursor.word_of(&["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"]);
    resolution.filter(|resolution| resolution != "ABORT")
}

/// Passes over a default, which the pragma tells.
fn default(cursor: &mut Cursor<'_>) {
    if cursor.brackets().is_some() {
        return;
    }
    let _ = cursor.eat_mark("-") || cursor.eat_mark("+");
    let _ = cursor.next();
}

fn begins_constraint(cursor: &Cursor<'_>) -> bool {
    cursor.sees(&["GENERATED", "ALWAYS"])
        || cursor
            .peek()
            .is_some_and(|piece| COLUMN_CONSTRAINTS.iter().any(|word| piece.is(word)))
}

/// Whether a column or constraint ends here.
fn ends(cursor: &Cursor<'_>) -> bool {
    cursor.peek().is_none() || cursor.sees_mark(",") || cursor.sees_mark(")")
}

/// Passes over a token, or brackets with all that is in them.
fn skip(cursor: &mut Cursor<'_>) {
    if cursor.brackets().is_none() {
        let _ = cursor.next();
    }
}

fn first_names(inside: &[Piece<'_>]) -> Vec<String> {
    split_at_commas(inside)
        .iter()
        .filter_map(|part| part.first()?.name(crate::sql::Dialect::Sqlite))
        .collect()
}

#[cfg(test)]
mod tests;
