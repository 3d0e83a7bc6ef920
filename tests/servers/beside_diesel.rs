//! `manage` and `diesel` on one database, by turns.

use serde_json::Value;

use crate::support::{DieselRunner, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.everywhere(
        "what_diesel_leaves_out_is_applied_once",
        what_diesel_leaves_out,
    );
    trials.everywhere("both_tools_take_turns", both_take_turns);
    trials.everywhere("what_diesel_took_back_is_not_recorded", diesel_reverted);
    trials.everywhere("what_diesel_applied_again_is_not_recorded", diesel_again);
}

const SIX: [&str; 6] = [
    "20260101000000",
    "20260102000000",
    "20260103000000",
    "20260104000000",
    "20260105000000",
    "20260106000000",
];

/// Six migrations; each makes a table and writes a row about it into a table of the first.
fn six(server: &Server) -> Project {
    let project = Project::on(server);
    for day in 1..=6 {
        let (first, last) = if day == 1 {
            (
                "CREATE TABLE log (day INTEGER NOT NULL);\n",
                "\nDROP TABLE log;",
            )
        } else {
            ("", "")
        };
        project.migration(
            &format!("2026-01-0{day}-000000_day_{day}"),
            &format!(
                "{first}CREATE TABLE day_{day} (id INTEGER);\nINSERT INTO log VALUES ({day});\n"
            ),
            Some(&format!(
                "DROP TABLE day_{day};\nDELETE FROM log WHERE day = {day};{last}\n"
            )),
        );
    }
    project
}

/// What `showmigrations` says of each migration that is on disk.
struct Shown {
    applied: Vec<String>,
    pending: Vec<String>,
    recorded: Vec<String>,
}

fn shown(project: &Project) -> Shown {
    let listing = project.run("showmigrations --json").ok().json();
    let rows = listing[0]["migrations"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let versions = |chosen: fn(&Value) -> bool| {
        rows.iter()
            .filter(|row| chosen(row))
            .filter_map(|row| row["version"].as_str().map(str::to_owned))
            .collect()
    };
    Shown {
        applied: versions(|row| row["applied"] == true),
        pending: versions(|row| row["applied"] == false),
        recorded: versions(|row| row["recorded"] == true),
    }
}

/// Both tools must say of every migration that it is applied, or both that it is pending; and each
/// that is applied has written its row once.
#[track_caller]
fn agree(server: &Server, project: &Project, applied: &[&str]) {
    let diesel = DieselRunner::new(server, project);
    let shown = shown(project);
    let pending: Vec<_> = SIX
        .into_iter()
        .filter(|version| !applied.contains(version))
        .collect();
    assert_eq!(shown.applied, applied);
    assert_eq!(shown.pending, pending);
    assert_eq!(diesel.applied(), applied);
    assert_eq!(diesel.pending(), pending);
    if applied.contains(&SIX[0]) {
        let days: Vec<_> = applied
            .iter()
            .map(|version| {
                version
                    .trim_start_matches("2026010")
                    .trim_end_matches("000000")
            })
            .collect();
        assert_eq!(server.lines("SELECT day FROM log ORDER BY day"), days);
    }
}

fn what_diesel_leaves_out(server: &Server) {
    let project = six(server);
    DieselRunner::new(server, &project).run(&[SIX[0], SIX[2], SIX[4]]);
    agree(server, &project, &[SIX[0], SIX[2], SIX[4]]);
    assert_eq!(shown(&project).recorded, [""; 0]);

    // Two are older than what is applied, and nobody said what to do about that.
    let out = project.run("migrate").exits(4);
    out.says("hint: --on-out-of-order apply  (apply now, in version order, as `diesel` would)");
    agree(server, &project, &[SIX[0], SIX[2], SIX[4]]);

    let out = project.run("migrate --on-out-of-order apply").ok();
    assert_eq!(
        out.stdout,
        "  applied 2026-01-02-000000_day_2  (2 statements, [elapsed])\n  \
           applied 2026-01-04-000000_day_4  (2 statements, [elapsed])\n  \
           applied 2026-01-06-000000_day_6  (2 statements, [elapsed])\n"
    );
    agree(server, &project, &SIX);
    assert_eq!(shown(&project).recorded, [SIX[1], SIX[3], SIX[5]]);
    let out = project.run("showmigrations -v").ok();
    out.says("     [time] UTC, not recorded by manage");
}

fn both_take_turns(server: &Server) {
    let project = six(server);
    let diesel = DieselRunner::new(server, &project);

    let _ = project.run("migrate 20260102000000").ok();
    agree(server, &project, &SIX[..2]);
    diesel.run(&[SIX[2]]);
    agree(server, &project, &SIX[..3]);
    let _ = project.run("migrate +1").ok();
    agree(server, &project, &SIX[..4]);
    assert_eq!(diesel.run_pending(), [SIX[4], SIX[5]]);
    agree(server, &project, &SIX);
    assert_eq!(shown(&project).recorded, [SIX[0], SIX[1], SIX[3]]);

    // What one applied, the other takes back.
    let _ = project.run("downgrade -y").ok();
    agree(server, &project, &SIX[..5]);
    assert_eq!(diesel.revert_last(), SIX[4]);
    agree(server, &project, &SIX[..4]);
    assert_eq!(diesel.revert_last(), SIX[3]);
    agree(server, &project, &SIX[..3]);
    let _ = project.run("downgrade 20260101000000 -y").ok();
    agree(server, &project, &SIX[..1]);

    let _ = project.run("migrate").ok();
    agree(server, &project, &SIX);
    assert_eq!(shown(&project).recorded, SIX);
    for _ in 0..6 {
        diesel.revert_last();
    }
    agree(server, &project, &[]);
    assert_eq!(
        server.tables(),
        [
            "__diesel_schema_migrations",
            "__manage_history",
            "__manage_schema"
        ]
    );

    diesel.run_pending();
    let _ = project.run("migrate").ok();
    agree(server, &project, &SIX);
}

fn diesel_reverted(server: &Server) {
    let project = six(server);
    let _ = project.run("migrate").ok();
    DieselRunner::new(server, &project).revert_last();
    assert_eq!(shown(&project).recorded, SIX[..5]);
}

/// The record of an earlier life says nothing about a migration that Diesel took back, that was
/// edited then as it may be, and that Diesel applied again.
fn diesel_again(server: &Server) {
    let project = six(server);
    let diesel = DieselRunner::new(server, &project);
    let _ = project.run("migrate").ok();
    // The times of both tables are kept to the second.
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    assert_eq!(diesel.revert_last(), SIX[5]);
    project.migration(
        "2026-01-06-000000_day_6",
        "CREATE TABLE day_6 (id INTEGER, note INTEGER);\nINSERT INTO log VALUES (6);\n",
        Some("DROP TABLE day_6;\nDELETE FROM log WHERE day = 6;\n"),
    );
    assert_eq!(diesel.run_pending(), [SIX[5]]);
    assert_eq!(shown(&project).recorded, SIX[..5]);
    let out = project.run("migrate").ok();
    assert_eq!(out.stdout, "");
}
