//! Places in a text: bytes as the machine counts them, lines and columns as a person does.

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// How much of a line is shown, and how much of that before the place in question, in characters.
const SHOWN: usize = 76;
const SHOWN_BEFORE: usize = 50;

/// The line and the column, in characters, of a byte of the text; both start at 1.
///
/// An offset past the end means the end. A byte order mark is no column, as in every editor.
#[must_use]
pub fn locate(source: &str, byte_offset: usize) -> (usize, usize) {
    let mut walk = Walk::new(source);
    walk.to(byte_offset);
    (walk.line, walk.column)
}

/// The byte at which the nth character of the text starts; the first character is 1.
///
/// PostgreSQL reports the place of an error in this way.
#[must_use]
pub fn offset_of_char(text: &str, nth_character: usize) -> usize {
    text.char_indices()
        .nth(nth_character.saturating_sub(1))
        .map_or(text.len(), |(offset, _)| offset)
}

/// The line that holds a byte of the text, with a caret below it: two lines to print.
#[must_use]
pub fn excerpt(source: &str, byte_offset: usize) -> Vec<String> {
    let offset = floor_boundary(source, byte_offset);
    let (line, _) = locate(source, offset);
    let start = source[..offset]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let end = source[offset..]
        .find('\n')
        .map_or(source.len(), |length| offset + length);
    let before = source[start..offset].trim_start_matches(BYTE_ORDER_MARK);
    let after = source[offset..end].trim_end();

    // A generated line may be megabytes long.
    let skipped = before.chars().count().saturating_sub(SHOWN_BEFORE);
    let mut shown = String::new();
    if skipped > 0 {
        shown.push('…');
    }
    shown.extend(before.chars().skip(skipped).map(printable));
    let caret = shown.chars().count();
    shown.extend(after.chars().take(SHOWN - caret).map(printable));
    if after.chars().nth(SHOWN - caret).is_some() {
        shown.push('…');
    }

    let number = line.to_string();
    vec![
        format!("{number} | {shown}").trim_end().to_owned(),
        format!("{:width$} | {:caret$}^", "", "", width = number.len()),
    ]
}

/// Control characters would move the caret away from what it points at.
fn printable(character: char) -> char {
    if character.is_control() {
        ' '
    } else {
        character
    }
}

fn floor_boundary(source: &str, byte_offset: usize) -> usize {
    let mut offset = byte_offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// A place that only moves forward, so that a whole file is counted once.
#[derive(Clone, Debug)]
pub(super) struct Walk<'a> {
    source: &'a str,
    offset: usize,
    pub(super) line: usize,
    pub(super) column: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let offset = if source.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        Self {
            source,
            offset,
            line: 1,
            column: 1,
        }
    }

    /// Moves on to a later byte; an earlier one leaves the place as it is.
    pub(super) fn to(&mut self, byte_offset: usize) {
        let offset = floor_boundary(self.source, byte_offset);
        if offset <= self.offset {
            return;
        }
        let passed = &self.source[self.offset..offset];
        match passed.rfind('\n') {
            Some(newline) => {
                self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
                self.column = 1 + passed[newline + 1..].chars().count();
            }
            None => self.column += passed.chars().count(),
        }
        self.offset = offset;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_counted_in_characters_from_one() {
        let source = "aé\n\n  ü=1";
        assert_eq!(locate(source, 0), (1, 1));
        assert_eq!(locate(source, 3), (1, 3));
        assert_eq!(locate(source, 4), (2, 1));
        assert_eq!(locate(source, 9), (3, 4));
        assert_eq!(locate(source, 1000), (3, 6));
    }

    #[test]
    fn an_offset_inside_a_character_means_its_start() {
        assert_eq!(locate("éa", 1), (1, 1));
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        assert_eq!(locate("\u{feff}a b", 3), (1, 1));
        assert_eq!(locate("\u{feff}a b", 5), (1, 3));
        assert_eq!(locate("\u{feff}a b", 0), (1, 1));
    }

    #[test]
    fn the_nth_character_is_found_by_its_byte() {
        assert_eq!(offset_of_char("aéb", 1), 0);
        assert_eq!(offset_of_char("aéb", 3), 3);
        assert_eq!(offset_of_char("aéb", 0), 0);
        assert_eq!(offset_of_char("aéb", 9), 4);
    }

    #[test]
    fn the_caret_stands_below_the_place() {
        let source = "SELECT 1;\r\n\tSELECT é, 'x;\r\n";
        assert_eq!(
            excerpt(source, source.find('\'').expect("the quote is there")),
            ["2 |  SELECT é, 'x;", "  |            ^"]
        );
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let source = format!("{}'{}", "a".repeat(100), "b".repeat(100));
        assert_eq!(
            excerpt(&source, 100),
            [
                format!("1 | …{}'{}…", "a".repeat(50), "b".repeat(24)),
                format!("  | {}^", " ".repeat(51))
            ]
        );
    }
}
