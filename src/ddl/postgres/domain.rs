//! Domains.

use super::constraint;
use super::enum_type::old_name;
use super::expression::operand;
use super::plan::{Phase, Plan};
use super::text::{comment, full, ident};
use crate::schema::change::Edit;
use crate::schema::{Check, Domain};

fn create(domain: &Domain) -> String {
    let mut text = format!("CREATE DOMAIN {} AS {}", full(&domain.name), domain.base);
    if let Some(collation) = &domain.collation {
        text = format!("{text} COLLATE {collation}");
    }
    if let Some(default) = &domain.default {
        text = format!("{text} DEFAULT {}", operand(default));
    }
    if !domain.nullable {
        text.push_str(" NOT NULL");
    }
    for check in domain.checks.iter().filter(|check| !check.not_valid) {
        text = format!("{text} {}", constraint::check_clause(check));
    }
    text
}

/// What comes after the domain itself: checks of rows to come, comments.
fn beside(plan: &mut Plan<'_>, domain: &Domain) {
    let name = full(&domain.name);
    for check in &domain.checks {
        if check.not_valid {
            plan.push(
                Phase::Type,
                format!(
                    "ALTER DOMAIN {name} ADD {}",
                    constraint::check_clause(check)
                ),
            );
        }
        if check.comment.is_some() {
            say_of_check(plan, domain, check);
        }
    }
    if domain.comment.is_some() {
        say(plan, domain);
    }
}

fn say(plan: &mut Plan<'_>, domain: &Domain) {
    plan.push(
        Phase::Comment,
        format!(
            "COMMENT ON DOMAIN {} IS {}",
            full(&domain.name),
            comment(domain.comment.as_ref())
        ),
    );
}

fn say_of_check(plan: &mut Plan<'_>, domain: &Domain, check: &Check) {
    if let Some(name) = &check.name {
        plan.push(
            Phase::Comment,
            format!(
                "COMMENT ON CONSTRAINT {} ON DOMAIN {} IS {}",
                ident(name),
                full(&domain.name),
                comment(check.comment.as_ref())
            ),
        );
    }
}

/// Drops a domain that goes, or the one whose place another took.
pub(super) fn drop(plan: &mut Plan<'_>, domain: &Domain) {
    let name = if plan.again.replaced.contains(&domain.name) {
        old_name(&domain.name)
    } else if plan
        .difference
        .to
        .domains
        .iter()
        .any(|to| to.name == domain.name)
    {
        return;
    } else {
        domain.name.clone()
    };
    plan.push(Phase::DropDomain, format!("DROP DOMAIN {}", full(&name)));
}

/// A domain is new, goes, or changes; one on another type is made again.
pub(super) fn change(plan: &mut Plan<'_>, edit: &Edit<Domain>) {
    match edit {
        Edit::Add(one) => {
            plan.push(Phase::Type, create(one));
            beside(plan, one);
        }
        Edit::Drop(one) => drop(plan, one),
        Edit::Alter { to, .. } if plan.again.replaced.contains(&to.name) => {
            let old = old_name(&to.name);
            plan.push(
                Phase::Type,
                format!(
                    "ALTER DOMAIN {} RENAME TO {}",
                    full(&to.name),
                    ident(&old.name)
                ),
            );
            plan.push(Phase::Type, create(to));
            beside(plan, to);
        }
        Edit::Alter { from, to } => in_place(plan, from, to),
    }
}

fn in_place(plan: &mut Plan<'_>, from: &Domain, to: &Domain) {
    let alter = format!("ALTER DOMAIN {}", full(&to.name));
    if from.default != to.default {
        let statement = match &to.default {
            Some(default) => format!("{alter} SET DEFAULT {}", operand(default)),
            None => format!("{alter} DROP DEFAULT"),
        };
        plan.push(Phase::Type, statement);
    }
    if from.nullable != to.nullable {
        // Rows are made right before, so this waits for them.
        let (phase, word) = if to.nullable {
            (Phase::Type, "DROP")
        } else {
            (Phase::Check, "SET")
        };
        plan.push(phase, format!("{alter} {word} NOT NULL"));
    }
    for check in &from.checks {
        let name = check.name.as_deref().unwrap_or_default();
        let now = to.checks.iter().find(|other| other.name == check.name);
        match now {
            Some(now)
                if now.expression == check.expression && (check.not_valid || !now.not_valid) =>
            {
                if check.not_valid && !now.not_valid {
                    plan.push(
                        Phase::Check,
                        format!("{alter} VALIDATE CONSTRAINT {}", ident(name)),
                    );
                }
                if check.comment != now.comment {
                    say_of_check(plan, to, now);
                }
            }
            Some(_) | None => plan.push(
                Phase::Type,
                format!("{alter} DROP CONSTRAINT {}", ident(name)),
            ),
        }
    }
    for check in &to.checks {
        let stays = from.checks.iter().any(|before| {
            before.name == check.name
                && before.expression == check.expression
                && (before.not_valid || !check.not_valid)
        });
        if !stays {
            plan.push(
                Phase::Check,
                format!("{alter} ADD {}", constraint::check_clause(check)),
            );
            if check.comment.is_some() {
                say_of_check(plan, to, check);
            }
        }
    }
    if from.comment != to.comment {
        say(plan, to);
    }
}
