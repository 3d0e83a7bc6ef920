use super::*;
use crate::schema::SqlType;

const SERVER: Server = Server {
    product: Product::Postgres,
    version: (15, 0, 0),
};

fn table(name: &str, columns: &[(&str, &str)]) -> Table {
    Table {
        name: Name::new(name),
        columns: columns
            .iter()
            .map(|(name, sql_type)| Column {
                name: (*name).to_owned(),
                sql_type: SqlType::new(*sql_type),
                nullable: true,
                ..Column::default()
            })
            .collect(),
        ..Table::default()
    }
}

fn schema(tables: Vec<Table>) -> Schema {
    let mut schema = Schema {
        tables,
        ..Schema::default()
    };
    schema.sort();
    schema
}

/// The questions, each as `new: candidates`.
fn asked(current: &Schema, desired: &Schema, answers: &Answers) -> Vec<String> {
    let (_, questions) = renames(SERVER, current, desired, answers).unwrap();
    questions
        .iter()
        .map(|question| match question {
            Question::RenamedTable { to, candidates } => {
                let names: Vec<_> = candidates.iter().map(ToString::to_string).collect();
                format!("{to}: {}", names.join(" "))
            }
            Question::RenamedColumn {
                table,
                to,
                candidates,
            } => {
                let names: Vec<_> = candidates.iter().map(|one| one.name.as_str()).collect();
                format!("{table}.{}: {}", to.name, names.join(" "))
            }
            Question::Fill { .. }
            | Question::Nulls { .. }
            | Question::Cast { .. }
            | Question::EnumValue { .. }
            | Question::ForeignKey(_)
            | Question::DropTable(_)
            | Question::DropColumn { .. } => format!("{question:?}"),
        })
        .collect()
}

fn users(columns: &[(&str, &str)]) -> Schema {
    schema(vec![table("users", columns)])
}

#[test]
fn a_column_of_the_same_type_may_be_the_old_one() {
    let current = users(&[("id", "integer"), ("name", "text")]);
    let desired = users(&[("id", "integer"), ("full_name", "text")]);
    assert_eq!(
        asked(&current, &desired, &Answers::default()),
        ["users.full_name: name"]
    );
}

#[test]
fn another_length_or_a_similar_name_with_another_type_is_asked_too() {
    let current = users(&[("name", "character varying(10)"), ("age_years", "integer")]);
    let desired = users(&[("title", "character varying(11)"), ("age", "bigint")]);
    assert_eq!(
        asked(&current, &desired, &Answers::default()),
        ["users.title: name", "users.age: age_years"]
    );
}

#[test]
fn what_resembles_nothing_that_goes_is_new() {
    let current = users(&[("id", "integer"), ("born", "date")]);
    let desired = users(&[("id", "integer"), ("avatar", "bytea")]);
    assert!(asked(&current, &desired, &Answers::default()).is_empty());
}

#[test]
fn several_candidates_are_ranked_by_name_type_and_place() {
    let current = users(&[("a", "text"), ("zip", "integer"), ("mail", "text")]);
    let desired = users(&[("x", "text"), ("e_mail", "text"), ("zip", "integer")]);
    assert_eq!(
        asked(&current, &desired, &Answers::default()),
        ["users.x: a mail", "users.e_mail: mail a"]
    );
}

#[test]
fn each_old_column_is_used_once() {
    let current = users(&[("a", "integer"), ("b", "integer")]);
    let desired = users(&[("c", "integer"), ("d", "integer")]);
    let mut answers = Answers::default();
    answers.rename_column("users.a:c").unwrap();
    assert_eq!(asked(&current, &desired, &answers), ["users.d: b"]);
}

#[test]
fn tables_are_asked_about_before_columns() {
    let current = schema(vec![
        table("users", &[("id", "integer"), ("name", "text")]),
        table("posts", &[("id", "integer"), ("body", "text")]),
    ]);
    let desired = schema(vec![
        table("people", &[("id", "integer"), ("name", "text")]),
        table("posts", &[("id", "integer"), ("content", "text")]),
    ]);
    assert_eq!(
        asked(&current, &desired, &Answers::default()),
        ["people: users"]
    );
    let mut answers = Answers::default();
    answers.rename_table("users:people").unwrap();
    assert_eq!(asked(&current, &desired, &answers), ["posts.content: body"]);
    answers.new.insert("posts.content".to_owned());
    assert!(asked(&current, &desired, &answers).is_empty());
}

#[test]
fn no_rename_asks_nothing() {
    let current = users(&[("a", "integer")]);
    let desired = users(&[("b", "integer")]);
    let answers = Answers {
        no_rename: true,
        ..Answers::default()
    };
    assert!(asked(&current, &desired, &answers).is_empty());
}

#[test]
fn an_answer_that_does_not_fit_is_refused() {
    let current = users(&[("a", "integer"), ("b", "integer")]);
    let desired = users(&[("b", "integer"), ("c", "integer")]);
    let outcome = |text: &str| {
        let mut answers = Answers::default();
        answers.rename_column(text).unwrap();
        renames(SERVER, &current, &desired, &answers)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert_eq!(outcome("users.a:c"), Ok(()));
    assert_eq!(
        outcome("users.x:c").unwrap_err(),
        "there is no column `users.x` to rename"
    );
    assert_eq!(
        outcome("posts.a:c").unwrap_err(),
        "there is no table `posts` to rename"
    );
    assert_eq!(
        outcome("users.a:b").unwrap_err(),
        "`users.b` is nothing new in the models"
    );
    assert_eq!(
        outcome("users.a:z").unwrap_err(),
        "`users.z` is nothing new in the models"
    );
}

#[test]
fn on_sqlite_another_case_is_the_same_table() {
    let server = Server {
        product: Product::Sqlite,
        version: (3, 45, 0),
    };
    let current = schema(vec![table("Users", &[("id", "INTEGER")])]);
    let desired = schema(vec![table("users", &[("id", "INTEGER")])]);
    let (renames, questions) = renames(server, &current, &desired, &Answers::default()).unwrap();
    assert!(questions.is_empty());
    assert_eq!(renames.tables, [(Name::new("Users"), Name::new("users"))]);
}
