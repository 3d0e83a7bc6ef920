//! The process environment, as a value that tests can make up.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// The environment variables and the working directory that settings are read against.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// Variables by name.
    pub variables: BTreeMap<String, String>,
    /// The working directory, absolute.
    pub directory: PathBuf,
    /// The user that the process acts as; nothing where files have no owners.
    pub user: Option<u32>,
}

impl Environment {
    /// Takes a copy of what the operating system says now.
    ///
    /// Variables that are not UTF-8 are left out: no setting could hold them. It fails where the
    /// working directory is gone.
    #[expect(
        clippy::disallowed_methods,
        reason = "the only reader of the process environment"
    )]
    pub fn capture() -> io::Result<Self> {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Ok(Self {
            variables,
            directory: std::env::current_dir()?,
            #[cfg(unix)]
            user: Some(rustix::process::geteuid().as_raw()),
            #[cfg(not(unix))]
            user: None,
        })
    }
}

/// Names no value: any of them may be a secret.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys().collect::<Vec<_>>())
            .field("directory", &self.directory)
            .field("user", &self.user)
            .finish()
    }
}
