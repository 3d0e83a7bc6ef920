//! What is said about a statement: of any text, and on one line.

use diesel_manage::sql::{self, Dialect, facts};

/// Panics where the law does not hold.
pub(crate) fn holds(dialect: Dialect, width: usize, text: &str) {
    let _ = (
        facts::transaction_control(text, dialect),
        facts::needs_no_transaction(text, dialect),
        facts::commits_implicitly(text),
        facts::may_break_references(text),
        facts::is_foreign_keys_pragma(text),
        facts::mentions_search_path(text),
        facts::keeps_secret(text, dialect),
        facts::losses(text, dialect),
        facts::touches(text, dialect),
        facts::concerns_session(text, dialect),
        facts::runs_stored_code(text),
        facts::locks_tables(text),
        facts::forgets_prepared(text),
    );
    let summary = facts::summary(text, dialect, width);
    assert!(summary.chars().count() <= width);
    assert!(!summary.contains(|c: char| c.is_control()));
    // Whatever a name is made of, quoted it is one name.
    for quoted in [dialect.quote_identifier(text), dialect.quote_literal(text)] {
        let source = format!("{quoted};x");
        let script = sql::split(&source, dialect).expect("the quotes are closed");
        let texts: Vec<_> = script.statements.iter().map(|one| one.text).collect();
        assert_eq!(texts, [quoted.as_str(), "x"]);
    }
}
