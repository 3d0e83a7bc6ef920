//! The SQL that `--sql` prints, executed by somebody else.

use diesel_manage::settings::Backend;

use serde_json::json;

use crate::support::{Client, Project, Server};
use crate::trials::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.with_client("the_sql_that_is_printed_does_the_same", printed_sql);
}

/// The text of a plan, executed by somebody else, leaves what the command itself leaves.
fn printed_sql(server: &Server, client: Client) {
    let project = Project::on(server);
    let body = match server.backend() {
        Backend::Sqlite => {
            "CREATE TRIGGER one_more AFTER INSERT ON one BEGIN\n  SELECT 1; SELECT ';';\nEND"
        }
        Backend::Postgres => {
            "CREATE FUNCTION one_more() RETURNS integer LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND $$"
        }
        Backend::Mysql => "CREATE PROCEDURE one_more()\nBEGIN\n  SELECT 1; SELECT ';';\nEND",
    };
    project
        .migration(
            "2026-01-01-000000_one",
            "CREATE TABLE one (id INTEGER); -- the first",
            Some("DROP TABLE one -- gone"),
        )
        .migration("2026-02-01-000000_body", body, Some("SELECT 1"))
        .migration(
            "2026-03-01-000000_tail",
            "INSERT INTO one VALUES (1);\nINSERT INTO one VALUES (2) -- the last;",
            Some("DELETE FROM one /* all; of them; */"),
        );
    let sql = project.run("migrate --sql").ok().answer;
    client.run(server, &sql);
    assert_eq!(server.lines("SELECT id FROM one ORDER BY id"), ["1", "2"]);
    let listing = project.run("showmigrations --json").ok().json();
    assert_eq!(listing[0]["pending"], json!(0));
    assert_eq!(project.run("migrate --sql").ok().stdout.trim(), "");

    let sql = project.run("downgrade base --sql").ok().answer;
    client.run(server, &sql);
    assert_eq!(server.tables(), ["__diesel_schema_migrations"]);
    assert_eq!(server.versions(), [""; 0]);
}
