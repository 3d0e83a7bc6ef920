//! Domains, routines and views: what is made of texts, in the order in which they use each other.

use std::collections::{BTreeMap, BTreeSet};

use super::super::again::used;
use super::super::expression::words;
use super::super::plan::{Phase, Plan};
use super::super::{domain, order, routine, view};
use crate::schema::change::Edit;
use crate::schema::{Domain, Name, Routine, Schema, View};

/// A domain, a routine or a view, by its place in the lists of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Domain(usize),
    Routine(usize),
    View(usize),
}

/// Everything of a schema that is made of a text, what is used before what uses it.
fn in_order(schema: &Schema) -> Vec<Node> {
    let domains = (0..schema.domains.len()).map(Node::Domain);
    let routines = (0..schema.routines.len()).map(Node::Routine);
    let views = (0..schema.views.len()).map(Node::View);
    let nodes: Vec<Node> = domains.chain(routines).chain(views).collect();
    let mut by_name: BTreeMap<&str, Vec<Node>> = BTreeMap::new();
    for node in &nodes {
        by_name.entry(name(schema, *node)).or_default().push(*node);
    }
    let views: BTreeMap<&Name, Node> = schema
        .views
        .iter()
        .enumerate()
        .map(|(at, view)| (&view.name, Node::View(at)))
        .collect();
    order::sorted(&nodes, |node| {
        let own = name(schema, *node);
        let reads: &[Name] = match node {
            Node::View(at) => &schema.views[*at].reads,
            Node::Domain(_) | Node::Routine(_) => &[],
        };
        words_of(schema, *node)
            .iter()
            .filter(|word| *word != own)
            .filter_map(|word| by_name.get(word.as_str()))
            .flatten()
            .chain(reads.iter().filter_map(|read| views.get(read)))
            .copied()
            .collect()
    })
}

/// The names in the text of a node.
fn words_of(schema: &Schema, node: Node) -> BTreeSet<String> {
    match node {
        Node::Domain(at) => {
            let domain = &schema.domains[at];
            let checks = domain.checks.iter().map(|check| check.expression.as_str());
            checks
                .chain(domain.default.as_deref())
                .chain([domain.base.as_str()])
                .flat_map(words)
                .collect()
        }
        Node::Routine(at) => words(&schema.routines[at].definition),
        Node::View(at) => words(&schema.views[at].definition),
    }
}

fn name(schema: &Schema, node: Node) -> &str {
    match node {
        Node::Domain(at) => &schema.domains[at].name.name,
        Node::Routine(at) => &schema.routines[at].name.name,
        Node::View(at) => &schema.views[at].name.name,
    }
}

/// Domains, and routines that tables or domains use.
pub(super) fn before_tables(plan: &mut Plan<'_>) {
    let difference = plan.difference;
    let mut gone = in_order(&difference.base);
    gone.reverse();
    for node in gone {
        if let Node::Domain(at) = node {
            domain::drop(plan, &difference.base.domains[at]);
        }
    }
    let early = used(&difference.to);
    for node in in_order(&difference.to) {
        match node {
            Node::Domain(at) => one_domain(plan, &difference.to.domains[at]),
            Node::Routine(at) => {
                let one = &difference.to.routines[at];
                if early.contains(&one.name.name) {
                    one_routine(plan, Phase::Type, one);
                }
            }
            Node::View(_) => {}
        }
    }
}

fn one_domain(plan: &mut Plan<'_>, to: &Domain) {
    let from = plan
        .difference
        .base
        .domains
        .iter()
        .find(|from| from.name == to.name);
    match from {
        None => domain::change(plan, &Edit::Add(to.clone())),
        Some(from) if from != to || plan.again.replaced.contains(&to.name) => {
            let edit = Edit::Alter {
                from: from.clone(),
                to: to.clone(),
            };
            domain::change(plan, &edit);
        }
        Some(_) => {}
    }
}

/// Creates or replaces a routine if it is new, other, or was dropped.
fn one_routine(plan: &mut Plan<'_>, phase: Phase, to: &Routine) {
    let key = routine::key(to);
    let from = plan
        .difference
        .base
        .routines
        .iter()
        .find(|from| routine::key(from) == key);
    let again = plan.again.routines.contains(&key);
    let same = from.is_some_and(|from| from.definition == to.definition && !again);
    if !same {
        let unseen = phase == Phase::Type && routine::is_sql(to) && uses_new(plan, to);
        if unseen {
            plan.push(Phase::Setting, "SET LOCAL check_function_bodies = false");
        }
        routine::create(plan, phase, to);
    }
    let before = from
        .filter(|_| !again)
        .and_then(|from| from.comment.as_ref());
    routine::say(plan, before, to);
}

/// Whether the body of a routine uses a table or view that is not there yet.
fn uses_new(plan: &Plan<'_>, routine: &Routine) -> bool {
    let (base, to) = (&plan.difference.base, &plan.difference.to);
    let tables = to
        .tables
        .iter()
        .map(|table| &table.name)
        .filter(|name| base.table(name).is_none());
    let views = to.views.iter().map(|view| &view.name);
    let words = words(&routine.definition);
    tables.chain(views).any(|name| words.contains(&name.name))
}

/// Drops what goes early or late, and makes what is new, other, or was dropped.
pub(super) fn write(plan: &mut Plan<'_>) {
    let difference = plan.difference;
    let mut gone = in_order(&difference.base);
    gone.reverse();
    let (early, late) = (used(&difference.to), used(&difference.base));
    for node in gone {
        match node {
            Node::View(at) => {
                let view = &difference.base.views[at];
                if plan.again.views.contains(&view.name) {
                    plan.push(Phase::DropDefinition, view::drop(view));
                }
            }
            Node::Routine(at) => {
                let one = &difference.base.routines[at];
                drop_routine(plan, one, late.contains(&one.name.name));
            }
            Node::Domain(_) => {}
        }
    }
    for node in in_order(&difference.to) {
        match node {
            Node::View(at) => one_view(plan, &difference.to.views[at]),
            Node::Routine(at) => {
                let one = &difference.to.routines[at];
                if !early.contains(&one.name.name) {
                    one_routine(plan, Phase::Definition, one);
                }
            }
            Node::Domain(_) => {}
        }
    }
}

fn drop_routine(plan: &mut Plan<'_>, one: &Routine, is_used: bool) {
    let key = routine::key(one);
    if plan.again.routines.contains(&key) {
        // What uses it in tables is dropped before; views and other routines are in this order.
        let phase = if is_used {
            Phase::DropUsed
        } else {
            Phase::DropDefinition
        };
        plan.push(phase, routine::drop(one));
    } else if !plan
        .difference
        .to
        .routines
        .iter()
        .any(|to| routine::key(to) == key)
    {
        plan.push(Phase::DropRoutine, routine::drop(one));
    }
}

fn one_view(plan: &mut Plan<'_>, to: &View) {
    let from = plan
        .difference
        .base
        .views
        .iter()
        .find(|from| from.name == to.name);
    let from = from.filter(|_| !plan.again.views.contains(&to.name));
    match from {
        None => {
            if plan.again.views.contains(&to.name) {
                plan.remark(format!(
                    "view {} is dropped and made again; rights that were granted on it are gone",
                    to.name
                ));
            }
            view::create(plan, to);
        }
        Some(from) => {
            if from.definition != to.definition {
                view::replace(plan, to);
            }
            view::say(plan, from.comment.as_ref(), to);
        }
    }
}
