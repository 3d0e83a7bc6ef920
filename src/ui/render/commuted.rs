//! Whether branches go together.

use serde_json::{Value, json};

use super::changes::{changes_aside, changes_json};
use super::verified::{cause, place};
use crate::executor::ExecuteError;
use crate::proof::{Clash, Commuted, Disagreement, Lead, Order, Remark, RowsDiffer, WayBackFlaw};
use crate::schema::Name;
use crate::ui::words::{count, list};

/// No more orders are told of.
const MOST: usize = 4;

/// What an order is called; `names` are those of the branches.
fn order(order: &Order, names: &[String]) -> String {
    let turn = match &order.lead {
        Lead::Versions => return "in version order".to_owned(),
        Lead::Branches(turn) => turn,
    };
    let quoted: Vec<_> = turn
        .iter()
        .filter_map(|branch| Some(format!("`{}`", names.get(*branch)?)))
        .collect();
    match quoted.as_slice() {
        [first, _] => format!("{first} first"),
        all => all.join(", then "),
    }
}

/// The orders that do not come to the same, with what they come to; for stderr.
#[must_use]
pub fn clashes(commuted: &Commuted, names: &[String]) -> Vec<String> {
    let of = |at: usize| {
        commuted
            .orders
            .get(at)
            .map(|one| order(one, names))
            .unwrap_or_default()
    };
    let mut lines = Vec::new();
    for clash in commuted.clashes.iter().take(MOST) {
        let this = of(clash.order);
        match &clash.disagreement {
            Disagreement::Fails(error) => {
                lines.push(format!("{this}: {}", failure(error)));
                lines.push(format!("    {}", cause(error)));
            }
            Disagreement::Broken(views) => {
                let views: Vec<_> = views.iter().map(|view| format!("`{view}`")).collect();
                lines.push(format!(
                    "{this} leaves views that cannot be read: {}",
                    list(&views, 5)
                ));
            }
            Disagreement::Schema { than, changes } => {
                lines.push(format!(
                    "{this} leads to another schema than {}:",
                    of(*than)
                ));
                lines.extend(
                    changes_aside(changes)
                        .into_iter()
                        .map(|line| format!("  {line}")),
                );
            }
            Disagreement::Unmanaged { than, names } => {
                lines.push(format!(
                    "{this} leads to other things than {}: {}",
                    of(*than),
                    list(names, 5)
                ));
            }
            Disagreement::Rows { than, tables } => {
                lines.push(format!("{this} leaves other rows than {}:", of(*than)));
                lines.extend(tables.iter().map(|one| format!("    {}", rows(one))));
            }
        }
    }
    if let Some(more) = commuted.clashes.len().checked_sub(MOST)
        && more > 0
    {
        lines.push(format!("and {more} more"));
    }
    lines
}

fn rows(one: &RowsDiffer) -> String {
    let (there, here) = one.count;
    if there == here {
        format!("{}: other values in {}", one.table, list(&one.columns, 5))
    } else {
        format!("{}: {}, not {there}", one.table, count(here, "row"))
    }
}

/// The migration that fails, and where.
fn failure(error: &ExecuteError) -> String {
    match error {
        ExecuteError::Step(step) => format!("`{}` fails {}", step.name, step.place()),
        ExecuteError::Stale
        | ExecuteError::LockLost { .. }
        | ExecuteError::Lock(_)
        | ExecuteError::Overtaken { .. }
        | ExecuteError::Split { .. }
        | ExecuteError::Interrupted { .. }
        | ExecuteError::TakeBack { .. }
        | ExecuteError::Database(_) => error.to_string(),
    }
}

/// What else was found, a sentence each.
#[must_use]
pub fn commuted_remarks(commuted: &Commuted) -> Vec<String> {
    let names = |tables: &[Name]| {
        let names: Vec<_> = tables.iter().map(|one| format!("`{one}`")).collect();
        list(&names, 5)
    };
    commuted
        .remarks
        .iter()
        .map(|remark| match remark {
            Remark::ColumnOrder(tables) => format!(
                "the columns of {} come in the order in which the branches are applied; SELECT * and print-schema can tell",
                names(tables)
            ),
            Remark::Numbers(columns) => format!(
                "rows are numbered in the order in which the branches are applied: {}",
                list(columns, 5)
            ),
            Remark::TooManyRows(tables) => {
                format!("there are more rows in {} than were compared", names(tables))
            }
            Remark::Unfilled(tables) => format!(
                "no sample row fits into {}, so what the branches do to its rows was not tried",
                names(tables)
            ),
            Remark::NoSamples => {
                "the branches change rows and fail on sample rows, so that was tried on empty tables only"
                    .to_owned()
            }
        })
        .collect()
}

/// What is wrong with the way back: a headline, and what it is about.
#[must_use]
pub fn way_back(commuted: &Commuted, names: &[String]) -> Option<(String, Vec<String>)> {
    let after = |at: usize| {
        commuted
            .orders
            .get(at)
            .map(|one| order(one, names))
            .unwrap_or_default()
    };
    Some(match commuted.way_back.as_ref()? {
        WayBackFlaw::Fails { order, error } => (
            format!(
                "applied with {}, the branches cannot be reverted: {}",
                after(*order),
                failure(error)
            ),
            vec![format!("  {}", cause(error))],
        ),
        WayBackFlaw::Differs { order, changes } => (
            format!(
                "applied with {}, the branches do not come back to where they parted; still to do:",
                after(*order)
            ),
            changes_aside(changes),
        ),
    })
}

/// All of it as JSON; `orders` are lists of versions.
#[must_use]
pub fn commuted_json(commuted: &Commuted) -> Value {
    let orders: Vec<Vec<&str>> = commuted
        .orders
        .iter()
        .map(|order| {
            order
                .versions
                .iter()
                .map(crate::migration::Version::as_str)
                .collect()
        })
        .collect();
    let clashes: Vec<Value> = commuted.clashes.iter().map(clash_json).collect();
    let way_back = match (&commuted.way_back, commuted.irreversible.is_empty()) {
        (Some(_), _) => Some("flawed"),
        (None, false) => Some("none"),
        (None, true) => commuted.is_taken_back.then_some("proved"),
    };
    json!({
        "orders": orders,
        "clashes": clashes,
        "remarks": commuted_remarks(commuted),
        "way_back": way_back,
    })
}

fn clash_json(clash: &Clash) -> Value {
    let mut json = json!({ "order": clash.order });
    match &clash.disagreement {
        Disagreement::Fails(error) => {
            json["code"] = json!("fails");
            json["place"] = json!(place(error));
            json["why"] = json!(cause(error));
        }
        Disagreement::Broken(views) => {
            json["code"] = json!("views_broken");
            json["views"] = json!(views);
        }
        Disagreement::Schema { than, changes } => {
            json["code"] = json!("schema_differs");
            json["than"] = json!(than);
            json["changes"] = changes_json(changes);
        }
        Disagreement::Unmanaged { than, names } => {
            json["code"] = json!("unmanaged_differs");
            json["than"] = json!(than);
            json["names"] = json!(names);
        }
        Disagreement::Rows { than, tables } => {
            json["code"] = json!("rows_differ");
            json["than"] = json!(than);
            json["tables"] = tables
                .iter()
                .map(|one| json!({ "table": one.table, "rows": [one.count.0, one.count.1], "columns": one.columns }))
                .collect();
        }
    }
    json
}

/// In a line, what was proved.
#[must_use]
pub fn commuted(commuted: &Commuted) -> String {
    let what = if commuted.changes_rows {
        "schema and the same rows"
    } else {
        "schema"
    };
    let back = match commuted.irreversible.as_slice() {
        _ if commuted.way_back.is_some() => String::new(),
        [] if commuted.changes_rows => ", and the way back leads back to the schema".to_owned(),
        [] => ", and the way back leads back".to_owned(),
        names => {
            let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            let have = if names.len() == 1 { "has" } else { "have" };
            format!("; {} {have} no way back", list(&names, 3))
        }
    };
    format!(
        "proved: the same {what} in {}{back}",
        count(commuted.orders.len(), "order")
    )
}
