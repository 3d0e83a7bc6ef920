use insta::assert_snapshot;

use crate::library::{ledger, stocked};
use crate::terminal::{ENTER, open};

#[test]
fn the_name_of_the_database_is_typed_to_drop_it() {
    let project = stocked();
    let mut terminal = open(&project, "dropdb");
    assert_snapshot!(terminal.until("Type the database's name to drop it"), @"
    main: database `db.sqlite3` will be dropped: sqlite://db.sqlite3
      it holds 3 tables, 2 of them with rows
    ? Type the database's name to drop it ›
    ");
    terminal.press("db.sqlite3").press(ENTER);
    assert_snapshot!(terminal.end(), @"
    main: database `db.sqlite3` will be dropped: sqlite://db.sqlite3
      it holds 3 tables, 2 of them with rows
    ✔ Type the database's name to drop it · db.sqlite3
    main: database `db.sqlite3` dropped.
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn another_name_drops_nothing() {
    let project = stocked();
    project.settings("connections: { live: { url: 'sqlite://db.sqlite3', protected: true } }\n");
    let mut terminal = open(&project, "resetdb --yes");
    terminal.until("`live` is protected; type the database's name to drop it");
    terminal.press("live").press(ENTER);
    assert_eq!(terminal.end().status, Some(2));
    assert_eq!(ledger(&project).len(), 3);
}

#[test]
fn ctrl_c_drops_nothing() {
    let project = stocked();
    let mut terminal = open(&project, "dropdb");
    terminal.until("Type the database's name to drop it");
    terminal.press("db.sq").until("db.sq");
    let ended = terminal.interrupt();
    assert_eq!(ended.status, Some(130));
    assert_eq!(ledger(&project).len(), 3);
}
