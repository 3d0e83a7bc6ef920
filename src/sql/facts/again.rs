//! Where a new session goes on in the middle of a script: what it has to be told once more.

use super::session_state::{SessionThing, SessionUse};
use crate::sql::{Dialect, Statement};

/// What a session sends that goes on with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    /// The statements, in order: those of the rest, and before them those whose effect on the session is
    /// needed.
    pub sent: Vec<usize>,
    /// What is needed and cannot be had again, with the statement that made it.
    pub lost: Option<(usize, SessionThing)>,
}

/// What to send when so many statements, from the first, are in effect.
///
/// What is made of constants is made once more, and so is what was computed after the last change of the
/// database, for it comes out the same. What nothing needs is left alone.
#[must_use]
pub fn again(statements: &[Statement<'_>], done: usize, dialect: Dialect) -> Again {
    let done = done.min(statements.len());
    let uses: Vec<SessionUse> = statements
        .iter()
        .map(|statement| SessionUse::of(statement.text, dialect))
        .collect();
    let changed = uses[..done].iter().rposition(|one| !one.is_within);
    let mut script = Script {
        statements,
        uses: &uses,
        is_sent: (0..statements.len()).map(|index| index >= done).collect(),
        dialect,
    };
    let mut lost = None;
    for index in (0..done).rev() {
        let one = &uses[index];
        let needed = one
            .makes
            .iter()
            .find(|thing| script.needs(thing, index + 1));
        let comes_out_the_same =
            one.is_within && (one.is_constant || changed.is_none_or(|changed| index > changed));
        script.is_sent[index] = match needed {
            None => one.sets_more,
            Some(_) if comes_out_the_same => true,
            Some(thing) => {
                lost = Some((index, thing.clone()));
                one.sets_more
            }
        };
    }
    script.leave_out_what_is_gone(done);
    Again {
        sent: (0..statements.len())
            .filter(|index| script.is_sent[*index])
            .collect(),
        lost,
    }
}

struct Script<'a> {
    statements: &'a [Statement<'a>],
    uses: &'a [SessionUse],
    is_sent: Vec<bool>,
    dialect: Dialect,
}

impl Script<'_> {
    /// Whether something that is there before a statement is needed from there on.
    fn needs(&self, thing: &SessionThing, from: usize) -> bool {
        for index in from..self.statements.len() {
            let one = &self.uses[index];
            if self.is_sent[index]
                && thing.is_used_by(self.statements[index].text, one, self.dialect)
            {
                return true;
            }
            if one.makes.contains(thing) || one.forgets.contains(thing) {
                return false;
            }
        }
        false
    }

    /// To take away what the new session never had would be an error, or take away a table that stays and
    /// has its name.
    fn leave_out_what_is_gone(&mut self, done: usize) {
        let mut gone: Vec<&SessionThing> = Vec::new();
        for (index, one) in self.uses.iter().enumerate() {
            let is_sent = self.is_sent[index];
            if index >= done
                && !one.forgives
                && !one.forgets.is_empty()
                && one.forgets.iter().all(|thing| gone.contains(&thing))
            {
                self.is_sent[index] = false;
            }
            gone.retain(|thing| !one.forgets.contains(thing));
            for thing in &one.makes {
                gone.retain(|other| *other != thing);
                if !is_sent {
                    gone.push(thing);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql;

    /// The numbers of what is sent, from 1; or why that is not enough.
    fn sent(script: &str, done: usize) -> String {
        let script = sql::split(script, Dialect::Mysql).unwrap();
        let again = again(&script.statements, done, Dialect::Mysql);
        match again.lost {
            Some((index, thing)) => format!("{}: {thing}", index + 1),
            None => again
                .sent
                .iter()
                .map(|index| (index + 1).to_string())
                .collect::<Vec<_>>()
                .join(" "),
        }
    }

    #[test]
    fn settings_are_told_once_more() {
        let script =
            "SET sql_mode = ''; CREATE TABLE a (a INT); USE other; CREATE TABLE b (b INT);";
        assert_eq!(sent(script, 2), "1 3 4");
        assert_eq!(sent(script, 0), "1 2 3 4");
        let script = "SET @old = @@sql_mode, sql_mode = ''; CREATE TABLE a (a INT); \
            CREATE TABLE b (b INT); SET sql_mode = @old;";
        assert_eq!(sent(script, 2), "1 3 4");
    }

    #[test]
    fn what_was_computed_from_what_has_changed_is_lost_if_it_is_needed() {
        let script = "SET @n = (SELECT COUNT(*) FROM a); CREATE TABLE b (n INT); \
            INSERT INTO b VALUES (@n); DROP TABLE a; CREATE TABLE c (n INT);";
        assert_eq!(sent(script, 1), "1 2 3 4 5");
        assert_eq!(sent(script, 2), "1: the variable `@n`");
        // It could not even be computed any more.
        assert_eq!(sent(script, 4), "5");
        let script = "SELECT COUNT(*) INTO @n FROM a; SET @m = @n; CREATE TABLE b (n INT); \
            INSERT INTO b VALUES (@m);";
        assert_eq!(sent(script, 3), "1: the variable `@n`");
        assert_eq!(sent(script, 2), "1 2 3 4");
    }

    #[test]
    fn what_is_made_anew_is_not_needed() {
        let script = "SET @n = (SELECT 1); CREATE TABLE a (n INT); SET @n = (SELECT 2); \
            INSERT INTO a VALUES (@n);";
        assert_eq!(sent(script, 2), "3 4");
        let script = "CREATE TEMPORARY TABLE t (a INT); DROP TEMPORARY TABLE t; \
            CREATE TABLE u (a INT); CREATE TABLE t (a INT);";
        assert_eq!(sent(script, 3), "4");
    }

    #[test]
    fn a_statement_is_prepared_again() {
        let script = "SET @sql = IF((SELECT COUNT(*) FROM a) = 0, 'ALTER TABLE a ADD b INT', 'DO 1'); \
            PREPARE s FROM @sql; EXECUTE s; DEALLOCATE PREPARE s; \
            SET @sql = 'ALTER TABLE a ADD c INT'; PREPARE s FROM @sql; EXECUTE s; \
            DEALLOCATE PREPARE s;";
        assert_eq!(sent(script, 2), "1 2 3 4 5 6 7 8");
        // What is gone need not be taken away.
        assert_eq!(sent(script, 3), "5 6 7 8");
        assert_eq!(sent(script, 6), "5 6 7 8");
        assert_eq!(sent(script, 7), "");
    }

    #[test]
    fn a_temporary_table_is_lost_and_is_not_mixed_up_with_one_that_stays() {
        let script = "CREATE TEMPORARY TABLE t AS SELECT 1; CREATE TABLE u (a INT); \
            INSERT INTO u SELECT * FROM t; DROP TABLE t; CREATE TABLE v (a INT);";
        assert_eq!(sent(script, 2), "1: the temporary table `t`");
        assert_eq!(sent(script, 3), "5");
    }

    #[test]
    fn tables_are_locked_again() {
        let script = "LOCK TABLES a WRITE; INSERT INTO a VALUES (1); INSERT INTO a VALUES (2); \
            UNLOCK TABLES; CREATE TABLE b (b INT);";
        assert_eq!(sent(script, 2), "1 3 4 5");
        assert_eq!(sent(script, 3), "4 5");
        assert_eq!(sent(script, 4), "5");
    }

    #[test]
    fn the_number_of_a_row_is_lost() {
        let script = "INSERT INTO a VALUES (NULL); ALTER TABLE a ADD c INT; \
            INSERT INTO b VALUES (LAST_INSERT_ID()); INSERT INTO a VALUES (NULL);";
        assert_eq!(sent(script, 2), "1: the number of the newest row");
        assert_eq!(sent(script, 3), "4");
    }
}
