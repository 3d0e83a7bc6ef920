//! `PRAGMA foreign_keys`, which SQLite ignores without a word inside a transaction.

use super::reader::Reader;
use crate::sql::Dialect;

/// Whether a statement of SQLite turns foreign keys on or off.
#[must_use]
pub fn is_foreign_keys_pragma(text: &str) -> bool {
    let mut reader = Reader::new(text, Dialect::Sqlite);
    reader.eat("PRAGMA")
        && reader
            .object_name()
            .is_some_and(|pragma| pragma.name.eq_ignore_ascii_case("foreign_keys"))
        && (reader.eat_punctuation("=") || reader.eat_punctuation("("))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_assignment_counts() {
        assert!(is_foreign_keys_pragma("pragma foreign_keys=off"));
        assert!(is_foreign_keys_pragma("PRAGMA main.Foreign_Keys(ON)"));
        assert!(!is_foreign_keys_pragma("PRAGMA foreign_keys"));
        assert!(!is_foreign_keys_pragma("PRAGMA defer_foreign_keys = ON"));
        assert!(!is_foreign_keys_pragma("SELECT foreign_keys = 1"));
    }
}
