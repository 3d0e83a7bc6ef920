//! The servers' own clients, as a person runs them on a script.

use std::io::Write;
use std::process::{Command, Stdio};

use diesel_manage::settings::Backend;

use super::server::{Server, Unavailable, is_required};

/// A client that is installed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    backend: Backend,
    program: &'static str,
}

impl Client {
    /// Finds the client of a server.
    ///
    /// # Errors
    /// It is not installed.
    pub(crate) fn find(backend: Backend) -> Result<Self, Unavailable> {
        let programs: &[&'static str] = match backend {
            Backend::Sqlite => &["sqlite3"],
            Backend::Postgres => &["psql"],
            Backend::Mysql => &["mariadb", "mysql"],
        };
        let is_there = |program: &&&'static str| {
            let version = Command::new(program)
                .arg("--version")
                .stdin(Stdio::null())
                .output();
            version.is_ok_and(|output| output.status.success())
        };
        match programs.iter().find(is_there) {
            Some(program) => Ok(Self { backend, program }),
            None => Err(Unavailable {
                reason: format!("the client `{}` is not installed", programs[0]),
                is_failure: is_required(),
            }),
        }
    }

    /// Runs a script; what the client complained about, if it failed.
    pub(crate) fn try_run(self, server: &Server, script: &str) -> Result<String, String> {
        let mut command = Command::new(self.program);
        // A developer's own files of settings are none of the script's business.
        command.env("LC_ALL", "C").env_remove("MYSQL_PWD");
        match self.backend {
            Backend::Sqlite => {
                command.args(["-bail", server.url()]);
            }
            Backend::Postgres => {
                // A variable that happens to be called like a column is no part of the script.
                command.args([
                    "-X",
                    "-q",
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-v",
                    "n=7",
                    "-v",
                    "x=7",
                ]);
                command.args(["-d", server.url(), "-f", "-"]);
            }
            Backend::Mysql => {
                let url = server.parts();
                command
                    .args([
                        "--no-defaults",
                        "--loose-skip-ssl",
                        "--protocol=tcp",
                        "--comments",
                    ])
                    .arg(format!("--host={}", url.host_str().unwrap_or_default()))
                    .arg(format!("--port={}", url.port().unwrap_or(3306)))
                    .arg(format!("--user={}", url.username()));
                match url.password() {
                    Some(password) => command.env("MYSQL_PWD", password),
                    None => command.arg("--skip-password"),
                };
                command.arg(server.name());
            }
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the client can be started");
        let mut stdin = child.stdin.take().expect("the client has a standard input");
        let text = script.to_owned();
        let writer = std::thread::spawn(move || {
            // A client that stops at an error does not read the rest.
            let _ = stdin.write_all(text.as_bytes());
        });
        let output = child.wait_with_output().expect("the client ends");
        writer.join().expect("writing does not panic");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            Ok(said)
        } else {
            Err(said)
        }
    }

    /// Runs a script that must succeed.
    #[track_caller]
    pub(crate) fn run(self, server: &Server, script: &str) {
        if let Err(said) = self.try_run(server, script) {
            panic!("{} failed: {said}\n{script}", self.program);
        }
    }
}
