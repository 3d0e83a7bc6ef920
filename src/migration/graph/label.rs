//! Labels: which a branch may have, and what is wrong with those that are written.

use std::collections::BTreeMap;

use super::{Graph, Node};
use crate::error::{Explain, Kind};
use crate::migration::finding::{Finding, Severity};
use crate::migration::target;

/// What a target gives a meaning of its own.
const SIGNS: [char; 5] = ['@', ':', '+', '-', '~'];

/// Why a label cannot name a branch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// There is nothing to type.
    #[error("a label is empty")]
    Empty,
    /// It could not stand before an `@`.
    #[error("the label `{}` holds `{}`", .label.escape_debug(), .character.escape_debug())]
    Character {
        /// The label.
        label: String,
        /// What it may not hold.
        character: char,
    },
    /// It would be taken for a version.
    #[error("the label `{0}` is a number")]
    Number(String),
    /// It is a word that means a place.
    #[error("the label `{0}` is a word of its own among targets")]
    Word(String),
    /// A folder is called so.
    #[error("the label `{0}` is the name of a folder of migrations")]
    Folder(String),
    /// Another migration has it.
    #[error("the label `{label}` is taken by `{by}`")]
    Taken {
        /// The label.
        label: String,
        /// The migration that has it.
        by: String,
    },
}

impl Explain for LabelError {
    fn kind(&self) -> Kind {
        Kind::Usage
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Taken { label, .. } => vec![
                format!("to add to that branch: --head {label}@head"),
                "to begin another one, choose another label".to_owned(),
            ],
            Self::Empty
            | Self::Character { .. }
            | Self::Number(_)
            | Self::Word(_)
            | Self::Folder(_) => {
                vec!["a label is one word of letters, digits and `_`, such as payments".to_owned()]
            }
        }
    }
}

impl Graph {
    /// What the folders are called, where there are several.
    #[must_use]
    pub fn folders(&self) -> &[String] {
        &self.folders
    }

    /// Checks a label that a new migration is to have.
    ///
    /// # Errors
    /// It cannot name a branch, or names one already.
    pub fn check_label(&self, label: &str) -> Result<(), LabelError> {
        self.check_word(label)?;
        match self.nodes.iter().find(|node| has(node, label)) {
            Some(node) => Err(LabelError::Taken {
                label: label.to_owned(),
                by: node.name.clone(),
            }),
            None => Ok(()),
        }
    }

    /// What is wrong with the labels that are written.
    #[must_use]
    pub fn label_findings(&self) -> Vec<Finding> {
        let mut first: BTreeMap<&str, &Node> = BTreeMap::new();
        let mut findings = Vec::new();
        for node in &self.nodes {
            let finding = |severity, code, message: String, hint: &str| {
                Finding::new(
                    severity,
                    code,
                    node.path.join("metadata.toml"),
                    message,
                    hint,
                )
            };
            for label in &node.labels {
                if let Err(error) = self.check_word(label) {
                    findings.push(finding(
                        Severity::Error,
                        "label",
                        error.to_string(),
                        "give it another one; a label is one word, such as payments",
                    ));
                    continue;
                }
                match first.get(label.as_str()) {
                    Some(other) => findings.push(finding(
                        Severity::Warning,
                        "duplicate-label",
                        format!("the label `{label}` is that of `{}` too", other.name),
                        "leave it to the migration where the branch begins; what follows inherits it",
                    )),
                    None => {
                        first.insert(label, node);
                    }
                }
            }
        }
        findings
    }

    /// Whether a word can stand before an `@`, and mean this branch alone.
    fn check_word(&self, label: &str) -> Result<(), LabelError> {
        let own = || label.to_owned();
        if label.is_empty() {
            return Err(LabelError::Empty);
        }
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || SIGNS.contains(&c);
        if let Some(character) = label.chars().find(|c| forbidden(*c)) {
            return Err(LabelError::Character {
                label: own(),
                character,
            });
        }
        if label.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(LabelError::Number(own()));
        }
        if target::is_keyword(label) {
            return Err(LabelError::Word(own()));
        }
        if self.folders.iter().any(|folder| folder == label) {
            return Err(LabelError::Folder(own()));
        }
        Ok(())
    }
}

fn has(node: &Node, label: &str) -> bool {
    node.labels.iter().any(|own| own == label)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::migration::graph::Declaration;
    use crate::migration::version::Version;

    fn graph(labels: &[&[&str]], folders: &[&str]) -> Graph {
        let declarations = labels
            .iter()
            .enumerate()
            .map(|(index, labels)| Declaration {
                version: Version::parse(&index.to_string()),
                name: format!("{index}_a"),
                path: PathBuf::from(format!("migrations/{index}_a")),
                folder: 0,
                depends_on: None,
                labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            })
            .collect();
        let folders = folders.iter().map(|folder| (*folder).to_owned()).collect();
        Graph::of(declarations, folders)
    }

    #[test]
    fn a_label_is_a_word_that_nothing_else_is_called() {
        let graph = graph(&[&["billing"]], &["shop", "audit"]);
        let told = |label: &str| match graph.check_label(label) {
            Ok(()) => "fine".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(told("payments_2"), "fine");
        assert_eq!(told("größe"), "fine");
        assert_eq!(told(""), "a label is empty");
        assert_eq!(told("a@b"), "the label `a@b` holds `@`");
        assert_eq!(told("a b"), "the label `a b` holds ` `");
        assert_eq!(told("a\nb"), "the label `a\\nb` holds `\\n`");
        assert_eq!(told("2026"), "the label `2026` is a number");
        assert_eq!(
            told("Head"),
            "the label `Head` is a word of its own among targets"
        );
        assert_eq!(
            told("shop"),
            "the label `shop` is the name of a folder of migrations"
        );
        assert_eq!(told("billing"), "the label `billing` is taken by `0_a`");
    }

    #[test]
    fn what_is_written_and_wrong_is_found() {
        let graph = graph(&[&["billing"], &["billing", "-1"], &["shop"]], &["shop"]);
        let told: Vec<String> = graph
            .label_findings()
            .into_iter()
            .map(|finding| format!("{} {}: {}", finding.code, finding.place(), finding.message))
            .collect();
        assert_eq!(
            told,
            [
                "duplicate-label migrations/1_a/metadata.toml: the label `billing` is that of `0_a` too",
                "label migrations/1_a/metadata.toml: the label `-1` holds `-`",
                "label migrations/2_a/metadata.toml: the label `shop` is the name of a folder of migrations",
            ]
        );
    }
}
