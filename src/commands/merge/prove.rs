//! Whether the branches go together, tried on a scratch database.

use crate::commands::rehearsal;
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::migration::{Directory, Divergence, Graph};
use crate::proof::{Commuted, Commuter, ProofError, before, sides};
use crate::settings::Connection;

/// What came of trying.
pub(super) enum Verdict {
    /// It was tried; whether they go together stands there.
    Tried(Commuted),
    /// It could not be tried.
    Untried {
        /// Why, from the outermost cause to the innermost.
        why: Vec<String>,
        /// What would help.
        hints: Vec<String>,
    },
}

impl Verdict {
    /// Whether the branches go together.
    pub(super) fn is_proved(&self) -> bool {
        match self {
            Self::Tried(commuted) => commuted.clashes.is_empty(),
            Self::Untried { .. } => false,
        }
    }
}

/// Tries it.
pub(super) fn prove(
    context: &Context,
    connection: &Connection,
    directory: &Directory,
    graph: &Graph,
    divergence: &Divergence,
) -> Result<Verdict, CommandError> {
    // A scratch database must not be left behind, so Ctrl-C stops what is tried on it, and not the process.
    let _held = context.interrupt.hold(|_| {});
    let environment = context.settings()?.environment();
    let mut scratch = match rehearsal::scratch(context, connection, &environment)? {
        Ok(scratch) => scratch,
        Err(error) => return Ok(untried(&error)),
    };
    let heads: Vec<_> = divergence.heads().cloned().collect();
    let branches = sides(graph, &heads);
    let identity = context.identity();
    let own = connection.url()?.database_name();
    let outcome = Commuter {
        directory,
        scratch: &mut scratch,
        environment: &environment,
        identity: &identity,
        own: own.as_deref(),
        interrupt: &context.interrupt,
        again: "manage merge",
        now: context.clock.now().timestamp(),
        before: &before(graph, &branches),
        branches: &branches,
    }
    .run();
    drop(scratch);
    match outcome {
        Ok(commuted) => Ok(Verdict::Tried(commuted)),
        Err(error) => match context.interrupt.seen() {
            Some(signal) => Err(ProofError::Interrupted(signal).into()),
            None => Ok(untried(&error)),
        },
    }
}

fn untried(error: &impl Explain) -> Verdict {
    let mut why = vec![error.to_string()];
    let mut next = error.source();
    while let Some(error) = next {
        let message = error.to_string();
        if why.last().is_none_or(|last| !last.contains(&message)) {
            why.push(message);
        }
        next = error.source();
    }
    Verdict::Untried {
        why,
        hints: error.hints(),
    }
}
