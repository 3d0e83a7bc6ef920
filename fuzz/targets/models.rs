//! `table!` files: what they want, printed and read again, is what they want.
#![no_main]

use diesel_manage::models::{self, OverlayOptions};
use diesel_manage::schema::Schema;
use diesel_manage::settings::PrintSchema;
use diesel_manage::sql::{Product, Server};
use libfuzzer_sys::fuzz_target;

const PRODUCTS: [Product; 3] = [Product::Sqlite, Product::Postgres, Product::Mariadb];

fuzz_target!(|input: (u8, &str)| {
    let server = Server {
        product: PRODUCTS[usize::from(input.0) % 3],
        version: (99, 0, 0),
    };
    let parsed = match models::parse(&[("schema.rs", input.1)]) {
        Ok(parsed) => parsed,
        Err(error) => {
            let _ = error.to_string();
            return;
        }
    };
    let options = OverlayOptions::new(server);
    let Ok(wanted) = models::overlay(&Schema::default(), &parsed, &options) else {
        return;
    };
    let printed = models::print(&wanted.schema, server, &PrintSchema::default());
    if !printed.left_out.is_empty() {
        return;
    }
    let again = models::parse(&[("schema.rs", &printed.text)]).expect(&printed.text);
    let back = models::overlay(&wanted.schema, &again, &options).expect(&printed.text);
    assert_eq!(back.schema, wanted.schema, "{}", printed.text);
});
