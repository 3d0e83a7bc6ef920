//! A line to a server that is cut when a transaction is committed.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use diesel_manage::settings::Backend;

use crate::support::Server;

/// Where it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The server is never asked to commit.
    Question,
    /// It commits, and nobody hears of it.
    Answer,
}

/// The URL of a server's database over a line that is cut at the first `COMMIT` of a connection after it
/// has sent a text.
pub(crate) fn before(server: &Server, text: &'static str, cut: Cut) -> String {
    let mut url = server.parts();
    let host = url.host_str().unwrap_or("127.0.0.1").to_owned();
    let port = url.port().expect("a server's URL has a port");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let own = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            // A server that is gone is told by what is closed.
            if let Ok(server) = TcpStream::connect((host.as_str(), port)) {
                join(&client, &server, text, cut);
            }
        }
    });
    url.set_host(Some("127.0.0.1")).expect("it is a host");
    url.set_port(Some(own)).expect("a server's URL has a port");
    // What is said has to be read on the way.
    let (name, value) = match server.backend() {
        Backend::Mysql => ("ssl-mode", "DISABLED"),
        Backend::Sqlite | Backend::Postgres => ("sslmode", "disable"),
    };
    url.query_pairs_mut().append_pair(name, value);
    url.to_string()
}

fn both(stream: &TcpStream) -> TcpStream {
    stream.try_clone().expect("a socket can be cloned")
}

fn hang_up(one: &TcpStream, other: &TcpStream) {
    // Whoever has gone already need not be told.
    let _ = one.shutdown(Shutdown::Both);
    let _ = other.shutdown(Shutdown::Both);
}

fn join(client: &TcpStream, server: &TcpStream, text: &'static str, cut: Cut) {
    let is_deaf = Arc::new(AtomicBool::new(false));
    let deaf = Arc::clone(&is_deaf);
    let (mut from, mut to) = (both(client), both(server));
    thread::spawn(move || {
        let mut sent = Vec::new();
        let mut part = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut part) {
            sent.extend_from_slice(&part[..length]);
            let commits = find(&sent, text.as_bytes())
                .is_some_and(|at| find(&sent[at..], b"COMMIT").is_some());
            if commits && cut == Cut::Question {
                break;
            }
            deaf.store(commits, Ordering::SeqCst);
            if to.write_all(&part[..length]).is_err() {
                break;
            }
        }
        hang_up(&from, &to);
    });
    let (mut from, mut to) = (both(server), both(client));
    thread::spawn(move || {
        let mut part = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut part) {
            if is_deaf.load(Ordering::SeqCst) || to.write_all(&part[..length]).is_err() {
                break;
            }
        }
        hang_up(&from, &to);
    });
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
