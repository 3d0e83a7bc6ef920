//! When a declaration is part of the program: what its `#[cfg(…)]` says about backends.

use crate::sql::Dialect;

/// A condition on an item, as far as it concerns backends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// No condition.
    #[default]
    Always,
    /// Never in the program proper: tests.
    Never,
    /// A feature or flag that is named after a backend.
    Backend(Dialect),
    /// Something else, of which nothing is known here.
    Unknown,
    /// Not that.
    Not(Box<Condition>),
    /// All of them.
    All(Vec<Condition>),
    /// One of them.
    Any(Vec<Condition>),
}

impl Condition {
    /// A feature or flag of that name: `postgres`, `diesel_sqlite`, `mysql-bundled`.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let speaks_of = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let matching: Vec<Dialect> = Dialect::ALL
            .into_iter()
            .filter(|dialect| match dialect {
                Dialect::Sqlite => speaks_of(&["sqlite"]),
                Dialect::Postgres => name == "pg" || speaks_of(&["postgres", "pgsql"]),
                Dialect::Mysql => speaks_of(&["mysql", "mariadb"]),
            })
            .collect();
        match matching.as_slice() {
            [dialect] => Self::Backend(*dialect),
            _ => Self::Unknown,
        }
    }

    /// Both conditions.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Always, one) | (one, Self::Always) => one.clone(),
            (one, other) => Self::All(vec![one.clone(), other.clone()]),
        }
    }

    /// Whether it holds in a program for that backend; `None` where the name of the backend doesn't decide it.
    #[must_use]
    pub fn holds(&self, dialect: Dialect) -> Option<bool> {
        match self {
            Self::Always => Some(true),
            Self::Never => Some(false),
            Self::Backend(one) => Some(*one == dialect),
            Self::Unknown => None,
            Self::Not(one) => one.holds(dialect).map(|holds| !holds),
            Self::All(all) => {
                let all: Vec<_> = all.iter().map(|one| one.holds(dialect)).collect();
                if all.contains(&Some(false)) {
                    Some(false)
                } else if all.contains(&None) {
                    None
                } else {
                    Some(true)
                }
            }
            Self::Any(any) => {
                let any: Vec<_> = any.iter().map(|one| one.holds(dialect)).collect();
                if any.contains(&Some(true)) {
                    Some(true)
                } else if any.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_a_backend_if_it_speaks_of_one() {
        let backend = Condition::Backend;
        assert_eq!(Condition::named("sqlite"), backend(Dialect::Sqlite));
        assert_eq!(Condition::named("diesel-mysql"), backend(Dialect::Mysql));
        assert_eq!(Condition::named("postgresql"), backend(Dialect::Postgres));
        assert_eq!(Condition::named("pg"), backend(Dialect::Postgres));
        assert_eq!(Condition::named("sqlite_or_mysql"), Condition::Unknown);
        assert_eq!(Condition::named("metrics"), Condition::Unknown);
    }

    #[test]
    fn what_nothing_is_known_of_decides_only_where_the_rest_does_not() {
        let sqlite = || Condition::Backend(Dialect::Sqlite);
        let both = Condition::All(vec![sqlite(), Condition::Unknown]);
        assert_eq!(both.holds(Dialect::Mysql), Some(false));
        assert_eq!(both.holds(Dialect::Sqlite), None);
        let either = Condition::Any(vec![sqlite(), Condition::Unknown]);
        assert_eq!(either.holds(Dialect::Sqlite), Some(true));
        assert_eq!(either.holds(Dialect::Mysql), None);
        assert_eq!(
            Condition::Not(Box::new(sqlite())).holds(Dialect::Mysql),
            Some(true)
        );
    }
}
