//! `ALTER TABLE`, which does all its parts or none.

use super::{Mark, Object, Trace};
use crate::sql::Dialect;
use crate::sql::facts::ObjectName;
use crate::sql::facts::reader::{Piece, Reader};

/// What one part of it leaves.
enum Part {
    Marks(Vec<Mark>),
    Repeatable,
    Unseen,
    /// The table has another name afterwards.
    Moves(ObjectName),
}

pub(super) fn trace(mut reader: Reader<'_>) -> Trace {
    reader.eat("ONLINE");
    reader.eat("IGNORE");
    if reader.eat_any(&["VIEW", "DATABASE", "SCHEMA", "EVENT", "USER", "SEQUENCE"]) {
        return Trace::Repeatable;
    }
    if !reader.eat("TABLE") {
        return Trace::Unseen;
    }
    reader.eat_all(&["IF", "EXISTS"]);
    if reader.dialect() == Dialect::Postgres {
        reader.eat("ONLY");
    }
    let Some(table) = reader.object_name() else {
        return Trace::Unseen;
    };
    if reader.eat("WAIT") {
        reader.next();
    }
    reader.eat("NOWAIT");
    let mut marks = Vec::new();
    let mut is_repeatable = true;
    let mut is_all = true;
    loop {
        match part(&mut reader, &table) {
            Part::Marks(more) => {
                marks.extend(more);
                is_repeatable = false;
            }
            Part::Repeatable => is_all = false,
            Part::Unseen => (is_repeatable, is_all) = (false, false),
            Part::Moves(to) => {
                let mark = |name, appears| Mark {
                    object: Object::Table(name),
                    appears,
                };
                // Whatever else it does is seen by the new name alone.
                return Trace::Marks {
                    is_all: is_all && marks.is_empty(),
                    marks: vec![mark(table, false), mark(to, true)],
                };
            }
        }
        if !pass_comma(&mut reader) {
            break;
        }
    }
    match (marks.is_empty(), is_repeatable) {
        (false, _) => Trace::Marks { marks, is_all },
        (true, true) => Trace::Repeatable,
        (true, false) => Trace::Unseen,
    }
}

/// Goes to the next part.
fn pass_comma(reader: &mut Reader<'_>) -> bool {
    while let Some(piece) = reader.next() {
        if piece.is_punctuation("(") {
            reader.close_bracket();
        } else if piece.is_punctuation(",") {
            return true;
        }
    }
    false
}

fn part(reader: &mut Reader<'_>, table: &ObjectName) -> Part {
    let Some(verb) = reader.next() else {
        return Part::Unseen;
    };
    if verb.is("ADD") {
        return add(reader, table);
    }
    if verb.is("DROP") {
        return drop(reader, table);
    }
    if verb.is("CHANGE") {
        reader.eat("COLUMN");
        if reader.eat_all(&["IF", "EXISTS"]) {
            return Part::Unseen;
        }
        let from = reader.identifier();
        return renamed(from, reader.identifier(), |name| {
            Object::Column(table.clone(), name)
        });
    }
    if verb.is("RENAME") {
        return rename(reader, table);
    }
    let sets = [
        "MODIFY",
        "ALTER",
        "ENGINE",
        "COMMENT",
        "ROW_FORMAT",
        "CONVERT",
        "DEFAULT",
        "CHARACTER",
        "CHARSET",
        "COLLATE",
        "AUTO_INCREMENT",
        "FORCE",
        "ORDER",
        "ALGORITHM",
        "LOCK",
        "ENABLE",
        "DISABLE",
    ];
    if verb.is_any(&sets) {
        Part::Repeatable
    } else {
        Part::Unseen
    }
}

fn add(reader: &mut Reader<'_>, table: &ObjectName) -> Part {
    let column = |name| Object::Column(table.clone(), name);
    if reader.eat("COLUMN") {
        return one(reader, true, column);
    }
    let constraint = if reader.eat("CONSTRAINT") {
        reader.eat_all(&["IF", "NOT", "EXISTS"]);
        let is_named = !reader
            .peek()
            .is_some_and(|piece| piece.is_any(&["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"]));
        is_named.then(|| reader.identifier()).flatten()
    } else {
        None
    };
    let known = |name: Option<String>| match name {
        Some(name) => mark(Object::Constraint(table.clone(), name), true),
        None => Part::Unseen,
    };
    if reader.eat_all(&["PRIMARY", "KEY"]) {
        return known(Some("PRIMARY".to_owned()));
    }
    if reader.eat_any(&["FOREIGN", "CHECK"]) {
        return known(constraint);
    }
    if reader.eat_any(&["PARTITION", "PERIOD", "SYSTEM"]) {
        return Part::Unseen;
    }
    let is_special = reader.eat_any(&["FULLTEXT", "SPATIAL", "UNIQUE"]);
    let is_index = reader.eat_any(&["INDEX", "KEY"]) || is_special;
    if is_index {
        // Elsewhere a constraint that is unique is a constraint.
        if reader.dialect() != Dialect::Mysql {
            return known(constraint);
        }
        // An index that has a name of its own goes by that.
        let is_named = reader
            .peek()
            .is_some_and(|piece| !piece.is_punctuation("(") && !piece.is("USING"));
        if let Some(name) = constraint.filter(|_| !is_named) {
            return mark(
                Object::Index(Some(table.clone()), ObjectName { schema: None, name }),
                true,
            );
        }
        return one(reader, true, |name| index(table, name));
    }
    one(reader, true, column)
}

fn drop(reader: &mut Reader<'_>, table: &ObjectName) -> Part {
    if reader.eat_all(&["PRIMARY", "KEY"]) {
        return mark(
            Object::Constraint(table.clone(), "PRIMARY".to_owned()),
            false,
        );
    }
    if reader.eat_all(&["FOREIGN", "KEY"]) || reader.eat_any(&["CONSTRAINT", "CHECK"]) {
        return one(reader, false, |name| {
            Object::Constraint(table.clone(), name)
        });
    }
    if reader.eat_any(&["INDEX", "KEY"]) {
        return one(reader, false, |name| index(table, name));
    }
    if reader.eat("PARTITION") {
        return Part::Unseen;
    }
    reader.eat("COLUMN");
    one(reader, false, |name| Object::Column(table.clone(), name))
}

fn rename(reader: &mut Reader<'_>, table: &ObjectName) -> Part {
    let is_column = reader.eat("COLUMN");
    if is_column || reader.eat_any(&["INDEX", "KEY"]) {
        let from = reader.identifier();
        reader.eat("TO");
        return renamed(from, reader.identifier(), |name| {
            if is_column {
                Object::Column(table.clone(), name)
            } else {
                index(table, name)
            }
        });
    }
    reader.eat_any(&["TO", "AS"]);
    reader.object_name().map_or(Part::Unseen, Part::Moves)
}

fn index(table: &ObjectName, name: String) -> Object {
    Object::Index(Some(table.clone()), ObjectName { schema: None, name })
}

fn mark(object: Object, appears: bool) -> Part {
    Part::Marks(vec![Mark { object, appears }])
}

/// The name that comes next, unless a condition stands before it or none is given.
fn one(reader: &mut Reader<'_>, appears: bool, object: impl Fn(String) -> Object) -> Part {
    if reader.eat_all(&["IF", "NOT", "EXISTS"]) || reader.eat_all(&["IF", "EXISTS"]) {
        return Part::Repeatable;
    }
    if reader
        .peek()
        .is_some_and(|piece: Piece<'_>| piece.is_punctuation("("))
    {
        return Part::Unseen;
    }
    match reader.identifier() {
        Some(name) => mark(object(name), appears),
        None => Part::Unseen,
    }
}

fn renamed(from: Option<String>, to: Option<String>, object: impl Fn(String) -> Object) -> Part {
    match (from, to) {
        (Some(from), Some(to)) if from.eq_ignore_ascii_case(&to) => Part::Repeatable,
        (Some(from), Some(to)) => Part::Marks(vec![
            Mark {
                object: object(from),
                appears: false,
            },
            Mark {
                object: object(to),
                appears: true,
            },
        ]),
        (_, _) => Part::Unseen,
    }
}
