//! Settings files: every mistake has a place in the file, and no value is repeated.

use std::cell::LazyCell;
use std::fs;

use diesel_manage::Explain;
use diesel_manage::settings::{self, Environment, Request, SettingsError};
use tempfile::TempDir;

thread_local! {
    static FOLDER: LazyCell<TempDir> = LazyCell::new(|| tempfile::tempdir().expect("a folder can be made"));
}

const MARK: &str = "hunter2hunter2";

fn said(error: &SettingsError) -> String {
    let mut said = format!("{error} {}", error.hints().join(" "));
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        said += &error.to_string();
        source = error.source();
    }
    said
}

/// Panics where the law does not hold.
pub(crate) fn holds(text: &str) {
    FOLDER.with(|folder| {
        let path = folder.path().join("settings.yaml");
        fs::write(&path, text).expect("a file can be written");
        let request = Request {
            file: Some(path),
            ..Request::default()
        };
        let environment = Environment {
            directory: folder.path().to_owned(),
            variables: [("SECRET".to_owned(), MARK.to_owned())].into(),
            ..Environment::default()
        };
        let hides = |error: &SettingsError| {
            let said = said(error);
            // What the environment holds stands in no file, so it must stand in no message.
            assert!(text.contains(MARK) || !said.contains(MARK), "{said}");
        };
        match settings::load(&request, &environment) {
            Err(error) => hides(&error),
            Ok(settings) => {
                let names: Vec<String> = settings.names().map(str::to_owned).collect();
                assert!(!names.is_empty());
                for name in names {
                    match settings.connection(Some(&name)) {
                        Err(error) => hides(&error),
                        Ok(connection) => {
                            assert_eq!(connection.name, name);
                            if let Err(error) = connection.url() {
                                hides(&error);
                            }
                        }
                    }
                }
            }
        }
    });
}
