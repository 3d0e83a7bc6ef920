//! A line of SQL that failed, as it is shown.

use unicode_width::UnicodeWidthStr;

/// A line of SQL and a column in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line's text, cut where it is long.
    pub text: String,
    /// How many characters of the line were cut from its beginning.
    pub cut: usize,
    /// Whether more of the line follows.
    pub more: bool,
    /// Whether the line may hold a password, and is not to be shown.
    pub secret: bool,
}

impl Snippet {
    /// Characters shown of a line.
    const WIDTH: usize = 76;

    /// The line at a byte offset of a text.
    #[must_use]
    pub fn at(text: &str, offset: usize, secret: bool) -> Self {
        let (line, column) = crate::sql::locate(text, offset);
        let whole = text.lines().nth(line - 1).unwrap_or_default();
        // It has no width and is not counted.
        let whole = whole.trim_start_matches('\u{feff}');
        let cut = if column > Self::WIDTH {
            column - Self::WIDTH / 2
        } else {
            0
        };
        Self {
            line,
            column,
            text: whole
                .chars()
                .skip(cut)
                .take(Self::WIDTH)
                .map(|character| {
                    if character.is_control() {
                        ' '
                    } else {
                        character
                    }
                })
                .collect(),
            more: whole.chars().nth(cut + Self::WIDTH).is_some(),
            cut,
            secret,
        }
    }

    /// The line with its number, and a caret below the column.
    #[must_use]
    pub fn render(&self) -> Vec<String> {
        if self.secret {
            return vec!["(the statement holds a password and is not shown)".to_owned()];
        }
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        // A wide character takes two columns of the screen.
        let before: String = self
            .text
            .chars()
            .take(self.column.saturating_sub(self.cut + 1))
            .collect();
        let indent = " ".repeat(before.width());
        let (before, shift) = if self.cut > 0 { ("…", " ") } else { ("", "") };
        let after = if self.more { "…" } else { "" };
        vec![
            format!("{number} | {before}{}{after}", self.text),
            format!("{gutter} | {shift}{indent}^"),
        ]
    }
}
