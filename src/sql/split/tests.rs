use super::*;
use crate::error::Explain;

mod bodies;
mod mysql_bodies;
mod problems;

/// The statements of a script that must be cut without an error.
fn texts(source: &str, dialect: Dialect) -> Vec<&str> {
    match split(source, dialect) {
        Ok(script) => script
            .statements
            .iter()
            .map(|statement| statement.text)
            .collect(),
        Err(error) => panic!("{error} at {}:{}\n{source}", error.line(), error.column()),
    }
}

/// A statement that holds semicolons is one, with another on each side.
fn is_one(statement: &str, dialect: Dialect) {
    let source = format!("SELECT 1; {statement}; SELECT 2");
    assert_eq!(texts(&source, dialect), ["SELECT 1", statement, "SELECT 2"]);
    assert_eq!(texts(statement, dialect), [statement]);
}

#[test]
fn parts_and_places_of_every_statement_are_known() {
    let source = "\u{feff}-- first\r\nSELECT 'é;' -- one\r\n ;;\n /* two */ SELECT 2; -- end\n;";
    for dialect in Dialect::ALL {
        assert_eq!(
            split(source, dialect),
            Ok(Script {
                statements: vec![
                    Statement {
                        leading: "\u{feff}-- first\r\n",
                        text: "SELECT 'é;'",
                        terminator: " -- one\r\n ;",
                        offset: 13,
                        line: 2,
                        column: 1,
                    },
                    Statement {
                        leading: ";\n /* two */ ",
                        text: "SELECT 2",
                        terminator: ";",
                        offset: 49,
                        line: 4,
                        column: 12,
                    },
                ],
                tail: " -- end\n;",
            })
        );
    }
}

#[test]
fn the_last_statement_may_lack_its_semicolon() {
    for dialect in Dialect::ALL {
        let script = split("a;\n b /* c */ d -- e", dialect).expect("nothing is unclosed");
        let last = script.statements[1];
        assert_eq!(
            (last.leading, last.text, last.terminator),
            ("\n ", "b /* c */ d", "")
        );
        assert_eq!(script.tail, " -- e");
    }
}

#[test]
fn a_file_without_statements_is_all_tail() {
    for dialect in Dialect::ALL {
        for source in ["", " \n", "-- a", "/* a */;;", "\u{feff}"] {
            assert_eq!(
                split(source, dialect),
                Ok(Script {
                    statements: vec![],
                    tail: source
                })
            );
        }
    }
}

#[test]
fn transactions_are_statements_of_their_own() {
    let source = "BEGIN; INSERT INTO t VALUES (1); COMMIT; begin ; select 1; ROLLBACK; END; END";
    for dialect in Dialect::ALL {
        assert_eq!(
            texts(source, dialect),
            [
                "BEGIN",
                "INSERT INTO t VALUES (1)",
                "COMMIT",
                "begin",
                "select 1",
                "ROLLBACK",
                "END",
                "END"
            ]
        );
    }
}

#[test]
fn a_lazy_cutter_gives_what_comes_before_an_error() {
    let mut cutter = statements("a; b; 'c", Dialect::Sqlite);
    assert_eq!(
        cutter
            .next()
            .and_then(Result::ok)
            .map(|statement| statement.text),
        Some("a")
    );
    assert_eq!(cutter.tail(), " b; 'c");
    assert_eq!(
        cutter
            .next()
            .and_then(Result::ok)
            .map(|statement| statement.text),
        Some("b")
    );
    assert!(cutter.next().is_some_and(|statement| statement.is_err()));
    assert!(cutter.next().is_none());
}
