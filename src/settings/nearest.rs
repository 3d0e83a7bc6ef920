//! The known word a person most likely meant.

/// The known word nearest to what was written, if one is near enough to be worth a question.
pub(crate) fn nearest<'a, T: AsRef<str>>(written: &str, known: &'a [T]) -> Option<&'a str> {
    let written = written.to_lowercase();
    known
        .iter()
        .map(|word| {
            (
                strsim::jaro_winkler(&written, &word.as_ref().to_lowercase()),
                word.as_ref(),
            )
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, word)| word)
}

/// The key that other tools' word for it stands for here.
pub(crate) fn synonym(written: &str) -> Option<&'static str> {
    match written.to_ascii_lowercase().as_str() {
        "adapter" | "backend" | "dialect" | "engine" | "type" => Some("driver"),
        "db" | "dbname" | "name" => Some("database"),
        "database_url" | "dsn" | "uri" => Some("url"),
        "hostname" | "server" | "socket" => Some("host"),
        "pass" | "pw" | "pwd" => Some("password"),
        "user" => Some("username"),
        "migrations_dir" | "migrations_directory" | "script_location" => Some("migrations"),
        "databases" => Some("connections"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let known = ["database", "driver", "url", "protected"];
        assert_eq!(nearest("databse", &known), Some("database"));
        assert_eq!(nearest("Protect", &known), Some("protected"));
        assert_eq!(nearest("zebra", &known), None);
    }
}
