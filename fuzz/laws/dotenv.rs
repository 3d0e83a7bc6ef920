//! `.env`: any text is read or refused at a place in it, and nothing of it is repeated.

use std::cell::LazyCell;
use std::fs;

use diesel_manage::settings::{self, Environment, Request, SettingsError};
use tempfile::TempDir;

thread_local! {
    static FOLDER: LazyCell<TempDir> = LazyCell::new(|| tempfile::tempdir().expect("a folder can be made"));
}

/// Panics where the law does not hold.
pub(crate) fn holds(text: &str) {
    FOLDER.with(|folder| {
        fs::write(folder.path().join(".env"), text).expect("a file can be written");
        let environment = Environment {
            directory: folder.path().to_owned(),
            ..Environment::default()
        };
        let request = Request {
            database_url: Some("sqlite://a.db".to_owned()),
            ..Request::default()
        };
        match settings::load(&request, &environment) {
            Ok(settings) => {
                let _ = settings.connection(None);
            }
            Err(SettingsError::DotEnv { place }) => {
                let (line, column) = place.position.unwrap_or((1, 1));
                let lines: Vec<&str> = text.split('\n').collect();
                assert!(line <= lines.len(), "{place}");
                assert!(column <= lines[line - 1].chars().count() + 1, "{place}");
            }
            Err(_) => {}
        }
    });
}
