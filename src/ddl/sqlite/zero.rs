//! The nothing of a type.

use crate::schema::SqlType;

/// What rows get in a column that is new and required, where nobody decided.
pub(super) fn zero(sql_type: &SqlType) -> &'static str {
    let name = sql_type.as_str();
    let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if begins(&["TIMESTAMP", "DATETIME"]) {
        "'1970-01-01 00:00:00'"
    } else if begins(&["DATE"]) {
        "'1970-01-01'"
    } else if begins(&["TIME"]) {
        "'00:00:00'"
    } else if has(&["INT"]) {
        "0"
    } else if name.is_empty() || has(&["CHAR", "CLOB", "TEXT", "UUID"]) {
        "''"
    } else if has(&["BLOB", "BINARY"]) {
        "x''"
    } else if has(&["JSON"]) {
        "'null'"
    } else {
        "0"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_nothing() {
        for (name, expected) in [
            ("INTEGER", "0"),
            ("BIGINT", "0"),
            ("BOOLEAN", "0"),
            ("DECIMAL(8,2)", "0"),
            ("VARCHAR(50)", "''"),
            ("TEXT", "''"),
            ("", "''"),
            ("BLOB", "x''"),
            ("TIMESTAMP", "'1970-01-01 00:00:00'"),
            ("DATE", "'1970-01-01'"),
            ("TIME", "'00:00:00'"),
            ("JSON", "'null'"),
        ] {
            assert_eq!(zero(&SqlType::new(name)), expected, "{name}");
        }
    }
}
