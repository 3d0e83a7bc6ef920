//! Takes the parentheses off an expression that the server put there.

use crate::sql::Dialect;
use crate::sql::lexer::{Lexer, TokenKind};

/// The expression without parentheses around the whole of it.
pub(super) fn bare(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inside) = inside(text) {
        text = inside.trim();
    }
    text
}

/// What is between the first and the last parenthesis, if they are a pair.
fn inside(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_usize;
    for token in Lexer::new(text, Dialect::Postgres) {
        let token = token.ok()?;
        if token.kind != TokenKind::Punctuation {
            continue;
        }
        match token.text(text) {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 && token.end < text.len() {
            return None;
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parentheses_around_the_whole_go() {
        assert_eq!(bare("(age >= 0)"), "age >= 0");
        assert_eq!(bare("((a > 0) AND (b > 0))"), "(a > 0) AND (b > 0)");
        assert_eq!(bare("(a) + (b)"), "(a) + (b)");
        assert_eq!(bare("((lower(a) || ')'::text))"), "lower(a) || ')'::text");
        assert_eq!(bare("now()"), "now()");
        assert_eq!(bare(""), "");
    }
}
