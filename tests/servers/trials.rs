//! One trial for each test and backend.

use diesel_manage::settings::Backend;
use libtest_mimic::{Completion, Failed, Trial};

use crate::support::{BACKENDS, Client, Server, word};

/// A list of trials.
#[derive(Default)]
pub(crate) struct Trials(Vec<Trial>);

impl Trials {
    /// Adds a test for every backend.
    pub(crate) fn everywhere(&mut self, name: &str, test: fn(&Server)) {
        self.on(&BACKENDS, name, test);
    }

    /// Adds a test for some backends.
    pub(crate) fn on<T>(&mut self, backends: &[Backend], name: &str, test: T)
    where
        T: Fn(&Server) + Clone + Send + 'static,
    {
        for backend in backends {
            let (backend, test) = (*backend, test.clone());
            let name = format!("{name}::{}", word(backend));
            self.0.push(Trial::ignorable_test(name, move || {
                with_server(backend, |server| {
                    test(server);
                    Ok(Completion::Completed)
                })
            }));
        }
    }

    /// Adds a test for one backend that finds out itself whether it can run there.
    pub(crate) fn deciding<T>(&mut self, backend: Backend, name: &str, test: T)
    where
        T: FnOnce(&Server) -> Result<Completion, Failed> + Send + 'static,
    {
        let name = format!("{name}::{}", word(backend));
        self.0.push(Trial::ignorable_test(name, move || {
            with_server(backend, test)
        }));
    }

    /// The same for a test that brings its own server.
    pub(crate) fn deciding_alone<T>(&mut self, backend: Backend, name: &str, test: T)
    where
        T: FnOnce() -> Result<Completion, Failed> + Send + 'static,
    {
        let name = format!("{name}::{}", word(backend));
        self.0.push(Trial::ignorable_test(name, test));
    }

    /// Adds a test for every backend that needs the server's own client.
    pub(crate) fn with_client(&mut self, name: &str, test: fn(&Server, Client)) {
        for backend in BACKENDS {
            self.deciding(backend, name, move |server| match Client::find(backend) {
                Ok(client) => {
                    test(server, client);
                    Ok(Completion::Completed)
                }
                Err(missing) if missing.is_failure => Err(missing.reason.into()),
                Err(missing) => Ok(Completion::ignored_with(missing.reason)),
            });
        }
    }

    /// Adds a test that brings its own server, or needs none.
    pub(crate) fn alone(&mut self, name: &str, test: fn()) {
        self.0.push(Trial::test(name, move || {
            test();
            Ok(())
        }));
    }

    /// Adds a test that needs no server and finds out itself whether it can run.
    pub(crate) fn alone_if<T>(&mut self, name: &str, test: T)
    where
        T: FnOnce() -> Result<Completion, Failed> + Send + 'static,
    {
        self.0.push(Trial::ignorable_test(name, test));
    }

    /// Whether there is a test whose name begins so.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|trial| trial.name().starts_with(name))
    }

    /// Adds a test that cannot be run, and says why.
    pub(crate) fn ignored(&mut self, name: &str, reason: String) {
        self.0.push(Trial::ignorable_test(name, move || {
            Ok(Completion::ignored_with(reason))
        }));
    }

    /// All of them.
    pub(crate) fn into_list(self) -> Vec<Trial> {
        self.0
    }
}

/// A server that is not there is no failure, unless somebody said that it has to be.
fn with_server(
    backend: Backend,
    test: impl FnOnce(&Server) -> Result<Completion, Failed>,
) -> Result<Completion, Failed> {
    match Server::new(backend) {
        Ok(server) => test(&server),
        Err(missing) if missing.is_failure => Err(missing.reason.into()),
        Err(missing) => Ok(Completion::ignored_with(missing.reason)),
    }
}
