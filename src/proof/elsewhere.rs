//! Statements that would lead out of the scratch database, to databases that somebody needs.

use crate::backend::Direction;
use crate::migration::{Origin, Step};
use crate::sql::{self, Dialect, Piece};

/// A statement that leads out, and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The file, the line and the column.
    pub place: String,
    /// What it is that leads out, as it is written.
    pub what: String,
}

/// The first statement of the steps that leads out. `own` is the connection's own database.
pub(super) fn first(steps: &[Step], dialect: Dialect, own: Option<&str>) -> Option<Elsewhere> {
    steps.iter().find_map(|step| {
        let (offset, what) = leads_out(&step.script.text, dialect, own)?;
        let (line, column) = sql::locate(&step.script.text, offset);
        let file = match (&step.script.origin, step.direction) {
            (Origin::File(path), _) => path.display().to_string(),
            (Origin::History | Origin::Nowhere, Direction::Up) => format!("{}, up", step.name),
            (Origin::History | Origin::Nowhere, Direction::Down) => format!("{}, down", step.name),
        };
        Some(Elsewhere {
            place: format!("{file}:{line}:{column}"),
            what,
        })
    })
}

/// What in a script leads out of the database it runs in, and the byte it starts at: another database is
/// used, made or dropped, or something in the connection's own is named with the database's name.
#[must_use]
pub fn leads_out(text: &str, dialect: Dialect, own: Option<&str>) -> Option<(usize, String)> {
    // A text that cannot be cut is refused elsewhere, with its reason.
    let script = sql::split(text, dialect).ok()?;
    script.statements.iter().find_map(|statement| {
        let pieces = sql::pieces(statement.text, dialect);
        let (offset, what) =
            by_its_head(&pieces, dialect).or_else(|| by_a_name(&pieces, dialect, own))?;
        Some((statement.offset + offset, what))
    })
}

fn by_its_head(pieces: &[Piece<'_>], dialect: Dialect) -> Option<(usize, String)> {
    let [first, rest @ ..] = pieces else {
        return None;
    };
    let next_is = |words: &[&str]| {
        rest.first()
            .is_some_and(|next| words.iter().any(|word| next.is(word)))
    };
    let creates = first.is("CREATE") || first.is("DROP");
    let words = match dialect {
        Dialect::Sqlite => usize::from(first.is("ATTACH")),
        // Roles belong to the whole server: to make one once more fails, to drop one is felt everywhere.
        Dialect::Postgres if creates && next_is(&["DATABASE", "TABLESPACE"]) => 2,
        Dialect::Postgres if first.is("DROP") && next_is(&["ROLE", "USER", "GROUP"]) => 2,
        Dialect::Postgres if first.is("ALTER") && next_is(&["SYSTEM"]) => 2,
        Dialect::Mysql if first.is("USE") => 1,
        Dialect::Mysql if creates && next_is(&["DATABASE", "SCHEMA", "USER", "ROLE"]) => 2,
        Dialect::Postgres | Dialect::Mysql => 0,
    };
    let head = pieces.get(..words).filter(|head| !head.is_empty())?;
    let head: Vec<_> = head.iter().map(|piece| piece.text).collect();
    Some((first.start, head.join(" ")))
}

/// Only MySQL lets a statement name a table of another database.
fn by_a_name(pieces: &[Piece<'_>], dialect: Dialect, own: Option<&str>) -> Option<(usize, String)> {
    let own = own.filter(|_| dialect == Dialect::Mysql)?;
    pieces.windows(3).enumerate().find_map(|(index, window)| {
        let [database, dot, table] = window else {
            return None;
        };
        let before = index.checked_sub(1).and_then(|before| pieces.get(before));
        let is_inside = before.is_some_and(|before| before.is_punctuation("."));
        let is_own = database.name(dialect).as_deref() == Some(own)
            && dot.is_punctuation(".")
            && table.name(dialect).is_some();
        (is_own && !is_inside)
            .then(|| (database.start, format!("{}.{}", database.text, table.text)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_out_is_found_at_its_place() {
        let found = |text, dialect| {
            leads_out(text, dialect, Some("shop")).map(|(offset, what)| format!("{offset} {what}"))
        };
        let mysql = |text| found(text, Dialect::Mysql);
        assert_eq!(mysql("SELECT 1; use shop;").as_deref(), Some("10 use"));
        assert_eq!(
            mysql("DROP TABLE `shop`.`users`").as_deref(),
            Some("11 `shop`.`users`")
        );
        assert_eq!(mysql("DROP SCHEMA a").as_deref(), Some("0 DROP SCHEMA"));
        assert_eq!(mysql("SELECT 'shop.users' -- shop.users"), None);
        assert_eq!(mysql("SELECT a.shop.id FROM a.shop"), None);
        assert_eq!(mysql("CREATE TABLE shop (id int)"), None);
        let postgres = |text| found(text, Dialect::Postgres);
        assert_eq!(postgres("DROP ROLE app").as_deref(), Some("0 DROP ROLE"));
        assert_eq!(postgres("CREATE ROLE app"), None);
        assert_eq!(postgres("CREATE TABLE shop.users (id int)"), None);
        let sqlite = |text| found(text, Dialect::Sqlite);
        assert_eq!(sqlite("ATTACH 'a.db' AS a").as_deref(), Some("0 ATTACH"));
    }
}
