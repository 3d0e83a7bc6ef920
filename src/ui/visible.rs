//! Makes visible what would steer a terminal: names, SQL and messages come from files and servers.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The colours and weights that this program paints with; nothing else may begin with ESC.
const PAINTS: [&str; 9] = ["0", "1", "2", "31", "32", "33", "34", "35", "36"];

/// Text for a terminal that has lines: line breaks and tabs stay.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    made_visible(text, Lines::Several, |_| false)
}

/// Text that is one line of a screen, or part of one: a line break is made visible, too.
#[must_use]
pub fn visible_line(text: &str) -> Cow<'_, str> {
    made_visible(text, Lines::One, |_| false)
}

/// The same as [`visible`] for text that this program has painted: its own colours stay.
pub(super) fn visible_painted(text: &str) -> Cow<'_, str> {
    made_visible(text, Lines::Several, is_paint)
}

/// JSON whose strings hold no character that would steer a terminal; it means the same.
///
/// serde escapes what JSON forbids, which leaves the rest of the control characters.
pub(super) fn visible_json(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if steers(character) && !character.is_ascii_whitespace() {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Several,
}

fn made_visible(text: &str, lines: Lines, keeps: fn(&str) -> bool) -> Cow<'_, str> {
    let is_plain = |c: char| !steers(c) || (lines == Lines::Several && matches!(c, '\n' | '\t'));
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let (this, after) = rest.split_at(character.len_utf8());
        if is_plain(character) || (lines == Lines::Several && rest.starts_with("\r\n")) {
            safe.push_str(this);
        } else if let Some(paint) = paint(rest).filter(|paint| keeps(paint)) {
            safe.push_str(paint);
            rest = &rest[paint.len()..];
            continue;
        } else {
            spell(character, &mut safe);
        }
        rest = after;
    }
    Cow::Owned(safe)
}

/// Whether a terminal takes a character for something else than a picture of itself.
///
/// Besides the control characters these are those that turn the direction of writing round or are not
/// seen at all, by which one text looks like another.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn spell(character: char, safe: &mut String) {
    match character {
        '\n' => safe.push_str("\\n"),
        '\r' => safe.push_str("\\r"),
        '\t' => safe.push_str("\\t"),
        _ if u32::from(character) <= 0xff => {
            let _ = write!(safe, "\\x{:02x}", u32::from(character));
        }
        _ => {
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
        }
    }
}

/// The sequence of colours that a text begins with.
fn paint(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("\u{1b}[")?;
    let end = inside.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    (inside.as_bytes().get(end) == Some(&b'm')).then(|| &text[..end + 3])
}

fn is_paint(sequence: &str) -> bool {
    let codes = sequence
        .strip_prefix("\u{1b}[")
        .and_then(|rest| rest.strip_suffix('m'));
    codes.is_some_and(|codes| codes.split(';').all(|code| PAINTS.contains(&code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_spelled_out() {
        for (text, expected) in [
            ("plain, größer, 表", "plain, größer, 表"),
            ("\u{1b}[2J", "\\x1b[2J"),
            ("\u{1b}]52;c;AAAA\u{7}", "\\x1b]52;c;AAAA\\x07"),
            ("\u{1b}]8;;http://a\u{1b}\\b", "\\x1b]8;;http://a\\x1b\\b"),
            ("\u{9b}31m", "\\x9b31m"),
            ("a\rb\u{8}", "a\\rb\\x08"),
            ("user\u{202e}txt", "user\\u{202e}txt"),
            ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
            ("a\nb\tc\r\nd", "a\nb\tc\r\nd"),
            ("\u{1b}[31mred\u{1b}[0m", "\\x1b[31mred\\x1b[0m"),
        ] {
            assert_eq!(visible(text), expected, "{text:?}");
        }
        assert_eq!(visible_line("a\nb\tc\r\nd"), "a\\nb\\tc\\r\\nd");
    }

    #[test]
    fn our_own_colours_stay_and_nothing_that_looks_like_them() {
        for (text, expected) in [
            (
                "\u{1b}[1m\u{1b}[31mx\u{1b}[0m",
                "\u{1b}[1m\u{1b}[31mx\u{1b}[0m",
            ),
            ("\u{1b}[1;31mx", "\u{1b}[1;31mx"),
            ("\u{1b}[8mhidden", "\\x1b[8mhidden"),
            ("\u{1b}[31;8mhidden", "\\x1b[31;8mhidden"),
            ("\u{1b}[31", "\\x1b[31"),
            ("\u{1b}[31H", "\\x1b[31H"),
            ("\u{1b}[m", "\\x1b[m"),
            ("\u{1b}\u{1b}[31m", "\\x1b\u{1b}[31m"),
        ] {
            assert_eq!(visible_painted(text), expected, "{text:?}");
        }
    }

    #[test]
    fn json_means_the_same_and_steers_nothing() {
        let text = "\u{1b}[2J \u{9b} \u{202e} \u{e0041} \"\\\n";
        let json = serde_json::json!({ text: [text] }).to_string();
        let safe = visible_json(&json);
        assert!(!safe.contains(steers), "{safe}");
        let back: serde_json::Value = serde_json::from_str(&safe).unwrap();
        assert_eq!(back, serde_json::json!({ text: [text] }));
    }
}
