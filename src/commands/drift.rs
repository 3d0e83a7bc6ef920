//! `manage drift`: what was changed in the database by hand.

use std::collections::BTreeSet;

use serde_json::json;

use super::each::each;
use super::files::Files;
use super::registry::{Command, Outcome};
use super::rehearsal;
use crate::backend::Database;
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::executor::{self, Drift as Found, Drifted, ExecuteError};
use crate::history::{Memory, Unrecorded};
use crate::migration::Version;
use crate::proof::{ProofError, Workbench, replay_these};
use crate::schema::manifest::{ElementKind, Manifest};
use crate::settings::Connection;
use crate::ui;

/// Show what was changed in the database by hand since the last migration
///
/// The schema is compared with what was recorded after the last migration; where that is not recorded, with
/// what the applied migrations make of a scratch database. Nothing is written. Exits with 3 if they differ.
#[derive(clap::Args, Debug)]
pub(crate) struct Drift {
    /// Compare with what the applied migrations make of a scratch database, whatever was recorded
    #[arg(long)]
    replay: bool,
}

impl Command for Drift {
    const NAME: &'static str = "drift";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| self.one(context, connection))
    }
}

/// What the live schema was compared with.
enum Against {
    /// What was recorded, then.
    Record { at: String },
    /// So many migrations, replayed.
    Replay(usize),
}

impl Drift {
    fn one(&self, context: &Context, connection: Connection) -> Result<Outcome, CommandError> {
        let files = Files::look(context, connection)?;
        let (mut database, memory) = files.ask(context)?;
        if let Some(run) = memory.journal.runs().first() {
            context.ui.note(&format!(
                "`{}` is half-way, so what it has done is a difference too; finish it: manage resume",
                run.name
            ));
        }
        let found = executor::drift(&mut *database, &memory).map_err(ExecuteError::from)?;
        // After a rollback of everything it is recorded what was left.
        if memory.ledger.applied().is_empty() && !matches!(found, Found::Compared { .. }) {
            return Ok(nothing_applied(context, &files));
        }
        let (against, drifted) = match found {
            Found::Compared {
                at, drifted, live, ..
            } if !self.replay => {
                tell_unseen(context, &live);
                (Against::Record { at }, drifted)
            }
            Found::Compared { .. } => replayed(context, &files, &mut *database, &memory)?,
            Found::Unknown { name, at, why } => {
                if !self.replay {
                    context.ui.note(&unknown(&name, &at, why));
                }
                replayed(context, &files, &mut *database, &memory)
                    .map_err(|error| neither(error, self.replay))?
            }
            Found::Never => {
                if !self.replay {
                    context.ui.note(
                        "manage has recorded nothing here, so the applied migrations are replayed on a scratch database",
                    );
                }
                replayed(context, &files, &mut *database, &memory)
                    .map_err(|error| neither(error, self.replay))?
            }
        };
        show(context, &files, &against, &drifted);
        Ok(if drifted.is_none() {
            Outcome::Done
        } else {
            Outcome::Findings
        })
    }
}

fn unknown(name: &str, at: &str, why: Unrecorded) -> String {
    let who = match why {
        Unrecorded::Elsewhere => "something else than manage changed what is applied",
        Unrecorded::Here => "the schema was not recorded",
    };
    format!(
        "{who} at `{name}` ({at} UTC), so the applied migrations are replayed on a scratch database"
    )
}

/// Says what cannot be compared, and of what only the names are.
fn tell_unseen(context: &Context, live: &Manifest) {
    let unseen = live.unseen();
    let by_name = live
        .elements()
        .iter()
        .filter(|one| one.kind == ElementKind::Unmanaged && !unseen.contains(one));
    let tell = |what: &str, kinds: BTreeSet<&str>| {
        if !kinds.is_empty() {
            let kinds: Vec<String> = kinds.into_iter().map(str::to_owned).collect();
            let kinds = ui::list(&kinds, kinds.len());
            context.ui.note(&format!("{what}: {kinds}"));
        }
    };
    tell(
        "compared by their names alone",
        by_name.map(|one| one.owner.as_str()).collect(),
    );
    tell(
        "not compared",
        unseen.iter().map(|one| one.owner.as_str()).collect(),
    );
}

/// Compares with what the applied migrations make of a scratch database.
fn replayed(
    context: &Context,
    files: &Files,
    database: &mut dyn Database,
    memory: &Memory,
) -> Result<(Against, Drifted), CommandError> {
    let applied = memory.ledger.versions();
    let gone: Vec<String> = applied
        .iter()
        .filter(|version| files.directory.find(version).is_none())
        .filter(|version| !executor::is_absorbed(version, &files.graph, &memory.ledger))
        .map(|version| executor::name_of(&files.directory, memory, version))
        .collect();
    if !gone.is_empty() {
        return Err(NoFolders(gone).into());
    }
    let versions: Vec<Version> = applied
        .into_iter()
        .filter(|version| files.directory.find(version).is_some())
        .collect();
    let live = Manifest::of(&database.introspect().map_err(ExecuteError::from)?);
    tell_unseen(context, &live);
    let should_be = made(context, files, &versions)?;
    Ok((
        Against::Replay(versions.len()),
        Drifted::between(should_be.fingerprint(), Some(&should_be), &live),
    ))
}

/// What these migrations make.
fn made(context: &Context, files: &Files, versions: &[Version]) -> Result<Manifest, CommandError> {
    let _held = context.interrupt.hold(|_| {});
    let environment = context.settings()?.environment();
    let mut scratch = rehearsal::scratch(context, &files.connection, &environment)??;
    let identity = context.identity();
    let own = files.connection.url()?.database_name();
    replay_these(
        &files.directory,
        versions,
        &mut Workbench {
            database: scratch.database(),
            identity: &identity,
            interrupt: &context.interrupt,
            again: "manage drift",
            own: own.as_deref(),
        },
    )?;
    let schema = scratch.database().introspect().map_err(ProofError::from)?;
    Ok(Manifest::of(&schema))
}

fn show(context: &Context, files: &Files, against: &Against, drifted: &Drifted) {
    let name = &files.connection.name;
    if context.ui.is_json() {
        let (source, at) = match against {
            Against::Record { at } => ("record", Some(at)),
            Against::Replay(_) => ("replay", None),
        };
        let json = json!({
            "connection": name,
            "drift": !drifted.is_none(),
            "compared_with": source,
            "recorded_at": at,
            "differences": ui::drifted_json(drifted),
        });
        context.ui.answer(&json.to_string());
        return;
    }
    let source = match against {
        Against::Record { at } => format!("what was recorded on {at} UTC"),
        Against::Replay(number) => {
            format!("what {} of a scratch database", made_by(*number))
        }
    };
    let summary = match drifted {
        Drifted::No => format!("{name}  no drift: the schema is {source}"),
        Drifted::Somehow => format!("{name}  the schema differs from {source}"),
        Drifted::By(list) => format!(
            "{name}  {} from {source}",
            ui::count(list.len(), "difference")
        ),
    };
    context.ui.answer(&summary);
    for line in ui::drifted(drifted) {
        context.ui.answer(&line);
    }
    if *drifted == Drifted::Somehow {
        context
            .ui
            .hint("compare with what the migrations make: manage drift --replay");
    }
}

fn made_by(number: usize) -> String {
    match number {
        1 => "the 1 applied migration makes".to_owned(),
        many => format!("the {many} applied migrations make"),
    }
}

fn nothing_applied(context: &Context, files: &Files) -> Outcome {
    let name = &files.connection.name;
    if context.ui.is_json() {
        let json = json!({
            "connection": name,
            "drift": false,
            "compared_with": null,
            "recorded_at": null,
            "differences": [],
        });
        context.ui.answer(&json.to_string());
    } else {
        context.ui.answer(&format!(
            "{name}  nothing is applied, so there is nothing to compare with"
        ));
    }
    Outcome::Done
}

/// Neither is recorded nor can be replayed what the schema should be.
fn neither(error: CommandError, asked: bool) -> CommandError {
    if asked {
        return error;
    }
    error
        .detail("what the schema should be is not recorded either".to_owned())
        .hint("the next migration that manage applies records it: manage migrate".to_owned())
}

/// What has no folder cannot be replayed.
#[derive(Debug, thiserror::Error)]
#[error("the applied migrations cannot be replayed: {}", gone(.0))]
struct NoFolders(Vec<String>);

fn gone(names: &[String]) -> String {
    match names {
        [one] => format!("the folder of `{one}` is gone"),
        many => format!("the folders of {} are gone", many.len()),
    }
}

impl Explain for NoFolders {
    fn kind(&self) -> Kind {
        Kind::Failure
    }

    fn details(&self) -> Vec<String> {
        match self.0.as_slice() {
            [] | [_] => Vec::new(),
            many => many.to_vec(),
        }
    }

    fn hints(&self) -> Vec<String> {
        vec![format!(
            "write them again from what is recorded: manage restore {}",
            self.0.join(" ")
        )]
    }
}
