//! What a Diesel project says already.

use std::path::Path;

use crate::context::Context;
use crate::settings::{self, Backend, Request};

/// What a Diesel project says already.
#[derive(Default)]
pub(super) struct Proposal {
    pub(super) backend: Option<Backend>,
    pub(super) migrations: Option<String>,
    pub(super) models: Option<String>,
}

impl Proposal {
    pub(super) fn of(context: &Context) -> Self {
        let request = Request::default();
        let Some(connection) = settings::load(&request, &context.environment)
            .ok()
            .and_then(|settings| settings.connection(None).ok())
        else {
            return Self::default();
        };
        let relative = |path: &Path| {
            path.strip_prefix(&context.environment.directory)
                .unwrap_or(path)
                .display()
                .to_string()
        };
        Self {
            backend: connection.backend().ok(),
            migrations: connection.migrations.first().map(|path| relative(path)),
            models: connection.schema_file.as_deref().map(relative),
        }
    }
}
