//! Random changes of a schema, and the names that change in it.

use diesel_manage::schema::change::{RenamedColumn, Renames};
use diesel_manage::schema::{Auto, Column, Name, Schema, SqlType};
use diesel_manage::sql::Product;

use super::draft::{Draft, refers};
use super::make::Maker;
use super::random::Random;
use super::types::relatives;

/// Changes a draft in a few places and says what is called otherwise then.
pub(crate) fn edited(random: &mut Random, draft: &Draft) -> (Draft, Renames) {
    let mut editor = Editor {
        maker: Maker::with(random, draft.clone()),
        original: draft.finish(),
        renames: Renames::default(),
    };
    for _ in 0..=editor.maker.random.below(5) {
        editor.edit();
    }
    let (draft, renames) = (editor.maker.draft, editor.renames);
    let renames = still_true(&renames, &editor.original, &draft);
    (draft, renames)
}

/// Those of what was there before and has not gone afterwards.
fn still_true(renames: &Renames, original: &Schema, draft: &Draft) -> Renames {
    let table = |name: &Name| draft.schema.table(name);
    let tables: Vec<(Name, Name)> = renames
        .tables
        .iter()
        .filter(|(from, to)| original.table(from).is_some() && table(to).is_some())
        .cloned()
        .collect();
    let was = |name: &Name| {
        let found = tables.iter().find(|(_, to)| to == name);
        original.table(found.map_or(name, |(from, _)| from))
    };
    let columns = renames.columns.iter().filter(|one| {
        was(&one.table).is_some_and(|table| table.column(&one.from).is_some())
            && table(&one.table).is_some_and(|table| table.column(&one.to).is_some())
    });
    let columns = columns.cloned().collect();
    Renames { tables, columns }
}

struct Editor<'a> {
    maker: Maker<'a>,
    original: Schema,
    renames: Renames,
}

impl Editor<'_> {
    fn edit(&mut self) {
        let tables = self.maker.draft.tables();
        let Some(table) = self.maker.random.any(&tables).cloned() else {
            return self.maker.table();
        };
        match self.maker.random.below(24) {
            0 => self.maker.table(),
            1 => {
                self.maker.draft.drop_table(&table);
                self.renames.tables.retain(|(_, to)| *to != table);
                self.renames.columns.retain(|one| one.table != table);
            }
            2 => self.rename_table(&table),
            3 | 4 => self.add_column(&table),
            5 => self.with_column(&table, |this, column| {
                this.maker.draft.drop_column(&table, &column.name);
                let is_it = |one: &RenamedColumn| one.table == table && one.to == column.name;
                this.renames.columns.retain(|one| !is_it(one));
            }),
            6 | 7 => self.with_column(&table, |this, column| this.rename_column(&table, column)),
            8 | 9 => self.with_column(&table, |this, column| this.retype(&table, column)),
            10 => self.with_column(&table, |this, column| this.turn_null(&table, column)),
            11 => self.with_column(&table, |this, column| this.redefault(&table, column)),
            12 => self.with_column(&table, |this, column| this.comment(&table, column)),
            13 => self.constraint(&table),
            14 => self.maker.unique(&table),
            15 => self.maker.check(&table),
            16 => self.maker.index(&table),
            17 => self.maker.foreign_key(),
            18 => self.less(&table),
            19 => self.maker.view(),
            20 => self.views(),
            21 => self.triggers(),
            22 => self.options(&table),
            _ => self.types(&table),
        }
    }

    fn with_column(&mut self, table: &Name, work: impl FnOnce(&mut Self, &Column)) {
        let columns = self.maker.draft.table(table).columns.clone();
        if let Some(column) = self.maker.random.any(&columns).cloned() {
            work(self, &column);
        }
    }

    fn rename_table(&mut self, table: &Name) {
        // What was made or renamed in between would have to be told apart.
        let touched = self.renames.tables.iter().any(|(_, to)| to == table)
            || self.renames.columns.iter().any(|one| one.table == *table);
        let to = self.maker.table_name();
        // A name that is free on the way is what somebody can rename to.
        let old = self.original.table(&to).is_some()
            || self.original.views.iter().any(|view| view.name == to);
        if touched || old || to.namespace != table.namespace {
            return;
        }
        self.maker.draft.rename_table(table, &to);
        self.renames.tables.push((table.clone(), to));
    }

    fn rename_column(&mut self, table: &Name, column: &Column) {
        let known =
            self.renames.columns.iter().any(|one| {
                one.table == *table && (one.to == column.name || one.from == column.name)
            });
        let owner = self.maker.draft.table(table).clone();
        let to = self.maker.column_name(&owner);
        let used = self
            .renames
            .columns
            .iter()
            .any(|one| one.table == *table && one.from == to);
        let plain = |name: &str| !name.contains(['"', '`', '\'']);
        let before = self.renames.tables.iter().find(|(_, to)| to == table);
        let before = before.map_or(table, |(from, _)| from);
        let original = self.original.table(before);
        let old = original.is_some_and(|owner| {
            owner
                .columns
                .iter()
                .any(|one| one.name.to_lowercase() == to.to_lowercase())
        });
        if old || known || used || !plain(&to) || !plain(&column.name) {
            return;
        }
        self.maker.draft.rename_column(table, &column.name, &to);
        self.renames.columns.push(RenamedColumn {
            table: table.clone(),
            from: column.name.clone(),
            to,
        });
    }

    fn add_column(&mut self, table: &Name) {
        if self.maker.random.chance(20) {
            return self.maker.generated(table);
        }
        let owner = self.maker.draft.table(table).clone();
        let column = self.maker.column(&owner);
        let at = self.maker.random.below(owner.columns.len() + 1);
        self.maker.draft.table(table).columns.insert(at, column);
    }

    fn retype(&mut self, table: &Name, column: &Column) {
        let server = self.maker.draft.server;
        let mut to = relatives(server, column.sql_type.as_str());
        let sqlite = self.maker.draft.product() == Product::Sqlite;
        let strict = self.maker.draft.table(table).options.strict;
        to.retain(|_| !(sqlite && strict));
        let Some(to) = self.maker.random.any(&to).copied() else {
            return;
        };
        let tied = self.maker.draft.tied(table, &column.name);
        for (table, column) in &tied {
            let owner = self.maker.draft.table(table);
            // An `INTEGER PRIMARY KEY` of SQLite is the number of the row.
            let key = owner.primary_key.as_ref();
            let is_key = key.is_some_and(|key| key.columns.contains(column));
            if owner.options.strict || (is_key && to == "INTEGER") {
                return;
            }
            let increments = |one: &Column| one.name == *column && one.auto.is_some();
            if owner.columns.iter().any(increments) {
                return;
            }
        }
        for (table, column) in tied {
            for one in &mut self.maker.draft.table(&table).columns {
                if one.name == column {
                    one.sql_type = SqlType::new(to);
                }
            }
        }
    }

    fn turn_null(&mut self, table: &Name, column: &Column) {
        let owner = self.maker.draft.table(table).clone();
        let in_key = owner
            .primary_key
            .as_ref()
            .is_some_and(|key| key.columns.contains(&column.name));
        let special = column.auto.is_some() || column.generated.is_some();
        let timestamp = self.maker.draft.is_mysql() && column.sql_type.as_str() == "timestamp";
        let nulled = |key: &diesel_manage::schema::ForeignKey| {
            key.columns.contains(&column.name) && super::draft::sets_null(key)
        };
        if in_key || special || timestamp || owner.foreign_keys.iter().any(nulled) {
            return;
        }
        self.change(table, &column.name, |one| one.nullable = !one.nullable);
    }

    fn change(&mut self, table: &Name, column: &str, work: impl Fn(&mut Column)) {
        let columns = &mut self.maker.draft.table(table).columns;
        columns
            .iter_mut()
            .filter(|one| one.name == column)
            .for_each(work);
    }

    fn redefault(&mut self, table: &Name, column: &Column) {
        let owner = self.maker.draft.table(table).clone();
        if column.auto.is_some()
            || column.generated.is_some()
            || column.on_update.is_some()
            || refers(&owner, &column.name)
        {
            return;
        }
        let default = if column.default.is_some() && self.maker.random.chance(50) {
            None
        } else {
            self.maker.default(column)
        };
        self.change(table, &column.name, |one| one.default.clone_from(&default));
    }

    fn comment(&mut self, table: &Name, column: &Column) {
        let comment = self.maker.comment(60);
        if self.maker.random.chance(40) {
            self.maker.draft.table(table).comment = comment;
        } else {
            self.change(table, &column.name, |one| one.comment.clone_from(&comment));
        }
    }

    /// Another primary key, or none, or the numbering turned on or off.
    fn constraint(&mut self, table: &Name) {
        let owner = self.maker.draft.table(table).clone();
        let key = owner.primary_key.as_ref().map(|key| key.columns.clone());
        if let Some(columns) = key
            && self.maker.draft.is_mysql()
            && columns.len() == 1
            && self.maker.random.chance(50)
        {
            let is_int = owner.column(&columns[0]).is_some_and(|column| {
                column.sql_type.as_str().contains("int") && column.default.is_none()
            });
            let checked = owner.checks.iter().any(|check| {
                check
                    .expression
                    .contains(&self.maker.draft.quote(&columns[0]))
            });
            let computed = owner.columns.iter().any(|column| {
                column.generated.as_ref().is_some_and(|one| {
                    one.expression
                        .contains(&self.maker.draft.quote(&columns[0]))
                })
            });
            if is_int && !checked && !computed && !refers(&owner, &columns[0]) {
                self.change(table, &columns[0], |one| {
                    one.auto = if one.auto.is_some() {
                        None
                    } else {
                        Some(Auto::Increment)
                    };
                });
            }
            return;
        }
        self.maker.draft.drop_primary_key(table);
        if self.maker.random.chance(70) {
            let mut owner = self.maker.draft.table(table).clone();
            self.maker.primary_key(&mut owner);
            *self.maker.draft.table(table) = owner;
        }
    }

    /// Takes one of what a table has several of.
    fn less(&mut self, table: &Name) {
        let what = self.maker.random.below(4);
        let at = self.maker.random.below(100);
        let owner = self.maker.draft.table(table);
        match what {
            0 if !owner.uniques.is_empty() => {
                let at = at % owner.uniques.len();
                let unique = owner.uniques.remove(at);
                self.maker.draft.unlink_key(table, &unique.columns);
            }
            1 if !owner.checks.is_empty() => drop(owner.checks.remove(at % owner.checks.len())),
            2 if !owner.indexes.is_empty() => drop(owner.indexes.remove(at % owner.indexes.len())),
            _ if !owner.foreign_keys.is_empty() => {
                drop(owner.foreign_keys.remove(at % owner.foreign_keys.len()));
            }
            _ => {}
        }
    }

    fn views(&mut self) {
        let draft = &mut self.maker.draft;
        let Some(view) = draft.views.pop() else {
            return self.maker.view();
        };
        if self.maker.random.chance(60) {
            let mut view = view;
            view.condition = !view.condition;
            self.maker.draft.views.push(view);
        } else {
            self.maker.draft.views.retain(|other| other.of != view.name);
        }
    }

    fn triggers(&mut self) {
        let Some(mut trigger) = self.maker.draft.triggers.pop() else {
            return self.maker.trigger();
        };
        if self.maker.random.chance(60) {
            trigger.number += 1;
            self.maker.draft.triggers.push(trigger);
        }
    }

    fn options(&mut self, table: &Name) {
        let product = self.maker.draft.product();
        let comment = self.maker.comment(50);
        let owner = self.maker.draft.table(table);
        match product {
            Product::Sqlite => {
                let strict = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];
                if owner
                    .columns
                    .iter()
                    .all(|one| strict.contains(&one.sql_type.as_str()))
                {
                    owner.options.strict = !owner.options.strict;
                    let key = owner.primary_key.as_ref().map(|key| key.columns.clone());
                    for column in &mut owner.columns {
                        column.nullable &= !key.iter().flatten().any(|one| *one == column.name);
                    }
                }
            }
            Product::Postgres => {
                if let Some(index) = owner.indexes.first_mut() {
                    index.comment = comment;
                }
            }
            Product::Mysql | Product::Mariadb => owner.comment = comment,
        }
    }

    /// Enum types, domains, sequences; elsewhere the definition of an index.
    fn types(&mut self, table: &Name) {
        let random = &mut *self.maker.random;
        let schema = &mut self.maker.draft.schema;
        match random.below(4) {
            0 | 1 if !schema.enums.is_empty() => {
                let at = random.below(schema.enums.len());
                let values = &mut schema.enums[at].values;
                if values.len() > 3 && random.chance(40) {
                    values.retain(|value| ["one", "two", "three"].contains(&value.as_str()));
                } else {
                    let value = format!("value {}", values.len());
                    values.insert(random.below(values.len() + 1), value);
                }
            }
            2 if !schema.domains.is_empty() => {
                let domain = &mut schema.domains[0];
                domain.checks[0].expression =
                    format!("VALUE > {}", -1 - i64::from(random.chance(50)));
                domain.nullable = true;
            }
            3 if !schema.sequences.is_empty() => schema.sequences[0].increment += 1,
            _ => {
                if let Some(index) = self.maker.draft.table(table).indexes.first_mut()
                    && index.method.is_none()
                {
                    index.keys.reverse();
                    if let Some(key) = index.keys.first_mut() {
                        key.descending = !key.descending;
                    }
                }
            }
        }
    }
}
