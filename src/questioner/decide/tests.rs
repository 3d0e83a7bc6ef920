use super::*;
use crate::questioner::Fill;
use crate::schema::{Column, EnumType, Name, SqlType, Table};
use crate::sql::Product;

const SERVER: Server = Server {
    product: Product::Postgres,
    version: (15, 0, 0),
};

fn column(name: &str, sql_type: &str, nullable: bool) -> Column {
    Column {
        name: name.to_owned(),
        sql_type: SqlType::new(sql_type),
        nullable,
        ..Column::default()
    }
}

fn users(columns: Vec<Column>) -> Schema {
    Schema {
        tables: vec![Table {
            name: Name::new("users"),
            columns,
            ..Table::default()
        }],
        ..Schema::default()
    }
}

fn mood(values: &[&str]) -> Schema {
    Schema {
        enums: vec![EnumType {
            name: Name::new("mood"),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            comment: None,
        }],
        ..Schema::default()
    }
}

fn asked(current: Schema, desired: Schema, answers: &Answers) -> Vec<Vec<String>> {
    decide(SERVER, current, desired, Renames::default(), answers)
        .questions
        .iter()
        .map(|question| [vec![question.about()], question.flags()].concat())
        .collect()
}

#[test]
fn a_new_required_column_needs_a_value() {
    let current = users(vec![]);
    let desired = users(vec![column("age", "integer", false)]);
    let mut answers = Answers::default();
    assert_eq!(
        asked(current.clone(), desired.clone(), &answers),
        [[
            "what do existing rows get in `users.age` (integer, not null)?",
            "--fill users.age=VALUE",
            "--nullable users.age"
        ]]
    );
    answers.fill("users.age=0").unwrap();
    let decided = decide(SERVER, current, desired, Renames::default(), &answers);
    assert!(decided.questions.is_empty());
    let at = (Name::new("users"), "age".to_owned());
    assert_eq!(decided.decisions.fills[&at], "0");
}

#[test]
fn a_column_that_may_be_null_after_all_is_wanted_so() {
    let current = users(vec![]);
    let desired = users(vec![column("age", "integer", false)]);
    let mut answers = Answers::default();
    answers
        .unfilled("--nullable", "users.age", Fill::Nullable)
        .unwrap();
    let decided = decide(SERVER, current, desired, Renames::default(), &answers);
    assert!(decided.questions.is_empty());
    assert!(decided.difference.to.tables[0].columns[0].nullable);
}

#[test]
fn what_becomes_required_may_have_no_null_in_it() {
    let current = users(vec![column("age", "integer", true)]);
    let desired = users(vec![column("age", "integer", false)]);
    let mut answers = Answers::default();
    assert_eq!(
        asked(current.clone(), desired.clone(), &answers),
        [[
            "what do rows get that hold NULL in `users.age` (integer)?",
            "--fill users.age=VALUE",
            "--no-fill users.age",
            "--nullable users.age"
        ]]
    );
    answers
        .unfilled("--no-fill", "users.age", Fill::None)
        .unwrap();
    assert!(asked(current, desired, &answers).is_empty());
}

#[test]
fn a_type_without_a_cast_is_asked_and_one_with_is_not() {
    let current = users(vec![
        column("tag", "text", true),
        column("n", "integer", true),
    ]);
    let desired = users(vec![
        column("tag", "text[]", true),
        column("n", "bigint", true),
    ]);
    let mut answers = Answers::default();
    assert_eq!(
        asked(current.clone(), desired.clone(), &answers),
        [[
            "how does `users.tag` become text[] from text?",
            "--cast users.tag=EXPRESSION"
        ]]
    );
    answers.cast("users.tag=ARRAY[tag]").unwrap();
    assert!(asked(current, desired, &answers).is_empty());
}

#[test]
fn a_removed_enum_value_is_asked_with_the_new_ones_first() {
    let (current, desired) = (mood(&["sad", "okay"]), mood(&["sad", "ok"]));
    let mut answers = Answers::default();
    assert_eq!(
        asked(current.clone(), desired.clone(), &answers),
        [[
            "what becomes of rows that hold `okay` of `mood`?",
            "--enum-value mood.okay=ok",
            "--allow-drop mood.okay"
        ]]
    );
    answers.enum_value("mood.okay=ok").unwrap();
    assert!(asked(current, desired, &answers).is_empty());
}

#[test]
fn a_drop_is_asked_and_a_whole_table_covers_its_columns() {
    let current = users(vec![column("age", "integer", true)]);
    let mut answers = Answers::default();
    assert_eq!(
        asked(current.clone(), users(vec![]), &answers),
        [[
            "is column `users.age` with all its values meant to go?",
            "--allow-drop users.age"
        ]]
    );
    assert_eq!(
        asked(current.clone(), Schema::default(), &answers),
        [[
            "is table `users` with all its rows meant to go?",
            "--allow-drop users"
        ]]
    );
    answers.allow_drop.insert("users".to_owned());
    assert!(asked(current.clone(), users(vec![]), &answers).is_empty());
    assert!(asked(current, Schema::default(), &answers).is_empty());
}
