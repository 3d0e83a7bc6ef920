//! Answers as settings.yaml.

use std::fmt::Write;

use super::address::Address;

/// One connection, as it was answered for.
pub(super) struct Answers {
    pub(super) name: String,
    pub(super) address: Address,
    pub(super) migrations: Vec<String>,
    pub(super) models: Option<String>,
}

/// The text of the file; where there are several connections, the first is the default one.
pub(super) fn yaml(connections: &[Answers]) -> String {
    let mut out = String::from(
        "# Settings of `manage`. Values may hold ${VARIABLE} and ${VARIABLE:-fallback}.\n",
    );
    if let [first, _, ..] = connections {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "default: {}", scalar(&first.name));
    }
    out.push_str("connections:\n");
    for answers in connections {
        one(&mut out, answers);
    }
    out
}

fn one(out: &mut String, answers: &Answers) {
    let _ = writeln!(out, "  {}:", scalar(&answers.name));
    let _ = match &answers.address {
        Address::Url(url) => writeln!(out, "    url: {}", scalar(url)),
        Address::Parts {
            driver,
            host,
            port,
            database,
            username,
            password_variable,
            options,
        } => {
            let port = port.map_or(String::new(), |port| format!("    port: {port}\n"));
            let mut more = String::new();
            if !options.is_empty() {
                more.push_str("\n    options:");
                for (key, value) in options {
                    let _ = write!(more, "\n      {}: {}", scalar(key), scalar(value));
                }
            }
            writeln!(
                out,
                "    driver: {driver}\n    host: {}\n{port}    database: {}\n    username: {}\n    password: ${{{password_variable}:-}}{more}",
                scalar(host),
                scalar(database),
                scalar(username),
            )
        }
    };
    let folders: Vec<String> = answers.migrations.iter().map(|one| scalar(one)).collect();
    let folders = match folders.as_slice() {
        [only] => only.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    let _ = writeln!(out, "    migrations: {folders}");
    if let Some(models) = &answers.models {
        let _ = writeln!(out, "    models: {}", scalar(models));
    }
}

/// A YAML scalar, quoted only where it has to be.
fn scalar(text: &str) -> String {
    serde_yaml::to_string(text)
        .map_or_else(|_| format!("{text:?}"), |yaml| yaml.trim_end().to_owned())
}
