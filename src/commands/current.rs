//! `manage current`: where a database stands.

use std::thread;
use std::time::{Duration, Instant};

use super::each::each;
use super::files::Files;
use super::registry::{Command, Outcome};
use super::resolve::warn;
use super::unfinished::tell_under_way;
use super::workspace::announce;
use crate::context::Context;
use crate::error::CommandError;
use crate::executor::{Conflict, Standing};
use crate::settings::Connection;
use crate::ui;

/// How long to leave a database alone that is not there yet, or not at its heads.
const PAUSE: Duration = Duration::from_millis(500);

/// Show where the database stands
///
/// That is the applied migrations that nothing applied follows. With -v also the database, and when and
/// by whom each was applied. Only reads: a role that may SELECT is enough, and nothing is created.
#[derive(clap::Args, Debug)]
pub(crate) struct Current {
    /// Exit with 3 unless everything is applied
    #[arg(short, long)]
    check_heads: bool,

    /// Wait up to so many seconds until the database can be reached and everything is applied; exit
    /// with 3 if it is not, with 1 if it was never reached
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
}

impl Command for Current {
    const NAME: &'static str = "current";

    const ALIASES: &'static [&'static str] = &["show-current-revision"];

    fn run(self, context: &mut Context) -> Result<Outcome, CommandError> {
        // One time for all connections: whoever waits, waits for all of them.
        let deadline = self
            .wait
            .and_then(|seconds| Instant::now().checked_add(Duration::from_secs(seconds)));
        each(context, |connection| {
            self.one(context, connection, deadline)
        })
    }
}

impl Current {
    fn one(
        &self,
        context: &Context,
        connection: Connection,
        deadline: Option<Instant>,
    ) -> Result<Outcome, CommandError> {
        let url = context.shown_url(connection.url()?);
        let files = Files::look(context, connection)?;
        let standing = match deadline {
            None => {
                announce(context, &files.connection)?;
                read(context, &files)?
            }
            Some(deadline) => wait(context, &files, deadline)?,
        };
        let name = &files.connection.name;
        if context.ui.is_json() {
            let json = ui::standing_json(name, &url, &standing);
            context.ui.answer(&json.to_string());
        } else {
            let url = Some(url.as_str()).filter(|_| context.ui.is_verbose());
            context.ui.answer(&ui::standing(name, url, &standing));
        }
        let is_at_heads = standing.is_at_heads();
        if !standing.unfinished.is_empty() {
            warn(context, &[Conflict::Unfinished(standing.unfinished)]);
        }
        if !standing.missing.is_empty() {
            warn(context, &[Conflict::Missing(standing.missing)]);
        }
        if let Some(late) = standing.out_of_order {
            warn(context, &[Conflict::OutOfOrder(late)]);
        }
        Ok(
            if (self.check_heads || self.wait.is_some()) && !is_at_heads {
                Outcome::Findings
            } else {
                Outcome::Done
            },
        )
    }
}

fn read(context: &Context, files: &Files) -> Result<Standing, CommandError> {
    let (mut database, mut memory) = files.ask_again(context)?;
    tell_under_way(
        context,
        files.connection.url()?,
        &mut *database,
        &mut memory,
    );
    Ok(Standing::of(&files.directory, &files.graph, &memory))
}

/// Asks again and again until everything is applied or the time is over; the last answer counts.
fn wait(context: &Context, files: &Files, deadline: Instant) -> Result<Standing, CommandError> {
    announce(context, &files.connection)?;
    let mut told = None;
    let mut reached = None;
    loop {
        let found = read(context, files);
        let left = deadline.saturating_duration_since(Instant::now());
        let why = match found {
            Ok(standing) if standing.is_at_heads() => return Ok(standing),
            Ok(standing) => {
                let why = ui::count(standing.pending, "migration");
                reached = Some(standing);
                format!("{why} pending")
            }
            // What was seen once says more than that the database went away again.
            Err(error) if left.is_zero() => return reached.ok_or(error),
            Err(error) => error.messages().join(": "),
        };
        if left.is_zero()
            && let Some(standing) = reached
        {
            return Ok(standing);
        }
        let name = &files.connection.name;
        if told.as_ref() != Some(&why) {
            context.ui.status(&format!("{name}: waiting, {why}"));
            told = Some(why);
        }
        thread::sleep(PAUSE.min(left));
    }
}
