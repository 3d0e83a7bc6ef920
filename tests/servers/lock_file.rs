//! The file that is locked for a SQLite database, where something else stands in its place or a right is
//! missing.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use diesel_manage::settings::Backend;

use crate::locks::{holder, slow, under_way};
use crate::support::{Invocation, Output, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    const SQLITE: &[Backend] = &[Backend::Sqlite];
    trials.on(
        SQLITE,
        "lock_file::what_stands_in_its_place_is_left_alone",
        strange,
    );
    trials.on(
        SQLITE,
        "lock_file::one_that_may_not_be_written_locks_all_the_same",
        read_only_file,
    );
    trials.on(
        SQLITE,
        "lock_file::one_that_may_not_be_read_is_told",
        unreadable,
    );
    trials.on(
        SQLITE,
        "lock_file::a_folder_that_may_not_be_written_is_told",
        read_only_folder,
    );
}

fn place(server: &Server) -> PathBuf {
    PathBuf::from(format!("{}.manage-lock", server.url()))
}

fn project(server: &Server) -> Project {
    let mut project = Project::on(server);
    let place = place(server);
    project.filter(&place.display().to_string(), "$LOCK");
    project.migration(
        "2026-01-01-000000_one",
        "CREATE TABLE one (id INTEGER);",
        Some("DROP TABLE one;"),
    );
    project
}

/// The command without the right of root to pass over permissions.
fn run(project: &Project, line: &str) -> Output {
    Invocation::obeying_permissions(project.manage(line)).run()
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

/// What stands somewhere, links not followed.
fn found(path: &Path) -> String {
    let kind = fs::symlink_metadata(path).expect("it is there").file_type();
    let text = if kind.is_file() {
        fs::read_to_string(path).expect("it can be read")
    } else {
        String::new()
    };
    format!("{kind:?} {text}")
}

fn strange(server: &Server) {
    let project = project(server);
    let place = place(server);
    let precious = project.path("precious");
    fs::write(&precious, "precious\n").expect("the folder can be written");
    let nowhere = project.path("nowhere");
    let put: [(&str, &dyn Fn()); 5] = [
        ("a folder", &|| {
            fs::create_dir(&place).expect("it can be made");
        }),
        ("a link", &|| {
            symlink(&precious, &place).expect("it can be made");
        }),
        ("a link", &|| {
            symlink(&nowhere, &place).expect("it can be made");
        }),
        ("not a file", &|| {
            let made = Command::new("mkfifo").arg(&place).status();
            assert!(made.is_ok_and(|status| status.success()));
        }),
        ("a file with something else in it", &|| {
            fs::write(&place, "pid 7 wrote this\n").expect("it can be made");
        }),
    ];
    for (what, put) in put {
        put();
        let before = found(&place);
        for command in ["migrate", "lock status", "lock release -y"] {
            project.run(command).exits(1).shows(&format!(
                "
                --- stderr ---
                error: the lock of the database has to be the file `$LOCK`, and that is {what}
                  nothing was run
                hint: put it elsewhere, then run the same command again: mv $LOCK $LOCK.old
                [exit 1]
                "
            ));
        }
        assert_eq!(found(&place), before);
        fs::rename(&place, project.path("moved")).expect("it can be moved");
        if what == "a folder" {
            fs::remove_dir(project.path("moved")).expect("it is empty");
        }
    }
    assert_eq!(
        found(&precious),
        "FileType { is_file: true, is_dir: false, is_symlink: false, .. } precious\n"
    );
    assert!(!nowhere.exists());
    let _ = project.run("migrate").ok();
    assert!(!place.exists());
}

/// Another user's, say.
fn read_only_file(server: &Server) {
    let project = slow(server);
    let running = under_way(&project, "migrate");
    set_mode(&place(server), 0o444);
    let by = holder(server, &project);
    run(&project, "migrate --lock-timeout 0")
        .exits(1)
        .says(&format!(
            "error: another run is changing this database: {by}"
        ));
    running.signal("KILL");
    let _ = running.wait();
    assert!(place(server).exists());
    let _ = run(&project, "migrate --lock-timeout 0").ok();
    assert!(!place(server).exists());
    assert_eq!(server.versions(), ["20260101000000"]);
}

fn unreadable(server: &Server) {
    let project = project(server);
    let place = place(server);
    fs::write(&place, "pid: 1\n").expect("it can be made");
    set_mode(&place, 0o000);
    for command in ["migrate", "lock status"] {
        run(&project, command).exits(1).shows(
            "
            --- stderr ---
            error: the lock of the database, `$LOCK`, belongs to somebody else
              caused by: Permission denied (os error 13)
              nothing was run
            hint: a run of theirs left it, or is at work; if nobody is, have it taken away: rm $LOCK
            [exit 1]
            ",
        );
    }
    assert_eq!(server.versions(), [""; 0]);
}

fn read_only_folder(server: &Server) {
    let project = project(server);
    let _ = project.run("ensure-version").ok();
    let place = place(server);
    let folder = place.parent().expect("it is in a folder");
    set_mode(folder, 0o555);
    let migrated = run(&project, "migrate");
    let looked = run(&project, "lock status");
    set_mode(folder, 0o755);
    migrated.exits(1).shows(
        "
        --- stderr ---
        error: cannot lock the file `$LOCK`
          caused by: Permission denied (os error 13)
          nothing was run
        hint: the lock is a file beside the database: check that its folder may be written
        [exit 1]
        ",
    );
    looked.ok().shows(
        "
        default: nobody holds the lock
        ",
    );
    assert_eq!(server.versions(), [""; 0]);
}
