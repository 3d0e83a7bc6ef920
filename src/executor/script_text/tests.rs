use insta::assert_snapshot;

use super::*;
use crate::migration::{Origin, Stamp, Version};

fn step(direction: Direction, transactional: bool, text: &str) -> Step {
    Step {
        version: Version::parse("20260101000000"),
        name: "2026-01-01-000000_one".to_owned(),
        direction,
        execution: Execution::Run,
        transactional,
        script: crate::migration::Script {
            text: text.to_owned(),
            origin: Origin::Nowhere,
        },
        down: None,
        stamp: Stamp::default(),
        metadata: None,
    }
}

fn up(backend: Backend, text: &str) -> String {
    reading(&step(Direction::Up, true, text), backend, false)
}

fn body(backend: Backend, text: &str) -> String {
    reading(&step(Direction::Up, false, text), backend, false)
}

#[test]
fn a_body_of_mysql_has_a_delimiter_that_it_does_not_hold() {
    assert_snapshot!(up(
        Backend::Mysql,
        "-- First.\nCREATE TABLE a (id INT); -- after\n\nCREATE PROCEDURE p()\nBEGIN\n  SELECT '$$'; SELECT 1;\nEND -- the end\n;\nSELECT ';';\n"
    ), @r"
    -- First.
    CREATE TABLE a (id INT); -- after

    DELIMITER //
    CREATE PROCEDURE p()
    BEGIN
      SELECT '$$'; SELECT 1;
    END -- the end

    //
    DELIMITER ;
    START TRANSACTION;
    SELECT ';';
    COMMIT;
    ");
    assert_snapshot!(
        body(Backend::Mysql, "/*!50003 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END */"),
        @r"
    DELIMITER $$
    /*!50003 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END */
    $$
    DELIMITER ;
    "
    );
}

#[test]
fn what_mysql_commits_by_itself_stands_outside_of_the_transactions() {
    assert_snapshot!(up(
        Backend::Mysql,
        "SET @a = 1;\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\nALTER TABLE a ADD b INT;\nUPDATE a SET b = 1;\nCALL p();\nDELETE FROM a"
    ), @r"
    SET @a = 1;
    START TRANSACTION;
    INSERT INTO a VALUES (1);
    INSERT INTO a VALUES (2);
    COMMIT;
    ALTER TABLE a ADD b INT;
    START TRANSACTION;
    UPDATE a SET b = 1;
    CALL p();
    COMMIT;
    START TRANSACTION;
    DELETE FROM a;
    COMMIT;
    ");
    assert_snapshot!(up(Backend::Mysql, "INSERT INTO a VALUES (1)"), @r"
    START TRANSACTION;
    INSERT INTO a VALUES (1);
    COMMIT;
    ");
}

#[test]
fn a_client_keeps_the_line_ends_of_strings() {
    assert_eq!(
        body(Backend::Mysql, "\u{feff}INSERT INTO a\r\nVALUES ('x\r\ny')"),
        "INSERT INTO a\r\nVALUES ('x\\r\ny');\n"
    );
}

#[test]
fn sqlite3_keeps_the_line_ends_of_strings() {
    assert_eq!(
        body(Backend::Sqlite, "INSERT INTO a\r\nVALUES ('x\r\ny')"),
        "INSERT INTO a\r\nVALUES (('x' || char(13, 10) || 'y'));\n"
    );
}

#[test]
fn psql_finds_no_variables() {
    assert_snapshot!(
        body(Backend::Postgres, "SELECT a[1:n], a[:m], b::int, ':x', $$ :y $$, \"c:d\", a[1: 2] /* :z */, f(a := 1)"),
        @r#"
    BEGIN;
    SELECT a[1: n], a[: m], b::int, ':x', $$ :y $$, "c:d", a[1: 2] /* :z */, f(a := 1);
    COMMIT;
    "#
    );
}

#[test]
fn sqlite3_finds_no_end_of_a_statement_in_the_middle() {
    assert_eq!(
        body(Backend::Sqlite, "SELECT 4\n/\n2 -- half\n"),
        "SELECT 4 / 2; -- half\n"
    );
}

#[test]
fn empty_statements_are_left_out() {
    assert_snapshot!(body(Backend::Sqlite, ";; -- one\nSELECT 1;;\n;SELECT 2; ; -- end\n;"), @"
    -- one
    SELECT 1;
    SELECT 2;  -- end
    ");
}

#[test]
fn a_script_says_what_it_is_for() {
    let plan = Plan {
        direction: Direction::Down,
        base: Vec::new(),
        steps: vec![step(
            Direction::Down,
            true,
            "SET search_path = a;\nDROP TABLE b",
        )],
    };
    let frame = Frame {
        connection: "main\n",
        way: "head to base",
        tool: "manage 1",
        backend: Backend::Postgres,
        database: None,
        has_ledger: false,
        in_effect: &std::collections::BTreeMap::new(),
    };
    assert_snapshot!(offline(&plan, &frame), @r"
    -- Reverts 1 migration of connection `main `: head to base.
    -- Run it with: psql -X -v ON_ERROR_STOP=1 -d DATABASE -f SCRIPT
    -- Written by manage 1. Diesel's rows are in it, those of manage's own history are not.
    SET client_encoding = 'UTF8';
    SET TimeZone = 'UTC';

    -- revert 2026-01-01-000000_one
    BEGIN;
    SET search_path = a;
    DROP TABLE b;
    RESET search_path;
    DELETE FROM __diesel_schema_migrations WHERE version = '20260101000000';
    COMMIT;
    ");
}
