//! Cutting a file into statements loses nothing and finds what was put together; a normal form
//! forgets nothing but what the server does not read.

use diesel_manage::sql::facts;
use diesel_manage::sql::{Dialect, locate, normalize, split, statements};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Marks and words that mean something to some lexer, so that random texts are full of odd cases.
const MARKS: &[&str] = &[
    ";", ";", ";", "'", "''", "\"", "`", "[", "]", "(", ")", "\\", "\\'", "$$", "$a$", "$1", "$a(",
    "--", "-- ", "/*", "*/", "/*!", "/*!5", "/*M!", "#", "@", "@a", ":a", "?", "E'", "e'", "x'",
    "U&'", "U&\"", "N'", "\n", "\r\n", "\r", "\t", " ", " ", "\u{feff}", "\u{0}", "é", "1.5", ".5",
    "1e", "a", ".", ",", "=", "<", "-", "+", "\u{b}",
];
const WORDS: &str = "BEGIN|END|END|ATOMIC|NOT ATOMIC|CREATE|OR REPLACE|TRIGGER|PROCEDURE p()|RULE|\
    FUNCTION f()|EVENT|PACKAGE p|DEFINER=a@b|FOR EACH ROW|DO|AS|IF|CASE|WHEN|THEN|ELSE|LOOP|WHILE|\
    REPEAT|UNTIL|FOR|DECLARE|HANDLER FOR|SQLSTATE|SET STATEMENT|COPY t|FROM|STDIN|DELIMITER|WHERE|\
    DROP TABLE|ALTER TABLE t|DROP COLUMN|DELETE|WITH|TRUNCATE|PRAGMA|ROLLBACK TO|REINDEX (|ONLY";

fn dialect() -> impl Strategy<Value = Dialect> {
    select(&Dialect::ALL[..])
}

/// Any text, most of them close to SQL.
fn text() -> impl Strategy<Value = String> {
    let words: Vec<_> = WORDS.split('|').collect();
    let fragment = prop_oneof![
        6 => select(MARKS).prop_map(str::to_owned),
        4 => select(words).prop_map(|word| format!("{word} ")),
        1 => any::<char>().prop_map(String::from),
    ];
    vec(fragment, 0..30).prop_map(|fragments| fragments.concat())
}

/// What may stand between two tokens, with semicolons and quotes that mean nothing.
fn gap(dialect: Dialect) -> impl Strategy<Value = String> {
    let mut gaps = vec![
        " ",
        "\n",
        "\r\n",
        "\t",
        "-- it's;\n",
        "-- \"\r\n",
        "/* ; ' */",
        "/*--*/",
        "\u{feff}",
    ];
    match dialect {
        Dialect::Sqlite => gaps.push("--;\n"),
        Dialect::Postgres => gaps.extend(["/* /* ; */ ' */", "--$$\n"]),
        Dialect::Mysql => gaps.extend(["# it's;\n", "--\n"]),
    }
    // A space in front keeps a dash or a dollar before the gap from becoming part of it.
    vec(select(gaps), 0..4).prop_map(|gaps| format!(" {}", gaps.concat()))
}

/// Whole tokens of a dialect that can stand next to each other in any order.
fn token(dialect: Dialect) -> impl Strategy<Value = String> {
    let shared =
        r#"a SELECT é x1 'a;''b' '' '--' '/*' "a;""b" 1 1.5e-3 ( ) , = <= <> || ->> - + * ."#;
    let own = match dialect {
        Dialect::Sqlite => r"`a;` [a;'b] x'0a' :a ?1 '\' ==",
        // An `E` string alone would go on in a string on the next line.
        Dialect::Postgres => r#"$$;'$a$$$ $a$;$$;$a$ E'\';'::b U&'\0061;' U&"a;" $1 '\' :: @- #>"#,
        Dialect::Mysql => r#"`a;``b` '\';' "\";" @a @@b.c x'0a' 2fa :="#,
    };
    let tokens: Vec<_> = shared.split(' ').chain(own.split(' ')).collect();
    select(tokens).prop_map(str::to_owned)
}

/// A statement of loose tokens: no server takes it, but every one would end it where it ends.
fn loose(dialect: Dialect) -> impl Strategy<Value = String> {
    vec((token(dialect), gap(dialect)), 1..8).prop_map(|tokens| {
        let tokens: String = tokens
            .into_iter()
            .map(|(token, gap)| token + &gap)
            .collect();
        format!("VALUES {tokens}end")
    })
}

/// A statement with a body that holds other statements, each with its semicolon.
fn compound(dialect: Dialect) -> BoxedStrategy<String> {
    let heads: &[(&str, &str)] = match dialect {
        Dialect::Sqlite => &[
            ("CREATE TRIGGER t AFTER INSERT ON a BEGIN ", "END"),
            (
                "create temp trigger begin update of end on a when CASE WHEN 1 THEN 2 END begin ",
                "end",
            ),
        ],
        Dialect::Postgres => &[
            (
                "CREATE FUNCTION f(begin int) RETURNS int BEGIN ATOMIC ",
                "END",
            ),
            ("CREATE OR REPLACE RULE r AS ON INSERT TO t DO (", ")"),
            ("DO $body$ BEGIN ", "END $body$"),
        ],
        Dialect::Mysql => &[
            ("CREATE PROCEDURE p() BEGIN ", "END"),
            (
                "CREATE DEFINER=a@b FUNCTION f() RETURNS SET('a') l: LOOP ",
                "END LOOP l",
            ),
            (
                "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF NEW.end THEN ",
                "END IF",
            ),
            (
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO REPEAT ",
                "UNTIL end END REPEAT",
            ),
            (
                "BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR 1, NOT FOUND BEGIN ",
                "END; END",
            ),
            (
                "CREATE PROCEDURE p() CASE WHEN CASE a WHEN 1 THEN 2 END THEN ",
                "END CASE",
            ),
            ("WHILE IF(a, b, c) DO ", "END WHILE"),
        ],
    };
    (select(heads), vec((inner(dialect), gap(dialect)), 1..4))
        .prop_map(|((head, end), inner)| {
            let inner: Vec<_> = inner
                .into_iter()
                .map(|(statement, gap)| format!("{statement};{gap}"))
                .collect();
            format!("{head}{}{end}", inner.concat())
        })
        .boxed()
}

/// A statement inside a body; on MySQL perhaps a block itself.
fn inner(dialect: Dialect) -> BoxedStrategy<String> {
    let plain = select(
        &[
            "SELECT CASE WHEN a THEN 'END;' ELSE 2 END",
            "UPDATE t SET a = CASE b WHEN 1 THEN CASE WHEN c THEN 1 END END",
            "DELETE FROM t WHERE a = ';'",
            "SELECT t.end AS end FROM t",
        ][..],
    )
    .prop_map(str::to_owned);
    match dialect {
        Dialect::Sqlite | Dialect::Postgres => plain.boxed(),
        Dialect::Mysql => plain
            .prop_recursive(3, 12, 3, |inner| {
                prop_oneof![
                    vec(inner.clone(), 0..3).prop_map(|body| format!("BEGIN {}END", ended(&body))),
                    vec(inner.clone(), 1..3).prop_map(|body| {
                        format!("IF REPEAT(a, 2) THEN {0}ELSE {0}END IF", ended(&body))
                    }),
                    vec(inner.clone(), 1..3)
                        .prop_map(|body| format!("l: WHILE a DO {}END WHILE l", ended(&body))),
                    vec(inner, 1..3)
                        .prop_map(|body| format!("CASE a WHEN 1 THEN {}END CASE", ended(&body))),
                ]
            })
            .boxed(),
    }
}

fn ended(statements: &[String]) -> String {
    statements
        .iter()
        .flat_map(|statement| [statement, "; "])
        .collect()
}

/// Statements, each with what stands before it.
fn script(dialect: Dialect) -> impl Strategy<Value = Vec<(String, String)>> {
    let plain = select(
        &[
            "BEGIN",
            "COMMIT",
            "SELECT 1",
            "END",
            "INSERT INTO t VALUES (1, 'a;b')",
        ][..],
    )
    .prop_map(str::to_owned);
    let statement = prop_oneof![loose(dialect), compound(dialect), plain];
    vec((gap(dialect), statement), 0..6)
}

fn with_dialect<T: std::fmt::Debug, S: Strategy<Value = T>>(
    strategy: impl Fn(Dialect) -> S,
) -> impl Strategy<Value = (Dialect, T)> {
    dialect().prop_flat_map(move |dialect| (Just(dialect), strategy(dialect)))
}

/// Two ways to write the same tokens: each comes with two gaps.
type Twice = Vec<(String, String, String)>;

fn written(tokens: &Twice, gap: impl Fn(&(String, String, String)) -> &str) -> String {
    tokens
        .iter()
        .flat_map(|token| [&token.0, gap(token)])
        .collect()
}

proptest! {
    #[test]
    fn the_parts_of_a_script_joined_are_the_script(source in text(), dialect in dialect()) {
        let mut joined = String::new();
        let mut cutter = statements(&source, dialect);
        for statement in cutter.by_ref().map_while(Result::ok) {
            prop_assert_eq!(joined.len() + statement.leading.len(), statement.offset);
            prop_assert_eq!(locate(&source, statement.offset), (statement.line, statement.column));
            joined += statement.leading;
            joined += statement.text;
            joined += statement.terminator;
        }
        joined += cutter.tail();
        prop_assert_eq!(joined, source);
    }

    #[test]
    fn an_error_lies_inside_the_script(source in text(), dialect in dialect()) {
        if let Err(error) = split(&source, dialect) {
            prop_assert!(error.offset() < source.len());
            prop_assert_eq!(locate(&source, error.offset()), (error.line(), error.column()));
        }
    }

    #[test]
    fn statements_put_together_come_apart_again((dialect, script) in with_dialect(script)) {
        let source: String =
            script.iter().flat_map(|(gap, statement)| [gap, statement.as_str(), ";"]).collect();
        let cut = split(&source, dialect).expect("everything in it is closed");
        let texts: Vec<_> = cut.statements.iter().map(|statement| statement.text).collect();
        let expected: Vec<_> = script.iter().map(|(_, statement)| statement.as_str()).collect();
        prop_assert_eq!(texts, expected);
        prop_assert_eq!(cut.tail, "");
    }

    #[test]
    fn a_statement_cut_out_is_one_statement((dialect, script) in with_dialect(script)) {
        for (_, statement) in &script {
            let cut = split(statement, dialect).expect("everything in it is closed");
            prop_assert_eq!(cut.statements.len(), 1);
            prop_assert_eq!(cut.statements[0].text, statement);
        }
    }

    #[test]
    fn a_normal_form_is_its_own(source in text(), dialect in dialect()) {
        let normal = normalize(&source, dialect);
        prop_assert_eq!(normalize(&normal, dialect), normal);
    }

    #[test]
    fn comments_and_white_space_do_not_change_the_normal_form(
        (dialect, tokens) in with_dialect(|dialect| {
            vec((token(dialect), gap(dialect), gap(dialect)), 0..10)
        }),
        semicolons in "[; ]{0,3}",
    ) {
        let (one, other) = (written(&tokens, |token| &token.1), written(&tokens, |token| &token.2));
        let other = format!("\u{feff}{}{semicolons}", other.replace('\n', "\r\n"));
        prop_assert_eq!(normalize(&one, dialect), normalize(&other, dialect));
    }

    #[test]
    fn different_tokens_have_different_normal_forms(
        (dialect, (one, other)) in with_dialect(|dialect| {
            (vec(token(dialect), 0..6), vec(token(dialect), 0..6))
        }),
    ) {
        let same = normalize(&one.join(" "), dialect) == normalize(&other.join(" "), dialect);
        prop_assert_eq!(same, one == other);
    }

    #[test]
    fn facts_are_told_of_any_text(source in text(), dialect in dialect(), width in 0_usize..40) {
        let _ = (
            facts::transaction_control(&source, dialect),
            facts::needs_no_transaction(&source, dialect),
            facts::commits_implicitly(&source),
            facts::may_break_references(&source),
            facts::is_foreign_keys_pragma(&source),
            facts::mentions_search_path(&source),
            facts::keeps_secret(&source, dialect),
            facts::losses(&source, dialect),
        );
        let summary = facts::summary(&source, dialect, width);
        prop_assert!(summary.chars().count() <= width);
        prop_assert!(!summary.contains(['\n', '\r', '\t']));
    }

    #[test]
    fn a_quoted_text_is_one_token_that_the_lexer_ends(text in any::<String>(), dialect in dialect()) {
        for quoted in [dialect.quote_literal(&text), dialect.quote_identifier(&text)] {
            let source = format!("{quoted};x");
            let cut = split(&source, dialect).expect("the quotes are closed");
            let texts: Vec<_> = cut.statements.iter().map(|statement| statement.text).collect();
            prop_assert_eq!(texts, [quoted.as_str(), "x"]);
        }
    }
}
