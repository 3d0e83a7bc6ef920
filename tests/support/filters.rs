//! Takes out of a text what differs from run to run.

/// Replacements, the longest first, and what needs no telling: durations and times.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filters {
    replacements: Vec<(String, String)>,
}

impl Filters {
    /// Shows `with` wherever `text` stands.
    pub(crate) fn replace(&mut self, text: impl Into<String>, with: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.replacements.push((text, with.into()));
            self.replacements
                .sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        }
    }

    /// The text as a test compares it.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (from, to) in &self.replacements {
            text = text.replace(from, to);
        }
        numbers(&text)
    }
}

/// `12 ms`, `2.3 s` and `4 min 5 s` become `[elapsed]`, `2026-03-09 08:30:00` becomes `[time]`.
fn numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut inside = false;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() && !inside {
            let found = [
                (time as fn(&str) -> Option<usize>, "[time]"),
                (duration, "[elapsed]"),
            ]
            .into_iter()
            .find_map(|(find, word)| find(rest).map(|length| (length, word)));
            if let Some((length, word)) = found {
                out.push_str(word);
                rest = &rest[length..];
                continue;
            }
        }
        inside = first.is_alphanumeric() || "._-:".contains(first);
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
    out
}

/// The length of a time at the beginning of a text.
fn time(text: &str) -> Option<usize> {
    const PATTERN: &[u8] = b"dddd-dd-dd dd:dd:dd";
    let fits = text.len() >= PATTERN.len()
        && PATTERN
            .iter()
            .zip(text.as_bytes())
            .all(|(pattern, byte)| match pattern {
                b'd' => byte.is_ascii_digit(),
                other => byte == other,
            });
    fits.then_some(PATTERN.len())
}

/// The length of a duration at the beginning of a text.
fn duration(text: &str) -> Option<usize> {
    let (number, rest) = number(text)?;
    if let Some(rest) = rest.strip_prefix(" min ") {
        let (_, rest) = self::number(rest)?;
        let rest = unit(rest, " s")?;
        return Some(text.len() - rest.len());
    }
    let rest = unit(rest, " ms").or_else(|| unit(rest, " s"))?;
    debug_assert!(!number.is_empty());
    Some(text.len() - rest.len())
}

fn number(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    number.parse::<f64>().ok().map(|_| (number, rest))
}

fn unit<'a>(text: &'a str, unit: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(unit)?;
    (!rest.starts_with(char::is_alphanumeric)).then_some(rest)
}
