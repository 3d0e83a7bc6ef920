use insta::assert_snapshot;

use crate::library::{empty, pending, probe, stocked};
use crate::support::Project;

/// A database with what a schema.rs can hold, and some that it cannot.
fn shop() -> Project {
    let project = empty();
    probe(&project).execute(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, \"type\" TEXT);
         CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, \
             user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, \
             total DECIMAL(10, 2) NOT NULL DEFAULT 0);
         CREATE INDEX orders_user ON orders (user_id);
         CREATE TABLE \"order-log\" (line TEXT);
         CREATE VIEW big_orders AS SELECT id FROM orders WHERE total > 100;",
    );
    project
}

#[test]
fn what_the_migrations_make_is_shown_without_the_database() {
    let project = pending();
    let shown = project.run("inspectdb --replayed loans").ok();
    assert_snapshot!(shown.stdout, @"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        loans (id) {
            id -> Integer,
            reader -> Text,
        }
    }
    ");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn a_database_is_shown_as_diesel_prints_it() {
    assert_snapshot!(shop().run("inspectdb"), @r#"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        #[sql_name = "order-log"]
        order_log (rowid) {
            rowid -> Integer,
            line -> Nullable<Text>,
        }
    }

    diesel::table! {
        orders (id) {
            id -> Integer,
            user_id -> Integer,
            total -> Double,
        }
    }

    diesel::table! {
        users (id) {
            id -> Nullable<Integer>,
            name -> Text,
            #[sql_name = "type"]
            type_ -> Nullable<Text>,
        }
    }

    diesel::joinable!(orders -> users (user_id));

    diesel::allow_tables_to_appear_in_same_query!(order_log, orders, users,);
    --- stderr ---
    note: not shown: 1 view
    "#);
}

#[test]
fn what_manage_itself_keeps_is_not_shown() {
    assert_snapshot!(stocked().run("inspectdb"), @"
    // @generated automatically by Diesel CLI.

    diesel::table! {
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

    diesel::allow_tables_to_appear_in_same_query!(authors, books, loans,);
    ");
}

#[test]
fn a_database_that_is_not_there_is_empty_and_not_created() {
    let project = empty();
    assert_snapshot!(project.run("inspectdb"), @"// @generated automatically by Diesel CLI.");
    assert!(!project.path("db.sqlite3").exists());
}

#[test]
fn tables_can_be_named() {
    let project = shop();
    assert_snapshot!(project.run("inspectdb order* -f sql"), @r#"
    CREATE TABLE "order-log" (
        "line" TEXT
    );

    CREATE TABLE "orders" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "user_id" INTEGER NOT NULL,
        "total" DECIMAL(10,2) NOT NULL DEFAULT 0,
        FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
    );

    CREATE INDEX "orders_user" ON "orders" ("user_id");
    "#);
    assert_snapshot!(project.run("inspectdb users"), @r#"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        users (id) {
            id -> Nullable<Integer>,
            name -> Text,
            #[sql_name = "type"]
            type_ -> Nullable<Text>,
        }
    }
    "#);
    assert_snapshot!(project.run("inspectdb user"), @"
    --- stderr ---
    error: there is no table or view `user`
    hint: there are `order-log`, `orders`, `users` and `big_orders`
    [exit 1]
    ");
    assert_snapshot!(empty().run("inspectdb user"), @"
    --- stderr ---
    error: there is no table or view `user`
    hint: the SQLite database is empty
    [exit 1]
    ");
}

#[test]
fn a_database_is_shown_as_sql() {
    assert_snapshot!(shop().run("inspectdb --format sql"), @r#"
    CREATE TABLE "order-log" (
        "line" TEXT
    );

    CREATE TABLE "users" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" VARCHAR(40) NOT NULL,
        "type" TEXT
    );

    CREATE TABLE "orders" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "user_id" INTEGER NOT NULL,
        "total" DECIMAL(10,2) NOT NULL DEFAULT 0,
        FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
    );

    CREATE INDEX "orders_user" ON "orders" ("user_id");

    CREATE VIEW "big_orders" AS SELECT id FROM orders WHERE total > 100;
    "#);
}

#[test]
fn a_database_is_shown_as_json() {
    assert_snapshot!(shop().run("inspectdb users --format json"), @r#"
    {
      "tables": [
        {
          "name": {
            "name": "users"
          },
          "columns": [
            {
              "name": "id",
              "type": "INTEGER",
              "nullable": false
            },
            {
              "name": "name",
              "type": "VARCHAR(40)",
              "nullable": false
            },
            {
              "name": "type",
              "type": "TEXT",
              "nullable": true
            }
          ],
          "primary_key": {
            "columns": [
              "id"
            ]
          },
          "options": {}
        }
      ]
    }
    "#);
    assert_snapshot!(shop().run("inspectdb order-log --json"), @r#"{"connection":"main","format":"rs","text":"// @generated automatically by Diesel CLI.\n\ndiesel::table! {\n    #[sql_name = \"order-log\"]\n    order_log (rowid) {\n        rowid -> Integer,\n        line -> Nullable<Text>,\n    }\n}\n"}"#);
}

#[test]
fn a_database_is_shown_as_pictures() {
    let project = shop();
    assert_snapshot!(project.run("inspectdb -f mermaid"), @r#"
    erDiagram
        "order-log" {
            TEXT line "null"
        }
        "orders" {
            INTEGER id PK
            INTEGER user_id FK
            DECIMAL(10_2) total
        }
        "users" {
            INTEGER id PK
            VARCHAR(40) name
            TEXT type "null"
        }
        "users" ||--o{ "orders" : "user_id"
    "#);
    assert_snapshot!(project.run("inspectdb users -f dot"), @r##"
    digraph schema {
        graph [rankdir=RL, nodesep=0.4, ranksep=1.2];
        node [shape=plain, fontname="Helvetica", fontsize=11];
        edge [dir=both, fontname="Helvetica", fontsize=9];
        t0 [label=<
            <TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">
            <TR><TD COLSPAN="3" BGCOLOR="#dbe7f3"><B>users</B></TD></TR>
            <TR><TD ALIGN="LEFT" PORT="l0">id</TD><TD ALIGN="LEFT">INTEGER</TD><TD ALIGN="LEFT" PORT="r0">PK</TD></TR>
            <TR><TD ALIGN="LEFT" PORT="l1">name</TD><TD ALIGN="LEFT">VARCHAR(40)</TD><TD ALIGN="LEFT" PORT="r1"></TD></TR>
            <TR><TD ALIGN="LEFT" PORT="l2">type</TD><TD ALIGN="LEFT">TEXT null</TD><TD ALIGN="LEFT" PORT="r2"></TD></TR>
            </TABLE>>];
    }
    "##);
    assert_snapshot!(project.run("inspectdb order-log -f svg"), @r##"
    <svg xmlns="http://www.w3.org/2000/svg" width="188" height="96" viewBox="-24 -24 188 96">
    <style>
        text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1f2933; }
        .title { font-weight: bold; }
        .type, .mark { fill: #627282; }
        .box { fill: #ffffff; stroke: #9aa9b8; }
        .head { fill: #dbe7f3; stroke: #9aa9b8; }
        .link { fill: none; stroke: #52697f; stroke-width: 1.2; }
        .ring { fill: #ffffff; stroke: #52697f; stroke-width: 1.2; }
      </style>
      <rect x="-24" y="-24" width="188" height="96" fill="#ffffff"/>
      <rect class="box" x="0" y="0" width="140" height="48"/>
      <rect class="head" x="0" y="0" width="140" height="20"/>
      <text class="title" x="10" y="15">order-log</text>
      <text class="name" x="10" y="39">line</text>
      <text class="type" x="58" y="39">TEXT null</text>
    </svg>
    "##);
}

#[test]
fn a_form_that_nobody_knows_is_refused() {
    assert_snapshot!(shop().run("inspectdb --format png"), @"
    --- stderr ---
    error: invalid value 'png' for '--format <FORM>'
      [possible values: rs, sql, json, mermaid, dot, svg]

    For more information, try '--help'.
    [exit 2]
    ");
}

#[test]
fn diesel_toml_says_how_it_is_printed() {
    let project = shop();
    project.file(
        "diesel.toml",
        "[print_schema]\n\
         with_docs = true\n\
         column_sorting = \"name\"\n\
         filter = { only_tables = [\"^users$\"] }\n\
         [print_schema.all]\n\
         sqlite_integer_primary_key_is_bigint = true\n\
         allow_tables_to_appear_in_same_query_config = \"none\"\n",
    );
    assert_snapshot!(project.run("inspectdb"), @r#"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        /// Representation of the `users` table.
        ///
        /// (Automatically generated by Diesel.)
        users (id) {
            /// The `id` column of the `users` table.
            ///
            /// Its SQL type is `Nullable<Integer>`.
            ///
            /// (Automatically generated by Diesel.)
            id -> Nullable<Integer>,
            /// The `name` column of the `users` table.
            ///
            /// Its SQL type is `Text`.
            ///
            /// (Automatically generated by Diesel.)
            name -> Text,
            /// The `type` column of the `users` table.
            ///
            /// Its SQL type is `Nullable<Text>`.
            ///
            /// (Automatically generated by Diesel.)
            #[sql_name = "type"]
            type_ -> Nullable<Text>,
        }
    }
    --- stderr ---
    note: not shown: 1 view
    "#);
    assert_snapshot!(project.run("inspectdb --schema-key all"), @r#"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        #[sql_name = "order-log"]
        order_log (rowid) {
            rowid -> BigInt,
            line -> Nullable<Text>,
        }
    }

    diesel::table! {
        orders (id) {
            id -> BigInt,
            user_id -> BigInt,
            total -> Double,
        }
    }

    diesel::table! {
        users (id) {
            id -> Nullable<BigInt>,
            name -> Text,
            #[sql_name = "type"]
            type_ -> Nullable<Text>,
        }
    }

    diesel::joinable!(orders -> users (user_id));
    --- stderr ---
    note: not shown: 1 view
    "#);
    assert_snapshot!(project.run("inspectdb --schema-key al"), @"
    --- stderr ---
    error: there is no `print_schema.al` in diesel.toml
    hint: did you mean `all`?
    [exit 1]
    ");
}

#[test]
fn the_patch_of_the_project_is_laid_over_it() {
    let project = shop();
    project.file(
        "diesel.toml",
        "[print_schema]\npatch_file = \"schema.patch\"\nfilter = { only_tables = [\"log\"] }\n",
    );
    assert_snapshot!(project.run("inspectdb"), @"
    --- stderr ---
    error: cannot read `$PROJECT/schema.patch`
      caused by: No such file or directory (os error 2)
    hint: check the path, and who may read it
    [exit 1]
    ");
    let patch = "--- a/schema.rs\n+++ b/schema.rs\n@@ -5,4 +5,4 @@\n     order_log (rowid) {\n\
                 -        rowid -> Integer,\n+        rowid -> BigInt,\n\
                 \x20        line -> Nullable<Text>,\n     }\n";
    project.file("schema.patch", patch);
    assert_snapshot!(project.run("inspectdb"), @r#"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        #[sql_name = "order-log"]
        order_log (rowid) {
            rowid -> BigInt,
            line -> Nullable<Text>,
        }
    }
    --- stderr ---
    note: not shown: 1 view
    "#);
    project.file("schema.patch", patch.replace("Integer", "Int4"));
    assert_snapshot!(project.run("inspectdb"), @"
    --- stderr ---
    error: cannot apply the patch `$PROJECT/schema.patch`
      caused by: the patch does not fit what was printed: error applying hunk #1
    hint: correct it against what `manage inspectdb` prints without `patch_file`
    [exit 1]
    ");
}

#[test]
fn a_table_that_cannot_be_printed_is_named() {
    let project = shop();
    probe(&project).execute("CREATE TABLE docs (id INTEGER PRIMARY KEY, body JSON)");
    assert_snapshot!(project.run("inspectdb docs users"), @r#"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        users (id) {
            id -> Nullable<Integer>,
            name -> Text,
            #[sql_name = "type"]
            type_ -> Nullable<Text>,
        }
    }
    --- stderr ---
    warning: `docs` is not shown: Diesel has no type for `JSON` of `docs.body`
    "#);
}

#[test]
fn a_file_is_written_where_it_differs() {
    let project = shop();
    assert_snapshot!(project.run("inspectdb users -o src/schema.rs"), @"
    --- stderr ---
    wrote src/schema.rs
    ");
    assert_snapshot!(project.run("inspectdb users -o src/schema.rs"), @"
    --- stderr ---
    src/schema.rs is up to date.
    ");
    assert_snapshot!(project.read("src/schema.rs"), @r#"
    // @generated automatically by Diesel CLI.

    diesel::table! {
        users (id) {
            id -> Nullable<Integer>,
            name -> Text,
            #[sql_name = "type"]
            type_ -> Nullable<Text>,
        }
    }
    "#);
    assert_eq!(project.tree("src"), ["schema.rs"]);
    assert_snapshot!(project.run("inspectdb -o ."), @"
    --- stderr ---
    note: not shown: 1 view
    error: cannot read `$PROJECT/.`
      caused by: Is a directory (os error 21)
    hint: check the path, and who may read it
    [exit 1]
    ");
}

#[test]
fn a_check_tells_whether_the_file_is_up_to_date() {
    let project = shop();
    assert_snapshot!(project.run("inspectdb --check"), @"
    --- stderr ---
    error: there is no file to compare with
    hint: name one: --check --output src/schema.rs
    hint: or in the settings, for the connection: schema_file: src/schema.rs
    [exit 2]
    ");
    assert_snapshot!(project.run("inspectdb --check -o src/schema.rs"), @"
    src/schema.rs is not there.
    --- stderr ---
    note: not shown: 1 view
    [exit 3]
    ");
    let _ = project.run("inspectdb -o src/schema.rs").ok();
    assert_snapshot!(project.run("inspectdb --check -o src/schema.rs"), @"
    --- stderr ---
    note: not shown: 1 view
    src/schema.rs is up to date.
    ");
    project.file("diesel.toml", "[print_schema]\nfile = \"src/schema.rs\"\n");
    assert_snapshot!(project.run("inspectdb --check"), @"
    --- stderr ---
    note: not shown: 1 view
    src/schema.rs is up to date.
    ");
    probe(&project).execute("ALTER TABLE users ADD COLUMN email TEXT");
    assert_snapshot!(project.run("inspectdb --check"), @"
    src/schema.rs differs from the database:
              type_ -> Nullable<Text>,
    +         email -> Nullable<Text>,
          }
    --- stderr ---
    note: not shown: 1 view
    [exit 3]
    ");
    assert_snapshot!(project.run("inspectdb --check --json"), @r#"
    {"connection":"main","file":"src/schema.rs","differs":true}
    --- stderr ---
    note: not shown: 1 view
    [exit 3]
    "#);
    assert!(!project.read("src/schema.rs").contains("email"));
}

#[test]
fn a_layout_of_the_projects_own_is_no_difference() {
    let project = shop();
    let _ = project.run("inspectdb -o src/schema.rs").ok();
    let wide = project.read("src/schema.rs").replace("    ", "\t");
    project.file("src/schema.rs", &wide);
    assert_snapshot!(project.run("inspectdb -o src/schema.rs"), @"
    --- stderr ---
    note: not shown: 1 view
    src/schema.rs is up to date.
    ");
    assert_eq!(project.read("src/schema.rs"), wide);
}

#[test]
fn one_file_is_for_one_connection() {
    let project = Project::new();
    project.settings("connections: { a: { url: a.db }, b: { url: b.db } }");
    assert_snapshot!(project.run("inspectdb --all -o schema.rs"), @"
    --- stderr ---
    error: this is for one connection, and 2 were named
    hint: name one: -d NAME
    [exit 2]
    ");
    assert_snapshot!(project.run("inspectdb --all"), @"
    // @generated automatically by Diesel CLI.
    // @generated automatically by Diesel CLI.
    ");
}
