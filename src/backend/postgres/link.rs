//! The two kinds of connection to PostgreSQL: to the server itself, and to a pooler before it.

use diesel::QueryResult;
use diesel::connection::{Connection, SimpleConnection, TransactionManager};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};

use super::database::server;
use super::introspect;
use crate::backend::error::DatabaseError;
use crate::backend::harness::{Link, LinkSession};
use crate::backend::runtime::{PooledRuntime, SharedRuntime};
use crate::schema::Schema;
use crate::sql::Dialect;

/// A connection to PostgreSQL that Diesel can use.
pub(super) type PgConnection<R> = AsyncConnectionWrapper<AsyncPgConnection, R>;

/// What a connection leads to.
pub(super) trait Route: BlockOn + Send + 'static {
    /// Whether a pooler is in between. Only within a transaction is everything then answered by one
    /// process, and what a session is told for good may be told to somebody else's.
    const IS_POOLED: bool;
}

impl Route for SharedRuntime {
    const IS_POOLED: bool = false;
}

impl Route for PooledRuntime {
    const IS_POOLED: bool = true;
}

impl<R: Route> Link for PgConnection<R> {
    const DIALECT: Dialect = Dialect::Postgres;

    fn schema(&mut self) -> Result<Schema, DatabaseError> {
        let mut session = LinkSession(self);
        let version = server(&mut session)?.version;
        introspect::read(&mut session, version)
    }

    fn together<T>(&mut self, work: impl FnOnce(&mut Self) -> QueryResult<T>) -> QueryResult<T> {
        if !R::IS_POOLED || depth(self)? > 0 {
            return work(self);
        }
        // The script may have begun a transaction that Diesel knows nothing of. Only there is this no error.
        if self.batch_execute("SAVEPOINT manage_together").is_ok() {
            let done = work(self)?;
            self.batch_execute("RELEASE SAVEPOINT manage_together")?;
            return Ok(done);
        }
        self.transaction(work)
    }
}

fn depth<R: Route>(connection: &mut PgConnection<R>) -> QueryResult<u32> {
    type Manager<R> = <PgConnection<R> as Connection>::TransactionManager;
    let status =
        <Manager<R> as TransactionManager<PgConnection<R>>>::transaction_manager_status_mut(
            connection,
        );
    Ok(status.transaction_depth()?.map_or(0, Into::into))
}
