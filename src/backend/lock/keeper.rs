//! A thread of its own that holds a lock on a server while the others work.
//!
//! The runtime of the working connections stands still while nobody waits for an answer. A lock has to be
//! kept alive then too, and its loss to be noticed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::advisory::Advisory;
use super::claim::Claim;
use super::error::LockError;
use super::grip::{Facts, Grip};
use super::lease::Lease;
use super::line::Login;
use super::named::Named;
use crate::backend::error::{DatabaseError, ErrorClass};
use crate::backend::runtime;
use crate::sql::Dialect;

/// How long a server may think about a question as short as ours.
const LIMIT: Duration = Duration::from_secs(10);

/// How long a lock may take to be given back when all is over.
const LAST: Duration = Duration::from_secs(3);

/// What holds the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// The session.
    Session,
    /// A row.
    Lease,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Take,
    Check,
    Release,
}

type Answer = Result<bool, DatabaseError>;
type Letter = (Order, SyncSender<Answer>);

/// What both threads see.
struct State {
    /// Known to be gone.
    lost: Arc<AtomicBool>,
    /// When it was last known to be held.
    seen: Mutex<Instant>,
}

/// The thread, from outside.
pub(super) struct Keeper {
    orders: Option<UnboundedSender<Letter>>,
    thread: Option<JoinHandle<()>>,
    state: Arc<State>,
    facts: Facts,
    fresh: Duration,
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper")
            .field("facts", &self.facts)
            .finish_non_exhaustive()
    }
}

impl Keeper {
    /// Starts it and waits until its session is ready.
    pub(super) fn start(login: Login, claim: Claim, means: Means) -> Result<Self, LockError> {
        let state = Arc::new(State {
            lost: Arc::new(AtomicBool::new(false)),
            seen: Mutex::new(Instant::now()),
        });
        let (orders, letters) = unbounded_channel();
        let (ready, opened) = mpsc::sync_channel(1);
        let shared = Arc::clone(&state);
        let work = move || {
            let runtime = match runtime::small_runtime() {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(LockError::Thread(error)))),
            };
            runtime.block_on(async {
                match open(&login, claim, means, &shared.lost).await {
                    Ok(grip) => {
                        let told = ready.send(Ok((grip.facts(), grip.fresh())));
                        if told.is_ok() {
                            serve(grip, letters, &shared).await;
                        }
                    }
                    Err(error) => drop(ready.send(Err(error))),
                }
            });
        };
        let thread = thread::Builder::new()
            .name("lock".to_owned())
            .spawn(work)
            .map_err(LockError::Thread)?;
        let (facts, fresh) = opened
            .recv()
            .unwrap_or_else(|_| Err(LockError::Database(broken())))?;
        Ok(Self {
            orders: Some(orders),
            thread: Some(thread),
            state,
            facts,
            fresh,
        })
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Tries once to take it.
    pub(super) fn take(&self) -> Answer {
        self.order(Order::Take)
    }

    /// Whether it is still held, by asking.
    pub(super) fn check(&self) -> Answer {
        if self.state.lost.load(Ordering::SeqCst) {
            return Ok(false);
        }
        let held = self.order(Order::Check);
        // A connection that has ended is an answer, too.
        match held {
            Err(_) if self.state.lost.load(Ordering::SeqCst) => Ok(false),
            held => held,
        }
    }

    /// Whether it is known to be lost; what was learned long ago is asked again.
    pub(super) fn is_lost(&self) -> bool {
        if self.state.lost.load(Ordering::SeqCst) {
            return true;
        }
        if self.state.seen().elapsed() < self.fresh {
            return false;
        }
        // Nobody who cannot be asked is believed to hold it, unless the thread says so.
        !self.check().unwrap_or(false) && self.state.lost.load(Ordering::SeqCst)
    }

    /// Gives it back; whether it was ours until then.
    pub(super) fn release(&self) -> Answer {
        if self.state.lost.load(Ordering::SeqCst) {
            return Ok(false);
        }
        self.order(Order::Release)
    }

    fn order(&self, order: Order) -> Answer {
        let (reply, answer) = mpsc::sync_channel(1);
        let orders = self.orders.as_ref().ok_or_else(broken)?;
        orders.send((order, reply)).map_err(|_| broken())?;
        match answer.recv_timeout(LIMIT + LAST) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(broken()),
        }
    }
}

/// Gives it back, if that has not been done, and waits until the session has ended.
impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            // It panics on no input; if it did, the session is gone as well.
            let _ = thread.join();
        }
    }
}

impl State {
    fn seen(&self) -> Instant {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn saw(&self, asked: Instant) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = asked;
    }
}

fn broken() -> DatabaseError {
    DatabaseError::new(
        ErrorClass::Lost,
        "the session that holds the lock does not answer",
    )
}

async fn open(
    login: &Login,
    claim: Claim,
    means: Means,
    lost: &Arc<AtomicBool>,
) -> Result<Grip, LockError> {
    let of_session = Arc::new(AtomicBool::new(false));
    let ended = match means {
        Means::Session => lost,
        // The row outlives it.
        Means::Lease => &of_session,
    };
    let line = login
        .open(ended)
        .await
        .map_err(|error| LockError::Open(error.into()))?;
    Ok(match (means, line.dialect()) {
        (Means::Lease, _) => Grip::Lease(Box::new(Lease::new(login.clone(), line, claim).await?)),
        (Means::Session, Dialect::Mysql) => Grip::Named(Named::new(line).await?),
        (Means::Session, Dialect::Postgres | Dialect::Sqlite) => {
            Grip::Advisory(Advisory::new(line, &claim).await?)
        }
    })
}

/// Does what is ordered, and looks after the lock in between.
async fn serve(mut grip: Grip, mut letters: UnboundedReceiver<Letter>, state: &State) {
    let mut is_taken = false;
    loop {
        match tokio::time::timeout(grip.beat(), letters.recv()).await {
            Ok(Some((order, reply))) => {
                let asked = Instant::now();
                let answer = carry_out(&mut grip, order).await;
                match (order, &answer) {
                    (Order::Take, Ok(true)) => {
                        is_taken = true;
                        state.saw(asked);
                    }
                    (Order::Release, _) => is_taken = false,
                    (Order::Check, _) => judge(&grip, &answer, asked, state),
                    (Order::Take, _) => {}
                }
                // Whoever asked may have stopped waiting.
                let _ = reply.send(answer);
            }
            Ok(None) => break,
            Err(_) if is_taken => {
                let asked = Instant::now();
                let answer = carry_out(&mut grip, Order::Check).await;
                judge(&grip, &answer, asked, state);
            }
            Err(_) => {}
        }
    }
    let _ = tokio::time::timeout(LAST, async {
        if is_taken {
            let _ = grip.release().await;
        }
        grip.close().await;
        // Closing a connection takes some steps of its task.
        for _ in 0..16 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

async fn carry_out(grip: &mut Grip, order: Order) -> Answer {
    let work = async {
        match order {
            Order::Take => grip.take().await,
            Order::Check => grip.holds().await,
            Order::Release => grip.release().await,
        }
    };
    let answer = tokio::time::timeout(LIMIT, work).await;
    answer.unwrap_or_else(|_| {
        // What it was asked may be answered yet, and would be taken for the answer to the next question.
        grip.forget();
        Err(broken())
    })
}

/// What an answer says about the lock.
fn judge(grip: &Grip, answer: &Answer, asked: Instant, state: &State) {
    match answer {
        Ok(true) => state.saw(asked),
        Err(_) if grip.may_be_held() => {}
        Ok(false) | Err(_) => state.lost.store(true, Ordering::SeqCst),
    }
}
