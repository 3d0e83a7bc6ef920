//! The README's tables for people who come from elsewhere, executed line by line: what they type, how it
//! ends, and what is then applied and on disk.

use std::fmt::Write;

use crate::library::{BOOKS, LOANS, NOW, pending, probe};
use crate::support::Project;

/// Where a line begins.
#[derive(Clone, Copy, Debug)]
enum Given {
    /// An empty folder.
    Nothing,
    /// Three migrations, and no database.
    Pending,
    /// The same, applied.
    Applied,
    /// Two of them follow the first one.
    Diverged,
    /// The same as `Applied`, and models with one column more.
    Models,
}

impl Given {
    fn project(self) -> Project {
        let project = match self {
            Self::Nothing => return Project::new(),
            Self::Pending | Self::Applied | Self::Diverged | Self::Models => pending(),
        };
        project.settings(
            "connections:\n  main:\n    url: sqlite://db.sqlite3\n    models: src/schema.rs\n",
        );
        project.file("src/schema.rs", SCHEMA);
        match self {
            Self::Nothing | Self::Pending => {}
            Self::Applied => migrate(&project),
            Self::Diverged => {
                for name in [BOOKS, LOANS] {
                    project.metadata(
                        name,
                        "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260105090000\"]\n",
                    );
                }
            }
            Self::Models => {
                migrate(&project);
                let grown = SCHEMA.replace(
                    "reader -> Text,",
                    "reader -> Text,\n        due -> Nullable<Text>,",
                );
                project.file("src/schema.rs", grown);
            }
        }
        project
    }
}

fn migrate(project: &Project) {
    let _ = project.run("migrate -q").ok();
}

const SCHEMA: &str = "diesel::table! {
    authors (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    books (id) {
        id -> Integer,
        author_id -> Integer,
        title -> Text,
    }
}

diesel::table! {
    loans (id) {
        id -> Integer,
        reader -> Text,
    }
}

diesel::joinable!(books -> authors (author_id));
";

/// What somebody types elsewhere, what is typed here, and the exit code, how many versions are applied then
/// and how many migrations there are.
type Line = (&'static str, Given, &'static str, i32, usize, usize);

use Given::{Applied, Diverged, Models, Nothing, Pending};

const ALEMBIC: &[Line] = &[
    (
        "alembic init migrations",
        Nothing,
        "init --no-input --migrations migrations",
        0,
        0,
        0,
    ),
    (
        "alembic revision -m x",
        Applied,
        "revision -m add_due",
        0,
        3,
        4,
    ),
    (
        "alembic revision --autogenerate -m x",
        Models,
        "revision --autogenerate -m add_due",
        0,
        3,
        4,
    ),
    (
        "alembic revision --autogenerate, nothing changed",
        Applied,
        "revision --autogenerate -m x",
        0,
        3,
        3,
    ),
    (
        "alembic revision --sql",
        Applied,
        "revision -m add_due --sql",
        0,
        3,
        3,
    ),
    (
        "alembic revision --rev-id",
        Applied,
        "revision -m add_due --rev-id 20261201000000",
        0,
        3,
        4,
    ),
    (
        "alembic revision --head x --splice",
        Applied,
        "revision -m add_due --head create_books --splice",
        0,
        3,
        4,
    ),
    (
        "alembic revision --depends-on x",
        Applied,
        "revision -m add_due --depends-on create_books",
        0,
        3,
        4,
    ),
    (
        "alembic revision --branch-label x",
        Applied,
        "revision -m add_due --branch-label billing",
        0,
        3,
        4,
    ),
    (
        "alembic revision --version-path x",
        Applied,
        "revision -m add_due --version-path migrations",
        0,
        3,
        4,
    ),
    ("alembic check", Models, "makemigrations --check", 3, 3, 3),
    (
        "alembic check, nothing changed",
        Applied,
        "makemigrations --check",
        0,
        3,
        3,
    ),
    (
        "alembic merge heads -m x",
        Diverged,
        "merge heads -m join",
        0,
        0,
        4,
    ),
    (
        "alembic merge x y",
        Diverged,
        "merge create_books create_loans --rev-id 20261201000000",
        0,
        0,
        4,
    ),
    ("alembic upgrade head", Pending, "upgrade head", 0, 3, 3),
    ("alembic upgrade heads", Pending, "upgrade heads", 0, 3, 3),
    ("alembic upgrade +1", Pending, "upgrade +1", 0, 1, 3),
    ("alembic upgrade ae10", Pending, "upgrade 20260112", 0, 2, 3),
    (
        "alembic upgrade ae10+1",
        Pending,
        "upgrade create_authors+1",
        0,
        2,
        3,
    ),
    (
        "alembic upgrade head --tag x",
        Pending,
        "upgrade head --tag spring",
        0,
        3,
        3,
    ),
    (
        "alembic upgrade head --sql",
        Pending,
        "upgrade head --sql",
        0,
        0,
        3,
    ),
    (
        "alembic upgrade a:b --sql",
        Pending,
        "upgrade create_authors:create_loans --sql",
        0,
        0,
        3,
    ),
    (
        "alembic upgrade head, two heads",
        Diverged,
        "upgrade head --no-input",
        4,
        0,
        3,
    ),
    ("alembic downgrade -1", Applied, "downgrade -1 -y", 0, 2, 3),
    (
        "alembic downgrade base",
        Applied,
        "downgrade base -y",
        0,
        0,
        3,
    ),
    (
        "alembic downgrade ae10",
        Applied,
        "downgrade create_authors -y",
        0,
        1,
        3,
    ),
    (
        "alembic downgrade b:a --sql",
        Applied,
        "downgrade create_loans:create_authors --sql",
        0,
        3,
        3,
    ),
    ("alembic stamp head", Pending, "stamp head", 0, 3, 3),
    ("alembic stamp base", Applied, "stamp base -y", 0, 0, 3),
    (
        "alembic stamp --purge x",
        Applied,
        "stamp --purge create_books -y",
        0,
        2,
        3,
    ),
    (
        "alembic stamp head --sql",
        Pending,
        "stamp head --sql",
        0,
        0,
        3,
    ),
    ("alembic current", Applied, "current", 0, 3, 3),
    ("alembic current -v", Applied, "current -v", 0, 3, 3),
    (
        "alembic current --check-heads",
        Pending,
        "current --check-heads",
        3,
        0,
        3,
    ),
    ("alembic heads", Diverged, "heads", 0, 0, 3),
    (
        "alembic heads --resolve-dependencies",
        Diverged,
        "heads --resolve-dependencies",
        0,
        0,
        3,
    ),
    ("alembic branches", Diverged, "branches", 0, 0, 3),
    ("alembic history", Applied, "history", 0, 3, 3),
    (
        "alembic history -r a:b",
        Applied,
        "history -r create_authors:create_loans",
        0,
        3,
        3,
    ),
    ("alembic history -i", Applied, "history -i", 0, 3, 3),
    ("alembic history -v", Applied, "history -v", 0, 3, 3),
    ("alembic show head", Applied, "show head", 0, 3, 3),
    ("alembic show current", Applied, "show current", 0, 3, 3),
    (
        "alembic edit head, without a terminal",
        Pending,
        "edit head",
        4,
        0,
        3,
    ),
    ("alembic ensure_version", Pending, "ensure_version", 0, 0, 3),
    (
        "alembic ensure_version --sql",
        Pending,
        "ensure_version --sql",
        0,
        0,
        3,
    ),
    (
        "alembic -c FILE upgrade head",
        Pending,
        "-c settings.yaml upgrade head",
        2,
        0,
        3,
    ),
    (
        "alembic --config FILE upgrade head",
        Pending,
        "--config settings.yaml upgrade head",
        0,
        3,
        3,
    ),
    (
        "alembic --raiseerr upgrade nowhere",
        Pending,
        "--raiseerr upgrade nowhere",
        1,
        0,
        3,
    ),
    (
        "alembic -q upgrade head",
        Pending,
        "-q upgrade head",
        0,
        3,
        3,
    ),
    ("alembic list_templates", Pending, "list_templates", 2, 0, 3),
];

const DJANGO: &[Line] = &[
    ("makemigrations", Models, "makemigrations", 0, 3, 4),
    (
        "makemigrations --name x",
        Models,
        "makemigrations --name add_due",
        0,
        3,
        4,
    ),
    (
        "makemigrations --dry-run",
        Models,
        "makemigrations --dry-run",
        0,
        3,
        3,
    ),
    (
        "makemigrations --check",
        Models,
        "makemigrations --check",
        3,
        3,
        3,
    ),
    (
        "makemigrations --empty -n x",
        Applied,
        "makemigrations --empty -n x",
        0,
        3,
        4,
    ),
    (
        "makemigrations --noinput",
        Models,
        "makemigrations --noinput",
        0,
        3,
        4,
    ),
    (
        "makemigrations --scriptable",
        Models,
        "makemigrations --scriptable",
        0,
        3,
        4,
    ),
    (
        "makemigrations --merge",
        Diverged,
        "makemigrations --merge",
        0,
        0,
        4,
    ),
    (
        "makemigrations --update",
        Models,
        "makemigrations --update",
        1,
        3,
        3,
    ),
    ("migrate", Pending, "migrate", 0, 3, 3),
    ("migrate app 0002", Pending, "migrate create_books", 0, 2, 3),
    (
        "migrate app 0001, backwards",
        Applied,
        "migrate create_authors -y",
        0,
        1,
        3,
    ),
    ("migrate app zero", Applied, "migrate zero -y", 0, 0, 3),
    ("migrate --plan", Pending, "migrate --plan", 0, 0, 3),
    ("migrate --check", Pending, "migrate --check", 3, 0, 3),
    ("migrate --fake", Pending, "migrate --fake", 0, 3, 3),
    (
        "migrate --fake-initial",
        Pending,
        "migrate --fake-initial",
        0,
        3,
        3,
    ),
    ("migrate --prune", Applied, "migrate --prune -y", 0, 3, 3),
    (
        "migrate --database x",
        Pending,
        "migrate --database main",
        0,
        3,
        3,
    ),
    ("migrate --noinput", Pending, "migrate --noinput", 0, 3, 3),
    (
        "migrate --verbosity 2",
        Pending,
        "migrate --verbosity 2",
        0,
        3,
        3,
    ),
    (
        "migrate --traceback --no-color",
        Pending,
        "migrate --traceback --no-color",
        0,
        3,
        3,
    ),
    ("showmigrations", Applied, "showmigrations", 0, 3, 3),
    (
        "showmigrations --list",
        Applied,
        "showmigrations --list",
        0,
        3,
        3,
    ),
    (
        "showmigrations --plan",
        Applied,
        "showmigrations --plan",
        0,
        3,
        3,
    ),
    (
        "sqlmigrate app 0002",
        Pending,
        "sqlmigrate create_books",
        0,
        0,
        3,
    ),
    (
        "sqlmigrate app 0002 --backwards",
        Pending,
        "sqlmigrate create_books --backwards",
        0,
        0,
        3,
    ),
    (
        "squashmigrations app 0001 0002",
        Applied,
        "squashmigrations create_authors create_books --noinput -y",
        0,
        3,
        2,
    ),
    (
        "squashmigrations --squashed-name x",
        Applied,
        "squashmigrations create_authors create_loans --squashed-name library -y",
        0,
        3,
        1,
    ),
    ("inspectdb", Applied, "inspectdb", 0, 3, 3),
    ("inspectdb table", Applied, "inspectdb authors", 0, 3, 3),
    ("check", Applied, "check", 0, 3, 3),
    ("flush", Applied, "resetdb -y", 0, 3, 3),
];

const FLASK_AND_ELLAR: &[Line] = &[
    ("flask db init", Nothing, "db init --no-input", 0, 0, 0),
    (
        "flask db init --multidb",
        Nothing,
        "db init --no-input --multidb",
        0,
        0,
        0,
    ),
    (
        "ellar db init -m",
        Nothing,
        "db init --no-input -m",
        0,
        0,
        0,
    ),
    ("flask db migrate -m x", Models, "db migrate -m x", 2, 3, 3),
    (
        "the same, as it is here",
        Models,
        "db makemigrations -m add_due",
        0,
        3,
        4,
    ),
    (
        "flask db revision -m x",
        Applied,
        "db revision -m x",
        0,
        3,
        4,
    ),
    (
        "ellar db revision --autogenerate",
        Models,
        "db revision --autogenerate --message x",
        0,
        3,
        4,
    ),
    ("flask db upgrade", Pending, "db upgrade", 0, 3, 3),
    (
        "flask db upgrade --sql",
        Pending,
        "db upgrade --sql",
        0,
        0,
        3,
    ),
    (
        "flask db upgrade --tag x",
        Pending,
        "db upgrade --tag x",
        0,
        3,
        3,
    ),
    ("flask db downgrade", Applied, "db downgrade -y", 0, 2, 3),
    ("flask db stamp", Pending, "db stamp head", 0, 3, 3),
    ("flask db current", Applied, "db current", 0, 3, 3),
    (
        "ellar db current --verbose",
        Applied,
        "db current --verbose",
        0,
        3,
        3,
    ),
    (
        "flask db history --rev-range a:b",
        Applied,
        "db history --rev-range create_authors:create_books",
        0,
        3,
        3,
    ),
    ("flask db show", Applied, "db show", 0, 3, 3),
    (
        "flask db edit, without a terminal",
        Pending,
        "db edit",
        4,
        0,
        3,
    ),
    ("flask db heads", Applied, "db heads", 0, 3, 3),
    ("flask db branches", Applied, "db branches", 0, 3, 3),
    (
        "flask db merge heads -m x",
        Diverged,
        "db merge heads -m join",
        0,
        0,
        4,
    ),
    (
        "flask db check",
        Models,
        "db makemigrations --check",
        3,
        3,
        3,
    ),
];

const ADVANCED_ALCHEMY: &[Line] = &[
    (
        "alchemy make-migrations -m x --no-prompt",
        Models,
        "make-migrations -m x --no-prompt",
        0,
        3,
        4,
    ),
    (
        "alchemy make-migrations --no-autogenerate",
        Models,
        "make-migrations --no-autogenerate -m x",
        0,
        3,
        4,
    ),
    (
        "alchemy upgrade --no-prompt",
        Pending,
        "upgrade --no-prompt",
        0,
        3,
        3,
    ),
    (
        "alchemy upgrade --bind-key x",
        Pending,
        "upgrade --bind-key main",
        0,
        3,
        3,
    ),
    (
        "alchemy downgrade --no-prompt",
        Applied,
        "downgrade --no-prompt",
        0,
        2,
        3,
    ),
    (
        "alchemy show-current-revision",
        Applied,
        "show-current-revision",
        0,
        3,
        3,
    ),
    ("alchemy drop-all", Applied, "drop-all", 2, 3, 3),
    (
        "the same, as it is here",
        Applied,
        "dropdb --confirm db.sqlite3",
        0,
        0,
        3,
    ),
    (
        "litestar database upgrade",
        Pending,
        "database upgrade",
        0,
        3,
        3,
    ),
    (
        "litestar database merge-migrations",
        Diverged,
        "database merge-migrations heads",
        0,
        0,
        4,
    ),
    (
        "litestar database stamp-migration x",
        Pending,
        "database stamp-migration create_books",
        0,
        2,
        3,
    ),
    (
        "fastapi_sqlalchemy migration makemigrations \"x\"",
        Models,
        "migration makemigrations add_due",
        0,
        3,
        4,
    ),
    (
        "fastapi_sqlalchemy migration migrate",
        Pending,
        "migration migrate",
        0,
        3,
        3,
    ),
    (
        "fastapi_sqlalchemy migration showmigrations",
        Applied,
        "migration showmigrations",
        0,
        3,
        3,
    ),
    (
        "fastapi_sqlalchemy migration downgrade -1",
        Applied,
        "migration downgrade -1 -y",
        0,
        2,
        3,
    ),
];

const DIESEL: &[Line] = &[
    ("diesel setup", Pending, "setup", 0, 3, 3),
    ("diesel database setup", Pending, "database setup", 0, 3, 3),
    (
        "diesel database reset",
        Applied,
        "database reset -y",
        0,
        3,
        3,
    ),
    ("diesel database drop", Applied, "database drop -y", 0, 0, 3),
    ("diesel migration run", Pending, "migration run", 0, 3, 3),
    (
        "diesel migration revert",
        Applied,
        "migration revert -y",
        0,
        2,
        3,
    ),
    (
        "diesel migration revert -n 2",
        Applied,
        "migration revert -n 2 -y",
        0,
        1,
        3,
    ),
    (
        "diesel migration revert -a",
        Applied,
        "migration revert -a -y",
        0,
        0,
        3,
    ),
    (
        "diesel migration redo",
        Applied,
        "migration redo -y",
        0,
        3,
        3,
    ),
    (
        "diesel migration redo -n 2",
        Applied,
        "migration redo -n 2 -y",
        0,
        3,
        3,
    ),
    ("diesel migration list", Applied, "migration list", 0, 3, 3),
    (
        "diesel migration pending",
        Pending,
        "migration pending",
        3,
        0,
        3,
    ),
    (
        "diesel migration generate x",
        Applied,
        "migration generate x",
        0,
        3,
        4,
    ),
    (
        "diesel migration generate x --diff-schema",
        Models,
        "migration generate x --diff-schema",
        0,
        3,
        4,
    ),
    (
        "diesel migration generate x --version v",
        Applied,
        "migration generate x --version 20261201000000",
        0,
        3,
        4,
    ),
    (
        "diesel migration run --locked-schema",
        Pending,
        "migration run --locked-schema",
        0,
        3,
        3,
    ),
    (
        "diesel migration generate x --diff-schema -o t",
        Models,
        "migration generate x --diff-schema -o loans",
        0,
        3,
        4,
    ),
    ("diesel print-schema", Applied, "print-schema", 0, 3, 3),
    (
        "diesel completions bash",
        Nothing,
        "completions bash",
        0,
        0,
        0,
    ),
    (
        "diesel --migration-dir x migration run",
        Pending,
        "--migration-dir migrations migration run",
        0,
        3,
        3,
    ),
    (
        "diesel --database-url x migration run",
        Pending,
        "--database-url sqlite://db.sqlite3 migration run",
        0,
        3,
        3,
    ),
];

/// How many versions are applied.
fn versions(project: &Project) -> usize {
    if !project.path("db.sqlite3").exists() {
        return 0;
    }
    let mut probe = probe(project);
    let there =
        probe.lines("SELECT name FROM sqlite_schema WHERE name = '__diesel_schema_migrations'");
    if there.is_empty() {
        return 0;
    }
    probe
        .lines("SELECT version FROM __diesel_schema_migrations")
        .len()
}

/// How many migrations there are.
fn folders(project: &Project) -> usize {
    project
        .tree("migrations")
        .iter()
        .filter(|path| !path.starts_with('.') && path.ends_with("/up.sql"))
        .count()
}

#[track_caller]
fn hold(lines: &[Line]) {
    let mut wrong = String::new();
    for (there, given, here, ends, applied, migrations) in lines {
        let project = given.project().variable("EDITOR", "true");
        let output = project.manage(here).at(NOW).run();
        let found = (output.status, versions(&project), folders(&project));
        let expected = (Some(*ends), *applied, *migrations);
        if found != expected {
            let _ = write!(
                wrong,
                "{there}: manage {here}\n  expected {expected:?}, found {found:?}\n{output}\n\n"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn whoever_comes_from_alembic_types_what_they_know() {
    hold(ALEMBIC);
}

#[test]
fn whoever_comes_from_django_types_what_they_know() {
    hold(DJANGO);
}

#[test]
fn whoever_comes_from_flask_or_ellar_types_what_they_know() {
    hold(FLASK_AND_ELLAR);
}

#[test]
fn whoever_comes_from_advanced_alchemy_or_its_kin_types_what_they_know() {
    hold(ADVANCED_ALCHEMY);
}

#[test]
fn whoever_comes_from_diesel_types_what_they_know() {
    hold(DIESEL);
}
