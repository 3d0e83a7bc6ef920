//! Findings met while something else was asked for.

use crate::migration::{Finding, Severity};
use crate::ui::Ui;

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
