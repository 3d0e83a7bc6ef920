//! PostgreSQL and MariaDB with certificates of their own, each started once for all trials.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use diesel_manage::settings::{Backend, DatabaseUrl, Secret, ServerUrl};

/// A server that lives as long as this process.
pub(super) struct Own {
    pub(super) backend: Backend,
    pub(super) folder: PathBuf,
    pub(super) port: u16,
    /// The server ends, and its folder goes, when the pipe to this is closed, however that comes.
    _life: Option<Child>,
}

impl Own {
    /// What listens there is the trial's own affair.
    pub(super) fn elsewhere(backend: Backend, port: u16) -> Self {
        Self {
            backend,
            folder: PathBuf::from("/"),
            port,
            _life: None,
        }
    }

    pub(super) fn url(
        &self,
        host: &str,
        user: &str,
        password: &str,
        options: &[(&str, &str)],
    ) -> DatabaseUrl {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let url = ServerUrl {
            host: Some(host.to_owned()),
            port: Some(self.port),
            username: Some(user.to_owned()),
            password: Some(password)
                .filter(|text| !text.is_empty())
                .map(Secret::new),
            options: options.iter().map(pair).collect(),
            ..ServerUrl::default()
        };
        match self.backend {
            Backend::Mysql => DatabaseUrl::Mysql(url),
            Backend::Postgres | Backend::Sqlite => DatabaseUrl::Postgres(ServerUrl {
                database: Some("postgres".to_owned()),
                ..url
            }),
        }
    }

    /// Waits for the server, then has it execute something as its superuser.
    fn set_up(&self, superuser: &str, sql: &str) {
        let url = self.url("127.0.0.1", superuser, "", &[]);
        let mut said = String::new();
        for _ in 0..300 {
            match super::open_at(&url, &self.folder) {
                Ok(mut database) => return database.batch(sql).expect("the users are created"),
                Err(error) => said = error,
            }
            thread::sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("the server does not start: {said}\n{log}");
    }
}

pub(super) fn postgres() -> &'static Own {
    static OWN: OnceLock<Own> = OnceLock::new();
    OWN.get_or_init(|| {
        const RULES: &str = "hostssl all tls_only 127.0.0.1/32 scram-sha-256\n\
            hostnossl all plain_only 127.0.0.1/32 scram-sha-256\n\
            hostssl all app_by_key 127.0.0.1/32 cert\n\
            host all app 127.0.0.1/32 scram-sha-256\n\
            host all postgres 127.0.0.1/32 trust\n";
        let programs = postgres_programs().expect("the trial is only there with its programs");
        let place = Place::new();
        place.certificates("app_by_key");
        place.run(Command::new(programs.join("initdb")).args([
            "-D",
            "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-N",
            "--no-locale",
        ]));
        place.write("data/pg_hba.conf", RULES);
        let port = free_port();
        let life = place.serve(
            Command::new(programs.join("postgres"))
                .args([
                    "-D",
                    "data",
                    "-p",
                    &port.to_string(),
                    "-c",
                    "listen_addresses=127.0.0.1",
                ])
                .args([
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "fsync=off",
                    "-c",
                    "ssl=on",
                ])
                .args([
                    "-c",
                    "lc_messages=C",
                    "-c",
                    "password_encryption=scram-sha-256",
                ])
                .args(place.file_settings()),
        );
        let own = Own {
            backend: Backend::Postgres,
            folder: place.folder,
            port,
            _life: Some(life),
        };
        own.set_up(
            "postgres",
            r"CREATE ROLE app LOGIN PASSWORD 'pass:word\';
              CREATE ROLE tls_only LOGIN PASSWORD 'secret';
              CREATE ROLE plain_only LOGIN PASSWORD 'secret';
              CREATE ROLE app_by_key LOGIN;",
        );
        own
    })
}

pub(super) fn mysql() -> &'static Own {
    static OWN: OnceLock<Own> = OnceLock::new();
    OWN.get_or_init(|| {
        let place = Place::new();
        place.certificates("by_key");
        let data = place.folder.join("data");
        let data = format!("--datadir={}", data.display());
        place.run(
            Command::new("mariadb-install-db")
                .args(["--no-defaults", &data])
                .args([
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    "--skip-name-resolve",
                ]),
        );
        let port = free_port();
        let file =
            |option: &str, name: &str| format!("--{option}={}", place.folder.join(name).display());
        let life = place.serve(
            Command::new(program("mariadbd").expect("the trial is only there with its program"))
                .args(["--no-defaults", &data, &format!("--port={port}")])
                .args([
                    "--bind-address=127.0.0.1",
                    "--socket=server.sock",
                    "--skip-name-resolve",
                ])
                .args([file("ssl-ca", "ca.crt"), file("ssl-cert", "server.crt")])
                .args([file("ssl-key", "server.key"), file("pid-file", "pid")]),
        );
        let own = Own {
            backend: Backend::Mysql,
            folder: place.folder,
            port,
            _life: Some(life),
        };
        own.set_up(
            "root",
            "CREATE USER app@'%' IDENTIFIED BY 'secret';
             CREATE USER tls_only@'%' IDENTIFIED BY 'secret' REQUIRE SSL;
             CREATE USER by_key@'%' IDENTIFIED BY 'secret' REQUIRE X509;",
        );
        if mariadb_plugin("auth_ed25519").is_ok() {
            own.set_up(
                "root",
                "INSTALL SONAME 'auth_ed25519';
                 CREATE USER by_curve@'%' IDENTIFIED VIA ed25519 USING PASSWORD('secret');",
            );
        }
        own
    })
}

/// A folder, and the user that servers run as in it: never root, which PostgreSQL refuses.
struct Place {
    folder: PathBuf,
    owner: Option<(u32, u32)>,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("manage-tls-").tempdir();
        let folder = folder.expect("a temporary folder can be made").keep();
        let owner = (ask("id -u") == "0").then(|| {
            let name = ask("id -un postgres || echo nobody");
            let number = |option| {
                ask(&format!("id {option} {name}"))
                    .parse()
                    .expect("a number")
            };
            (number("-u"), number("-g"))
        });
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group)).expect("root may give folders away");
        }
        Self { folder, owner }
    }

    fn own<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command.current_dir(&self.folder).env("LC_ALL", "C")
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

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).expect("the folder can be written to");
    }

    /// An authority, another, and what the first has signed: for the server, which is known as
    /// `localhost` and not by its address, and for a client.
    fn certificates(&self, client: &str) {
        const CURVE: &str = "ec -pkeyopt ec_paramgen_curve:prime256v1";
        // Both in files for the sake of OpenSSL 1, which takes extensions from nowhere else.
        self.write(
            "server.ext",
            "basicConstraints=CA:FALSE\nsubjectAltName=DNS:localhost\n",
        );
        self.write("client.ext", "basicConstraints=CA:FALSE\n");
        let authority = |name: &str| {
            format!(
                "openssl req -x509 -newkey {CURVE} -nodes -days 2 -subj /CN={name} \
                 -keyout {name}.key -out {name}.crt\n"
            )
        };
        let signed = |name: &str, key: &str, subject: &str| {
            format!(
                "openssl req -new -newkey {key} -nodes -subj /CN={subject} \
                 -keyout {name}.key -out {name}.csr\n\
                 openssl x509 -req -in {name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial \
                 -days 2 -extfile {name}.ext -out {name}.crt\n"
            )
        };
        let script = format!(
            "set -e\n{}{}{}{}chmod 600 *.key\n",
            authority("ca"),
            authority("other"),
            signed("server", CURVE, "localhost"),
            signed("client", "rsa:2048", client)
        );
        self.run(Command::new("sh").args(["-c", &script]));
        let key = self.folder.join("client.key");
        // The client is this process, which may be somebody else.
        fs::set_permissions(key, fs::Permissions::from_mode(0o644)).expect("it is there");
    }

    /// Where PostgreSQL finds what [`Self::certificates`] made.
    fn file_settings(&self) -> Vec<String> {
        [
            ("ssl_ca_file", "ca.crt"),
            ("ssl_cert_file", "server.crt"),
            ("ssl_key_file", "server.key"),
        ]
        .iter()
        .flat_map(|(name, file)| {
            [
                "-c".to_owned(),
                format!("{name}={}", self.folder.join(file).display()),
            ]
        })
        .collect()
    }

    /// Starts a server that ends with this process.
    fn serve(&self, server: &Command) -> Child {
        const GUARD: &str = r#"
            folder=$1
            shift
            "$@" >log 2>&1 </dev/null &
            read -r _
            kill -INT $! 2>/dev/null || true
            for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 $! 2>/dev/null || break; sleep 0.2; done
            kill -KILL $! 2>/dev/null || true
            rm -rf "$folder""#;
        let mut guard = Command::new("sh");
        self.own(&mut guard)
            .args(["-c", GUARD, "sh"])
            .arg(&self.folder)
            .arg(server.get_program())
            .args(server.get_args())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        guard.spawn().expect("a shell is there")
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

pub(super) fn program(name: &str) -> Result<PathBuf, String> {
    let path = ask(&format!("PATH=$PATH:/usr/sbin command -v {name}"));
    if path.is_empty() {
        Err(format!("{name} is not installed"))
    } else {
        Ok(path.into())
    }
}

/// The folder of PostgreSQL's programs: Debian keeps one per version, none of them on the path.
pub(super) fn postgres_programs() -> Result<PathBuf, String> {
    let newest = ask("ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1");
    if !newest.is_empty() {
        return Ok(newest.into());
    }
    let initdb = program("initdb")?;
    let initdb = initdb
        .canonicalize()
        .map_err(|error| format!("initdb: {error}"))?;
    initdb
        .parent()
        .map(Path::to_owned)
        .ok_or_else(|| "initdb is nowhere".to_owned())
}

pub(super) fn mariadb_plugin(name: &str) -> Result<PathBuf, String> {
    program("mariadbd")?;
    let folder = ask(
        "mariadbd --no-defaults --verbose --help 2>/dev/null | awk '$1 == \"plugin-dir\" { print $2 }'",
    );
    let path = Path::new(&folder).join(format!("{name}.so"));
    if path.is_file() {
        Ok(path)
    } else {
        Err(format!("MariaDB's plugin {name} is not installed"))
    }
}

/// A port on which nobody answers.
fn free_port() -> u16 {
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
