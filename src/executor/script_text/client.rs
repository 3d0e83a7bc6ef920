//! What the servers' clients read in another way than the servers: where a statement ends, what is a
//! variable, what is a line.

use crate::sql::lexer::{Lexer, Token, TokenKind};
use crate::sql::{self, Dialect, Statement};

/// Writes a statement, with what stands before it.
pub(super) fn statement(out: &mut String, statement: &Statement<'_>, dialect: Dialect) {
    leading(out, statement, dialect);
    text(out, statement, dialect);
}

/// Writes what stands before a statement.
pub(super) fn leading(out: &mut String, statement: &Statement<'_>, dialect: Dialect) {
    let before = without_empty_statements(statement.leading, dialect);
    if out.is_empty() || out.ends_with('\n') {
        out.push_str(before.trim_start_matches(is_line_space));
    } else {
        out.push_str(&before);
    }
}

/// Writes a statement to its end.
pub(super) fn text(out: &mut String, statement: &Statement<'_>, dialect: Dialect) {
    let spelled = spelled(statement.text, dialect);
    let gap = statement.terminator.trim_end_matches(';');
    if dialect != Dialect::Mysql || !holds_semicolon(statement.text, dialect) {
        out.push_str(&spelled);
        out.push_str(gap);
        out.push(';');
        return;
    }
    end_line(out);
    let delimiter = delimiter(statement.text);
    out.push_str("DELIMITER ");
    out.push_str(delimiter);
    out.push('\n');
    out.push_str(&spelled);
    out.push_str(gap);
    out.push('\n');
    out.push_str(delimiter);
    out.push_str("\nDELIMITER ;\n");
}

/// Writes what follows the last statement, and ends the line.
pub(super) fn rest(out: &mut String, tail: &str, dialect: Dialect) {
    let tail = without_empty_statements(tail, dialect);
    let tail = tail.trim_end();
    if out.ends_with('\n') {
        out.push_str(tail.trim_start_matches(is_line_space));
    } else {
        out.push_str(tail);
    }
    end_line(out);
}

/// Ends the line, if one is begun.
pub(super) fn end_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn is_line_space(character: char) -> bool {
    character.is_whitespace()
}

/// A byte order mark in the middle of a script is a character, and an empty statement is an error to some.
fn without_empty_statements(text: &str, dialect: Dialect) -> String {
    tokens(text, dialect)
        .filter(|token| token.kind != TokenKind::Semicolon)
        .map(|token| token.text(text).trim_start_matches('\u{feff}'))
        .collect()
}

fn tokens(text: &str, dialect: Dialect) -> impl Iterator<Item = Token> {
    Lexer::new(text, dialect).map_while(Result::ok)
}

/// The `mariadb` client cuts at every semicolon outside of quotes, in bodies and in executable comments too.
fn holds_semicolon(text: &str, dialect: Dialect) -> bool {
    tokens(text, dialect).any(|token| {
        matches!(token.kind, TokenKind::Semicolon | TokenKind::Punctuation)
            && token.text(text) == ";"
    })
}

/// One that the text does not hold.
fn delimiter(text: &str) -> &'static str {
    const ONES: [&str; 5] = ["$$", "//", "|||", "@@@@", "$$$$$$"];
    ONES.into_iter()
        .find(|one| !text.contains(one))
        .unwrap_or("$$manage$$")
}

/// The statement as its client reads what the server should.
fn spelled(text: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => for_sqlite3(text),
        Dialect::Postgres => for_psql(text),
        Dialect::Mysql => for_mariadb(text),
    }
}

/// `psql` takes `:name` for a variable, wherever it is not quoted; with a space it is the end of a slice.
fn for_psql(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for token in tokens(text, Dialect::Postgres) {
        out.push_str(token.text(text));
        let next = text.as_bytes().get(token.end).copied();
        if token.kind == TokenKind::Punctuation
            && token.text(text) == ":"
            && next.is_some_and(|byte| {
                byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"_'\"{".contains(&byte)
            })
        {
            out.push(' ');
        }
    }
    out
}

/// `sqlite3` makes `\n` of `\r\n`, in strings too, and takes a line of `/` or `go` alone for the end of a
/// statement.
fn for_sqlite3(text: &str) -> String {
    let head = sql::pieces(text, Dialect::Sqlite).first().copied();
    // A definition is kept as text, and takes no expression everywhere.
    let defines = head.is_some_and(|head| head.is("CREATE") || head.is("ALTER"));
    if text.contains("\r\n") && !defines {
        return without_lone_lines(&with_line_ends(text));
    }
    without_lone_lines(text)
}

fn with_line_ends(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for token in tokens(text, Dialect::Sqlite) {
        let text = token.text(text);
        if token.kind == TokenKind::String && text.contains("\r\n") {
            out.push('(');
            out.push_str(&text.replace("\r\n", "' || char(13, 10) || '"));
            out.push(')');
        } else {
            out.push_str(text);
        }
    }
    out
}

fn without_lone_lines(text: &str) -> String {
    if !text
        .lines()
        .any(|line| matches!(line.trim().to_ascii_lowercase().as_str(), "/" | "go"))
    {
        return text.to_owned();
    }
    tokens(text, Dialect::Sqlite)
        .map(|token| match token.kind {
            TokenKind::Whitespace => " ",
            // What a comment of one line hides ends with the line.
            TokenKind::Comment if token.text(text).starts_with("--") => " ",
            TokenKind::Comment
            | TokenKind::Word
            | TokenKind::QuotedIdentifier
            | TokenKind::String
            | TokenKind::DollarQuoted
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Semicolon
            | TokenKind::Punctuation
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd => token.text(text),
        })
        .collect()
}

/// The `mariadb` client makes `\n` of `\r\n`, in strings too.
fn for_mariadb(text: &str) -> String {
    if !text.contains("\r\n") {
        return text.to_owned();
    }
    tokens(text, Dialect::Mysql)
        .map(|token| match token.kind {
            TokenKind::String => token.text(text).replace("\r\n", "\\r\n"),
            TokenKind::Whitespace
            | TokenKind::Comment
            | TokenKind::Word
            | TokenKind::QuotedIdentifier
            | TokenKind::DollarQuoted
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Semicolon
            | TokenKind::Punctuation
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd => token.text(text).to_owned(),
        })
        .collect()
}
