//! PgBouncer in transaction mode, before the server of the tests.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use url::Url;

use super::server::{Server, Unavailable, is_required};

/// A pooler that ends with the value, and with this process.
pub(crate) struct Pooler {
    guard: Child,
    port: u16,
    _folder: TempDir,
}

impl Pooler {
    /// Starts one before the server of a database.
    ///
    /// # Errors
    /// The program is not installed.
    pub(crate) fn before(server: &Server) -> Result<Self, Unavailable> {
        Self::with(&server.parts())
    }

    /// The same for a role of the test's own: a pooler logs in as one.
    ///
    /// # Errors
    /// The program is not installed.
    pub(crate) fn of_role(
        server: &Server,
        role: &str,
        password: &str,
    ) -> Result<Self, Unavailable> {
        let url = server.url_as(role, Some(password));
        Self::with(&Url::parse(&url).expect("a server's URL"))
    }

    fn with(parts: &Url) -> Result<Self, Unavailable> {
        let program = program().ok_or_else(|| Unavailable {
            reason: "pgbouncer is not installed".to_owned(),
            is_failure: is_required(),
        })?;
        for _ in 0..5 {
            // Another process may take the port first; then the next one is tried.
            if let Some(pooler) = Self::start(&program, parts) {
                return Ok(pooler);
            }
        }
        panic!("pgbouncer does not start");
    }

    fn start(program: &PathBuf, parts: &Url) -> Option<Self> {
        let folder = tempfile::Builder::new()
            .prefix("manage-pooler-")
            .tempdir()
            .expect("a temporary folder can be made");
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port is free")
            .port();
        let settings = format!(
            "[databases]\n* = host={} port={} user={}{}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n\
             default_pool_size = 20\nmax_client_conn = 200\nlogfile =\npidfile =\n",
            parts.host_str().unwrap_or("127.0.0.1"),
            parts.port().unwrap_or(5432),
            parts.username(),
            parts
                .password()
                .map_or_else(String::new, |password| format!(" password={password}")),
        );
        let path = folder.path().join("pgbouncer.ini");
        fs::write(&path, settings).expect("the folder can be written");
        // It runs as somebody else where the tests run as root.
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path(), open).expect("the folder is ours");
        let mut guard = Command::new("sh")
            .args(["-c", GUARD, "sh"])
            .arg(program)
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell is there");
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(Self {
                    guard,
                    port,
                    _folder: folder,
                });
            }
            thread::sleep(Duration::from_millis(20));
        }
        end(&mut guard);
        None
    }

    /// The database's URL by way of the pooler.
    pub(crate) fn url(&self, server: &Server) -> String {
        let mut url = server.parts();
        url.set_host(Some("127.0.0.1")).expect("it has a host");
        url.set_port(Some(self.port)).expect("it has a port");
        url.to_string()
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        end(&mut self.guard);
    }
}

/// Ends the program when its own input ends: that happens however this process ends.
const GUARD: &str = r#"
    prefix=
    [ "$(id -u)" != 0 ] || prefix="setpriv --reuid=nobody --regid=nogroup --clear-groups"
    $prefix "$1" "$2" </dev/null &
    read -r _
    kill -KILL $! 2>/dev/null || true"#;

fn end(guard: &mut Child) {
    if let Some(mut input) = guard.stdin.take() {
        let _ = input.write_all(b"\n");
    }
    let _ = guard.wait();
}

fn program() -> Option<PathBuf> {
    [
        "/usr/sbin/pgbouncer",
        "/usr/bin/pgbouncer",
        "/usr/local/bin/pgbouncer",
    ]
    .into_iter()
    .map(PathBuf::from)
    .find(|path| path.exists())
}
