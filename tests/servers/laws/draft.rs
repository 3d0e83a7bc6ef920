//! A schema under construction: what depends on something goes or follows when that changes.

use std::collections::BTreeSet;

use diesel_manage::schema::change::{Change, apply};
use diesel_manage::schema::{
    Action, Auto, Column, ForeignKey, IndexKey, KeyPart, Name, Routine, RoutineKind, Schema, Table,
    Trigger, View,
};
use diesel_manage::sql::{Dialect, Product, Server};

/// A view, before it is text.
#[derive(Clone, Debug)]
pub(crate) struct ViewDraft {
    pub(crate) name: Name,
    pub(crate) of: Name,
    pub(crate) columns: Vec<String>,
    pub(crate) materialized: bool,
    pub(crate) condition: bool,
}

/// A trigger, before it is text.
#[derive(Clone, Debug)]
pub(crate) struct TriggerDraft {
    pub(crate) name: String,
    pub(crate) table: Name,
    /// `BEFORE INSERT` and so on.
    pub(crate) when: &'static str,
    pub(crate) number: usize,
}

/// The schema so far.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) server: Server,
    pub(crate) schema: Schema,
    pub(crate) views: Vec<ViewDraft>,
    pub(crate) triggers: Vec<TriggerDraft>,
}

impl Draft {
    /// Nothing.
    pub(crate) fn new(server: Server) -> Self {
        Self {
            server,
            schema: Schema::default(),
            views: Vec::new(),
            triggers: Vec::new(),
        }
    }

    pub(crate) fn product(&self) -> Product {
        self.server.product
    }

    pub(crate) fn is_mysql(&self) -> bool {
        self.server.dialect() == Dialect::Mysql
    }

    pub(crate) fn quote(&self, name: &str) -> String {
        self.server.dialect().quote_identifier(name)
    }

    pub(crate) fn quote_name(&self, name: &Name) -> String {
        let quoted = self.quote(&name.name);
        match &name.namespace {
            Some(namespace) => format!("{}.{quoted}", self.quote(namespace)),
            None => quoted,
        }
    }

    /// Whether something is called so already, as a server compares names.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        let same = |other: &Name| other.name.to_lowercase() == name.to_lowercase();
        self.schema.tables.iter().any(|table| same(&table.name))
            || self.views.iter().any(|view| same(&view.name))
    }

    pub(crate) fn table(&mut self, name: &Name) -> &mut Table {
        self.schema.table_mut(name).expect("the table is there")
    }

    pub(crate) fn tables(&self) -> Vec<Name> {
        self.schema
            .tables
            .iter()
            .map(|table| table.name.clone())
            .collect()
    }

    /// All as one value.
    pub(crate) fn finish(&self) -> Schema {
        let mut schema = self.schema.clone();
        for view in &self.views {
            let columns: Vec<_> = view.columns.iter().map(|name| self.quote(name)).collect();
            let mut definition = format!(
                "SELECT {} FROM {}",
                columns.join(", "),
                self.quote_name(&view.of)
            );
            if view.condition {
                definition.push_str(" WHERE ");
                definition.push_str(&columns[0]);
                definition.push_str(" IS NOT NULL");
            }
            let named = |name: &String| Column {
                name: name.clone(),
                ..Column::default()
            };
            schema.views.push(View {
                name: view.name.clone(),
                definition,
                materialized: view.materialized,
                columns: view.columns.iter().map(named).collect(),
                reads: vec![view.of.clone()],
                ..View::default()
            });
        }
        for trigger in &self.triggers {
            let definition = self.trigger(trigger, &mut schema.routines);
            let table = schema
                .table_mut(&trigger.table)
                .expect("its table is there");
            table.triggers.push(Trigger {
                name: trigger.name.clone(),
                definition,
                comment: None,
            });
        }
        schema.sort();
        schema
    }

    fn trigger(&self, trigger: &TriggerDraft, routines: &mut Vec<Routine>) -> String {
        let (name, table) = (self.quote(&trigger.name), self.quote_name(&trigger.table));
        let head = format!("CREATE TRIGGER {name} {} ON {table}", trigger.when);
        let number = trigger.number;
        match self.product() {
            Product::Sqlite => {
                let note = self.schema.tables.first().map(|table| &table.columns[0]);
                let note = note.map(|column| column.name.as_str()).unwrap_or_default();
                let first = self.quote_name(&self.schema.tables[0].name);
                format!(
                    "{head} BEGIN SELECT {number}, 'a;b' FROM {first} WHERE {} IS NULL; END",
                    self.quote(note)
                )
            }
            Product::Postgres => {
                let routine = Name::new(format!("noted_{number}"));
                let function = format!(
                    "CREATE OR REPLACE FUNCTION public.{}()\n RETURNS trigger\n LANGUAGE plpgsql\nAS \
                     $function$ BEGIN RETURN NEW; END; $function$\n",
                    routine.name
                );
                if !routines.iter().any(|one| one.name == routine) {
                    routines.push(Routine {
                        name: routine.clone(),
                        kind: RoutineKind::Function,
                        arguments: String::new(),
                        definition: function,
                        comment: None,
                    });
                }
                format!("{head} FOR EACH ROW EXECUTE FUNCTION {}()", routine.name)
            }
            Product::Mysql | Product::Mariadb => {
                format!("{head} FOR EACH ROW BEGIN SET @noted = {number}; SET @b = ';'; END")
            }
        }
    }

    /// Takes a table away, and what refers to it.
    pub(crate) fn drop_table(&mut self, name: &Name) {
        self.schema.tables.retain(|table| table.name != *name);
        for table in &mut self.schema.tables {
            table.foreign_keys.retain(|key| key.parent != *name);
        }
        self.triggers.retain(|trigger| trigger.table != *name);
        let gone: BTreeSet<Name> = self
            .views
            .iter()
            .filter(|view| view.of == *name)
            .map(|view| view.name.clone())
            .collect();
        self.views
            .retain(|view| view.of != *name && !gone.contains(&view.of));
    }

    /// Takes a column away, and what is made of it; not the last one.
    pub(crate) fn drop_column(&mut self, table: &Name, column: &str) {
        let quoted = self.quote(column);
        let alone = self.table(table);
        let others = |one: &&Column| one.name != column && one.generated.is_none();
        if alone.columns.iter().filter(others).count() == 0 {
            return;
        }
        // What is computed from it goes as well.
        let computed: Vec<String> = alone
            .columns
            .iter()
            .filter(|one| {
                one.generated
                    .as_ref()
                    .is_some_and(|generated| generated.expression.contains(&quoted))
            })
            .map(|one| one.name.clone())
            .collect();
        for one in computed {
            self.drop_column(table, &one);
        }
        self.unlink(table, column);
        let owner = self.table(table);
        owner.columns.retain(|one| one.name != column);
        owner.uniques.retain(|unique| {
            !unique
                .columns
                .iter()
                .chain(&unique.include)
                .any(|one| one == column)
        });
        owner
            .checks
            .retain(|check| !check.expression.contains(&quoted));
        owner.indexes.retain(|index| {
            !index.include.iter().any(|one| one == column)
                && !index
                    .predicate
                    .as_ref()
                    .is_some_and(|text| text.contains(&quoted))
                && !index.keys.iter().any(|key| mentions(key, column, &quoted))
        });
        if owner
            .primary_key
            .as_ref()
            .is_some_and(|key| key.columns.iter().any(|one| one == column))
        {
            self.drop_primary_key(table);
        }
        for view in &mut self.views {
            if view.of == *table {
                view.columns.retain(|one| one != column);
            }
        }
        let above = self.views.clone();
        for view in &mut self.views {
            if let Some(of) = above.iter().find(|other| other.name == view.of) {
                view.columns.retain(|one| of.columns.contains(one));
            }
        }
        self.views.retain(|view| !view.columns.is_empty());
        let names: BTreeSet<Name> = self.views.iter().map(|view| view.name.clone()).collect();
        let tables: BTreeSet<Name> = self.tables().into_iter().collect();
        self.views
            .retain(|view| names.contains(&view.of) || tables.contains(&view.of));
    }

    /// Takes foreign keys away that a column is part of, on either side.
    pub(crate) fn unlink(&mut self, table: &Name, column: &str) {
        for child in &mut self.schema.tables {
            let is_it = child.name == *table;
            child.foreign_keys.retain(|key| {
                let has = |names: &[String]| names.iter().any(|one| one == column);
                let refers = is_it && has(&key.columns);
                let is_referred_to = key.parent == *table && has(&key.parent_columns);
                !refers && !is_referred_to
            });
        }
    }

    /// Takes foreign keys away that refer to these columns.
    pub(crate) fn unlink_key(&mut self, table: &Name, columns: &[String]) {
        for child in &mut self.schema.tables {
            child
                .foreign_keys
                .retain(|key| key.parent != *table || key.parent_columns != columns);
        }
    }

    pub(crate) fn drop_primary_key(&mut self, table: &Name) {
        let (mysql, sqlite) = (self.is_mysql(), self.product() == Product::Sqlite);
        let owner = self.table(table);
        let Some(key) = owner.primary_key.take() else {
            return;
        };
        owner.options.without_rowid = false;
        for column in &mut owner.columns {
            if mysql || sqlite && column.auto == Some(Auto::Increment) {
                column.auto = None;
            }
        }
        self.unlink_key(table, &key.columns);
    }

    /// Renames a table; everything follows.
    pub(crate) fn rename_table(&mut self, from: &Name, to: &Name) {
        let change = Change::RenameTable {
            from: from.clone(),
            to: to.clone(),
        };
        self.schema = apply(&self.schema, &[change]);
        for view in &mut self.views {
            if view.of == *from {
                view.of = to.clone();
            }
        }
        for trigger in &mut self.triggers {
            if trigger.table == *from {
                trigger.table = to.clone();
            }
        }
    }

    /// Renames a column; everything follows.
    pub(crate) fn rename_column(&mut self, table: &Name, from: &str, to: &str) {
        let change = Change::RenameColumn {
            table: table.clone(),
            from: from.to_owned(),
            to: to.to_owned(),
        };
        self.schema = apply(&self.schema, &[change]);
        let mut changed: Vec<Name> = vec![table.clone()];
        while let Some(name) = changed.pop() {
            for view in self.views.iter_mut().filter(|view| view.of == name) {
                for column in &mut view.columns {
                    if column == from {
                        to.clone_into(column);
                        changed.push(view.name.clone());
                    }
                }
            }
        }
    }

    /// The columns that must have one type, because foreign keys tie them together.
    pub(crate) fn tied(&self, table: &Name, column: &str) -> BTreeSet<(Name, String)> {
        let mut tied = BTreeSet::from([(table.clone(), column.to_owned())]);
        loop {
            let before = tied.len();
            for child in &self.schema.tables {
                for key in &child.foreign_keys {
                    for (one, other) in key.columns.iter().zip(&key.parent_columns) {
                        let one = (child.name.clone(), one.clone());
                        let other = (key.parent.clone(), other.clone());
                        if tied.contains(&one) {
                            tied.insert(other);
                        } else if tied.contains(&other) {
                            tied.insert(one);
                        }
                    }
                }
            }
            if tied.len() == before {
                return tied;
            }
        }
    }
}

/// Whether the column is part of a foreign key.
pub(crate) fn refers(table: &Table, column: &str) -> bool {
    table
        .foreign_keys
        .iter()
        .any(|key| key.columns.iter().any(|one| one == column))
}

/// Whether an action needs the columns to take NULL.
pub(crate) fn sets_null(key: &ForeignKey) -> bool {
    [&key.on_delete, &key.on_update]
        .iter()
        .any(|action| matches!(action, Action::SetNull(_)))
}

fn mentions(key: &IndexKey, column: &str, quoted: &str) -> bool {
    match &key.part {
        KeyPart::Column(name) => name == column,
        KeyPart::Expression(text) => text.contains(quoted),
    }
}
