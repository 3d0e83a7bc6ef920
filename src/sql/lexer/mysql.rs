//! The tokens of MySQL and MariaDB.

use super::scan::{block_comment, continues_word, escaped, operator, quoted, run, word};
use super::{Scanned, TokenKind, Unclosed};

const OPERATORS: &[&str] = &[
    "<=>", "->>", "->", ":=", "<=", ">=", "<>", "!=", "||", "&&", "<<", ">>",
];

pub(super) fn scan(bytes: &[u8], start: usize, in_executable: bool) -> Scanned {
    let next = bytes.get(start + 1).copied();
    match bytes[start] {
        byte if is_space(byte) => Ok((TokenKind::Whitespace, run(bytes, start, is_space))),
        b'#' => Ok((TokenKind::Comment, line_end(bytes, start))),
        b'-' if next == Some(b'-') && opens_comment(bytes.get(start + 2).copied()) => {
            Ok((TokenKind::Comment, line_end(bytes, start)))
        }
        b'/' if next == Some(b'*') => match executable_start(bytes, start) {
            Some(end) => Ok((TokenKind::ExecutableStart, end)),
            None => match block_comment(bytes, start) {
                Some(end) => Ok((TokenKind::Comment, end)),
                None => Err(Unclosed::Comment),
            },
        },
        b'*' if in_executable && next == Some(b'/') => Ok((TokenKind::ExecutableEnd, start + 2)),
        b'\'' | b'"' => string(bytes, start),
        b'x' | b'X' | b'b' | b'B' | b'n' | b'N' if next == Some(b'\'') => string(bytes, start + 1),
        b'`' => match quoted(bytes, start) {
            Some(end) => Ok((TokenKind::QuotedIdentifier, end)),
            None => Err(Unclosed::Identifier),
        },
        // The server cannot cut inside an executable comment, so neither do we.
        b';' if in_executable => Ok((TokenKind::Punctuation, start + 1)),
        b';' => Ok((TokenKind::Semicolon, start + 1)),
        b'?' => Ok((TokenKind::Parameter, start + 1)),
        b'@' => Ok(variable(bytes, start)),
        b'0'..=b'9' => Ok(number_or_word(bytes, start)),
        // After a name the dot belongs to it: `schema.2fa` holds no number.
        b'.' if next.is_some_and(|byte| byte.is_ascii_digit()) && !follows_name(bytes, start) => {
            Ok((TokenKind::Number, exponent(bytes, digits(bytes, start + 1))))
        }
        byte if continues_word(byte) => Ok((TokenKind::Word, word(bytes, start))),
        _ => Ok(operator(bytes, start, OPERATORS)),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c')
}

/// Two dashes open a comment only before white space, a control character or the end: `5--3` is 8.
fn opens_comment(after_dashes: Option<u8>) -> bool {
    after_dashes.is_none_or(|byte| byte == b' ' || byte.is_ascii_control())
}

fn line_end(bytes: &[u8], start: usize) -> usize {
    run(bytes, start, |byte| byte != b'\n')
}

/// The end of `/*!`, `/*!50003`, `/*M!` or `/*M!100100`; the version has five or six digits.
fn executable_start(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = &bytes[start..];
    let mark = if rest.starts_with(b"/*!") {
        3
    } else if rest.starts_with(b"/*M!") {
        4
    } else {
        return None;
    };
    let version = digits(bytes, start + mark) - (start + mark);
    Some(start + mark + if version < 5 { 0 } else { version.min(6) })
}

fn string(bytes: &[u8], quote: usize) -> Scanned {
    match escaped(bytes, quote) {
        Some(end) => Ok((TokenKind::String, end)),
        None => Err(Unclosed::String),
    }
}

/// A user variable, a system variable or the host of a user; a quoted one follows its `@`.
fn variable(bytes: &[u8], start: usize) -> (TokenKind, usize) {
    let name = run(bytes, start, |byte| byte == b'@').min(start + 2);
    match run(bytes, name, |byte| byte == b'.' || continues_word(byte)) {
        end if end > name => (TokenKind::Parameter, end),
        _ => (TokenKind::Punctuation, name),
    }
}

/// A name may start with digits, as in `2fa_tokens`; only what is a number is one.
fn number_or_word(bytes: &[u8], start: usize) -> (TokenKind, usize) {
    let whole = digits(bytes, start);
    let end = word(bytes, start);
    if bytes.get(whole) == Some(&b'.') && !follows_dot(bytes, start) {
        return (TokenKind::Number, exponent(bytes, digits(bytes, whole + 1)));
    }
    let with_exponent = exponent(bytes, whole);
    if with_exponent >= end && with_exponent > whole || whole == end {
        return (TokenKind::Number, with_exponent.max(end));
    }
    let rest = &bytes[start..end];
    let based = match rest {
        [b'0', b'x', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        [b'0', b'b', digits @ ..] => digits.iter().all(|byte| matches!(byte, b'0' | b'1')),
        _ => false,
    };
    (
        if based {
            TokenKind::Number
        } else {
            TokenKind::Word
        },
        end,
    )
}

fn digits(bytes: &[u8], start: usize) -> usize {
    run(bytes, start, |byte| byte.is_ascii_digit())
}

/// The end of an exponent, if there is one here.
fn exponent(bytes: &[u8], start: usize) -> usize {
    if !matches!(bytes.get(start), Some(b'e' | b'E')) {
        return start;
    }
    let sign = usize::from(matches!(bytes.get(start + 1), Some(b'+' | b'-')));
    match digits(bytes, start + 1 + sign) {
        end if end > start + 1 + sign => end,
        _ => start,
    }
}

fn follows_name(bytes: &[u8], dot: usize) -> bool {
    dot > 0 && (continues_word(bytes[dot - 1]) || bytes[dot - 1] == b'`')
}

fn follows_dot(bytes: &[u8], start: usize) -> bool {
    start > 0 && bytes[start - 1] == b'.'
}
