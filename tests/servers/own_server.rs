//! Servers that a trial may stop, kill and start again: nobody else uses them.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use diesel_manage::settings::Backend;
use libtest_mimic::Completion;
use tempfile::TempDir;

use crate::support::{Probe, is_required};
use crate::trials::Trials;

/// Whatever a server is waited for has come by then.
const LONGEST: Duration = Duration::from_secs(60);

/// Adds a trial that needs a server of its own; without its programs it is passed over, or fails where
/// servers are required.
pub(crate) fn add(trials: &mut Trials, backend: Backend, name: &str, test: fn(&mut OwnServer)) {
    trials.deciding_alone(backend, name, move || match missing(backend) {
        None => {
            test(&mut OwnServer::start(backend));
            Ok(Completion::Completed)
        }
        Some(reason) if is_required() => Err(reason.into()),
        Some(reason) => Ok(Completion::ignored_with(reason)),
    });
}

fn missing(backend: Backend) -> Option<String> {
    match backend {
        Backend::Sqlite => Some("a file has no server".to_owned()),
        Backend::Postgres => postgres_program("initdb").err(),
        Backend::Mysql => program("mariadbd")
            .and_then(|_| program("mariadb-install-db"))
            .err(),
    }
}

/// A server in a folder of its own. It ends, and the folder goes, with the value or with this process.
pub(crate) struct OwnServer {
    pub(crate) backend: Backend,
    pub(crate) port: u16,
    pub(crate) folder: PathBuf,
    guard: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Kept for its name: the guard removes what is in it.
    _place: TempDir,
}

impl OwnServer {
    fn start(backend: Backend) -> Self {
        let place = Place::new();
        let port = free_port();
        let server = match backend {
            Backend::Sqlite => unreachable!("a file has no server"),
            Backend::Postgres => {
                place.run(
                    Command::new(postgres_program("initdb").expect("looked for before"))
                        .args(["-D", "data", "-U", "postgres", "-A", "trust", "-N"])
                        .arg("--no-locale"),
                );
                postgres_command(port, "data")
            }
            Backend::Mysql => {
                let data = format!("--datadir={}", place.path().join("data").display());
                place.run(
                    Command::new("mariadb-install-db")
                        .args(["--no-defaults", &data, "--skip-test-db"])
                        .args(["--auth-root-authentication-method=normal"])
                        .arg("--skip-name-resolve"),
                );
                let mut server = Command::new(program("mariadbd").expect("looked for before"));
                server
                    .args(["--no-defaults", &data, &format!("--port={port}")])
                    .args(["--bind-address=127.0.0.1", "--socket=server.sock"])
                    .args(["--skip-name-resolve", "--pid-file=server.pid"])
                    .arg("--character-set-server=utf8mb4");
                server
            }
        };
        Self::serve(backend, port, place, &server)
    }

    /// A hot standby of this server, which follows it.
    pub(crate) fn standby(&self) -> Self {
        let place = Place::new();
        let from = self.port.to_string();
        place.run(
            Command::new(postgres_program("pg_basebackup").expect("it comes with the server"))
                .args(["-h", "127.0.0.1", "-U", "postgres", "-p", &from])
                .args(["-D", "data", "-R", "-X", "stream", "-c", "fast"]),
        );
        let port = free_port();
        Self::serve(self.backend, port, place, &postgres_command(port, "data"))
    }

    fn serve(backend: Backend, port: u16, place: Place, server: &Command) -> Self {
        const GUARD: &str = r#"
            folder=$1
            shift
            "$@" >>log 2>&1 </dev/null & server=$!
            while read -r order; do
                case $order in
                    start) "$@" >>log 2>&1 </dev/null & server=$! ;;
                    *)
                        kids=$(ps -o pid= --ppid $server)
                        kill -$order $server
                        [ $order != KILL ] || kill -KILL $kids 2>/dev/null
                        wait $server ;;
                esac
                echo done
            done
            kids=$(ps -o pid= --ppid $server)
            kill -KILL $server $kids 2>/dev/null
            rm -rf "$folder"/*"#;
        let mut guard = Command::new("sh");
        place
            .own(&mut guard)
            .args(["-c", GUARD, "sh"])
            .arg(place.path())
            .arg(server.get_program())
            .args(server.get_args())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut guard = guard.spawn().expect("a shell is there");
        let own = Self {
            backend,
            port,
            folder: place.path().to_owned(),
            orders: guard.stdin.take(),
            answers: BufReader::new(guard.stdout.take().expect("it is piped")),
            guard,
            _place: place.folder,
        };
        own.wait();
        own
    }

    /// The URL of a database as the superuser.
    pub(crate) fn url(&self, database: &str) -> String {
        let port = self.port;
        match self.backend {
            Backend::Sqlite => unreachable!("a file has no server"),
            Backend::Postgres => format!("postgres://postgres@127.0.0.1:{port}/{database}"),
            Backend::Mysql => format!("mysql://root@127.0.0.1:{port}/{database}"),
        }
    }

    /// A connection of the test's own.
    pub(crate) fn probe(&self, database: &str) -> Probe {
        Probe::open(self.backend, &self.url(database)).expect("the server answers")
    }

    /// Creates a database.
    pub(crate) fn create(&self, name: &str) {
        self.probe(self.first())
            .execute(&format!("CREATE DATABASE {name}"));
    }

    /// A database that is always there.
    pub(crate) fn first(&self) -> &'static str {
        match self.backend {
            Backend::Sqlite | Backend::Postgres => "postgres",
            Backend::Mysql => "mysql",
        }
    }

    /// Sends a signal to the server and waits for its end; `KILL` goes to all its processes.
    pub(crate) fn end(&mut self, signal: &str) {
        self.order(signal);
    }

    /// Starts it again, and does not wait until it answers.
    pub(crate) fn launch(&mut self) {
        self.order("start");
    }

    /// Starts it again.
    pub(crate) fn restart(&mut self) {
        self.launch();
        self.wait();
    }

    fn order(&mut self, order: &str) {
        let orders = self.orders.as_mut().expect("it is taken at the end");
        writeln!(orders, "{order}").expect("the guard is there");
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .expect("the guard is there");
        assert_eq!(line, "done\n");
    }

    /// Waits until it answers.
    fn wait(&self) {
        let begun = Instant::now();
        loop {
            let probe = Probe::open(self.backend, &self.url(self.first()));
            if probe.is_ok_and(|mut probe| probe.try_execute("SELECT 1").is_ok()) {
                return;
            }
            thread::sleep(Duration::from_millis(30));
            assert!(
                begun.elapsed() < LONGEST,
                "the server does not start:\n{}",
                fs::read_to_string(self.folder.join("log")).unwrap_or_default()
            );
        }
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.guard.wait();
    }
}

fn postgres_command(port: u16, data: &str) -> Command {
    let mut server = Command::new(postgres_program("postgres").expect("looked for before"));
    server
        .args(["-D", data, "-p", &port.to_string()])
        .args(["-c", "listen_addresses=127.0.0.1"])
        .args(["-c", "unix_socket_directories=", "-c", "fsync=off"])
        .args(["-c", "lc_messages=C"]);
    server
}

/// A folder, and the user that servers run as in it: never root, which PostgreSQL refuses.
struct Place {
    folder: TempDir,
    owner: Option<(u32, u32)>,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("manage-own-").tempdir();
        let folder = folder.expect("a temporary folder can be made");
        let owner = (ask("id -u") == "0").then(|| {
            let name = ask("id -un postgres || echo nobody");
            let number = |option: &str| {
                ask(&format!("id {option} {name}"))
                    .parse()
                    .expect("a number")
            };
            (number("-u"), number("-g"))
        });
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group)).expect("root may give folders away");
        }
        Self { folder, owner }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn own<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command.current_dir(self.path()).env("LC_ALL", "C")
    }

    #[track_caller]
    fn run(&self, command: &mut Command) {
        let output = self
            .own(command)
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{command:?}: {output:?}");
    }
}

/// What a command of the shell prints.
fn ask(command: &str) -> String {
    let output = Command::new("sh")
        .args(["-c", command])
        .output()
        .expect("a shell is there");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn program(name: &str) -> Result<PathBuf, String> {
    let path = ask(&format!("PATH=$PATH:/usr/sbin command -v {name}"));
    if path.is_empty() {
        Err(format!("{name} is not installed"))
    } else {
        Ok(path.into())
    }
}

/// Debian keeps PostgreSQL's programs in a folder for each version, none of them on the path.
fn postgres_program(name: &str) -> Result<PathBuf, String> {
    let folder = ask("ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1");
    let path = Path::new(&folder).join(name);
    if !folder.is_empty() && path.is_file() {
        return Ok(path);
    }
    program(name)
}

/// A port on which nobody answers.
pub(crate) fn free_port() -> u16 {
    for _ in 0..100 {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        drop(listener);
        if TcpStream::connect(("127.0.0.1", port)).is_err() {
            return port;
        }
    }
    panic!("no port is free");
}
