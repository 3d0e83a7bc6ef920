//! What a definition leaves in the catalogue, so that one can look whether it is in effect.

mod alter_table;
#[cfg(test)]
mod tests;

use super::ObjectName;
use super::reader::{Piece, Reader};
use crate::sql::Dialect;
use std::fmt;

/// How to see whether a statement is in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// These are there, or gone, if it is; and the other way round if it is not.
    Marks {
        /// What to look for.
        marks: Vec<Mark>,
        /// Whether that is all it does.
        is_all: bool,
    },
    /// It does not matter: to run it once more changes nothing.
    Repeatable,
    /// There is no way to tell.
    Unseen,
}

/// One thing to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What.
    pub object: Object,
    /// Whether it is there once the statement is in effect.
    pub appears: bool,
}

/// Something that a catalogue knows by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// A table.
    Table(ObjectName),
    /// A view.
    View(ObjectName),
    /// A column of a table.
    Column(ObjectName, String),
    /// An index; on MySQL it is known by its table.
    Index(Option<ObjectName>, ObjectName),
    /// A constraint of a table.
    Constraint(ObjectName, String),
    /// A function or a procedure.
    Routine(ObjectName),
    /// A trigger.
    Trigger(ObjectName),
    /// A database.
    Database(String),
    /// A value of an enum type.
    EnumValue(ObjectName, String),
}

impl Object {
    /// The same with another name for what has a schema.
    #[must_use]
    pub fn renamed(self, name: impl Fn(&ObjectName) -> ObjectName) -> Self {
        match self {
            Self::Table(table) => Self::Table(name(&table)),
            Self::View(view) => Self::View(name(&view)),
            Self::Column(table, column) => Self::Column(name(&table), column),
            // It is where its table is.
            Self::Index(Some(table), index) => Self::Index(Some(name(&table)), index),
            Self::Index(None, index) => Self::Index(None, name(&index)),
            Self::Constraint(table, constraint) => Self::Constraint(name(&table), constraint),
            Self::Routine(routine) => Self::Routine(name(&routine)),
            Self::Trigger(trigger) => Self::Trigger(name(&trigger)),
            Self::EnumValue(kind, value) => Self::EnumValue(name(&kind), value),
            Self::Database(database) => Self::Database(database),
        }
    }

    /// The table that it is, or is a part of.
    #[must_use]
    pub fn table(&self) -> Option<&ObjectName> {
        match self {
            Self::Table(table)
            | Self::Column(table, _)
            | Self::Index(Some(table), _)
            | Self::Constraint(table, _) => Some(table),
            Self::View(_)
            | Self::Index(None, _)
            | Self::Routine(_)
            | Self::Trigger(_)
            | Self::Database(_)
            | Self::EnumValue(..) => None,
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(name) => write!(f, "table `{name}`"),
            Self::View(name) => write!(f, "view `{name}`"),
            Self::Column(table, name) => write!(f, "column `{name}` of `{table}`"),
            Self::Index(_, name) => write!(f, "index `{name}`"),
            Self::Constraint(table, name) => write!(f, "constraint `{name}` of `{table}`"),
            Self::Routine(name) => write!(f, "routine `{name}`"),
            Self::Trigger(name) => write!(f, "trigger `{name}`"),
            Self::Database(name) => write!(f, "database `{name}`"),
            Self::EnumValue(name, value) => write!(f, "value '{value}' of `{name}`"),
        }
    }
}

impl Trace {
    fn appears(object: Object) -> Self {
        Self::Marks {
            marks: vec![Mark {
                object,
                appears: true,
            }],
            is_all: true,
        }
    }

    fn goes(objects: impl IntoIterator<Item = Object>) -> Self {
        let marks: Vec<_> = objects
            .into_iter()
            .map(|object| Mark {
                object,
                appears: false,
            })
            .collect();
        if marks.is_empty() {
            Self::Unseen
        } else {
            Self::Marks {
                marks,
                is_all: true,
            }
        }
    }
}

/// What to look for to see whether a definition is in effect, which is as a whole or not at all.
#[must_use]
pub fn trace(text: &str, dialect: Dialect) -> Trace {
    let mut reader = Reader::new(text, dialect);
    let Some(head) = reader.next() else {
        return Trace::Repeatable;
    };
    if head.is_any(&[
        "VACUUM",
        "ANALYZE",
        "OPTIMIZE",
        "CHECK",
        "REPAIR",
        "FLUSH",
        "TRUNCATE",
        "REINDEX",
        "LOCK",
        "UNLOCK",
        "CLUSTER",
        "GRANT",
        "SET",
        "CHECKPOINT",
    ]) {
        return Trace::Repeatable;
    }
    if head.is("CREATE") {
        return create(reader);
    }
    if head.is("DROP") {
        return drop(reader);
    }
    if head.is("RENAME") {
        return renames(reader);
    }
    if head.is("ALTER") {
        return if reader.eat("TYPE") {
            enum_value(reader)
        } else {
            alter_table::trace(reader)
        };
    }
    Trace::Unseen
}

/// What may stand between `CREATE` and the word for what is created. What is temporary leaves nothing that
/// is looked for here, and goes with its session; a materialized view is not dropped as a view.
const ADORNMENTS: &[&str] = &[
    "AGGREGATE",
    "CONSTRAINT",
    "FOREIGN",
    "FULLTEXT",
    "GLOBAL",
    "LOCAL",
    "RECURSIVE",
    "SPATIAL",
    "UNIQUE",
    "UNLOGGED",
    "VIRTUAL",
];

/// The same on MySQL, where more stands behind it: `DEFINER = a@b`.
const SETTINGS: &[&str] = &["ALGORITHM", "DEFINER", "SQL"];

/// How much that is at the most.
const MOST_SETTINGS: usize = 16;

fn create(mut reader: Reader<'_>) -> Trace {
    if reader.eat_all(&["OR", "REPLACE"]) {
        return Trace::Repeatable;
    }
    let dialect = reader.dialect();
    let kinds = [
        "TABLE",
        "VIEW",
        "INDEX",
        "FUNCTION",
        "PROCEDURE",
        "TRIGGER",
        "DATABASE",
        "SCHEMA",
    ];
    // Other things are made of such words, too: an event that drops a table is no table.
    let first = reader.find(|piece| !piece.is_any(ADORNMENTS));
    let kind = match first {
        Some(piece) if dialect == Dialect::Mysql && piece.is_any(SETTINGS) => {
            // Somebody may be called like a kind of object.
            if piece.is("DEFINER") {
                reader.eat_punctuation("=");
                reader.next();
            }
            let mut kind_or_event = kinds.to_vec();
            kind_or_event.push("EVENT");
            reader
                .by_ref()
                .take(MOST_SETTINGS)
                .find(|piece| piece.is_any(&kind_or_event))
        }
        other => other,
    };
    let Some(kind) = kind.filter(|kind| kind.is_any(&kinds)) else {
        return Trace::Unseen;
    };
    reader.eat("CONCURRENTLY");
    // An index that is there may be the broken one of an earlier attempt.
    let has_condition = reader.eat_all(&["IF", "NOT", "EXISTS"]);
    if has_condition && !(kind.is("INDEX") && dialect == Dialect::Postgres) {
        return Trace::Repeatable;
    }
    if kind.is("INDEX") && reader.sees("ON") {
        return Trace::Unseen;
    }
    let Some(name) = reader.object_name() else {
        return Trace::Unseen;
    };
    if kind.is("INDEX") {
        let table = reader.by_ref().find(|piece| piece.is("ON")).and_then(|_| {
            reader.eat("ONLY");
            reader.object_name()
        });
        return Trace::appears(Object::Index(table, name));
    }
    match named(kind, name, dialect) {
        Some(object) => Trace::appears(object),
        None => Trace::Unseen,
    }
}

fn named(kind: Piece<'_>, name: ObjectName, dialect: Dialect) -> Option<Object> {
    if kind.is("TABLE") {
        Some(Object::Table(name))
    } else if kind.is("VIEW") {
        Some(Object::View(name))
    } else if kind.is_any(&["FUNCTION", "PROCEDURE"]) {
        Some(Object::Routine(name))
    } else if kind.is("TRIGGER") {
        Some(Object::Trigger(name))
    } else if kind.is("DATABASE") || (kind.is("SCHEMA") && dialect == Dialect::Mysql) {
        Some(Object::Database(name.name))
    } else {
        None
    }
}

fn drop(mut reader: Reader<'_>) -> Trace {
    let Some(kind) = reader.next() else {
        return Trace::Unseen;
    };
    reader.eat("CONCURRENTLY");
    if reader.eat_all(&["IF", "EXISTS"]) {
        return Trace::Repeatable;
    }
    if kind.is("INDEX") {
        let Some(name) = reader.object_name() else {
            return Trace::Unseen;
        };
        let table = reader.eat("ON").then(|| reader.object_name()).flatten();
        return Trace::goes([Object::Index(table, name)]);
    }
    let mut gone = Vec::new();
    while let Some(name) = reader.object_name() {
        gone.extend(named(kind, name, reader.dialect()));
        if !reader.eat_punctuation(",") {
            break;
        }
    }
    Trace::goes(gone)
}

/// `RENAME TABLE a TO b, c TO d`. A name that is on both sides tells nothing.
fn renames(mut reader: Reader<'_>) -> Trace {
    reader.eat_any(&["TABLE", "TABLES"]);
    let mut pairs = Vec::new();
    while let Some(from) = reader.object_name() {
        let Some(to) = reader.eat("TO").then(|| reader.object_name()).flatten() else {
            return Trace::Unseen;
        };
        pairs.push((from, to));
        if !reader.eat_punctuation(",") {
            break;
        }
    }
    let (from, to): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let mark = |name: &ObjectName, appears| Mark {
        object: Object::Table(name.clone()),
        appears,
    };
    let gone = from.iter().filter(|name| !to.contains(name));
    let new = to.iter().filter(|name| !from.contains(name));
    let marks: Vec<_> = gone
        .map(|name| mark(name, false))
        .chain(new.map(|name| mark(name, true)))
        .collect();
    if marks.is_empty() {
        Trace::Unseen
    } else {
        Trace::Marks {
            marks,
            is_all: true,
        }
    }
}

/// `t ADD VALUE 'v'`, after `ALTER TYPE`.
fn enum_value(mut reader: Reader<'_>) -> Trace {
    let Some(name) = reader.object_name() else {
        return Trace::Unseen;
    };
    if !reader.eat_all(&["ADD", "VALUE"]) {
        return Trace::Unseen;
    }
    if reader.eat_all(&["IF", "NOT", "EXISTS"]) {
        return Trace::Repeatable;
    }
    let value = reader.next().map(|piece| piece.text);
    match value.and_then(|text| text.strip_prefix('\'')?.strip_suffix('\'')) {
        Some(value) => Trace::appears(Object::EnumValue(name, value.replace("''", "'"))),
        None => Trace::Unseen,
    }
}
