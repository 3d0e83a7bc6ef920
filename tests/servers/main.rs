//! The command against real databases: SQLite, PostgreSQL and MySQL or MariaDB.
//!
//! Every trial has a database of its own and looks into it over a connection of its own.

#[path = "../support/mod.rs"]
mod support;

mod beside_diesel;
mod conflicts;
mod daily_round;
mod diesel_projects;
mod dump;
mod engines;
mod failures;
mod fault_cases;
mod interrupted;
mod large_file;
mod read_only;
#[cfg(unix)]
mod tls;
mod trials;

use libtest_mimic::Arguments;

use trials::Trials;

fn main() -> std::process::ExitCode {
    if fault_cases::executed_sql() {
        return std::process::ExitCode::SUCCESS;
    }
    let mut trials = Trials::default();
    daily_round::add(&mut trials);
    diesel_projects::add(&mut trials);
    beside_diesel::add(&mut trials);
    read_only::add(&mut trials);
    failures::add(&mut trials);
    engines::add(&mut trials);
    conflicts::add(&mut trials);
    interrupted::add(&mut trials);
    fault_cases::add(&mut trials);
    large_file::add(&mut trials);
    #[cfg(unix)]
    tls::add(&mut trials);
    libtest_mimic::run(&Arguments::from_args(), trials.into_list()).exit_code()
}
