//! One line that shows a statement.

use crate::sql::Dialect;
use crate::sql::lexer::{Lexer, TokenKind};

/// The statement on one line of at most `width` characters, without comments; what does not fit
/// is replaced by `…`.
///
/// Only as much of the text is read as is shown.
#[must_use]
pub fn summary(text: &str, dialect: Dialect, width: usize) -> String {
    let mut line = Line {
        shown: String::new(),
        length: 0,
        width,
        gap: false,
    };
    for token in Lexer::new(text, dialect) {
        let piece = match token {
            Ok(token) if matches!(token.kind, TokenKind::Whitespace | TokenKind::Comment) => " ",
            Ok(token) => token.text(text),
            Err(error) => &text[error.offset..],
        };
        if !line.push(piece) {
            break;
        }
    }
    line.shown
}

struct Line {
    shown: String,
    length: usize,
    width: usize,
    /// White space that is written only if something follows it.
    gap: bool,
}

impl Line {
    /// Adds a piece with its white space collapsed; says whether there is room for more.
    fn push(&mut self, piece: &str) -> bool {
        piece.chars().all(|character| {
            if character.is_whitespace() || character.is_control() || character == '\u{feff}' {
                self.gap = self.length > 0;
                return true;
            }
            let gap = std::mem::take(&mut self.gap);
            if self.length + 1 + usize::from(gap) > self.width {
                self.cut();
                return false;
            }
            if gap {
                self.shown.push(' ');
            }
            self.shown.push(character);
            self.length += 1 + usize::from(gap);
            true
        })
    }

    fn cut(&mut self) {
        if self.length == self.width {
            self.shown.pop();
        }
        if self.width > 0 {
            let end = self.shown.trim_end().len();
            self.shown.truncate(end);
            self.shown.push('…');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_comments_are_collapsed() {
        let text = "CREATE TABLE t ( -- users\n\tid int,\r\n  a text /* b */ DEFAULT 'x  -- y'\n)";
        for dialect in Dialect::ALL {
            assert_eq!(
                summary(text, dialect, 80),
                "CREATE TABLE t ( id int, a text DEFAULT 'x -- y' )"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_cut_at_the_width() {
        for (width, expected) in [
            (0, ""),
            (1, "…"),
            (6, "SELEC…"),
            (7, "SELECT…"),
            (8, "SELECT…"),
            (11, "SELECT 'éé'"),
        ] {
            assert_eq!(
                summary("SELECT 'éé'", Dialect::Postgres, width),
                expected,
                "{width}"
            );
        }
    }

    #[test]
    fn a_hash_is_a_comment_only_on_mysql() {
        assert_eq!(
            summary("SELECT a #> b", Dialect::Postgres, 80),
            "SELECT a #> b"
        );
        assert_eq!(summary("SELECT a #> b", Dialect::Mysql, 80), "SELECT a");
    }

    #[test]
    fn a_text_that_never_ends_is_shown_as_it_is() {
        assert_eq!(
            summary("SELECT 'a\n  b", Dialect::Sqlite, 80),
            "SELECT 'a b"
        );
    }
}
