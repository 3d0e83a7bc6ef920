//! What needs no server.

use super::constraint::without_brackets;
use super::expression::{readable, unescaped};

#[test]
fn the_own_database_is_taken_out_of_names_and_told_apart_from_texts() {
    assert_eq!(
        readable(
            "select `shop`.`t`.`id` AS `shop`,`x`.`n` AS `n`,`shop`.`f`(1) AS `f` from (`shop`.`t` join \
             `other`.`t` `x` on(`x`.`id` = `shop`.`t`.`id`)) where `x`.`s` = '`shop`.`t` it\\'s'",
            "shop"
        ),
        (
            "select `t`.`id` AS `shop`,`x`.`n` AS `n`,`f`(1) AS `f` from (`t` join \
             `other`.`t` `x` on(`x`.`id` = `t`.`id`)) where `x`.`s` = '`shop`.`t` it''s'"
                .to_owned(),
            vec!["f".to_owned(), "t".to_owned()]
        )
    );
}

#[test]
fn a_table_called_by_the_databases_name_keeps_it_before_its_columns() {
    assert_eq!(
        readable(
            "select `shop`.`id` AS `id` from `shop`.`items` `shop`",
            "shop"
        ),
        (
            "select `shop`.`id` AS `id` from `items` `shop`".to_owned(),
            vec!["items".to_owned()]
        )
    );
}

#[test]
fn what_is_escaped_once_too_often_is_read() {
    assert_eq!(
        unescaped(r"(`a` = _utf8mb4\'it\\\'s\')"),
        r"(`a` = _utf8mb4'it\'s')"
    );
}

#[test]
fn brackets_go_only_where_they_are_around_everything() {
    assert_eq!(without_brackets("(`a` > 0)"), "`a` > 0");
    assert_eq!(
        without_brackets("(`a` > 0) and (`b` = ')')"),
        "(`a` > 0) and (`b` = ')')"
    );
    assert_eq!(without_brackets("((`a`) = '(')"), "(`a`) = '('");
}
