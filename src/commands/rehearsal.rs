//! The scratch database of a connection, and its directory replayed on it.

use crate::backend::{Scratch, ScratchError};
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::Directory;
use crate::proof::{Workbench, replay};
use crate::settings::{Connection, Environment};

/// Makes an empty one: the settings' own, or one beside the connection's database. The outer error is one
/// of the settings, the inner one of the server.
pub(super) fn scratch(
    context: &Context,
    connection: &Connection,
    environment: &Environment,
) -> Result<Result<Scratch, ScratchError>, CommandError> {
    Ok(Scratch::create(
        connection.url()?,
        connection.scratch_url()?,
        environment,
        context.clock.now().timestamp(),
    ))
}

/// Applies all migrations on a scratch database; `again` is what to type when a file was mended.
pub(super) fn rehearse(
    context: &Context,
    connection: &Connection,
    directory: &Directory,
    scratch: &mut Scratch,
    again: &str,
) -> Result<(), CommandError> {
    let identity = context.identity();
    let own = connection.url()?.database_name();
    replay(
        directory,
        None,
        &mut Workbench {
            database: scratch.database(),
            identity: &identity,
            interrupt: &context.interrupt,
            again,
            own: own.as_deref(),
        },
    )?;
    Ok(())
}
