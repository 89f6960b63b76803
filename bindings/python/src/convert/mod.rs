//! The only place where Python's values become the core's, and back.

mod column;
mod options;
mod quick;
mod read;
mod refuse;
mod write;

pub(crate) use options::{day, options};
pub(crate) use quick::cells;
pub(crate) use read::tree;
pub(crate) use refuse::{guarded, raise, refused};
pub(crate) use write::python;
