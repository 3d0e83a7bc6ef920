//! What connections to PostgreSQL and to MySQL have in common: whom they are to, how long they may
//! take, and how to stop what they do.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::runtime;
use crate::error::Explain;

/// What the caller decides about a connection where neither URL nor environment do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// How long the server may take until the session is ready.
    pub(crate) connect_timeout: Duration,
    /// The name under which the server lists the session.
    pub(crate) application_name: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            application_name: "manage".to_owned(),
        }
    }
}

/// A kind of server, as its protocol has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// PostgreSQL and whatever speaks like it.
    Postgres,
    /// MySQL, MariaDB and whatever speaks like them.
    Mysql,
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
        })
    }
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Over the network.
    Tcp {
        /// Name or address of the machine.
        host: String,
        /// The port.
        port: u16,
    },
    /// On this machine, at a socket file.
    Socket(String),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Socket(path) => f.write_str(path),
        }
    }
}

/// The server a connection is to, and as whom and where inside it; what errors name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its kind.
    pub product: Product,
    /// Where it is.
    pub address: Address,
    /// Who logs in.
    pub user: String,
    /// The database to use; MySQL can do without.
    pub database: Option<String>,
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} server at `{}`", self.product, self.address)
    }
}

type Request = Pin<Box<dyn Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send>>;

/// Stops the statement that a connection is executing, from any thread.
#[derive(Clone)]
pub(crate) struct CancelHandle {
    server: Arc<Server>,
    limit: Duration,
    request: Arc<dyn Fn() -> Request + Send + Sync>,
}

impl CancelHandle {
    pub(super) fn new<F, R>(server: Server, limit: Duration, request: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        Self {
            server: Arc::new(server),
            limit,
            request: Arc::new(move || Box::pin(request())),
        }
    }

    /// Asks the server, over a connection of its own, to stop the statement under way.
    ///
    /// The connection itself lives on: whoever waits for the statement gets an error from it. If no
    /// statement is under way, nothing happens. Blocks until the server has taken the request.
    ///
    /// # Errors
    /// If the server cannot be reached, or not in time.
    pub(crate) fn cancel(&self) -> Result<(), CancelError> {
        let failed = |source| CancelError {
            server: self.server.to_string(),
            source,
        };
        match runtime::on_own_thread(self.limit, (self.request)()) {
            Ok(outcome) => outcome.map_err(failed),
            Err(error) => Err(failed(error.into())),
        }
    }
}

impl fmt::Debug for CancelHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelHandle")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

/// The request to stop did not get through.
#[derive(Debug, thiserror::Error)]
#[error("cannot ask {server} to stop the statement")]
pub(crate) struct CancelError {
    server: String,
    source: Box<dyn Error + Send + Sync>,
}

impl Explain for CancelError {
    fn hints(&self) -> Vec<String> {
        vec![
            "the statement may still be running; look for it in the server's list of sessions"
                .to_owned(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_product_and_address() {
        let mut server = Server {
            product: Product::Postgres,
            address: Address::Tcp {
                host: "db.example.com".to_owned(),
                port: 5432,
            },
            user: "app".to_owned(),
            database: None,
        };
        assert_eq!(
            server.to_string(),
            "the PostgreSQL server at `db.example.com:5432`"
        );
        server.address = Address::Tcp {
            host: "::1".to_owned(),
            port: 1,
        };
        assert_eq!(server.to_string(), "the PostgreSQL server at `[::1]:1`");
    }

    #[test]
    fn a_handle_works_from_any_thread_and_its_failure_names_the_server() {
        fn is_send_and_sync<T: Send + Sync>(_: &T) {}
        let server = Server {
            product: Product::Mysql,
            address: Address::Socket("/run/mysqld.sock".to_owned()),
            user: "app".to_owned(),
            database: None,
        };
        let handle = CancelHandle::new(server, Duration::from_secs(5), || async {
            Err("no such session".into())
        });
        is_send_and_sync(&handle);
        let error = handle.cancel().unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot ask the MySQL server at `/run/mysqld.sock` to stop the statement"
        );
        assert_eq!(
            std::error::Error::source(&error).unwrap().to_string(),
            "no such session"
        );
    }
}
