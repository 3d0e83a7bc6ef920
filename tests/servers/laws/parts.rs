//! What tables have besides columns: constraints, indexes, foreign keys, views, triggers.

use diesel_manage::schema::{
    Action, Check, Column, Deferral, ForeignKey, Generated, Index, IndexKey, Name, SqlType, Table,
    Unique,
};
use diesel_manage::sql::Product;

use super::draft::{TriggerDraft, ViewDraft, refers, sets_null};
use super::make::Maker;
use super::types::{Kind, kind};

impl Maker<'_> {
    /// A column that is computed.
    pub(crate) fn generated(&mut self, name: &Name) {
        let table = self.draft.table(name).clone();
        let fits = |column: &&Column| {
            column.generated.is_none()
                && column.auto.is_none()
                && kind(column.sql_type.as_str()) == Kind::Int
                && column.sql_type.as_str() != "positive"
        };
        let ints: Vec<String> = table
            .columns
            .iter()
            .filter(fits)
            .map(|column| column.name.clone())
            .collect();
        let Some(of) = self.random.any(&ints) else {
            return;
        };
        let sql = match self.draft.product() {
            Product::Sqlite => "INTEGER",
            Product::Postgres => "bigint",
            Product::Mysql | Product::Mariadb => "bigint(20)",
        };
        let column = Column {
            name: self.column_name(&table),
            sql_type: SqlType::new(sql),
            nullable: true,
            generated: Some(Generated {
                expression: format!("{} + {}", self.draft.quote(of), 1 + self.random.below(3)),
                stored: self.is(Product::Postgres) || self.random.chance(50),
            }),
            ..Column::default()
        };
        self.draft.table(name).columns.push(column);
    }

    pub(crate) fn unique(&mut self, name: &Name) {
        let table = self.draft.table(name).clone();
        let keys = self.keys(&table);
        if keys.is_empty() {
            return;
        }
        let columns = self.random.some(&keys, 2);
        if self.draft.is_mysql() {
            let index = Index {
                name: self.numbered("uq"),
                unique: true,
                keys: columns.into_iter().map(IndexKey::column).collect(),
                ..Index::default()
            };
            self.draft.table(name).indexes.push(index);
            return;
        }
        let postgres = self.is(Product::Postgres);
        if table.uniques.iter().any(|one| one.columns == columns)
            || table
                .primary_key
                .as_ref()
                .is_some_and(|key| key.columns == columns)
        {
            return;
        }
        let unique = Unique {
            name: (postgres || self.random.chance(50)).then(|| self.numbered("Unique of")),
            columns,
            deferral: if postgres {
                self.deferral()
            } else {
                Deferral::Immediate
            },
            nulls_not_distinct: false,
            comment: if postgres { self.comment(10) } else { None },
            ..Unique::default()
        };
        self.draft.table(name).uniques.push(unique);
    }

    fn deferral(&mut self) -> Deferral {
        match self.random.below(10) {
            0 => Deferral::Deferrable,
            1 => Deferral::Deferred,
            _ => Deferral::Immediate,
        }
    }

    /// A condition that all generated values satisfy.
    fn condition(&mut self, table: &Table) -> Option<String> {
        let fits = |column: &&Column| {
            matches!(kind(column.sql_type.as_str()), Kind::Int | Kind::Text)
                && column.auto.is_none()
                && column.generated.is_none()
        };
        let columns: Vec<Column> = table.columns.iter().filter(fits).cloned().collect();
        let column = self.random.any(&columns)?;
        let quoted = self.draft.quote(&column.name);
        let number = kind(column.sql_type.as_str()) == Kind::Int;
        Some(match (number, self.random.chance(50)) {
            (true, true) => format!("{quoted} > 0"),
            (true, false) => format!("{quoted} BETWEEN 1 AND 1000"),
            (false, true) => format!("length({quoted}) < 40"),
            (false, false) => format!("{quoted} <> 'z''z'"),
        })
    }

    pub(crate) fn check(&mut self, name: &Name) {
        let table = self.draft.table(name).clone();
        let Some(expression) = self.condition(&table) else {
            return;
        };
        let mysql = self.draft.is_mysql();
        let tied = |column: &Column| {
            expression.contains(&self.draft.quote(&column.name))
                && (refers(&table, &column.name) || column.auto.is_some())
        };
        if mysql && table.columns.iter().any(tied) {
            return;
        }
        let named = !self.is(Product::Sqlite) || self.random.chance(60);
        let check = Check {
            name: named.then(|| self.numbered("check")),
            expression,
            comment: if self.is(Product::Postgres) {
                self.comment(10)
            } else {
                None
            },
            ..Check::default()
        };
        self.draft.table(name).checks.push(check);
    }

    pub(crate) fn index(&mut self, name: &Name) {
        let table = self.draft.table(name).clone();
        let mut index = Index {
            name: self.numbered("ix"),
            ..Index::default()
        };
        if self.random.chance(10) {
            index.name = format!("Index {}", index.name);
        }
        let keys = self.keys(&table);
        let postgres = self.is(Product::Postgres);
        if self.random.chance(25) && !keys.is_empty() {
            index.unique = true;
            index.keys = self
                .random
                .some(&keys, 2)
                .into_iter()
                .map(IndexKey::column)
                .collect();
        } else {
            let fits = |column: &&Column| {
                !matches!(
                    kind(column.sql_type.as_str()),
                    Kind::Json | Kind::Bytes | Kind::IntArray
                )
            };
            let all: Vec<Column> = table.columns.iter().filter(fits).cloned().collect();
            if all.is_empty() {
                return;
            }
            for column in self.random.some(&all, 3) {
                let mut key = IndexKey::column(&column.name);
                if self.draft.is_mysql() {
                    let sql = column.sql_type.as_str();
                    if sql.contains("text") || sql.contains("blob") {
                        key.length = Some(10);
                    }
                } else if kind(column.sql_type.as_str()) == Kind::Text && self.random.chance(15) {
                    key =
                        IndexKey::expression(format!("lower({})", self.draft.quote(&column.name)));
                }
                key.descending = self.random.chance(20);
                index.keys.push(key);
            }
        }
        if !self.draft.is_mysql() && self.random.chance(20) {
            index.predicate = self.condition(&table);
        }
        if postgres {
            if self.random.chance(10) && !keys.is_empty() {
                index.include = vec![self.random.pick(&keys).clone()];
            }
            if !index.unique
                && index.include.is_empty()
                && index.keys.len() == 1
                && self.random.chance(10)
            {
                index.method = Some("hash".to_owned());
                index.keys[0].descending = false;
            }
            index.comment = self.comment(10);
        }
        self.draft.table(name).indexes.push(index);
    }

    /// A foreign key between two tables, or from one to itself.
    pub(crate) fn foreign_key(&mut self) {
        let tables = self.draft.tables();
        let (Some(child), Some(parent)) = (
            self.random.any(&tables).cloned(),
            self.random.any(&tables).cloned(),
        ) else {
            return;
        };
        let owner = self.draft.table(&parent).clone();
        let mut targets: Vec<Vec<String>> = Vec::new();
        targets.extend(owner.primary_key.iter().map(|key| key.columns.clone()));
        let immediate = |unique: &&Unique| unique.deferral == Deferral::Immediate;
        targets.extend(
            owner
                .uniques
                .iter()
                .filter(immediate)
                .map(|unique| unique.columns.clone()),
        );
        let Some(parent_columns) = self.random.any(&targets).cloned() else {
            return;
        };
        // What is not logged may be lost, and nothing else may refer to it.
        if owner.options.unlogged || self.draft.table(&child).options.unlogged {
            return;
        }
        if self.draft.is_mysql()
            && owner.options.collation != self.draft.table(&child).options.collation
        {
            return;
        }
        let Some(columns) = self.referring(&child, &owner, &parent_columns) else {
            return;
        };
        let table = self.draft.table(&child).clone();
        if table
            .foreign_keys
            .iter()
            .any(|key| key.columns == columns && key.parent == parent)
        {
            return;
        }
        let computed = |name: &String| {
            let quoted = self.draft.quote(name);
            table.columns.iter().any(|column| {
                column
                    .generated
                    .as_ref()
                    .is_some_and(|one| one.expression.contains(&quoted))
            })
        };
        let of_computed = columns.iter().any(computed);
        let nullable = columns
            .iter()
            .all(|name| table.column(name).is_some_and(|one| one.nullable));
        let in_key = table
            .primary_key
            .as_ref()
            .is_some_and(|key| key.columns.iter().any(|one| columns.contains(one)));
        let mut key = ForeignKey {
            name: (!self.is(Product::Sqlite) || self.random.chance(40))
                .then(|| self.numbered("fk")),
            columns,
            parent,
            parent_columns,
            on_delete: self.action(nullable && !in_key),
            on_update: self.action(nullable && !in_key),
            ..ForeignKey::default()
        };
        if self.draft.is_mysql() && of_computed {
            key.on_delete = Action::NoAction;
            key.on_update = Action::NoAction;
        }
        if !self.draft.is_mysql() {
            key.deferral = self.deferral();
        }
        debug_assert!(nullable || !sets_null(&key));
        self.draft.table(&child).foreign_keys.push(key);
    }

    /// Columns of the child that can refer to these of the parent; new ones where there are none.
    fn referring(
        &mut self,
        child: &Name,
        parent: &Table,
        parent_columns: &[String],
    ) -> Option<Vec<String>> {
        let mut columns: Vec<String> = Vec::new();
        for name in parent_columns {
            let wanted = parent
                .column(name)
                .expect("a key is made of columns")
                .clone();
            let table = self.draft.table(child).clone();
            let fits = |column: &&Column| {
                column.sql_type == wanted.sql_type
                    && column.generated.is_none()
                    && column.auto.is_none()
                    && column.default.is_none()
                    && column.on_update.is_none()
                    && column.collation == wanted.collation
                    && !columns.contains(&column.name)
                    && !(*child == parent.name && parent_columns.contains(&column.name))
                    && !table.checks.iter().any(|check| {
                        self.draft.is_mysql()
                            && check.expression.contains(&self.draft.quote(&column.name))
                    })
            };
            let fitting: Vec<String> = table
                .columns
                .iter()
                .filter(fits)
                .map(|one| one.name.clone())
                .collect();
            if let Some(found) = self.random.any(&fitting) {
                columns.push(found.clone());
                continue;
            }
            if table.options.strict
                && !["INT", "INTEGER", "TEXT"].contains(&wanted.sql_type.as_str())
            {
                return None;
            }
            let column = Column {
                name: self.column_name(&table),
                sql_type: wanted.sql_type.clone(),
                nullable: self.random.chance(60),
                collation: wanted.collation.clone(),
                ..Column::default()
            };
            columns.push(column.name.clone());
            self.draft.table(child).columns.push(column);
        }
        Some(columns)
    }

    fn action(&mut self, can_be_null: bool) -> Action {
        match self.random.below(8) {
            0 if !self.draft.is_mysql() => Action::Restrict,
            1 | 2 => Action::Cascade,
            3 | 4 if can_be_null => Action::SetNull(Vec::new()),
            5 if can_be_null && !self.draft.is_mysql() => Action::SetDefault(Vec::new()),
            _ => Action::NoAction,
        }
    }

    pub(crate) fn view(&mut self) {
        let tables = self.draft.tables();
        let Some(of) = self.random.any(&tables).cloned() else {
            return;
        };
        let table = self.draft.table(&of).clone();
        let names: Vec<String> = table
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect();
        let mut view = ViewDraft {
            name: Name::new(self.numbered("View")),
            of,
            columns: self.random.some(&names, 3),
            materialized: self.is(Product::Postgres) && self.random.chance(25),
            condition: self.random.chance(40),
        };
        if let Some(other) = self.random.any(&self.draft.views).cloned()
            && self.random.chance(40)
        {
            view.of = other.name;
            view.columns = self.random.some(&other.columns, 2);
        }
        self.draft.views.push(view);
    }

    pub(crate) fn trigger(&mut self) {
        let tables = self.draft.tables();
        let Some(table) = self.random.any(&tables).cloned() else {
            return;
        };
        let when = *self
            .random
            .pick(&["BEFORE INSERT", "AFTER UPDATE", "BEFORE DELETE"]);
        let trigger = TriggerDraft {
            name: self.numbered("Trigger of"),
            table,
            when,
            number: self.random.below(3),
        };
        self.draft.triggers.push(trigger);
    }
}
