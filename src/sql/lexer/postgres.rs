//! The tokens of PostgreSQL, with `standard_conforming_strings` on as it is by default.

use super::scan::{continues_word, escaped, number, quoted, run, word};
use super::{Scanned, TokenKind, Unclosed};

pub(super) fn scan(source: &str, start: usize) -> Scanned {
    let bytes = source.as_bytes();
    let next = bytes.get(start + 1).copied();
    match bytes[start] {
        byte if is_space(byte) => Ok((TokenKind::Whitespace, run(bytes, start, is_space))),
        b'-' if next == Some(b'-') => Ok((TokenKind::Comment, line_comment(bytes, start))),
        b'/' if next == Some(b'*') => match nested_comment(bytes, start) {
            Some(end) => Ok((TokenKind::Comment, end)),
            None => Err(Unclosed::Comment),
        },
        b'\'' => string(quoted(bytes, start)),
        b'e' | b'E' if next == Some(b'\'') => string(escape_string(bytes, start + 1)),
        b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if next == Some(b'\'') => {
            string(quoted(bytes, start + 1))
        }
        b'u' | b'U' if next == Some(b'&') && bytes.get(start + 2) == Some(&b'\'') => {
            string(quoted(bytes, start + 2))
        }
        b'u' | b'U' if next == Some(b'&') && bytes.get(start + 2) == Some(&b'"') => {
            identifier(quoted(bytes, start + 2))
        }
        b'"' => identifier(quoted(bytes, start)),
        b'$' => dollar(source, start),
        b';' => Ok((TokenKind::Semicolon, start + 1)),
        b'0'..=b'9' => Ok((TokenKind::Number, number(bytes, start))),
        b'.' if next.is_some_and(|byte| byte.is_ascii_digit()) => {
            Ok((TokenKind::Number, number(bytes, start)))
        }
        b':' if matches!(next, Some(b':' | b'=')) => Ok((TokenKind::Punctuation, start + 2)),
        byte if continues_word(byte) => Ok((TokenKind::Word, word(bytes, start))),
        byte if is_operator(byte) => Ok((TokenKind::Punctuation, operator(bytes, start))),
        _ => Ok((TokenKind::Punctuation, start + 1)),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c')
}

fn is_newline(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn line_comment(bytes: &[u8], start: usize) -> usize {
    run(bytes, start, |byte| !is_newline(byte))
}

fn string(end: Option<usize>) -> Scanned {
    match end {
        Some(end) => Ok((TokenKind::String, end)),
        None => Err(Unclosed::String),
    }
}

fn identifier(end: Option<usize>) -> Scanned {
    match end {
        Some(end) => Ok((TokenKind::QuotedIdentifier, end)),
        None => Err(Unclosed::Identifier),
    }
}

/// Block comments nest.
fn nested_comment(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 2;
    let mut depth = 1_usize;
    while depth > 0 {
        at = run(bytes, at, |byte| byte != b'*' && byte != b'/');
        match (bytes.get(at)?, bytes.get(at + 1)?) {
            (b'*', b'/') => {
                depth -= 1;
                at += 2;
            }
            (b'/', b'*') => {
                depth += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    Some(at)
}

/// A string with backslashes, and the parts that continue it on later lines: they keep the
/// backslashes although the `E` is not written again.
fn escape_string(bytes: &[u8], quote: usize) -> Option<usize> {
    let mut end = escaped(bytes, quote)?;
    while let Some(quote) = continuation(bytes, end) {
        end = escaped(bytes, quote)?;
    }
    Some(end)
}

/// The quote that continues a string: white space with a line end comes before it, perhaps with
/// line comments, and nothing else.
fn continuation(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut line_ended = false;
    loop {
        match *bytes.get(at)? {
            b'\'' => return line_ended.then_some(at),
            b'-' if bytes.get(at + 1) == Some(&b'-') => at = line_comment(bytes, at),
            byte if is_space(byte) => {
                line_ended |= is_newline(byte);
                at += 1;
            }
            _ => return None,
        }
    }
}

/// A parameter, a dollar quote or a lone dollar sign.
fn dollar(source: &str, start: usize) -> Scanned {
    let bytes = source.as_bytes();
    let tag = start + 1;
    if bytes.get(tag).is_some_and(u8::is_ascii_digit) {
        return Ok((
            TokenKind::Parameter,
            run(bytes, tag, |byte| byte.is_ascii_digit()),
        ));
    }
    let tag_end = run(bytes, tag, |byte| byte != b'$' && continues_word(byte));
    if bytes.get(tag_end) != Some(&b'$') {
        return Ok((TokenKind::Punctuation, tag));
    }
    let delimiter = &source[start..=tag_end];
    match source[tag_end + 1..].find(delimiter) {
        Some(length) => Ok((
            TokenKind::DollarQuoted,
            tag_end + 1 + length + delimiter.len(),
        )),
        None => Err(Unclosed::DollarQuote),
    }
}

fn is_operator(byte: u8) -> bool {
    b"~!@#^&|`?+-*/%<>=".contains(&byte)
}

/// The longest operator that ends before a comment. One of several characters may end in `+` or
/// `-` only if it holds a character that no standard operator has: `=-1` is `=` and `-1`.
fn operator(bytes: &[u8], start: usize) -> usize {
    // No operator is longer, and without a limit a line of pluses would be read over and over.
    let limit = bytes.len().min(start + 63);
    let mut end = start + 1;
    while end < limit && is_operator(bytes[end]) {
        if bytes[end..].starts_with(b"--") || bytes[end..].starts_with(b"/*") {
            break;
        }
        end += 1;
    }
    let extended = bytes[start..end]
        .iter()
        .any(|byte| b"~!@#%^&|`?".contains(byte));
    while !extended && end > start + 1 && matches!(bytes[end - 1], b'+' | b'-') {
        end -= 1;
    }
    end
}
