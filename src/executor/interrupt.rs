//! Ctrl-C, SIGTERM and SIGHUP: at once while nothing is at stake, in two steps while something is.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
#[cfg(unix)]
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
#[cfg(unix)]
use signal_hook::flag;
#[cfg(unix)]
use signal_hook::iterator::Signals;
#[cfg(unix)]
use signal_hook::low_level;

use crate::error::Signal;

/// How long a signal that comes again is taken for the same one. `timeout`, `npm` and other programs that
/// pass a signal on send it to the process and to its group, so it arrives twice at once.
#[cfg(unix)]
const SAME: Duration = Duration::from_millis(80);

/// How soon the second signal is looked for again.
#[cfg(unix)]
const LOOK: Duration = Duration::from_millis(10);

/// How long the last word may take: a terminal may have stopped to listen.
#[cfg(unix)]
const LAST_WORD: Duration = Duration::from_millis(200);

/// What a signal to end does at this moment.
///
/// Nothing at stake: it ends the process. Otherwise the first one is noted, and whoever is at work stops where
/// that leaves a clear state; the second one ends the process at once.
#[derive(Clone, Default)]
pub struct Interrupt(Arc<State>);

type Listener = Arc<dyn Fn(Signal) + Send + Sync>;

#[derive(Default)]
struct State {
    noted: Mutex<Noted>,
    /// Says that the second signal ends the process.
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "no second signal is heard here")
    )]
    last_word: Option<fn()>,
    /// Whether Ctrl-C ends the process, as its handler asks.
    ends_by_key: Arc<AtomicBool>,
    /// The same for the other signals, which no terminal sends to another program.
    ends: Arc<AtomicBool>,
    /// The newest signal, as its handler notes it: what the thread tells comes a moment later.
    handled: Arc<AtomicUsize>,
    /// What ends the process with a last word, which no handler may say.
    again_by_key: Again,
    again: Again,
}

/// A signal that comes again while something is at stake.
#[derive(Default)]
struct Again {
    /// Whether it ends the process.
    counts: AtomicBool,
    /// Its number, as its handler notes it; 0 is none.
    handled: Arc<AtomicUsize>,
}

impl Again {
    /// What came before it counts is forgotten.
    fn settle(&self, counts: bool) {
        if !self.counts.load(Ordering::SeqCst) {
            self.handled.store(0, Ordering::SeqCst);
        }
        self.counts.store(counts, Ordering::SeqCst);
    }

    #[cfg(unix)]
    fn seen(&self) -> Option<usize> {
        let number = self.handled.load(Ordering::SeqCst);
        (number != 0 && self.counts.load(Ordering::SeqCst)).then_some(number)
    }
}

#[derive(Default)]
struct Noted {
    /// The first signal there was.
    seen: Option<Signal>,
    /// Whether another one ends the process whatever is at stake.
    armed: bool,
    /// What is at stake, innermost last.
    stakes: Vec<Stake>,
    /// How often the terminal was left to another program.
    left: usize,
    next: u64,
}

struct Stake {
    number: u64,
    listener: Listener,
    /// Whether the listener hears every signal and none ends the process.
    patient: bool,
    /// Whether a signal is sent again until it is gone.
    insists: bool,
}

impl Interrupt {
    /// Installs the handlers. Until [`Self::hold`], each signal ends the process with its exit code.
    /// `last_word` says that the second one ends it.
    #[must_use]
    pub fn install(last_word: fn()) -> Self {
        let interrupt = Self(Arc::new(State {
            last_word: Some(last_word),
            ..State::default()
        }));
        interrupt.0.settle(&interrupt.0.lock());
        interrupt.listen();
        interrupt
    }

    /// Where a handler cannot be installed a signal simply kills, which is acceptable too.
    #[cfg(unix)]
    fn listen(&self) {
        let mut all = vec![SIGINT, SIGTERM];
        // `nohup` wants it ignored.
        if !is_ignored(SIGHUP) {
            all.push(SIGHUP);
        }
        // Handlers run in the order they are registered: these have to look before the thread below can
        // arm them for the next signal.
        let mut registered = Vec::new();
        for signal in &all {
            let (meaning, flag, again) = if *signal == SIGINT {
                (Signal::Interrupt, &self.0.ends_by_key, &self.0.again_by_key)
            } else {
                (meaning(*signal), &self.0.ends, &self.0.again)
            };
            let code = i32::from(meaning.exit_code());
            registered
                .extend(flag::register_conditional_shutdown(*signal, code, Arc::clone(flag)).ok());
            let number = usize::try_from(*signal).unwrap_or_default();
            for noted in [&self.0.handled, &again.handled] {
                registered.extend(flag::register_usize(*signal, Arc::clone(noted), number).ok());
            }
        }
        let Ok(mut signals) = Signals::new(&all) else {
            for shutdown in registered {
                low_level::unregister(shutdown);
            }
            return;
        };
        let state = Arc::clone(&self.0);
        let _ = thread::Builder::new()
            .name("interrupt".to_owned())
            .spawn(move || {
                loop {
                    // A prompt makes a Ctrl-C of every signal, so among several that came together that one
                    // says the least.
                    let signal = signals
                        .wait()
                        .map(meaning)
                        .max_by_key(|signal| weight(*signal));
                    if let Some(signal) = signal {
                        state.came(signal);
                    }
                }
            });
    }

    /// Signals do not arrive one by one here; Ctrl-C kills, and the server rolls back what it can.
    #[cfg(not(unix))]
    fn listen(&self) {}

    /// From here on the first signal is only noted, and told to `listener`, until the guard is dropped; the
    /// second one ends the process.
    #[must_use]
    pub fn hold(&self, listener: impl Fn(Signal) + Send + Sync + 'static) -> Held {
        self.stake(Arc::new(listener), false, false)
    }

    /// The same, but no signal ends the process: each is told to `listener`, which has something to end
    /// itself.
    #[must_use]
    pub fn hold_on(&self, listener: impl Fn(Signal) + Send + Sync + 'static) -> Held {
        self.stake(Arc::new(listener), true, false)
    }

    /// For a question, which a signal ends by breaking off the wait for a key. It may come a moment before
    /// anybody waits, so it is sent again until the question is gone.
    #[must_use]
    pub fn hold_question(&self) -> Held {
        self.stake(Arc::new(|_| {}), true, true)
    }

    fn stake(&self, listener: Listener, patient: bool, insists: bool) -> Held {
        let mut noted = self.0.lock();
        noted.next += 1;
        let number = noted.next;
        noted.stakes.push(Stake {
            number,
            listener,
            patient,
            insists,
        });
        self.0.settle(&noted);
        drop(noted);
        Held {
            interrupt: self.clone(),
            number,
        }
    }

    /// From here on Ctrl-C is the business of another program on the same terminal, until the guard is
    /// dropped.
    #[must_use]
    pub fn leave(&self) -> Left<'_> {
        let mut noted = self.0.lock();
        noted.left += 1;
        self.0.settle(&noted);
        drop(noted);
        Left { interrupt: self }
    }

    /// Whether a signal asked to end.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.seen().is_some()
    }

    /// The first signal that asked to end, if one did.
    #[must_use]
    pub fn seen(&self) -> Option<Signal> {
        let noted = self.0.lock();
        if noted.left > 0 {
            return noted.seen;
        }
        noted.seen.or_else(|| self.0.handled())
    }

    /// Waits, but no longer than until a signal asks to end. Says whether the whole time went by.
    #[must_use]
    pub fn sleep(&self, length: Duration) -> bool {
        const TURN: Duration = Duration::from_millis(50);
        let begun = Instant::now();
        loop {
            if self.is_seen() {
                return false;
            }
            match length.checked_sub(begun.elapsed()) {
                Some(left) if !left.is_zero() => thread::sleep(left.min(TURN)),
                Some(_) | None => return true,
            }
        }
    }
}

#[cfg(unix)]
fn meaning(signal: i32) -> Signal {
    match signal {
        SIGTERM => Signal::Terminate,
        SIGHUP => Signal::Hangup,
        _ => Signal::Interrupt,
    }
}

#[cfg(unix)]
fn weight(signal: Signal) -> u8 {
    match signal {
        Signal::Interrupt => 0,
        Signal::Hangup => 1,
        Signal::Terminate => 2,
    }
}

/// Whether the process was started with a signal ignored, where the system tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest signal that a handler has noted.
    fn handled(&self) -> Option<Signal> {
        match self.handled.load(Ordering::SeqCst) {
            0 => None,
            #[cfg(unix)]
            number => Some(i32::try_from(number).map_or(Signal::Interrupt, meaning)),
            #[cfg(not(unix))]
            _ => Some(Signal::Interrupt),
        }
    }

    /// Tells the handlers what they may do from here on.
    fn settle(&self, noted: &Noted) {
        let (ends, again) = match noted.stakes.last() {
            None => (true, false),
            Some(stake) => (false, noted.armed && !stake.patient),
        };
        let is_ours = noted.left == 0;
        self.ends.store(ends, Ordering::SeqCst);
        self.ends_by_key.store(ends && is_ours, Ordering::SeqCst);
        self.again.settle(again);
        self.again_by_key.settle(again && is_ours);
    }
}

#[cfg(unix)]
impl State {
    /// Sends a signal to this process once more, if the same stake is held a moment later.
    fn send_again(self: &Arc<Self>, signal: Signal, held: u64) {
        let state = Arc::clone(self);
        let _ = thread::Builder::new()
            .name("insist".to_owned())
            .spawn(move || {
                // Longer than what is taken for one signal.
                thread::sleep(SAME * 2);
                let noted = state.lock();
                if noted.stakes.last().is_some_and(|last| last.number == held) {
                    let number = match signal {
                        Signal::Interrupt => rustix::process::Signal::INT,
                        Signal::Terminate => rustix::process::Signal::TERM,
                        Signal::Hangup => rustix::process::Signal::HUP,
                    };
                    // It is to this process, which is there.
                    let _ = rustix::process::kill_process(rustix::process::getpid(), number);
                }
            });
    }

    /// Ends the process at the second signal, with a word. The thread does nothing else, so nothing else
    /// keeps it waiting.
    fn end_at_the_next(&self) {
        loop {
            let noted = self.lock();
            let number = self.again.seen().or_else(|| self.again_by_key.seen());
            drop(noted);
            let Some(number) = number else {
                thread::sleep(LOOK);
                continue;
            };
            if let Some(say) = self.last_word {
                let (said, heard) = mpsc::channel();
                let _ = thread::Builder::new().spawn(move || {
                    say();
                    // Whoever waited has gone on by now.
                    let _ = said.send(());
                });
                // Whether it was said or takes too long, this is the end.
                let _ = heard.recv_timeout(LAST_WORD);
            }
            let signal = i32::try_from(number).map_or(Signal::Interrupt, meaning);
            low_level::exit(i32::from(signal.exit_code()));
        }
    }

    fn came(self: &Arc<Self>, signal: Signal) {
        let mut noted = self.lock();
        if noted.left > 0 && signal == Signal::Interrupt {
            return;
        }
        if let Some(stake) = noted.stakes.last().filter(|stake| stake.insists) {
            self.send_again(signal, stake.number);
        }
        if noted.seen.is_some() {
            // The first one has not settled yet, or somebody wants to hear of each.
            let patient = noted
                .stakes
                .last()
                .filter(|stake| noted.armed && stake.patient)
                .map(|stake| Arc::clone(&stake.listener));
            drop(noted);
            if let Some(listener) = patient {
                listener(signal);
            }
            return;
        }
        noted.seen = Some(signal);
        let listener = noted.stakes.last().map(|stake| Arc::clone(&stake.listener));
        drop(noted);
        let state = Arc::clone(self);
        let _ = thread::Builder::new()
            .name("arm".to_owned())
            .spawn(move || {
                thread::sleep(SAME);
                let mut noted = state.lock();
                noted.armed = true;
                state.settle(&noted);
                drop(noted);
                state.end_at_the_next();
            });
        // Without the lock: it may take its time, and whoever is at work goes on meanwhile.
        if let Some(listener) = listener {
            listener(signal);
        }
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupt")
            .field("seen", &self.seen())
            .finish_non_exhaustive()
    }
}

/// While it lives, Ctrl-C does nothing here.
#[derive(Debug)]
pub struct Left<'a> {
    interrupt: &'a Interrupt,
}

impl Drop for Left<'_> {
    fn drop(&mut self) {
        let mut noted = self.interrupt.0.lock();
        noted.left = noted.left.saturating_sub(1);
        // What came meanwhile was the other program's.
        self.interrupt.0.handled.store(0, Ordering::SeqCst);
        self.interrupt.0.settle(&noted);
    }
}

/// While it lives, the first signal is only noted.
#[derive(Debug)]
pub struct Held {
    interrupt: Interrupt,
    number: u64,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut noted = self.interrupt.0.lock();
        noted.stakes.retain(|stake| stake.number != self.number);
        self.interrupt.0.settle(&noted);
    }
}
