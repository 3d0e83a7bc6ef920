//! A change in words.

use super::super::{Column, ForeignKey, Index, KeyPart, Name, RoutineKind, TableOptions};
use super::change::Change;
use super::edit::Edit;

impl Change {
    /// `+` where something is new, `-` where it goes, `~` where it changes.
    #[must_use]
    pub fn mark(&self) -> char {
        fn of<T>(edit: &Edit<T>) -> char {
            match edit {
                Edit::Add(_) => '+',
                Edit::Drop(_) => '-',
                Edit::Alter { .. } => '~',
            }
        }
        match self {
            Self::Namespace(edit) | Self::Extension(edit) => of(edit),
            Self::Enum(edit) => of(edit),
            Self::Domain(edit) => of(edit),
            Self::Sequence(edit) => of(edit),
            Self::Table(edit) => of(edit),
            Self::RenameTable { .. }
            | Self::RenameColumn { .. }
            | Self::TableComment { .. }
            | Self::TableOptions { .. } => '~',
            Self::Column { edit, .. } => of(edit),
            Self::PrimaryKey { edit, .. } => of(edit),
            Self::Unique { edit, .. } => of(edit),
            Self::Check { edit, .. } => of(edit),
            Self::Exclusion { edit, .. } => of(edit),
            Self::ForeignKey { edit, .. } => of(edit),
            Self::Index { edit, .. } => of(edit),
            Self::Trigger { edit, .. } => of(edit),
            Self::View(edit) => of(edit),
            Self::Routine(edit) => of(edit),
        }
    }

    /// What is different, in a line: `column users.age: integer becomes bigint`.
    #[must_use]
    pub fn describe(&self) -> String {
        // Expressions and comments may have lines of their own.
        let text = self.in_words();
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        lines.join(" ")
    }

    fn in_words(&self) -> String {
        match self {
            Self::Namespace(edit) => format!("schema {}", edit.subject()),
            Self::Extension(edit) => format!("extension {}", edit.subject()),
            Self::Enum(edit) => {
                let values = |values: &[String]| values.join(", ");
                let name = &edit.subject().name;
                match edit {
                    Edit::Add(one) | Edit::Drop(one) => {
                        format!("enum {name} ({})", values(&one.values))
                    }
                    Edit::Alter { from, to } => becomes(
                        &format!("enum {name}"),
                        &[
                            (
                                "values",
                                Some(values(&from.values)),
                                Some(values(&to.values)),
                            ),
                            ("comment", from.comment.clone(), to.comment.clone()),
                        ],
                    ),
                }
            }
            Self::Domain(edit) => format!("domain {}", edit.subject().name),
            Self::Sequence(edit) => format!("sequence {}", edit.subject().name),
            Self::Table(edit) => format!("table {}", edit.subject().name),
            Self::RenameTable { from, to } => format!("table {from} is now {to}"),
            Self::RenameColumn { table, from, to } => format!("column {table}.{from} is now {to}"),
            Self::TableComment { table, .. } => format!("comment on table {table}"),
            Self::TableOptions { table, from, to } => options(table, from, to),
            Self::Column { table, edit } => column(table, edit),
            Self::PrimaryKey { table, edit } => {
                let columns = |columns: &[String]| format!("({})", columns.join(", "));
                match edit {
                    Edit::Add(key) | Edit::Drop(key) => {
                        format!("primary key of {table} {}", columns(&key.columns))
                    }
                    Edit::Alter { from, to } => becomes(
                        &format!("primary key of {table}"),
                        &[
                            ("", Some(columns(&from.columns)), Some(columns(&to.columns))),
                            ("name", from.name.clone(), to.name.clone()),
                        ],
                    ),
                }
            }
            Self::Unique { table, edit } => {
                let one = edit.subject();
                named(
                    "unique",
                    one.name.as_deref(),
                    table,
                    &one.columns.join(", "),
                )
            }
            Self::Check { table, edit } => {
                let one = edit.subject();
                named("check", one.name.as_deref(), table, &one.expression)
            }
            Self::Exclusion { table, edit } => {
                let one = edit.subject();
                named("exclusion", Some(&one.name), table, &one.definition)
            }
            Self::ForeignKey { table, edit } => foreign_key(table, edit.subject()),
            Self::Index { table, edit } => index(table, edit),
            Self::Trigger { table, edit } => {
                format!("trigger {} on {table}", edit.subject().name)
            }
            Self::View(edit) => {
                let view = edit.subject();
                let kind = if view.materialized {
                    "materialized view"
                } else {
                    "view"
                };
                format!("{kind} {}", view.name)
            }
            Self::Routine(edit) => {
                let routine = edit.subject();
                let kind = match routine.kind {
                    RoutineKind::Function => "function",
                    RoutineKind::Procedure => "procedure",
                };
                format!("{kind} {}({})", routine.name, routine.arguments)
            }
        }
    }
}

fn column(table: &Name, edit: &Edit<Column>) -> String {
    let name = format!("column {table}.{}", edit.subject().name);
    match edit {
        Edit::Add(one) | Edit::Drop(one) => {
            let null = if one.nullable { "" } else { " not null" };
            format!("{name} {}{null}", one.sql_type)
        }
        Edit::Alter { from, to } => {
            let null = |column: &Column| {
                Some(if column.nullable { "null" } else { "not null" }.to_owned())
            };
            let type_of = |column: &Column| Some(column.sql_type.to_string());
            let generated = |column: &Column| {
                column.generated.as_ref().map(|generated| {
                    let kind = if generated.stored {
                        "stored"
                    } else {
                        "virtual"
                    };
                    format!("{} {kind}", generated.expression)
                })
            };
            let conflict = |column: &Column| column.null_conflict.clone();
            let auto = |column: &Column| column.auto.as_ref().map(auto);
            becomes(
                &name,
                &[
                    ("", type_of(from), type_of(to)),
                    ("", null(from), null(to)),
                    ("default", from.default.clone(), to.default.clone()),
                    ("generated as", generated(from), generated(to)),
                    ("numbering", auto(from), auto(to)),
                    ("collation", from.collation.clone(), to.collation.clone()),
                    ("on conflict", conflict(from), conflict(to)),
                    ("on update", from.on_update.clone(), to.on_update.clone()),
                    ("comment", from.comment.clone(), to.comment.clone()),
                ],
            )
        }
    }
}

fn auto(auto: &super::super::Auto) -> String {
    use super::super::Auto;
    match auto {
        Auto::Serial(_) => "serial".to_owned(),
        Auto::Identity { always: true, .. } => "identity always".to_owned(),
        Auto::Identity { always: false, .. } => "identity by default".to_owned(),
        Auto::Increment => "auto increment".to_owned(),
    }
}

/// The facets that differ, each with what it was and becomes.
fn becomes(subject: &str, facets: &[(&str, Option<String>, Option<String>)]) -> String {
    let none = || "none".to_owned();
    let differences: Vec<_> = facets
        .iter()
        .filter(|(_, from, to)| from != to)
        .map(|(facet, from, to)| {
            let space = if facet.is_empty() { "" } else { " " };
            format!(
                "{facet}{space}{} becomes {}",
                from.clone().unwrap_or_else(none),
                to.clone().unwrap_or_else(none)
            )
        })
        .collect();
    if differences.is_empty() {
        subject.to_owned()
    } else {
        format!("{subject}: {}", differences.join(", "))
    }
}

fn options(table: &Name, from: &TableOptions, to: &TableOptions) -> String {
    let part = |options: &TableOptions| {
        options
            .partition_of
            .as_ref()
            .map(|part| format!("{} {}", part.parent, part.bound))
    };
    let flag = |set: bool| Some(if set { "on" } else { "off" }.to_owned());
    becomes(
        &format!("table {table}"),
        &[
            ("strict", flag(from.strict), flag(to.strict)),
            (
                "without rowid",
                flag(from.without_rowid),
                flag(to.without_rowid),
            ),
            ("unlogged", flag(from.unlogged), flag(to.unlogged)),
            (
                "partition by",
                from.partition_by.clone(),
                to.partition_by.clone(),
            ),
            ("partition of", part(from), part(to)),
            ("engine", from.engine.clone(), to.engine.clone()),
            ("collation", from.collation.clone(), to.collation.clone()),
            ("storage", from.storage.clone(), to.storage.clone()),
        ],
    )
}

fn named(kind: &str, name: Option<&str>, table: &Name, about: &str) -> String {
    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
    format!("{kind}{name} on {table} ({about})")
}

fn foreign_key(table: &Name, key: &ForeignKey) -> String {
    let name = key
        .name
        .as_ref()
        .map(|name| format!(" {name}"))
        .unwrap_or_default();
    format!(
        "foreign key{name} {table} ({}) to {} ({})",
        key.columns.join(", "),
        key.parent,
        key.parent_columns.join(", ")
    )
}

fn index(table: &Name, edit: &Edit<Index>) -> String {
    let one = edit.subject();
    let kind = if one.unique { "unique index" } else { "index" };
    let keys: Vec<_> = one
        .keys
        .iter()
        .map(|key| match &key.part {
            KeyPart::Column(name) => name.as_str(),
            KeyPart::Expression(text) => text.as_str(),
        })
        .collect();
    let text = format!("{kind} {} on {table} ({})", one.name, keys.join(", "));
    match edit {
        Edit::Alter { from, to } if from.name != to.name => {
            format!("{kind} {} on {table} is now {}", from.name, to.name)
        }
        Edit::Add(_) | Edit::Drop(_) | Edit::Alter { .. } => text,
    }
}
