//! The flags that say where a migration stands.

use std::path::PathBuf;

use crate::migration::Target;

/// Where the new migration stands among the others.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Place")]
pub(super) struct PlaceFlags {
    /// The head to follow: a migration, or BRANCH@head
    #[arg(long, value_name = "TARGET", allow_negative_numbers = true)]
    pub(super) head: Option<Target>,

    /// Follow a migration that others follow already
    #[arg(long, requires = "head")]
    pub(super) splice: bool,

    /// Depend on this one as well; may be repeated
    #[arg(long, value_name = "TARGET")]
    pub(super) depends_on: Vec<Target>,

    /// Name the branch that begins with it; may be repeated
    #[arg(long = "label", visible_alias = "branch-label", value_name = "NAME")]
    pub(super) labels: Vec<String>,

    /// Which folder of the connection it goes to
    #[arg(long, visible_alias = "version-path", value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
}
