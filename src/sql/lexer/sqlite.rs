//! The tokens of SQLite.

use super::scan::{block_comment, continues_word, number, operator, quoted, run, word};
use super::{Scanned, TokenKind, Unclosed};

const OPERATORS: &[&str] = &["->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!=", "=="];

pub(super) fn scan(bytes: &[u8], start: usize) -> Scanned {
    let next = bytes.get(start + 1).copied();
    match bytes[start] {
        byte if is_space(byte) => Ok((TokenKind::Whitespace, run(bytes, start, is_space))),
        b'-' if next == Some(b'-') => {
            Ok((TokenKind::Comment, run(bytes, start, |byte| byte != b'\n')))
        }
        // A comment may stay open at the end of the text, but not when nothing follows its mark.
        b'/' if next == Some(b'*') && bytes.len() > start + 2 => Ok((
            TokenKind::Comment,
            block_comment(bytes, start).unwrap_or(bytes.len()),
        )),
        b'\'' => string(bytes, start),
        b'x' | b'X' if next == Some(b'\'') => string(bytes, start + 1),
        b'"' | b'`' => match quoted(bytes, start) {
            Some(end) => Ok((TokenKind::QuotedIdentifier, end)),
            None => Err(Unclosed::Identifier),
        },
        b'[' => match run(bytes, start, |byte| byte != b']') {
            end if end < bytes.len() => Ok((TokenKind::QuotedIdentifier, end + 1)),
            _ => Err(Unclosed::Identifier),
        },
        b';' => Ok((TokenKind::Semicolon, start + 1)),
        b'?' => Ok((
            TokenKind::Parameter,
            run(bytes, start + 1, |byte| byte.is_ascii_digit()),
        )),
        b'$' | b'@' | b':' | b'#' => Ok(variable(bytes, start)),
        b'0'..=b'9' => Ok((TokenKind::Number, number(bytes, start))),
        b'.' if next.is_some_and(|byte| byte.is_ascii_digit()) => {
            Ok((TokenKind::Number, number(bytes, start)))
        }
        byte if continues_word(byte) => Ok((TokenKind::Word, word(bytes, start))),
        _ => Ok(operator(bytes, start, OPERATORS)),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

fn string(bytes: &[u8], quote: usize) -> Scanned {
    match quoted(bytes, quote) {
        Some(end) => Ok((TokenKind::String, end)),
        None => Err(Unclosed::String),
    }
}

/// A variable: `:name`, `@name`, `$name`, and Tcl's `$space::array(key)`, whose key may be
/// anything but white space, a semicolon too.
fn variable(bytes: &[u8], start: usize) -> (TokenKind, usize) {
    let mut end = start + 1;
    let mut named = false;
    loop {
        match bytes.get(end) {
            Some(byte) if continues_word(*byte) => {
                named = true;
                end += 1;
            }
            Some(b':') if bytes.get(end + 1) == Some(&b':') => end += 2,
            Some(b'(') if named => {
                end = run(bytes, end, |byte| {
                    byte != b')' && !is_space(byte) && byte != b'\x0b'
                });
                if bytes.get(end) == Some(&b')') {
                    end += 1;
                }
                break;
            }
            _ => break,
        }
    }
    if named {
        (TokenKind::Parameter, end)
    } else {
        (TokenKind::Punctuation, start + 1)
    }
}
