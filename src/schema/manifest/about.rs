//! A few words about an element: what a person would compare.

use super::super::{
    Action, Auto, Column, Deferral, Domain, EnumType, ForeignKey, Index, IndexKey, KeyPart, Nulls,
    Sequence, TableOptions,
};

/// What is longer is not kept: nobody would read it in a line.
const LONGEST: usize = 100;

/// A text on one line; nothing where it is long.
pub(super) fn brief(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= LONGEST {
        line
    } else {
        String::new()
    }
}

pub(super) fn in_parentheses(text: &str) -> String {
    match brief(text) {
        text if text.is_empty() => text,
        text => format!("({text})"),
    }
}

pub(super) fn columns(names: &[String]) -> String {
    format!("({})", names.join(", "))
}

pub(super) fn values(one: &EnumType) -> String {
    brief(&commented(columns(&one.values), one.comment.as_deref()))
}

pub(super) fn domain(one: &Domain) -> String {
    let mut words = vec![one.base.to_string()];
    words.extend((!one.nullable).then(|| "NOT NULL".to_owned()));
    words.extend(one.default.as_ref().map(|text| format!("DEFAULT {text}")));
    words.extend(one.collation.as_ref().map(|name| format!("COLLATE {name}")));
    words.extend(
        one.checks
            .iter()
            .map(|check| format!("CHECK ({})", check.expression)),
    );
    brief(&commented(words.join(" "), one.comment.as_deref()))
}

pub(super) fn sequence(one: &Sequence) -> String {
    format!(
        "{} from {} by {} within {} and {}, cache {}{}",
        one.sql_type,
        one.start,
        one.increment,
        one.minimum,
        one.maximum,
        one.cache,
        if one.cycle { ", cycle" } else { "" }
    )
}

pub(super) fn options(one: &TableOptions, comment: Option<&str>) -> String {
    let mut words = Vec::new();
    words.extend(one.strict.then(|| "STRICT".to_owned()));
    words.extend(one.without_rowid.then(|| "WITHOUT ROWID".to_owned()));
    words.extend(one.unlogged.then(|| "UNLOGGED".to_owned()));
    let partition = one.partition_by.as_ref();
    words.extend(partition.map(|text| format!("PARTITION BY {text}")));
    let part = one.partition_of.as_ref();
    words.extend(part.map(|part| format!("PARTITION OF {} {}", part.parent, part.bound)));
    words.extend(one.engine.as_ref().map(|name| format!("ENGINE {name}")));
    words.extend(one.collation.as_ref().map(|name| format!("COLLATE {name}")));
    words.extend(one.storage.as_ref().map(|text| format!("WITH ({text})")));
    brief(&commented(words.join(" "), comment))
}

pub(super) fn column(one: &Column) -> String {
    let mut words = Vec::new();
    words.extend((!one.sql_type.as_str().is_empty()).then(|| one.sql_type.to_string()));
    words.extend(one.collation.as_ref().map(|name| format!("COLLATE {name}")));
    words.extend((!one.nullable).then(|| "NOT NULL".to_owned()));
    let conflict = one.null_conflict.as_ref();
    words.extend(conflict.map(|word| format!("ON CONFLICT {word}")));
    words.extend(one.default.as_ref().map(|text| format!("DEFAULT {text}")));
    words.extend(one.generated.as_ref().map(|generated| {
        let kind = if generated.stored {
            "STORED"
        } else {
            "VIRTUAL"
        };
        format!("AS ({}) {kind}", generated.expression)
    }));
    words.extend(one.auto.as_ref().map(|auto| {
        match auto {
            Auto::Serial(_) => "SERIAL",
            Auto::Identity { always: true, .. } => "IDENTITY ALWAYS",
            Auto::Identity { always: false, .. } => "IDENTITY BY DEFAULT",
            Auto::Increment => "AUTO INCREMENT",
        }
        .to_owned()
    }));
    let update = one.on_update.as_ref();
    words.extend(update.map(|text| format!("ON UPDATE {text}")));
    brief(&commented(words.join(" "), one.comment.as_deref()))
}

pub(super) fn foreign_key(one: &ForeignKey) -> String {
    let mut words = vec![format!(
        "{} to {} {}",
        columns(&one.columns),
        one.parent,
        columns(&one.parent_columns)
    )];
    for (when, action) in [("DELETE", &one.on_delete), ("UPDATE", &one.on_update)] {
        let word = match action {
            Action::NoAction => continue,
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull(_) => "SET NULL",
            Action::SetDefault(_) => "SET DEFAULT",
        };
        words.push(format!("ON {when} {word}"));
    }
    match one.deferral {
        Deferral::Immediate => {}
        Deferral::Deferrable => words.push("DEFERRABLE".to_owned()),
        Deferral::Deferred => words.push("DEFERRED".to_owned()),
    }
    words.extend(one.not_valid.then(|| "NOT VALID".to_owned()));
    brief(&words.join(" "))
}

fn key(one: &IndexKey) -> String {
    let mut text = match &one.part {
        KeyPart::Column(name) => name.clone(),
        KeyPart::Expression(text) => format!("({text})"),
    };
    if let Some(length) = one.length {
        text = format!("{text}({length})");
    }
    let mut words = vec![text];
    words.extend(one.collation.as_ref().map(|name| format!("COLLATE {name}")));
    words.extend(one.operators.clone());
    words.extend(one.descending.then(|| "DESC".to_owned()));
    words.extend(one.nulls.map(|nulls| {
        match nulls {
            Nulls::First => "NULLS FIRST",
            Nulls::Last => "NULLS LAST",
        }
        .to_owned()
    }));
    words.join(" ")
}

pub(super) fn index(one: &Index) -> String {
    let keys: Vec<String> = one.keys.iter().map(key).collect();
    let mut words = Vec::new();
    words.extend(one.unique.then(|| "UNIQUE".to_owned()));
    words.extend(one.method.as_ref().map(|name| format!("USING {name}")));
    words.push(columns(&keys));
    words.extend((!one.include.is_empty()).then(|| format!("INCLUDE {}", columns(&one.include))));
    words.extend(one.predicate.as_ref().map(|text| format!("WHERE {text}")));
    words.extend(one.options.as_ref().map(|text| format!("WITH ({text})")));
    brief(&commented(words.join(" "), one.comment.as_deref()))
}

fn commented(text: String, comment: Option<&str>) -> String {
    let comment = comment.map(|comment| format!("COMMENT '{comment}'"));
    match (text.is_empty(), comment) {
        (_, None) => text,
        (true, Some(comment)) => comment,
        (false, Some(comment)) => format!("{text} {comment}"),
    }
}
