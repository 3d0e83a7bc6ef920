//! Applied migrations whose file says something else now.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::numbered::{ONE, TWO, state, with, write};
use crate::support::{Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere("line_ends_and_comments_are_no_edit", no_edit);
    trials.everywhere("edited_is_a_question", edited_question);
    trials.everywhere("edited_accept_records_the_new_text", edited_accept);
}

/// Writes a file anew and makes it look older, so that it is certainly opened again.
fn rewrite(project: &Project, name: &str, text: &str) {
    let path = project.folder_of(name).join("up.sql");
    fs::write(&path, text).expect("a file can be written");
    let file = fs::File::options()
        .write(true)
        .open(&path)
        .expect("the file is there");
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    file.set_modified(long_ago).expect("the time can be set");
}

fn no_edit(server: &Server) {
    let project = with(server, &[ONE]);
    let _ = project.run("migrate").ok();
    for text in [
        "CREATE TABLE one (id INTEGER);\r\nINSERT INTO one VALUES (1);\r\n",
        "-- What it is for.\nCREATE TABLE one (id INTEGER);\n\n  INSERT INTO one\n  VALUES (1);",
        "CREATE TABLE one (id /* a number */ INTEGER);\nINSERT INTO one VALUES (1);\n",
    ] {
        rewrite(&project, ONE, text);
        project.run("showmigrations").ok().shows(
            "
            default  $URL  1 migration, nothing pending
             [X] 2026-01-01-000000_one  (head)",
        );
        let _ = project.run("migrate").ok();
    }
}

/// One is applied and says something else now; two is pending.
fn edited(server: &Server) -> Project {
    let project = with(server, &[ONE]);
    let _ = project.run("migrate").ok();
    rewrite(
        &project,
        ONE,
        "CREATE TABLE one (id INTEGER);\nINSERT INTO one VALUES (2);\n",
    );
    write(&project, TWO);
    project
}

fn edited_question(server: &Server) {
    let project = edited(server);
    let before = state(server);
    let listing = project.run("showmigrations").ok();
    assert_eq!(
        listing.stdout,
        "default  $URL  2 migrations, 1 pending\n \
         [X] 2026-01-01-000000_one  (edited since)\n \
         [ ] 2026-02-01-000000_two  (head)\n"
    );
    listing
        .says("warning: 1 migration was edited after being applied")
        .says("  migrations/2026-01-01-000000_one/up.sql  (applied [time] UTC by tester)");
    for line in ["migrate", "downgrade -y"] {
        let out = project.run(line).exits(4);
        out.says("- INSERT INTO one VALUES (1);")
            .says("+ INSERT INTO one VALUES (2);");
        assert_eq!(out.stdout, "");
        let _ = project.run(&format!("{line} --on-edited stop")).exits(1);
        // What is accepted has a reason.
        let out = project.run(&format!("{line} --on-edited accept")).exits(4);
        out.says("hint: say why: --reason TEXT");
    }
    assert_eq!(state(server), before);
}

fn edited_accept(server: &Server) {
    let project = edited(server);
    let out = project
        .manage("migrate --on-edited accept --reason")
        .arg("it's a typo")
        .run()
        .ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-02-01-000000_two  (2 statements, [elapsed])\n"
    );
    // Nothing of it was run again.
    assert_eq!(server.lines("SELECT id FROM one"), ["1"]);
    assert_eq!(
        server.lines("SELECT action, reason FROM __manage_history ORDER BY id"),
        ["apply|NULL", "accept|it's a typo", "apply|NULL"]
    );
    project.run("showmigrations").ok().shows(
        "
        default  $URL  2 migrations, nothing pending
         [X] 2026-01-01-000000_one
         [X] 2026-02-01-000000_two  (head)",
    );
    let _ = project.run("downgrade base -y").ok();
    assert_eq!(state(server), (vec![], vec![]));
}
