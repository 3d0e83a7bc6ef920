//! `table!` files: what they want, printed and read again, is what they want.

use diesel_manage::models::{self, OverlayOptions};
use diesel_manage::schema::Schema;
use diesel_manage::settings::PrintSchema;
use diesel_manage::sql::{Product, Server};

/// Panics where the law does not hold.
pub(crate) fn holds(product: Product, text: &str) {
    let server = Server {
        product,
        version: (99, 0, 0),
    };
    let parsed = match models::parse(&[("schema.rs", text)]) {
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
}
