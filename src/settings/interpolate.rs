//! `${VAR}`, `${VAR:-fallback}` and `${file:path}` inside a value; `$${` is a plain `${`.

use super::error::SettingsError;

/// How deep fallbacks may hold further expressions.
const DEEPEST: usize = 8;

/// What an expression may refer to.
pub(crate) trait Lookup {
    /// The value of a variable, if it is set.
    fn variable(&self, name: &str) -> Option<String>;

    /// The text of a file, without the line break at its end.
    fn file(&self, path: &str) -> Result<String, Failure>;
}

/// Why a value cannot be worked out. Nothing of the value is repeated: it may be a password.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A variable is neither set nor has it a fallback.
    Missing(String),
    /// `${` without `}`.
    Unclosed,
    /// Something else than a name between the braces.
    Malformed,
    /// Fallbacks in fallbacks, too many.
    TooDeep,
    /// The file that `${file:…}` names.
    File(Box<SettingsError>),
    /// `${file:…}` in a value that is no secret.
    NoPlaceForFile,
}

/// Replaces every expression in a text.
pub(crate) fn interpolate(text: &str, lookup: &dyn Lookup) -> Result<String, Failure> {
    expand(text, lookup, 0)
}

fn expand(text: &str, lookup: &dyn Lookup, depth: usize) -> Result<String, Failure> {
    if depth > DEEPEST {
        return Err(Failure::TooDeep);
    }
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        if let Some(escaped) = before.strip_suffix('$') {
            result.push_str(escaped);
            result.push_str("${");
            rest = &from[2..];
            continue;
        }
        result.push_str(before);
        let inside = &from[2..];
        let end = closing(inside).ok_or(Failure::Unclosed)?;
        result.push_str(&evaluate(&inside[..end], lookup, depth)?);
        rest = &inside[end + 1..];
    }
    result.push_str(rest);
    Ok(result)
}

/// The `}` that belongs to the `${` just read.
fn closing(inside: &str) -> Option<usize> {
    let mut open = 1;
    let mut previous = ['\0'; 2];
    for (index, c) in inside.char_indices() {
        match c {
            '{' if previous[1] == '$' && previous[0] != '$' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(index);
        }
        previous = [previous[1], c];
    }
    None
}

fn evaluate(expression: &str, lookup: &dyn Lookup, depth: usize) -> Result<String, Failure> {
    if let Some(path) = expression.strip_prefix("file:") {
        let path = expand(path, lookup, depth + 1)?;
        return lookup.file(&path);
    }
    let (name, fallback) = match expression.split_once(":-") {
        Some((name, fallback)) => (name, Some(fallback)),
        None => (expression, None),
    };
    let first = name.chars().next();
    if !first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        || !name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
    {
        return Err(Failure::Malformed);
    }
    match (lookup.variable(name), fallback) {
        // As in a shell, `:-` stands in for a variable that is empty, too.
        (Some(value), Some(_)) if !value.is_empty() => Ok(value),
        (_, Some(fallback)) => expand(fallback, lookup, depth + 1),
        (Some(value), None) => Ok(value),
        (None, None) => Err(Failure::Missing(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Lookup for Fixed {
        fn variable(&self, name: &str) -> Option<String> {
            match name {
                "NAME" => Some("app".to_owned()),
                "EMPTY" => Some(String::new()),
                "TRICK" => Some("${NAME}".to_owned()),
                _ => None,
            }
        }

        fn file(&self, path: &str) -> Result<String, Failure> {
            Ok(format!("<{path}>"))
        }
    }

    fn value(text: &str) -> String {
        match interpolate(text, &Fixed) {
            Ok(value) => value,
            Err(failure) => format!("{failure:?}"),
        }
    }

    #[test]
    fn expressions_are_replaced_and_the_rest_is_kept() {
        for (text, expected) in [
            ("plain", "plain"),
            ("${NAME}", "app"),
            ("a ${NAME}/${NAME} b", "a app/app b"),
            ("$NAME $ {NAME} $$", "$NAME $ {NAME} $$"),
            ("p}a{ss", "p}a{ss"),
            ("${NAME:-other}", "app"),
            ("${UNSET:-other}", "other"),
            ("${UNSET:-}", ""),
            ("${EMPTY}", ""),
            ("${EMPTY:-other}", "other"),
            ("${UNSET:-a:-b}", "a:-b"),
            ("${UNSET:-${NAME}-x}y", "app-xy"),
            ("${UNSET:-${UNSET:-deep}}", "deep"),
            ("${file:/run/secrets/x}", "</run/secrets/x>"),
            ("${file:/run/${NAME}}", "</run/app>"),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn two_dollars_before_a_brace_are_one_plain_dollar() {
        for (text, expected) in [
            ("$${NAME}", "${NAME}"),
            ("a$${b", "a${b"),
            ("$${NAME} ${NAME}", "${NAME} app"),
            ("${UNSET:-$${x}", "${x"),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_variable_holds_is_not_looked_at_again() {
        assert_eq!(value("${TRICK}"), "${NAME}");
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        for (text, expected) in [
            ("${UNSET}", "Missing(\"UNSET\")"),
            ("${UNSET:-${ALSO}}", "Missing(\"ALSO\")"),
            ("${NAME", "Unclosed"),
            ("${UNSET:-${NAME}", "Unclosed"),
            ("${}", "Malformed"),
            ("${1A}", "Malformed"),
            ("${A B}", "Malformed"),
            ("${NAME:?message}", "Malformed"),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
        let deep = format!("{}x{}", "${A:-".repeat(1000), "}".repeat(1000));
        assert_eq!(value(&deep), "TooDeep");
    }
}
