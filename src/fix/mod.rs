//! Mended files: what changes in them, for people.

mod diff;

pub use diff::{Shade, Side, diff};
