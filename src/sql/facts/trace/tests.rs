use super::*;

/// What is looked for: `+` is there and `-` is gone once the statement is in effect.
#[track_caller]
fn check(dialect: Dialect, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let found = match trace(text, dialect) {
            Trace::Repeatable => "repeatable".to_owned(),
            Trace::Unseen => "unseen".to_owned(),
            Trace::Marks { marks, .. } => marks
                .iter()
                .map(|mark| format!("{}{}", if mark.appears { "+" } else { "-" }, mark.object))
                .collect::<Vec<_>>()
                .join(" "),
        };
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn what_is_made_is_there_and_what_is_dropped_is_gone() {
    check(
        Dialect::Mysql,
        &[
            ("CREATE TABLE t (a int)", "+table `t`"),
            ("CREATE TABLE IF NOT EXISTS t (a int)", "repeatable"),
            ("CREATE OR REPLACE VIEW v AS SELECT 1", "repeatable"),
            ("CREATE VIEW shop.v AS SELECT 1", "+view `shop.v`"),
            ("CREATE UNIQUE INDEX i ON t (a)", "+index `i`"),
            ("DROP INDEX i ON t", "-index `i`"),
            ("DROP TABLE a, b", "-table `a` -table `b`"),
            ("DROP TABLE IF EXISTS a", "repeatable"),
            ("DROP TRIGGER g", "-trigger `g`"),
            ("RENAME TABLE a TO b", "-table `a` +table `b`"),
            ("RENAME TABLE a TO x, b TO a, x TO b", "unseen"),
            ("TRUNCATE t", "repeatable"),
            ("CALL p()", "unseen"),
            ("CREATE PROCEDURE p() SELECT 1", "+routine `p`"),
            ("CREATE USER a", "unseen"),
            // What its definition names is not what it makes.
            (
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO TRUNCATE TABLE logs",
                "unseen",
            ),
            (
                "CREATE DEFINER = event@localhost TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = 1",
                "+trigger `g`",
            ),
            ("CREATE TEMPORARY TABLE t (a int)", "unseen"),
        ],
    );
}

#[test]
fn what_is_made_of_the_same_words_is_no_table() {
    check(
        Dialect::Mysql,
        &[
            (
                "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO TRUNCATE TABLE log",
                "unseen",
            ),
            (
                "CREATE DEFINER = 'a'@'b' EVENT nightly ON SCHEDULE EVERY 1 DAY DO DROP TABLE log",
                "unseen",
            ),
            (
                "CREATE ALGORITHM = MERGE DEFINER = 'a'@'b' SQL SECURITY INVOKER VIEW v AS SELECT 1",
                "+view `v`",
            ),
            (
                "CREATE DEFINER=CURRENT_USER() PROCEDURE p() SELECT 1",
                "+routine `p`",
            ),
            ("CREATE SCHEMA shop", "+database `shop`"),
        ],
    );
    check(
        Dialect::Postgres,
        &[
            ("CREATE PUBLICATION changes FOR TABLE orders", "unseen"),
            ("CREATE EXTENSION hstore WITH SCHEMA shop", "unseen"),
            ("CREATE STATISTICS s ON a, b FROM t", "unseen"),
            ("CREATE SCHEMA shop", "unseen"),
            ("CREATE UNLOGGED TABLE t (a int)", "+table `t`"),
            ("CREATE MATERIALIZED VIEW v AS SELECT 1", "unseen"),
        ],
    );
}

#[test]
fn a_table_that_is_altered_shows_it_by_what_has_a_name() {
    check(
        Dialect::Mysql,
        &[
            ("ALTER TABLE t ADD a INT", "+column `a` of `t`"),
            (
                "ALTER TABLE t ADD COLUMN a DECIMAL(8, 2), DROP COLUMN b",
                "+column `a` of `t` -column `b` of `t`",
            ),
            ("ALTER TABLE t ADD IF NOT EXISTS a INT", "repeatable"),
            ("ALTER TABLE t ADD INDEX i (a)", "+index `i`"),
            ("ALTER TABLE t ADD INDEX (a)", "unseen"),
            ("ALTER TABLE t ADD UNIQUE KEY u (a)", "+index `u`"),
            ("ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)", "+index `u`"),
            (
                "ALTER TABLE t ADD CONSTRAINT c UNIQUE KEY u (a)",
                "+index `u`",
            ),
            (
                "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (a)",
                "+constraint `f` of `t`",
            ),
            (
                "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (a)",
                "unseen",
            ),
            (
                "ALTER TABLE t ADD PRIMARY KEY (a)",
                "+constraint `PRIMARY` of `t`",
            ),
            ("ALTER TABLE t DROP FOREIGN KEY f", "-constraint `f` of `t`"),
            ("ALTER TABLE t MODIFY a BIGINT", "repeatable"),
            (
                "ALTER TABLE t CHANGE a b INT",
                "-column `a` of `t` +column `b` of `t`",
            ),
            ("ALTER TABLE t CHANGE a a BIGINT", "repeatable"),
            (
                "ALTER TABLE t RENAME COLUMN a TO b, MODIFY c INT",
                "-column `a` of `t` +column `b` of `t`",
            ),
            (
                "ALTER TABLE t ADD a INT, RENAME TO u",
                "-table `t` +table `u`",
            ),
            (
                "ALTER TABLE t ENGINE = InnoDB, COMMENT = 'a, b'",
                "repeatable",
            ),
            (
                "ALTER TABLE t ADD PARTITION (PARTITION p VALUES IN (1))",
                "unseen",
            ),
        ],
    );
}

#[test]
fn postgres_has_few_that_stand_alone() {
    check(
        Dialect::Postgres,
        &[
            ("CREATE INDEX CONCURRENTLY i ON app.t (a)", "+index `i`"),
            (
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)",
                "+index `i`",
            ),
            ("CREATE INDEX CONCURRENTLY ON t (a)", "unseen"),
            ("DROP INDEX CONCURRENTLY i", "-index `i`"),
            (
                "ALTER TYPE mood ADD VALUE 'it''s' BEFORE 'x'",
                "+value 'it's' of `mood`",
            ),
            ("CREATE PUBLICATION p FOR TABLE logs", "unseen"),
            ("CREATE CAST (a AS b) WITH FUNCTION f (a)", "unseen"),
            ("VACUUM t", "repeatable"),
            ("DO $$ BEGIN END $$", "unseen"),
        ],
    );
}
