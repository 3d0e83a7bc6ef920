//! MySQL: a type is the first word of what the server prints.

use heck::ToUpperCamelCase;

use crate::schema::Column;
use crate::sql::Product;

use super::of_column::{Found, Wrapper};

/// The type of a column, if it is one word and perhaps `unsigned`.
pub(super) fn find(column: &Column, product: Option<Product>) -> Option<Found> {
    let printed = match column.sql_type.as_str() {
        "json" if product == Some(Product::Mariadb) => "longtext",
        printed => printed,
    };
    let unsigned = is_unsigned(printed);
    let word = if printed == "tinyint(1)" {
        "bool"
    } else if printed.starts_with("int") {
        "integer"
    } else {
        printed.find('(').map_or(printed, |at| &printed[..at])
    };
    let word = if is_unsigned(word) {
        word.to_lowercase()
            .replace("unsigned", "")
            .trim()
            .to_owned()
    } else if word.contains(' ') {
        return None;
    } else {
        word.trim().to_owned()
    };
    Some(Found {
        rust_name: word.to_upper_camel_case(),
        max_length: max_length(printed, &word),
        sql_name: word,
        schema: None,
        wrapper: if unsigned {
            Wrapper::Unsigned
        } else {
            Wrapper::None
        },
    })
}

/// The name in Rust of a type that belongs to one column.
pub(super) fn custom_name(table: &str, column: &str, word: &str) -> String {
    format!("{table} {column} {word}").to_upper_camel_case()
}

fn is_unsigned(printed: &str) -> bool {
    printed.to_lowercase().contains("unsigned")
}

/// How many characters or bytes fit in, for the types of which the server tells it.
fn max_length(printed: &str, word: &str) -> Option<u64> {
    let inside = printed.split_once('(')?.1.rsplit_once(')')?.0;
    match word {
        "char" | "varchar" | "binary" | "varbinary" => inside.trim().parse().ok(),
        "enum" => values(inside).into_iter().max(),
        // All of them, with a comma between each two.
        "set" => {
            let lengths = values(inside);
            let commas = lengths.len().saturating_sub(1);
            Some(lengths.iter().sum::<u64>() + commas as u64)
        }
        _ => None,
    }
}

/// The lengths of quoted values, in characters.
fn values(list: &str) -> Vec<u64> {
    let mut lengths = Vec::new();
    let mut characters = list.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\'' {
            continue;
        }
        let mut length = 0;
        while let Some(inside) = characters.next() {
            match inside {
                '\'' if characters.next_if_eq(&'\'').is_none() => break,
                '\\' => {
                    characters.next();
                }
                _ => {}
            }
            length += 1;
        }
        lengths.push(length);
    }
    lengths
}
