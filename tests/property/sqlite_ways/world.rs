//! Made-up schemas of SQLite, as statements.

use std::fmt::Write;

use diesel_manage::schema::Name;
use diesel_manage::schema::change::{RenamedColumn, Renames};

/// Names that are easy to get wrong.
const TABLES: [&str; 5] = ["users", "Order", "naïve \"t\"", "new_users", "group"];
const OTHER_TABLES: [&str; 5] = ["USERS", "orders", "naïve", "people", "Group By"];
const COLUMNS: [&str; 6] = ["id", "Select", "größe", "rowid", "a b", "key\"s"];
const TYPES: [&str; 6] = [
    "INTEGER",
    "TEXT",
    "BLOB",
    "REAL",
    "VARCHAR(20)",
    "TIMESTAMP",
];

/// Some tables, each with what is round it.
#[derive(Clone, Debug)]
pub(super) struct World {
    tables: Vec<Option<Table>>,
    views: Vec<bool>,
}

#[derive(Clone, Debug, PartialEq)]
struct Table {
    renamed: bool,
    columns: Vec<Option<Column>>,
    key: Key,
    without_rowid: bool,
    strict: bool,
    named: bool,
    check: Option<usize>,
    parents: Vec<Parent>,
    indexes: Vec<Index>,
    trigger: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
struct Column {
    renamed: bool,
    of_type: usize,
    required: bool,
    default: Option<&'static str>,
    nocase: bool,
    unique: bool,
    generated: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    None,
    RowNumber,
    Counter,
    Descending,
    Plain,
    Composite,
}

#[derive(Clone, Debug, PartialEq)]
struct Parent {
    column: usize,
    table: usize,
    rest: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
struct Index {
    column: usize,
    unique: bool,
    kind: u8,
}

/// Choices, one after the other; nothing more when they are used up.
struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    fn below(&mut self, sides: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % sides)
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == sides - 1
    }
}

impl World {
    /// Two schemas, the second made of the first.
    pub(super) fn pair(choices: &[u8]) -> (Self, Self) {
        let mut dice = Dice(choices.iter());
        let tables = (0..TABLES.len())
            .map(|at| (at == 0 || dice.one_in(2)).then(|| Table::of(&mut dice)))
            .collect();
        let views = (0..TABLES.len()).map(|_| dice.one_in(3)).collect();
        let before = Self { tables, views };
        let mut after = before.clone();
        for table in &mut after.tables {
            match (dice.below(8), table.as_mut()) {
                (7, Some(_)) => *table = None,
                (6 | 7, None) => *table = Some(Table::of(&mut dice)),
                (1..=6, Some(table)) => table.change(&mut dice),
                _ => {}
            }
        }
        for view in &mut after.views {
            *view ^= dice.one_in(4);
        }
        (before, after)
    }

    fn table(&self, at: usize) -> Option<(String, &Table)> {
        let table = self.tables[at].as_ref()?;
        let name = if table.renamed {
            OTHER_TABLES[at]
        } else {
            TABLES[at]
        };
        Some((name.to_owned(), table))
    }

    /// What is called otherwise in the other.
    pub(super) fn renames(&self, after: &Self) -> Renames {
        let mut renames = Renames::default();
        for at in 0..TABLES.len() {
            let (Some((old, one)), Some((new, other))) = (self.table(at), after.table(at)) else {
                continue;
            };
            if old != new {
                renames
                    .tables
                    .push((Name::new(old), Name::new(new.as_str())));
            }
            for column in 0..COLUMNS.len() {
                let (Some(from), Some(to)) = (one.column(column), other.column(column)) else {
                    continue;
                };
                if from != to {
                    renames.columns.push(RenamedColumn {
                        table: Name::new(new.as_str()),
                        from,
                        to,
                    });
                }
            }
        }
        renames
    }

    /// What creates it.
    pub(super) fn statements(&self) -> Vec<String> {
        let mut statements = Vec::new();
        for at in 0..TABLES.len() {
            if let Some((name, table)) = self.table(at) {
                statements.push(table.create(&name, self));
                statements.extend(table.indexes(&name, at));
            }
        }
        for at in 0..TABLES.len() {
            let Some((name, table)) = self.table(at) else {
                continue;
            };
            if self.views[at] {
                let column = table.any_column();
                statements.push(format!(
                    "CREATE VIEW view_{at} AS SELECT {column}, 1 AS one FROM {}",
                    quoted(&name)
                ));
                statements.push(format!("CREATE VIEW over_{at} AS SELECT * FROM view_{at}"));
                statements.push(format!(
                    "CREATE TRIGGER instead_{at} INSTEAD OF DELETE ON over_{at} BEGIN SELECT 1; END"
                ));
            }
            if let Some(other) = table.trigger.and_then(|other| self.table(other)) {
                statements.push(format!(
                    "CREATE TRIGGER trigger_{at} AFTER INSERT ON {} BEGIN DELETE FROM {} WHERE {} = 77; END",
                    quoted(&name),
                    quoted(&other.0),
                    other.1.any_column()
                ));
            }
        }
        statements
    }

    /// Rows for its tables.
    pub(super) fn rows(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for at in 0..TABLES.len() {
            let Some((name, table)) = self.table(at) else {
                continue;
            };
            let columns: Vec<usize> = table.stored().collect();
            for row in 1..=4 {
                let names: Vec<_> = columns
                    .iter()
                    .filter_map(|one| table.column(*one))
                    .collect();
                let values: Vec<_> = columns.iter().map(|one| table.value(*one, row)).collect();
                let names: Vec<_> = names.iter().map(|name| quoted(name)).collect();
                rows.push(format!(
                    "INSERT INTO {} ({}) VALUES ({})",
                    quoted(&name),
                    names.join(", "),
                    values.join(", ")
                ));
            }
            // A number is used up and a gap is left.
            rows.push(format!(
                "DELETE FROM {} WHERE {} IN (4, '4')",
                quoted(&name),
                table.any_column()
            ));
        }
        rows
    }

    /// Queries before and after that have one answer.
    pub(super) fn kept(&self, after: &Self) -> Vec<(String, String)> {
        let mut kept = Vec::new();
        for at in 0..TABLES.len() {
            let (Some((old, one)), Some((new, other))) = (self.table(at), after.table(at)) else {
                continue;
            };
            let of = |what: &str, table: &str| {
                format!("SELECT {what} FROM {} ORDER BY 1", quoted(table))
            };
            kept.push((of("count(*)", &old), of("count(*)", &new)));
            if one.has_hidden_number() && other.has_hidden_number() {
                kept.push((of("_rowid_", &old), of("_rowid_", &new)));
            }
            let of = |name: &str, what: &str, table: &str| {
                let quoted_name = quoted(name);
                let what = what.replace('*', &quoted_name);
                format!("SELECT {what} FROM {} ORDER BY 1", quoted(table))
            };
            for column in 0..COLUMNS.len() {
                if let (Some(from), Some(to)) =
                    (one.columns[column].as_ref(), other.columns[column].as_ref())
                    && from.generated.is_none()
                    && to.generated.is_none()
                    && let (Some(a), Some(b)) = (one.column(column), other.column(column))
                {
                    // Types change how a value is kept, not what it says.
                    let what = "CAST(CAST(* AS TEXT) AS REAL)";
                    kept.push((of(&a, what, &old), of(&b, what, &new)));
                }
            }
            if one.key == Key::Counter && other.key == Key::Counter {
                let of = |name: &str| {
                    format!(
                        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{name}'"
                    )
                };
                kept.push((of(&old), of(&new)));
            }
        }
        kept
    }
}

impl Table {
    fn of(dice: &mut Dice<'_>) -> Self {
        let mut table = Self {
            renamed: false,
            columns: (0..COLUMNS.len())
                .map(|at| (at < 2 || dice.one_in(2)).then(|| Column::of(dice, at)))
                .collect(),
            key: Key::None,
            without_rowid: false,
            strict: dice.one_in(5),
            named: dice.one_in(2),
            check: dice.one_in(3).then(|| dice.below(2)),
            parents: Vec::new(),
            indexes: Vec::new(),
            trigger: None,
        };
        table.change_key(dice);
        table.change_parents(dice);
        table.change_indexes(dice);
        table.change_trigger(dice);
        table.settle();
        table
    }

    fn change(&mut self, dice: &mut Dice<'_>) {
        for _ in 0..=dice.below(3) {
            match dice.below(11) {
                0 | 1 => {
                    let at = 1 + dice.below(COLUMNS.len() - 1);
                    self.columns[at] = match (&self.columns[at], at) {
                        (Some(_), 2..) => None,
                        _ => Some(Column::of(dice, at)),
                    };
                }
                2 => self.change_key(dice),
                3 => self.change_parents(dice),
                4 => self.change_indexes(dice),
                5 => self.change_trigger(dice),
                6 => self.strict = !self.strict,
                7 => self.named = !self.named,
                8 => self.check = dice.one_in(2).then(|| dice.below(2)),
                9 => self.renamed = !self.renamed,
                _ => {
                    let at = dice.below(COLUMNS.len());
                    if let Some(column) = &mut self.columns[at] {
                        column.renamed = !column.renamed;
                    }
                }
            }
        }
        self.settle();
    }

    fn change_key(&mut self, dice: &mut Dice<'_>) {
        self.key = [
            Key::RowNumber,
            Key::None,
            Key::Counter,
            Key::Descending,
            Key::Plain,
            Key::Composite,
        ][dice.below(6)];
        self.without_rowid = dice.one_in(3) && matches!(self.key, Key::Plain | Key::Composite);
    }

    fn change_parents(&mut self, dice: &mut Dice<'_>) {
        self.parents = (0..dice.below(3))
            .map(|_| Parent {
                column: 1 + dice.below(2),
                table: dice.below(TABLES.len()),
                rest: [
                    "",
                    " ON DELETE CASCADE",
                    " ON DELETE SET NULL ON UPDATE CASCADE",
                    " ON DELETE RESTRICT",
                    " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
                    " MATCH FULL",
                ][dice.below(6)],
            })
            .collect();
    }

    fn change_indexes(&mut self, dice: &mut Dice<'_>) {
        self.indexes = (0..dice.below(3))
            .map(|_| Index {
                column: dice.below(COLUMNS.len()),
                unique: dice.one_in(4),
                kind: u8::try_from(dice.below(5)).unwrap_or_default(),
            })
            .collect();
    }

    fn change_trigger(&mut self, dice: &mut Dice<'_>) {
        self.trigger = dice.one_in(3).then(|| dice.below(TABLES.len()));
    }

    /// Takes back what SQLite does not allow.
    fn settle(&mut self) {
        self.without_rowid &= matches!(self.key, Key::Plain | Key::Composite);
        let key = self.key;
        if let Some(id) = &mut self.columns[0] {
            id.generated = None;
            match key {
                Key::RowNumber | Key::Counter | Key::Descending => {
                    id.of_type = 0;
                    id.default = None;
                }
                // An integer would be the row's number.
                Key::Plain if id.of_type == 0 => id.of_type = 1,
                Key::None | Key::Plain | Key::Composite => {}
            }
        }
        if let Some(second) = &mut self.columns[1] {
            second.generated = None;
        }
        for column in self.columns.iter_mut().flatten() {
            if column.generated.is_some() {
                column.default = None;
                column.required = false;
            }
        }
    }

    fn column(&self, at: usize) -> Option<String> {
        let column = self.columns[at].as_ref()?;
        Some(if column.renamed {
            format!("{} 2", COLUMNS[at].to_uppercase())
        } else {
            COLUMNS[at].to_owned()
        })
    }

    fn any_column(&self) -> String {
        quoted(&self.column(0).unwrap_or_default())
    }

    /// The columns that have a value of their own.
    fn stored(&self) -> impl Iterator<Item = usize> + '_ {
        (0..COLUMNS.len()).filter(|at| {
            self.columns[*at]
                .as_ref()
                .is_some_and(|column| column.generated.is_none())
        })
    }

    fn has_hidden_number(&self) -> bool {
        !self.without_rowid && !matches!(self.key, Key::RowNumber | Key::Counter)
    }

    fn value(&self, at: usize, row: usize) -> String {
        let Some(column) = &self.columns[at] else {
            return "NULL".to_owned();
        };
        if !column.required && at > 1 && row == 2 {
            return "NULL".to_owned();
        }
        match (column.of_type, self.strict) {
            (0 | 3, _) => row.to_string(),
            (2, _) => format!("x'3{row}'"),
            _ => format!("'{row}'"),
        }
    }

    fn create(&self, name: &str, world: &World) -> String {
        let mut clauses: Vec<String> = (0..COLUMNS.len())
            .filter_map(|at| self.clause(at))
            .collect();
        let named = |what: &str| {
            if self.named {
                format!("CONSTRAINT \"{what} of it\" ")
            } else {
                String::new()
            }
        };
        if self.key == Key::Composite {
            let second = quoted(&self.column(1).unwrap_or_default());
            clauses.push(format!(
                "{}PRIMARY KEY ({second} DESC, {})",
                named("key"),
                self.any_column()
            ));
        }
        if let Some(at) = self.check {
            let column = quoted(&self.column(at).unwrap_or_default());
            clauses.push(format!(
                "{}CHECK (length({column})<=9 or {column} is null)",
                named("check")
            ));
        }
        for (at, parent) in self.parents.iter().enumerate() {
            let Some(column) = self.column(parent.column) else {
                continue;
            };
            if self.columns[parent.column]
                .as_ref()
                .is_some_and(|one| one.generated.is_some())
            {
                continue;
            }
            let Some((other, table)) = world.table(parent.table) else {
                continue;
            };
            // Only what is a key can be referred to.
            if !matches!(table.key, Key::RowNumber | Key::Counter | Key::Plain) {
                continue;
            }
            clauses.push(format!(
                "{}FOREIGN KEY ({}) REFERENCES {}{}{}",
                named(&format!("parent {at}")),
                quoted(&column),
                quoted(&other),
                if at == 0 {
                    String::new()
                } else {
                    format!(" ({})", table.any_column())
                },
                parent.rest
            ));
        }
        let mut options = Vec::new();
        if self.without_rowid {
            options.push("WITHOUT ROWID");
        }
        if self.strict {
            options.push("STRICT");
        }
        format!(
            "CREATE TABLE {} ({}) {}",
            quoted(name),
            clauses.join(", "),
            options.join(", ")
        )
    }

    fn clause(&self, at: usize) -> Option<String> {
        let column = self.columns[at].as_ref()?;
        let name = self.column(at)?;
        let of_type = match (self.strict, TYPES[column.of_type]) {
            (true, "VARCHAR(20)" | "TIMESTAMP") => "TEXT",
            (_, other) => other,
        };
        let mut text = format!("{} {of_type}", quoted(&name));
        if at == 0 {
            text.push_str(match self.key {
                Key::RowNumber => " PRIMARY KEY",
                Key::Counter => " PRIMARY KEY AUTOINCREMENT",
                Key::Descending => " PRIMARY KEY DESC",
                Key::Plain => " PRIMARY KEY ON CONFLICT FAIL",
                Key::None | Key::Composite => "",
            });
        }
        if column.required {
            text.push_str(" NOT NULL");
        }
        if let Some(default) = column.default {
            text.push_str(" DEFAULT ");
            text.push_str(default);
        }
        if column.nocase {
            text.push_str(" COLLATE nocase");
        }
        if column.unique {
            text.push_str(" UNIQUE");
        }
        if let Some(stored) = column.generated {
            let kind = if stored { " STORED" } else { "" };
            let _ = write!(text, " AS (coalesce({}, 'none')){kind}", self.any_column());
        }
        Some(text)
    }

    fn indexes(&self, table: &str, at: usize) -> Vec<String> {
        let indexes = self.indexes.iter().enumerate();
        indexes
            .filter_map(|(number, index)| {
                let column = quoted(&self.column(index.column)?);
                let unique = if index.unique { "UNIQUE " } else { "" };
                let keys = match index.kind {
                    0 => column.clone(),
                    1 => format!("{column} DESC, {}", self.any_column()),
                    2 => format!("{column} COLLATE rtrim"),
                    3 => format!("upper({column}), {column}"),
                    _ => format!("{}) WHERE ({column} IS NOT NULL", self.any_column()),
                };
                Some(format!(
                    "CREATE {unique}INDEX \"index {at} {number}\" ON {} ({keys})",
                    quoted(table)
                ))
            })
            .collect()
    }
}

impl Column {
    fn of(dice: &mut Dice<'_>, at: usize) -> Self {
        let of_type = dice.below(TYPES.len());
        let default = match (dice.below(8), of_type) {
            (5, 0 | 3) => Some("-5"),
            (5, 1 | 4) => Some("'it''s'"),
            (6, 1 | 4 | 5) => Some("CURRENT_TIMESTAMP"),
            (7, 0) => Some("(1 + 2)"),
            _ => None,
        };
        Self {
            renamed: false,
            of_type,
            required: dice.one_in(3),
            default,
            nocase: dice.one_in(6),
            unique: dice.one_in(6),
            generated: (at > 2 && dice.one_in(5)).then(|| dice.one_in(2)),
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
