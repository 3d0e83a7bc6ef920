//! What Diesel's own generator makes of schemas that have not changed, or does wrong with those that
//! have: each has to be right here.

use super::*;

const UNCHANGED: &str = "";

fn declared(name: &str, rust: &str) -> String {
    format!("#[diesel(postgres_type({name}))] pub struct {rust};")
}

#[test]
fn an_own_type_is_the_same_by_its_name_in_sql() {
    let mut current = schema(vec![table(
        "orders",
        "id integer, status order_status, odd app.\"Odd_State\", many order_status[]?",
    )]);
    current.enums.push(EnumType {
        name: Name::new("order_status"),
        ..EnumType::default()
    });
    current.enums.push(EnumType {
        name: Name::within("app", "Odd_State"),
        ..EnumType::default()
    });
    let models = format!(
        "{} {} table! {{ orders {{ id -> Int4, status -> OrderStatus, odd -> State,
            many -> Nullable<Array<Nullable<OrderStatus>>> }} }}",
        declared("name = \"order_status\"", "OrderStatus"),
        declared("name = \"Odd_State\", schema = \"app\"", "State"),
    );
    assert_eq!(changes(POSTGRES, &current, &models), UNCHANGED);
    // As a project calls it otherwise, and as the connection's own namespace may be named.
    let models = models.replace("OrderStatus", "Progress").replace(
        "name = \"order_status\"",
        "name = \"order_status\", schema = \"public\"",
    );
    assert_eq!(changes(POSTGRES, &current, &models), UNCHANGED);
}

#[test]
fn enums_sets_and_years_of_mysql_are_left_alone() {
    let current = schema(vec![table(
        "t",
        "id int(11), kind enum('a','b'), flags set('x','y')?, made year(4)",
    )]);
    let models = "
        #[diesel(mysql_type(name = \"Enum\"))] pub struct TKindEnum;
        #[diesel(mysql_type(name = \"Set\"))] pub struct TFlagsSet;
        #[diesel(mysql_type(name = \"Year\"))] pub struct TMadeYear;
        table! { t { id -> Integer, #[max_length = 1] kind -> TKindEnum, #[max_length = 3] flags -> Nullable<TFlagsSet>,
            made -> TMadeYear } }
    ";
    assert_eq!(changes(MARIADB, &current, models), UNCHANGED);
    // Under names of their own, or with no declaration at all.
    let named = models
        .replace("TKindEnum", "Kind")
        .replace("TMadeYear", "Made");
    assert_eq!(changes(MARIADB, &current, &named), UNCHANGED);
    let bare =
        "table! { t { id -> Integer, kind -> Enum, flags -> Nullable<TFlagsSet>, made -> Year } }";
    assert_eq!(changes(MARIADB, &current, bare), UNCHANGED);
}

#[test]
fn a_table_in_capitals_is_the_same_table() {
    let current = schema(vec![table("UserAccount", "Id integer, FullName text?")]);
    let models = "table! { UserAccount (Id) { Id -> Int4, FullName -> Nullable<Text> } }";
    for server in [POSTGRES, SQLITE] {
        assert_eq!(changes(server, &current, models), UNCHANGED);
    }
    // Where the server does not tell them apart, neither is the model's way of writing it another.
    let models = "table! { useraccount (id) { id -> Integer, fullname -> Nullable<Text> } }";
    let of_sqlite = schema(vec![table("UserAccount", "Id INTEGER, FullName TEXT?")]);
    assert_eq!(changes(SQLITE, &of_sqlite, models), UNCHANGED);
}

#[test]
fn names_of_the_database_go_before_names_of_rust() {
    let current = schema(vec![table("user-list", "id integer")]);
    let models = "
        table! {
            #[sql_name = \"user-list\"]
            user_list { id -> Int4, #[sql_name = \"type\"] kind -> Nullable<Text> }
        }
    ";
    assert_eq!(
        changes(POSTGRES, &current, models),
        "+ column user-list.type text"
    );
}

#[test]
fn the_number_of_a_row_of_sqlite_may_be_called_anything() {
    for stated in ["Integer", "Nullable<Integer>", "BigInt", "Nullable<BigInt>"] {
        for null in ["", "?"] {
            let current = schema(vec![table("t", &format!("id INTEGER{null}, n INTEGER"))]);
            let models = format!("table! {{ t {{ id -> {stated}, n -> Integer }} }}");
            assert_eq!(changes(SQLITE, &current, &models), UNCHANGED);
        }
    }
    let mut keyless = table("t", "n INTEGER");
    keyless.primary_key = None;
    let models = "table! { t (rowid) { rowid -> Integer, n -> Integer } }";
    assert_eq!(changes(SQLITE, &schema(vec![keyless]), models), UNCHANGED);
}

#[test]
fn the_same_models_make_the_same_schema_in_any_order() {
    let models = |order: [&str; 3]| {
        let table =
            |name| format!("table! {{ {name} {{ id -> Integer, c_id -> Nullable<Integer> }} }} ");
        let tables = order.map(table).concat();
        tables + "joinable!(a -> c (c_id)); joinable!(b -> c (c_id));"
    };
    let options = OverlayOptions::new(POSTGRES);
    let one = laid(&Schema::default(), &models(["a", "b", "c"]), &options);
    let other = laid(&Schema::default(), &models(["c", "b", "a"]), &options);
    assert_eq!(one, other);
    let keys: Vec<_> = one
        .schema
        .tables
        .iter()
        .map(|table| table.foreign_keys.len())
        .collect();
    assert_eq!(keys, [1, 1, 0]);
}

#[test]
fn aliases_and_lengths_that_say_nothing_new_are_no_difference() {
    let current = schema(vec![table(
        "t",
        "id integer, d double precision, b bytea, v character varying(40), c character(36), x text, n numeric(10,2)",
    )]);
    let models = "table! { t { id -> Integer, d -> Double, b -> Binary, v -> Text, c -> Text, x -> Varchar, n -> Decimal } }";
    assert_eq!(changes(POSTGRES, &current, models), UNCHANGED);
    let current = schema(vec![table(
        "t",
        "id int(11), u int(10) unsigned, v varchar(40), b binary(16), l longblob, j json, at datetime, ok tinyint(1)",
    )]);
    let models = "table! { t { id -> Int4, u -> Unsigned<Integer>, v -> Text, #[max_length = 16] b -> Binary, l -> Binary,
        j -> Longtext, at -> Timestamp, ok -> Bool } }";
    assert_eq!(changes(MARIADB, &current, models), UNCHANGED);
    let current = schema(vec![table("t", "id INTEGER, v VARCHAR(50), n NUMERIC")]);
    let models = "table! { t { id -> Integer, #[max_length = 20] v -> Text, n -> Numeric } }";
    assert_eq!(changes(SQLITE, &current, models), UNCHANGED);
}

#[test]
fn a_length_that_is_another_one_changes_the_length_alone() {
    let current = schema(vec![table(
        "t",
        "id integer, v character varying(40), c character(36), x text",
    )]);
    let models =
        "table! { t { id -> Integer, #[max_length = 50] v -> Text, #[max_length = 40] c -> Text,
        #[max_length = 9] x -> Varchar } }";
    insta::assert_snapshot!(changes(POSTGRES, &current, models), @"
    ~ column t.v: character varying(40) becomes character varying(50)
    ~ column t.c: character(36) becomes character(40)
    ~ column t.x: text becomes character varying(9)
    ");
}

#[test]
fn several_foreign_keys_to_one_parent_stay() {
    let mut msgs = table("msgs", "id integer, from_id integer, to_id integer");
    msgs.foreign_keys = vec![refers("from_id", "users"), refers("to_id", "users")];
    let current = schema(vec![msgs, table("users", "id integer")]);
    let models = "
        table! { msgs { id -> Integer, from_id -> Integer, to_id -> Integer } }
        table! { users { id -> Integer } }
        joinable!(msgs -> users (from_id));
    ";
    for server in [SQLITE, POSTGRES] {
        assert_eq!(changes(server, &current, models), UNCHANGED);
    }
}

#[test]
fn a_table_in_a_namespace_is_found_there() {
    let mut current = schema(vec![table("app.x", "id integer"), table("y", "id integer")]);
    current.namespaces.push("app".to_owned());
    let models = "table! { app.x { id -> Integer } } table! { public.y { id -> Integer } }";
    assert_eq!(changes(POSTGRES, &current, models), UNCHANGED);
    // Of the rest of the database such a file says nothing.
    let models = "table! { app.x { id -> Integer } }";
    assert_eq!(changes(POSTGRES, &current, models), UNCHANGED);
    let options = OverlayOptions {
        namespace: Some("app".to_owned()),
        ..OverlayOptions::new(POSTGRES)
    };
    let current = schema(vec![table("x", "id integer")]);
    assert_eq!(changes_with(&current, models, &options), UNCHANGED);
}

#[test]
fn a_type_that_diesel_does_not_know_may_be_stated_as_anything() {
    let current = schema(vec![table("t", "id INTEGER, doc JSON?, key UUID")]);
    let models = "table! { t { id -> Integer, doc -> Nullable<Text>, key -> Binary } }";
    assert_eq!(changes(SQLITE, &current, models), UNCHANGED);
}

#[test]
fn no_models_and_no_tables_are_no_difference() {
    for server in [SQLITE, POSTGRES, MARIADB] {
        assert_eq!(changes(server, &Schema::default(), "// nothing"), UNCHANGED);
    }
}
