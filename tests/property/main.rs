//! Laws, checked on generated values.

mod split;
mod target;
mod version;
