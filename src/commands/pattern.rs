//! Names with wildcards, as they are typed.

/// Whether a name is like a pattern, in which `*` stands for any letters and `?` for one.
pub(super) fn is_like(pattern: &str, name: &str) -> bool {
    let mut pattern = pattern.chars();
    match pattern.next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = pattern.as_str();
            let mut name = name.chars();
            loop {
                if is_like(rest, name.as_str()) {
                    return true;
                }
                if name.next().is_none() {
                    return false;
                }
            }
        }
        Some(wanted) => {
            let mut name = name.chars();
            name.next()
                .is_some_and(|first| wanted == '?' || wanted == first)
                && is_like(pattern.as_str(), name.as_str())
        }
    }
}

/// Whether it stands for more than itself.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_letters_and_a_question_mark_is_one() {
        assert!(is_like("user*", "users"));
        assert!(is_like("*_log", "audit_log"));
        assert!(is_like("u?er", "user"));
        assert!(is_like("*", ""));
        assert!(!is_like("user", "users"));
        assert!(!is_like("u?r", "user"));
        assert!(!is_like("*a*b", "abc"));
    }
}
