//! Statements of MySQL and MariaDB that commit whatever came before them.

use super::reader::{Piece, Reader};
use crate::sql::Dialect;

/// Statements that commit whatever follows.
const ALWAYS: &[&str] = &[
    "ALTER",
    "BACKUP",
    "BEGIN",
    "CHANGE",
    "FLUSH",
    "GRANT",
    "INSTALL",
    "RENAME",
    "RESET",
    "REVOKE",
    "TRUNCATE",
    "UNINSTALL",
];

/// Whether a statement of MySQL or MariaDB commits the transaction round it.
///
/// What a prepared statement or a procedure does is not known.
#[must_use]
pub fn commits_implicitly(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Mysql);
    let Some(head) = reader.next() else {
        return false;
    };
    let opens_block = head.is_any(&["IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR"])
        || head.is("BEGIN") && reader.sees("NOT");
    if opens_block {
        return block_commits(reader);
    }
    statement_commits(head, reader)
}

fn statement_commits(head: Piece<'_>, mut reader: Reader<'_>) -> bool {
    if head.is_any(ALWAYS) {
        return true;
    }
    if head.is("CREATE") {
        reader.eat_all(&["OR", "REPLACE"]);
        return !reader.eat_all(&["TEMPORARY", "TABLE"]);
    }
    if head.is("DROP") {
        // `DROP PREPARE` forgets a prepared statement.
        return !reader.eat("PREPARE") && !reader.eat_all(&["TEMPORARY", "TABLE"]);
    }
    if head.is_any(&["ANALYZE", "CHECK", "OPTIMIZE", "REPAIR"]) {
        // `ANALYZE SELECT` of MariaDB only measures.
        reader.eat_any(&["NO_WRITE_TO_BINLOG", "LOCAL"]);
        return reader.eat_any(&["TABLE", "TABLES", "VIEW", "VIEWS"]);
    }
    if head.is_any(&["LOCK", "UNLOCK"]) {
        return reader.eat_any(&["TABLE", "TABLES"]);
    }
    if head.is("SET") {
        return reader.eat("PASSWORD") || reader.eat_all(&["DEFAULT", "ROLE"]);
    }
    if head.is_any(&["LOAD", "CACHE"]) {
        return reader.eat("INDEX");
    }
    if head.is("IMPORT") {
        return reader.eat("TABLE");
    }
    if head.is_any(&["START", "STOP"]) {
        reader.eat("ALL");
        return reader.eat_any(&["TRANSACTION", "SLAVE", "SLAVES", "REPLICA", "REPLICAS"]);
    }
    false
}

/// Whether any statement inside a block of MariaDB commits; the order they run in is not known.
fn block_commits(mut reader: Reader<'_>) -> bool {
    while let Some(piece) = reader.next() {
        // Only these can be told from the names and the words inside other statements.
        if piece.is_any(&[
            "ALTER", "CREATE", "DROP", "GRANT", "RENAME", "REVOKE", "TRUNCATE",
        ]) && statement_commits(piece, reader.clone())
        {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_and_administration_commit() {
        for text in [
            "CREATE TABLE t (a int)",
            "/*!50003 CREATE*/ /*!50017 DEFINER=a@b*/ /*!50003 TRIGGER t BEFORE INSERT ON u \
             FOR EACH ROW SET @a = 1 */",
            "create or replace view v as select 1",
            "ALTER TABLE t ADD b int",
            "DROP TABLE t",
            "RENAME TABLE a TO b",
            "TRUNCATE t",
            "GRANT ALL ON *.* TO a",
            "REVOKE ALL ON *.* FROM a",
            "ANALYZE LOCAL TABLE t",
            "OPTIMIZE TABLE t",
            "LOCK TABLES t READ",
            "UNLOCK TABLES",
            "FLUSH TABLES",
            "INSTALL PLUGIN a SONAME 'b'",
            "SET PASSWORD = 'a'",
            "SET DEFAULT ROLE a FOR b",
            "CREATE TEMPORARY SEQUENCE s",
            "BACKUP STAGE START",
            "LOAD INDEX INTO CACHE t",
            "CACHE INDEX t IN c",
            "RESET MASTER",
            "START ALL SLAVES",
            "STOP REPLICA",
            "BEGIN",
            "START TRANSACTION",
            "SET STATEMENT max_statement_time = 1 FOR DROP TABLE t",
            "BEGIN NOT ATOMIC IF 1 THEN DROP TABLE t; END IF; END",
        ] {
            assert!(commits_implicitly(text), "{text}");
        }
    }

    #[test]
    fn rows_and_temporary_tables_do_not() {
        for text in [
            "CREATE TEMPORARY TABLE t (a int)",
            "CREATE OR REPLACE TEMPORARY TABLE t (a int)",
            "DROP TEMPORARY TABLE t",
            "DROP PREPARE s",
            "INSERT INTO t VALUES (1)",
            "SELECT 'CREATE TABLE'",
            "ANALYZE SELECT 1",
            "ANALYZE FORMAT=JSON SELECT 1",
            "CHECKSUM TABLE t",
            "LOAD DATA INFILE 'f' INTO TABLE t",
            "SET autocommit = 0",
            "SET ROLE a",
            "COMMIT",
            "BEGIN NOT ATOMIC INSERT INTO t VALUES (1); END",
            "",
        ] {
            assert!(!commits_implicitly(text), "{text}");
        }
    }
}
