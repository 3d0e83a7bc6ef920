//! `manage lock`: who is changing a database, and how to end that.

use serde_json::{Value, json};

use super::confirm::{self, Consent};
use super::each::each;
use super::registry::{Command, Outcome};
use super::workspace::{announce, connect};
use crate::backend::{self, Access, DatabaseError, Holder, LockError, Released};
use crate::context::Context;
use crate::error::{CommandError, Explain, Kind};
use crate::executor::ExecuteError;
use crate::settings::Connection;

/// See who is changing a database, and end that
///
/// Whatever changes a database holds a lock on it while it does, and gives it back however it ends. So
/// there is nothing to clean up after a crash: what holds a lock is at work, or its connection hangs.
#[derive(clap::Args, Debug)]
pub(crate) struct Lock {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// Show who holds the lock
    ///
    /// Nothing is written, and it exits with 0 whether there is anybody or not.
    Status {},
    /// Take the lock away from who holds it
    ///
    /// The session that holds it is ended, and its run stops before its next statement. A lock on a SQLite
    /// file ends with its process only; then it is said which.
    Release {
        #[command(flatten)]
        consent: Consent,
    },
}

impl Command for Lock {
    const NAME: &'static str = "lock";

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        each(context, |connection| match &self.verb {
            Verb::Status {} => status(context, &connection),
            Verb::Release { consent } => release(context, &connection, consent),
        })
    }
}

fn status(context: &Context, connection: &Connection) -> Result<Outcome, CommandError> {
    announce(context, connection)?;
    let mut database = connect(context, connection, Access::Read)?;
    let holder = backend::holder(connection.url()?, &mut *database).map_err(ExecuteError::from)?;
    if context.ui.is_json() {
        let json = json!({
            "connection": connection.name,
            "held": holder.is_some(),
            "holder": holder.as_ref().map(said),
        });
        context.ui.answer(&json.to_string());
        return Ok(Outcome::Done);
    }
    context.ui.answer(&match &holder {
        Some(holder) => format!("{}: held by {}", connection.name, name(holder)),
        None => format!("{}: nobody holds the lock", connection.name),
    });
    if holder.is_some() {
        context.ui.hint(&format!(
            "if nobody is at work there any more: manage lock release{}",
            context.on(&connection.name)
        ));
    }
    Ok(Outcome::Done)
}

fn release(
    context: &Context,
    connection: &Connection,
    consent: &Consent,
) -> Result<Outcome, CommandError> {
    announce(context, connection)?;
    let mut database = connect(context, connection, Access::Write)?;
    let url = connection.url()?;
    let Some(holder) = backend::holder(url, &mut *database).map_err(ExecuteError::from)? else {
        return Ok(free(context, connection));
    };
    if backend::ends_with_process(url) {
        return Err(EndsWithProcess {
            name: name(&holder),
            process: holder.pid,
            host: holder.host,
        }
        .into());
    }
    let what = format!("take the lock from {}", name(&holder));
    confirm::change(context, connection, &what, consent)?;
    let taken = backend::take_away(url, &mut *database, &holder).map_err(|error| match error {
        LockError::Database(source) => CommandError::from(MayNotEnd {
            name: name(&holder),
            source,
        }),
        error @ (LockError::Busy { .. }
        | LockError::Interrupted
        | LockError::Open(_)
        | LockError::File { .. }
        | LockError::NotOurs { .. }
        | LockError::Strange { .. }
        | LockError::Thread(_)
        | LockError::Gone) => ExecuteError::from(error).into(),
    })?;
    match taken {
        Released::Done => {
            answer(context, connection, Some(&holder));
            context.ui.status(&format!(
                "{}: the lock was taken from {}.",
                connection.name,
                name(&holder)
            ));
            Ok(Outcome::Done)
        }
        Released::Free => Ok(free(context, connection)),
        Released::Refused => Err(StillHeld(name(&holder)).into()),
    }
}

fn free(context: &Context, connection: &Connection) -> Outcome {
    answer(context, connection, None);
    context
        .ui
        .status(&format!("{}: nobody holds the lock.", connection.name));
    Outcome::Done
}

fn answer(context: &Context, connection: &Connection, from: Option<&Holder>) {
    if context.ui.is_json() {
        let json = json!({
            "connection": connection.name,
            "released": from.is_some(),
            "holder": from.map(said),
        });
        context.ui.answer(&json.to_string());
    }
}

fn name(holder: &Holder) -> String {
    let name = holder.to_string();
    if name.is_empty() {
        "somebody the server does not name".to_owned()
    } else {
        name
    }
}

fn said(holder: &Holder) -> Value {
    json!({
        "pid": holder.pid,
        "user": holder.user,
        "application": holder.application,
        "host": holder.host,
        "since": holder.since,
    })
}

/// A lock of the operating system's ends with its process.
#[derive(Debug, thiserror::Error)]
#[error("the lock is held by {name}, and ends only with that process")]
struct EndsWithProcess {
    name: String,
    process: Option<i64>,
    host: Option<String>,
}

impl Explain for EndsWithProcess {
    fn details(&self) -> Vec<String> {
        vec!["nothing was changed".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        let on = match &self.host {
            Some(host) => format!(", on {host}"),
            None => String::new(),
        };
        vec![
            match self.process {
                Some(process) => format!("end it{on}: kill {process}"),
                None => format!("look which process that is{on}: ps -ef"),
            },
            "what it was doing is rolled back, and the next run goes on from there".to_owned(),
        ]
    }
}

/// The server does not end the session.
#[derive(Debug, thiserror::Error)]
#[error("cannot take the lock from {name}")]
struct MayNotEnd {
    name: String,
    source: DatabaseError,
}

impl Explain for MayNotEnd {
    fn details(&self) -> Vec<String> {
        vec!["nothing was changed".to_owned()]
    }

    fn hints(&self) -> Vec<String> {
        vec![
            "connect as the user who holds it, or as one who may end the sessions of others"
                .to_owned(),
        ]
    }
}

/// The server says that it did, and somebody still holds it.
#[derive(Debug, thiserror::Error)]
#[error("the lock is still held by {0}")]
struct StillHeld(String);

impl Explain for StillHeld {
    fn kind(&self) -> Kind {
        Kind::Failure
    }

    fn hints(&self) -> Vec<String> {
        vec!["look again: manage lock status".to_owned()]
    }
}
