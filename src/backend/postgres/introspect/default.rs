//! Defaults that are written in two ways and are one.

use crate::sql::Dialect;
use crate::sql::lexer::{Lexer, TokenKind};

/// Types that hold any text as it is.
const TEXTS: [&str; 2] = ["text", "character varying"];

/// A default in the one spelling that is kept of it: the time of the transaction is `now()`, and a text
/// constant of a text column has no cast.
pub(super) fn spelled(expression: &str, sql_type: &str) -> String {
    if expression.eq_ignore_ascii_case("CURRENT_TIMESTAMP") {
        return "now()".to_owned();
    }
    let is_text = TEXTS.iter().any(|text| {
        let rest = sql_type.strip_prefix(text);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
    });
    let constant = is_text.then(|| constant(expression)).flatten();
    constant.unwrap_or(expression).to_owned()
}

/// The constant of `'…'::text` or `'…'::character varying`.
fn constant(expression: &str) -> Option<&str> {
    let token = Lexer::new(expression, Dialect::Postgres).next()?.ok()?;
    let cast = expression[token.end..].strip_prefix("::")?;
    let is_plain = token.kind == TokenKind::String && expression.starts_with('\'');
    (is_plain && TEXTS.contains(&cast)).then(|| token.text(expression))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_is_spelled_the_same() {
        for (written, sql_type, kept) in [
            ("CURRENT_TIMESTAMP", "timestamp without time zone", "now()"),
            ("now()", "timestamp without time zone", "now()"),
            ("'x'::text", "character varying(9)", "'x'"),
            ("'it''s'::character varying", "character varying", "'it''s'"),
            ("'x'::bpchar", "character(3)", "'x'::bpchar"),
            ("'x'::text", "mood", "'x'::text"),
            ("'a'::text || 'b'::text", "text", "'a'::text || 'b'::text"),
            ("lower('x'::text)", "text", "lower('x'::text)"),
        ] {
            assert_eq!(spelled(written, sql_type), kept, "{written}");
        }
    }
}
