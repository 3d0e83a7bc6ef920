//! The same cases as those of [`super::difference_cases`], wanted by `table!` files.
//!
//! What was printed from a database is no difference to it. What is wanted of another database is
//! reached by the SQL of the difference, and then it is none any more.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use diesel_manage::Explain;
use diesel_manage::ddl;
use diesel_manage::models::{self, Models, Overlay, OverlayOptions};
use diesel_manage::schema::change::{Decisions, Difference, RenamedColumn, Renames, diff};
use diesel_manage::schema::{Name, Schema};
use diesel_manage::settings::Backend;
use diesel_manage::sql;
use libtest_mimic::{Completion, Failed};
use serde::Deserialize;

use crate::laws::ground::{Ground, Runner, text};
use crate::support::{BACKENDS, word};
use crate::trials::Trials;

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Clone, Deserialize)]
struct Case {
    id: String,
    backends: Vec<String>,
    current_sql: Text,
    desired_sql: Text,
    desired_schema_rs: Option<Text>,
    visible_in_schema_rs: Option<bool>,
    expect: Vec<String>,
    #[serde(default)]
    reference_up: Text,
}

/// One text for all backends, or one for each.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Text {
    Same(String),
    Each(BTreeMap<String, String>),
}

impl Default for Text {
    fn default() -> Self {
        Self::Same(String::new())
    }
}

impl Text {
    fn of(&self, backend: Backend) -> Option<&str> {
        match self {
            Self::Same(text) => Some(text),
            Self::Each(texts) => texts.get(word(backend)).map(String::as_str),
        }
    }
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/diff/cases.yaml")
}

pub(crate) fn add(trials: &mut Trials) {
    let text = match fs::read_to_string(path()) {
        Ok(text) => text,
        Err(error) => {
            return trials.ignored("model_cases", format!("{}: {error}", path().display()));
        }
    };
    let cases: Cases = match serde_yaml::from_str(&text) {
        Ok(cases) => cases,
        Err(error) => panic!("{}: {error}", path().display()),
    };
    for case in cases.cases {
        for backend in BACKENDS {
            let models = case.desired_schema_rs.as_ref();
            let Some(models) = models.and_then(|texts| texts.of(backend)) else {
                continue;
            };
            if !case.backends.iter().any(|name| name == word(backend)) {
                continue;
            }
            let name = format!("model_cases::{}", case.id.replace('-', "_"));
            let (case, models) = (case.clone(), models.to_owned());
            trials.deciding(backend, &name, move |server| {
                case.run(server.backend(), &models)
            });
        }
    }
}

impl Case {
    fn run(&self, backend: Backend, models: &str) -> Result<Completion, Failed> {
        let ground = || Ground::in_file(backend).map_err(|missing| Failed::from(missing.reason));
        let (mut current, mut desired) = (ground()?, ground()?);
        for (ground, sql) in [
            (&mut current, &self.current_sql),
            (&mut desired, &self.desired_sql),
        ] {
            let sql = sql.of(backend).unwrap_or_default();
            if !sql.trim().is_empty() {
                ground.batch(sql);
            }
        }
        let (from, to) = (current.introspect()?, desired.introspect()?);
        let server = current.product();
        let models = models::parse(&[("schema.rs", models)]).map_err(|error| error.to_string())?;

        let options = self.options(&mut current)?;
        let lay = |current: &Schema, models: &Models| lay(current, models, &options);
        let same = lay(&to, &models)?;
        assert_same(&same.schema, &to, "what was printed from it");
        assert_eq!(same.joins, [], "what was printed from it");

        let renames = self.renames();
        let base = Difference::between(from.clone(), Schema::default(), renames.clone()).base;
        let wanted = match lay(&base, &models) {
            Ok(overlay) => overlay,
            // Which values an enum has is in no model.
            Err(error) if self.id == "pg-text-to-enum" && error.contains("`mood`") => {
                return Ok(Completion::Completed);
            }
            Err(error) => return Err(error.into()),
        };
        if self.visible_in_schema_rs == Some(false) {
            assert_same(&wanted.schema, &base, "what no model can say");
            return Ok(Completion::Completed);
        }
        let again = lay(&wanted.schema, &models)?;
        assert_same(&again.schema, &wanted.schema, "laying it on once more");

        let difference = Difference::between(from.clone(), wanted.schema.clone(), renames);
        let decisions = self.decisions(backend);
        let up = ddl::write(server, &difference, &decisions).map_err(|error| error.to_string())?;
        current.run(&up, Runner::Manage)?;
        let reached = current.introspect()?;
        let script = text(&up);
        assert_same(&reached, &wanted.schema, &script);
        assert_same(&lay(&reached, &models)?.schema, &reached, &script);

        let back = difference.reverse();
        let down = ddl::write(server, &back, &decisions.reverse())
            .map_err(|error| format!("the way down: {error}"))?;
        current.run(&down, Runner::Manage)?;
        assert_same(&current.introspect()?, &from, &text(&down));
        Ok(Completion::Completed)
    }

    /// What the server would choose, and what the models don't say.
    fn options(&self, ground: &mut Ground) -> Result<OverlayOptions, String> {
        let mut options = OverlayOptions::new(ground.product());
        if options.server.dialect() == sql::Dialect::Mysql {
            let rows = ground.rows("SELECT @@default_storage_engine, @@collation_database")?;
            options.table_options.engine.clone_from(&rows[0][0]);
            options.table_options.collation.clone_from(&rows[0][1]);
        }
        if self.id == "my-set-column" {
            let values = "SET( 'x', 'y' )".to_owned();
            options.types.insert("TFSet".to_owned(), values);
        }
        Ok(options)
    }

    /// The names that change.
    fn renames(&self) -> Renames {
        let mut renames = Renames::default();
        for line in &self.expect {
            if let Some((from, to)) = arrow(line, "rename_table ") {
                renames.tables.push((Name::parse(from), Name::parse(to)));
            }
            if let Some((place, to)) = arrow(line, "rename_column ")
                && let Some((table, from)) = place.rsplit_once('.')
            {
                renames.columns.push(RenamedColumn {
                    table: Name::parse(table),
                    from: from.to_owned(),
                    to: to.to_owned(),
                });
            }
        }
        renames
    }

    /// How values are converted, as the reference does it.
    fn decisions(&self, backend: Backend) -> Decisions {
        let mut decisions = Decisions::default();
        let reference = self.reference_up.of(backend).unwrap_or_default();
        for line in &self.expect {
            if let Some(rest) = line.strip_prefix("alter_type ")
                && let Some((table, column)) =
                    rest.split(' ').next().and_then(|one| one.rsplit_once('.'))
                && let Some(cast) = reference
                    .split_once(" USING ")
                    .and_then(|(_, rest)| rest.split(';').next())
            {
                let key = (Name::parse(table), column.to_owned());
                decisions.casts.insert(key, cast.to_owned());
            }
        }
        decisions
    }
}

fn arrow<'a>(line: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    line.strip_prefix(word)?.split_once("->")
}

fn lay(current: &Schema, models: &Models, options: &OverlayOptions) -> Result<Overlay, String> {
    models::overlay(current, models, options)
        .map_err(|error| format!("{error}: {:?}", error.hints()))
}

#[track_caller]
fn assert_same(found: &Schema, wanted: &Schema, what: &str) {
    let changes = diff(found, wanted);
    let lines: Vec<_> = changes
        .iter()
        .map(|change| format!("{} {}\n    {change:?}", change.mark(), change.describe()))
        .collect();
    assert!(
        changes.is_empty(),
        "{what} leaves this to be done:\n{}",
        lines.join("\n")
    );
}
