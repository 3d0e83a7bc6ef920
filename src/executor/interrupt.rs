//! Ctrl-C: at once while nothing is at stake, in steps while something is.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
#[cfg(unix)]
use std::thread;

#[cfg(unix)]
use signal_hook::consts::SIGINT;
#[cfg(unix)]
use signal_hook::flag;
#[cfg(unix)]
use signal_hook::iterator::Signals;
#[cfg(unix)]
use signal_hook::low_level;

/// Exit code of a process that Ctrl-C ended.
#[cfg(unix)]
const CANCELLED: i32 = 130;

/// What Ctrl-C does at this moment.
///
/// Nothing at stake: it ends the process. Otherwise the first one is noted and what runs stops after the
/// statement under way, the second one asks the server to cancel that statement, and the third one ends
/// the process.
#[derive(Clone, Default)]
pub struct Interrupt(Arc<State>);

type Listener = Box<dyn FnMut(usize) + Send>;

#[derive(Default)]
struct State {
    count: AtomicUsize,
    left: AtomicBool,
    at_once: Arc<AtomicBool>,
    listener: Mutex<Option<Listener>>,
}

impl Interrupt {
    /// Installs the handler. Until [`Self::hold`], Ctrl-C ends the process with exit code 130.
    #[must_use]
    pub fn install() -> Self {
        let interrupt = Self::default();
        interrupt.0.at_once.store(true, Ordering::SeqCst);
        interrupt.listen();
        interrupt
    }

    /// Where a handler cannot be installed Ctrl-C simply kills, which is acceptable too.
    #[cfg(unix)]
    fn listen(&self) {
        // Handlers run in the order they are registered: this one has to look before the other one's
        // thread can arm it for the next Ctrl-C.
        let at_once = Arc::clone(&self.0.at_once);
        let shutdown = flag::register_conditional_shutdown(SIGINT, CANCELLED, at_once);
        let Ok(mut signals) = Signals::new([SIGINT]) else {
            shutdown.map(low_level::unregister).ok();
            return;
        };
        let state = Arc::clone(&self.0);
        let _ = thread::Builder::new()
            .name("interrupt".to_owned())
            .spawn(move || {
                for _ in signals.forever() {
                    state.pressed();
                }
            });
    }

    /// Signals do not arrive one by one here; Ctrl-C kills, and the server rolls back what it can.
    #[cfg(not(unix))]
    fn listen(&self) {}

    /// From here on Ctrl-C is only noted, and told to `listener` with its number from 1, until the guard
    /// is dropped.
    #[must_use]
    pub fn hold(&self, listener: impl FnMut(usize) + Send + 'static) -> Held<'_> {
        *self.listener() = Some(Box::new(listener));
        let before = self.0.at_once.swap(false, Ordering::SeqCst);
        Held {
            interrupt: self,
            before,
        }
    }

    /// From here on Ctrl-C is the business of another program on the same terminal, until the guard is
    /// dropped.
    #[must_use]
    pub fn leave(&self) -> Left<'_> {
        let before = self.0.at_once.swap(false, Ordering::SeqCst);
        self.0.left.store(true, Ordering::SeqCst);
        Left {
            interrupt: self,
            before,
        }
    }

    /// Whether Ctrl-C was pressed.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.0.count.load(Ordering::SeqCst) > 0
    }

    fn listener(&self) -> std::sync::MutexGuard<'_, Option<Listener>> {
        self.0
            .listener
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(unix)]
impl State {
    fn pressed(&self) {
        if self.left.load(Ordering::SeqCst) {
            return;
        }
        let count = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        if count >= 2 {
            self.at_once.store(true, Ordering::SeqCst);
        }
        let mut listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listener) = listener.as_mut() {
            listener(count);
        }
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupt")
            .field("count", &self.0.count)
            .field("at_once", &self.0.at_once)
            .finish_non_exhaustive()
    }
}

/// While it lives, Ctrl-C does nothing here.
#[derive(Debug)]
pub struct Left<'a> {
    interrupt: &'a Interrupt,
    before: bool,
}

impl Drop for Left<'_> {
    fn drop(&mut self) {
        self.interrupt.0.left.store(false, Ordering::SeqCst);
        self.interrupt
            .0
            .at_once
            .store(self.before, Ordering::SeqCst);
    }
}

/// While it lives, Ctrl-C is only noted.
#[derive(Debug)]
pub struct Held<'a> {
    interrupt: &'a Interrupt,
    before: bool,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.interrupt
            .0
            .at_once
            .store(self.before, Ordering::SeqCst);
        *self.interrupt.listener() = None;
    }
}
