//! Laws of introspection, differences and their SQL, on generated pairs of schemas that are made real.
//!
//! `MANAGE_TEST_PAIRS` says how many pairs each backend gets, `MANAGE_TEST_SEED` with which one it begins: the
//! seed that a failure names, to see it again. At night: 2000 on SQLite, 300 on each of the servers.
//! `MANAGE_TEST_FAILURES` says after how many failures it stops.

pub(crate) mod census;
mod check;
mod draft;
mod edit;
mod found;
pub(crate) mod ground;
mod make;
mod models;
mod parts;
pub(crate) mod random;
mod rows;
mod shrink;
mod types;

use std::time::Instant;

use diesel_manage::settings::Backend;
use diesel_manage::sql::{self, Product};
use libtest_mimic::{Completion, Failed};

use crate::support::{BACKENDS, Server};
use crate::trials::Trials;
use check::Pair;
use ground::Ground;

pub(crate) fn add(trials: &mut Trials) {
    found::add(trials);
    trials.alone("laws::a_seed_is_always_the_same_pair", || {
        for product in [Product::Sqlite, Product::Postgres, Product::Mariadb] {
            let server = sql::Server {
                product,
                version: (15, 0, 0),
            };
            for seed in 0..500 {
                let (one, other) = (Pair::new(server, seed), Pair::new(server, seed));
                assert_eq!(one.a.finish(), other.a.finish());
                assert_eq!(one.b.finish(), other.b.finish());
            }
        }
    });
    trials.alone(
        "laws::models_printed_from_a_schema_are_no_difference",
        models::on_paper,
    );
    for backend in BACKENDS {
        trials.deciding(
            backend,
            "laws::what_models_want_is_reached",
            move |server| {
                let number = variable("MANAGE_TEST_PAIRS").unwrap_or_else(|| usual(backend));
                let first = variable("MANAGE_TEST_SEED").unwrap_or(1);
                models::on_server(server.backend(), first..first + number)?;
                Ok(Completion::Completed)
            },
        );
        trials.deciding(backend, "laws::there_and_back", move |server: &Server| {
            there_and_back(server.backend())
        });
    }
}

/// How many pairs there are where nobody says so.
fn usual(backend: Backend) -> u64 {
    match backend {
        Backend::Sqlite => 100,
        Backend::Postgres => 25,
        Backend::Mysql => 12,
    }
}

fn there_and_back(backend: Backend) -> Result<Completion, Failed> {
    let grounds = (Ground::new(backend), Ground::new(backend));
    let (mut one, mut other) = match grounds {
        (Ok(one), Ok(other)) => (one, other),
        (Err(missing), _) | (_, Err(missing)) => return Err(missing.reason.into()),
    };
    let number = variable("MANAGE_TEST_PAIRS").unwrap_or_else(|| usual(backend));
    let first = variable("MANAGE_TEST_SEED").unwrap_or(1);
    let most = variable("MANAGE_TEST_FAILURES").unwrap_or(1);
    let started = Instant::now();
    let mut failures = Vec::new();
    for seed in first..first + number {
        let pair = Pair::new(one.product(), seed);
        let Err(failure) = pair.check(&mut one, &mut other) else {
            continue;
        };
        let (pair, failure) = shrink::smallest(pair, failure, &mut one, &mut other);
        failures.push(format!(
            "{}\nMANAGE_TEST_SEED={seed} MANAGE_TEST_PAIRS=1\n\n{}\n-- the law: {}\n{}",
            failure.law,
            pair.shown(),
            failure.law,
            failure.detail
        ));
        if failures.len() as u64 >= most {
            break;
        }
    }
    if failures.is_empty() {
        return Ok(Completion::Completed);
    }
    Err(format!(
        "{} failures in {:?}\n\n{}",
        failures.len(),
        started.elapsed(),
        failures.join("\n\n==========\n\n")
    )
    .into())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the environment of the tests, not of the command"
)]
fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}
