//! Whether a migration changes rows.

use crate::sql::{self, Dialect};

/// What a statement that changes rows may begin with.
const HEADS: [&str; 9] = [
    "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "TRUNCATE", "COPY", "DO", "CALL",
];

/// Whether a statement of the text changes rows, as far as that shows. What a function does that is only
/// called does not.
pub(super) fn changes_rows(text: &str, dialect: Dialect) -> bool {
    let Ok(script) = sql::split(text, dialect) else {
        return false;
    };
    script.statements.iter().any(|statement| {
        let pieces = sql::pieces(statement.text, dialect);
        let is_head = |piece: &sql::Piece<'_>| HEADS.iter().any(|head| piece.is(head));
        match pieces.split_first() {
            Some((first, rest)) if first.is("WITH") => rest.iter().any(is_head),
            Some((first, _)) => is_head(first),
            None => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_change_rows_are_told_from_those_that_change_the_schema() {
        let changes = |text| changes_rows(text, Dialect::Postgres);
        assert!(changes(
            "ALTER TABLE t ADD a int; -- so\nupdate t SET a = 1;"
        ));
        assert!(changes("WITH old AS (SELECT 1) DELETE FROM t"));
        assert!(!changes("CREATE TABLE t (a int); SELECT 'INSERT INTO t'"));
        assert!(!changes("WITH old AS (SELECT 1) SELECT * FROM old"));
        assert!(!changes(
            "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING"
        ));
    }
}
