//! Branches and folders: writing migrations into them.

mod folders;
mod writing;
