//! What the three lexers have in common. Every function takes the text and the byte to start at,
//! and gives the byte after what it found.

use super::TokenKind;

/// Some editors write it at the start of a file; two files put together have one in the middle.
pub(super) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Whether a byte can continue a word, in all three dialects.
///
/// Every byte of a character outside ASCII counts, which keeps tokens whole characters.
pub(super) fn continues_word(byte: u8) -> bool {
    const TABLE: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = u8::MAX;
        while byte > 0 {
            table[byte as usize] =
                byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || !byte.is_ascii();
            byte -= 1;
        }
        table
    };
    TABLE[byte as usize]
}

/// The end of a run of bytes that satisfy a condition.
pub(super) fn run(bytes: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let mut end = start;
    while end < bytes.len() && belongs(bytes[end]) {
        end += 1;
    }
    end
}

pub(super) fn word(bytes: &[u8], start: usize) -> usize {
    run(bytes, start, continues_word)
}

/// A number, with whatever letters stick to it; no dialect reads those as another token.
pub(super) fn number(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    loop {
        end = run(bytes, end, |byte| {
            byte == b'.' || (byte != b'$' && continues_word(byte))
        });
        let signed_exponent = end > start
            && bytes[end - 1].eq_ignore_ascii_case(&b'e')
            && !is_based(bytes, start)
            && matches!(bytes.get(end), Some(b'+' | b'-'))
            && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !signed_exponent {
            return end;
        }
        end += 2;
    }
}

/// Whether a number is written like `0x1e`, where the `e` is a digit.
fn is_based(bytes: &[u8], start: usize) -> bool {
    bytes[start] == b'0' && matches!(bytes.get(start + 1), Some(b'x' | b'X'))
}

/// A quoted text that starts at its opening quote; a quote inside is doubled.
pub(super) fn quoted(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes[start];
    let mut at = start + 1;
    loop {
        at = run(bytes, at, |byte| byte != quote);
        match (bytes.get(at), bytes.get(at + 1)) {
            (None, _) => return None,
            (Some(_), Some(next)) if *next == quote => at += 2,
            (Some(_), _) => return Some(at + 1),
        }
    }
}

/// A quoted text in which a backslash also takes the meaning from the byte that follows.
pub(super) fn escaped(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes[start];
    let mut at = start + 1;
    loop {
        at = run(bytes, at, |byte| byte != quote && byte != b'\\');
        match (bytes.get(at), bytes.get(at + 1)) {
            (None, _) => return None,
            (Some(b'\\'), _) => at += 2,
            (Some(_), Some(next)) if *next == quote => at += 2,
            (Some(_), _) => return Some(at + 1),
        }
    }
}

/// A block comment that ends at the first `*/`.
pub(super) fn block_comment(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 2;
    loop {
        at = run(bytes, at, |byte| byte != b'*');
        match bytes.get(at + 1) {
            None => return None,
            Some(b'/') => return Some(at + 2),
            Some(_) => at += 1,
        }
    }
}

/// The longest of the given operators that stands here, or one byte.
///
/// Longer operators must come before their own beginnings.
pub(super) fn operator(bytes: &[u8], start: usize, operators: &[&str]) -> (TokenKind, usize) {
    let rest = &bytes[start..];
    let length = operators
        .iter()
        .find(|operator| rest.starts_with(operator.as_bytes()))
        .map_or(1, |operator| operator.len());
    (TokenKind::Punctuation, start + length)
}
