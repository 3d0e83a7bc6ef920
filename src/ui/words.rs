//! Plurals, lists and durations.

use std::time::Duration;

/// `1 migration`, `2 migrations`, `2 entries`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        return format!("1 {noun}");
    }
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{number} {stem}ies"),
        Some(_) | None => format!("{number} {noun}s"),
    }
}

/// The same, of a noun in the plural: `1 policy`, `2 policies`.
#[must_use]
pub fn count_of(number: usize, plural: &str) -> String {
    if number != 1 {
        return format!("{number} {plural}");
    }
    // Some say more after the noun: `triggers on views`.
    let (noun, rest) = plural
        .split_once(" on ")
        .map_or((plural, String::new()), |(noun, rest)| {
            (noun, format!(" on {rest}"))
        });
    let one = match noun.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => match noun.strip_suffix("xes") {
            Some(stem) => format!("{stem}x"),
            None => noun.strip_suffix('s').unwrap_or(noun).to_owned(),
        },
    };
    format!("1 {one}{rest}")
}

/// `a`, `a and b`, `a, b and c`, and past `most` of them: `a, b and 5 more`.
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T], most: usize) -> String {
    let shown = if items.len() > most {
        most.saturating_sub(1)
    } else {
        items.len()
    };
    let mut words: Vec<String> = items
        .iter()
        .take(shown)
        .map(|item| item.as_ref().to_owned())
        .collect();
    if items.len() > shown {
        words.push(format!("{} more", items.len() - shown));
    }
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// `0.4 ms`, `18 ms`, `2.3 s`, `4 min 5 s`.
#[must_use]
pub fn elapsed(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1_000.0;
    if milliseconds < 10.0 {
        format!("{milliseconds:.1} ms")
    } else if milliseconds < 1_000.0 {
        format!("{milliseconds:.0} ms")
    } else if duration.as_secs() < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!(
            "{} min {} s",
            duration.as_secs() / 60,
            duration.as_secs() % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plural_is_made_one() {
        assert_eq!(count_of(1, "policies"), "1 policy");
        assert_eq!(count_of(1, "invalid indexes"), "1 invalid index");
        assert_eq!(count_of(1, "triggers on views"), "1 trigger on views");
        assert_eq!(count_of(2, "events"), "2 events");
    }

    #[test]
    fn nouns_have_plurals() {
        let words = [
            count(0, "row"),
            count(1, "row"),
            count(2, "entry"),
            count(2, "day"),
        ];
        assert_eq!(words, ["0 rows", "1 row", "2 entries", "2 days"]);
    }

    #[test]
    fn long_lists_are_cut_with_a_count() {
        assert_eq!(list(&["a", "b", "c"], 3), "a, b and c");
        assert_eq!(list(&["a", "b", "c", "d"], 3), "a, b and 2 more");
        assert_eq!(list::<&str>(&[], 3), "");
    }

    #[test]
    fn durations_have_two_or_three_digits() {
        let of = |tenths: u64| elapsed(Duration::from_micros(tenths * 100));
        let words = [of(4), of(180), of(23_000), of(2_450_000)];
        assert_eq!(words, ["0.4 ms", "18 ms", "2.3 s", "4 min 5 s"]);
    }
}
