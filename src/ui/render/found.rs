//! What a check found: for a person, for a program, and beside the lines of a pull request.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::migration::{Finding, Severity};
use crate::ui::style::{Meaning, paint};

/// One thing that was found, in a file or between files and database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How bad it is.
    pub severity: Severity,
    /// A short name for scripts.
    pub code: &'static str,
    /// The one place it is at, as it is shown; nothing where it concerns several, or the database.
    pub place: Option<String>,
    /// Line and column there, from 1.
    pub position: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
    /// The migrations it concerns, a line each.
    pub about: Vec<String>,
    /// The files to look at.
    pub places: Vec<PathBuf>,
    /// What to do, the safest first.
    pub hints: Vec<String>,
}

impl Found {
    /// Something at no one place.
    pub fn new(
        severity: Severity,
        code: &'static str,
        message: impl Into<String>,
        hints: Vec<String>,
    ) -> Self {
        Self {
            severity,
            code,
            place: None,
            position: None,
            message: message.into(),
            about: Vec::new(),
            places: Vec::new(),
            hints,
        }
    }
}

impl From<Finding> for Found {
    fn from(finding: Finding) -> Self {
        Self {
            place: Some(finding.place()),
            position: finding.position,
            places: vec![finding.path],
            ..Self::new(
                finding.severity,
                finding.code,
                finding.message,
                vec![finding.hint],
            )
        }
    }
}

/// Severity, place, what, whom it concerns, and what to do.
#[must_use]
pub fn found_text(found: &Found) -> String {
    let meaning = match found.severity {
        Severity::Note => Meaning::Faint,
        Severity::Warning => Meaning::Warning,
        Severity::Error => Meaning::Error,
    };
    let place = found.place.iter().map(|place| format!(" {place}:"));
    let about = found.about.iter().map(|line| format!("\n  {line}"));
    let label = paint(Meaning::Hint, "hint:");
    let hints = found.hints.iter().map(|hint| format!("\n  {label} {hint}"));
    [paint(meaning, &format!("{}:", found.severity.name()))]
        .into_iter()
        .chain(place)
        .chain([format!(" {}", found.message)])
        .chain(about)
        .chain(hints)
        .collect()
}

/// All findings of a connection as one JSON object.
#[must_use]
pub fn found_json(connection: &str, found: &[Found]) -> Value {
    let list: Vec<Value> = found
        .iter()
        .map(|one| {
            let at = one.place.as_ref().and_then(|_| one.places.first());
            let mut value = json!({
                "severity": one.severity.name(),
                "code": one.code,
                "path": at.map(|path| path.display().to_string()),
                "line": one.position.map(|(line, _)| line),
                "column": one.position.map(|(_, column)| column),
                "message": one.message,
                "hint": one.hints.first(),
            });
            if !one.about.is_empty() {
                value["migrations"] = json!(one.about);
                value["paths"] = json!(one.places);
            }
            value
        })
        .collect();
    json!({ "connection": connection, "findings": list })
}

/// Workflow commands: an annotation for each file that a finding is about, or one without a file.
#[must_use]
pub fn found_github(found: &Found, path: impl Fn(&Path) -> String) -> Vec<String> {
    let command = match found.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let about = found.about.iter().map(|line| format!("\n  {line}"));
    let hints = found.hints.iter().map(|hint| format!("\nhint: {hint}"));
    let message: String = [found.message.clone()]
        .into_iter()
        .chain(about)
        .chain(hints)
        .collect();
    let annotation = |mut properties: Vec<(&str, String)>| {
        properties.push(("title", found.code.to_owned()));
        let properties: Vec<String> = properties
            .into_iter()
            .map(|(name, value)| format!("{name}={}", escaped_property(&value)))
            .collect();
        format!(
            "::{command} {}::{}",
            properties.join(","),
            escaped(&message)
        )
    };
    if found.places.is_empty() {
        return vec![annotation(Vec::new())];
    }
    found
        .places
        .iter()
        .map(|place| {
            let mut properties = vec![("file", path(place))];
            if let Some((line, column)) = found.position {
                properties.push(("line", line.to_string()));
                properties.push(("col", column.to_string()));
            }
            annotation(properties)
        })
        .collect()
}

/// What would end the line, or be read as such an escape.
fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The same, and what would end the value.
fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_is_one_line_whatever_it_says() {
        let finding = Finding::new(
            Severity::Error,
            "metadata",
            "a,b:c%/up.sql",
            "100 %: no\r\nat all, ::error::",
            "mend it",
        )
        .at(3, 14);
        let lines = found_github(&finding.into(), |path| path.display().to_string());
        assert_eq!(
            lines,
            [
                "::error file=a%2Cb%3Ac%25/up.sql,line=3,col=14,title=metadata::100 %25: no%0D%0Aat all, ::error::%0Ahint: mend it"
            ]
        );
    }

    #[test]
    fn an_annotation_stands_at_every_file_or_at_none() {
        let mut found = Found::new(
            Severity::Note,
            "pending",
            "2 migrations are not applied yet",
            Vec::new(),
        );
        let shown = |found: &Found| found_github(found, |path| path.display().to_string());
        assert_eq!(
            shown(&found),
            ["::notice title=pending::2 migrations are not applied yet"]
        );
        found.places = vec!["a/up.sql".into(), "b/up.sql".into()];
        assert_eq!(
            shown(&found),
            [
                "::notice file=a/up.sql,title=pending::2 migrations are not applied yet",
                "::notice file=b/up.sql,title=pending::2 migrations are not applied yet",
            ]
        );
    }
}
