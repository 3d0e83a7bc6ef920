//! The clauses of `ALTER TABLE` that lose something.

use super::{Loss, ObjectName, only};
use crate::sql::Dialect;
use crate::sql::facts::reader::Reader;

/// Reads what follows `ALTER TABLE`.
pub(super) fn alter_table(mut reader: Reader<'_>) -> Vec<Loss> {
    reader.eat_all(&["IF", "EXISTS"]);
    only(&mut reader);
    let Some(table) = reader.object_name() else {
        return Vec::new();
    };
    reader.eat_punctuation(")");
    reader.eat_punctuation("*");
    // MariaDB waits for the table.
    if reader.dialect() == Dialect::Mysql && reader.eat("WAIT") {
        reader.next();
    }
    reader.eat("NOWAIT");

    let mut losses = Vec::new();
    loop {
        if reader.eat("DROP") {
            dropped(&mut reader, &table, &mut losses);
        } else if reader.dialect() == Dialect::Mysql && reader.eat_all(&["TRUNCATE", "PARTITION"]) {
            losses.push(Loss::Truncate {
                name: table.clone(),
            });
        }
        if !next_clause(&mut reader) {
            return losses;
        }
    }
}

/// What a clause that starts with `DROP` loses.
fn dropped(reader: &mut Reader<'_>, table: &ObjectName, losses: &mut Vec<Loss>) {
    let column = |column| Loss::DropColumn {
        table: table.clone(),
        column,
    };
    if reader.eat("COLUMN") {
        reader.eat_all(&["IF", "EXISTS"]);
        losses.extend(reader.identifier().map(column));
        return;
    }
    if reader.dialect() == Dialect::Mysql && reader.eat("PARTITION") {
        reader.eat_all(&["IF", "EXISTS"]);
        // The commas of this list part partitions, not clauses.
        loop {
            let table = table.clone();
            losses.extend(
                reader
                    .identifier()
                    .map(|partition| Loss::DropPartition { table, partition }),
            );
            if !reader.eat_punctuation(",") {
                return;
            }
        }
    }
    if !drops_rule(reader) {
        reader.eat_all(&["IF", "EXISTS"]);
        losses.extend(reader.identifier().map(column));
    }
}

/// Whether what follows `DROP` is a constraint, a key or the like; no row loses a value by that.
fn drops_rule(reader: &Reader<'_>) -> bool {
    let mut ahead = reader.clone();
    match reader.dialect() {
        // Where `COLUMN` is left out, a column may be called `key` or `partition`.
        Dialect::Sqlite | Dialect::Postgres => ahead.eat("CONSTRAINT"),
        Dialect::Mysql => {
            ahead.eat_any(&["CONSTRAINT", "INDEX", "KEY", "PRIMARY", "FOREIGN", "CHECK"])
                || ahead.eat_all(&["SYSTEM", "VERSIONING"])
                || ahead.eat_all(&["PERIOD", "FOR"])
        }
    }
}

/// Goes to the next clause, after a comma outside brackets.
fn next_clause(reader: &mut Reader<'_>) -> bool {
    while let Some(piece) = reader.next() {
        if piece.is_punctuation("(") {
            reader.close_bracket();
        } else if piece.is_punctuation(",") {
            return true;
        }
    }
    false
}
