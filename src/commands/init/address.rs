//! Where a database is, as it may stand in a file.

use super::error::InitError;
use crate::context::Context;
use crate::error::CommandError;
use crate::settings::{self, DatabaseUrl, Request};

/// A database's address without its password.
pub(super) enum Address {
    Url(String),
    Parts {
        driver: &'static str,
        host: String,
        port: Option<u16>,
        database: String,
        username: String,
        password_variable: String,
        options: Vec<(String, String)>,
    },
}

/// A URL as it may stand in a file: one with a password is taken apart, and the password left out.
pub(super) fn without_password(
    context: &Context,
    url: &str,
    variable: Option<&str>,
) -> Result<Address, CommandError> {
    let plain = || match variable {
        Some(_) => Err(InitError::NoPassword.into()),
        None => Ok(Address::Url(url.to_owned())),
    };
    let request = Request {
        database_url: Some(url.to_owned()),
        ..Request::default()
    };
    // A URL with `${…}` in it cannot be read yet, and holds no password that anyone could see.
    let parsed = settings::load(&request, &context.environment)
        .and_then(|settings| settings.connection(None))
        .and_then(|connection| connection.url().cloned());
    let (driver, server) = match parsed {
        Ok(DatabaseUrl::Postgres(server)) => ("postgres", server),
        Ok(DatabaseUrl::Mysql(server)) => ("mysql", server),
        Ok(DatabaseUrl::Sqlite(_)) | Err(_) => return plain(),
    };
    if server.password.is_none() {
        return plain();
    }
    let password_variable = variable.unwrap_or("DATABASE_PASSWORD").to_owned();
    context.ui.note(&format!(
        "the password is not written into the file; put it into ${{{password_variable}}}, in the environment or in .env"
    ));
    Ok(Address::Parts {
        driver,
        host: server.host.unwrap_or_else(|| "localhost".to_owned()),
        port: server.port,
        database: server.database.unwrap_or_default(),
        username: server.username.unwrap_or_default(),
        password_variable,
        options: server.options,
    })
}
