//! Bodies of MySQL and MariaDB.

use super::*;

fn are_one(statements: &[&str]) {
    for statement in statements {
        is_one(statement, Dialect::Mysql);
    }
}

#[test]
fn a_block_ends_with_its_own_end() {
    are_one(&[
        "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END",
        "create or replace definer=root@localhost procedure if not exists begin() begin end",
        "CREATE DEFINER=`a`@`%` FUNCTION f(a INT, b VARCHAR(5)) RETURNS INT DETERMINISTIC \
         COMMENT 'begin;' BEGIN DECLARE x INT DEFAULT 0; RETURN x; END",
        "CREATE DEFINER = CURRENT_USER() AGGREGATE FUNCTION f(x INT) RETURNS INT \
         BEGIN LOOP FETCH GROUP NEXT ROW; END LOOP; END",
        "CREATE PROCEDURE p() outer_block: BEGIN BEGIN END; inner_block: BEGIN SELECT 1; \
         END inner_block; END outer_block",
        "CREATE PROCEDURE p() BEGIN NOT ATOMIC SELECT 1; IF a THEN SELECT 2; END IF; END",
        "CREATE PROCEDURE if_exists.begin() BEGIN SELECT 1; END",
    ]);
}

#[test]
fn control_statements_nest() {
    are_one(&[
        "CREATE PROCEDURE p() BEGIN
           IF a THEN SELECT 1; ELSEIF b THEN SELECT 2; ELSE IF c THEN SELECT 3; END IF; END IF;
           CASE a WHEN 1 THEN SELECT 1; ELSE BEGIN END; END CASE;
           CASE WHEN a THEN IF b THEN SELECT 1; END IF; END CASE;
           l: LOOP LEAVE l; END LOOP l;
           REPEAT SET i = i + 1; UNTIL i > 5 END REPEAT;
           REPEAT SET i = 1; UNTIL CASE WHEN i THEN 1 END END REPEAT;
           WHILE IF(a, b, c) DO SET i = 1; DO SLEEP(1); END WHILE;
           FOR i IN 1..10 DO SELECT i; END FOR;
         END",
        "CREATE PROCEDURE p() IF a THEN SELECT 1; SELECT 2; END IF",
        "CREATE PROCEDURE p() `a b`: WHILE a DO SELECT 1; END WHILE `a b`",
        "CREATE PROCEDURE p() REPEAT SELECT 1; UNTIL 1 END REPEAT",
        "CREATE PROCEDURE p() CASE WHEN a THEN SELECT 1; END CASE",
        "CREATE PROCEDURE p() FOR i IN (SELECT 1) DO SELECT i; END FOR",
    ]);
}

#[test]
fn functions_and_expressions_named_like_blocks_open_none() {
    are_one(&[
        "CREATE PROCEDURE p() SELECT IF(a, 1, 2), REPEAT('x', 3) FROM t FOR UPDATE",
        "CREATE FUNCTION f() RETURNS INT RETURN IF(a, 1, CASE WHEN b THEN 1 END)",
        "CREATE FUNCTION f() RETURNS SET('begin', 'if') CHARACTER SET utf8mb4 RETURN 'a'",
        "CREATE FUNCTION f() RETURNS SET('a') BEGIN RETURN 'a'; END",
        "CREATE FUNCTION f RETURNS STRING SONAME 'f.so'",
        "CREATE PROCEDURE p() BEGIN
           DROP TABLE IF EXISTS t;
           CREATE TABLE IF NOT EXISTS t (start INT, end INT);
           UPDATE t SET end = CASE WHEN t.end > 1 AND end < 5 THEN end ELSE IF(a, 1, 2) END;
           SELECT CASE a WHEN 1 THEN REPEAT('a', 2) END INTO b FROM t FOR UPDATE;
           INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE end = 1;
           XA END 'a';
           SET @end = 1, `end` = 2;
         END",
    ]);
}

#[test]
fn a_handler_has_a_statement_of_its_own() {
    are_one(&["CREATE PROCEDURE p() BEGIN
           DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
           DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;
           DECLARE CONTINUE HANDLER FOR 1062, SQLSTATE VALUE '23000', NOT FOUND, dup
             IF a THEN SELECT 1; END IF;
           DECLARE c CURSOR FOR SELECT IF(a, 1, 2) FROM t FOR UPDATE;
           DECLARE x INT DEFAULT (CASE WHEN 1 THEN 2 END);
           SELECT 1;
         END"]);
}

#[test]
fn triggers_and_events_hold_bodies_too() {
    are_one(&[
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.end = IF(NEW.end, 1, 2)",
        "CREATE TRIGGER IF NOT EXISTS t AFTER UPDATE ON each FOR EACH ROW PRECEDES u \
         BEGIN SET NEW.a = 1; END",
        "CREATE TRIGGER t AFTER DELETE ON a FOR EACH ROW IF OLD.a THEN SET @a = 1; END IF",
        "CREATE TRIGGER t AFTER DELETE ON a FOR EACH ROW FOLLOWS s.u l: LOOP LEAVE l; END LOOP",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS NOW() + INTERVAL 1 HOUR \
         ON COMPLETION NOT PRESERVE ENABLE COMMENT 'do' DO BEGIN SELECT 1; END",
        "CREATE EVENT IF NOT EXISTS e ON SCHEDULE AT NOW() DO DELETE FROM t",
        "ALTER DEFINER = a@b EVENT e ON COMPLETION PRESERVE DO BEGIN SELECT 1; END",
    ]);
}

#[test]
fn blocks_stand_outside_routines_on_mariadb() {
    are_one(&[
        "BEGIN NOT ATOMIC SELECT 1; BEGIN END; END",
        "IF a THEN SELECT 1; END IF",
        "WHILE a DO SELECT 1; END WHILE",
        "FOR i IN 1..2 DO SELECT i; END FOR",
        "SET STATEMENT max_statement_time = 1 FOR BEGIN NOT ATOMIC SELECT 1; END",
    ]);
    assert_eq!(
        texts(
            "BEGIN WORK; SET a = 1; START TRANSACTION; XA END 'a'; COMMIT",
            Dialect::Mysql
        ),
        [
            "BEGIN WORK",
            "SET a = 1",
            "START TRANSACTION",
            "XA END 'a'",
            "COMMIT"
        ]
    );
}

#[test]
fn the_oracle_mode_of_mariadb_declares_before_it_begins() {
    are_one(&[
        "CREATE PROCEDURE p(a INT) AS x INT := 1; y INT; BEGIN SELECT 1; \
         EXCEPTION WHEN OTHERS THEN IF a THEN SELECT 3; END IF; END p",
        "CREATE FUNCTION f RETURN INT IS BEGIN RETURN 1; END",
        "CREATE OR REPLACE PACKAGE k AS PROCEDURE a; FUNCTION b(x INT) RETURN INT; END",
        "CREATE PACKAGE BODY k AS v INT := 1; PROCEDURE a AS w INT; BEGIN SELECT 1; END; \
         FUNCTION b RETURN INT AS BEGIN RETURN 2; END b; BEGIN SELECT 5; END",
        "DECLARE x INT; BEGIN SELECT 1; END",
        "BEGIN SELECT 1; <<l>> FOR i IN 1..2 LOOP SELECT i; END LOOP; END",
        "WHILE false LOOP SELECT 1; END LOOP",
    ]);
}

#[test]
fn executable_comments_keep_their_semicolons() {
    are_one(&[
        "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON u \
         FOR EACH ROW BEGIN SET @a = 1; SET @b = 2; END */",
        "/*!40101 SET NAMES utf8 */",
        "CREATE /*!50100 DEFINER=`a`@`b`*/ PROCEDURE p() BEGIN SELECT 1; END",
    ]);
}
