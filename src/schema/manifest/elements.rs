//! What a schema consists of, one element for each thing that a person would name.

use serde::Serialize;

use super::super::{Schema, Table, Unmanaged, View};
use super::about;
use super::element::{Element, ElementKind};

/// Lists the elements with all that is to know of each, as JSON.
///
/// In no order. The order of the columns of a table is not in it, nor what a view has because its tables
/// have it.
pub(super) fn elements(schema: &Schema) -> Vec<(Element, String)> {
    let mut list = List(Vec::new());
    for name in &schema.namespaces {
        list.add(ElementKind::Namespace, "", name, name, String::new());
    }
    for name in &schema.extensions {
        list.add(ElementKind::Extension, "", name, name, String::new());
    }
    for one in &schema.enums {
        let name = one.name.to_string();
        list.add(ElementKind::Enum, "", &name, one, about::values(one));
    }
    for one in &schema.domains {
        let name = one.name.to_string();
        list.add(ElementKind::Domain, "", &name, one, about::domain(one));
    }
    for one in &schema.sequences {
        let name = one.name.to_string();
        list.add(ElementKind::Sequence, "", &name, one, about::sequence(one));
    }
    for table in &schema.tables {
        list.table(table);
    }
    for view in &schema.views {
        list.view(view);
    }
    for one in &schema.routines {
        let name = format!("{}({})", one.name, one.arguments);
        let kind = match one.kind {
            super::super::RoutineKind::Function => ElementKind::Function,
            super::super::RoutineKind::Procedure => ElementKind::Procedure,
        };
        list.add(kind, "", &name, one, about::brief(&one.definition));
    }
    for Unmanaged { kind, names } in &schema.unmanaged {
        for name in names {
            let name = name.to_string();
            list.add(ElementKind::Unmanaged, kind, &name, &name, String::new());
        }
    }
    list.0
}

struct List(Vec<(Element, String)>);

impl List {
    fn add<T: Serialize + ?Sized>(
        &mut self,
        kind: ElementKind,
        owner: &str,
        name: &str,
        all: &T,
        about: String,
    ) {
        // These are structs of texts, numbers and lists, which JSON can always hold.
        let all = serde_json::to_string(all).unwrap_or_default();
        let element = Element::new(kind, owner.to_owned(), name.to_owned(), &all);
        self.0.push((Element { about, ..element }, all));
    }

    fn table(&mut self, table: &Table) {
        let owner = table.name.to_string();
        let all = (&table.options, &table.comment);
        let about = about::options(&table.options, table.comment.as_deref());
        self.add(ElementKind::Table, "", &owner, &all, about);
        // The columns of a partition are those of the whole.
        if table.options.partition_of.is_none() {
            for one in &table.columns {
                let about = about::column(one);
                self.add(ElementKind::Column, &owner, &one.name, one, about);
            }
        }
        if let Some(one) = &table.primary_key {
            let about = about::columns(&one.columns);
            self.add(ElementKind::PrimaryKey, &owner, "", one, about);
        }
        for one in &table.uniques {
            let about = about::columns(&one.columns);
            let name = one.name.clone().unwrap_or_else(|| about.clone());
            self.add(ElementKind::Unique, &owner, &name, one, about);
        }
        for one in &table.checks {
            let about = about::in_parentheses(&one.expression);
            let name = one
                .name
                .clone()
                .unwrap_or_else(|| format!("({})", one.expression));
            self.add(ElementKind::Check, &owner, &name, one, about);
        }
        for one in &table.exclusions {
            let about = about::brief(&one.definition);
            self.add(ElementKind::Exclusion, &owner, &one.name, one, about);
        }
        for one in &table.foreign_keys {
            let name = one.name.clone();
            let name = name.unwrap_or_else(|| about::columns(&one.columns));
            let about = about::foreign_key(one);
            self.add(ElementKind::ForeignKey, &owner, &name, one, about);
        }
        for one in &table.indexes {
            self.add(
                ElementKind::Index,
                &owner,
                &one.name,
                one,
                about::index(one),
            );
        }
        for one in &table.triggers {
            let about = about::brief(&one.definition);
            self.add(ElementKind::Trigger, &owner, &one.name, one, about);
        }
    }

    fn view(&mut self, view: &View) {
        let kind = if view.materialized {
            ElementKind::MaterializedView
        } else {
            ElementKind::View
        };
        let owner = view.name.to_string();
        let all = (&view.definition, &view.options, &view.comment);
        self.add(kind, "", &owner, &all, about::brief(&view.definition));
        for one in &view.indexes {
            self.add(
                ElementKind::Index,
                &owner,
                &one.name,
                one,
                about::index(one),
            );
        }
        for one in &view.triggers {
            let about = about::brief(&one.definition);
            self.add(ElementKind::Trigger, &owner, &one.name, one, about);
        }
    }
}
