//! The one runtime beneath all connections to servers, which makes asynchronous drivers synchronous.
//!
//! It has no thread of its own: everything, the background task of each connection included, moves
//! while some caller waits for an answer, and stands still otherwise. So notices are there when the
//! statement that caused them has returned, and no thread has to be stopped at the end.

use std::future::Future;
use std::io;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use diesel_async::AsyncConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use tokio::runtime::{Builder, Runtime};

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// The process-wide runtime, as Diesel's synchronous wrapper wants it.
///
/// It may be used from several threads at a time, but not from inside an asynchronous function.
pub(crate) struct SharedRuntime {
    runtime: &'static Runtime,
}

/// Starts the runtime, or finds it started.
pub(super) fn start() -> io::Result<SharedRuntime> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(SharedRuntime { runtime });
    }
    let runtime = small_runtime()?;
    Ok(SharedRuntime {
        runtime: RUNTIME.get_or_init(|| runtime),
    })
}

pub(super) fn small_runtime() -> io::Result<Runtime> {
    Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
}

impl BlockOn for SharedRuntime {
    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future,
    {
        self.runtime.block_on(future)
    }

    fn get_runtime() -> Self {
        start().expect("`connect` starts the runtime before it wraps a connection")
    }
}

/// The same runtime, for connections that a pooler stands behind: what is done by several statements has
/// to be one transaction there, and the type is how a connection knows.
pub(crate) struct PooledRuntime(SharedRuntime);

impl BlockOn for PooledRuntime {
    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future,
    {
        self.0.block_on(future)
    }

    fn get_runtime() -> Self {
        Self(SharedRuntime::get_runtime())
    }
}

/// Says goodbye to the server and waits until that is sent.
///
/// A connection that is merely dropped is closed only when the runtime runs the next time, and until
/// then holds its locks and keeps its database from being dropped.
pub(crate) fn close<C, B>(connection: AsyncConnectionWrapper<C, B>)
where
    C: AsyncConnection,
    B: BlockOn,
{
    // Each turn lets every ready task make one step; closing takes about three.
    const TURNS: usize = 16;
    let connection = connection.into_inner();
    SharedRuntime::get_runtime().block_on(async move {
        drop(connection);
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
    });
}

/// Runs a future to its end on a thread and a runtime of its own, for callers that must not depend
/// on the shared one being free; an error of kind `TimedOut` after `limit`.
pub(super) fn on_own_thread<F, T>(limit: Duration, future: F) -> io::Result<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let work = move || {
        let runtime = small_runtime()?;
        let outcome = runtime.block_on(async { tokio::time::timeout(limit, future).await });
        // A name that is still being looked up must not hold the caller.
        runtime.shutdown_background();
        outcome.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))
    };
    let thread = thread::Builder::new()
        .name("cancel".to_owned())
        .spawn(work)?;
    thread
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("the thread that cancels broke down")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_threads_share_the_runtime() {
        let answers = thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|number| {
                    scope.spawn(move || {
                        let runtime = SharedRuntime::get_runtime();
                        runtime.block_on(async {
                            tokio::time::sleep(Duration::from_millis(5)).await;
                            number
                        })
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect::<Vec<_>>()
        });
        assert_eq!(answers, [0, 1, 2, 3]);
    }

    #[test]
    fn work_on_its_own_thread_ends_at_its_limit() {
        let outcome = on_own_thread(Duration::from_millis(1), std::future::pending::<()>());
        assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
