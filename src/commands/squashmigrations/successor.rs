//! What the one migration says, and what others have to say of it.

use std::fs;

use super::command::{Files, Squashmigrations};
use crate::backend::{self, Direction};
use crate::context::Context;
use crate::error::{CommandError, Explain};
use crate::executor::PrepareError;
use crate::migration::{
    self, Check, Entry, Finding, Member, Mended, Metadata, Severity, Slug, Successor, Unusable,
    Version, check_sql, edit_depends_on, joined, read_metadata,
};
use crate::settings::Connection;
use crate::sql;

/// The one, and what changes around it.
pub(super) struct Plan {
    pub(super) successor: Successor,
    /// The directories' names of those it replaces, the last of which gives it its version.
    pub(super) names: Vec<String>,
    pub(super) mended: Vec<Mended>,
    /// What its reader should know: sentences.
    pub(super) remarks: Vec<String>,
    /// Statements that change rows, each with its migration, shortened.
    pub(super) changes_of_rows: Vec<String>,
}

/// Reads the originals and joins them.
pub(super) fn plan(
    context: &Context,
    connection: &Connection,
    files: &Files<'_>,
    arguments: &Squashmigrations,
) -> Result<Plan, CommandError> {
    let dialect = backend::dialect(connection.backend()?);
    let mut findings = Vec::new();
    let mut members = Vec::new();
    let mut replaces: Vec<Version> = files.squash.replaced().to_vec();
    let mut descriptions = Vec::new();
    let entries: Vec<&Entry> = files
        .squash
        .members
        .iter()
        .filter_map(|version| files.directory.find(version))
        .collect();
    for entry in &entries {
        let metadata = match read_metadata(&entry.path) {
            Ok((metadata, problems)) => {
                findings.extend(problems);
                metadata
            }
            Err(finding) => {
                findings.push(finding);
                Metadata::absent()
            }
        };
        replaces.extend(metadata.replaces.iter().cloned());
        descriptions.extend(metadata.description.clone());
        members.push(member(entry, &metadata, dialect, &mut findings));
    }
    let errors: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    if !errors.is_empty() {
        return Err(PrepareError::Findings(errors).into());
    }
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
        return Err(NoFolder.into());
    };
    replaces.sort();
    replaces.dedup();
    replaces.retain(|version| *version != last.version);

    let headings = !arguments.no_header;
    let up = joined(&members, Direction::Up, dialect, headings)?;
    let mut remarks = up.remarks;
    let irreversible: Vec<&str> = members
        .iter()
        .filter(|member| member.down.is_none())
        .map(|member| member.name.as_str())
        .collect();
    let mut transactional = up.transactional;
    let down = if irreversible.is_empty() {
        let down = joined(&members, Direction::Down, dialect, headings)?;
        transactional &= down.transactional;
        Some(down.text)
    } else {
        remarks.push(format!(
            "There is no way back, for {} has none.",
            crate::ui::list(&irreversible, 3)
        ));
        None
    };
    let name = name(arguments, first, last)?;
    let top = if headings {
        headline(members.len(), first, last)
    } else {
        String::new()
    };
    let directory = last.path.parent().unwrap_or(&last.path).to_owned();
    Ok(Plan {
        successor: Successor {
            directory: context.environment.directory.join(directory),
            name,
            up: format!("{top}{}", up.text),
            down: down.map(|down| {
                if headings {
                    format!("-- Revert: the same, newest first.\n\n{down}")
                } else {
                    down
                }
            }),
            metadata: Metadata {
                run_in_transaction: transactional,
                depends_on: Some(files.squash.depends_on.clone()),
                labels: files.squash.labels.clone(),
                replaces,
                description: (!descriptions.is_empty()).then(|| descriptions.join("\n")),
            },
        },
        names: entries.iter().map(|entry| entry.name.clone()).collect(),
        mended: mended(context, files)?,
        remarks,
        changes_of_rows: changes_of_rows(&members, dialect),
    })
}

/// The line above everything.
pub(super) fn headline(count: usize, first: &Entry, last: &Entry) -> String {
    format!(
        "-- {count} migrations squashed into one: {} to {}.\n\n",
        first.name, last.name
    )
}

fn member(
    entry: &Entry,
    metadata: &Metadata,
    dialect: sql::Dialect,
    findings: &mut Vec<Finding>,
) -> Member {
    let check = |direction| Check {
        dialect,
        refuses_empty: dialect == sql::Dialect::Postgres,
        transactional: metadata.run_in_transaction,
        direction,
    };
    let up = match entry.sql(Direction::Up) {
        Ok(file) => {
            findings.extend(check_sql(&file, &check(Direction::Up)));
            file.text
        }
        Err(Unusable::Found(finding)) => {
            findings.push(finding);
            String::new()
        }
        Err(Unusable::Absent) => String::new(),
    };
    // A way back that cannot run is none.
    let down = entry.sql(Direction::Down).ok().filter(|file| {
        check_sql(file, &check(Direction::Down))
            .iter()
            .all(|finding| finding.severity != Severity::Error)
    });
    Member {
        name: entry.name.clone(),
        up,
        down: down.map(|file| file.text),
        transactional: metadata.run_in_transaction,
    }
}

fn name(arguments: &Squashmigrations, first: &Entry, last: &Entry) -> Result<String, CommandError> {
    let slug = |entry: &Entry| {
        entry
            .name
            .split_once('_')
            .map_or_else(|| entry.name.clone(), |(_, slug)| slug.to_owned())
    };
    let message = match &arguments.name {
        Some(name) => name.clone(),
        None => format!("squashed_{}_to_{}", slug(first), slug(last)),
    };
    // The version is spelled as it was.
    let spelling = last
        .name
        .split_once('_')
        .map_or(last.name.as_str(), |(version, _)| version);
    Ok(format!("{spelling}_{}", Slug::from_message(&message)?))
}

/// The metadata.toml files of those that say they follow one of the originals.
fn mended(context: &Context, files: &Files<'_>) -> Result<Vec<Mended>, CommandError> {
    let Some(last) = files.squash.members.last() else {
        return Ok(Vec::new());
    };
    let mut mended = Vec::new();
    for version in &files.squash.followers {
        let Some(node) = files.graph.find(version) else {
            continue;
        };
        let path = context
            .environment
            .directory
            .join(&node.path)
            .join("metadata.toml");
        let before = fs::read_to_string(&path).map_err(|source| Unreadable {
            path: path.clone(),
            source,
        })?;
        let mut after = before.clone();
        for replaced in files.squash.replaced() {
            if let Some(edited) = edit_depends_on(&after, replaced, last).map_err(|problem| {
                migration::WriteError::Metadata {
                    path: path.clone(),
                    problem,
                }
            })? {
                after = edited;
            }
        }
        if after != before {
            mended.push(Mended {
                path,
                before,
                after,
            });
        }
    }
    Ok(mended)
}

/// Statements that write rows, which the schema alone does not tell of.
fn changes_of_rows(members: &[Member], dialect: sql::Dialect) -> Vec<String> {
    const HEADS: [&str; 7] = [
        "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "COPY", "LOAD",
    ];
    members
        .iter()
        .flat_map(|member| {
            let statements = sql::split(&member.up, dialect)
                .map(|script| script.statements)
                .unwrap_or_default();
            statements
                .iter()
                .filter(|statement| {
                    sql::pieces(statement.text, dialect)
                        .first()
                        .is_some_and(|head| HEADS.iter().any(|word| head.is(word)))
                })
                .map(|statement| {
                    format!(
                        "{}: {}",
                        member.name,
                        sql::summary(statement.text, dialect, 60)
                    )
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// A folder went away while it was looked at.
#[derive(Debug, thiserror::Error)]
#[error("the migrations are gone")]
struct NoFolder;

impl Explain for NoFolder {}

/// A metadata.toml that has to be mended cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{}`", .path.display())]
struct Unreadable {
    path: std::path::PathBuf,
    #[source]
    source: std::io::Error,
}

impl Explain for Unreadable {
    fn details(&self) -> Vec<String> {
        vec!["nothing was written".to_owned()]
    }
}
