//! `showmigrations` on the screen and as JSON.

use serde_json::{Value, json};

use crate::executor::{Listing, ListingRow, State};
use crate::ui::style::{Meaning, paint};
use crate::ui::words;

/// One line for the connection, then one for every migration.
#[must_use]
pub fn showmigrations(connection: &str, url: &str, listing: &Listing, verbose: bool) -> String {
    let total = words::count(listing.total, "migration");
    let state = match listing.pending {
        0 => "nothing pending".to_owned(),
        pending => format!("{pending} pending"),
    };
    let mut lines = vec![format!(
        "{}  {}",
        paint(Meaning::Name, connection),
        paint(Meaning::Faint, &format!("{url}  {total}, {state}"))
    )];
    if listing.total == 0 {
        lines.push("  (no migrations)".to_owned());
    }
    let labelled = listing.rows.iter().filter(|row| row.head).count() > 1;
    for row in &listing.rows {
        lines.push(line(row, labelled));
        if verbose {
            lines.extend(applied(row));
        }
        if verbose && listing.is_plan {
            lines.extend(follows(row));
        }
    }
    lines.join("\n")
}

fn line(row: &ListingRow, labelled: bool) -> String {
    let (mark, meaning) = match row.state {
        State::Applied => ("[X]", Meaning::Done),
        State::Pending => ("[ ]", Meaning::Pending),
        State::OutOfOrder => ("[!]", Meaning::Strange),
        State::Missing => ("[?]", Meaning::Strange),
        State::Duplicate => ("[2]", Meaning::Strange),
        State::Unfinished => ("[~]", Meaning::Strange),
    };
    let mut remarks = Vec::new();
    match row.state {
        State::Applied | State::Pending => {}
        State::OutOfOrder => remarks.push("pending, out of order".to_owned()),
        State::Missing => remarks.push("applied, folder missing".to_owned()),
        State::Duplicate => remarks.push("two folders have this version".to_owned()),
        State::Unfinished if row.run_on.is_some() => {
            remarks.push("unfinished: reverted in part".to_owned());
        }
        State::Unfinished => remarks.push("unfinished: applied in part".to_owned()),
    }
    if row.edited {
        remarks.push("edited since".to_owned());
    }
    if row.head {
        remarks.push("head".to_owned());
    }
    remarks.extend(row.folder.clone());
    if labelled && !row.labels.is_empty() {
        remarks.push(row.labels.join(", "));
    }
    let mut line = format!(" {} {}", paint(meaning, mark), row.name);
    if !remarks.is_empty() {
        line.push_str("  ");
        line.push_str(&paint(Meaning::Faint, &format!("({})", remarks.join("; "))));
    }
    line
}

/// When, by whom and how long.
fn applied(row: &ListingRow) -> Option<String> {
    let run_on = row.run_on.as_ref()?;
    let when = match (&row.by, row.milliseconds) {
        (Some(by), Some(milliseconds)) => format!("{run_on} UTC by {by}, {milliseconds} ms"),
        (Some(_) | None, _) => format!("{run_on} UTC, not recorded by manage"),
    };
    Some(format!("     {}", paint(Meaning::Faint, &when)))
}

/// After which migrations it comes.
fn follows(row: &ListingRow) -> Option<String> {
    let names: Vec<_> = row
        .depends_on
        .iter()
        .map(|dependency| dependency.name.as_str())
        .collect();
    if names.is_empty() {
        return None;
    }
    let after = format!("follows {}", words::list(&names, names.len()));
    Some(format!("     {}", paint(Meaning::Faint, &after)))
}

/// The same as one JSON object.
#[must_use]
pub fn listing_json(connection: &str, url: &str, listing: &Listing) -> Value {
    let rows: Vec<Value> = listing
        .rows
        .iter()
        .map(|row| {
            json!({
                "version": row.version.as_str(),
                "name": row.name,
                "state": match row.state {
                    State::Applied => "applied",
                    State::Pending => "pending",
                    State::OutOfOrder => "out-of-order",
                    State::Missing => "missing",
                    State::Duplicate => "duplicate",
                    State::Unfinished => "unfinished",
                },
                "applied": row.run_on.is_some(),
                "edited": row.edited,
                "head": row.head,
                "depends_on": row
                    .depends_on
                    .iter()
                    .map(|dependency| dependency.version.as_str())
                    .collect::<Vec<_>>(),
                "labels": row.labels,
                "folder": row.folder,
                "run_on": row.run_on,
                "recorded": row.recorded,
                "performed_by": row.by,
                "milliseconds": row.milliseconds,
            })
        })
        .collect();
    json!({
        "connection": connection,
        "url": url,
        "pending": listing.pending,
        "migrations": rows,
    })
}
