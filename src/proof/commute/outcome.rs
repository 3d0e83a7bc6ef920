//! What trying the orders found.

use super::orders::Order;
use crate::executor::ExecuteError;
use crate::proof::RowsDiffer;
use crate::schema::Name;
use crate::schema::change::Change;

/// What trying the orders found.
#[derive(Debug)]
pub struct Commuted {
    /// The orders that were tried.
    pub orders: Vec<Order>,
    /// Where they do not come to the same; empty if they do.
    pub clashes: Vec<Clash>,
    /// Whether a branch changes rows; each table was given some then.
    pub changes_rows: bool,
    /// What is worth knowing all the same.
    pub remarks: Vec<Remark>,
    /// The migrations of the branches that have no way back.
    pub irreversible: Vec<String>,
    /// What is wrong with the ways back, taken in the reverse order of versions.
    pub way_back: Option<WayBackFlaw>,
    /// Whether an order was taken back at all.
    pub is_taken_back: bool,
}

impl Commuted {
    /// Whether a migration fails in every order, or a view is broken.
    #[must_use]
    pub fn is_hopeless(&self) -> bool {
        let fails = |at: usize| {
            self.clashes.iter().any(|clash| {
                let is_bad = matches!(
                    clash.disagreement,
                    Disagreement::Fails(_) | Disagreement::Broken(_)
                );
                clash.order == at && is_bad
            })
        };
        (0..self.orders.len()).all(fails)
    }
}

/// An order that does not come to the same.
#[derive(Debug)]
pub struct Clash {
    /// Its place among the orders.
    pub order: usize,
    /// How it shows.
    pub disagreement: Disagreement,
}

/// How an order shows that it does not come to the same.
#[derive(Debug)]
pub enum Disagreement {
    /// A migration fails.
    Fails(Box<ExecuteError>),
    /// These views cannot be read.
    Broken(Vec<Name>),
    /// The schema is another one.
    Schema {
        /// The place of the order that it is compared with.
        than: usize,
        /// What would lead from that one's schema to this one's.
        changes: Vec<Change>,
    },
    /// What is listed and not compared is not the same.
    Unmanaged {
        /// The place of the order that it is compared with.
        than: usize,
        /// What only one of them has: the kind and the name.
        names: Vec<String>,
    },
    /// The rows that the migrations leave are others.
    Rows {
        /// The place of the order that it is compared with.
        than: usize,
        /// The tables, with what is there in that order and in this.
        tables: Vec<RowsDiffer>,
    },
}

/// What is no reason not to join the branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// These tables have the same columns in another order.
    ColumnOrder(Vec<Name>),
    /// The same rows get other numbers in these columns.
    Numbers(Vec<String>),
    /// These tables have more rows than are compared.
    TooManyRows(Vec<Name>),
    /// Branches change rows, and these tables could be given none to change.
    Unfilled(Vec<Name>),
    /// Branches change rows, and their migrations fail if there are any; tried without.
    NoSamples,
}

/// Why the branches cannot be taken back in the reverse order of versions.
#[derive(Debug)]
pub enum WayBackFlaw {
    /// A migration fails.
    Fails {
        /// The place of the order in which they were applied.
        order: usize,
        /// Where and why.
        error: Box<ExecuteError>,
    },
    /// The schema is not what it was before the branches.
    Differs {
        /// The place of the order in which they were applied.
        order: usize,
        /// What would lead from there to where it should be.
        changes: Vec<Change>,
    },
}
