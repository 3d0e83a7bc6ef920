use insta::assert_snapshot;

use crate::library::{AUTHORS, BOOKS, LOANS, applied, empty, pending, probe};
use crate::pretty::pretty;
use crate::support::Project;

/// Writes a migration that follows given versions and has labels.
pub(crate) fn following(project: &Project, name: &str, versions: &[&str], labels: &[&str]) {
    project
        .migration(name, "SELECT 1;\n", Some("SELECT 1;\n"))
        .metadata(
            name,
            &format!(
                "run_in_transaction = true\n\n[manage]\ndepends_on = {versions:?}\nlabels = {labels:?}\n"
            ),
        );
}

/// After the books, loans and fines part; fines are a branch of two and both are merged.
pub(crate) fn branched() -> Project {
    let project = pending();
    following(
        &project,
        "2026-02-05-090000_create_fines",
        &["20260112140000"],
        &[],
    );
    following(
        &project,
        "2026-02-07-090000_index_loans",
        &["20260202101500"],
        &[],
    );
    following(
        &project,
        "2026-02-09-090000_index_fines",
        &["20260205090000"],
        &[],
    );
    following(
        &project,
        "2026-03-01-120000_merge",
        &["20260207090000", "20260209090000"],
        &[],
    );
    project
}

/// Two people wrote migrations after the books, and one of them began a branch.
pub(crate) fn diverged() -> Project {
    let project = pending();
    following(
        &project,
        "2026-02-05-090000_create_fines",
        &["20260112140000"],
        &[],
    );
    following(
        &project,
        "2026-02-06-090000_create_invoices",
        &["20260112140000"],
        &["billing"],
    );
    following(
        &project,
        "2026-02-08-090000_pay_invoices",
        &["20260206090000"],
        &[],
    );
    project
}

#[test]
fn a_line_is_a_list_newest_first() {
    assert_snapshot!(pending().run("history"), @"
    main  migrations  3 migrations
     2026-02-02-101500_create_loans  (head)
     2026-01-12-140000_create_books
     2026-01-05-090000_create_authors
    ");
}

#[test]
fn oldest_first_is_a_flag() {
    assert_snapshot!(pending().run("history --reverse"), @"
    main  migrations  3 migrations
     2026-01-05-090000_create_authors
     2026-01-12-140000_create_books
     2026-02-02-101500_create_loans  (head)
    ");
}

#[test]
fn where_lines_part_and_meet_they_are_drawn() {
    assert_snapshot!(branched().run("history"), @"
    main  migrations  7 migrations
     ● 2026-03-01-120000_merge  (head)
     ├─╮
     ● │ 2026-02-09-090000_index_fines
     │ ● 2026-02-07-090000_index_loans
     ● │ 2026-02-05-090000_create_fines
     │ ● 2026-02-02-101500_create_loans
     ├─╯
     ● 2026-01-12-140000_create_books
     ● 2026-01-05-090000_create_authors
    ");
}

#[test]
fn a_graph_can_be_read_from_its_beginning() {
    assert_snapshot!(branched().run("history --reverse"), @"
    main  migrations  7 migrations
     ● 2026-01-05-090000_create_authors
     ● 2026-01-12-140000_create_books
     ├─╮
     ● │ 2026-02-02-101500_create_loans
     │ ● 2026-02-05-090000_create_fines
     ● │ 2026-02-07-090000_index_loans
     │ ● 2026-02-09-090000_index_fines
     ├─╯
     ● 2026-03-01-120000_merge  (head)
    ");
}

#[test]
fn several_heads_are_counted_and_labels_shown() {
    assert_snapshot!(diverged().run("history"), @"
    main  migrations  6 migrations, 3 heads
     ● 2026-02-08-090000_pay_invoices  (head)
     ● 2026-02-06-090000_create_invoices  (label billing)
     │ ● 2026-02-05-090000_create_fines  (head)
     ├─╯
     │ ● 2026-02-02-101500_create_loans  (head)
     ├─╯
     ● 2026-01-12-140000_create_books
     ● 2026-01-05-090000_create_authors
    ");
}

#[test]
fn a_terminal_without_such_letters_gets_others() {
    let project = diverged();
    let expected = project.run("history --format ascii").ok().to_string();
    assert_snapshot!(expected, @"
    main  migrations  6 migrations, 3 heads
     * 2026-02-08-090000_pay_invoices  (head)
     * 2026-02-06-090000_create_invoices  (label billing)
     | * 2026-02-05-090000_create_fines  (head)
     +-'
     | * 2026-02-02-101500_create_loans  (head)
     +-'
     * 2026-01-12-140000_create_books
     * 2026-01-05-090000_create_authors
    ");
    let by_locale = project.manage("history").env("LC_ALL", "C").run();
    assert_eq!(by_locale.to_string(), expected);
}

#[test]
fn verbose_tells_what_each_follows_and_what_it_is_for() {
    let project = diverged();
    project.metadata(
        LOANS,
        "run_in_transaction = true\n\n[manage]\ndescription = \"Who has which book.\\nAsked for in May.\"\n",
    );
    assert_snapshot!(project.run("history create_books: -v"), @"
    main  migrations  5 of 6 migrations, 3 heads
     ● 2026-02-08-090000_pay_invoices  (head)
     │   follows 2026-02-06-090000_create_invoices
     │   in branch billing
     │   migrations/2026-02-08-090000_pay_invoices
     ● 2026-02-06-090000_create_invoices  (label billing)
     │   follows 2026-01-12-140000_create_books
     │   migrations/2026-02-06-090000_create_invoices
     │ ● 2026-02-05-090000_create_fines  (head)
     ├─╯   follows 2026-01-12-140000_create_books
     │     migrations/2026-02-05-090000_create_fines
     │ ● 2026-02-02-101500_create_loans  (head)
     ├─╯   follows 2026-01-12-140000_create_books
     │     migrations/2026-02-02-101500_create_loans
     │     Who has which book.
     │     Asked for in May.
     ● 2026-01-12-140000_create_books
         follows 2026-01-05-090000_create_authors
         migrations/2026-01-12-140000_create_books
    --- stderr ---
    settings: settings.yaml
    ");
}

#[test]
fn a_range_has_both_its_ends() {
    let project = branched();
    assert_snapshot!(project.run("history -r create_books:index_loans"), @"
    main  migrations  3 of 7 migrations
     2026-02-07-090000_index_loans
     2026-02-02-101500_create_loans
     2026-01-12-140000_create_books
    ");
    assert_snapshot!(project.run("history --rev-range :create_fines"), @"
    main  migrations  3 of 7 migrations
     2026-02-05-090000_create_fines
     2026-01-12-140000_create_books
     2026-01-05-090000_create_authors
    ");
    assert_snapshot!(project.run("history create_fines"), @"
    main  migrations  3 of 7 migrations
     2026-02-05-090000_create_fines
     2026-01-12-140000_create_books
     2026-01-05-090000_create_authors
    ");
}

#[test]
fn places_that_nothing_leads_between_have_nothing_between_them() {
    assert_snapshot!(branched().run("history index_fines:index_loans"), @"main  migrations  0 of 7 migrations");
}

#[test]
fn a_branch_can_be_named() {
    let project = diverged();
    assert_snapshot!(project.run("history billing@base:billing@head"), @"
    main  migrations  2 of 6 migrations, 3 heads
     2026-02-08-090000_pay_invoices  (head)
     2026-02-06-090000_create_invoices  (label billing)
    ");
    assert_snapshot!(project.run("history biling@head"), @"
    --- stderr ---
    error: no branch is called `biling`
    hint: there is `billing`
    [exit 1]
    ");
}

#[test]
fn a_place_that_is_nowhere_is_named() {
    assert_snapshot!(pending().run("history nowhere:"), @"
    --- stderr ---
    error: no migration matches `nowhere`
    hint: see what there is: manage showmigrations
    [exit 1]
    ");
    assert_snapshot!(pending().run("history a:b:c"), @"
    --- stderr ---
    error: `a:b:c` is not a range
    hint: write two places with a colon between them, such as base:head or current:
    [exit 2]
    ");
}

#[test]
fn nothing_is_an_answer_too() {
    assert_snapshot!(empty().run("history"), @"
    main  migrations  0 migrations
    --- stderr ---
    note: there is no folder `migrations`
    ");
}

#[test]
fn no_database_is_opened_unless_it_is_asked_for() {
    let project = pending();
    project.settings("connections:\n  main: { url: 'postgres://nobody@127.0.0.1:1/none' }\n");
    let _ = project.run("history").ok();
    let _ = project.run("history create_books:").ok();
    assert_snapshot!(project.run("history -i"), @"
    --- stderr ---
    error: the PostgreSQL server at `127.0.0.1:1` refused the connection
    hint: start the server, or correct the connection's `url`
    [exit 1]
    ");
    let _ = project.run("history current:").exits(1);
}

#[test]
fn what_is_applied_is_marked_when_asked() {
    let project = branched();
    let _ = project.run("migrate create_fines -q").ok();
    assert_snapshot!(project.run("history -i"), @"
    main  migrations  7 migrations
     ● [ ] 2026-03-01-120000_merge  (head)
     ├─╮
     ● │ [ ] 2026-02-09-090000_index_fines
     │ ● [ ] 2026-02-07-090000_index_loans
     ● │ [X] 2026-02-05-090000_create_fines  (current)
     │ ● [X] 2026-02-02-101500_create_loans  (current)
     ├─╯
     ● [X] 2026-01-12-140000_create_books
     ● [X] 2026-01-05-090000_create_authors
    ");
    assert_snapshot!(project.run("history -r current: --indicate-current"), @"
    main  migrations  5 of 7 migrations
     ● [ ] 2026-03-01-120000_merge  (head)
     ├─╮
     ● │ [ ] 2026-02-09-090000_index_fines
     │ ● [ ] 2026-02-07-090000_index_loans
     ● │ [X] 2026-02-05-090000_create_fines  (current)
       ● [X] 2026-02-02-101500_create_loans  (current)
    ");
    assert_snapshot!(project.run("history :current"), @"
    main  migrations  4 of 7 migrations
     ● 2026-02-05-090000_create_fines
     │ ● 2026-02-02-101500_create_loans
     ├─╯
     ● 2026-01-12-140000_create_books
     ● 2026-01-05-090000_create_authors
    ");
    assert_snapshot!(project.run("history -2:current"), @"
    main  migrations  3 of 7 migrations
     ● 2026-02-05-090000_create_fines
     │ ● 2026-02-02-101500_create_loans
     ├─╯
     ● 2026-01-12-140000_create_books
    ");
}

#[test]
fn looking_creates_no_database() {
    let project = pending();
    assert_snapshot!(project.run("history -i"), @"
    main  migrations  3 migrations
     [ ] 2026-02-02-101500_create_loans  (head)
     [ ] 2026-01-12-140000_create_books
     [ ] 2026-01-05-090000_create_authors
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn a_folder_that_is_gone_is_told_where_the_database_is_asked() {
    let project = applied();
    project.remove(LOANS);
    assert_snapshot!(project.run("history -i"), @"
    main  migrations  2 migrations
     [X] 2026-01-12-140000_create_books  (head; current)
     [X] 2026-01-05-090000_create_authors
    --- stderr ---
    warning: 1 migration is applied, but the folder is gone
      2026-02-02-101500_create_loans  (applied [time] UTC)
    ");
}

#[test]
fn several_folders_are_side_by_side() {
    let project = Project::new();
    project.settings(
        "connections:\n  main:\n    url: sqlite://db.sqlite3\n    migrations: [core, shop]\n",
    );
    for name in [
        "core/2026-01-01-000000_users",
        "shop/2026-01-02-000000_items",
        "core/2026-01-03-000000_roles",
    ] {
        project.file(format!("{name}/up.sql"), "SELECT 1;\n");
    }
    project
        .file("shop/2026-01-04-000000_owners/up.sql", "SELECT 1;\n")
        .file(
            "shop/2026-01-04-000000_owners/metadata.toml",
            "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20260102000000\", \"20260103000000\"]\n",
        );
    assert_snapshot!(project.run("history"), @"
    main  core, shop  4 migrations, 2 heads
     ● 2026-01-04-000000_owners  (head; folder shop)
     ├─╮
     │ ● 2026-01-03-000000_roles  (head; folder core)
     ● │ 2026-01-02-000000_items  (folder shop)
       ● 2026-01-01-000000_users  (folder core)
    ");
    assert_snapshot!(project.run("heads --resolve-dependencies"), @"
    main  core, shop  1 head
     2026-01-04-000000_owners  (head; folder shop)
    ");
    assert_snapshot!(project.run("history core@base:core@head"), @"
    main  core, shop  2 of 4 migrations, 2 heads
     2026-01-03-000000_roles  (head; folder core)
     2026-01-01-000000_users  (folder core)
    ");
}

#[test]
fn json_has_every_edge() {
    let project = pending();
    project.metadata(
        BOOKS,
        "run_in_transaction = true\n\n[manage]\nlabels = [\"shelf\"]\ndescription = \"Books.\"\n",
    );
    assert_snapshot!(pretty(&project.run("history --json")), @r#"
    {
      "connection": "main",
      "migrations": [
        {"version":"20260202101500","name":"2026-02-02-101500_create_loans","path":"migrations/2026-02-02-101500_create_loans","folder":null,"follows":["20260112140000"],"followed_by":[],"labels":[],"branches":["shelf"],"head":true,"applied":null,"current":null,"description":null},
        {"version":"20260112140000","name":"2026-01-12-140000_create_books","path":"migrations/2026-01-12-140000_create_books","folder":null,"follows":["20260105090000"],"followed_by":["20260202101500"],"labels":["shelf"],"branches":["shelf"],"head":false,"applied":null,"current":null,"description":"Books."},
        {"version":"20260105090000","name":"2026-01-05-090000_create_authors","path":"migrations/2026-01-05-090000_create_authors","folder":null,"follows":[],"followed_by":["20260112140000"],"labels":[],"branches":[],"head":false,"applied":null,"current":null,"description":null}
      ]
    }
    "#);
    let _ = project.run("migrate -q").ok();
    let json = project.run("history -i --json head:").ok().json();
    assert_eq!(json[0]["migrations"][0]["applied"], true);
    assert_eq!(json[0]["migrations"][0]["current"], true);
}

#[test]
fn pictures_are_for_documents() {
    let project = pending();
    assert_snapshot!(project.run("history --format mermaid"), @r#"
    flowchart TD
        m0["2026-01-05-090000_create_authors"]
        m1["2026-01-12-140000_create_books"]
        m2["2026-02-02-101500_create_loans<br/>head"]
        m0 --> m1
        m1 --> m2
        classDef head stroke-width:3px
        class m2 head
    "#);
    let json = project.run("history --format dot --json").ok().json();
    assert_eq!(json[0]["format"], "dot");
    assert!(
        json[0]["text"]
            .as_str()
            .is_some_and(|text| text.starts_with("digraph migrations {"))
    );
}

#[test]
fn a_file_is_written_if_it_differs() {
    let project = branched();
    assert_snapshot!(project.run("history -f svg -o docs/graph.svg"), @"
    --- stderr ---
    wrote docs/graph.svg
    ");
    assert!(project.read("docs/graph.svg").starts_with("<svg xmlns="));
    assert_snapshot!(project.run("history -f svg -o docs/graph.svg"), @"
    --- stderr ---
    docs/graph.svg is up to date.
    ");
    let _ = project.run("history -o graph.txt --color always").ok();
    assert_eq!(
        project.read("graph.txt").lines().next(),
        Some(" ● 2026-03-01-120000_merge  (head)")
    );
}

#[test]
fn a_dependency_that_is_not_there_is_told() {
    let project = pending();
    project.metadata(
        BOOKS,
        "run_in_transaction = true\n\n[manage]\ndepends_on = [\"20250101000000\"]\n",
    );
    assert_snapshot!(project.run("history"), @"
    main  migrations  3 migrations, 2 heads
     ● 2026-02-02-101500_create_loans  (head)
     ● 2026-01-12-140000_create_books
       ● 2026-01-05-090000_create_authors  (head)
    --- stderr ---
    warning: migrations/2026-01-12-140000_create_books/metadata.toml: `2026-01-12-140000_create_books` depends on 20250101000000, and no folder has this version
    hint: bring its folder back, or name another version in `depends_on`
    ");
}

#[test]
fn heads_are_listed_and_what_has_diverged_is_told() {
    assert_snapshot!(pending().run("heads --check"), @"
    main  migrations  1 head
     2026-02-02-101500_create_loans  (head)
    ");
    let project = diverged();
    assert_snapshot!(project.run("heads"), @"
    main  migrations  3 heads
     2026-02-08-090000_pay_invoices  (head)
     2026-02-05-090000_create_fines  (head)
     2026-02-02-101500_create_loans  (head)
    --- stderr ---
    warning: the migrations have diverged: 2 heads that nothing joins
      2026-02-02-101500_create_loans
      2026-02-05-090000_create_fines
    hint: join them: manage merge
    hint: or put yours after theirs: manage rebase
    ");
    let _ = project.run("heads --check").exits(3);
    let json = project.run("heads --json").ok().json();
    assert_eq!(
        json[0]["diverged"],
        serde_json::json!([{ "fork": "20260112140000", "heads": ["20260202101500", "20260205090000"] }])
    );
    assert_eq!(
        json[0]["heads"][0]["branches"],
        serde_json::json!(["billing"])
    );
}

#[test]
fn branches_are_where_lines_part() {
    assert_snapshot!(pending().run("branches"), @"main  migrations  no branch point");
    let project = diverged();
    assert_snapshot!(project.run("branches"), @"
    main  migrations  1 branch point
     2026-01-12-140000_create_books
       -> 2026-02-02-101500_create_loans  (head)
       -> 2026-02-05-090000_create_fines  (head)
       -> 2026-02-06-090000_create_invoices  (label billing)
    ");
    assert_snapshot!(project.run("branches -v"), @"
    main  migrations  1 branch point
     2026-01-12-140000_create_books
       follows 2026-01-05-090000_create_authors
       migrations/2026-01-12-140000_create_books
       -> 2026-02-02-101500_create_loans  (head)
            follows 2026-01-12-140000_create_books
            migrations/2026-02-02-101500_create_loans
       -> 2026-02-05-090000_create_fines  (head)
            follows 2026-01-12-140000_create_books
            migrations/2026-02-05-090000_create_fines
       -> 2026-02-06-090000_create_invoices  (label billing)
            follows 2026-01-12-140000_create_books
            migrations/2026-02-06-090000_create_invoices
    --- stderr ---
    settings: settings.yaml
    ");
    let json = project.run("branches --json").ok().json();
    assert_eq!(json[0]["names"], serde_json::json!(["billing"]));
    assert_eq!(json[0]["branches"][0]["point"]["version"], "20260112140000");
    assert_eq!(
        json[0]["branches"][0]["children"].as_array().map(Vec::len),
        Some(3)
    );
}

#[test]
fn a_second_beginning_is_a_branch_point_too() {
    let project = pending();
    following(&project, "2026-02-05-090000_other", &[], &["other"]);
    assert_snapshot!(project.run("branches"), @"
    main  migrations  1 branch point
     base
       -> 2026-01-05-090000_create_authors
       -> 2026-02-05-090000_other  (head; label other)
    ");
}

#[test]
fn every_connection_is_told_apart() {
    let project = Project::new();
    project.settings("connections:\n  shop: { url: a.db }\n  audit: { url: b.db }\n");
    project.file(
        "migrations/shop/2026-01-01-000000_shop/up.sql",
        "SELECT 1;\n",
    );
    project.file(
        "migrations/audit/2026-01-01-000000_audit/up.sql",
        "SELECT 1;\n",
    );
    assert_snapshot!(project.run("history --all"), @"
    shop  migrations/shop  1 migration
     2026-01-01-000000_shop  (head)
    audit  migrations/audit  1 migration
     2026-01-01-000000_audit  (head)
    ");
    assert_snapshot!(project.run("heads -d audit"), @"
    audit  migrations/audit  1 head
     2026-01-01-000000_audit  (head)
    ");
    assert_eq!(project.run("branches --all --json").ok().json().len(), 2);
    let _ = project.run("history --all -o graph.txt").exits(2);
    assert!(!project.path("a.db").exists());
}

#[test]
fn diesels_own_folders_are_a_line() {
    let project = empty();
    project
        .migration("00000000000000_diesel_initial_setup", "SELECT 1;\n", None)
        .migration(AUTHORS, "SELECT 1;\n", None);
    probe(&project).execute("CREATE TABLE other (id INTEGER)");
    assert_snapshot!(project.run("history -i"), @"
    main  migrations  2 migrations
     [ ] 2026-01-05-090000_create_authors  (head)
     [ ] 00000000000000_diesel_initial_setup
    ");
    assert_eq!(
        probe(&project).lines("SELECT name FROM sqlite_schema"),
        ["other"]
    );
}
