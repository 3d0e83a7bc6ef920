//! Findings on the screen and as JSON.

use serde_json::{Value, json};

use super::conflict::conflict;
use crate::executor::Conflict;
use crate::migration::{Finding, Severity};
use crate::ui::Ui;
use crate::ui::style::{Meaning, paint};

/// Reports on the side what was found while something else was asked for.
pub fn finding(ui: &Ui, finding: &Finding) {
    let text = format!("{}: {}", finding.place(), finding.message);
    match finding.severity {
        Severity::Note => ui.detail(&text),
        Severity::Warning | Severity::Error => {
            ui.warning(&text);
            ui.hint(&finding.hint);
        }
    }
}

/// A finding as an answer: severity, place, what, and what to do.
#[must_use]
pub fn finding_text(finding: &Finding) -> String {
    let meaning = match finding.severity {
        Severity::Note => Meaning::Faint,
        Severity::Warning => Meaning::Warning,
        Severity::Error => Meaning::Error,
    };
    format!(
        "{} {}: {}\n  {} {}",
        paint(meaning, &format!("{}:", finding.severity.name())),
        finding.place(),
        finding.message,
        paint(Meaning::Hint, "hint:"),
        finding.hint
    )
}

/// All findings of a connection as one JSON object.
#[must_use]
pub fn findings_json(connection: &str, findings: &[Finding], conflicts: &[Conflict]) -> Value {
    let mut list: Vec<Value> = findings
        .iter()
        .map(|finding| {
            json!({
                "severity": finding.severity.name(),
                "code": finding.code,
                "path": finding.path.display().to_string(),
                "line": finding.position.map(|(line, _)| line),
                "column": finding.position.map(|(_, column)| column),
                "message": finding.message,
                "hint": finding.hint,
            })
        })
        .collect();
    list.extend(conflicts.iter().map(|one| {
        let (message, lines) = conflict(one);
        json!({
            "severity": "error",
            "code": "conflict",
            "message": message,
            "migrations": lines,
        })
    }));
    json!({ "connection": connection, "findings": list })
}
