//! A server connection that says goodbye when it is let go.

use std::ops::{Deref, DerefMut};

use diesel_async::AsyncConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;

use super::runtime::{self, SharedRuntime};

/// Closes the session for good when it is dropped, so that its locks are free by then.
pub(super) struct Held<C: AsyncConnection>(Option<AsyncConnectionWrapper<C, SharedRuntime>>);

impl<C: AsyncConnection> Held<C> {
    pub(super) fn new(connection: AsyncConnectionWrapper<C, SharedRuntime>) -> Self {
        Self(Some(connection))
    }
}

impl<C: AsyncConnection> Deref for Held<C> {
    type Target = AsyncConnectionWrapper<C, SharedRuntime>;

    fn deref(&self) -> &Self::Target {
        self.0
            .as_ref()
            .expect("it is only taken when it is dropped")
    }
}

impl<C: AsyncConnection> DerefMut for Held<C> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0
            .as_mut()
            .expect("it is only taken when it is dropped")
    }
}

impl<C: AsyncConnection> Drop for Held<C> {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            runtime::close(connection);
        }
    }
}
