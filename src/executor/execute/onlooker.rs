//! A second connection that looks at the statement under way while the first one waits for it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::backend::{Blocker, Database, IndexBuild, Opener};

/// Told how far the building of an index is, from the onlooker's thread.
pub(super) type Told = Arc<dyn Fn(&IndexBuild) + Send + Sync>;

/// What is looked for.
pub(super) struct Wanted {
    /// How to open another connection.
    pub(super) opener: Opener,
    /// The session that is looked at.
    pub(super) session: i64,
    /// How long a lock is waited for, where there is a limit.
    pub(super) limit: Option<Duration>,
    /// Who is told how far an index is, if anybody.
    pub(super) told: Option<Told>,
}

/// Looks on; nothing is opened before a statement takes its time.
#[derive(Default)]
pub(super) struct Onlooker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    under_way: Option<UnderWay>,
    blockers: Vec<Blocker>,
    is_over: bool,
}

#[derive(Clone, Copy)]
struct UnderWay {
    since: Instant,
    builds_index: bool,
}

impl Onlooker {
    /// Begins to look on.
    pub(super) fn start(wanted: Wanted) -> Self {
        let shared = Arc::<Shared>::default();
        let seen = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("onlooker".to_owned())
            .spawn(move || look(&wanted, &seen));
        Self {
            shared,
            thread: thread.ok(),
        }
    }

    /// A statement begins.
    pub(super) fn begin(&self, builds_index: bool) {
        let mut state = self.shared.lock();
        state.blockers.clear();
        state.under_way = Some(UnderWay {
            since: Instant::now(),
            builds_index,
        });
        self.shared.changed.notify_all();
    }

    /// It has ended, one way or the other.
    pub(super) fn end(&self) {
        self.shared.lock().under_way = None;
    }

    /// Who kept the newest statement waiting, when it was looked at.
    pub(super) fn blockers(&self) -> Vec<Blocker> {
        self.shared.lock().blockers.clone()
    }
}

impl Drop for Onlooker {
    /// Waits for the goodbye of the second connection, which would keep a database from being dropped; but not
    /// for a server that does not answer.
    fn drop(&mut self) {
        const PATIENCE: Duration = Duration::from_secs(2);
        const TURN: Duration = Duration::from_millis(5);
        self.shared.lock().is_over = true;
        self.shared.changed.notify_all();
        let begun = Instant::now();
        if let Some(thread) = self.thread.take() {
            while !thread.is_finished() && begun.elapsed() < PATIENCE {
                thread::sleep(TURN);
            }
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wanted {
    /// How long a statement is left alone before it is looked at, and between two looks.
    fn pauses(&self, under_way: UnderWay) -> Option<(Duration, Duration)> {
        const SOON: Duration = Duration::from_millis(500);
        const OFTEN: Duration = Duration::from_millis(250);
        let lock = self.limit.map(|limit| (limit / 2, (limit / 4).max(OFTEN)));
        let build = (under_way.builds_index && self.told.is_some()).then_some((SOON, SOON));
        match (lock, build) {
            (Some(lock), Some(build)) => Some((lock.0.min(build.0), lock.1.min(build.1))),
            (one, other) => one.or(other),
        }
    }
}

fn look(wanted: &Wanted, shared: &Shared) {
    let mut beside: Option<Box<dyn Database>> = None;
    let mut state = shared.lock();
    loop {
        if state.is_over {
            return;
        }
        let Some((under_way, pauses)) = state
            .under_way
            .and_then(|under_way| Some((under_way, wanted.pauses(under_way)?)))
        else {
            state = wait(shared, state, None);
            continue;
        };
        let left = pauses.0.saturating_sub(under_way.since.elapsed());
        if !left.is_zero() {
            state = wait(shared, state, Some(left));
            continue;
        }
        drop(state);
        if beside.is_none() {
            beside = (wanted.opener)().ok();
        }
        let Some(database) = &mut beside else {
            // No second connection is to be had, so nothing more is known.
            return;
        };
        let blockers = database.blockers(wanted.session);
        if under_way.builds_index
            && let Some(told) = &wanted.told
            && let Some(build) = database.index_build(wanted.session)
        {
            told(&build);
        }
        state = shared.lock();
        if state
            .under_way
            .is_some_and(|now| now.since == under_way.since)
            && !blockers.is_empty()
        {
            state.blockers = blockers;
        }
        state = wait(shared, state, Some(pauses.1));
    }
}

fn wait<'a>(
    shared: &Shared,
    state: MutexGuard<'a, State>,
    longest: Option<Duration>,
) -> MutexGuard<'a, State> {
    let Some(longest) = longest else {
        let waited = shared.changed.wait(state);
        return waited.unwrap_or_else(PoisonError::into_inner);
    };
    let waited = shared.changed.wait_timeout(state, longest);
    waited.unwrap_or_else(PoisonError::into_inner).0
}
