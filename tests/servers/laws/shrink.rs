//! Makes a pair that fails smaller, as long as it fails in the same way.

use diesel_manage::schema::Name;
use diesel_manage::schema::change::Renames;

use super::check::{Failure, Pair};
use super::draft::Draft;
use super::ground::Ground;

/// Takes something away from the first schema, the second, or both, and notes what is smaller then.
type Try<'a> = dyn FnMut(&dyn Fn(&mut Draft)) + 'a;

/// How many smaller pairs are tried.
const MOST: usize = 60;

/// The smallest pair that was found, and how it fails.
pub(crate) fn smallest(
    pair: Pair,
    failure: Failure,
    one: &mut Ground,
    other: &mut Ground,
) -> (Pair, Failure) {
    let (mut pair, mut failure) = (pair, failure);
    let mut tried = 0;
    'again: loop {
        for smaller in smaller(&pair) {
            tried += 1;
            if tried > MOST {
                return (pair, failure);
            }
            match smaller.check(one, other) {
                Err(again) if again.law == failure.law && alike(&again, &failure) => {
                    (pair, failure) = (smaller, again);
                    continue 'again;
                }
                Ok(()) | Err(_) => {}
            }
        }
        return (pair, failure);
    }
}

/// Whether the server says the same about both, names aside.
fn alike(a: &Failure, b: &Failure) -> bool {
    let words = |failure: &Failure| {
        let line = failure.detail.lines().next().unwrap_or_default().to_owned();
        let words: Vec<String> = line.split_whitespace().take(3).map(str::to_owned).collect();
        words
    };
    words(a) == words(b)
}

fn smaller(pair: &Pair) -> Vec<Pair> {
    let mut all = Vec::new();
    let mut both = |work: &dyn Fn(&mut Draft)| {
        for (in_a, in_b) in [(true, true), (true, false), (false, true)] {
            let mut one = pair.clone();
            if in_a {
                work(&mut one.a);
            }
            if in_b {
                work(&mut one.b);
            }
            let size = |pair: &Pair| size(&pair.a) + size(&pair.b);
            if size(&one) < size(pair) {
                all.push(one);
            }
        }
    };
    let mut tables = pair.a.tables();
    tables.extend(pair.b.tables());
    tables.sort();
    tables.dedup();
    both(&|draft| draft.views.clear());
    both(&|draft| draft.triggers.clear());
    both(&|draft| {
        draft.views.pop();
    });
    for table in &tables {
        both(&|draft| draft.drop_table(table));
    }
    for table in &tables {
        without_parts(pair, table, &mut both);
    }
    both(&|draft| {
        draft.schema.sequences.clear();
    });
    both(&|draft| {
        draft.schema.domains.clear();
    });
    both(&|draft| {
        draft.schema.enums.clear();
    });
    for one in &mut all {
        one.renames = still_there(one);
    }
    if pair.rows > 0 {
        let mut one = pair.clone();
        one.rows = 0;
        all.push(one);
    }
    all
}

/// Without one thing that the table has.
fn without_parts(pair: &Pair, table: &Name, both: &mut Try<'_>) {
    both(&|draft| {
        if let Some(table) = draft.schema.table_mut(table) {
            table.foreign_keys.clear();
            table.indexes.clear();
            table.checks.clear();
            table.comment = None;
        }
    });
    for at in 0..4 {
        both(&|draft| {
            if let Some(table) = draft.schema.table_mut(table)
                && at < table.foreign_keys.len()
            {
                table.foreign_keys.remove(at);
            }
        });
        both(&|draft| {
            if let Some(table) = draft.schema.table_mut(table)
                && at < table.indexes.len()
            {
                table.indexes.remove(at);
            }
        });
        both(&|draft| {
            if let Some(table) = draft.schema.table_mut(table)
                && at < table.checks.len()
            {
                table.checks.remove(at);
            }
        });
        both(&|draft| {
            let columns = draft
                .schema
                .table(table)
                .and_then(|one| one.uniques.get(at).cloned());
            if let Some(unique) = columns {
                draft.unlink_key(table, &unique.columns);
                draft.table(table).uniques.remove(at);
            }
        });
    }
    both(&|draft| {
        if draft.schema.table(table).is_some() {
            draft.drop_primary_key(table);
        }
    });
    let mut columns: Vec<String> = [&pair.a, &pair.b]
        .iter()
        .filter_map(|draft| draft.schema.table(table))
        .flat_map(|table| table.columns.iter().map(|column| column.name.clone()))
        .collect();
    columns.sort();
    columns.dedup();
    for column in &columns {
        both(&|draft| {
            if draft
                .schema
                .table(table)
                .is_some_and(|table| table.column(column).is_some())
            {
                draft.drop_column(table, column);
            }
        });
    }
    for column in &columns {
        both(&|draft| {
            if let Some(table) = draft.schema.table_mut(table) {
                for one in table.columns.iter_mut().filter(|one| one.name == *column) {
                    one.default = None;
                    one.comment = None;
                    one.collation = None;
                    one.on_update = None;
                }
            }
        });
    }
}

/// The renames of what has not been taken away.
fn still_there(pair: &Pair) -> Renames {
    let (a, b) = (&pair.a.schema, &pair.b.schema);
    let tables = pair.renames.tables.iter();
    let tables = tables.filter(|(from, to)| a.table(from).is_some() && b.table(to).is_some());
    let tables: Vec<(Name, Name)> = tables.cloned().collect();
    let was = |name: &Name| {
        let found = tables.iter().find(|(_, to)| to == name);
        found.map_or(name, |(from, _)| from).clone()
    };
    let columns = pair.renames.columns.iter().filter(|one| {
        a.table(&was(&one.table))
            .is_some_and(|table| table.column(&one.from).is_some())
            && b.table(&one.table)
                .is_some_and(|table| table.column(&one.to).is_some())
    });
    let columns = columns.cloned().collect();
    Renames { tables, columns }
}

/// How much there is.
fn size(draft: &Draft) -> usize {
    format!("{:?}{:?}{:?}", draft.schema, draft.views, draft.triggers).len()
}
