//! Lines as `rustfmt` breaks them.

/// The longest line.
const WIDTH: usize = 100;
/// The longest line of a list: its semicolon does not count.
const LIST_WIDTH: usize = 101;
/// The longest line that an attribute may make; one more is broken.
const ATTRIBUTE_WIDTH: usize = 99;
/// The longest line of a `derive`.
const DERIVE_WIDTH: usize = 96;

/// Items that are no longer than this share lines.
const SHORT: usize = 10;

/// A line at that depth of blocks.
pub(super) fn indented(line: &str, depth: usize) -> String {
    format!("{}{line}", " ".repeat(4 * depth))
}

/// A call of a macro with a list: on one line if it fits, else an item a line, or
/// as many as fit if all are short.
pub(super) fn list(open: &str, items: &[&str], close: &str, depth: usize) -> Vec<String> {
    let line = indented(&format!("{open}{},{close}", items.join(", ")), depth);
    if line.chars().count() <= LIST_WIDTH {
        return vec![line];
    }
    let mut lines = vec![indented(open, depth)];
    let items = items.iter().map(|item| format!("{item},"));
    if items.clone().all(|item| item.chars().count() <= SHORT + 1) {
        lines.extend(filled(items, depth + 1));
    } else {
        lines.extend(items.map(|item| indented(&item, depth + 1)));
    }
    lines.push(indented(close, depth));
    lines
}

/// As many items on a line as fit.
fn filled(items: impl Iterator<Item = String>, depth: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + item.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(&item);
            }
            _ => lines.push(indented(&item, depth)),
        }
    }
    lines
}

/// `#[diesel(name(…))]`.
pub(super) fn attribute(name: &str, arguments: &[String], depth: usize) -> Vec<String> {
    let line = format!("#[diesel({name}({}))]", arguments.join(", "));
    let line = indented(&line, depth);
    if line.chars().count() <= ATTRIBUTE_WIDTH {
        return vec![line];
    }
    let mut lines = vec![indented(&format!("#[diesel({name}("), depth)];
    for (index, argument) in arguments.iter().enumerate() {
        let comma = if index + 1 < arguments.len() { "," } else { "" };
        lines.push(indented(&format!("{argument}{comma}"), depth + 1));
    }
    lines.push(indented("))]", depth));
    lines
}

/// `#[derive(…)]`.
pub(super) fn derive(names: &[String], depth: usize) -> Vec<String> {
    let joined = names.join(", ");
    let line = indented(&format!("#[derive({joined})]"), depth);
    if line.chars().count() <= DERIVE_WIDTH {
        return vec![line];
    }
    let mut lines = vec![indented("#[derive(", depth)];
    let inside = indented(&format!("{joined},"), depth + 1);
    if inside.chars().count() <= WIDTH {
        lines.push(inside);
    } else {
        lines.extend(
            names
                .iter()
                .map(|name| indented(&format!("{name},"), depth + 1)),
        );
    }
    lines.push(indented(")]", depth));
    lines
}

/// Whether two texts differ in nothing but what `rustfmt` may do: a project can have it break lines
/// at another width.
#[must_use]
pub fn same_but_for_layout(one: &str, other: &str) -> bool {
    fn meaningful(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|character| !character.is_whitespace())
    }
    meaningful(one).eq(meaningful(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_broken_where_rustfmt_breaks_it() {
        let name = "n".repeat(87);
        let fits = list("m!(", &[&name, "second"], ");", 0);
        assert_eq!(fits, [format!("m!({name}, second,);")]);
        assert_eq!(fits[0].len(), 101);
        let longer = format!("{name}n");
        assert_eq!(
            list("m!(", &[&longer, "second"], ");", 0),
            ["m!(", &format!("    {longer},"), "    second,", ");"]
        );
    }

    #[test]
    fn short_items_share_lines() {
        let items = vec!["ten_letter"; 9];
        let lines = list("m!(", &items, ");", 0);
        assert_eq!(lines[0], "m!(");
        assert_eq!(lines[1], format!("    {}", ["ten_letter,"; 8].join(" ")));
        assert_eq!(lines[2], "    ten_letter,");
    }

    #[test]
    fn layout_is_no_difference() {
        assert!(same_but_for_layout("a! {\r\n  b\n}\n", "a! { b }"));
        assert!(!same_but_for_layout("a! { b }", "a! { c }"));
    }
}
