//! A line to a server that hides the lock of a session, and answers the one who prolongs a lease too late.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::Server;

/// What became of a line whose answer is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nothing was asked over it any more.
    LetGo,
    /// Something was, and the late answer came as the answer to that.
    Reused,
}

/// Asks for the lock of a session, and as many bytes that are NULL.
const LOCK: (&[u8], &[u8]) = (b"IS_USED_LOCK('", b"NULLIF(0,0)+('");

/// Prolongs the row.
const PROLONGS: &[u8] = b"SET expires_at";

/// What all lines share.
#[derive(Clone)]
struct Shared {
    /// Whether an answer has been late already.
    was_late: Arc<AtomicBool>,
    fate: Sender<Fate>,
}

/// The URL of a MySQL database over such lines. Only the first answer is late.
pub(crate) fn before(server: &Server) -> (String, Receiver<Fate>) {
    let mut url = server.parts();
    let host = url.host_str().unwrap_or("127.0.0.1").to_owned();
    let port = url.port().expect("a server's URL has a port");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let own = listener.local_addr().expect("it is bound").port();
    let (fate, told) = channel();
    let shared = Shared {
        was_late: Arc::default(),
        fate,
    };
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            if let Ok(server) = TcpStream::connect((host.as_str(), port)) {
                join(&client, &server, &shared);
            }
        }
    });
    url.set_host(Some("127.0.0.1")).expect("it is a host");
    url.set_port(Some(own)).expect("a server's URL has a port");
    // What is said has to be read on the way.
    url.query_pairs_mut().append_pair("ssl-mode", "DISABLED");
    (url.to_string(), told)
}

fn both(stream: &TcpStream) -> TcpStream {
    stream.try_clone().expect("a socket can be cloned")
}

fn hang_up(one: &TcpStream, other: &TcpStream) {
    // Whoever has gone already need not be told.
    let _ = one.shutdown(Shutdown::Both);
    let _ = other.shutdown(Shutdown::Both);
}

fn join(client: &TcpStream, server: &TcpStream, shared: &Shared) {
    // Whoever holds it holds back what the server says.
    let mouth = Arc::new(Mutex::new(()));
    let (mut from, mut to) = (both(client), both(server));
    let (shared, kept) = (shared.clone(), Arc::clone(&mouth));
    thread::spawn(move || {
        let mut held = None;
        let mut part = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut part) {
            let sent = &mut part[..length];
            if held.take().is_some() {
                // Whether the test is still there is its own affair.
                let _ = shared.fate.send(Fate::Reused);
            }
            while let Some(at) = find(sent, LOCK.0) {
                sent[at..at + LOCK.1.len()].copy_from_slice(LOCK.1);
            }
            if find(sent, PROLONGS).is_some() && !shared.was_late.swap(true, Ordering::SeqCst) {
                held = Some(kept.lock().expect("nobody panics with it"));
            }
            if to.write_all(sent).is_err() {
                break;
            }
        }
        if held.is_some() {
            let _ = shared.fate.send(Fate::LetGo);
        }
        hang_up(&from, &to);
    });
    let (mut from, mut to) = (both(server), both(client));
    thread::spawn(move || {
        let mut part = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut part) {
            let _spoken = mouth.lock();
            if to.write_all(&part[..length]).is_err() {
                break;
            }
        }
        hang_up(&from, &to);
    });
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
