//! The text of a generated SQL file.

use super::template::headline;

/// Writes statements, with the message and what a reader should know above them. Without a statement it
/// is one that does nothing, since a file of comments alone cannot run everywhere.
#[must_use]
pub fn generated(prefix: &str, message: &str, remarks: &[String], statements: &[String]) -> String {
    let mut text = headline(prefix, message);
    for line in remarks.iter().flat_map(|remark| wrapped(remark)) {
        text.push_str(&headline("", &line));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    if statements.is_empty() {
        text.push_str("SELECT 1;\n");
    }
    for (index, statement) in statements.iter().enumerate() {
        // Statements of several lines are set apart.
        let before = index.checked_sub(1).map(|before| &statements[before]);
        if before.is_some_and(|before| before.contains('\n') || statement.contains('\n')) {
            text.push('\n');
        }
        text.push_str(statement);
        text.push_str(";\n");
    }
    text
}

/// How many characters of a remark stand in a line, after its `-- `.
const WIDTH: usize = 97;

/// The words of a remark in lines; a word that is longer has one of its own.
fn wrapped(remark: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in remark.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_remark_takes_several_lines() {
        let remark = "word ".repeat(40);
        let lines = wrapped(&remark);
        assert_eq!(lines.join(" "), remark.trim());
        assert!(lines.iter().all(|line| line.len() <= WIDTH) && lines.len() == 3);
    }

    #[test]
    fn statements_stand_below_what_they_are_for() {
        let statements = [
            "CREATE TABLE a (\n    id integer\n)",
            "DROP TABLE b",
            "DROP TABLE c",
        ];
        insta::assert_snapshot!(
            generated("", "Add a", &["Rows of b go.".to_owned()], &statements.map(str::to_owned)),
            @r"
        -- Add a
        -- Rows of b go.

        CREATE TABLE a (
            id integer
        );

        DROP TABLE b;
        DROP TABLE c;
        "
        );
        insta::assert_snapshot!(generated("Revert: ", "Add a", &[], &[]), @"
        -- Revert: Add a

        SELECT 1;
        ");
    }
}
