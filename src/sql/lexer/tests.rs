use super::*;

/// Every token but white space, as a word for its kind and its text.
fn tokens(source: &str, dialect: Dialect) -> Vec<String> {
    let mut tokens = Vec::new();
    for token in Lexer::new(source, dialect) {
        let token = token.unwrap_or_else(|error| panic!("{error}: {source}"));
        let kind = match token.kind {
            TokenKind::Whitespace => continue,
            TokenKind::Comment => "comment",
            TokenKind::Word => "word",
            TokenKind::QuotedIdentifier => "name",
            TokenKind::String => "string",
            TokenKind::DollarQuoted => "dollar",
            TokenKind::Number => "number",
            TokenKind::Parameter => "parameter",
            TokenKind::Semicolon => "end",
            TokenKind::Punctuation => "mark",
            TokenKind::ExecutableStart => "code",
            TokenKind::ExecutableEnd => "code-end",
        };
        tokens.push(format!("{kind} {}", token.text(source)));
    }
    tokens
}

fn check(dialect: Dialect, cases: &[(&str, &[&str])]) {
    for (source, expected) in cases {
        assert_eq!(tokens(source, dialect), *expected, "{source}");
    }
}

fn unclosed(source: &str, dialect: Dialect) -> Option<(Unclosed, usize)> {
    let error = Lexer::new(source, dialect).find_map(Result::err)?;
    Some((error.unclosed, error.offset))
}

#[test]
fn all_dialects_share_words_strings_numbers_and_comments() {
    for dialect in Dialect::ALL {
        check(
            dialect,
            &[
                ("sélect a$1;", &["word sélect", "word a$1", "end ;"]),
                ("'it''s' ''", &["string 'it''s'", "string ''"]),
                ("x'0a' max'b'", &["string x'0a'", "word max", "string 'b'"]),
                ("1.5e-3 .5 7", &["number 1.5e-3", "number .5", "number 7"]),
                ("0x1e+1", &["number 0x1e", "mark +", "number 1"]),
                ("a -- b;\nc", &["word a", "comment -- b;", "word c"]),
                (
                    "a/*;*/b/***/",
                    &["word a", "comment /*;*/", "word b", "comment /***/"],
                ),
                (
                    "a<>b->>c",
                    &["word a", "mark <>", "word b", "mark ->>", "word c"],
                ),
                ("\u{feff}t.a", &["word t", "mark .", "word a"]),
                ("\u{0}\u{1}", &["mark \u{0}", "mark \u{1}"]),
            ],
        );
        assert_eq!(unclosed("a 'b", dialect), Some((Unclosed::String, 2)));
        assert_eq!(unclosed("a 'b''", dialect), Some((Unclosed::String, 2)));
    }
}

#[test]
fn sqlite_has_four_quotes_and_variables() {
    check(
        Dialect::Sqlite,
        &[
            (
                "\"a\"\"b\" `c``d` [e\"f]",
                &["name \"a\"\"b\"", "name `c``d`", "name [e\"f]"],
            ),
            ("'a\\' 'b'", &["string 'a\\'", "string 'b'"]),
            (
                "?1 ? :a @b $c #d",
                &[
                    "parameter ?1",
                    "parameter ?",
                    "parameter :a",
                    "parameter @b",
                    "parameter $c",
                    "parameter #d",
                ],
            ),
            ("$a::b(;) $a(b", &["parameter $a::b(;)", "parameter $a(b"]),
            (": $", &["mark :", "mark $"]),
            ("a==b", &["word a", "mark ==", "word b"]),
            (
                "/* a /* b */ c */",
                &["comment /* a /* b */", "word c", "mark *", "mark /"],
            ),
            ("/* never closed;", &["comment /* never closed;"]),
            ("a /*", &["word a", "mark /", "mark *"]),
        ],
    );
    assert_eq!(
        unclosed("a [b", Dialect::Sqlite),
        Some((Unclosed::Identifier, 2))
    );
    assert_eq!(
        unclosed("a \"b", Dialect::Sqlite),
        Some((Unclosed::Identifier, 2))
    );
}

#[test]
fn postgres_strings_take_backslashes_only_after_an_e() {
    check(
        Dialect::Postgres,
        &[
            ("'a\\' b", &["string 'a\\'", "word b"]),
            ("E'a\\'b' e''''", &["string E'a\\'b'", "string e''''"]),
            (
                "U&'\\0061' B'1' N'a'",
                &["string U&'\\0061'", "string B'1'", "string N'a'"],
            ),
            (
                "U&\"a;\" u & b",
                &["name U&\"a;\"", "word u", "mark &", "word b"],
            ),
            ("name'a'", &["word name", "string 'a'"]),
        ],
    );
    assert_eq!(
        unclosed("E'a\\'", Dialect::Postgres),
        Some((Unclosed::String, 0))
    );
}

#[test]
fn postgres_continues_an_escape_string_on_the_next_line() {
    check(
        Dialect::Postgres,
        &[
            ("E'a'\n'\\';'", &["string E'a'\n'\\';'"]),
            ("E'a' -- it's\n\t'\\';'", &["string E'a' -- it's\n\t'\\';'"]),
            (
                "E'a' '\\';'';",
                &["string E'a'", "string '\\'", "end ;", "string ''", "end ;"],
            ),
            ("'a'\n'\\';", &["string 'a'", "string '\\'", "end ;"]),
        ],
    );
}

#[test]
fn postgres_dollar_quotes_do_not_start_inside_a_word() {
    check(
        Dialect::Postgres,
        &[
            ("$$a;$b$;$$", &["dollar $$a;$b$;$$"]),
            ("$é$;$$;$é$", &["dollar $é$;$$;$é$"]),
            ("$a$ $ab$ $a $a$", &["dollar $a$ $ab$ $a $a$"]),
            ("a$$b;c$$", &["word a$$b", "end ;", "word c$$"]),
            (
                "$1$a$;$a$ $ a",
                &["parameter $1", "dollar $a$;$a$", "mark $", "word a"],
            ),
            ("1$a$;$a$", &["number 1", "dollar $a$;$a$"]),
        ],
    );
    assert_eq!(
        unclosed("a $b$ $c$", Dialect::Postgres),
        Some((Unclosed::DollarQuote, 2))
    );
}

#[test]
fn postgres_comments_nest_and_end_at_either_line_end() {
    check(
        Dialect::Postgres,
        &[
            ("/* a /* b */; */c", &["comment /* a /* b */; */", "word c"]),
            ("/*/**/*/", &["comment /*/**/*/"]),
            ("--a\rb", &["comment --a", "word b"]),
            ("# a", &["mark #", "word a"]),
        ],
    );
    assert_eq!(
        unclosed("a /* /* */", Dialect::Postgres),
        Some((Unclosed::Comment, 2))
    );
}

#[test]
fn postgres_operators_stop_before_comments_and_signs() {
    check(
        Dialect::Postgres,
        &[
            ("a=-1", &["word a", "mark =", "mark -", "number 1"]),
            ("a@-1", &["word a", "mark @-", "number 1"]),
            ("a+--b", &["word a", "mark +", "comment --b"]),
            ("a*/*b*/c", &["word a", "mark *", "comment /*b*/", "word c"]),
            (
                "a::b:=c#>>d?|e",
                &[
                    "word a", "mark ::", "word b", "mark :=", "word c", "mark #>>", "word d",
                    "mark ?|", "word e",
                ],
            ),
        ],
    );
}

#[test]
fn mysql_strings_take_backslashes_in_both_quotes() {
    check(
        Dialect::Mysql,
        &[
            (
                r#"'a\';b' "c\";d" 'e\\'"#,
                &[r"string 'a\';b'", r#"string "c\";d""#, r"string 'e\\'"],
            ),
            (r#""a""b" `c\`"#, &[r#"string "a""b""#, r"name `c\`"]),
            (
                "N'a' b'1' _utf8'a'",
                &["string N'a'", "string b'1'", "word _utf8", "string 'a'"],
            ),
        ],
    );
    assert_eq!(
        unclosed(r"a 'b\'", Dialect::Mysql),
        Some((Unclosed::String, 2))
    );
    assert_eq!(
        unclosed("a `b", Dialect::Mysql),
        Some((Unclosed::Identifier, 2))
    );
}

#[test]
fn mysql_dashes_need_white_space_to_be_a_comment() {
    check(
        Dialect::Mysql,
        &[
            ("5--3", &["number 5", "mark -", "mark -", "number 3"]),
            ("5--\n3", &["number 5", "comment --", "number 3"]),
            ("5-- 3;", &["number 5", "comment -- 3;"]),
            ("5--\u{1}3", &["number 5", "comment --\u{1}3"]),
            ("5--", &["number 5", "comment --"]),
            ("5#3\r4\n6", &["number 5", "comment #3\r4", "number 6"]),
        ],
    );
}

#[test]
fn mysql_executable_comments_are_code() {
    check(
        Dialect::Mysql,
        &[
            ("/*!50003 a*/", &["code /*!50003", "word a", "code-end */"]),
            ("/*!501000b*/", &["code /*!501000", "word b", "code-end */"]),
            ("/*! 'c*/' */", &["code /*!", "string 'c*/'", "code-end */"]),
            (
                "/*M!100100 d*/",
                &["code /*M!100100", "word d", "code-end */"],
            ),
            (
                "/*!123 e;*/;",
                &[
                    "code /*!",
                    "number 123",
                    "word e",
                    "mark ;",
                    "code-end */",
                    "end ;",
                ],
            ),
            (
                "/*! a /* b */ c */",
                &[
                    "code /*!",
                    "word a",
                    "comment /* b */",
                    "word c",
                    "code-end */",
                ],
            ),
            ("/* a /* b */", &["comment /* a /* b */"]),
            ("/*+ a */ */", &["comment /*+ a */", "mark *", "mark /"]),
        ],
    );
    assert_eq!(
        unclosed("a /*! b", Dialect::Mysql),
        Some((Unclosed::Comment, 2))
    );
    assert_eq!(
        unclosed("a /* b", Dialect::Mysql),
        Some((Unclosed::Comment, 2))
    );
}

#[test]
fn mysql_names_may_start_with_digits_and_variables_with_an_at_sign() {
    check(
        Dialect::Mysql,
        &[
            ("2fa a.2fa", &["word 2fa", "word a", "mark .", "word 2fa"]),
            (
                "a.1.5",
                &["word a", "mark .", "number 1", "mark .", "number 5"],
            ),
            (
                "1e 1e5 1e+5 1.e3",
                &["word 1e", "number 1e5", "number 1e+5", "number 1.e3"],
            ),
            ("1.5", &["number 1.5"]),
            ("0b1 0b2", &["number 0b1", "word 0b2"]),
            (
                "@a.b @@global.c := @'d'",
                &[
                    "parameter @a.b",
                    "parameter @@global.c",
                    "mark :=",
                    "mark @",
                    "string 'd'",
                ],
            ),
            ("root@localhost", &["word root", "parameter @localhost"]),
            ("$a", &["word $a"]),
        ],
    );
}

#[test]
fn after_an_error_there_are_no_more_tokens() {
    let mut lexer = Lexer::new("a 'b", Dialect::Sqlite);
    assert!(lexer.by_ref().any(|token| token.is_err()));
    assert_eq!(lexer.next(), None);
}
