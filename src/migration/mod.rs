//! Migrations as files and as values: versions, metadata, the directory, targets and plans.

mod check;
mod check_graph;
mod directory;
mod files;
mod finding;
mod folders;
mod generated;
mod graph;
mod metadata;
mod outside;
mod plan;
mod pointer;
mod rebase;
mod slug;
mod squash;
mod target;
mod template;
mod version;
mod writer;

pub use check::check_directory;
pub use check_graph::check_graph;
pub use directory::{Directory, DirectoryError, Duplicate, Entry, Stamp, home};
pub use files::{Check, SqlFile, Unusable, check_sql, file_name, read_metadata, read_sql};
pub use finding::{Finding, Severity};
pub use generated::generated;
pub use graph::{Branch, Declaration, Divergence, Fault, Graph, LabelError, Node};
pub use metadata::{Metadata, MetadataFault, MetadataProblem, edit_depends_on, set_depends_on};
pub use outside::{outside, refuse_outside};
pub use plan::{Execution, Origin, Plan, PlanError, Route, Script, Step};
pub use pointer::{POINTER, Pointer, keep_pointers, pointer_findings};
pub use rebase::{Move, Rebase, RebaseError, with_followers, with_their_sides};
pub use slug::{Slug, SlugError};
pub use squash::{Joined, Member, Squash, SquashError, Unjoinable, joined};
pub use target::{Known, Position, Range, Target, TargetError};
pub use template::{
    down as down_template, is_untouched as is_template, merge as merge_template, up as up_template,
};
pub use version::{Spelling, Version, VersionError, VersionProblem};
pub use writer::{Draft, Edit, Relocation, Rename, WriteError, relocate, restore, rewrite, write};
pub use writer::{Mended, Squashed, Successor, replace, take_back};
