use proptest::prelude::{any, prop};
use proptest::proptest;

use super::super::expression::normal;
use super::*;

fn checks(table: &CreateTable<'_>) -> Vec<(Option<String>, String)> {
    table
        .checks
        .iter()
        .map(|check| (check.name.clone(), normal(&check.expression, &[])))
        .collect()
}

#[test]
fn columns_tell_what_the_pragmas_do_not() {
    let table = parse(
        "CREATE TABLE \"t\"(id INTEGER CONSTRAINT pk PRIMARY KEY DESC ON CONFLICT FAIL AUTOINCREMENT, \
         [a b] VARCHAR(10, 2) DEFAULT -1 NOT NULL ON CONFLICT IGNORE COLLATE nocase, \
         c \"odd type\" DEFAULT (1, ')') UNIQUE ON CONFLICT REPLACE CONSTRAINT positive CHECK (c>0), \
         d AS (c*2), e INT GENERATED ALWAYS AS (a || ')') STORED NULL, f)",
    );
    let names: Vec<_> = table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names, ["id", "a b", "c", "d", "e", "f"]);
    assert_eq!(table.columns[1].collation.as_deref(), Some("nocase"));
    assert_eq!(table.columns[1].null_conflict.as_deref(), Some("IGNORE"));
    let generated = |at: usize| {
        let pieces = table.columns[at].generated.as_ref();
        pieces.map(|pieces| normal(pieces, &[]))
    };
    assert_eq!(generated(3).as_deref(), Some("c * 2"));
    assert_eq!(generated(4).as_deref(), Some("a || ')'"));
    assert!(table.autoincrement);
    assert_eq!(
        table.primary_key,
        Some(KeyClause {
            name: Some("pk".into()),
            columns: vec!["id".into()],
            conflict: Some("FAIL".into()),
        })
    );
    assert_eq!(
        table.uniques,
        [KeyClause {
            name: None,
            columns: vec!["c".into()],
            conflict: Some("REPLACE".into()),
        }]
    );
    assert_eq!(checks(&table), [(Some("positive".into()), "c > 0".into())]);
}

#[test]
fn constraints_of_the_table_are_read_with_and_without_commas() {
    let table = parse(
        "create table main.t (a, b, constraint \"p k\" primary key (a desc, b collate nocase) \
         on conflict abort, unique (b, a) check (a in (1, 2)) \
         CONSTRAINT self FOREIGN KEY (a, b) REFERENCES t ON DELETE SET NULL MATCH full) STRICT",
    );
    assert_eq!(
        table.primary_key,
        Some(KeyClause {
            name: Some("p k".into()),
            columns: vec!["a".into(), "b".into()],
            conflict: None,
        })
    );
    assert_eq!(table.uniques[0].columns, ["b", "a"]);
    assert_eq!(checks(&table), [(None, "a IN (1, 2)".into())]);
    assert_eq!(
        table.foreign_keys,
        [ForeignKeyClause {
            name: Some("self".into()),
            columns: vec!["a".into(), "b".into()],
            matching: Match::Full,
            deferral: Deferral::Immediate,
        }]
    );
}

#[test]
fn foreign_keys_say_when_they_are_checked() {
    let table = parse(
        "CREATE TABLE t (a REFERENCES p(x) ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED, \
         b CONSTRAINT fk REFERENCES p NOT DEFERRABLE INITIALLY DEFERRED, \
         c REFERENCES p DEFERRABLE, d NOT NULL REFERENCES p CHECK (d > 0) DEFERRABLE \
         INITIALLY IMMEDIATE, e REFERENCES p)",
    );
    let found: Vec<_> = table
        .foreign_keys
        .iter()
        .map(|key| (key.columns[0].as_str(), key.deferral))
        .collect();
    let expected = [
        ("a", Deferral::Deferred),
        ("b", Deferral::Immediate),
        ("c", Deferral::Deferrable),
        ("d", Deferral::Deferrable),
        ("e", Deferral::Immediate),
    ];
    assert_eq!(found, expected);
    assert_eq!(table.foreign_keys[1].name.as_deref(), Some("fk"));
}

#[test]
fn keywords_in_quotes_comments_and_strings_are_none() {
    let table = parse(
        "CREATE TABLE t (\"check\" TEXT DEFAULT 'UNIQUE', -- , x PRIMARY KEY\n \
         `unique` /* CHECK (1) */ INT, 'primary' REAL)",
    );
    let names: Vec<_> = table
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names, ["check", "unique", "primary"]);
    assert_eq!((table.checks.len(), table.uniques.len()), (0, 0));
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in any::<String>()) {
        let _ = parse(&text);
        let _ = parse(&format!("CREATE TABLE t ({text}"));
    }

    #[test]
    fn no_order_of_words_is_too_odd(words in prop::collection::vec(prop::sample::select(vec![
        "CONSTRAINT", "NOT", "NULL", "PRIMARY", "KEY", "UNIQUE", "CHECK", "DEFAULT", "COLLATE",
        "REFERENCES", "AS", "DEFERRABLE", "GENERATED", "ALWAYS", "FOREIGN", "(", ")", ",", "a", "\"b\"",
        "'c'", "ON", "CONFLICT", "MATCH", "-", "1", "INITIALLY", ";",
    ]), 0..40)) {
        let _ = parse(&format!("CREATE TABLE t (a {}", words.join(" ")));
    }
}
