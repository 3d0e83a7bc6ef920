//! The command against real databases: SQLite, PostgreSQL and MySQL or MariaDB.
//!
//! Every trial has a database of its own and looks into it over a connection of its own.

#[path = "../support/mod.rs"]
mod support;

mod beside_diesel;
mod branches;
mod checked;
mod concurrent_index;
mod connecting;
mod connections;
#[cfg(unix)]
mod cut_line;
mod daily_round;
mod databases;
mod deadlocks;
mod diesel_projects;
mod difference_cases;
#[cfg(target_os = "linux")]
mod disk_full;
mod diverged;
mod drift;
mod dump;
mod duplicate;
mod edited;
mod error_place;
mod failures;
mod fault_cases;
mod hostile;
mod inspectdb;
mod interrupted;
mod killed;
mod large_file;
#[cfg(unix)]
mod late_answer;
mod laws;
#[cfg(unix)]
mod lock_file;
mod locked;
#[cfg(unix)]
mod locks;
mod looking;
#[cfg(unix)]
mod lost;
mod merge;
mod missing;
mod model_cases;
mod model_types;
mod numbered;
mod offline;
mod only_mysql;
mod only_postgres;
mod only_sqlite;
mod out_of_order;
#[cfg(unix)]
mod own_server;
mod printed_sql;
#[cfg(unix)]
mod races;
mod read_only;
#[cfg(unix)]
mod read_only_table;
mod rebase;
mod schema_mysql;
mod schema_postgres;
mod schema_sqlite;
mod scratch;
#[cfg(unix)]
mod secrets;
mod session;
#[cfg(unix)]
mod signals;
mod squash;
mod stamp;
#[cfg(unix)]
mod tls;
mod trials;
mod two_developers;
mod unusable_files;
mod updated;
#[cfg(unix)]
mod waiting;

use libtest_mimic::Arguments;

use trials::Trials;

fn main() -> std::process::ExitCode {
    if fault_cases::executed_sql() {
        return std::process::ExitCode::SUCCESS;
    }
    let mut trials = Trials::default();
    daily_round::add(&mut trials);
    connections::add(&mut trials);
    printed_sql::add(&mut trials);
    diesel_projects::add(&mut trials);
    beside_diesel::add(&mut trials);
    read_only::add(&mut trials);
    #[cfg(unix)]
    read_only_table::add(&mut trials);
    connecting::add(&mut trials);
    unusable_files::add(&mut trials);
    error_place::add(&mut trials);
    failures::add(&mut trials);
    out_of_order::add(&mut trials);
    edited::add(&mut trials);
    missing::add(&mut trials);
    duplicate::add(&mut trials);
    only_sqlite::add(&mut trials);
    only_postgres::add(&mut trials);
    only_mysql::add(&mut trials);
    schema_mysql::add(&mut trials);
    schema_sqlite::add(&mut trials);
    schema_postgres::add(&mut trials);
    scratch::add(&mut trials);
    session::add(&mut trials);
    inspectdb::add(&mut trials);
    interrupted::add(&mut trials);
    killed::add(&mut trials);
    large_file::add(&mut trials);
    laws::add(&mut trials);
    model_cases::add(&mut trials);
    model_types::add(&mut trials);
    difference_cases::add(&mut trials);
    diverged::add(&mut trials);
    merge::add(&mut trials);
    rebase::add(&mut trials);
    two_developers::add(&mut trials);
    stamp::add(&mut trials);
    offline::add(&mut trials);
    squash::add(&mut trials);
    databases::add(&mut trials);
    branches::add(&mut trials);
    checked::add(&mut trials);
    updated::add(&mut trials);
    #[cfg(unix)]
    waiting::add(&mut trials);
    locked::add(&mut trials);
    deadlocks::add(&mut trials);
    concurrent_index::add(&mut trials);
    looking::add(&mut trials);
    drift::add(&mut trials);
    #[cfg(unix)]
    races::add(&mut trials);
    #[cfg(unix)]
    locks::add(&mut trials);
    #[cfg(unix)]
    lock_file::add(&mut trials);
    lost::add(&mut trials);
    #[cfg(unix)]
    signals::add(&mut trials);
    #[cfg(unix)]
    tls::add(&mut trials);
    #[cfg(target_os = "linux")]
    disk_full::add(&mut trials);
    #[cfg(unix)]
    secrets::add(&mut trials);
    hostile::add(&mut trials);
    // Last: it looks which trials there are.
    fault_cases::add(&mut trials);
    libtest_mimic::run(&Arguments::from_args(), trials.into_list()).exit_code()
}
