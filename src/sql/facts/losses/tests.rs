use super::*;

fn shown(text: &str, dialect: Dialect) -> Vec<String> {
    losses(text, dialect)
        .into_iter()
        .map(|loss| match loss {
            Loss::DropTable { name } => format!("table {name}"),
            Loss::Rebuild { table, kept } => format!("rebuild {table}:{}", kept.join(" ")),
            Loss::DropColumn { table, column } => format!("column {table}:{column}"),
            Loss::DropPartition { table, partition } => format!("partition {table}:{partition}"),
            Loss::Truncate { name } => format!("all of {name}"),
            Loss::Delete {
                table,
                filtered: true,
            } => format!("some of {table}"),
            Loss::Delete {
                table,
                filtered: false,
            } => format!("rows of {table}"),
            Loss::DropSchema { name } => format!("schema {name}"),
            Loss::DropDatabase { name } => format!("database {name}"),
        })
        .collect()
}

fn check(dialect: Dialect, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(shown(text, dialect), *expected, "{text}");
    }
}

#[test]
fn every_table_of_a_list_is_lost() {
    for dialect in Dialect::ALL {
        check(
            dialect,
            &[
                ("DROP TABLE a", &["table a"]),
                (
                    "drop table if exists a, s.\"b c\" cascade",
                    &["table a", "table s.b c"],
                ),
                ("DROP VIEW v", &[]),
                ("DROP INDEX i", &[]),
                ("CREATE TABLE t (a int)", &[]),
                ("SELECT 'DROP TABLE a'", &[]),
                ("-- DROP TABLE a", &[]),
                ("", &[]),
            ],
        );
    }
}

#[test]
fn columns_are_lost_with_and_without_the_word() {
    for dialect in Dialect::ALL {
        check(
            dialect,
            &[
                ("ALTER TABLE t DROP COLUMN a", &["column t:a"]),
                ("ALTER TABLE s.t DROP a", &["column s.t:a"]),
                ("ALTER TABLE t DROP CONSTRAINT c", &[]),
                ("ALTER TABLE t RENAME COLUMN a TO b", &[]),
                ("ALTER TABLE t ADD COLUMN a int", &[]),
            ],
        );
    }
}

#[test]
fn postgres_knows_schemas_partitions_and_data_changing_queries() {
    check(
        Dialect::Postgres,
        &[
            (
                "DROP TABLE Users, \"Users\"",
                &["table users", "table Users"],
            ),
            ("DROP FOREIGN TABLE f", &["table f"]),
            (
                "DROP SCHEMA IF EXISTS a, b CASCADE",
                &["schema a", "schema b"],
            ),
            ("DROP DATABASE d WITH (FORCE)", &["database d"]),
            (
                "TRUNCATE ONLY a, b * RESTART IDENTITY",
                &["all of a", "all of b"],
            ),
            ("TRUNCATE TABLE ONLY (a), b", &["all of a", "all of b"]),
            (
                "ALTER TABLE IF EXISTS ONLY t DROP COLUMN IF EXISTS a CASCADE, \
                 ADD CHECK (f(1, 2)), DROP key, ALTER COLUMN b DROP DEFAULT, DROP CONSTRAINT c",
                &["column t:a", "column t:key"],
            ),
            (
                "ALTER TABLE t ALTER b DROP NOT NULL, ALTER b DROP IDENTITY",
                &[],
            ),
            ("DELETE FROM ONLY t", &["rows of t"]),
            ("DELETE FROM t AS x USING u WHERE x.a = u.a", &["some of t"]),
            (
                "DELETE FROM t USING (SELECT 1 WHERE true) u",
                &["rows of t"],
            ),
            (
                "WITH a AS (DELETE FROM t RETURNING *), b AS (SELECT 1) DELETE FROM u WHERE true",
                &["rows of t", "some of u"],
            ),
            ("WITH a AS (SELECT 1 AS delete) SELECT 1", &[]),
            ("ALTER TYPE t DROP ATTRIBUTE a", &[]),
        ],
    );
}

#[test]
fn mysql_names_tables_partitions_and_aliases_in_its_own_way() {
    check(
        Dialect::Mysql,
        &[
            ("DROP TEMPORARY TABLE t", &[]),
            ("/*!50000 DROP TABLE `t` */", &["table t"]),
            ("DROP SCHEMA d", &["database d"]),
            ("CREATE OR REPLACE TABLE t (a int)", &["table t"]),
            (
                "ALTER IGNORE TABLE t WAIT 5 DROP a, DROP INDEX i, DROP KEY k, DROP PRIMARY KEY, \
                 DROP FOREIGN KEY f, DROP CHECK c, DROP SYSTEM VERSIONING, DROP COLUMN b",
                &["column t:a", "column t:b"],
            ),
            ("ALTER TABLE t DROP system", &["column t:system"]),
            (
                "ALTER TABLE t DROP PARTITION p, q",
                &["partition t:p", "partition t:q"],
            ),
            ("ALTER TABLE t TRUNCATE PARTITION p", &["all of t"]),
            ("TRUNCATE t", &["all of t"]),
            ("DELETE QUICK FROM t LIMIT 5", &["some of t"]),
            ("DELETE FROM t", &["rows of t"]),
            (
                "DELETE u, p.* FROM users AS u JOIN posts p ON 1",
                &["rows of users", "rows of posts"],
            ),
            (
                "DELETE FROM a, b USING a JOIN b WHERE 1",
                &["some of a", "some of b"],
            ),
            (
                "DELETE users FROM users JOIN posts ON 1 WHERE 1",
                &["some of users"],
            ),
            (
                "WITH a AS (SELECT 1) DELETE FROM t WHERE id IN (SELECT * FROM a)",
                &["some of t"],
            ),
        ],
    );
}

#[test]
fn sqlite_takes_names_in_any_quotes() {
    check(
        Dialect::Sqlite,
        &[
            ("DROP TABLE 'a b'", &["table a b"]),
            ("DROP TABLE [main].[t]", &["table main.t"]),
            ("ALTER TABLE t DROP partition", &["column t:partition"]),
            ("DELETE FROM t INDEXED BY i", &["rows of t"]),
            ("WITH a AS (SELECT 1) DELETE FROM t", &["rows of t"]),
        ],
    );
}
