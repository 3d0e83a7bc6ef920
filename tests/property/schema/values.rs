//! Schemas of any shape, with names from a small pool so that two of them have much in common.

use std::collections::BTreeMap;

use diesel_manage::schema::{
    Action, Auto, Check, Column, Deferral, Domain, EnumType, Exclusion, ForeignKey, Generated,
    Index, IndexKey, Match, Name, PrimaryKey, Routine, RoutineKind, Schema, Sequence, SqlType,
    Table, TableOptions, Trigger, Unique, View,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// The columns that any table may have.
pub(super) const COLUMNS: [&str; 5] = ["a", "b", "Full Name", "größe", "a_b"];

fn column_name() -> impl Strategy<Value = String> {
    select(&COLUMNS[..]).prop_map(str::to_owned)
}

fn columns() -> impl Strategy<Value = Vec<String>> {
    vec(column_name(), 1..3)
}

fn name() -> impl Strategy<Value = Name> {
    let namespace = option::weighted(0.2, Just("other".to_owned()));
    (namespace, select(&["t", "u", "v", "Order", "straße"][..])).prop_map(|(namespace, name)| {
        Name {
            namespace,
            name: name.to_owned(),
        }
    })
}

/// The name of what belongs to a table.
fn part() -> impl Strategy<Value = String> {
    select(&["x", "y", "z", "X y"][..]).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = Option<String>> {
    option::weighted(
        0.3,
        select(&["one", "it's", "two\nlines", ""][..]).prop_map(str::to_owned),
    )
}

fn expression() -> impl Strategy<Value = String> {
    select(
        &[
            "a > 0",
            "a_b < a",
            "\"Full Name\" <> 'a'",
            "größe\n  <> b",
            "length(b) > 1",
        ][..],
    )
    .prop_map(str::to_owned)
}

fn sql_type() -> impl Strategy<Value = SqlType> {
    select(&["integer", "text", "numeric(8,2)", ""][..]).prop_map(SqlType::new)
}

fn deferral() -> impl Strategy<Value = Deferral> {
    prop_oneof![
        4 => Just(Deferral::Immediate),
        1 => Just(Deferral::Deferrable),
        1 => Just(Deferral::Deferred)
    ]
}

fn sequence() -> impl Strategy<Value = Sequence> {
    (name(), 1_i64..3, any::<bool>()).prop_map(|(name, increment, cycle)| Sequence {
        name,
        sql_type: SqlType::new("bigint"),
        start: 1,
        increment,
        minimum: 1,
        maximum: 100,
        cache: 1,
        cycle,
    })
}

fn auto() -> impl Strategy<Value = Option<Auto>> {
    option::weighted(
        0.2,
        prop_oneof![
            Just(Auto::Increment),
            sequence().prop_map(Auto::Serial),
            (any::<bool>(), sequence())
                .prop_map(|(always, sequence)| Auto::Identity { always, sequence }),
        ],
    )
}

fn column() -> impl Strategy<Value = Column> {
    let generated = option::weighted(
        0.2,
        (expression(), any::<bool>())
            .prop_map(|(expression, stored)| Generated { expression, stored }),
    );
    (
        (column_name(), sql_type(), any::<bool>()),
        (text(), generated, auto()),
        (text(), text(), text(), text()),
    )
        .prop_map(
            |((name, sql_type, nullable), (default, generated, auto), rest)| {
                let (collation, on_update, null_conflict, comment) = rest;
                Column {
                    name,
                    sql_type,
                    nullable,
                    default,
                    generated,
                    auto,
                    collation,
                    on_update,
                    null_conflict,
                    comment,
                }
            },
        )
}

fn primary_key() -> impl Strategy<Value = PrimaryKey> {
    (option::of(part()), columns(), deferral(), text(), text()).prop_map(
        |(name, columns, deferral, conflict, comment)| PrimaryKey {
            name,
            columns,
            deferral,
            conflict,
            written: None,
            comment,
        },
    )
}

fn unique() -> impl Strategy<Value = Unique> {
    (
        (option::of(part()), columns(), deferral()),
        (any::<bool>(), text(), text()),
    )
        .prop_map(
            |((name, columns, deferral), (nulls_not_distinct, conflict, comment))| Unique {
                name,
                columns,
                include: Vec::new(),
                nulls_not_distinct,
                deferral,
                conflict,
                written: None,
                comment,
            },
        )
}

fn check() -> impl Strategy<Value = Check> {
    (option::of(part()), expression(), any::<bool>(), text()).prop_map(
        |(name, expression, not_valid, comment)| Check {
            name,
            expression,
            not_valid,
            comment,
            ..Check::default()
        },
    )
}

fn exclusion() -> impl Strategy<Value = Exclusion> {
    (part(), expression(), text()).prop_map(|(name, definition, comment)| Exclusion {
        name,
        definition,
        comment,
    })
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::NoAction),
        Just(Action::Cascade),
        Just(Action::Restrict),
        columns().prop_map(Action::SetNull),
        columns().prop_map(Action::SetDefault),
    ]
}

fn foreign_key() -> impl Strategy<Value = ForeignKey> {
    (
        (option::of(part()), columns(), name(), columns()),
        (action(), action(), deferral(), any::<bool>(), text()),
    )
        .prop_map(|((name, columns, parent, parent_columns), rest)| {
            let (on_delete, on_update, deferral, not_valid, comment) = rest;
            ForeignKey {
                name,
                columns,
                parent,
                parent_columns,
                on_delete,
                on_update,
                matching: Match::Simple,
                deferral,
                not_valid,
                comment,
            }
        })
}

fn index() -> impl Strategy<Value = Index> {
    let key = prop_oneof![
        column_name().prop_map(IndexKey::column),
        expression().prop_map(IndexKey::expression),
    ];
    (
        (part(), any::<bool>(), vec(key, 1..3)),
        (
            option::weighted(0.3, columns()),
            option::weighted(0.3, expression()),
            text(),
        ),
    )
        .prop_map(
            |((name, unique, keys), (include, predicate, comment))| Index {
                name,
                unique,
                keys,
                include: include.unwrap_or_default(),
                predicate,
                comment,
                ..Index::default()
            },
        )
}

fn trigger() -> impl Strategy<Value = Trigger> {
    (part(), expression(), text()).prop_map(|(name, definition, comment)| Trigger {
        name,
        definition,
        comment,
    })
}

fn options() -> impl Strategy<Value = TableOptions> {
    (any::<bool>(), any::<bool>(), text(), text()).prop_map(
        |(strict, without_rowid, engine, storage)| TableOptions {
            strict,
            without_rowid,
            engine,
            storage,
            ..TableOptions::default()
        },
    )
}

fn table() -> impl Strategy<Value = Table> {
    (
        (
            name(),
            vec(column(), 1..5),
            option::of(primary_key()),
            vec(unique(), 0..3),
        ),
        (
            vec(check(), 0..3),
            vec(exclusion(), 0..2),
            vec(foreign_key(), 0..4),
        ),
        (
            vec(index(), 0..4),
            vec(trigger(), 0..3),
            text(),
            option::weighted(0.3, options()),
        ),
    )
        .prop_map(|(first, second, third)| {
            let (name, columns, primary_key, uniques) = first;
            let (checks, exclusions, foreign_keys) = second;
            let (indexes, triggers, comment, options) = third;
            Table {
                name,
                columns: once(columns, |one| one.name.clone()),
                primary_key,
                uniques: named_once(uniques, |one| one.name.clone()),
                checks: named_once(checks, |one| one.name.clone()),
                exclusions: once(exclusions, |one| one.name.clone()),
                foreign_keys: named_once(foreign_keys, |one| one.name.clone()),
                indexes: once(indexes, |one| one.name.clone()),
                triggers: once(triggers, |one| one.name.clone()),
                comment,
                options: options.unwrap_or_default(),
            }
        })
}

fn view() -> impl Strategy<Value = View> {
    (
        (name(), expression(), any::<bool>(), vec(column(), 0..3)),
        (vec(index(), 0..3), vec(trigger(), 0..2), text()),
        (vec(name(), 0..2), text()),
    )
        .prop_map(|(first, (indexes, triggers, options), (reads, comment))| {
            let (name, definition, materialized, columns) = first;
            View {
                name,
                definition,
                materialized,
                columns,
                indexes: once(indexes, |one| one.name.clone()),
                triggers: once(triggers, |one| one.name.clone()),
                options,
                reads,
                comment,
            }
        })
}

fn routine() -> impl Strategy<Value = Routine> {
    (name(), any::<bool>(), sql_type(), expression(), text()).prop_map(
        |(name, function, arguments, definition, comment)| Routine {
            name,
            kind: if function {
                RoutineKind::Function
            } else {
                RoutineKind::Procedure
            },
            arguments: arguments.0,
            definition,
            comment,
        },
    )
}

fn enum_type() -> impl Strategy<Value = EnumType> {
    (name(), vec(part(), 1..4), text()).prop_map(|(name, values, comment)| EnumType {
        name,
        values,
        comment,
    })
}

fn domain() -> impl Strategy<Value = Domain> {
    (
        name(),
        sql_type(),
        any::<bool>(),
        text(),
        vec(check(), 0..3),
    )
        .prop_map(|(name, base, nullable, default, checks)| Domain {
            name,
            base,
            nullable,
            default,
            collation: None,
            checks,
            comment: None,
        })
}

/// A schema in the order that schemas have.
pub(super) fn schema() -> impl Strategy<Value = Schema> {
    (
        (
            vec(part(), 0..3),
            vec(part(), 0..2),
            vec(enum_type(), 0..3),
            vec(domain(), 0..2),
        ),
        (
            vec(sequence(), 0..3),
            vec(table(), 0..5),
            vec(view(), 0..3),
            vec(routine(), 0..3),
        ),
    )
        .prop_map(|((namespaces, extensions, enums, domains), rest)| {
            let (sequences, tables, views, routines) = rest;
            let mut schema = Schema {
                namespaces: once(namespaces, String::clone),
                extensions: once(extensions, String::clone),
                enums: once(enums, |one| one.name.clone()),
                domains: once(domains, |one| one.name.clone()),
                sequences: once(sequences, |one| one.name.clone()),
                tables: once(tables, |one| one.name.clone()),
                views: once(views, |one| one.name.clone()),
                routines: once(routines, |one| {
                    (one.name.clone(), one.kind, one.arguments.clone())
                }),
                unmanaged: Vec::new(),
            };
            // A relation's name is a table's or a view's.
            let tables: Vec<Name> = schema.tables.iter().map(|one| one.name.clone()).collect();
            schema.views.retain(|view| !tables.contains(&view.name));
            schema.sort();
            schema
        })
}

/// Two schemas: with nothing in common but names, or with much in common.
pub(super) fn pair() -> impl Strategy<Value = (Schema, Schema)> {
    (schema(), schema(), any::<u64>(), any::<bool>()).prop_map(|(a, b, bits, alike)| {
        let b = if alike { mixed(&a, &b, bits) } else { b };
        (a, b)
    })
}

/// The first schema with some of its parts taken from the second.
fn mixed(a: &Schema, b: &Schema, bits: u64) -> Schema {
    let mut bits = bits;
    let mut pick = || {
        bits = bits.rotate_left(1);
        bits & 1 == 1
    };
    let mut mixed = a.clone();
    for (at, table) in mixed.tables.iter_mut().enumerate() {
        let Some(other) = b.tables.get(at) else { break };
        if pick() {
            table.columns.clone_from(&other.columns);
        }
        if pick() {
            table.primary_key.clone_from(&other.primary_key);
            table.uniques.clone_from(&other.uniques);
        }
        if pick() {
            table.checks.clone_from(&other.checks);
            table.comment.clone_from(&other.comment);
        }
        if pick() {
            table.foreign_keys.clone_from(&other.foreign_keys);
            table.indexes.clone_from(&other.indexes);
        }
    }
    for (at, view) in mixed.views.iter_mut().enumerate() {
        let Some(other) = b.views.get(at) else { break };
        if pick() {
            view.comment.clone_from(&other.comment);
        }
        if pick() {
            view.indexes.clone_from(&other.indexes);
        }
        if pick() {
            view.definition.clone_from(&other.definition);
        }
    }
    if pick() {
        mixed.enums.clone_from(&b.enums);
        mixed.routines.clone_from(&b.routines);
    }
    mixed
}

/// One for each key, as a catalogue has it.
fn once<T, K: Ord>(list: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let by_key: BTreeMap<K, T> = list.into_iter().map(|one| (key(&one), one)).collect();
    by_key.into_values().collect()
}

/// One for each name; what has no name is there as often as it comes.
fn named_once<T>(list: Vec<T>, name: impl Fn(&T) -> Option<String>) -> Vec<T> {
    let (named, mut all): (Vec<T>, Vec<T>) = list.into_iter().partition(|one| name(one).is_some());
    all.extend(once(named, name));
    all
}
