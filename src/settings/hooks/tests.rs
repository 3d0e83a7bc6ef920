use super::*;
use crate::settings::testing::Project;

fn hooks(settings: &str) -> String {
    shown(&Project::with_settings(settings))
}

fn shown(project: &Project) -> String {
    let connection = match project.connection(None) {
        Ok(connection) => connection,
        Err(error) => return project.show(&error),
    };
    match connection.hooks() {
        Ok(hooks) => [Moment::PreMigrate, Moment::PostMigrate, Moment::PostWrite]
            .into_iter()
            .flat_map(|moment| hooks.at(moment))
            .map(|hook| {
                let words: Vec<_> = std::iter::once(&hook.program)
                    .chain(&hook.arguments)
                    .map(|word| format!("{word:?}"))
                    .collect();
                format!("{}: {}", hook.key, words.join(" "))
            })
            .collect::<Vec<_>>()
            .join("\n"),
        Err(error) => project.show(&error),
    }
}

#[test]
fn commands_are_lists_of_arguments() {
    insta::assert_snapshot!(hooks("
connections: { main: { url: sqlite://a.db } }
hooks:
  pre_migrate:
    - [pg_dump, -f, 'a b.sql']
    - [logger, 5]
  post_write: [[sqlfluff, fix, '{up}', '{down}']]
"), @r#"
    hooks.pre_migrate[0]: "pg_dump" "-f" "a b.sql"
    hooks.pre_migrate[1]: "logger" "5"
    hooks.post_write[0]: "sqlfluff" "fix" "{up}" "{down}"
    "#);
}

#[test]
fn a_connection_takes_the_place_of_what_is_for_all_key_by_key() {
    insta::assert_snapshot!(hooks("
connections:
  main:
    url: sqlite://a.db
    hooks: { pre_migrate: [[own]], post_migrate: }
hooks: { pre_migrate: [[all]], post_migrate: [[all]], post_write: [[all]] }
"), @r#"
    connections.main.hooks.pre_migrate[0]: "own"
    hooks.post_write[0]: "all"
    "#);
}

#[test]
fn a_profile_lies_over_them() {
    let project = Project::with_settings(
        "
connections: { main: { url: sqlite://a.db } }
hooks: { pre_migrate: [[backup]], post_write: [[format]] }
",
    )
    .file(
        "settings.test.yaml",
        "hooks: { pre_migrate: [], post_migrate: [[notify]] }",
    )
    .profile("test");
    insta::assert_snapshot!(shown(&project), @r#"
    hooks.post_migrate[0]: "notify"
    hooks.post_write[0]: "format"
    "#);
}

#[test]
fn a_line_for_a_shell_is_refused_with_how_to_write_it() {
    insta::assert_snapshot!(hooks("
connections: { main: { url: sqlite://a.db } }
hooks:
  pre_migrate: pg_dump > backup.sql
"), @r#"
    error: `hooks.pre_migrate` must be a list of commands, each a list of its arguments, not a text, at settings.yaml:4:16
    hint: write each command as a list: [[pg_dump, -f, backup.sql]]
    hint: or let a shell read it: [[sh, -c, "pg_dump > backup.sql"]]
    "#);
    insta::assert_snapshot!(hooks("
connections: { main: { url: sqlite://a.db } }
hooks:
  pre_migrate:
    - pg_dump -f backup.sql
"), @r#"
    error: `hooks.pre_migrate[0]` must be a command as a list of its arguments, not a text, at settings.yaml:5:7
    hint: write each command as a list: [[pg_dump, -f, backup.sql]]
    hint: or let a shell read it: [[sh, -c, "pg_dump > backup.sql"]]
    "#);
}

#[test]
fn a_command_names_a_program() {
    insta::assert_snapshot!(hooks("
connections: { main: { url: sqlite://a.db } }
hooks:
  pre_migrate:
    - [logger]
    - []
"), @"error: `hooks.pre_migrate[1]` must name a program, at settings.yaml:6:7");
    insta::assert_snapshot!(hooks("
connections: { main: { url: sqlite://a.db } }
hooks: { pre_migrate: [[\"${NOTHING:-}\", -x]] }
"), @"error: `hooks.pre_migrate[0]` must name a program, at settings.yaml:3:24");
}

#[test]
fn keys_are_strict() {
    insta::assert_snapshot!(hooks("
connections: { main: { url: sqlite://a.db } }
hooks:
  premigrate: [[logger]]
"), @"
    error: unknown key `premigrate` at settings.yaml:4:3
    hint: did you mean `pre_migrate`?
    ");
    insta::assert_snapshot!(hooks("
connections:
  main:
    url: sqlite://a.db
    hooks: { before: [[logger]] }
"), @"
    error: unknown key `before` at settings.yaml:5:14
    hint: known keys here: `pre_migrate`, `post_migrate`, `post_write`
    ");
    insta::assert_snapshot!(hooks("
connections: { main: { url: sqlite://a.db } }
hooks: [[logger]]
"), @"error: `hooks` must be a mapping, not a list, at settings.yaml:3:8");
}

#[test]
fn a_placeholder_that_is_not_filled_is_told_before_it_is_run() {
    insta::assert_snapshot!(hooks("
connections: { main: { url: sqlite://a.db } }
hooks:
  post_write:
    - [sqlfluff, fix, '{upp}']
"), @"
    error: `hooks.post_write[0][2]` must not hold `{upp}`; the placeholders of `post_write` are `{connection}`, `{path}`, `{up}`, `{down}`, `{metadata}`, at settings.yaml:5:23
    hint: did you mean `{up}`?
    ");
    insta::assert_snapshot!(hooks("
connections: { main: { url: sqlite://a.db } }
hooks:
  pre_migrate:
    - [sqlfluff, fix, '{up}']
"), @"error: `hooks.pre_migrate[0][2]` must not hold `{up}`; the placeholders of `pre_migrate` are `{connection}`, `{direction}`, `{tag}`, at settings.yaml:5:23");
}

#[test]
fn other_braces_are_the_commands_own() {
    insta::assert_snapshot!(hooks("
connections: { main: { url: sqlite://a.db } }
hooks:
  pre_migrate:
    - [xargs, '{}', awk, '{print}', sh, -c, 'echo $${up} $MANAGE_TAG']
"), @r#"hooks.pre_migrate[0]: "xargs" "{}" "awk" "{print}" "sh" "-c" "echo ${up} $MANAGE_TAG""#);
}

#[test]
fn a_missing_variable_stands_in_the_way_of_hooks_alone() {
    let project = Project::with_settings(
        "
connections: { main: { url: sqlite://a.db } }
hooks:
  pre_migrate:
    - [curl, '${TOKEN}']
",
    );
    insta::assert_snapshot!(project.url(), @"sqlite://$PROJECT/a.db");
    insta::assert_snapshot!(shown(&project), @"
    error: the variable `TOKEN` is not set, but `hooks.pre_migrate[0][1]` needs it at settings.yaml:5:14
    hint: set TOKEN in the environment or in .env
    hint: or give a fallback: ${TOKEN:-...}
    ");
}

#[test]
fn a_value_from_a_variable_is_not_shown() {
    let project = Project::with_settings(
        "
connections: { main: { url: sqlite://a.db } }
hooks: { pre_migrate: [[curl, '${TOKEN}']] }
",
    )
    .variable("TOKEN", "s3cret");
    let connection = project.connection(None).unwrap();
    insta::assert_snapshot!(format!("{:?}", connection.hooks().unwrap()), @r#"Hooks { pre_migrate: [Hook { key: "hooks.pre_migrate[0]", written: "curl ${TOKEN}", .. }], post_migrate: [], post_write: [] }"#);
}
