//! An error on the screen.

use serde_json::{Value, json};

use crate::error::{CommandError, Kind};
use crate::ui::Ui;
use crate::ui::style::{Meaning, paint_stderr};
use crate::ui::visible;

/// Prints the message, what lies beneath it, the place, and what to type next.
pub fn error(ui: &Ui, error: &CommandError) {
    let messages = error.messages();
    let mut messages = messages.iter();
    let label = match error.kind() {
        Kind::Failure | Kind::Usage | Kind::Question => paint_stderr(Meaning::Error, "error:"),
        Kind::Cancelled | Kind::Ended(_) => paint_stderr(Meaning::Warning, "cancelled:"),
    };
    let first = messages.next().map(String::as_str).unwrap_or_default();
    // Indented, so that no line of somebody else's text passes for one of ours.
    let first = first.replace('\n', "\n  ");
    ui.say(&format!("{label} {}", visible(&first)));
    for message in messages {
        let mut lines = message.lines();
        let first = lines.next().unwrap_or_default();
        ui.say(&format!("  caused by: {}", visible(first)));
        for line in lines {
            ui.say(&format!("    {}", visible(line)));
        }
    }
    for detail in error.details() {
        for line in detail.lines() {
            ui.say(&format!("  {}", visible(line)));
        }
    }
    for hint in error.hints() {
        ui.say(&format!(
            "{} {}",
            paint_stderr(Meaning::Hint, "hint:"),
            visible(hint)
        ));
    }
}

/// Prints all that the error and its sources hold, and where in the program it came from.
pub fn backtrace(ui: &Ui, error: &CommandError) {
    for (depth, part) in error.anatomy().iter().enumerate() {
        ui.say(&format!("cause {depth}: {}", visible(part)));
    }
    if let Some(backtrace) = error.backtrace() {
        ui.say("it came from:");
        ui.say(backtrace.to_string().trim_end());
    }
}

/// The same as one JSON object.
#[must_use]
pub fn error_json(error: &CommandError) -> Value {
    let messages = error.messages();
    json!({
        "error": {
            "message": messages.first(),
            "causes": messages.get(1..).unwrap_or_default(),
            "details": error.details(),
            "hints": error.hints(),
            "exit": error.kind().exit_code(),
        }
    })
}
