//! `manage check`: read every migration and say what is wrong, without a database.

use super::each::each;
use super::registry::{Command, Outcome};
use super::workspace::folders;
use crate::backend;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{Conflict, Conflicts};
use crate::migration::{Directory, Finding, Severity, check_directory};
use crate::settings::Connection;
use crate::ui;

/// Read every migration's files and say what is wrong with them
///
/// No database is needed. Exits with 3 if there is an error or a warning. With -v also notes, which
/// are only worth knowing.
#[derive(clap::Args, Debug)]
pub(crate) struct Check {}

impl Command for Check {
    const NAME: &'static str = "check";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| one(context, &connection))
    }
}

fn one(context: &Context, connection: &Connection) -> Result<Outcome, CommandError> {
    let directory = Directory::load(&folders(context, connection))?;
    let findings = check_directory(&directory, backend::dialect(connection.backend()?));
    let conflicts = Conflicts {
        duplicates: directory.duplicates(),
        ..Conflicts::default()
    }
    .list();
    show(context, connection, &directory, &findings, &conflicts);
    let bad = findings
        .iter()
        .any(|finding| finding.severity > Severity::Note);
    Ok(if bad || !conflicts.is_empty() {
        Outcome::Findings
    } else {
        Outcome::Done
    })
}

fn show(
    context: &Context,
    connection: &Connection,
    directory: &Directory,
    findings: &[Finding],
    conflicts: &[Conflict],
) {
    if context.ui.is_json() {
        let json = ui::findings_json(&connection.name, findings, conflicts);
        context.ui.answer(&json.to_string());
        return;
    }
    let verbose = context.ui.is_verbose();
    let mut shown = 0;
    for finding in findings {
        if verbose || finding.severity > Severity::Note {
            context.ui.answer(&ui::finding_text(finding));
            shown += 1;
        }
    }
    for conflict in conflicts {
        let (summary, lines) = ui::conflict(conflict);
        context.ui.answer(&format!("error: {summary}"));
        for line in lines {
            context.ui.answer(&format!("  {line}"));
        }
        context
            .ui
            .answer("  hint: manage migrate --on-duplicate renumber");
        shown += 1;
    }
    context.ui.status(&format!(
        "{}: {} in {}.",
        connection.name,
        if shown == 0 {
            "nothing found".to_owned()
        } else {
            ui::count(shown, "finding")
        },
        ui::count(directory.entries().len(), "migration"),
    ));
}
