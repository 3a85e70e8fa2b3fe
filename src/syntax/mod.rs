//! Bytes to trees: every parser takes any input and never fails; also which kind a file is.

pub mod dockerfile;
pub mod kind;
pub mod markdown;
pub mod yaml;
pub mod shell;

pub use kind::Kind;
