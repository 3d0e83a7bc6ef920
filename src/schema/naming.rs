//! The names of constraints and sequences that nobody named.

use crate::schema::Name;

/// How long a name may be: in bytes on PostgreSQL, and within MySQL's 64 characters.
const LONGEST: usize = 63;

/// The name that PostgreSQL would choose: `posts_user_id_fkey`, `users_pkey`, `users_id_seq`.
///
/// Where that is too long, the longer of table and column gives way, byte by byte; where it is taken, a
/// number is added. So the result is the same as if the server had been left to choose.
#[must_use]
pub fn chosen(
    table: &Name,
    column: Option<&str>,
    label: &str,
    is_taken: impl Fn(&str) -> bool,
) -> String {
    let plain = composed(&table.name, column, label);
    if !is_taken(&plain) {
        return plain;
    }
    (1..=u32::MAX)
        .map(|number| composed(&table.name, column, &format!("{label}{number}")))
        .find(|name| !is_taken(name))
        .unwrap_or(plain)
}

fn composed(table: &str, column: Option<&str>, label: &str) -> String {
    let joints = if column.is_some() { 2 } else { 1 };
    let room = LONGEST.saturating_sub(label.len() + joints);
    let (mut first, mut second) = (table.len(), column.map_or(0, str::len));
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let table = cut(table, first);
    match column {
        Some(column) => format!("{table}_{}_{label}", cut(column, second)),
        None => format!("{table}_{label}"),
    }
}

/// As many bytes as are whole characters.
fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_table_column_and_kind() {
        let free = |_: &str| false;
        let table = Name::within("app", "posts");
        assert_eq!(
            chosen(&table, Some("user_id"), "fkey", free),
            "posts_user_id_fkey"
        );
        assert_eq!(chosen(&table, None, "pkey", free), "posts_pkey");
        let taken = |name: &str| name == "posts_pkey" || name == "posts_pkey1";
        assert_eq!(chosen(&table, None, "pkey", taken), "posts_pkey2");
    }

    #[test]
    fn what_is_too_long_is_cut_where_it_is_longest() {
        let free = |_: &str| false;
        let table = Name::new("t".repeat(60));
        let name = chosen(&table, Some("user_id"), "fkey", free);
        assert_eq!(name, format!("{}_user_id_fkey", "t".repeat(50)));
        let both = chosen(&table, Some(&"c".repeat(60)), "fkey", free);
        assert_eq!(both, format!("{}_{}_fkey", "t".repeat(29), "c".repeat(28)));
        let wide = chosen(&Name::new("é".repeat(40)), None, "pkey", free);
        assert_eq!(wide, format!("{}_pkey", "é".repeat(29)));
    }
}
