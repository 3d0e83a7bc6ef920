#![no_main]

#[path = "../laws/url.rs"]
mod law;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| law::holds(input));
