//! Yes and no, as YAML and environment variables spell them.

/// Reads a truth value; `${VAR}` makes every spelling below a likely one.
pub(crate) fn parse(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Some(true),
        "false" | "no" | "off" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spellings_are_understood_and_no_other() {
        for text in ["true", "True", "YES", "on", "1", " true "] {
            assert_eq!(parse(text), Some(true), "{text}");
        }
        for text in ["false", "no", "Off", "0"] {
            assert_eq!(parse(text), Some(false), "{text}");
        }
        for text in ["", "y", "2", "ture"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
