//! Waits for a hook, and hands it the signals that came to us alone.

#[cfg(unix)]
use std::fs::File;
use std::io;
use std::process::{Child, Command, ExitStatus};
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

/// Whose signals a hook gets by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// What is sent to our group, as a terminal does; what came to us alone is passed on to its first process.
    Group,
    /// Nothing: it is a group of its own, and all of it is passed on to all of that.
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "there are no groups of processes")
    )]
    Own,
}

/// Makes a command a group of its own, so that what it starts in turn can be ended with it. On a terminal it
/// stays in ours: only that may read from there.
#[cfg(unix)]
pub(super) fn set_apart(command: &mut Command) -> Reach {
    use std::os::unix::process::CommandExt;
    if File::open("/dev/tty").is_ok() {
        return Reach::Group;
    }
    command.process_group(0);
    Reach::Own
}

/// There are no groups here.
#[cfg(not(unix))]
pub(super) fn set_apart(_: &mut Command) -> Reach {
    Reach::Group
}

/// Passes on what came to this process alone; Ctrl-C reaches all that is on the terminal.
#[cfg(unix)]
fn pass_on(child: &Child, reach: Reach, signal: Signal) {
    let number = match signal {
        Signal::Interrupt if reach == Reach::Group => return,
        Signal::Interrupt => rustix::process::Signal::INT,
        Signal::Terminate => rustix::process::Signal::TERM,
        Signal::Hangup => rustix::process::Signal::HUP,
    };
    send(child, reach, number);
}

#[cfg(unix)]
fn send(child: &Child, reach: Reach, number: rustix::process::Signal) {
    let pid = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        // If it has ended in the meantime, that is as good.
        let _ = match reach {
            Reach::Group => rustix::process::kill_process(pid, number),
            Reach::Own => rustix::process::kill_process_group(pid, number),
        };
    }
}

/// No such signal comes here.
#[cfg(not(unix))]
fn pass_on(_: &Child, _: Reach, _: Signal) {}

/// Ends it at once.
fn kill(child: &mut Child, reach: Reach) -> io::Result<()> {
    #[cfg(unix)]
    if reach == Reach::Own {
        send(child, reach, rustix::process::Signal::KILL);
    }
    let _ = reach;
    child.kill()
}

/// Waits for the end. A signal reaches the command too; a second one kills it.
pub(super) fn wait(
    context: &Context,
    child: &mut Child,
    reach: Reach,
    presses: &AtomicUsize,
) -> io::Result<ExitStatus> {
    const LONGEST: Duration = Duration::from_millis(25);
    /// Most commands end at once; nothing has to be said then.
    const GRACE: Duration = Duration::from_millis(500);
    // Pressed while it was being started, it may have reached us alone.
    if presses.load(Ordering::SeqCst) > 0 {
        kill(child, reach)?;
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
                    pass_on(child, reach, signal);
                }
                let before = waited;
                waited += pause;
                if before < GRACE && waited >= GRACE {
                    context
                        .ui
                        .status("\nWaiting for the command to end. Press Ctrl-C again to kill it.");
                }
            }
            _ => kill(child, reach)?,
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LONGEST);
    }
}
