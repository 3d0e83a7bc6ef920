//! Waits for a hook, and hands it the signals that came to us alone.

use std::io;
use std::process::{Child, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::context::Context;
use crate::error::Signal;

/// Whether Ctrl-C ended it: it may know so before we do.
pub(super) fn was_interrupted(status: ExitStatus) -> bool {
    /// What a shell returns whose command Ctrl-C ended.
    const CANCELLED: i32 = 130;
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        const INTERRUPT: i32 = 2;
        if status.signal() == Some(INTERRUPT) {
            return true;
        }
    }
    status.code() == Some(CANCELLED)
}

/// Passes on what came to this process alone; Ctrl-C reaches all that is on the terminal.
#[cfg(unix)]
fn pass_on(child: &Child, signal: Signal) {
    let signal = match signal {
        Signal::Interrupt => return,
        Signal::Terminate => rustix::process::Signal::TERM,
        Signal::Hangup => rustix::process::Signal::HUP,
    };
    let pid = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        // If it has ended in the meantime, that is as good.
        let _ = rustix::process::kill_process(pid, signal);
    }
}

/// No such signal comes here.
#[cfg(not(unix))]
fn pass_on(_: &Child, _: Signal) {}

/// Waits for the end. A signal reaches the command too; a second one kills it.
pub(super) fn wait(
    context: &Context,
    child: &mut Child,
    presses: &AtomicUsize,
) -> io::Result<ExitStatus> {
    const LONGEST: Duration = Duration::from_millis(25);
    /// Most commands end at once; nothing has to be said then.
    const GRACE: Duration = Duration::from_millis(500);
    // Pressed while it was being started, it may have reached us alone.
    if presses.load(Ordering::SeqCst) > 0 {
        child.kill()?;
    }
    let mut pause = Duration::from_millis(1);
    let mut waited = Duration::ZERO;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        match presses.load(Ordering::SeqCst) {
            0 => {}
            1 => {
                if waited.is_zero()
                    && let Some(signal) = context.interrupt.seen()
                {
                    pass_on(child, signal);
                }
                let before = waited;
                waited += pause;
                if before < GRACE && waited >= GRACE {
                    context
                        .ui
                        .status("\nWaiting for the command to end. Press Ctrl-C again to kill it.");
                }
            }
            _ => child.kill()?,
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LONGEST);
    }
}
