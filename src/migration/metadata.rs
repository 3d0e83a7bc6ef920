//! metadata.toml: whether Diesel runs the migration in a transaction, and what we keep beside that.

use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::version::Version;

mod canonical;
mod depends_on;
mod parse;
mod problem;
mod set_depends_on;

pub use depends_on::edit_depends_on;
pub use problem::{MetadataFault, MetadataProblem};
pub use set_depends_on::set_depends_on;

/// The key that Diesel reads.
const RUN_IN_TRANSACTION: &str = "run_in_transaction";
/// The table that Diesel ignores and we read.
const MANAGE: &str = "manage";
/// The versions that come before this one.
const DEPENDS_ON: &str = "depends_on";
/// The labels of a migration.
const LABELS: &str = "labels";
/// The versions whose migrations were squashed into this one.
const REPLACES: &str = "replaces";
/// What the migration is for, in a sentence.
const DESCRIPTION: &str = "description";

/// What is known of a migration beside its SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The value that Diesel uses, whatever the author meant.
    pub run_in_transaction: bool,
    /// The migrations that this one follows; without it, the one before it.
    pub depends_on: Option<Vec<Version>>,
    /// Words by which migrations are grouped.
    pub labels: Vec<String>,
    /// The migrations that were squashed into this one, without the one whose version it has.
    pub replaces: Vec<Version>,
    /// What the migration is for.
    pub description: Option<String>,
}

impl Metadata {
    /// What a migration without metadata.toml has: a transaction, and the chain.
    pub fn absent() -> Self {
        Self {
            run_in_transaction: true,
            depends_on: None,
            labels: Vec::new(),
            replaces: Vec::new(),
            description: None,
        }
    }

    /// Reads the text of a metadata.toml, with the value that Diesel takes from it.
    ///
    /// Diesel is silent about every mistake in this file, so the problems are told here; none of
    /// them keeps the rest from being read.
    pub fn parse(text: &str) -> (Self, Vec<MetadataProblem>) {
        match canonical::read(text) {
            Some(metadata) => (metadata, Vec::new()),
            None => parse::parse(text),
        }
    }

    /// Reads the content of a metadata.toml, which may be anything.
    pub fn parse_bytes(content: &[u8]) -> (Self, Vec<MetadataProblem>) {
        match std::str::from_utf8(content) {
            Ok(text) => Self::parse(text),
            Err(error) => {
                let before = String::from_utf8_lossy(&content[..error.valid_up_to()]);
                let problem = MetadataProblem::at(&before, before.len(), MetadataFault::NotUtf8);
                (Self::absent(), vec![problem])
            }
        }
    }

    /// Writes the file: what Diesel reads stands first and is never left out.
    pub fn render(&self) -> String {
        let mut document = DocumentMut::new();
        document[RUN_IN_TRANSACTION] = value(self.run_in_transaction);
        let mut manage = Table::new();
        if let Some(versions) = &self.depends_on {
            let versions: Array = versions.iter().map(Version::as_str).collect();
            manage[DEPENDS_ON] = value(versions);
        }
        if !self.labels.is_empty() {
            let labels: Array = self.labels.iter().map(String::as_str).collect();
            manage[LABELS] = value(labels);
        }
        if !self.replaces.is_empty() {
            let versions: Array = self.replaces.iter().map(Version::as_str).collect();
            manage[REPLACES] = value(versions);
        }
        if let Some(description) = &self.description {
            manage[DESCRIPTION] = value(description.as_str());
        }
        if !manage.is_empty() {
            document[MANAGE] = Item::Table(manage);
        }
        document.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_diesel_reads_stands_first() {
        let metadata = Metadata {
            run_in_transaction: false,
            depends_on: Some(vec![
                Version::parse("2026-01-01-120000"),
                Version::parse("0002"),
            ]),
            labels: vec!["users".into(), "a \"b\"".into()],
            replaces: vec![Version::parse("0001")],
            description: Some("Two\nlines".into()),
        };
        insta::assert_snapshot!(metadata.render(), @r#"
        run_in_transaction = false

        [manage]
        depends_on = ["20260101120000", "0002"]
        labels = ["users", 'a "b"']
        replaces = ["0001"]
        description = """
        Two
        lines"""
        "#);
        insta::assert_snapshot!(Metadata::absent().render(), @"run_in_transaction = true");
    }

    #[test]
    fn a_file_that_is_not_text_is_read_as_diesel_reads_it() {
        let (metadata, problems) = Metadata::parse_bytes(b"run_in_transaction = false\n# caf\xe9");
        assert_eq!(metadata, Metadata::absent());
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            ["the file is not UTF-8; Diesel ignores it and runs the migration in a transaction"]
        );
        assert_eq!(problems[0].position(), Some((2, 6)));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            run_in_transaction in any::<bool>(),
            depends_on in option::of(vec("[0-9]{1,14}", 0..3)),
            labels in vec(any::<String>(), 0..3),
            replaces in vec("[0-9]{1,14}", 0..3),
            description in option::of(any::<String>()),
        ) {
            let depends_on =
                depends_on.map(|versions| versions.iter().map(|v| Version::parse(v)).collect());
            let replaces = replaces.iter().map(|v| Version::parse(v)).collect();
            let metadata = Metadata { run_in_transaction, depends_on, labels, replaces, description };
            prop_assert_eq!(Metadata::parse(&metadata.render()), (metadata, vec![]));
        }

        #[test]
        fn any_content_is_read(content in any::<Vec<u8>>(), text in any::<String>()) {
            let _ = Metadata::parse_bytes(&content);
            let _ = Metadata::parse(&text);
        }
    }
}
