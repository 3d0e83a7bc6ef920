//! A synchronous Diesel connection to MySQL or MariaDB, without a client library.

use std::future::Future;
use std::time::Duration;

use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, OptsBuilder, Pool, PoolOpts, SslOpts};

use super::login_error;
use super::parameters::Parameters;
use super::tls;
use crate::backend::connect::{CancelHandle, Limits};
use crate::backend::connect_error::ConnectError;
use crate::backend::notice::NoticeSink;
use crate::backend::runtime::{self, SharedRuntime};
use crate::backend::tls::TlsMode;
use crate::settings::{Environment, ServerUrl};

/// A connection to MySQL or MariaDB that Diesel can use.
pub(crate) type MysqlConnection = AsyncConnectionWrapper<AsyncMysqlConnection, SharedRuntime>;

/// Everything that it takes to log in, worked out and ready to be used anywhere.
#[derive(Clone)]
pub(in crate::backend) struct Login {
    parameters: Parameters,
    encryption: Option<SslOpts>,
}

impl Login {
    /// Works it out.
    ///
    /// # Errors
    /// What makes no sense.
    pub(in crate::backend) fn resolve(
        url: &ServerUrl,
        environment: &Environment,
        limits: &Limits,
        notices: &NoticeSink,
    ) -> Result<Self, ConnectError> {
        let parameters = Parameters::resolve(url, environment, limits, notices)?;
        let encryption = tls::options(&parameters.tls)?;
        Ok(Self {
            parameters,
            encryption,
        })
    }

    /// Logs in.
    ///
    /// # Errors
    /// Whatever keeps the session from being ready.
    pub(in crate::backend) async fn session(
        &self,
        notices: &NoticeSink,
    ) -> Result<Conn, ConnectError> {
        let work = log_in(&self.parameters, self.encryption.clone(), notices);
        in_time(&self.parameters, work).await
    }
}

/// Connects to a server, and says how to stop what the connection does.
///
/// What is to be said about the settings goes to `notices`; this protocol has none of the server's.
///
/// # Errors
/// Whatever keeps the session from being ready.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the same signature as PostgreSQL's, which keeps both"
)]
pub(crate) fn connect_cancellable(
    url: &ServerUrl,
    environment: &Environment,
    limits: Limits,
    notices: NoticeSink,
) -> Result<(MysqlConnection, CancelHandle), ConnectError> {
    let login = Login::resolve(url, environment, &limits, &notices)?;
    let parameters = &login.parameters;
    let runtime = runtime::start().map_err(ConnectError::Runtime)?;
    let work = open(parameters, login.encryption.clone(), &notices);
    let (connection, session) = runtime.block_on(in_time(parameters, work))?;
    let handle = cancel_handle(parameters, limits.connect_timeout, session);
    Ok((MysqlConnection::from(connection), handle))
}

async fn in_time<F, T>(parameters: &Parameters, work: F) -> Result<T, ConnectError>
where
    F: Future<Output = Result<T, ConnectError>>,
{
    match parameters.connect_timeout {
        Some(limit) => tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            Err(ConnectError::TimedOut {
                server: Box::new(parameters.server()),
                limit,
            })
        }),
        None => work.await,
    }
}

/// What it takes to find a session again from outside.
struct Session {
    number: u32,
    options: Opts,
}

async fn open(
    parameters: &Parameters,
    encryption: Option<SslOpts>,
    notices: &NoticeSink,
) -> Result<(AsyncMysqlConnection, Session), ConnectError> {
    let connection = log_in(parameters, encryption, notices).await?;
    let session = Session {
        number: connection.id(),
        options: connection.opts().clone(),
    };
    let connection = AsyncMysqlConnection::try_from(connection)
        .await
        .map_err(|source| ConnectError::Setup {
            server: Box::new(parameters.server()),
            source,
        })?;
    Ok((connection, session))
}

/// Logs in; where encryption is only preferred, a second time without it.
async fn log_in(
    parameters: &Parameters,
    encryption: Option<SslOpts>,
    notices: &NoticeSink,
) -> Result<Conn, ConnectError> {
    let options = parameters.options();
    let error = match new_session(options.clone().ssl_opts(encryption)).await {
        Ok(connection) => return Ok(connection),
        Err(error) => error,
    };
    if parameters.tls.mode == TlsMode::Prefer && login_error::may_succeed_unencrypted(&error) {
        if login_error::is_tls(&error) {
            notices.warn(format!(
                "the connection is not encrypted, because TLS failed: {error}; ssl-mode=PREFERRED allows that"
            ));
        }
        return new_session(options)
            .await
            .map_err(|error| login_error::translate(parameters, error));
    }
    Err(login_error::translate(parameters, error))
}

/// A session by way of a pool that holds this one only.
///
/// The driver says goodbye to the server for connections of a pool; any other one just ends, and the
/// server counts and logs it as broken off.
async fn new_session(options: OptsBuilder) -> Result<Conn, mysql_async::Error> {
    let pool = PoolOpts::default().with_reset_connection(false);
    Pool::new(options.pool_opts(pool)).get_conn().await
}

fn cancel_handle(parameters: &Parameters, limit: Duration, session: Session) -> CancelHandle {
    let number = session.number;
    // Neither the database nor what was set up in it matters, and the former may be gone.
    let options = Opts::from(OptsBuilder::from_opts(session.options).db_name(None::<String>));
    CancelHandle::new(parameters.server(), limit, move || {
        let options = options.clone();
        async move {
            let mut connection = Conn::new(options).await?;
            connection
                .query_drop(format!("KILL QUERY {number}"))
                .await?;
            Ok(connection.disconnect().await?)
        }
    })
}
