//! One detected difference.

use super::super::{
    Check, Column, Domain, EnumType, Exclusion, ForeignKey, Index, Name, PrimaryKey, Routine,
    Sequence, Table, TableOptions, Trigger, Unique, View,
};
use super::edit::Edit;

/// One difference between two schemas.
///
/// A table that is added or dropped is one change, with all that belongs to it. Changes of a table that
/// stays name it as it is called after the renames.
#[expect(
    clippy::large_enum_variant,
    reason = "there are few of them, and a box would be in the way of every match"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A namespace.
    Namespace(Edit<String>),
    /// An extension.
    Extension(Edit<String>),
    /// An enum type.
    Enum(Edit<EnumType>),
    /// A domain.
    Domain(Edit<Domain>),
    /// A sequence of its own.
    Sequence(Edit<Sequence>),
    /// A table as a whole; never [`Edit::Alter`], whose parts are changes of their own.
    Table(Edit<Table>),
    /// A table gets another name.
    RenameTable {
        /// What it was called.
        from: Name,
        /// What it is called then.
        to: Name,
    },
    /// A column gets another name.
    RenameColumn {
        /// The table, as it is called after renames.
        table: Name,
        /// What it was called.
        from: String,
        /// What it is called then.
        to: String,
    },
    /// The comment on a table.
    TableComment {
        /// The table.
        table: Name,
        /// What it said.
        from: Option<String>,
        /// What it says then.
        to: Option<String>,
    },
    /// What a table is declared with.
    TableOptions {
        /// The table.
        table: Name,
        /// What it was.
        from: TableOptions,
        /// What it becomes.
        to: TableOptions,
    },
    /// A column.
    Column {
        /// The table.
        table: Name,
        /// What happens to it.
        edit: Edit<Column>,
    },
    /// The primary key.
    PrimaryKey {
        /// The table.
        table: Name,
        /// What happens to it.
        edit: Edit<PrimaryKey>,
    },
    /// A unique constraint.
    Unique {
        /// The table.
        table: Name,
        /// What happens to it.
        edit: Edit<Unique>,
    },
    /// A check constraint.
    Check {
        /// The table.
        table: Name,
        /// What happens to it.
        edit: Edit<Check>,
    },
    /// An exclusion constraint.
    Exclusion {
        /// The table.
        table: Name,
        /// What happens to it.
        edit: Edit<Exclusion>,
    },
    /// A foreign key.
    ForeignKey {
        /// The table.
        table: Name,
        /// What happens to it.
        edit: Edit<ForeignKey>,
    },
    /// An index.
    Index {
        /// The table or materialized view.
        table: Name,
        /// What happens to it.
        edit: Edit<Index>,
    },
    /// A trigger.
    Trigger {
        /// The table or view.
        table: Name,
        /// What happens to it.
        edit: Edit<Trigger>,
    },
    /// A view; its indexes and triggers are changes of their own where the view itself stays as it is.
    View(Edit<View>),
    /// A function or procedure.
    Routine(Edit<Routine>),
}

impl Change {
    /// The way back.
    #[must_use]
    pub fn reverse(self) -> Self {
        match self {
            Self::Namespace(edit) => Self::Namespace(edit.reverse()),
            Self::Extension(edit) => Self::Extension(edit.reverse()),
            Self::Enum(edit) => Self::Enum(edit.reverse()),
            Self::Domain(edit) => Self::Domain(edit.reverse()),
            Self::Sequence(edit) => Self::Sequence(edit.reverse()),
            Self::Table(edit) => Self::Table(edit.reverse()),
            Self::RenameTable { from, to } => Self::RenameTable { from: to, to: from },
            Self::RenameColumn { table, from, to } => Self::RenameColumn {
                table,
                from: to,
                to: from,
            },
            Self::TableComment { table, from, to } => Self::TableComment {
                table,
                from: to,
                to: from,
            },
            Self::TableOptions { table, from, to } => Self::TableOptions {
                table,
                from: to,
                to: from,
            },
            Self::Column { table, edit } => Self::Column {
                table,
                edit: edit.reverse(),
            },
            Self::PrimaryKey { table, edit } => Self::PrimaryKey {
                table,
                edit: edit.reverse(),
            },
            Self::Unique { table, edit } => Self::Unique {
                table,
                edit: edit.reverse(),
            },
            Self::Check { table, edit } => Self::Check {
                table,
                edit: edit.reverse(),
            },
            Self::Exclusion { table, edit } => Self::Exclusion {
                table,
                edit: edit.reverse(),
            },
            Self::ForeignKey { table, edit } => Self::ForeignKey {
                table,
                edit: edit.reverse(),
            },
            Self::Index { table, edit } => Self::Index {
                table,
                edit: edit.reverse(),
            },
            Self::Trigger { table, edit } => Self::Trigger {
                table,
                edit: edit.reverse(),
            },
            Self::View(edit) => Self::View(edit.reverse()),
            Self::Routine(edit) => Self::Routine(edit.reverse()),
        }
    }

    /// The table, or materialized view, that it is a part of.
    #[must_use]
    pub fn table(&self) -> Option<&Name> {
        match self {
            Self::Namespace(_)
            | Self::Extension(_)
            | Self::Enum(_)
            | Self::Domain(_)
            | Self::Sequence(_)
            | Self::View(_)
            | Self::Routine(_) => None,
            Self::Table(edit) => Some(&edit.subject().name),
            Self::RenameTable { to: table, .. }
            | Self::RenameColumn { table, .. }
            | Self::TableComment { table, .. }
            | Self::TableOptions { table, .. }
            | Self::Column { table, .. }
            | Self::PrimaryKey { table, .. }
            | Self::Unique { table, .. }
            | Self::Check { table, .. }
            | Self::Exclusion { table, .. }
            | Self::ForeignKey { table, .. }
            | Self::Index { table, .. }
            | Self::Trigger { table, .. } => Some(table),
        }
    }
}
