//! Lengths of time as people write them: `60s`, `500ms`, `2m`, `1h`, or plain seconds.

use std::fmt;
use std::time::Duration;

/// The longest length accepted: the servers count their timeouts in milliseconds, in 31 bits.
const LONGEST: Duration = Duration::from_secs(24 * 24 * 60 * 60);

/// A text that is no length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADuration;

impl fmt::Display for NotADuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be a length of time such as `60s`, `500ms`, `2m` or `1h`, up to 24 days")
    }
}

impl std::error::Error for NotADuration {}

/// Reads a length of time; a bare number is seconds.
pub fn parse_duration(text: &str) -> Result<Duration, NotADuration> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| NotADuration)?;
    let milliseconds: u64 = match unit.trim_start() {
        "ms" => 1,
        "" | "s" => 1000,
        "m" | "min" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        _ => return Err(NotADuration),
    };
    number
        .checked_mul(milliseconds)
        .map(Duration::from_millis)
        .filter(|length| *length <= LONGEST)
        .ok_or(NotADuration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_milliseconds_seconds_minutes_and_hours() {
        for (text, milliseconds) in [
            ("60s", 60_000),
            ("500ms", 500),
            ("2m", 120_000),
            ("2 min", 120_000),
            ("1h", 3_600_000),
            ("7", 7_000),
            (" 0 ", 0),
            ("576h", 2_073_600_000),
        ] {
            assert_eq!(
                parse_duration(text),
                Ok(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "s",
            "-1s",
            "1.5s",
            "1d",
            "1m30s",
            "577h",
            "99999999999999999999",
            "٣s",
        ] {
            assert_eq!(parse_duration(text), Err(NotADuration), "{text}");
        }
    }
}
