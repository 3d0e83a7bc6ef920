//! Whether a statement of PostgreSQL can change where names are looked up.

use super::reader::Reader;
use crate::sql::Dialect;

/// Statements that may call or set anything.
const HEADS: &[&str] = &[
    "CALL", "DISCARD", "DO", "EXECUTE", "EXPLAIN", "RESET", "SELECT", "SET", "VALUES", "WITH",
];

/// Whether the text could change `search_path`: it names it, or it runs what is not seen here.
///
/// A function called from an `INSERT`, an `UPDATE` or a trigger is not suspected.
#[must_use]
pub fn mentions_search_path(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Postgres);
    if reader.eat_any(HEADS) || reader.eat_punctuation("(") {
        return true;
    }
    // Most statements are settled by this look at the bytes, comments and all.
    holds_setting(text) && reader.any(|piece| holds_setting(piece.text))
}

fn holds_setting(text: &str) -> bool {
    const SETTING: &[u8] = b"search_path";
    text.as_bytes()
        .windows(SETTING.len())
        .any(|window| window.eq_ignore_ascii_case(SETTING))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_or_an_unseen_body_is_suspected() {
        for text in [
            "SET search_path TO a",
            "SELECT set_config($$search_path$$, 'a', false)",
            "SELECT f()",
            "(SELECT f())",
            "WITH a AS (SELECT f()) TABLE a",
            "DO $$ BEGIN END $$",
            "DISCARD ALL",
            "RESET ALL",
            "ALTER ROLE a SET Search_Path = b",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = a AS 'SELECT 1'",
            "COMMENT ON TABLE t IS 'the search_path'",
        ] {
            assert!(mentions_search_path(text), "{text}");
        }
    }

    #[test]
    fn ordinary_statements_and_comments_are_not() {
        for text in [
            "CREATE TABLE t (id int)",
            "INSERT INTO t VALUES (1) -- search_path",
            "/* search_path */ DROP TABLE t",
            "",
        ] {
            assert!(!mentions_search_path(text), "{text}");
        }
    }
}
