use super::*;

/// The place and the message of an error, the lines it shows and its hints.
fn explained(source: &str, dialect: Dialect) -> Vec<String> {
    let error = split(source, dialect).expect_err("the script cannot be cut");
    let mut lines = vec![format!("{}:{}: {error}", error.line(), error.column())];
    lines.extend(error.details());
    lines.extend(
        error
            .hints()
            .into_iter()
            .map(|hint| format!("hint: {hint}")),
    );
    lines
}

#[test]
fn an_unclosed_string_is_shown_where_it_starts() {
    assert_eq!(
        explained("SELECT 1;\nSELECT 'a;\nSELECT 2;", Dialect::Sqlite),
        [
            "2:8: a string is never closed",
            "2 | SELECT 'a;",
            "  |        ^",
            "hint: close the string; a quote inside it is written twice"
        ]
    );
    assert_eq!(
        explained(r"SELECT 'a\';", Dialect::Mysql),
        [
            "1:8: a string is never closed",
            "1 | SELECT 'a\\';",
            "  |        ^",
            "hint: close the string; a quote inside it is written twice, and a backslash as `\\\\`"
        ]
    );
}

#[test]
fn an_unclosed_name_dollar_quote_or_comment_is_shown_where_it_starts() {
    assert_eq!(
        explained("SELECT \"a;", Dialect::Postgres),
        [
            "1:8: a quoted identifier is never closed",
            "1 | SELECT \"a;",
            "  |        ^",
            "hint: close the name with the quote that opens it; a quote inside it is written twice"
        ]
    );
    assert_eq!(
        explained("DO $x$ BEGIN $$", Dialect::Postgres),
        [
            "1:4: the dollar quote `$x$` is never closed",
            "1 | DO $x$ BEGIN $$",
            "  |    ^",
            "hint: write `$x$` again where the text ends"
        ]
    );
    assert_eq!(
        explained("a; /* /* */", Dialect::Postgres),
        [
            "1:4: a comment is never closed",
            "1 | a; /* /* */",
            "  |    ^",
            "hint: write `*/` for every `/*`: in PostgreSQL a comment may hold comments"
        ]
    );
    assert_eq!(
        explained("a; /* b", Dialect::Mysql),
        [
            "1:4: a comment is never closed",
            "1 | a; /* b",
            "  |    ^",
            "hint: write `*/` where the comment ends"
        ]
    );
}

#[test]
fn an_unclosed_body_is_shown_where_it_opens() {
    assert_eq!(
        explained(
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END x;",
            Dialect::Sqlite
        ),
        [
            "1:1: the body that starts with `CREATE TRIGGER` is never closed",
            "1 | CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END x;",
            "  | ^",
            "hint: end the trigger with `END;` after the last statement's `;`"
        ]
    );
    assert_eq!(
        explained(
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;",
            Dialect::Postgres
        ),
        [
            "1:33: the body that starts with `BEGIN ATOMIC` is never closed",
            "1 | CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;",
            "  |                                 ^",
            "hint: end the body with `END;` after the last statement's `;`"
        ]
    );
    assert_eq!(
        explained(
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2;",
            Dialect::Postgres
        ),
        [
            "1:36: the body that starts with `(` is never closed",
            "1 | CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2;",
            "  |                                    ^",
            "hint: close the list of the rule's actions with `)`"
        ]
    );
    assert_eq!(
        explained(
            "CREATE PROCEDURE p()\nBEGIN\n  IF a THEN SELECT 1;\nEND;",
            Dialect::Mysql
        ),
        [
            "2:1: the body that starts with `BEGIN` is never closed",
            "2 | BEGIN",
            "  | ^",
            "hint: end the block with `END;`, or write `BEGIN;` if it starts a transaction"
        ]
    );
    assert_eq!(
        explained("CREATE PROCEDURE p() WHILE a DO SELECT 1;", Dialect::Mysql),
        [
            "1:22: the body that starts with `WHILE` is never closed",
            "1 | CREATE PROCEDURE p() WHILE a DO SELECT 1;",
            "  |                      ^",
            "hint: end it with `END WHILE;`"
        ]
    );
}

#[test]
fn data_in_the_file_is_refused_before_it_is_read() {
    assert_eq!(
        explained("COPY t (a, b) FROM stdin;\nit's\n\\.\n", Dialect::Postgres),
        [
            "1:20: `COPY ... FROM STDIN` needs data that a migration cannot hold",
            "1 | COPY t (a, b) FROM stdin;",
            "  |                    ^",
            "hint: write the rows as `INSERT`, or `COPY ... FROM` a file on the server"
        ]
    );
    for source in [
        "COPY t FROM 'stdin'",
        "COPY t TO STDOUT",
        "COPY (SELECT 1 FROM stdin) TO 'f'",
    ] {
        assert_eq!(texts(source, Dialect::Postgres), [source]);
    }
}

#[test]
fn commands_of_client_programs_are_refused() {
    assert_eq!(
        explained("SELECT 1;\n\\connect other\n", Dialect::Postgres),
        [
            "2:1: `\\connect` is a command of psql, not SQL",
            "2 | \\connect other",
            "  | ^",
            "hint: remove the command; the server reads only SQL"
        ]
    );
    assert_eq!(
        explained("SELECT 1 \\gexec", Dialect::Postgres),
        [
            "1:10: `\\gexec` is a command of psql, not SQL",
            "1 | SELECT 1 \\gexec",
            "  |          ^",
            "hint: remove the command; the server reads only SQL"
        ]
    );
    assert_eq!(
        explained("-- a\ndelimiter //\nSELECT 1//", Dialect::Mysql),
        [
            "2:1: `delimiter` is a command of the mysql client, not SQL",
            "2 | delimiter //",
            "  | ^",
            "hint: remove the `DELIMITER` lines and end the body with `END;`: the server reads it as it is"
        ]
    );
    assert_eq!(
        explained(".mode csv", Dialect::Sqlite),
        [
            "1:1: `.mode` is a command of the sqlite3 shell, not SQL",
            "1 | .mode csv",
            "  | ^",
            "hint: remove the command; the server reads only SQL"
        ]
    );
    assert_eq!(
        texts("SELECT delimiter; SELECT .5", Dialect::Mysql),
        ["SELECT delimiter", "SELECT .5"]
    );
}
