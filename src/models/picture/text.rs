//! Texts in the languages that pictures are written in.

/// A text in XML, without the characters that cannot stand in one.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            _ if character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A text in quotes for Mermaid, without the characters that end one or mean something in one.
pub(crate) fn quoted(text: &str) -> String {
    let inside: String = text
        .chars()
        .map(|character| match character {
            '"' => '\'',
            '%' | '\\' => '_',
            _ if character.is_control() => ' ',
            _ => character,
        })
        .collect();
    format!("\"{inside}\"")
}
