//! One text for all spellings of an expression that differ in layout alone.

use crate::sql::lexer::TokenKind;
use crate::sql::{Dialect, Piece, pieces};

/// Writes an expression with single spaces, without comments and without brackets round the whole.
///
/// Keywords that can be nothing else are in upper case. A column, by whatever spelling, is written
/// like its name: quotes where it needs them and nowhere else. What else stands in double quotes may
/// be a string to SQLite, and stays as it is.
pub(super) fn normal(pieces: &[Piece<'_>], columns: &[String]) -> String {
    let pieces = without_brackets(pieces);
    let mut text = String::new();
    let mut before: Option<Piece<'_>> = None;
    let mut sign_before = false;
    for (index, piece) in pieces.iter().enumerate() {
        if let Some(before) = before
            && needs_space(before, *piece, sign_before)
        {
            text.push(' ');
        }
        sign_before = is_sign(*piece, before);
        let calls = pieces
            .get(index + 1)
            .is_some_and(|next| next.is_punctuation("("));
        text.push_str(&spelled(*piece, columns, calls));
        before = Some(*piece);
    }
    text
}

/// The same for a text; one that cannot be read as tokens is only trimmed.
pub(super) fn normal_text(source: &str, columns: &[String]) -> String {
    let pieces = pieces(source, Dialect::Sqlite);
    if pieces.is_empty() {
        return source.trim().to_owned();
    }
    normal(&pieces, columns)
}

/// A declared type in upper case with single spaces: `VARCHAR(50)`, `DOUBLE PRECISION`, `DECIMAL(8,2)`.
pub(super) fn type_name(source: &str) -> String {
    let mut text = String::new();
    let mut close = true;
    for piece in pieces(source, Dialect::Sqlite) {
        let mark = ["(", ")", ",", "+", "-"]
            .iter()
            .any(|mark| piece.is_punctuation(mark));
        if !close && !mark {
            text.push(' ');
        }
        if piece.kind == TokenKind::Word {
            text.push_str(&piece.text.to_ascii_uppercase());
        } else {
            text.push_str(piece.text);
        }
        close = mark && !piece.is_punctuation(")");
    }
    text
}

/// A name as it stands in an expression: quoted where it has to be.
pub(super) fn name(name: &str) -> String {
    let mut characters = name.chars();
    let plain = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
        && !is_in(name, RESERVED)
        && !is_in(name, KEYWORDS);
    if plain {
        name.to_owned()
    } else {
        Dialect::Sqlite.quote_identifier(name)
    }
}

/// The column of that name; SQLite compares names without regard to the case of ASCII letters.
fn column<'a>(name: &str, columns: &'a [String]) -> Option<&'a String> {
    columns
        .iter()
        .find(|column| column.eq_ignore_ascii_case(name))
}

fn spelled(piece: Piece<'_>, columns: &[String], calls: bool) -> String {
    match piece.kind {
        TokenKind::Word if is_in(piece.text, RESERVED) => piece.text.to_ascii_uppercase(),
        TokenKind::Word | TokenKind::QuotedIdentifier if !calls => piece
            .name(Dialect::Sqlite)
            .and_then(|spelling| column(&spelling, columns))
            .map_or_else(|| piece.text.to_owned(), |column| name(column)),
        TokenKind::Word
        | TokenKind::QuotedIdentifier
        | TokenKind::Whitespace
        | TokenKind::Comment
        | TokenKind::String
        | TokenKind::DollarQuoted
        | TokenKind::Number
        | TokenKind::Parameter
        | TokenKind::Semicolon
        | TokenKind::Punctuation
        | TokenKind::ExecutableStart
        | TokenKind::ExecutableEnd => piece.text.to_owned(),
    }
}

/// Takes brackets away that open at the beginning and close at the end.
fn without_brackets<'p, 'a>(mut pieces: &'p [Piece<'a>]) -> &'p [Piece<'a>] {
    while let [first, inside @ .., last] = pieces
        && first.is_punctuation("(")
        && last.is_punctuation(")")
        && is_balanced(inside)
    {
        pieces = inside;
    }
    pieces
}

fn is_balanced(pieces: &[Piece<'_>]) -> bool {
    let mut depth = 0_usize;
    for piece in pieces {
        if piece.is_punctuation("(") {
            depth += 1;
        } else if piece.is_punctuation(")") {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            }
        }
    }
    depth == 0 && !pieces.is_empty()
}

fn needs_space(before: Piece<'_>, piece: Piece<'_>, sign_before: bool) -> bool {
    // Two signs would begin a comment.
    if sign_before && piece.kind != TokenKind::Punctuation {
        return false;
    }
    let calls = piece.is_punctuation("(")
        && match before.kind {
            TokenKind::Word => !is_in(before.text, RESERVED),
            TokenKind::QuotedIdentifier => true,
            TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::String
            | TokenKind::DollarQuoted
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Semicolon
            | TokenKind::Punctuation
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd => false,
        };
    !calls
        && !before.is_punctuation("(")
        && !before.is_punctuation(".")
        && ![")", ",", "."]
            .iter()
            .any(|mark| piece.is_punctuation(mark))
}

/// Whether a token is a sign of what follows, and not between two values.
fn is_sign(piece: Piece<'_>, before: Option<Piece<'_>>) -> bool {
    ["+", "-", "~"]
        .iter()
        .any(|mark| piece.is_punctuation(mark))
        && before.is_none_or(|before| match before.kind {
            TokenKind::Punctuation => before.text != ")",
            TokenKind::Word => is_in(before.text, OPERATORS),
            TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::QuotedIdentifier
            | TokenKind::String
            | TokenKind::DollarQuoted
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Semicolon
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd => false,
        })
}

fn is_in(word: &str, list: &[&str]) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(word))
}

/// Words after which a value begins.
const OPERATORS: &[&str] = &[
    "AND", "BETWEEN", "CASE", "ELSE", "ESCAPE", "IN", "IS", "NOT", "OR", "SELECT", "THEN", "WHEN",
    "WHERE",
];

/// Words that are no name unless they are quoted.
const RESERVED: &[&str] = &[
    "ADD",
    "ALL",
    "ALTER",
    "AND",
    "AS",
    "AUTOINCREMENT",
    "BETWEEN",
    "CASE",
    "CHECK",
    "COLLATE",
    "COMMIT",
    "CONSTRAINT",
    "CREATE",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DEFAULT",
    "DEFERRABLE",
    "DELETE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "ESCAPE",
    "EXISTS",
    "FALSE",
    "FOREIGN",
    "FROM",
    "GROUP",
    "HAVING",
    "IN",
    "INDEX",
    "INSERT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "LIMIT",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "PRIMARY",
    "REFERENCES",
    "RETURNING",
    "SELECT",
    "SET",
    "TABLE",
    "THEN",
    "TO",
    "TRANSACTION",
    "TRUE",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
];

/// Words that SQLite takes for a name only where they can be nothing else.
const KEYWORDS: &[&str] = &[
    "ABORT",
    "ACTION",
    "AFTER",
    "ALWAYS",
    "ANALYZE",
    "ASC",
    "ATTACH",
    "BEFORE",
    "BEGIN",
    "BY",
    "CASCADE",
    "CAST",
    "COLUMN",
    "CONFLICT",
    "CROSS",
    "CURRENT",
    "DATABASE",
    "DEFERRED",
    "DESC",
    "DETACH",
    "DO",
    "EACH",
    "END",
    "EXCEPT",
    "EXCLUDE",
    "EXCLUSIVE",
    "EXPLAIN",
    "FAIL",
    "FILTER",
    "FIRST",
    "FOLLOWING",
    "FOR",
    "FULL",
    "GENERATED",
    "GLOB",
    "GROUPS",
    "IF",
    "IGNORE",
    "IMMEDIATE",
    "INDEXED",
    "INITIALLY",
    "INNER",
    "INSTEAD",
    "INTERSECT",
    "KEY",
    "LAST",
    "LEFT",
    "LIKE",
    "MATCH",
    "MATERIALIZED",
    "NATURAL",
    "NO",
    "NULLS",
    "OF",
    "OFFSET",
    "OTHERS",
    "OUTER",
    "OVER",
    "PARTITION",
    "PLAN",
    "PRAGMA",
    "PRECEDING",
    "QUERY",
    "RAISE",
    "RANGE",
    "RECURSIVE",
    "REGEXP",
    "REINDEX",
    "RELEASE",
    "RENAME",
    "REPLACE",
    "RESTRICT",
    "RIGHT",
    "ROLLBACK",
    "ROW",
    "ROWS",
    "SAVEPOINT",
    "TEMP",
    "TEMPORARY",
    "TIES",
    "TRIGGER",
    "UNBOUNDED",
    "UNION",
    "VACUUM",
    "VIEW",
    "VIRTUAL",
    "WINDOW",
    "WITH",
    "WITHIN",
    "WITHOUT",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> String {
        let columns = ["age", "Name", "order", "key"].map(str::to_owned);
        normal_text(source, &columns)
    }

    #[test]
    fn layout_comments_and_outer_brackets_make_no_difference() {
        for spelling in [
            "age>0 and age<10",
            "(age > 0 AND\n age < 10)",
            "((\"age\" > 0/**/and `AGE` <10)) -- why",
        ] {
            assert_eq!(of(spelling), "age > 0 AND age < 10");
        }
    }

    #[test]
    fn inner_brackets_stay() {
        assert_eq!(of("(age > 0) or (age<-1)"), "(age > 0) OR (age < -1)");
        assert_eq!(of("( a )"), "a");
        assert_eq!(of("()"), "()");
    }

    #[test]
    fn names_of_columns_are_quoted_where_they_have_to_be() {
        assert_eq!(of("[order]>key"), "\"order\" > \"key\"");
        assert_eq!(of("\"NAME\" <> \"other\""), "Name <> \"other\"");
    }

    #[test]
    fn calls_lists_and_signs_are_spaced_as_people_do() {
        assert_eq!(
            of("length ( name )>-1 and Name in('a' ,\"b\") or - -age = t . age"),
            "length(Name) > -1 AND Name IN ('a', \"b\") OR - -age = t.age"
        );
    }

    #[test]
    fn types_are_upper_case_with_single_spaces() {
        assert_eq!(type_name("varchar /* x */ ( 50 )"), "VARCHAR(50)");
        assert_eq!(type_name("double\n precision"), "DOUBLE PRECISION");
        assert_eq!(
            type_name("decimal(10 , -2 ) unsigned"),
            "DECIMAL(10,-2) UNSIGNED"
        );
        assert_eq!(type_name(""), "");
    }
}
