//! Database URLs: what is understood is written in one way that means the same, without its password.

use std::path::{Path, PathBuf};

use diesel_manage::settings::{self, DatabaseUrl, Environment, Request, SettingsError};

fn parsed(text: &str) -> Result<DatabaseUrl, Box<SettingsError>> {
    let request = Request {
        database_url: Some(text.to_owned()),
        ..Request::default()
    };
    let environment = Environment {
        directory: PathBuf::from("/nowhere"),
        ..Environment::default()
    };
    let settings = settings::load(&request, &environment)?;
    Ok(settings.connection(None)?.url()?.clone())
}

/// Panics where the law does not hold.
pub(crate) fn holds(text: &str) {
    match parsed(text) {
        Ok(url) => {
            // A drive of Windows, where there are none.
            let has_drive = |path: &Path| !path.is_absolute();
            if matches!(&url, DatabaseUrl::Sqlite(file) if file.path().is_some_and(has_drive)) {
                return;
            }
            let again = parsed(&url.expose()).expect("our own spelling is understood");
            assert_eq!(again.expose(), url.expose(), "{text:?}");
            assert!(again == url, "{text:?}");
            let password = match &url {
                DatabaseUrl::Sqlite(_) => None,
                DatabaseUrl::Postgres(server) | DatabaseUrl::Mysql(server) => {
                    server.password.as_ref()
                }
            };
            // A short one may stand in the rest by chance.
            let is_telling = |text: &str| text.len() > 12 && !text.contains("***");
            if let Some(password) = password.filter(|password| is_telling(password.expose())) {
                let mut rest = url.clone();
                if let DatabaseUrl::Postgres(server) | DatabaseUrl::Mysql(server) = &mut rest {
                    server.password = None;
                }
                if !rest.to_string().contains(password.expose()) {
                    assert!(!url.to_string().contains(password.expose()), "{text:?}");
                    assert!(!format!("{url:?}").contains(password.expose()), "{text:?}");
                }
            }
        }
        Err(error) => {
            // Nothing behind the scheme is repeated: any part may be the password.
            let rest = text.split_once(':').map_or(text, |(_, rest)| rest);
            let mut said = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                said += &error.to_string();
                source = error.source();
            }
            assert!(rest.len() < 24 || !said.contains(rest), "{said}");
        }
    }
}
