//! The file that tells MySQL's client how to connect. It alone is read, so that nobody's own files
//! lead it elsewhere; what those say of other things is taken in first.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use tempfile::NamedTempFile;

use crate::settings::Environment;

/// Options by their group.
pub(in crate::backend) type Options = [(&'static str, Vec<(&'static str, String)>)];

/// Writes the file, which only its owner may read.
pub(super) fn write(options: &Options, environment: &Environment) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix("manage-")
        .suffix(".cnf")
        .tempfile()?;
    let own = environment
        .variables
        .get("HOME")
        .map(|home| format!("{home}/.my.cnf"))
        .filter(|path| std::path::Path::new(path).is_file());
    file.write_all(text(options, own.as_deref()).as_bytes())?;
    file.flush()?;
    Ok(file)
}

fn text(options: &Options, own: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(own) = own {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "!include {own}");
    }
    for (group, options) in options {
        let _ = writeln!(text, "[{group}]");
        for (name, value) in options {
            let _ = writeln!(text, "{name}={}", quoted(value));
        }
    }
    text
}

/// In quotes a `#` begins no comment and a blank at the end stays.
fn quoted(value: &str) -> String {
    let mut out = String::from("\"");
    for letter in value.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_it_was_meant() {
        let options = [
            (
                "client",
                vec![
                    ("user", "ada".to_owned()),
                    ("password", "a\\b\"#c d ".to_owned()),
                ],
            ),
            ("mysql", vec![("database", "shop".to_owned())]),
        ];
        assert_eq!(
            text(&options, Some("/home/ada/.my.cnf")),
            "!include /home/ada/.my.cnf\n\
             [client]\nuser=\"ada\"\npassword=\"a\\\\b\\\"#c d \"\n\
             [mysql]\ndatabase=\"shop\"\n"
        );
    }
}
