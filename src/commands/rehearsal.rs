//! The directory of a connection, replayed on a scratch database.

use crate::backend::Scratch;
use crate::context::Context;
use crate::error::CommandError;
use crate::migration::Directory;
use crate::proof::{Workbench, replay};
use crate::settings::Connection;

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
