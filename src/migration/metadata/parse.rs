//! Reads a metadata.toml as Diesel reads it, and tells what Diesel keeps to itself.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, TomlError, Value};

use super::{
    DEPENDS_ON, DESCRIPTION, LABELS, MANAGE, Metadata, MetadataFault, MetadataProblem, REPLACES,
    RUN_IN_TRANSACTION,
};
use crate::migration::version::Version;

/// Reads the text and collects the problems, in the order of the file.
pub(super) fn parse(text: &str) -> (Metadata, Vec<MetadataProblem>) {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return (Metadata::absent(), vec![unparsable(text, &error)]),
    };
    let mut reader = Reader {
        text,
        problems: Vec::new(),
    };
    let metadata = reader.metadata(document.as_table());
    let mut problems = reader.problems;
    problems.sort_by_key(MetadataProblem::position);
    (metadata, problems)
}

/// Tells where the text stops being TOML.
pub(super) fn unparsable(text: &str, error: &TomlError) -> MetadataProblem {
    // The parser's message may go over several lines; a problem is one.
    let message = error
        .message()
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(", ");
    let offset = error.span().map_or(0, |span| span.start);
    MetadataProblem::at(text, offset, MetadataFault::Unparsable { message })
}

/// Walks through the document and notes what is wrong.
struct Reader<'a> {
    text: &'a str,
    problems: Vec<MetadataProblem>,
}

impl Reader<'_> {
    fn metadata(&mut self, top: &dyn TableLike) -> Metadata {
        let mut metadata = Metadata {
            run_in_transaction: self.run_in_transaction(top),
            depends_on: top
                .get(DEPENDS_ON)
                .and_then(|item| self.versions(DEPENDS_ON, item)),
            labels: Vec::new(),
            replaces: Vec::new(),
            description: None,
        };
        if let Some(item) = top.get(MANAGE) {
            match item.as_table_like() {
                Some(manage) => self.manage(manage, &mut metadata),
                None => self.wrong_type(MANAGE, "a table", item),
            }
        }
        metadata
    }

    /// Finds the value that Diesel uses.
    fn run_in_transaction(&mut self, top: &dyn TableLike) -> bool {
        let Some(item) = top.get(RUN_IN_TRANSACTION) else {
            let instead = misplaced(top);
            let fault = MetadataFault::TransactionMissing { instead };
            self.problems.push(MetadataProblem::of_file(fault));
            return false;
        };
        item.as_bool().unwrap_or_else(|| {
            let found = type_of(item);
            self.note(item.span(), MetadataFault::TransactionType { found });
            true
        })
    }

    /// Whether Diesel misses `run_in_transaction`, so that another place of it has been told.
    fn is_missed(&self) -> bool {
        let is_missing =
            |fault: &MetadataFault| matches!(fault, MetadataFault::TransactionMissing { .. });
        self.problems
            .iter()
            .any(|problem| is_missing(problem.fault()))
    }

    fn manage(&mut self, manage: &dyn TableLike, metadata: &mut Metadata) {
        for (key, item) in manage.iter() {
            match key {
                DEPENDS_ON => {
                    if metadata.depends_on.is_some() {
                        self.note(item.span(), MetadataFault::TwoPlaces);
                    }
                    if let Some(versions) = self.versions("manage.depends_on", item) {
                        metadata.depends_on = Some(versions);
                    }
                }
                LABELS => {
                    metadata.labels = self
                        .texts("manage.labels", "a list of texts", item)
                        .unwrap_or_default();
                }
                REPLACES => {
                    metadata.replaces = self.versions("manage.replaces", item).unwrap_or_default();
                }
                DESCRIPTION => match item.as_str() {
                    Some(text) => metadata.description = Some(text.to_owned()),
                    None => self.wrong_type("manage.description", "a text", item),
                },
                // Told already, with the value that Diesel takes instead.
                RUN_IN_TRANSACTION if self.is_missed() => {}
                unknown => {
                    let span = manage.key(unknown).and_then(toml_edit::Key::span);
                    let nearest = nearest(unknown, &[DEPENDS_ON, LABELS, REPLACES, DESCRIPTION]);
                    self.note(
                        span,
                        MetadataFault::UnknownKey {
                            key: unknown.to_owned(),
                            nearest,
                        },
                    );
                }
            }
        }
    }

    fn versions(&mut self, key: &str, item: &Item) -> Option<Vec<Version>> {
        let texts = self.texts(key, "a list of versions", item)?;
        let count = texts.len();
        // A whole directory name is taken for its version.
        let mut versions: Vec<Version> = texts
            .iter()
            .map(|text| Version::of_directory(text))
            .collect();
        versions.retain(|version| !version.as_str().is_empty());
        if versions.len() < count && key.contains(DEPENDS_ON) {
            self.note(item.span(), MetadataFault::EmptyVersion);
        }
        Some(versions)
    }

    /// Reads a list of texts; one wrong item spoils the list, for half of it would mean something else.
    fn texts(&mut self, key: &str, expected: &'static str, item: &Item) -> Option<Vec<String>> {
        let Some(array) = item.as_array() else {
            self.wrong_type(key, expected, item);
            return None;
        };
        let mut texts = Vec::new();
        for value in array {
            let Some(text) = value.as_str() else {
                let fault = MetadataFault::Type {
                    key: format!("{key}[{}]", texts.len()),
                    expected: "a text",
                    found: type_of_value(value),
                };
                self.note(value.span(), fault);
                return None;
            };
            texts.push(text.to_owned());
        }
        Some(texts)
    }

    fn wrong_type(&mut self, key: &str, expected: &'static str, item: &Item) {
        let found = type_of(item);
        self.note(
            item.span(),
            MetadataFault::Type {
                key: key.to_owned(),
                expected,
                found,
            },
        );
    }

    fn note(&mut self, span: Option<Range<usize>>, fault: MetadataFault) {
        let offset = span.map_or(0, |span| span.start);
        self.problems
            .push(MetadataProblem::at(self.text, offset, fault));
    }
}

/// Finds the key that somebody wrote instead of `run_in_transaction`: misspelt, or below a table.
fn misplaced(top: &dyn TableLike) -> Option<String> {
    let similar = top
        .iter()
        .map(|(key, _)| key)
        .find(|key| is_near(key, RUN_IN_TRANSACTION));
    if let Some(key) = similar {
        return Some(key.to_owned());
    }
    top.iter()
        .filter_map(|(name, item)| Some((name, item.as_table_like()?)))
        .find(|(_, table)| table.contains_key(RUN_IN_TRANSACTION))
        .map(|(name, _)| format!("{name}.{RUN_IN_TRANSACTION}"))
}

fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    known.iter().copied().find(|known| is_near(key, known))
}

/// Whether a key looks like another but for a slip or two, or another way of joining its words.
fn is_near(key: &str, known: &str) -> bool {
    let key = key.to_lowercase().replace('-', "_");
    strsim::damerau_levenshtein(&key, known) <= known.len() / 4
}

fn type_of(item: &Item) -> &'static str {
    match item {
        Item::None => "nothing",
        Item::Value(value) => type_of_value(value),
        Item::Table(_) => "a table",
        Item::ArrayOfTables(_) => "a list of tables",
    }
}

fn type_of_value(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) => "a number",
        Value::Float(_) => "a decimal number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::InlineTable(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Explain;

    /// Writes down what a text is read as, and its problems.
    fn read(text: &str) -> String {
        let (metadata, problems) = parse(text);
        let mut told = vec![format!("transaction: {}", metadata.run_in_transaction)];
        if let Some(versions) = &metadata.depends_on {
            let versions: Vec<&str> = versions.iter().map(Version::as_str).collect();
            told.push(format!("depends on: {versions:?}"));
        }
        if !metadata.labels.is_empty() {
            told.push(format!("labels: {:?}", metadata.labels));
        }
        if let Some(description) = &metadata.description {
            told.push(format!("description: {description:?}"));
        }
        for problem in problems {
            let place = problem
                .position()
                .map_or_else(String::new, |(l, c)| format!("{l}:{c}: "));
            let fatal = if problem.is_fatal() { "fatal: " } else { "" };
            told.push(format!("{fatal}{place}{problem}"));
            told.extend(
                problem
                    .hints()
                    .into_iter()
                    .map(|hint| format!("  hint: {hint}")),
            );
        }
        told.join("\n")
    }

    #[test]
    fn a_sound_file_is_read_without_a_word() {
        insta::assert_snapshot!(read(
            "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260101120000\", \"2026-01-02-120000_b\"]\n\
             labels = ['a', \"b\"]\ndescription = \"why\"\n"
        ), @r#"
        transaction: true
        depends on: ["20260101120000", "20260102120000"]
        labels: ["a", "b"]
        description: "why"
        "#);
        insta::assert_snapshot!(read("run_in_transaction = false\nother = 1\n[theirs]\nx = 1\n"), @"transaction: false");
        insta::assert_snapshot!(read("run_in_transaction = false\nmanage = { depends_on = [] }"), @"
        transaction: false
        depends on: []
        ");
        insta::assert_snapshot!(read("run_in_transaction = true\ndepends_on = [\"0001\"]"), @r#"
        transaction: true
        depends on: ["0001"]
        "#);
    }

    #[test]
    fn a_file_without_the_key_turns_the_transaction_off() {
        insta::assert_snapshot!(read(""), @"
        transaction: false
        `run_in_transaction` is missing; Diesel runs the migration without a transaction
          hint: write `run_in_transaction = true` (or `false`) as the first line
        ");
        insta::assert_snapshot!(read("# nothing\n"), @"
        transaction: false
        `run_in_transaction` is missing; Diesel runs the migration without a transaction
          hint: write `run_in_transaction = true` (or `false`) as the first line
        ");
        insta::assert_snapshot!(read("[manage]\ndepends_on = [\"1\"]\n"), @r#"
        transaction: false
        depends on: ["1"]
        `run_in_transaction` is missing; Diesel runs the migration without a transaction
          hint: write `run_in_transaction = true` (or `false`) as the first line
        "#);
        insta::assert_snapshot!(read("run-in-transaction = false\n"), @"
        transaction: false
        `run_in_transaction` is missing; Diesel runs the migration without a transaction
          hint: remove `run-in-transaction` and write `run_in_transaction = true` (or `false`) as the first line
        ");
        insta::assert_snapshot!(read("[manage]\nrun_in_transaction = false\n"), @"
        transaction: false
        `run_in_transaction` is missing; Diesel runs the migration without a transaction
          hint: remove `manage.run_in_transaction` and write `run_in_transaction = true` (or `false`) as the first line
        ");
    }

    #[test]
    fn a_file_that_diesel_cannot_read_leaves_the_transaction_on() {
        insta::assert_snapshot!(read("run_in_transaction = fals\n"), @"
        transaction: true
        fatal: 1:22: not valid TOML (invalid boolean, expected `false`); Diesel ignores the file and runs the migration in a transaction
          hint: mend metadata.toml at line 1, column 22
        ");
        insta::assert_snapshot!(read("# a\n\nrun_in_transaction = \"false\"\n"), @"
        transaction: true
        fatal: 3:22: `run_in_transaction` is a text, not true or false; Diesel ignores the file and runs the migration in a transaction
          hint: write `run_in_transaction = true` (or `false`) as the first line
        ");
        insta::assert_snapshot!(read("run_in_transaction = 0"), @"
        transaction: true
        fatal: 1:22: `run_in_transaction` is a number, not true or false; Diesel ignores the file and runs the migration in a transaction
          hint: write `run_in_transaction = true` (or `false`) as the first line
        ");
        insta::assert_snapshot!(read("[run_in_transaction]"), @"
        transaction: true
        fatal: 1:1: `run_in_transaction` is a table, not true or false; Diesel ignores the file and runs the migration in a transaction
          hint: write `run_in_transaction = true` (or `false`) as the first line
        ");
        insta::assert_snapshot!(read("[[run_in_transaction]]"), @"
        transaction: true
        fatal: 1:1: `run_in_transaction` is a list of tables, not true or false; Diesel ignores the file and runs the migration in a transaction
          hint: write `run_in_transaction = true` (or `false`) as the first line
        ");
        insta::assert_snapshot!(read("run_in_transaction = false\nrun_in_transaction = false"), @"
        transaction: true
        fatal: 2:1: not valid TOML (duplicate key); Diesel ignores the file and runs the migration in a transaction
          hint: mend metadata.toml at line 2, column 1
        ");
        insta::assert_snapshot!(read("é = 1\nrun_in_transaction"), @"
        transaction: true
        fatal: 2:19: not valid TOML (key with no value, expected `=`); Diesel ignores the file and runs the migration in a transaction
          hint: mend metadata.toml at line 2, column 19
        ");
    }

    #[test]
    fn mistakes_in_our_table_are_told_and_passed_over() {
        insta::assert_snapshot!(read(
            "run_in_transaction = true\n[manage]\ndepends_on = \"1\"\nlabels = [\"a\", 2]\ndescription = 1979-05-27\n"
        ), @"
        transaction: true
        fatal: 3:14: `manage.depends_on` is a text, not a list of versions
          hint: make `manage.depends_on` a list of versions
        4:16: `manage.labels[1]` is a number, not a text
          hint: make `manage.labels[1]` a text
        5:15: `manage.description` is a date, not a text
          hint: make `manage.description` a text
        ");
        insta::assert_snapshot!(read(
            "run_in_transaction = true\n[manage]\n\"depend-on\" = [\"1\"]\ncolour = \"red\"\nlabels.x = 1\n"
        ), @"
        transaction: true
        fatal: 3:1: `manage.depend-on` is not a known key
          hint: did you mean `depends_on`? rename `depend-on`
        4:1: `manage.colour` is not a known key
          hint: remove `colour`
        5:1: `manage.labels` is a table, not a list of texts
          hint: make `manage.labels` a list of texts
        ");
        insta::assert_snapshot!(read("run_in_transaction = true\nmanage = 1.5"), @"
        transaction: true
        fatal: 2:10: `manage` is a decimal number, not a table
          hint: make `manage` a table
        ");
        insta::assert_snapshot!(read(
            "run_in_transaction = true\ndepends_on = [\"1\"]\n[manage]\ndepends_on = [\"2\", \"\"]\n"
        ), @r#"
        transaction: true
        depends on: ["2"]
        4:14: `depends_on` stands in two places; the one below `[manage]` is used
          hint: keep the `depends_on` below `[manage]` and remove the other
        fatal: 4:14: `depends_on` names an empty version
          hint: name a version, such as "20260101120000"
        "#);
    }

    #[test]
    fn a_byte_order_mark_does_not_move_the_columns() {
        insta::assert_snapshot!(read("\u{feff}run_in_transaction = 1\n"), @"
        transaction: true
        fatal: 1:22: `run_in_transaction` is a number, not true or false; Diesel ignores the file and runs the migration in a transaction
          hint: write `run_in_transaction = true` (or `false`) as the first line
        ");
    }
}
