//! A server connection that says goodbye when it is let go.

use std::ops::{Deref, DerefMut};

use diesel_async::AsyncConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};

use super::runtime::{self, SharedRuntime};

/// Closes the session for good when it is dropped, so that its locks are free by then.
pub(super) struct Held<C: AsyncConnection, B: BlockOn = SharedRuntime>(
    Option<AsyncConnectionWrapper<C, B>>,
);

impl<C: AsyncConnection, B: BlockOn> Held<C, B> {
    pub(super) fn new(connection: AsyncConnectionWrapper<C, B>) -> Self {
        Self(Some(connection))
    }
}

impl<C: AsyncConnection, B: BlockOn> Deref for Held<C, B> {
    type Target = AsyncConnectionWrapper<C, B>;

    fn deref(&self) -> &Self::Target {
        self.0
            .as_ref()
            .expect("it is only taken when it is dropped")
    }
}

impl<C: AsyncConnection, B: BlockOn> DerefMut for Held<C, B> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0
            .as_mut()
            .expect("it is only taken when it is dropped")
    }
}

impl<C: AsyncConnection, B: BlockOn> Drop for Held<C, B> {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            runtime::close(connection);
        }
    }
}
