//! `DELETE`, alone or inside `WITH`.

use super::{Loss, ObjectName, only};
use crate::sql::Dialect;
use crate::sql::facts::reader::Reader;

/// Words that stand between the tables of a statement and are no name.
const NO_NAME: &[&str] = &[
    "CROSS",
    "FORCE",
    "IGNORE",
    "INNER",
    "INDEXED",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "NOT",
    "ON",
    "ORDER",
    "PARTITION",
    "RETURNING",
    "RIGHT",
    "STRAIGHT_JOIN",
    "USE",
    "USING",
    "WHERE",
];

/// Reads what follows `DELETE`.
pub(super) fn delete(mut reader: Reader<'_>) -> Vec<Loss> {
    let mysql = reader.dialect() == Dialect::Mysql;
    if mysql {
        // `HISTORY` deletes the old rows of a versioned table.
        while reader.eat_any(&["LOW_PRIORITY", "QUICK", "IGNORE", "HISTORY"]) {}
    }
    // MySQL can name the tables first: `DELETE a, b FROM a JOIN b`.
    let mut targets = Vec::new();
    if !reader.eat("FROM") {
        targets = list(&mut reader);
        if !reader.eat("FROM") {
            return Vec::new();
        }
    }
    let after_from = reader.clone();
    if targets.is_empty() {
        only(&mut reader);
        targets = if mysql {
            list(&mut reader)
        } else {
            reader.object_name().into_iter().collect()
        };
    }
    let filtered = is_filtered(after_from.clone());
    let delete = |target| Loss::Delete {
        table: meant_by(target, after_from.clone()),
        filtered,
    };
    targets.into_iter().map(delete).collect()
}

/// Names parted by commas; MySQL allows `.*` after each.
fn list(reader: &mut Reader<'_>) -> Vec<ObjectName> {
    let mut names = Vec::new();
    while let Some(name) = reader.object_name() {
        names.push(name);
        if reader.eat_punctuation(".") {
            reader.eat_punctuation("*");
        }
        if !reader.eat_punctuation(",") {
            break;
        }
    }
    names
}

/// Whether a condition or a limit follows, in this statement and not in a part of it.
fn is_filtered(mut reader: Reader<'_>) -> bool {
    while let Some(piece) = reader.next() {
        if piece.is_punctuation("(") {
            reader.close_bracket();
        } else if piece.is_punctuation(")") {
            return false;
        } else if piece.is("WHERE") || piece.is("LIMIT") {
            return true;
        }
    }
    false
}

/// The table that a name stands for: in `DELETE u FROM users u` it is an alias.
fn meant_by(target: ObjectName, mut reader: Reader<'_>) -> ObjectName {
    if reader.dialect() != Dialect::Mysql || target.schema.is_some() {
        return target;
    }
    while !reader.is_at_end() && !reader.sees("WHERE") {
        if reader.eat_any(NO_NAME) {
            continue;
        }
        let Some(table) = reader.object_name() else {
            reader.next();
            continue;
        };
        let mut ahead = reader.clone();
        ahead.eat("AS");
        let named = !ahead.eat_any(NO_NAME);
        if named && ahead.identifier().is_some_and(|alias| alias == target.name) {
            return table;
        }
    }
    target
}

/// The `DELETE` after the list of a `WITH`, and those of PostgreSQL inside it.
pub(super) fn deletes_in_with(mut reader: Reader<'_>) -> Vec<Loss> {
    let mut losses = Vec::new();
    let mut after_bracket = false;
    while let Some(piece) = reader.next() {
        if after_bracket && piece.is("DELETE") {
            losses.extend(delete(reader.clone()));
        }
        after_bracket = piece.is_punctuation("(") || piece.is_punctuation(")");
    }
    losses
}
