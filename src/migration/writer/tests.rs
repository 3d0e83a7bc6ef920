//! What stands in the folder after each call, and after each failure.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Barrier;
use std::thread;

use tempfile::TempDir;

use super::*;
use crate::error::Explain;

fn spelling(text: &str) -> Spelling {
    Spelling::given(text, []).unwrap()
}

fn draft(directory: &Path, version: &str, message: &str) -> Draft {
    Draft {
        directory: directory.to_owned(),
        version: spelling(version),
        slug: Slug::from_message(message).unwrap(),
        up: "CREATE TABLE users (id INTEGER);\n".to_owned(),
        down: Some("DROP TABLE users;\n".to_owned()),
        metadata: Metadata {
            depends_on: Some(vec![Version::parse("20260101000000")]),
            ..Metadata::absent()
        },
    }
}

/// Every file below a folder and its text; an empty directory has none.
fn tree(directory: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(folder) = open.pop() {
        let entries: Vec<_> = fs::read_dir(&folder).unwrap().map(Result::unwrap).collect();
        let name = |path: &Path| path.strip_prefix(directory).unwrap().display().to_string();
        if entries.is_empty() && folder != directory {
            files.insert(name(&folder), String::new());
        }
        for entry in entries {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                files.insert(
                    name(&entry.path()),
                    fs::read_to_string(entry.path()).unwrap(),
                );
            }
        }
    }
    files
}

fn put(directory: &Path, file: &str, text: &str) {
    let path = directory.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn names(directory: &Path) -> Vec<String> {
    tree(directory).into_keys().collect()
}

/// The message, what lies beneath it and the hints, without the path of the temporary folder.
fn told(error: &WriteError, folder: &TempDir) -> String {
    let mut lines = vec![error.to_string()];
    let source = std::error::Error::source(error);
    lines.extend(source.map(|source| format!("caused by: {source}")));
    lines.extend(
        error
            .hints()
            .into_iter()
            .map(|hint| format!("hint: {hint}")),
    );
    lines
        .join("\n")
        .replace(folder.path().to_str().unwrap(), "FOLDER")
}

#[test]
fn a_migration_appears_with_all_its_files() {
    let folder = TempDir::new().unwrap();
    let directory = folder.path().join("db/migrations");
    let path = write(&draft(&directory, "2026-11-20-101500", "Add users")).unwrap();
    assert_eq!(path, directory.join("2026-11-20-101500_add_users"));
    let files: Vec<String> = tree(&directory)
        .into_iter()
        .map(|(file, text)| format!("{file}\n{text}"))
        .collect();
    insta::assert_snapshot!(files.join("\n"), @r#"
    2026-11-20-101500_add_users/down.sql
    DROP TABLE users;

    2026-11-20-101500_add_users/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = ["20260101000000"]

    2026-11-20-101500_add_users/up.sql
    CREATE TABLE users (id INTEGER);
    "#);
}

#[test]
fn what_is_not_needed_is_not_written() {
    let folder = TempDir::new().unwrap();
    let mut draft = draft(folder.path(), "0001", "Forget");
    draft.down = None;
    draft.metadata = Metadata::absent();
    write(&draft).unwrap();
    assert_eq!(names(folder.path()), ["0001_forget/up.sql"]);
}

#[test]
fn a_version_is_written_once_however_it_is_spelled() {
    let folder = TempDir::new().unwrap();
    write(&draft(folder.path(), "2026-11-20-101500", "Add users")).unwrap();
    let before = tree(folder.path());
    let error = write(&draft(folder.path(), "20261120101500", "Other")).unwrap_err();
    insta::assert_snapshot!(told(&error, &folder), @"
    version `20261120101500` is taken by `2026-11-20-101500_add_users`
    hint: run the command again: it takes the next free version
    ");
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn an_empty_directory_keeps_its_version() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("0001_forget")).unwrap();
    let error = write(&draft(folder.path(), "0001", "Forget")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "version `0001` is taken by `0001_forget`"
    );
    assert_eq!(names(folder.path()), ["0001_forget"]);
}

#[test]
fn an_empty_file_is_refused_before_anything_is_written() {
    let folder = TempDir::new().unwrap();
    let mut draft = draft(folder.path(), "0001", "Forget");
    draft.down = Some(" ;\n".to_owned());
    let error = write(&draft).unwrap_err();
    insta::assert_snapshot!(told(&error, &folder), @"
    down.sql would be empty
    hint: write at least one statement; SELECT 1; does nothing on every database
    ");
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn a_file_in_the_way_is_named() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "migrations/0001_add_users", "");
    let error = write(&draft(
        &folder.path().join("migrations"),
        "0001",
        "Add users",
    ))
    .unwrap_err();
    insta::assert_snapshot!(told(&error, &folder), @"
    `FOLDER/migrations/0001_add_users` is in the way
    hint: move it away: mv FOLDER/migrations/0001_add_users FOLDER/migrations/0001_add_users.old
    ");
    assert_eq!(names(folder.path()), ["migrations/0001_add_users"]);

    let below = folder.path().join("migrations/0001_add_users/migrations");
    let error = write(&draft(&below, "0001", "Add users")).unwrap_err();
    insta::assert_snapshot!(told(&error, &folder), @"
    `FOLDER/migrations/0001_add_users` is in the way
    hint: move it away: mv FOLDER/migrations/0001_add_users FOLDER/migrations/0001_add_users.old
    ");
}

#[test]
fn a_plain_file_does_not_take_a_version() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "0001_notes.md", "");
    write(&draft(folder.path(), "0001", "Add users")).unwrap();
}

#[test]
fn leftovers_of_a_dead_run_are_passed_over() {
    let folder = TempDir::new().unwrap();
    let leftover = format!(".manage-0001_add_users.tmp-{}-0/up.sql", std::process::id());
    put(folder.path(), &leftover, "half");
    put(
        folder.path(),
        ".manage-0001_add_users.tmp-1-0/up.sql",
        "half",
    );
    let mut draft = draft(folder.path(), "0001", "Add users");
    draft.metadata = Metadata::absent();
    write(&draft).unwrap();
    assert_eq!(tree(folder.path())["0001_add_users/up.sql"], draft.up);
    assert_eq!(tree(folder.path())[&leftover], "half");
    assert_eq!(names(folder.path()).len(), 4);
}

#[test]
fn a_name_that_cannot_be_written_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let error = restore(
        folder.path(),
        &format!("1_{}", "a".repeat(300)),
        "SELECT 1;",
        None,
        None,
    )
    .unwrap_err();
    assert_eq!(error.hints(), ["choose a shorter name"]);
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn refusals_of_the_system_say_what_to_do() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("0001_a");
    let refused = |kind: io::ErrorKind| {
        let source = io::Error::from(kind);
        told(&WriteError::io("create", &path, source), &folder)
    };
    insta::assert_snapshot!(refused(io::ErrorKind::PermissionDenied), @"
    cannot create `FOLDER/0001_a`
    caused by: permission denied
    hint: allow yourself to write there: chmod u+rwx FOLDER
    ");
    insta::assert_snapshot!(refused(io::ErrorKind::ReadOnlyFilesystem), @"
    cannot create `FOLDER/0001_a`
    caused by: read-only filesystem or storage medium
    hint: FOLDER is mounted read-only; write migrations where you develop, and commit them
    ");
    insta::assert_snapshot!(refused(io::ErrorKind::StorageFull), @"
    cannot create `FOLDER/0001_a`
    caused by: no storage space
    hint: free some space on the disk, then run the command again
    ");
    insta::assert_snapshot!(refused(io::ErrorKind::Other), @"
    cannot create `FOLDER/0001_a`
    caused by: other error
    ");
}

#[test]
fn writers_at_once_never_write_one_version_twice() {
    let folder = TempDir::new().unwrap();
    let directory = folder.path().join("migrations");
    let writers = 8;
    for round in 1..=20 {
        let start = Barrier::new(writers);
        let written = thread::scope(|scope| {
            let threads: Vec<_> = (0..writers)
                .map(|writer| {
                    let (directory, start) = (&directory, &start);
                    scope.spawn(move || {
                        let draft = draft(directory, &format!("{round:04}"), &format!("w{writer}"));
                        start.wait();
                        write(&draft)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect::<Vec<_>>()
        });
        assert_eq!(written.iter().filter(|written| written.is_ok()).count(), 1);
        for error in written.into_iter().filter_map(Result::err) {
            assert!(
                matches!(error, WriteError::VersionTaken { .. }),
                "{error:?}"
            );
        }
    }
    let mut entries: Vec<String> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    entries.sort();
    let versions: Vec<Version> = entries
        .iter()
        .map(|name| Version::of_directory(name))
        .collect();
    let expected: Vec<Version> = (1..=20)
        .map(|round| Version::parse(&format!("{round:04}")))
        .collect();
    assert_eq!(versions, expected);
}

#[test]
fn without_a_lock_no_version_is_taken_twice_either() {
    let folder = TempDir::new().unwrap();
    let writers = 4;
    for round in 1..=50 {
        let start = Barrier::new(writers);
        let renamed = thread::scope(|scope| {
            let threads: Vec<_> = (0..writers)
                .map(|writer| {
                    let (directory, start) = (folder.path(), &start);
                    scope.spawn(move || {
                        let name = format!("{round}_w{writer}");
                        let staging = Staging::create(directory, &name).unwrap();
                        start.wait();
                        let renamed = place::rename(staging.path(), directory, &name);
                        if renamed.is_ok() {
                            staging.published();
                        }
                        renamed
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect::<Vec<_>>()
        });
        // All may find each other and step back; then nobody has the version, and nothing is left.
        let mut written: Vec<String> = renamed
            .into_iter()
            .flatten()
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        written.sort();
        assert!(written.len() <= 1, "{written:?}");
        assert_eq!(names(folder.path()), written);
        for name in written {
            fs::remove_dir(folder.path().join(name)).unwrap();
        }
    }
}

#[test]
fn a_restored_migration_is_what_it_was() {
    let folder = TempDir::new().unwrap();
    let metadata = Metadata {
        run_in_transaction: false,
        ..Metadata::absent()
    };
    let path = restore(
        folder.path(),
        "foo",
        "-- only a comment",
        None,
        Some(&metadata.render()),
    )
    .unwrap();
    assert_eq!(path, folder.path().join("foo"));
    let expected = [
        (
            "foo/metadata.toml".to_owned(),
            "run_in_transaction = false\n".to_owned(),
        ),
        ("foo/up.sql".to_owned(), "-- only a comment".to_owned()),
    ];
    assert_eq!(tree(folder.path()), BTreeMap::from(expected));
}

#[test]
fn a_recorded_name_cannot_lead_out_of_the_folder() {
    let folder = TempDir::new().unwrap();
    for name in ["", "..", "../x", "/x", "a/b", "a\\b", ".hidden", "a\nb"] {
        let error = restore(folder.path(), name, "SELECT 1;", None, None).unwrap_err();
        assert!(matches!(error, WriteError::Name { .. }), "{name}");
    }
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

fn rename(folder: &TempDir, from: &str, to: &str) -> Rename {
    Rename {
        from: folder.path().join(from),
        to: to.to_owned(),
    }
}

#[test]
fn renames_and_edits_happen_together() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "1_a/up.sql", "SELECT 1;");
    put(
        folder.path(),
        "2_b/metadata.toml",
        "run_in_transaction = true\n[manage]\ndepends_on = ['1'] # it\n",
    );
    put(folder.path(), "3_c/up.sql", "SELECT 1;");
    put(folder.path(), "README", "");
    let four = [Version::parse("4")];
    let edit = |name: &str| Edit::depends_on(&folder.path().join(name), &four).unwrap();
    relocate(&Relocation {
        renames: vec![rename(&folder, "1_a", "4_a"), rename(&folder, "2_b", "5_b")],
        edits: [edit("2_b"), edit("3_c")].into_iter().flatten().collect(),
        ..Relocation::default()
    })
    .unwrap();
    let files: Vec<String> = tree(folder.path())
        .into_iter()
        .map(|(file, text)| format!("{file}\n{text}"))
        .collect();
    insta::assert_snapshot!(files.join("\n"), @r#"
    3_c/metadata.toml
    run_in_transaction = true

    [manage]
    depends_on = ["4"]

    3_c/up.sql
    SELECT 1;
    4_a/up.sql
    SELECT 1;
    5_b/metadata.toml
    run_in_transaction = true
    [manage]
    depends_on = ["4"] # it

    README
    "#);
    let said = Edit::depends_on(&folder.path().join("5_b"), &four);
    assert_eq!(said.unwrap(), None);
}

#[test]
fn a_new_spelling_of_the_same_version_is_a_new_name() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "20260101000000_a/up.sql", "SELECT 1;");
    relocate(&Relocation {
        renames: vec![rename(&folder, "20260101000000_a", "2026-01-01-000000_a")],
        ..Relocation::default()
    })
    .unwrap();
    assert_eq!(names(folder.path()), ["2026-01-01-000000_a/up.sql"]);
}

#[test]
fn a_relocation_that_cannot_be_made_changes_nothing() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), "1_a/up.sql", "SELECT 1;");
    put(folder.path(), "2_b/up.sql", "SELECT 1;");
    put(
        folder.path(),
        "3_c/metadata.toml",
        "run_in_transaction = yes\n",
    );
    let before = tree(folder.path());
    let refused = |from: &str, to: &str| {
        // The first rename is taken back when the second one fails.
        let error = relocate(&Relocation {
            renames: vec![rename(&folder, "2_b", "7_b"), rename(&folder, from, to)],
            ..Relocation::default()
        });
        told(&error.unwrap_err(), &folder)
    };
    insta::assert_snapshot!(refused("1_a", "7_a"), @"
    version `7` is taken by `7_b`
    hint: run the command again: it takes the next free version
    ");
    insta::assert_snapshot!(refused("9_a", "4_a"), @"
    `FOLDER/9_a` does not exist
    hint: see what there is: manage showmigrations
    ");
    insta::assert_snapshot!(refused("1_a", "../4_a"), @"
    `../4_a` cannot be the name of a migration
    hint: a name has a version, `_` and words: 2026-11-20-101500_add_users
    ");
    let error = Edit::depends_on(&folder.path().join("3_c"), &[]).unwrap_err();
    insta::assert_snapshot!(told(&error, &folder), @"
    cannot read `FOLDER/3_c/metadata.toml:1:22`
    caused by: not valid TOML (string values must be quoted, expected literal string); Diesel ignores the file and runs the migration in a transaction
    hint: mend metadata.toml at line 1, column 22
    ");
    assert_eq!(tree(folder.path()), before);
}
