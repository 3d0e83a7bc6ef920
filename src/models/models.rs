//! The models as they are written, before a backend is chosen.

use crate::schema::Name;

use super::condition::Condition;
use super::diesel_type::DieselType;
use super::place::Place;

/// Everything that `table!` files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// The tables, in the order of files and lines. One name may stand here several times, for several
    /// backends; [`Self::of`] leaves those of one.
    pub tables: Vec<ModelTable>,
    /// What `view!` declares, which is nothing that a migration creates.
    pub views: Vec<ModelTable>,
    /// `joinable!`.
    pub joins: Vec<Joinable>,
    /// `allow_tables_to_appear_in_same_query!`: the Rust names of each.
    pub together: Vec<Vec<String>>,
    /// Rust types that stand for a type of the database.
    pub types: Vec<DeclaredType>,
}

/// One `table!`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelTable {
    /// Its name in Rust.
    pub ident: String,
    /// Its name in the database.
    pub name: Name,
    /// The columns of the primary key, by their names in the database.
    pub primary_key: Vec<String>,
    /// The columns, in order.
    pub columns: Vec<ModelColumn>,
    /// When the program is compiled with it.
    pub condition: Condition,
    /// Where its name stands.
    pub place: Place,
}

impl ModelTable {
    /// The column of that name in the database.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ModelColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A column of a `table!`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelColumn {
    /// Its name in Rust.
    pub ident: String,
    /// Its name in the database.
    pub name: String,
    /// Its type.
    pub diesel_type: DieselType,
    /// `#[max_length = …]`.
    pub max_length: Option<u64>,
    /// `#[auto_increment]`.
    pub auto_increment: bool,
    /// When the program is compiled with it.
    pub condition: Condition,
    /// Where its type stands.
    pub place: Place,
}

/// One `joinable!(child -> parent (column))`, with names of Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joinable {
    /// The table that refers.
    pub child: String,
    /// The table it refers to.
    pub parent: String,
    /// The column that refers.
    pub column: String,
    /// When the program is compiled with it.
    pub condition: Condition,
    /// Where it stands.
    pub place: Place,
}

/// A Rust type that stands for a type of the database: a struct with `#[diesel(postgres_type(…))]` and the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredType {
    /// Its name in Rust.
    pub ident: String,
    /// The type of PostgreSQL.
    pub postgres: Option<Name>,
    /// The type of MySQL, a family such as `Enum` or `String` rather than a whole type.
    pub mysql: Option<String>,
    /// The type of SQLite: one of its storage classes, as Diesel calls them.
    pub sqlite: Option<String>,
    /// When the program is compiled with it.
    pub condition: Condition,
    /// Where its name stands.
    pub place: Place,
}
