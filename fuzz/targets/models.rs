#![no_main]

#[path = "../laws/models.rs"]
mod law;

use diesel_manage::sql::Product;
use libfuzzer_sys::fuzz_target;

fn product(number: u8) -> Product {
    [Product::Sqlite, Product::Postgres, Product::Mariadb][usize::from(number) % 3]
}

fuzz_target!(|input: (u8, &str)| law::holds(product(input.0), input.1));
