//! Bodies of PostgreSQL and SQLite.

use super::*;

#[test]
fn a_trigger_of_sqlite_ends_with_its_own_end() {
    for trigger in [
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
        "create temp trigger if not exists t before update of a on b when new.a > 1 begin
           update b set c = case when new.a then 1 else 2 end; -- end;
           select raise(abort, 'end;') /* ; */;
         end",
        "CREATE TEMPORARY TRIGGER t AFTER INSERT ON a BEGIN SELECT \"end\"; SELECT end FROM a; END",
        "EXPLAIN QUERY PLAN CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
    ] {
        is_one(trigger, Dialect::Sqlite);
    }
}

#[test]
fn other_statements_of_sqlite_end_at_the_first_semicolon() {
    assert_eq!(
        texts(
            "CREATE TABLE trigger (a); DROP TRIGGER t; BEGIN IMMEDIATE; END;",
            Dialect::Sqlite
        ),
        [
            "CREATE TABLE trigger (a)",
            "DROP TRIGGER t",
            "BEGIN IMMEDIATE",
            "END"
        ]
    );
}

#[test]
fn a_comment_may_stay_open_at_the_end_of_an_sqlite_file() {
    let script = split("SELECT 1; /* a;", Dialect::Sqlite).expect("it is legal there");
    assert_eq!((script.statements.len(), script.tail), (1, " /* a;"));
}

#[test]
fn an_sql_body_of_postgres_ends_with_its_own_end() {
    for routine in [
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a; SELECT a + 1; END",
        "create or replace procedure p() begin atomic end",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC
           SELECT CASE WHEN true THEN 1 ELSE 2 END;
           SELECT 1 AS end;
           SELECT 1 end;
           SELECT t.end FROM t;
           SELECT CASE WHEN a THEN CASE b WHEN 1 THEN 2 END END;
         END",
        "CREATE FUNCTION f(begin atomic, b int) RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$",
    ] {
        is_one(routine, Dialect::Postgres);
    }
}

#[test]
fn only_a_routine_of_postgres_has_an_sql_body() {
    assert_eq!(
        texts(
            "CREATE TABLE f (begin atomic); BEGIN ATOMIC; SELECT 1; END;",
            Dialect::Postgres
        ),
        [
            "CREATE TABLE f (begin atomic)",
            "BEGIN ATOMIC",
            "SELECT 1",
            "END"
        ]
    );
    assert_eq!(
        texts(
            "CREATE FUNCTION f() RETURNS begin RETURN 1; SELECT 2",
            Dialect::Postgres
        ),
        ["CREATE FUNCTION f() RETURNS begin RETURN 1", "SELECT 2"]
    );
}

#[test]
fn the_actions_of_a_rule_stay_together() {
    for rule in [
        "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v; )",
        "CREATE OR REPLACE RULE r AS ON DELETE TO t WHERE (a = 1) DO INSTEAD (SELECT 1;SELECT 2)",
        "CREATE RULE r AS ON UPDATE TO t DO INSTEAD NOTHING",
    ] {
        is_one(rule, Dialect::Postgres);
    }
}

#[test]
fn brackets_elsewhere_do_not_hide_a_semicolon() {
    assert_eq!(
        texts("SELECT (1; SELECT 2", Dialect::Postgres),
        ["SELECT (1", "SELECT 2"]
    );
}

#[test]
fn dumps_of_postgres_are_cut_as_psql_cuts_them() {
    let source = "SET client_encoding = 'UTF8';\n\nCREATE FUNCTION public.f() RETURNS trigger\n    \
                  LANGUAGE plpgsql\n    AS $_$\nBEGIN\n  NEW.a := $1; RETURN NEW;\nEND;\n$_$;\n\n\n\
                  ALTER TABLE ONLY public.t ALTER COLUMN a SET DEFAULT E'\\\\x';\n";
    let heads: Vec<_> = texts(source, Dialect::Postgres)
        .iter()
        .map(|text| &text[..8])
        .collect();
    assert_eq!(heads, ["SET clie", "CREATE F", "ALTER TA"]);
}
