//! One text for all files that a server reads in the same way.

use std::borrow::Cow;

use super::Dialect;
use super::lexer::{LexError, Lexer, TokenKind};

/// Rewrites a text so that files come out equal if they differ only in byte order mark, line
/// endings, comments, white space between tokens, and semicolons at the end.
///
/// Anything else makes a difference, the case of words too. Line endings count for nothing even
/// inside strings, for git changes those as well. A text that cannot be read as tokens is compared
/// as it is, but for its line endings.
#[must_use]
pub fn normalize(sql: &str, dialect: Dialect) -> String {
    joined_tokens(sql, dialect)
        .unwrap_or_else(|_| unix_lines(sql.trim_start_matches('\u{feff}')).into_owned())
}

/// The tokens with one space between them. A space stands even where none did, so that `a=b` and
/// `a = b` are equal and no two tokens ever become one.
fn joined_tokens(sql: &str, dialect: Dialect) -> Result<String, LexError> {
    let mut normal = String::with_capacity(sql.len());
    // Semicolons are held back until something follows them.
    let mut semicolons = 0_usize;
    for token in Lexer::new(sql, dialect) {
        let token = token?;
        match token.kind {
            TokenKind::Whitespace | TokenKind::Comment => {}
            TokenKind::Semicolon => semicolons += 1,
            TokenKind::Word
            | TokenKind::QuotedIdentifier
            | TokenKind::String
            | TokenKind::DollarQuoted
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Punctuation
            | TokenKind::ExecutableStart
            | TokenKind::ExecutableEnd => {
                for _ in 0..std::mem::take(&mut semicolons) {
                    append(&mut normal, ";");
                }
                append(&mut normal, &unix_lines(token.text(sql)));
            }
        }
    }
    Ok(normal)
}

fn append(normal: &mut String, token: &str) {
    if !normal.is_empty() {
        normal.push(' ');
    }
    normal.push_str(token);
}

/// Drops the carriage returns before each line feed: all of them, so that doing it again changes
/// nothing.
fn unix_lines(text: &str) -> Cow<'_, str> {
    if !text.contains("\r\n") {
        return Cow::Borrowed(text);
    }
    let mut lines = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(line) => {
                lines.push_str(line.trim_end_matches('\r'));
                lines.push('\n');
            }
            None => lines.push_str(line),
        }
    }
    Cow::Owned(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str, dialect: Dialect) {
        assert_eq!(normalize(a, dialect), normalize(b, dialect));
    }

    fn different(a: &str, b: &str, dialect: Dialect) {
        assert_ne!(normalize(a, dialect), normalize(b, dialect));
    }

    #[test]
    fn only_what_the_server_reads_is_kept() {
        let sql =
            "\u{feff}-- users\r\nCREATE TABLE users (\r\n  id int, /* key */\n  a text\n) ;;\n";
        for dialect in Dialect::ALL {
            assert_eq!(
                normalize(sql, dialect),
                "CREATE TABLE users ( id int , a text )"
            );
        }
    }

    #[test]
    fn a_comment_parts_two_words() {
        for dialect in Dialect::ALL {
            same("SELECT/**/1", "SELECT 1", dialect);
            different("SELECT/**/1", "SELECT1", dialect);
        }
    }

    #[test]
    fn spaces_round_operators_do_not_matter_but_spaces_within_do() {
        for dialect in Dialect::ALL {
            same("a<=b", "a <= b", dialect);
            different("a<=b", "a< =b", dialect);
            different("1.5", "1 .5", dialect);
        }
    }

    #[test]
    fn two_dashes_are_a_comment_only_where_the_server_says_so() {
        different("a - -b", "a --b", Dialect::Postgres);
        same("a --b", "a", Dialect::Postgres);
        same("a - -b", "a --b", Dialect::Mysql);
        same("a -- b", "a", Dialect::Mysql);
    }

    #[test]
    fn strings_names_and_bodies_count_byte_for_byte() {
        for dialect in Dialect::ALL {
            different("SELECT 'a  b'", "SELECT 'a b'", dialect);
            different("SELECT '--'", "SELECT ''", dialect);
            different("select 1", "SELECT 1", dialect);
            different("SELECT 1; SELECT 2", "SELECT 1 SELECT 2", dialect);
            same("SELECT 'a\r\nb'", "SELECT 'a\nb'", dialect);
        }
        different("DO $$ -- a\n$$", "DO $$ $$", Dialect::Postgres);
        different("SELECT E'a'", "SELECT E 'a'", Dialect::Postgres);
        different("/*!50000 a */", "/*!50001 a */", Dialect::Mysql);
        different("/*!50000 a */", "/* a */", Dialect::Mysql);
    }

    #[test]
    fn a_text_that_cannot_be_read_is_compared_as_it_is() {
        for dialect in Dialect::ALL {
            assert_eq!(normalize("\u{feff}SELECT  'a\r\n", dialect), "SELECT  'a\n");
        }
    }

    #[test]
    fn nothing_but_comments_is_nothing() {
        for dialect in Dialect::ALL {
            assert_eq!(normalize(" -- a\n;/* b */;", dialect), "");
        }
    }
}
