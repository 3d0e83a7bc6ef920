//! The laws of the fuzz targets, on their seeds and on what they found: so they compile and hold on every
//! run, and fuzzing looks for more.

use std::fs;
use std::path::Path;

use diesel_manage::sql::{Dialect, Product};

#[path = "../../fuzz/laws/dotenv.rs"]
mod dotenv;
#[path = "../../fuzz/laws/facts.rs"]
mod facts;
#[path = "../../fuzz/laws/metadata.rs"]
mod metadata;
#[path = "../../fuzz/laws/models.rs"]
mod models;
#[path = "../../fuzz/laws/settings.rs"]
mod settings;
#[path = "../../fuzz/laws/split.rs"]
mod split;
#[path = "../../fuzz/laws/target.rs"]
mod target;
#[path = "../../fuzz/laws/url.rs"]
mod url;

/// Every seed of a target as a text, and every beginning of it.
fn with_seeds(target: &str, law: impl Fn(&str)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(target);
    let seeds: Vec<_> = fs::read_dir(&folder)
        .expect("there are seeds")
        .flatten()
        .collect();
    assert!(!seeds.is_empty(), "{}", folder.display());
    for seed in seeds {
        let text = fs::read_to_string(seed.path()).expect("a seed is text");
        for (end, _) in text.char_indices() {
            law(&text[..end]);
        }
        law(&text);
    }
}

#[test]
fn a_file_is_cut_into_what_it_was() {
    for dialect in Dialect::ALL {
        with_seeds("split", |text| split::holds(dialect, text));
    }
}

#[test]
fn facts_are_told_on_one_line() {
    for dialect in Dialect::ALL {
        with_seeds("facts", |text| facts::holds(dialect, 20, text));
    }
}

#[test]
fn metadata_is_read_as_it_was_written() {
    with_seeds("metadata", metadata::holds);
}

#[test]
fn a_target_is_what_was_typed() {
    with_seeds("target", target::holds);
}

#[test]
fn models_are_printed_as_they_were_read() {
    for product in [Product::Sqlite, Product::Postgres, Product::Mariadb] {
        with_seeds("models", |text| models::holds(product, text));
    }
}

#[test]
fn a_url_is_written_so_that_it_means_the_same() {
    with_seeds("url", url::holds);
}

#[test]
fn settings_repeat_no_value() {
    with_seeds("settings", settings::holds);
}

#[test]
fn a_line_of_dotenv_that_is_wrong_has_its_place() {
    with_seeds("dotenv", dotenv::holds);
}
