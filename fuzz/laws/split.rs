//! Cutting a file into statements: the parts joined are the file, and a statement is one statement.

use diesel_manage::sql::{Dialect, locate, normalize, pieces, split, statements};

/// Panics where the law does not hold.
pub(crate) fn holds(dialect: Dialect, source: &str) {
    let mut joined = String::new();
    let mut cutter = statements(source, dialect);
    for statement in cutter.by_ref().map_while(Result::ok) {
        assert_eq!(joined.len() + statement.leading.len(), statement.offset);
        let place = locate(source, statement.offset);
        assert_eq!(place, (statement.line, statement.column));
        assert!(!statement.text.is_empty());
        joined += statement.leading;
        joined += statement.text;
        joined += statement.terminator;
    }
    joined += cutter.tail();
    assert_eq!(joined, source);
    match split(source, dialect) {
        Ok(script) => {
            for statement in script.statements {
                // Alone it ends in a comment; no statement that a server takes ends so.
                if dialect == Dialect::Mysql && statement.text.ends_with("--") {
                    continue;
                }
                let Ok(alone) = split(statement.text, dialect) else {
                    panic!("{:?} is whole in the file and not alone", statement.text);
                };
                let texts: Vec<_> = alone.statements.iter().map(|one| one.text).collect();
                assert_eq!(texts, [statement.text]);
            }
        }
        Err(error) => {
            assert!(error.offset() < source.len());
            assert_eq!(
                locate(source, error.offset()),
                (error.line(), error.column())
            );
        }
    }
    let mut end = 0;
    for piece in pieces(source, dialect) {
        assert!(piece.start >= end, "pieces lie behind each other");
        end = piece.end;
        assert_eq!(source.get(piece.start..end), Some(piece.text));
    }
    let normal = normalize(source, dialect);
    assert_eq!(normalize(&normal, dialect), normal);
}
