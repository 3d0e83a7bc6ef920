//! `--wait`: a server that is still starting.

use diesel_manage::settings::Backend;

use crate::own_server::{self, OwnServer};
use crate::support::{Project, Server};
use crate::trials::Trials;

const SERVERS: [Backend; 2] = [Backend::Postgres, Backend::Mysql];

pub(crate) fn add(trials: &mut Trials) {
    for backend in SERVERS {
        own_server::add(
            trials,
            backend,
            "a_server_that_starts_late_is_waited_for",
            late,
        );
    }
    trials.on(
        &SERVERS,
        "what_no_waiting_mends_is_not_waited_for",
        not_waited_for,
    );
    trials.on(&SERVERS, "a_server_that_never_comes_is_given_up", given_up);
    trials.on(&SERVERS, "a_signal_ends_the_wait_for_a_server", stopped);
}

fn late(server: &mut OwnServer) {
    let mut project = Project::new().url(&server.url("shop"));
    project.filter(&server.url("shop"), "$URL");
    project.filter(&server.port.to_string(), "$PORT");
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);\n",
        None,
    );
    server.end(match server.backend {
        Backend::Postgres => "INT",
        Backend::Sqlite | Backend::Mysql => "TERM",
    });
    let product = match server.backend {
        Backend::Postgres => "PostgreSQL",
        Backend::Sqlite | Backend::Mysql => "MySQL",
    };
    let mut running = project.manage("setup --wait 60").start();
    running.until("refused the connection");
    server.launch();
    let out = running.wait().ok();
    out.says(&format!(
        "default: waiting, for the {product} server at `127.0.0.1:$PORT` refused the connection"
    ))
    .says("default: database `shop` created.");
    assert_eq!(
        server
            .probe("shop")
            .value("SELECT count(*) FROM __diesel_schema_migrations"),
        "1"
    );
}

/// A project whose URL leads to a port with nobody behind it.
fn nowhere(server: &Server) -> Project {
    let mut url = server.parts();
    url.set_port(Some(1)).expect("a server's URL has a port");
    let project = Project::new().url(url.as_str());
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);\n",
        None,
    );
    project
}

fn not_waited_for(server: &Server) {
    let mut url = server.parts();
    url.set_path(&format!("/{}_gone", server.name()));
    let project = Project::new().url(url.as_str());
    let out = project.run("migrate --wait 60").exits(1);
    out.never_says("waiting");
    let out = nowhere(server).run("migrate").exits(1);
    out.never_says("waiting");
}

fn given_up(server: &Server) {
    let project = nowhere(server);
    for line in [
        "migrate --wait 300ms",
        "migrate --plan --wait 300ms",
        "downgrade --wait 300ms",
        "check --with-database --wait 300ms",
        "createdb --wait 300ms",
    ] {
        let out = project.run(line);
        assert_ne!(out.status, Some(0));
        let waits = out
            .lines()
            .filter(|said| said.starts_with("default: waiting, for "))
            .count();
        assert_eq!(waits, 1, "{out}");
    }
    let out = project.run("migrate --wait 0").exits(1);
    out.never_says("waiting, for");
}

fn stopped(server: &Server) {
    let project = nowhere(server);
    let mut running = project.manage("migrate --wait 60").start();
    running.until("waiting, for");
    running.signal("TERM");
    let _ = running.wait().exits(143);
}
