//! The laws for one pair of schemas.

use std::collections::BTreeSet;

use diesel_manage::ddl::{self, Script};
use diesel_manage::schema::change::{Decisions, Difference, Renames, diff};
use diesel_manage::schema::{Name, Schema};
use diesel_manage::sql::Server;

use super::census::census;
use super::draft::Draft;
use super::edit::edited;
use super::ground::{Ground, Runner, text};
use super::make::Maker;
use super::random::Random;
use super::rows::{self, Side, Way};

/// Two schemas that a server shall be led between.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) server: Server,
    pub(crate) seed: u64,
    pub(crate) a: Draft,
    pub(crate) b: Draft,
    pub(crate) renames: Renames,
    pub(crate) runner: Runner,
    pub(crate) rows: usize,
}

/// The law that does not hold, and what happened.
pub(crate) struct Failure {
    pub(crate) law: &'static str,
    pub(crate) detail: String,
}

/// What a law says when it does not hold.
type Held<T> = Result<T, Failure>;

fn law<T>(law: &'static str, outcome: Result<T, String>) -> Held<T> {
    outcome.map_err(|detail| Failure { law, detail })
}

impl Pair {
    /// The pair of a seed.
    pub(crate) fn new(server: Server, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut maker = Maker::new(&mut random, server);
        maker.all();
        let a = maker.draft;
        let (b, renames) = if random.chance(75) {
            edited(&mut random, &a)
        } else {
            let mut maker = Maker::new(&mut random, server);
            maker.all();
            (maker.draft, Renames::default())
        };
        let runner = if random.chance(50) {
            Runner::Manage
        } else {
            Runner::Diesel
        };
        Self {
            server,
            seed,
            a,
            b,
            renames,
            runner,
            rows: *random.pick(&[0, 1, 3, 3, 3]),
        }
    }

    /// Both schemas as SQL, to look at.
    pub(crate) fn shown(&self) -> String {
        let sql = |draft: &Draft| match self.creating(&Schema::default(), &draft.finish()) {
            Ok(script) => text(&script),
            Err(error) => error,
        };
        format!(
            "-- a\n{}\n-- b\n{}\n-- renames: {:?}\n-- runner: {:?}, rows: {}",
            sql(&self.a),
            sql(&self.b),
            self.renames,
            self.runner,
            self.rows
        )
    }

    fn creating(&self, empty: &Schema, schema: &Schema) -> Result<Script, String> {
        let difference = Difference::between(empty.clone(), schema.clone(), Renames::default());
        self.write(&difference, &Decisions::default())
    }

    fn write(&self, difference: &Difference, decisions: &Decisions) -> Result<Script, String> {
        let script =
            ddl::write(self.server, difference, decisions).map_err(|error| format!("{error}"))?;
        let again = ddl::write(self.server, difference, decisions);
        if again.as_ref() != Ok(&script) {
            return Err("is written otherwise the second time".to_owned());
        }
        Ok(script)
    }

    /// Makes a schema in an empty database, and reads it.
    fn made(&self, ground: &mut Ground, draft: &Draft) -> Held<Schema> {
        ground.empty();
        let empty = law("an empty database is read", ground.introspect())?;
        let wanted = draft.finish();
        let script = law("a schema is written", self.creating(&empty, &wanted))?;
        law("a schema is made", ground.run(&script, Runner::Manage))?;
        let made = law("a schema is read", ground.introspect())?;
        let (wanted, read) = (census(self.server, &wanted), census(self.server, &made));
        let missing: Vec<_> = wanted.iter().filter(|line| !read.contains(line)).collect();
        let more: Vec<_> = read.iter().filter(|line| !wanted.contains(line)).collect();
        let same = if missing.is_empty() && more.is_empty() {
            Ok(())
        } else {
            Err(format!(
                "not there: {missing:#?}\ninstead: {more:#?}\n{}",
                text(&script)
            ))
        };
        law("what was made is what is read", same)?;
        Ok(made)
    }

    /// Checks all laws.
    pub(crate) fn check(&self, one: &mut Ground, other: &mut Ground) -> Held<()> {
        let a = self.made(one, &self.a)?;
        let b = self.made(other, &self.b)?;
        let again = law("a schema is read", one.introspect())?;
        law("a schema does not differ from itself", same(&a, &again))?;
        let way = Way {
            server: self.server,
            from: &a,
            to: &b,
            renames: &self.renames,
        };
        let back_renames = self.renames.reverse();
        let back = Way {
            server: self.server,
            from: &b,
            to: &a,
            renames: &back_renames,
        };
        let number = self.rows.min(way.limit()).min(back.limit());
        let referred = self.referred(&a, &b);
        let mut random = Random::new(self.seed);
        let seeded = rows::seed(one, self.server, &a, &referred, number, &mut random);
        law("rows can be put in", seeded)?;
        let common = way.common();
        let before = law(
            "rows are read",
            rows::read(one, self.server, &common, Side::From),
        )?;

        let difference = Difference::between(a.clone(), b.clone(), self.renames.clone());
        let up = law(
            "the way up is written",
            self.write(&difference, &way.decisions()),
        )?;
        law("the way up runs", one.run(&up, self.runner))?;
        let there = law("a schema is read", one.introspect())?;
        law("the way up leads there", arrived(&there, &b, &up))?;
        let after = rows::read(one, self.server, &common, Side::To);
        let after = law("rows are read", after)?;
        law(
            "rows survive the way up",
            kept(&rows::lost(&common, &before, &after), &up),
        )?;

        let reverse = difference.reverse();
        let down = law(
            "the way down is written",
            self.write(&reverse, &back.decisions()),
        )?;
        law("the way down runs", one.run(&down, self.runner))?;
        let home = law("a schema is read", one.introspect())?;
        law("the way down leads back", arrived(&home, &a, &down))?;
        let returned = law(
            "rows are read",
            rows::read(one, self.server, &common, Side::From),
        )?;
        let lost = rows::lost(&common, &before, &filled(&common, returned, &before));
        law("rows survive the way down", kept(&lost, &down))?;

        let difference = Difference::between(home, b.clone(), self.renames.clone());
        let up = law(
            "the way up is written",
            self.write(&difference, &way.decisions()),
        )?;
        law("the second way up runs", one.run(&up, self.runner))?;
        let there = law("a schema is read", one.introspect())?;
        law("the second way up leads there", arrived(&there, &b, &up))
    }

    /// The columns of the first schema that rows refer to, or will refer to.
    fn referred(&self, a: &Schema, b: &Schema) -> BTreeSet<(Name, String)> {
        let mut referred = BTreeSet::new();
        for key in a.tables.iter().flat_map(|table| &table.foreign_keys) {
            for column in &key.parent_columns {
                referred.insert((key.parent.clone(), column.clone()));
            }
        }
        for key in b.tables.iter().flat_map(|table| &table.foreign_keys) {
            let table = self.renames.tables.iter().find(|(_, to)| *to == key.parent);
            let table = table.map_or(&key.parent, |(from, _)| from);
            for column in &key.parent_columns {
                let of = |one: &&diesel_manage::schema::change::RenamedColumn| {
                    one.table == key.parent && one.to == *column
                };
                let renamed = self.renames.columns.iter().find(of);
                let column = renamed.map_or(column, |one| &one.from);
                referred.insert((table.clone(), column.clone()));
            }
        }
        // What becomes part of a primary key must have a value as well.
        for table in &b.tables {
            for column in table.primary_key.iter().flat_map(|key| &key.columns) {
                referred.insert((table.name.clone(), column.clone()));
            }
        }
        referred
    }
}

/// Whether two readings are the same.
fn same(wanted: &Schema, read: &Schema) -> Result<(), String> {
    let changes = diff(read, wanted);
    if changes.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = changes
        .iter()
        .map(|change| format!("{} {}\n    {change:?}", change.mark(), change.describe()))
        .collect();
    Err(format!("still to be done:\n{}", lines.join("\n")))
}

fn arrived(read: &Schema, wanted: &Schema, script: &Script) -> Result<(), String> {
    same(wanted, read).map_err(|error| format!("{error}\n{}", text(script)))
}

fn kept(lost: &[String], script: &Script) -> Result<(), String> {
    if lost.is_empty() {
        return Ok(());
    }
    Err(format!("{}\n{}", lost.join("\n"), text(script)))
}

/// What was filled on the way up counts as nothing again.
fn filled(
    common: &[rows::Common<'_>],
    mut after: Vec<Vec<Vec<Option<String>>>>,
    before: &[Vec<Vec<Option<String>>>],
) -> Vec<Vec<Vec<Option<String>>>> {
    for ((one, rows), before) in common.iter().zip(&mut after).zip(before) {
        for (at, (from, to)) in one.columns.iter().enumerate() {
            let values: BTreeSet<&Option<String>> =
                before.iter().filter_map(|row| row.get(at)).collect();
            if from.nullable && !to.nullable && values.contains(&None) {
                for value in rows.iter_mut().filter_map(|row| row.get_mut(at)) {
                    if !values.contains(value) {
                        *value = None;
                    }
                }
            }
        }
    }
    after
}
