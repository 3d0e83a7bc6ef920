//! The name in Rust of a table or a column.

/// Words that cannot be the name of a table or a column: those of Rust, those Rust keeps for later,
/// and those that `table!` uses itself. Sorted.
const RESERVED: &[&str] = &[
    "Self",
    "abstract",
    "alignof",
    "as",
    "async",
    "await",
    "become",
    "bool",
    "box",
    "break",
    "columns",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "if",
    "impl",
    "in",
    "is_nullable",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "offsetof",
    "override",
    "priv",
    "proc",
    "pub",
    "pure",
    "ref",
    "return",
    "self",
    "sizeof",
    "static",
    "struct",
    "super",
    "table",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Makes the name in Rust of a table, or of a column of the table that has the given name in Rust.
///
/// As `diesel` does it: a reserved word, and a column that is called like its table, gets a `_`;
/// what cannot stand in a name becomes `_`, and several of them one. `diesel` lets through what is
/// no name at all (`async`, `2fa`, `日本`); here it gets a `_` as well.
#[must_use]
pub fn rust_name(sql_name: &str, table: Option<&str>) -> String {
    if is_reserved(sql_name) || table == Some(sql_name) {
        return format!("{sql_name}_");
    }
    let name = if sql_name.chars().all(can_stand) {
        sql_name.to_owned()
    } else {
        replaced(sql_name)
    };
    if name.is_empty() || name == "_" {
        return "__".to_owned();
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("_{name}");
    }
    name
}

/// Whether a `table!` cannot use the name as it is.
pub(super) fn is_reserved(name: &str) -> bool {
    // What begins with two underscores is Diesel's own, unless it ends with one.
    RESERVED.contains(&name) || (name.starts_with("__") && !name.ends_with('_'))
}

fn can_stand(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The name with each run of underscores and characters that cannot stand in one made one `_`.
fn replaced(sql_name: &str) -> String {
    let mut name = String::with_capacity(sql_name.len());
    for character in sql_name.chars() {
        if character.is_ascii_alphanumeric() {
            name.push(character);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_name_stays_as_it_is() {
        for name in ["users", "Users", "user_2", "_id", "a__b", "__x_"] {
            assert_eq!(rust_name(name, None), name);
        }
    }

    #[test]
    fn a_reserved_word_gets_an_underscore() {
        for name in ["type", "table", "columns", "async", "Self", "__x"] {
            assert_eq!(rust_name(name, None), format!("{name}_"));
        }
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn a_column_that_is_called_like_its_table_gets_an_underscore() {
        assert_eq!(rust_name("users", Some("users")), "users_");
        assert_eq!(rust_name("users", Some("posts")), "users");
    }

    #[test]
    fn what_cannot_stand_in_a_name_becomes_one_underscore() {
        assert_eq!(rust_name("user-list", None), "user_list");
        assert_eq!(rust_name("a - _b", None), "a_b");
        assert_eq!(rust_name("größe", None), "gr_e");
    }

    #[test]
    fn what_is_no_name_becomes_one() {
        assert_eq!(rust_name("2fa", None), "_2fa");
        assert_eq!(rust_name("日本", None), "__");
        for name in ["2fa", "日本", "a-b", "type", "try", " ", ""] {
            assert!(syn::parse_str::<syn::Ident>(&rust_name(name, None)).is_ok());
        }
    }
}
