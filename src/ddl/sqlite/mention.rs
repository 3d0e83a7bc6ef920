//! Which names a text mentions.

use std::collections::BTreeSet;

use crate::sql::{Dialect, pieces};

/// The names in a text, quoted or not, in small letters. Among them are keywords, and names of something
/// else.
pub(super) fn names(text: &str) -> BTreeSet<String> {
    pieces(text, Dialect::Sqlite)
        .iter()
        .filter_map(|piece| piece.name(Dialect::Sqlite))
        .map(|name| name.to_ascii_lowercase())
        .collect()
}

/// Whether a text has this name in it. It may be the name of something else, so a yes means perhaps.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    names(text).contains(&name.to_ascii_lowercase())
}

/// Whether a text has one of these names in it.
pub(super) fn mentions_any(text: &str, some: &[String]) -> bool {
    if some.is_empty() {
        return false;
    }
    let names = names(text);
    some.iter()
        .any(|name| names.contains(&name.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_any_spelling_and_not_in_part() {
        let text = "SELECT [Full Name], users.id FROM `users` -- teams";
        for name in ["full name", "USERS", "id"] {
            assert!(mentions(text, name), "{name}");
        }
        assert!(!mentions_any(text, &["teams".into(), "user".into()]));
    }
}
