//! Reads of `CREATE INDEX` and `CREATE VIEW` what no pragma tells.

use super::cursor::{Cursor, split_at_commas};
use super::expression::normal;
use crate::sql::Piece;

/// What a `CREATE INDEX` says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CreateIndex<'a> {
    /// Its keys, without directions.
    pub(super) keys: Vec<Vec<Piece<'a>>>,
    /// The condition of a partial index.
    pub(super) predicate: Option<Vec<Piece<'a>>>,
}

/// What a `CREATE VIEW` says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CreateView {
    /// Its list of columns, in brackets.
    pub(super) options: Option<String>,
    /// What it selects.
    pub(super) definition: String,
}

/// Reads a statement as SQLite stores it.
pub(super) fn index(sql: &str) -> CreateIndex<'_> {
    let mut cursor = Cursor::new(sql);
    cursor.eat(&["CREATE"]);
    cursor.eat(&["UNIQUE"]);
    cursor.eat(&["INDEX"]);
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    qualified(&mut cursor);
    cursor.eat(&["ON"]);
    let _ = cursor.name();
    let mut keys = split_at_commas(&cursor.brackets().unwrap_or_default());
    for key in &mut keys {
        if key
            .last()
            .is_some_and(|last| last.is("ASC") || last.is("DESC"))
        {
            key.pop();
        }
    }
    let predicate = cursor.eat(&["WHERE"]).then(|| cursor.rest_pieces());
    CreateIndex { keys, predicate }
}

/// Reads a statement as SQLite stores it.
pub(super) fn view(sql: &str) -> CreateView {
    let mut cursor = Cursor::new(sql);
    cursor.eat(&["CREATE"]);
    let _ = cursor.word_of(&["TEMP", "TEMPORARY"]);
    cursor.eat(&["VIEW"]);
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    qualified(&mut cursor);
    let options = cursor
        .brackets()
        .map(|inside| format!("({})", normal(&inside, &[])));
    cursor.eat(&["AS"]);
    CreateView {
        options,
        definition: cursor.rest().to_owned(),
    }
}

fn qualified(cursor: &mut Cursor<'_>) {
    let _ = cursor.name();
    if cursor.eat_mark(".") {
        let _ = cursor.name();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(sql: &str) -> (Vec<String>, Option<String>) {
        let index = index(sql);
        let keys = index.keys.iter().map(|key| normal(key, &[])).collect();
        (keys, index.predicate.map(|pieces| normal(&pieces, &[])))
    }

    #[test]
    fn keys_and_condition_of_an_index_are_read() {
        let sql = "CREATE UNIQUE INDEX \"a b\" ON t(lower(a) DESC,b COLLATE nocase asc, \
                   coalesce(a, b)) /* x */ where a>0";
        let expected = ["lower(a)", "b COLLATE nocase", "coalesce(a, b)"];
        assert_eq!(
            keys(sql),
            (expected.map(str::to_owned).into(), Some("a > 0".into()))
        );
    }

    #[test]
    fn a_view_is_what_stands_after_as() {
        let sql = "CREATE VIEW \"as\" ( a,\"b c\" ) AS -- all\n SELECT 1, ';' -- end\n ; ";
        let expected = CreateView {
            options: Some("(a, \"b c\")".into()),
            definition: "SELECT 1, ';'".into(),
        };
        assert_eq!(view(sql), expected);
    }

    #[test]
    fn a_broken_text_is_no_reason_to_stop() {
        assert_eq!(view("CREATE VIEW").definition, "");
        assert_eq!(index("CREATE INDEX a ON").predicate, None);
    }
}
