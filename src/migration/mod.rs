//! Migrations as files and as values: versions, metadata, the directory, targets and plans.

mod check;
mod directory;
mod files;
mod finding;
mod generated;
mod metadata;
mod plan;
mod slug;
mod target;
mod template;
mod version;
mod writer;

pub use check::check_directory;
pub use directory::{Directory, DirectoryError, Duplicate, Entry, Stamp};
pub use files::{Check, SqlFile, Unusable, check_sql, file_name, read_metadata, read_sql};
pub use finding::{Finding, Severity};
pub use generated::generated;
pub use metadata::{Metadata, MetadataFault, MetadataProblem, edit_depends_on};
pub use plan::{Execution, Origin, Plan, PlanError, Route, Script, Step};
pub use slug::{Slug, SlugError};
pub use target::{Known, Position, Range, Target, TargetError};
pub use template::{down as down_template, merge as merge_template, up as up_template};
pub use version::{Spelling, Version, VersionError, VersionProblem};
pub use writer::{Dependents, Draft, Renumbered, WriteError, renumber, restore, write};
