#![no_main]

#[path = "../laws/split.rs"]
mod law;

use diesel_manage::sql::Dialect;
use libfuzzer_sys::fuzz_target;

fn dialect(number: u8) -> Dialect {
    Dialect::ALL[usize::from(number) % Dialect::ALL.len()]
}

fuzz_target!(|input: (u8, &str)| law::holds(dialect(input.0), input.1));
