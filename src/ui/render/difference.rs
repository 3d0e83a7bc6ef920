//! Two texts, line by line.

use similar::{ChangeTag, TextDiff};

use crate::ui::style::{Meaning, paint_stderr};

/// Lines of a difference that are shown.
const MOST: usize = 24;

/// The lines that differ, with one line around them: `- before`, `+ after`.
#[must_use]
pub fn difference(before: &str, after: &str) -> Vec<String> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(1) {
        for operation in &group {
            for change in diff.iter_changes(operation) {
                let text = change.value().trim_end();
                lines.push(match change.tag() {
                    ChangeTag::Delete => paint_stderr(Meaning::Strange, &format!("- {text}")),
                    ChangeTag::Insert => paint_stderr(Meaning::Done, &format!("+ {text}")),
                    ChangeTag::Equal => format!("  {text}"),
                });
            }
        }
    }
    if lines.len() > MOST {
        let more = lines.len() - MOST;
        lines.truncate(MOST);
        lines.push(format!("  … {more} more lines"));
    }
    lines
}
