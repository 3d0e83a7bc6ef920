//! `--wait`: a server that is still starting is given time.

use std::thread;
use std::time::{Duration, Instant};

use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::settings::parse_duration;
use crate::ui;

/// The flag for a server that may be starting.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct WaitFlag {
    /// Wait so many seconds for a server that is still starting
    #[arg(long, value_name = "SECONDS", value_parser = length, hide_short_help = true)]
    wait: Option<Duration>,
}

fn length(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|error| error.to_string())
}

impl WaitFlag {
    /// From here on connections are waited for: all of them together no longer than this.
    pub(super) fn begin(self, context: &mut Context) {
        context.wait_until = self
            .wait
            .and_then(|length| Instant::now().checked_add(length));
    }
}

/// Opens something, again and again while a server may be starting and the time is not over.
pub(super) fn waiting<T, E: Explain>(
    context: &Context,
    connection: &str,
    open: impl Fn() -> Result<T, E>,
    may_pass: impl Fn(&E) -> bool,
) -> Result<T, CommandError> {
    const SHORTEST: Duration = Duration::from_millis(100);
    const LONGEST: Duration = Duration::from_secs(2);
    let Some(deadline) = context.wait_until else {
        return Ok(open()?);
    };
    let begun = Instant::now();
    let mut pause = SHORTEST;
    let mut told = String::new();
    loop {
        let error = match open() {
            Ok(opened) => {
                if !told.is_empty() {
                    context.ui.status(&format!(
                        "{connection}: reached after {}",
                        ui::elapsed(begun.elapsed())
                    ));
                }
                return Ok(opened);
            }
            Err(error) => error,
        };
        let left = deadline.saturating_duration_since(Instant::now());
        let passes = may_pass(&error);
        if !passes || left.is_zero() {
            let error = CommandError::from(error);
            return Err(if passes {
                error.detail(format!("waited {} for it", ui::elapsed(begun.elapsed())))
            } else {
                error
            });
        }
        let reason = error.to_string();
        if reason != told {
            context
                .ui
                .status(&format!("{connection}: waiting, for {reason}"));
            told = reason;
        }
        // Nothing is at stake, so a signal ends the process in the meantime.
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(LONGEST);
    }
}
