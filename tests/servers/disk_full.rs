//! A disk that is full under SQLite: a file system of half a megabyte, in a namespace of the trial's own.

use std::fs;
use std::process::Command;

use libtest_mimic::{Completion, Failed};

use crate::support::{Project, is_required};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    for (name, transactional) in [
        ("disk_full::leaves_nothing_of_a_transaction", true),
        ("disk_full::says_what_is_in_effect_outside_of_one", false),
    ] {
        trials.alone_if(name, move || run(transactional));
    }
}

/// What runs in the namespace: nothing of it is seen outside, and it goes with the last process.
const SCRIPT: &str = r#"
mount -t tmpfs -o size=512k tmpfs disk || exit 99
head -c 300000 /dev/zero >disk/ballast
"$MANAGE" migrate --no-input >first.out 2>first.err
echo $? >first.code
cp disk/db.sqlite3 after_first
rm disk/ballast
"$MANAGE" migrate --no-input >second.out 2>second.err
echo $? >second.code
cp disk/db.sqlite3 after_second
"#;

fn run(transactional: bool) -> Result<Completion, Failed> {
    if !can_mount() {
        let reason = "no file system can be mounted: neither root nor a user namespace";
        return if is_required() {
            Err(reason.into())
        } else {
            Ok(Completion::ignored_with(reason))
        };
    }
    let project = Project::new();
    project.settings("connections: { main: { url: sqlite://disk/db.sqlite3 } }\n");
    project.migration(
        "2026-01-01-000000_items",
        "CREATE TABLE items (id INTEGER PRIMARY KEY, text BLOB);\n",
        Some("DROP TABLE items;\n"),
    );
    project.migration(
        "2026-01-02-000000_rows",
        "CREATE TABLE more (id INTEGER PRIMARY KEY);\n\
         INSERT INTO items (text) VALUES (zeroblob(100000));\n\
         INSERT INTO items (text) VALUES (zeroblob(100000));\n",
        Some("DELETE FROM items;\nDROP TABLE more;\n"),
    );
    if !transactional {
        project.metadata("2026-01-02-000000_rows", "run_in_transaction = false\n");
    }
    fs::create_dir(project.path("disk"))?;
    let done = unshare()
        .args(["sh", "-c", SCRIPT])
        .current_dir(project.root())
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
        .env("MANAGE", env!("CARGO_BIN_EXE_manage"))
        .output()?;
    let said = |name: &str| project.read(name);
    assert!(done.status.success(), "{done:?}");
    let first = format!("{}{}", said("first.out"), said("first.err"));
    assert_eq!(said("first.code"), "1\n", "{first}");
    for words in [
        "applied 2026-01-01-000000_items",
        "error: migration `2026-01-02-000000_rows` failed at ",
        "database or disk is full",
    ] {
        assert!(first.contains(words), "`{words}` is not said:\n{first}");
    }
    let lines = |file: &str, query: &str| {
        let url = project.path(file).display().to_string();
        let mut probe = crate::support::Probe::open(diesel_manage::settings::Backend::Sqlite, &url)
            .expect("the file is a database");
        probe.lines(query)
    };
    let tables = "SELECT name FROM sqlite_schema WHERE name IN ('items', 'more') ORDER BY name";
    let versions = "SELECT version FROM __diesel_schema_migrations ORDER BY version";
    assert_eq!(lines("after_first", versions), ["20260101000000"]);
    if transactional {
        assert_eq!(lines("after_first", tables), ["items"]);
        let rows = lines("after_first", "SELECT count(*) FROM items");
        assert_eq!(rows, ["0"]);
        for words in [
            "nothing of it was committed",
            "hint: free some space on the disk, then run: manage migrate",
        ] {
            assert!(first.contains(words), "`{words}` is not said:\n{first}");
        }
        let second = format!("{}{}", said("second.out"), said("second.err"));
        assert_eq!(said("second.code"), "0\n", "{second}");
        assert_eq!(lines("after_second", tables), ["items", "more"]);
        let rows = lines("after_second", "SELECT count(*) FROM items");
        assert_eq!(rows, ["2"]);
    } else {
        assert_eq!(lines("after_first", tables), ["items", "more"]);
        let words = "statements 1 to 2 of 3 are in effect and cannot be rolled back";
        assert!(first.contains(words), "{first}");
    }
    Ok(Completion::Completed)
}

/// A namespace with mounts of its own, of root or of a user.
fn unshare() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user"]);
    command
}

fn can_mount() -> bool {
    let tried = unshare()
        .args(["mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        .output();
    tried.is_ok_and(|output| output.status.success())
}
