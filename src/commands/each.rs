//! A command on every connection it is for, one after the other.

use super::registry::Outcome;
use crate::context::Context;
use crate::error::CommandError;
use crate::settings::Connection;

/// Runs `work` on each connection in turn and stops at the first that fails; the error then says which
/// one that was, and which were done before.
pub(super) fn each(
    context: &Context,
    mut work: impl FnMut(Connection) -> Result<Outcome, CommandError>,
) -> Result<Outcome, CommandError> {
    let connections = context.connections()?;
    let names: Vec<String> = connections.iter().map(|one| one.name.clone()).collect();
    let mut outcome = Outcome::Done;
    for (index, connection) in connections.into_iter().enumerate() {
        match work(connection) {
            Ok(Outcome::Done | Outcome::Program(_)) => {}
            Ok(Outcome::Findings) => outcome = Outcome::Findings,
            Err(error) => {
                let error = if context.is_default() {
                    error
                } else {
                    error.on_connection(&names[index])
                };
                return Err(if names.len() > 1 {
                    error.detail(whereabouts(&names, index))
                } else {
                    error
                });
            }
        }
    }
    Ok(outcome)
}

fn whereabouts(names: &[String], at: usize) -> String {
    let quoted = |names: &[String]| {
        names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut text = format!("on connection `{}`", names[at]);
    if at > 0 {
        text.push_str("; done before it: ");
        text.push_str(&quoted(&names[..at]));
    }
    if at + 1 < names.len() {
        text.push_str("; not reached: ");
        text.push_str(&quoted(&names[at + 1..]));
    }
    text
}
