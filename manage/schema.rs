// The models of the example: a tool library.

diesel::table! {
    tools (id) {
        id -> Integer,
        name -> Text,
        shelf -> Text,
        added_at -> Timestamp,
        condition -> Text,
    }
}

diesel::table! {
    members (id) {
        id -> Integer,
        name -> Text,
        email -> Text,
        joined_on -> Date,
    }
}

diesel::table! {
    loans (id) {
        id -> Integer,
        tool_id -> Integer,
        member_id -> Integer,
        lent_on -> Date,
        due_on -> Date,
        returned_on -> Nullable<Date>,
    }
}

diesel::joinable!(loans -> tools (tool_id));
diesel::joinable!(loans -> members (member_id));

diesel::allow_tables_to_appear_in_same_query!(loans, members, tools);
